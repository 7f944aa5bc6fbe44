package app

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// Tablet is the backend's half of what the tablet is: app/client implements it.
type Tablet interface {
	// Enrolled says whether there is a key that the backend has taken. An error means that the key can't be read now; one
	// of kind Gone that it never will be and that the tablet has to be enrolled again.
	Enrolled(ctx context.Context) (bool, error)
	Enrol(ctx context.Context, code string) error
	// Open proves the key and gives the cursor of the device's room. It does not retry. A backend that does not know the
	// key answers with kontakt.MsgEnrolUnknown, one that has barred it with kontakt.MsgDeviceRevoked.
	Open(ctx context.Context) (kontakt.Device, kontakt.Cursor, error)
	// Employee gives who is signed in by the stored session; Unauthenticated when nobody is.
	Employee(ctx context.Context) (kontakt.Person, error)
}

// Signins signs employees in.
type Signins interface {
	BeginSignIn(ctx context.Context) (id kontakt.SigninID, url string, expiresIn time.Duration, err error)
	CancelSignIn(ctx context.Context, id kontakt.SigninID) error
	FinishSignIn(ctx context.Context, id kontakt.SigninID, code string) (kontakt.Person, error)
	// SignOut forgets the session on the tablet first, whatever the backend answers.
	SignOut(ctx context.Context) error
}

// Line is the waiting rooms, as this tablet may use them.
type Line interface {
	// Lookup finds a citizen; own is the clinic that the nurse has chosen, empty unless the register does not answer.
	Lookup(ctx context.Context, cpr kontakt.CPR, own kontakt.ClinicID) (kontakt.Citizen, error)
	Clinics(ctx context.Context) ([]kontakt.Clinic, error)
	Join(ctx context.Context, j kontakt.Join, key string) (kontakt.Entry, error)
	Held(ctx context.Context) ([]kontakt.Entry, error)
	Entry(ctx context.Context, id kontakt.EntryID) (kontakt.Entry, error)
	Move(ctx context.Context, id kontakt.EntryID, m kontakt.Move, reason, key string) (kontakt.Entry, error)
	Read(ctx context.Context, id kontakt.EntryID, messages []kontakt.MessageID, key string) (kontakt.Entry, error)
	// ExplainWrong says why the patient of a conversation that ended with kontakt.ReasonWrongPatient was taken for another.
	ExplainWrong(ctx context.Context, id kontakt.EntryID, why kontakt.WrongWhy, key string) error
}

// Cards is what the nurse tells the clinician beside the reason.
type Cards interface {
	// TOBS gives the table by which her municipality scores today, and false where TOBS is off there.
	TOBS(ctx context.Context) (table tobs.Table, on bool, err error)
	// Card gives that of a place: with Version 0 where nothing was written yet.
	Card(ctx context.Context, id kontakt.EntryID) (kontakt.Card, error)
	// SaveCard writes letters and TOBS, of which c has the Values alone, over the card of c.Version; the backend scores.
	// Where another tablet has changed it since, the error is a Conflict with MsgCardChanged, and the card that comes with
	// it is the one that stands there now.
	SaveCard(ctx context.Context, id kontakt.EntryID, c kontakt.Card, key string) (kontakt.Card, error)
	// SaveTold writes the reason anew, by the same rules.
	SaveTold(ctx context.Context, id kontakt.EntryID, version int, told kontakt.Told, key string) (kontakt.Card, error)
}

// Rounds are the round of who is signed in, and the list of her unit. What changes the round gives it as it stands then.
type Rounds interface {
	Round(ctx context.Context) (kontakt.Round, error)
	// AddVisit puts a citizen on the round, by the planned time or last.
	AddVisit(ctx context.Context, p kontakt.VisitPlan, key string) (kontakt.Round, error)
	// MoveVisit gives an open visit another position, counted from 1.
	MoveVisit(ctx context.Context, id kontakt.VisitID, to int, key string) (kontakt.Round, error)
	// EndVisit ends a visit: done, missed or dropped.
	EndVisit(ctx context.Context, id kontakt.VisitID, as kontakt.VisitState, key string) (kontakt.Round, error)
	// ImportRound puts a list (CSV) on the round: all of it or, where there are faults, nothing. The same list again changes
	// nothing.
	ImportRound(ctx context.Context, list []byte) (kontakt.Round, []kontakt.RowFault, error)
	MissedVisits(ctx context.Context) ([]kontakt.RoundVisit, error)
	// TakeVisit takes a missed visit into the round, with the place that the citizen has.
	TakeVisit(ctx context.Context, id kontakt.VisitID, key string) (kontakt.Round, error)
}

// Handovers hand the tablet's places and the rest of the round to the next nurse.
type Handovers interface {
	// HandOver offers them to who has the code; it is told once and good for a minute.
	HandOver(ctx context.Context, key string) (h kontakt.Handover, code string, err error)
	// Handover tells who took an offer of this nurse.
	Handover(ctx context.Context, id kontakt.HandoverID) (kontakt.Handover, error)
	// WithdrawHandover takes an offer back that nobody has taken.
	WithdrawHandover(ctx context.Context, id kontakt.HandoverID, key string) error
	AcceptHandover(ctx context.Context, code, key string) (kontakt.Accepted, error)
}

// Guests are the third and fourth person in a call.
type Guests interface {
	// Invite makes a one-time link; it is told once.
	Invite(ctx context.Context, id kontakt.EntryID, i kontakt.Invite, key string) (guest kontakt.Guest, link string, sent bool, err error)
	// Guests gives those of a place that have not gone, in the order in which they were invited.
	Guests(ctx context.Context, id kontakt.EntryID) ([]kontakt.Guest, error)
	// RemoveGuest shows one out, or takes the link back.
	RemoveGuest(ctx context.Context, id kontakt.EntryID, guest kontakt.GuestID, key string) error
	// SetMode chooses between the two agreed kinds of call.
	SetMode(ctx context.Context, id kontakt.EntryID, mode kontakt.Mode, key string) (kontakt.Entry, error)
}

// Orders are what the doctor orders in a call, as the nurse writes it down and reads it back. A text is refused where it
// could be read in two ways (kontakt.OrderText.Checked), which the tablet can ask itself.
type Orders interface {
	// Orders gives all of a place, also those that were corrected or withdrawn, in the order in which they were written.
	Orders(ctx context.Context, id kontakt.EntryID) (kontakt.Orders, error)
	WriteOrder(ctx context.Context, id kontakt.EntryID, text kontakt.OrderText, key string) (kontakt.Order, error)
	// ReadBack says that the nurse has read one aloud: from then on the doctor can confirm it.
	ReadBack(ctx context.Context, id kontakt.EntryID, order kontakt.OrderID, key string) (kontakt.Order, error)
	// WithdrawOrder takes one back that is not confirmed.
	WithdrawOrder(ctx context.Context, id kontakt.EntryID, order kontakt.OrderID, key string) (kontakt.Order, error)
}

// Summaries are what the nurse writes into the care journal of her conversations, here or at a PC.
type Summaries interface {
	// Summaries gives her own of the last day, the newest first, without what she has written.
	Summaries(ctx context.Context) ([]kontakt.Summary, error)
	Summary(ctx context.Context, id kontakt.SummaryID) (kontakt.Summary, error)
	// WriteSummary gives the new version; a Conflict where it has changed since it was of version, as at a PC.
	WriteSummary(ctx context.Context, id kontakt.SummaryID, version int, n kontakt.Note, key string) (int, error)
	// SummaryDone deletes one, which stands in the journal.
	SummaryDone(ctx context.Context, id kontakt.SummaryID, key string) error
}

// Records are what happened at a place as far as consent and presence go: the same lines and the same code for both sides.
type Records interface {
	Record(ctx context.Context, id kontakt.EntryID) (kontakt.Record, error)
	// AddToRecord adds a line and gives the record with it.
	AddToRecord(ctx context.Context, id kontakt.EntryID, line kontakt.Addition, key string) (kontakt.Record, error)
}

// Calls is the signalling.
type Calls interface {
	Relay(ctx context.Context) (kontakt.Relay, error)
	Signal(ctx context.Context, id kontakt.CallID, s []kontakt.Signal, key string) error
	TellMedia(ctx context.Context, id kontakt.CallID, live bool) error
}

// Stream is the event stream.
type Stream interface {
	// Run delivers until ctx ends: the events of the rooms that are followed, each once and in its room's order, and
	// whether the backend can be reached.
	Run(ctx context.Context, deliver func(Event))
	// Follow sets the rooms. A room that is followed already goes on where it is.
	Follow(at kontakt.Cursor)
}

// Browser opens the system browser.
type Browser interface {
	Open(ctx context.Context, url string) error
}

// Memory keeps small things over a restart. Load of what was never saved gives nil.
type Memory interface {
	Load(name string) ([]byte, error)
	Save(name string, data []byte) error
}
