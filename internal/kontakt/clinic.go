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
	Closed     string    // the clinic's own words on why it is closed
	OpensAt    time.Time // zero: not known
	ClosesAt   time.Time // zero: not known
	Booking    BookingPolicy
	MayKeep    bool          // closing may leave places standing till the next opening
	ClearsAt   time.Time     // closed: when those who wait still are taken off the line; zero: they keep their places
	Delay      time.Duration // what the clinic says it is late; 0: nothing said
	DelayAt    time.Time     // when it said so
	Unstaffed  bool          // open, and nobody's page of the room has stood for ten minutes (E59)
}

// BookingPolicy is what a clinic wants of those who draw a number without a time booked for that day
// (krav_om_aftale, SD-07).
type BookingPolicy string

// The policies.
const (
	BookingOff   BookingPolicy = "off"   // nothing: bookings are shown where they are known
	BookingFlag  BookingPolicy = "flag"  // the place is marked
	BookingBlock BookingPolicy = "block" // no number
)

// Attachment is why a clinic may take a citizen in.
type Attachment string

// The attachments.
const (
	AttachmentOwn       Attachment = "own"       // attached to the clinic by the registry
	AttachmentCover     Attachment = "cover"     // to one that the clinic covers for on these days (ferieafløser)
	AttachmentUnchecked Attachment = "unchecked" // the registry could not be asked: the clinic decides
)

// Citizen is a person who may wait.
type Citizen struct {
	ID       CitizenID
	Name     string
	Masked   string // "290200-••••"
	Born     Date   // zero where the number does not tell
	Age      int    // by the backend's calendar; the tablet's side only
	Warnings []MsgKey
	Clinic   *Clinic // own clinic; nil: none that this backend serves
	// Cover is the clinic that takes the own clinic's patients in today (ferieafløser); nil: none.
	Cover *Clinic
	// Unchecked means that the registry could not be asked: Name may be empty, and Clinic is what the employee said.
	Unchecked bool
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
