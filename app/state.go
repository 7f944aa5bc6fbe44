package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// State is all that the screen may show.
type State struct {
	Device   Device   // zero until enrolled
	Employee Employee // zero while nobody is signed in
	Net      Net
	Settings Settings
	Screen   Screen

	rooms kontakt.Cursor // the device's room, where the stream starts
}

// Device is this tablet.
type Device struct {
	ID                        kontakt.DeviceID
	Name, Place, Municipality string
}

// Employee is who is signed in.
type Employee struct {
	ID          kontakt.EmployeeID
	Name, Title string
}

// SignedIn says whether somebody is.
func (e Employee) SignedIn() bool { return e.ID != "" }

// Net is the way to the backend, as the event stream tells it.
type Net struct {
	Offline bool
	Since   time.Time // of the change; backend clock
}

// Settings are what a person has chosen on this tablet; they outlive a restart.
type Settings struct {
	Language  string // "da" or "en"
	TextScale int    // per cent, 100 to 200
	Dark      bool
}

// Sentence is something to say, by key.
type Sentence struct {
	Key    kontakt.MsgKey
	Params map[string]string
}

// None says whether there is nothing to say.
func (s Sentence) None() bool { return s.Key == "" }

// Screen is which screen is shown, with all that it shows. The types below are all there are.
type Screen interface{ screen() }

// Starting: the tablet proves its key to the backend and fetches what it is in the middle of.
type Starting struct {
	Attempt int      // counts from 0; from 1 on Problem says why
	Problem Sentence // the tablet goes on trying by itself

	idle bool // between two attempts
}

// Enrol: the tablet is not known yet. IT gives a code.
type Enrol struct {
	Busy    bool
	Problem Sentence
}

// SignedOut: the tablet is known, nobody is signed in. Held is a place that an earlier session drew and that is kept.
type SignedOut struct {
	Busy    bool
	Problem Sentence
	Held    *Place
}

// SigningIn: the browser is open; the backend tells when it is done.
type SigningIn struct {
	Signin  kontakt.SigninID // empty until the backend has answered
	URL     string           // for a person who has to open it by hand
	Busy    bool             // the code is being exchanged
	Problem Sentence         // login.no_browser: open URL by hand
	Held    *Place

	answer    bool      // a ring waits for this sign-in
	ringUntil time.Time // tablet's clock, while Held is called
}

// FindCitizen: a CPR number is being keyed. The digits live in the widget, never here.
type FindCitizen struct {
	Busy    bool
	Problem Sentence
}

// ReadBack: is it the right citizen?
type ReadBack struct {
	Citizen Citizen
}

// Refused: this citizen can't be put into a queue now, and why, and what else can be done.
type Refused struct {
	Citizen Citizen
	Why     Sentence   // cit.not_attached, q.closed, cit.already_waiting …
	Next    []Sentence // what can be done instead, most useful first
}

// Check: picture of oneself, microphone, network and relay, before a number is drawn.
type Check struct {
	Citizen Citizen
	Report  CheckReport
	Joining bool
	Problem Sentence

	round int    // of the device check
	key   string // of the join once it has been tried, so that trying again is the same join
}

// Waiting: a number is drawn.
type Waiting struct {
	Place   Place
	Leaving bool // the question "Forlad køen?" is shown
	Busy    bool // the answer to it is on its way
	Problem Sentence
}

// Called: the clinic has pressed Start and the tablet rings.
type Called struct {
	Place     Place
	RingUntil time.Time // tablet's clock
	Hushed    bool      // two minutes were asked for: no sound until they are nearly over
	Busy      bool      // an answer is on its way
	Problem   Sentence

	silent bool // the ring has run out and the backend has not said so yet
}

// InCall: the conversation.
type InCall struct {
	Place    Place
	Since    time.Time // tablet's clock
	Controls Controls
	Media    MediaState
	Remote   RemoteState
	Blind    bool     // the own camera is wanted and gives no picture
	Notice   Sentence // one thing that went wrong and what helps: chk.camera_lost …
	Ending   bool     // the question "Afslut samtalen?" is shown

	over bool // the call has ended and the place is being fetched
}

// Ended: what has just been.
type Ended struct {
	Summary Summary

	place kontakt.EntryID
}

func (Starting) screen()    {}
func (Enrol) screen()       {}
func (SignedOut) screen()   {}
func (SigningIn) screen()   {}
func (FindCitizen) screen() {}
func (ReadBack) screen()    {}
func (Refused) screen()     {}
func (Check) screen()       {}
func (Waiting) screen()     {}
func (Called) screen()      {}
func (InCall) screen()      {}
func (Ended) screen()       {}

// Citizen is who sits beside the tablet.
type Citizen struct {
	ID       kontakt.CitizenID
	Name     string
	Born     kontakt.Date
	Age      int
	Masked   string
	Warnings []Sentence
	Clinic   *Clinic // own clinic; nil: none that we know
}

// Clinic is a doctor's practice.
type Clinic struct {
	ID                kontakt.ClinicID
	Name, Town, Phone string
	Open              bool
	Closed            string // the clinic's own words
	OpensAt, ClosesAt time.Time
}

// Place is the citizen's place in a clinic's waiting room, as the backend tells it.
type Place struct {
	ID       kontakt.EntryID
	Version  int
	State    kontakt.EntryState
	Mode     kontakt.Mode
	Number   int
	Before   int
	Wait     kontakt.Wait
	JoinedAt time.Time
	Notice   Sentence // what last happened to it: q.no_answer …
	Clinic   Clinic
	Citizen  *Citizen // nil while nobody is signed in
	Call     *Call

	rooms     kontakt.Cursor // its own, its clinic's line and its call's
	startedAt time.Time      // of the conversation, and its end; backend clock
	endedAt   time.Time
	endedBy   string
}

// Call is the call of a place.
type Call struct {
	ID        kontakt.CallID
	Clinician string
	Title     string
	RingFor   time.Duration // left of the ring when the backend answered
}

// CheckReport is how the device check stands.
type CheckReport struct {
	Camera     CheckItem
	Microphone CheckItem
	Network    CheckItem
	Relay      CheckItem
	Level      float64 // of the microphone, 0–1
}

// CheckItem is one line of it.
type CheckItem struct {
	State   CheckState
	Problem Sentence
}

// CheckState is how far a check has come.
type CheckState int

// The check states.
const (
	CheckRunning CheckState = iota
	CheckGood
	CheckBad
)

// Controls are what the nurse has set in the call.
type Controls struct {
	Muted     bool
	CameraOff bool
	Camera    int     // index of the camera in use
	Cameras   int     // how many there are
	Volume    float64 // 0–1
}

// MediaState is how the call's media fare.
type MediaState int

// The media states.
const (
	MediaConnecting MediaState = iota
	MediaLive
	MediaLost // being restored; the place is kept
)

// RemoteState is what the other side says of itself.
type RemoteState struct {
	Muted, CameraOff bool
}

// Summary is what the nurse writes in the care record: above all whom the citizen spoke with.
type Summary struct {
	Citizen   string
	Clinic    string
	Clinician string // mandatory: boards have criticised its absence
	Title     string
	Started   time.Time
	Lasted    time.Duration
	How       Sentence // call.ended, call.ended_by_clinic …
}
