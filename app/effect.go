package app

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Effect is something that Step wants done; the machine does it and tells the answer as an Event. The fields are all that
// Step decides; how it is done stands in do.go and its siblings, how long it lives and whom it waits for in course.go.
type Effect interface {
	do(ctx context.Context, m *Machine)
	course(shown State) course
}

type (
	// Start proves the key and fetches session and places; Started or NotEnrolled answers.
	Start struct{}
	// Enroll makes the tablet known.
	Enroll struct{ Code string }
	// BeginSignIn, CancelSignIn, FinishSignIn and SignOut are the steps of an employee's session.
	BeginSignIn  struct{}
	CancelSignIn struct{ Signin kontakt.SigninID }
	FinishSignIn struct {
		Signin kontakt.SigninID
		Code   string
	}
	SignOut struct{}
	// OpenBrowser shows the provider's page.
	OpenBrowser struct{ URL string }
	// Find looks a citizen up; Clinic is the own one as the nurse has chosen it, where the register does not answer.
	Find struct {
		CPR    kontakt.CPR
		Clinic kontakt.ClinicID
	}
	// FetchClinics asks which clinics there are.
	FetchClinics struct{}
	// Join draws a number.
	Join struct {
		Join kontakt.Join
		Key  string
	}
	// Read marks messages as read.
	Read struct {
		ID       kontakt.EntryID
		Messages []kontakt.MessageID
	}
	// FetchPlace and FetchHeld ask how a place, or all places of this tablet, stand.
	FetchPlace struct{ ID kontakt.EntryID }
	FetchHeld  struct{}
	// Move asks for one move of a place.
	Move struct {
		ID     kontakt.EntryID
		Move   kontakt.Move
		Reason string
		Over   bool // the nurse has left what it ends: it is asked for until there is an answer, as the end of a call is
	}
	// CheckDevices runs the device check while its screen is shown.
	CheckDevices struct{}
	// Warm opens devices ahead of a call; Talk holds the call from its ringing on, and Answered lets sound and picture
	// through; HangUp closes the devices.
	Warm     struct{ Place kontakt.EntryID }
	Talk     struct{ Call kontakt.CallID }
	Answered struct{ Call kontakt.CallID }
	HangUp   struct{}
	// PassSignal hands the other side's signal to the call.
	PassSignal struct {
		Call   kontakt.CallID
		Signal kontakt.Signal
	}
	// SetControls applies the controls of the call.
	SetControls struct{ Controls Controls }
	// TellMedia tells the backend that the media are lost or live.
	TellMedia struct {
		Call kontakt.CallID
		Live bool
	}
	// InviteGuest makes a guest's link; FetchGuests asks who is invited; RemoveGuest shows one out; SetMode chooses the mode.
	InviteGuest struct {
		Place  kontakt.EntryID
		Invite kontakt.Invite
		Key    string
	}
	FetchGuests struct{ Place kontakt.EntryID }
	RemoveGuest struct {
		Place kontakt.EntryID
		Guest kontakt.GuestID
	}
	SetMode struct {
		Place kontakt.EntryID
		Mode  kontakt.Mode
	}
	// SetOthers tells the call that others take part than before.
	SetOthers struct{ Call kontakt.CallID }
	// Type sends real-time text to all others.
	Type struct {
		Call kontakt.CallID
		Text string
	}
	// TakeStill takes a still picture and sends it to all; DeclineStill tells who asked for one that there is none now;
	// CloseStill forgets it on this tablet, DropStill everywhere; PointAt shows the others where the nurse points.
	TakeStill    struct{ Call kontakt.CallID }
	DeclineStill struct {
		Call kontakt.CallID
		To   string // participant
	}
	CloseStill struct {
		Call kontakt.CallID
		ID   string
	}
	DropStill struct {
		Call kontakt.CallID
		ID   string
	}
	PointAt struct {
		Call kontakt.CallID
		ID   string
		X, Y float64
		On   bool
	}
	// Ring turns the sound on and off.
	Ring struct{ On bool }
	// Chime is the one soft tone of a message.
	Chime struct{}
	// SayLate says aloud how late a clinic is, or gives a tone to who wants nothing read aloud, and keeps what was said.
	SayLate struct {
		Word     LateWord
		Language string
		Quiet    bool
	}
	// Follow sets the rooms of the stream.
	Follow struct{ At kontakt.Cursor }
	// SaveSettings keeps the settings.
	SaveSettings struct{ Settings Settings }
	// After sends Then when Delay has passed.
	After struct {
		Delay time.Duration
		Then  Event
	}
)
