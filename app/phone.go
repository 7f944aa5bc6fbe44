package app

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Phone is camera, microphone, loudspeaker and the call. The machine asks for Check, Warm and Call one at a time, each
// after the last has returned. A device that fails is reported, and never ends anything.
type Phone interface {
	// Check tries the devices and the way to the relay and reports, the microphone's level again and again, until ctx ends.
	Check(ctx context.Context, relay kontakt.Relay, report func(CheckReport)) error
	// Warm opens what a call needs and returns. What it opened stays open for Call, or until HangUp.
	Warm(ctx context.Context, relay kontakt.Relay) error
	// Call offers with a fresh Peer and keeps the call up until ctx ends. An error means that it could not go on; the
	// machine then calls again.
	Call(ctx context.Context, setup CallSetup) error
	// Set applies what the nurse has set, now or to the next call.
	Set(c Controls)
	// Type sends real-time text to all others, also to who can't be reached just now. It fails outside a call.
	Type(text string) error
	// TakeStill takes a still picture with the camera in use and sends it to all others; CallSetup.Still tells of it.
	TakeStill(ctx context.Context)
	// DeclineStill tells a participant who asked for one: not now.
	DeclineStill(to string)
	// CloseStill forgets a picture on this tablet, DropStill everywhere. Point shows the others where the nurse points.
	CloseStill(id string)
	DropStill(id string)
	Point(id string, x, y float64, on bool)
	// HangUp closes everything that is open, also when nothing is.
	HangUp()
}

// CallSetup is what a call needs from outside.
type CallSetup struct {
	Relay    kontakt.Relay
	Controls Controls
	// Renew fetches fresh credentials for the relay, for a call that outlasts the first ones.
	Renew func(ctx context.Context) (kontakt.Relay, error)
	// Send posts to the other side and keeps the order of one caller. What is refused for good has a final kontakt.Kind.
	Send func(ctx context.Context, s []kontakt.Signal) error
	// Incoming carries the other side's signals. It is never closed: the call ends with its context.
	Incoming <-chan kontakt.Signal
	// Answered is closed when the call is answered here. Until then the connection is made, and neither end hears or sees
	// the other; then it is reported how the call stands.
	Answered <-chan struct{}
	// Others are the other participants in the order of offering, at each change. It is never closed.
	Others <-chan []string
	Report func(CallStatus)
	Text   func(from, text string) // T.140, as it comes
	Still  func(StillChange)
	Point  func(from, id string, x, y float64, on bool)
}

// CallStatus is how a call fares.
type CallStatus struct {
	Media   MediaState // of the connection with the clinic
	Others  []OtherStatus
	Rung    kontakt.Rung // of what leaves here; "" while that is not known
	Level   float64      // of the own microphone, 0–1
	Silent  bool         // the microphone catches nothing
	Blind   bool         // the own camera is wanted and gives no picture
	Cameras int          // how many there are; 0: not known
	Zooms   bool         // the camera in use can
	Torches bool
	Problem Sentence // of a device; none when all is well
}

// OtherStatus is how another participant's connection fares.
type OtherStatus struct {
	ID     string
	Media  MediaState
	Remote RemoteState
}

// Ringer makes the sounds of a place: one at a time, the last in place of what still sounds.
type Ringer interface {
	Ring(on bool)
	// Chime is one soft tone.
	Chime()
	// SayLate says in a language of Settings how late the clinic is.
	SayLate(language string, by time.Duration)
}

// CheckReport is how the device check stands.
type CheckReport struct {
	Camera     CheckItem
	Microphone CheckItem
	Network    CheckItem
	Relay      CheckItem
	Level      float64  // of the microphone, 0–1
	Advice     Sentence // what would make one's own picture better, or that it is good; none while that is not known
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

// MediaState is how the call's media fare.
type MediaState int

// The media states.
const (
	MediaConnecting MediaState = iota
	MediaLive
	MediaLost // being restored; the place is kept
)
