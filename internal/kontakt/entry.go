package kontakt

import "time"

// EntryState is where a citizen is on the way through a clinic's waiting room.
//
//	waiting → called → in_call → ended
//	called → waiting          no answer, not now: number and order are kept
//	in_call → interrupted → in_call, or after the grace time → waiting, at the front
//	in_call, interrupted → waiting, at the front, for another clinician to go on with
//	waiting, called → left    staff action, or the sweeper after closing time
//	left → waiting            within half a minute of the clinic's removing it
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

// Valid says whether m is one of the two.
func (m Mode) Valid() bool { return m == ModeConsultation || m == ModeConference }

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

// Minutes gives the range in whole minutes. It has only an end where it begins below a minute, and neither where it is not known.
func (w Wait) Minutes() (from, to int) {
	if !w.Known {
		return 0, 0
	}
	from, to = int(w.From/time.Minute), int((w.To+time.Minute-1)/time.Minute)
	if from < 1 || to <= from {
		return 0, max(to, 1)
	}
	return from, to
}

// Entry is one citizen's place in one clinic's waiting room, as the actor who asks may see it.
type Entry struct {
	Told
	ID       EntryID
	Version  int // counts every change; a claim names the one it saw
	State    EntryState
	Presence Presence
	Mode     Mode
	Source   Source
	Number   int // drawn per clinic and Danish day
	Before   int // open entries that stand before this one; derived, never stored
	Wait     Wait
	JoinedAt time.Time
	Notice   MsgKey // what last happened to the place, such as MsgNoAnswer
	Clinic   Clinic
	Citizen  Citizen // zero where the actor may not know
	Device   DeviceID
	Helper   Helper
	Call     *EntryCall // while called, in call or interrupted
	Holders  int        // tablets that hold the place; all ring, the first to answer has the call

	Attachment Attachment
	PlannedAt  time.Time // booked time of that day; zero: none known
	NoBooking  bool      // the clinic wants a booked time, and there is none (BookingFlag)
	Urgent     bool      // the clinic put it before all others
	Moved      *MovedBy  // the clinic gave it another place in the order
	HandedTo   *Person   // the clinician who is to go on
	HandedBy   *Person   // the one who handed it over
	Messages   []Message // of the clinic to this place, oldest first
	Card       CardMark  // for the clinic's list; what stands in the card is asked for by itself
	// ToldUntil is the end of the wait that was told with the number, and longer by a delay told since; zero: none was.
	ToldUntil time.Time

	EmergencyAt time.Time // when 112 was called beside the citizen; zero: it was not
	NoAnswers   int
	NoAnswerAt  time.Time
	PostponedTo time.Time
	StartedAt   time.Time // of the conversation
	EndedAt     time.Time
	EndedBy     string // "tablet", "clinic", "system"
	EndReason   string // a word from a list: left, not_relevant, removed, closed, done …
	EndWords    string // the clinic's own words on a removal
	Restorable  bool   // the clinic's removal can be taken back still

	Unconfirmed  int       // orders that the doctor has not confirmed; the clinic is told
	ConfirmUntil time.Time // of a place that has ended with such: how long the doctor still can

	Cursor Cursor // where a reader of this entry's rooms goes on
}

// ReasonWrongPatient is the EndReason of a place whose conversation turned out to be about another patient (E26).
const ReasonWrongPatient = "wrong_patient"

// WrongWhy is why a patient was taken for another, as one side sees it.
type WrongWhy string

// The reasons. They are words of a list: free text about such a mistake would name the other patient.
const (
	WrongNumber  WrongWhy = "number"  // the CPR number was another's
	WrongPerson  WrongWhy = "person"  // another citizen was at the tablet
	WrongJournal WrongWhy = "journal" // another journal was open at the clinic
	WrongOther   WrongWhy = "other"
)

// Valid says whether it is one of them.
func (w WrongWhy) Valid() bool {
	return w == WrongNumber || w == WrongPerson || w == WrongJournal || w == WrongOther
}

// ReasonWithdrawn is the EndReason of a place whose citizen has withdrawn the consent.
const ReasonWithdrawn = "consent_withdrawn"

// ReasonNotRelevant is that of a place that is not needed any more (E57): the citizen has died, or was admitted.
const ReasonNotRelevant = "not_relevant"

// MaxReason is how long the reason for contact and each other line of Told may be, in characters.
const MaxReason = 120

// Helper is the municipal employee beside the citizen.
type Helper struct {
	Name, Title, Municipality, Place string
}

// EntryCall is the call of an entry.
type EntryCall struct {
	ID        CallID
	Clinician Person
	RingUntil time.Time // while called; on the tablet's side by its own clock (wire.ToEntry)
}

// MovedBy says that a clinic changed the order, and why.
type MovedBy struct {
	By     Person
	Reason string // at most MaxReason characters
}

// Message is what a clinic wrote to one place; it is kept for a tablet that is out of reach.
type Message struct {
	ID     MessageID
	Text   string // at most MaxMessage characters
	Sender Person
	All    bool // went to everybody who waited
	At     time.Time
	ReadAt time.Time // zero: nobody has pressed "læst"
}

// MaxMessage is how long a message may be, in characters.
const MaxMessage = 300

// Join asks for a number.
type Join struct {
	Told
	Citizen CitizenID
	Clinic  ClinicID
	Mode    Mode
	// Consent is needed for a number that a nurse draws: a take-over goes on with the one that was given for the place.
	Consent Consent
	// TakeOver joins the place that the citizen holds at the clinic already, from this tablet too, and says why.
	TakeOver string
	// Corrects is a place of this tablet that was drawn for the wrong citizen: it ends, and within two minutes the new one
	// stands where it stood (E25).
	Corrects EntryID
}

// Limits of the rules that people can see.
const (
	CorrectWithin = 2 * time.Minute
	RestoreWithin = 30 * time.Second
)

// Move is what someone asks to happen to an entry; the rules of backend/waiting say who may ask what when.
type Move string

// The moves.
const (
	MoveLeave    Move = "leave"     // waiting, called → left
	MoveAnswer   Move = "answer"    // called → in_call
	MoveNotNow   Move = "not_now"   // called → waiting, by the tablet
	MoveWait     Move = "wait"      // called: rings two minutes longer, once a call
	MoveNoAnswer Move = "no_answer" // called → waiting, by the clinic or the sweeper
	MoveEnd      Move = "end"       // in_call, interrupted → ended
	MoveHere     Move = "here"      // presence
	MoveAway     Move = "away"      // presence
	MoveLost     Move = "lost"      // in_call → interrupted: the media are gone
	MoveLive     Move = "live"      // interrupted → in_call
	MoveRemove   Move = "remove"    // waiting, called → left, by the clinic, with its reason
	MoveRestore  Move = "restore"   // left → waiting, where it stood: takes a removal back
	MoveTransfer Move = "transfer"  // to another clinician; a call ends and the place goes to the front
	MovePlace    Move = "place"     // another place in the order
	MoveUrgent   Move = "urgent"    // before all others, or no longer

	MoveWithdraw  Move = "withdraw"  // the citizen's consent: waiting, called → left; in_call, interrupted → ended
	MoveEmergency Move = "emergency" // 112 was called: keeps place and state
)
