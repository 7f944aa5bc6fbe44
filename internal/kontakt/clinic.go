package kontakt

import "time"

// Clinic is a doctor's practice with a waiting room.
type Clinic struct {
	ID         ClinicID
	Name       string
	Town       string
	Phone      string
	Ydernummer Ydernummer
	Open       bool
	Closed     string        // the clinic's own words on why it is closed
	OpensAt    time.Time     // zero: not known
	ClosesAt   time.Time     // zero: not known
	RingTime   time.Duration // how long a called citizen has to answer
}

// Citizen is a person who may wait.
type Citizen struct {
	ID       CitizenID
	Name     string
	Masked   string // "290200-••••"
	Born     Date   // zero where the number does not tell
	Age      int    // by the backend's calendar; the tablet's side only
	Warnings []MsgKey
	Clinic   *Clinic // own clinic; nil: none that this backend serves
}

// Device is an enrolled tablet.
type Device struct {
	ID           DeviceID
	Name         string // "Tablet 7"
	Place        string // "Aftenlandet"
	Municipality MunicipalityID
	Organisation string // the municipality's name
}

// Person is an employee as the other side may see them.
type Person struct {
	ID    EmployeeID
	Name  string
	Title string
}
