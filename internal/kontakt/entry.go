package kontakt

import "time"

// EntryState is where a citizen is on the way through a clinic's waiting room.
//
//	waiting → called → in_call → ended
//	called → waiting          no answer, not now: number and order are kept
//	in_call → interrupted → in_call, or after the grace time → waiting, at the front
//	waiting, called → left    staff action, or the sweeper after closing time
type EntryState string

// The states. Ended and Left are final.
const (
	EntryWaiting     EntryState = "waiting"
	EntryCalled      EntryState = "called"
	EntryInCall      EntryState = "in_call"
	EntryInterrupted EntryState = "interrupted"
	EntryEnded       EntryState = "ended"
	EntryLeft        EntryState = "left"
)

// Open says whether an entry in this state still holds its place.
func (s EntryState) Open() bool { return s != EntryEnded && s != EntryLeft }

// Presence says whether the tablet behind an entry can be reached. It is never a state: it changes no order and
// removes nothing, and a claim ignores it.
type Presence string

// The presences.
const (
	PresenceHere      Presence = "here"
	PresenceAway      Presence = "away"       // the nurse said "jeg går ud"
	PresenceNoContact Presence = "no_contact" // the stream has been down for longer than the grace time
)

// Mode is which of the two agreed kinds of video this is (domain.md §2.1).
type Mode string

// The modes.
const (
	ModeConsultation Mode = "videokonsultation" // the employee helps with the technology
	ModeConference   Mode = "videokonference"   // the employee takes part professionally
)

// Source says how an entry was made.
type Source string

// The sources.
const (
	SourceTablet  Source = "tablet"
	SourceApp     Source = "min_laege"
	SourcePassant Source = "passant"
	SourceSMS     Source = "sms"
)

// Wait is an honest range for the time until a citizen is called. Known is false until the clinic's own calls say
// something; then From and To are not to be shown.
type Wait struct {
	Known    bool
	From, To time.Duration
}
