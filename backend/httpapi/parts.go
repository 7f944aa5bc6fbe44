package httpapi

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
)

// The parts that the handlers stand on. Each asks kontakt.ActorFrom(ctx) who is asking and answers with *kontakt.Error.

// Queue is the waiting room as a tablet uses it (backend/waiting).
type Queue interface {
	Join(ctx context.Context, j kontakt.Join) (kontakt.Entry, error)
	Entry(ctx context.Context, id kontakt.EntryID) (kontakt.Entry, error)
	// Held gives the open entries of the actor's device.
	Held(ctx context.Context) ([]kontakt.Entry, error)
	// Move asks for one move, from either side; reason is that of a leave or an end.
	Move(ctx context.Context, id kontakt.EntryID, m kontakt.Move, reason string) (kontakt.Entry, error)
	// ExplainWrong says why the patient of a conversation was taken for another, from either side.
	ExplainWrong(ctx context.Context, id kontakt.EntryID, why kontakt.WrongWhy) error
	// Read marks the clinic's messages to an entry as read.
	Read(ctx context.Context, id kontakt.EntryID, messages []kontakt.MessageID) (kontakt.Entry, error)
}

// Room is the waiting room as a clinic uses it (backend/waiting).
type Room interface {
	// List gives the open entries in the order in which they are to be seen, and the cursor of the clinic's room.
	List(ctx context.Context) ([]kontakt.Entry, kontakt.Cursor, error)
	// Start claims the entry and calls the citizen in.
	Start(ctx context.Context, id kontakt.EntryID, version int) (kontakt.Entry, error)
	Clinic(ctx context.Context) (kontakt.Clinic, error)
	// SetOpening opens or closes; keep lets those who wait stand till the next opening.
	SetOpening(ctx context.Context, open, keep bool, reason string) (kontakt.Clinic, error)
	// Place puts an entry before another of the clinic; "" puts it last.
	Place(ctx context.Context, id, before kontakt.EntryID, reason string) (kontakt.Entry, error)
	Urgent(ctx context.Context, id kontakt.EntryID, urgent bool, reason string) (kontakt.Entry, error)
	Transfer(ctx context.Context, id kontakt.EntryID, to kontakt.EmployeeID) (kontakt.Entry, error)
	// Staff gives the clinic's clinicians, by name.
	Staff(ctx context.Context) ([]kontakt.Person, error)
}

// Messages is what a clinic says to those who wait (backend/waiting).
type Messages interface {
	Write(ctx context.Context, id kontakt.EntryID, text string) (kontakt.Entry, error)
	// WriteAll writes to everybody who waits and gives how many that are.
	WriteAll(ctx context.Context, text string) (int, error)
	// Delay says how late the clinic is; 0: no longer.
	Delay(ctx context.Context, late time.Duration) (kontakt.Clinic, error)
}

// Cards is what a nurse tells the clinician about a place, beside the reason (backend/cards).
type Cards interface {
	Card(ctx context.Context, id kontakt.EntryID) (kontakt.Card, error)
	// SaveCard writes letters and TOBS, of which c has the values alone, where c.Version is that of what stands.
	SaveCard(ctx context.Context, id kontakt.EntryID, c kontakt.Card) (kontakt.Card, error)
	SaveTold(ctx context.Context, id kontakt.EntryID, version int, told kontakt.Told) (kontakt.Card, error)
}

// Calls is the signalling of calls (backend/waiting).
type Calls interface {
	Signal(ctx context.Context, id kontakt.CallID, s []kontakt.Signal) (kontakt.Seq, error)
	// CallEntry gives the entry whose call this is.
	CallEntry(ctx context.Context, id kontakt.CallID) (kontakt.Entry, error)
}

// Guests are the third and the fourth in a call (backend/waiting).
type Guests interface {
	// Invite makes a one-time link to the call of a place, and gives its address and whether it is sent too.
	Invite(ctx context.Context, id kontakt.EntryID, i kontakt.Invite) (g kontakt.Guest, address string, sent bool, err error)
	// Guests gives those of a place that have not ended.
	Guests(ctx context.Context, id kontakt.EntryID) ([]kontakt.Guest, error)
	Admit(ctx context.Context, id kontakt.EntryID, which kontakt.GuestID) (kontakt.Guest, error)
	RemoveGuest(ctx context.Context, id kontakt.EntryID, which kontakt.GuestID) (kontakt.Guest, error)
	SetMode(ctx context.Context, id kontakt.EntryID, mode kontakt.Mode) (kontakt.Entry, error)
	// OpenLink spends a link and gives the secret of the guest's cookie; the same token with the same key gives the same.
	OpenLink(ctx context.Context, token, key, name string) (v kontakt.Visit, secret string, err error)
	// Visit gives what the actor, a guest, sees.
	Visit(ctx context.Context) (kontakt.Visit, error)
	LeaveCall(ctx context.Context) error
	// LetIn is Hidden for a guest who is not in a call.
	LetIn(ctx context.Context) error
}

// Orders is what the doctor orders in a call, read back and confirmed (backend/waiting).
type Orders interface {
	Orders(ctx context.Context, id kontakt.EntryID) (kontakt.Orders, error)
	WriteOrder(ctx context.Context, id kontakt.EntryID, text kontakt.OrderText) (kontakt.Order, error)
	ReadBack(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID) (kontakt.Order, error)
	WithdrawOrder(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID) (kontakt.Order, error)
	// ConfirmOrder and CorrectOrder name the version that the doctor saw.
	ConfirmOrder(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID, version int) (kontakt.Order, error)
	// CorrectOrder gives the order that stands there instead.
	CorrectOrder(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID, version int, text kontakt.OrderText) (kontakt.Order, error)
	// End ends the clinic's call for who was told of so many unconfirmed orders.
	End(ctx context.Context, id kontakt.EntryID, reason string, told int) (kontakt.Entry, error)
}

// Summaries are what a nurse writes into the care journal of her conversations (backend/summary).
type Summaries interface {
	// Summaries gives the actor's own, the newest first.
	Summaries(ctx context.Context) ([]kontakt.Summary, error)
	Summary(ctx context.Context, id kontakt.SummaryID) (kontakt.Summary, error)
	// WriteSummary gives the new version; a Conflict with kontakt.MsgVersion where it has changed since it was of version.
	WriteSummary(ctx context.Context, id kontakt.SummaryID, version int, n kontakt.Note) (int, error)
	// SummaryDone deletes one.
	SummaryDone(ctx context.Context, id kontakt.SummaryID) error
}

// Records are what happened at a place as far as consent and presence go (backend/waiting).
type Records interface {
	Record(ctx context.Context, id kontakt.EntryID) (kontakt.Record, error)
	// AddToRecord adds a line that no move brings about.
	AddToRecord(ctx context.Context, id kontakt.EntryID, n kontakt.Addition) (kontakt.Record, error)
}

// Citizens finds citizens (backend/registry).
type Citizens interface {
	// Lookup finds a citizen. Where the registry can't be asked (Unavailable, cit.registry_down), own names the clinic
	// that the citizen says to be attached to, and the citizen is Unchecked; else own does not count.
	Lookup(ctx context.Context, cpr kontakt.CPR, own kontakt.ClinicID) (kontakt.Citizen, error)
	// Clinics gives those that can be named so, by name.
	Clinics(ctx context.Context) ([]kontakt.Clinic, error)
}

// Rounds are the nurses' rounds (backend/round). Each is the actor's own, and a change gives it as it stands then.
type Rounds interface {
	Round(ctx context.Context) (kontakt.Round, error)
	Add(ctx context.Context, p kontakt.VisitPlan) (kontakt.Round, error)
	// Move gives an open visit another position, counted from 1.
	Move(ctx context.Context, id kontakt.VisitID, to int) (kontakt.Round, error)
	// End ends a visit: done, missed or dropped.
	End(ctx context.Context, id kontakt.VisitID, as kontakt.VisitState) (kontakt.Round, error)
	// ReadList reads a list and asks nobody who its rows are about.
	ReadList(ctx context.Context, table []byte) ([]kontakt.RoundRow, []kontakt.RowFault, error)
	// Import looks the rows up and puts them on the round, all or, where there are faults, none.
	Import(ctx context.Context, rows []kontakt.RoundRow) (kontakt.Round, []kontakt.RowFault, error)
	// Missed gives the list of the unit.
	Missed(ctx context.Context) ([]kontakt.RoundVisit, error)
	// Take takes a visit from there into the actor's round.
	Take(ctx context.Context, id kontakt.VisitID) (kontakt.Round, error)
}

// Handovers hand a tablet's places and a round to the next nurse (backend/round).
type Handovers interface {
	// HandOver offers them to whoever has the code.
	HandOver(ctx context.Context) (h kontakt.Handover, code string, err error)
	// Handover gives an offer to who made it.
	Handover(ctx context.Context, id kontakt.HandoverID) (kontakt.Handover, error)
	// Withdraw takes one back that nobody has taken.
	Withdraw(ctx context.Context, id kontakt.HandoverID) error
	Accept(ctx context.Context, code string) (kontakt.Accepted, error)
}

// Relays makes relay credentials (backend/turn).
type Relays interface {
	Relay(ctx context.Context) (kontakt.Relay, error)
}

// Subscription is one reader of the log; Next waits for events after its cursor and returns them in order.
type Subscription interface {
	// Next waits for events; none means that none came within that time. A subscription that was cut for slowness, or
	// closed, answers kontakt.Gone.
	Next(ctx context.Context, within time.Duration) ([]kontakt.Event, error)
	// Cursor tells how far it has come. It is the caller's own copy.
	Cursor() kontakt.Cursor
	// Close may be called from elsewhere while Next waits, and twice.
	Close()
}

// Streams opens subscriptions (backend/stream).
type Streams interface {
	// Subscribe checks that the actor may read every room of at.
	Subscribe(ctx context.Context, at kontakt.Cursor) (Subscription, error)
}

// TOBS is the municipality's own table (backend/tobs).
type TOBS interface {
	// Table gives the JSON of the table that counts today for the actor's municipality; nil where it is off.
	Table(ctx context.Context) ([]byte, error)
}

// Once runs a change at most once a key (backend/store).
type Once interface {
	// Do runs fn in one transaction that everything under its context joins, and stores the reply with the key in it.
	// The same key, scope and fingerprint again gives the stored reply; the same key with another fingerprint is Invalid.
	// Errors are not stored. An empty key just runs fn in a transaction.
	Do(ctx context.Context, scope, key, fingerprint string, fn func(ctx context.Context) (kontakt.StoredReply, error)) (kontakt.StoredReply, error)
}

// Devices enrols tablets and opens their sessions (backend/signin).
type Devices interface {
	Enrol(ctx context.Context, code string, publicKey []byte, app string) (kontakt.Device, error)
	Challenge(ctx context.Context, id kontakt.DeviceID) ([]byte, error)
	OpenDevice(ctx context.Context, p kontakt.DeviceProof) (token string, ttl time.Duration, d kontakt.Device, at kontakt.Cursor, err error)
}

// Signins signs employees in (backend/signin). The browser's half (start, callback, clinic login) is its own handler.
type Signins interface {
	Begin(ctx context.Context) (id kontakt.SigninID, url string, ttl time.Duration, err error)
	Cancel(ctx context.Context, id kontakt.SigninID) error
	Redeem(ctx context.Context, id kontakt.SigninID, code string, p kontakt.DeviceProof) (token string, ttl time.Duration, who kontakt.Person, err error)
	SignOut(ctx context.Context) error
}

// Sessions tells who a secret belongs to (backend/signin).
type Sessions interface {
	// Actor gives the actor of a bearer token or a clinic's cookie; Unauthenticated for anything else.
	Actor(ctx context.Context, secret string) (kontakt.Actor, error)
	// TTL gives what is left of the actor's session.
	TTL(ctx context.Context) (time.Duration, error)
}
