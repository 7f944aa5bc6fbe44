package kontakt

import "time"

// OrderState is where an order stands.
type OrderState string

// The states of an order (ordination): written → read_back → confirmed. Only what was read back can be confirmed.
const (
	OrderWritten   OrderState = "written"   // stands there; nobody has read it aloud yet
	OrderReadBack  OrderState = "read_back" // the nurse has read it back to the doctor
	OrderConfirmed OrderState = "confirmed" // the doctor has said "rigtigt forstået"
	OrderCorrected OrderState = "corrected" // another stands in its place
	OrderWithdrawn OrderState = "withdrawn" // the nurse took it back before it was confirmed
)

// Limits of orders that people can see.
const (
	MaxOrders = 30 // of a place
	// OrdersAfter is how long after a conversation its orders can still be read back, confirmed and corrected: for a line
	// that was cut, and a doctor who rings back.
	OrdersAfter = 30 * time.Minute
)

// Unconfirmed says whether an order in this state counts, and the doctor has not said that it is right.
func (s OrderState) Unconfirmed() bool { return s == OrderWritten || s == OrderReadBack }

// Order is what the doctor of a call has ordered, as the nurse wrote it down or the doctor corrected it. Its text never
// changes: a correction is another order, which replaces it, and the old one stays visible.
type Order struct {
	OrderText
	ID          OrderID
	Entry       EntryID
	Version     int // counts every change; a doctor confirms the one that was on the page
	State       OrderState
	By          string // participant who wrote it: ParticipantTablet or ParticipantClinic
	Author      Person
	WrittenAt   time.Time
	ReadAt      time.Time // zero: not read back
	ConfirmedBy *Person
	ConfirmedAt time.Time // zero: not confirmed
	EndedAt     time.Time // when it was corrected or withdrawn
	Replaces    OrderID   // the one that it corrects
}

// Orders are those of a place.
type Orders struct {
	All       []Order // in the order in which they were written
	Clinician *Person // of the place's last conversation, who alone confirms; nil: nobody has talked yet
	// Until is when the last of what can happen to them can happen; zero while the conversation goes on, and before it.
	Until time.Time
}
