package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Event is something that happened: a tap, an answer of the backend, a word from the stream, the phone or a timer.
type Event interface{ event() }

// Failure says why an effect did not do what it was asked. The zero Failure is none.
type Failure struct {
	Kind kontakt.Kind
	Say  Sentence
}

// Failed says whether it is one.
func (f Failure) Failed() bool { return f.Kind != "" }

// FailureOf gives the failure behind err; none for nil.
func FailureOf(err error) Failure {
	if err == nil {
		return Failure{}
	}
	kind := kontakt.KindOf(err)
	key, params := kontakt.MsgOf(err)
	if key == kontakt.MsgUnknown && params["kode"] == "" {
		params = map[string]string{"kode": string(kind)}
	}
	return Failure{Kind: kind, Say: Sentence{Key: key, Params: params}}
}

// Answers of the backend. An answer carries a Failure or what was asked for. At is the tablet's clock, which only
// ever measures how long something lasts.
type (
	// Launched is the first event of a run.
	Launched struct {
		Settings Settings
		Said     LateWord // the last that this tablet has said aloud; zero: none
		Voices   []string // the languages that can be read aloud
		Lock     KeptLock
		Guard    Guard
	}
	// Started: the tablet has proved its key; Employee is zero when no session has lasted; Held are its open places.
	Started struct {
		Device   kontakt.Device
		Rooms    kontakt.Cursor // the device's room
		Employee kontakt.Person
		Held     []kontakt.Entry
		Round    *kontakt.Round // nil: not known
		Unsent   *Join          // was asked for and never answered, by who is signed in
		At       time.Time
		Failure  Failure
	}
	// NotEnrolled: there is no key, or none that can be read, which Problem says.
	NotEnrolled struct{ Problem Sentence }
	// Enrolled answers Enroll.
	Enrolled struct{ Failure Failure }
	// SigninBegun answers BeginSignIn.
	SigninBegun struct {
		Signin    kontakt.SigninID
		URL       string
		ExpiresIn time.Duration
		Failure   Failure
	}
	// BrowserFailed: the browser did not open.
	BrowserFailed struct{ Problem Sentence }
	// SignedInAs answers FinishSignIn.
	SignedInAs struct {
		Employee kontakt.Person
		Held     []kontakt.Entry
		Round    *kontakt.Round // nil: not known
		At       time.Time
		Failure  Failure
	}
	// CitizenFound answers Find.
	CitizenFound struct {
		Citizen kontakt.Citizen
		Failure Failure
	}
	// ClinicsFetched answers FetchClinics.
	ClinicsFetched struct {
		Clinics []kontakt.Clinic
		Failure Failure
	}
	// Joined answers Join.
	Joined struct {
		Entry   kontakt.Entry
		At      time.Time
		Failure Failure
	}
	// PlaceFetched answers FetchPlace.
	PlaceFetched struct {
		ID      kontakt.EntryID
		Entry   kontakt.Entry
		At      time.Time
		Failure Failure
	}
	// HeldFetched answers FetchHeld.
	HeldFetched struct {
		Held    []kontakt.Entry
		At      time.Time
		Failure Failure
	}
	// Moved answers Move.
	Moved struct {
		ID      kontakt.EntryID
		Move    kontakt.Move
		Entry   kontakt.Entry
		At      time.Time
		Failure Failure
	}
)

// Words from the stream.
type (
	// PlaceChanged: a place has a newer version, to be fetched.
	PlaceChanged struct {
		ID      kontakt.EntryID
		Version int
		State   kontakt.EntryState
	}
	// MessageCame: the clinic has written to a place, or what it wrote has been read.
	MessageCame struct{ ID kontakt.EntryID }
	// LineChanged: places before this one, opening or delay have changed at a clinic.
	LineChanged struct{ Clinic kontakt.ClinicID }
	// CallEnded: the call is over, whatever becomes of the place.
	CallEnded struct{ Call kontakt.CallID }
	// SignalCame: the other side negotiates.
	SignalCame struct {
		Call   kontakt.CallID
		Signal kontakt.Signal
	}
	// SigninCompleted and SigninFailed: what became of the sign-in in the browser.
	SigninCompleted struct {
		Signin kontakt.SigninID
		Code   string
	}
	SigninFailed struct {
		Signin kontakt.SigninID
		Msg    kontakt.MsgKey
	}
	// SessionEnded: the employee's session was ended elsewhere.
	SessionEnded struct{}
	// DeviceRefused: the backend does not take this tablet any more.
	DeviceRefused struct{ Why Sentence }
	// RoomsRefused: a room that was followed may not be read any more.
	RoomsRefused struct{}
	// NetChanged: the stream came or went. Since is the backend's clock.
	NetChanged struct {
		Offline bool
		Since   time.Time
	}
)

// Words from the phone and from timers.
type (
	// CheckReported is how the device check stands.
	CheckReported struct{ Report CheckReport }
	// WarmFailed: a device did not open ahead of the call.
	WarmFailed struct{ Problem Sentence }
	// CallReported is how a call's media fare.
	CallReported struct {
		Call   kontakt.CallID
		Status CallStatus
	}
	// RetryDue: time for the start's next attempt.
	RetryDue struct{ Attempt int }
	// StillTrying: what a tap asked for takes long.
	StillTrying struct{}
	// RemovalOver: a clinic can no longer take its removal of a place back.
	RemovalOver struct{ ID kontakt.EntryID }
	// LateDue: a clinic's word on how late it is has waited for the voice before it.
	LateDue struct{ Word LateWord }
	// RingAgain: the time that was asked for is nearly over.
	RingAgain struct {
		Call  kontakt.CallID
		Until time.Time
	}
	// RingOver: the ring has run out by the tablet's clock.
	RingOver struct {
		Call  kontakt.CallID
		Until time.Time
	}
)

func (Launched) event()        {}
func (Started) event()         {}
func (NotEnrolled) event()     {}
func (Enrolled) event()        {}
func (SigninBegun) event()     {}
func (BrowserFailed) event()   {}
func (SignedInAs) event()      {}
func (CitizenFound) event()    {}
func (ClinicsFetched) event()  {}
func (Joined) event()          {}
func (PlaceFetched) event()    {}
func (HeldFetched) event()     {}
func (Moved) event()           {}
func (PlaceChanged) event()    {}
func (MessageCame) event()     {}
func (LineChanged) event()     {}
func (CallEnded) event()       {}
func (SignalCame) event()      {}
func (SigninCompleted) event() {}
func (SigninFailed) event()    {}
func (SessionEnded) event()    {}
func (DeviceRefused) event()   {}
func (RoomsRefused) event()    {}
func (NetChanged) event()      {}
func (CheckReported) event()   {}
func (WarmFailed) event()      {}
func (CallReported) event()    {}
func (RetryDue) event()        {}
func (StillTrying) event()     {}
func (RemovalOver) event()     {}
func (LateDue) event()         {}
func (RingAgain) event()       {}
func (RingOver) event()        {}
