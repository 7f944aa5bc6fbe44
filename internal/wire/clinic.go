package wire

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// ClinicView answers GET /api/v1/clinic: who is signed in, where, and how the room stands.
type ClinicView struct {
	Clinic  Clinic   `json:"clinic"`
	Staff   Employee `json:"staff"`
	Role    string   `json:"role"`    // kontakt.Role
	Booking string   `json:"booking"` // kontakt.BookingPolicy
	MayKeep bool     `json:"may_keep,omitempty"`
	// ClearsAt is when those who wait still are taken off the line after a closing; absent: open, or they keep their places.
	ClearsAt *time.Time `json:"clears_at,omitempty"`
}

// ClinicEntries answers GET /api/v1/clinic/entries: the open entries in the order in which they are to be seen, then those
// that can be restored still and those that have ended with orders that can be confirmed still.
type ClinicEntries struct {
	Entries []ClinicEntry `json:"entries"`
	Cursor  string        `json:"cursor"` // of the clinic's room
	Now     time.Time     `json:"now"`
}

// ClinicEntry is a place in the waiting room as the clinic sees it.
type ClinicEntry struct {
	ID       string `json:"id"`
	Version  int    `json:"version"`
	State    string `json:"state"`
	Presence string `json:"presence"`
	Mode     string `json:"mode"`
	Source   string `json:"source"`
	Number   int    `json:"number"`
	Name     string `json:"name"`
	Age      int    `json:"age"`
	Masked   string `json:"masked"`
	kontakt.Told
	Card        *CardMark  `json:"card,omitempty"`
	JoinedAt    time.Time  `json:"joined_at"`
	Helper      *Helper    `json:"helper,omitempty"`
	Call        *EntryCall `json:"call,omitempty"`
	NoAnswerAt  *time.Time `json:"no_answer_at,omitempty"`
	NoAnswers   int        `json:"no_answers,omitempty"`
	PostponedTo *time.Time `json:"postponed_to,omitempty"` // the nurse asked for two minutes
	Holders     int        `json:"holders"`                // tablets that hold the place
	Attachment  string     `json:"attachment"`             // kontakt.Attachment
	PlannedAt   *time.Time `json:"planned_at,omitempty"`
	// ToldUntil is the end of the wait that the citizen was told with the number, by the clock: past it, the clinic is
	// told that it takes longer than was said.
	ToldUntil *time.Time `json:"told_until,omitempty"`
	NoBooking bool       `json:"no_booking,omitempty"`
	Urgent    bool       `json:"urgent,omitempty"`
	// EmergencyAt is when 112 was called beside the citizen.
	EmergencyAt *time.Time `json:"emergency_at,omitempty"`
	Moved       *Moved     `json:"moved,omitempty"`
	HandedTo    *Employee  `json:"handed_to,omitempty"`
	HandedBy    *Employee  `json:"handed_by,omitempty"`
	Messages    []Message  `json:"messages,omitempty"`
	Restorable  bool       `json:"restorable,omitempty"` // its removal can be taken back still
	// RestoreUntil is how long it can.
	RestoreUntil *time.Time `json:"restore_until,omitempty"`
	Unconfirmed  int        `json:"unconfirmed,omitempty"` // orders that the doctor has not confirmed
	// ConfirmUntil is how long a place that has ended stands in the list on their account.
	ConfirmUntil *time.Time `json:"confirm_until,omitempty"`
}

// Moved says that the clinic changed the order, and why.
type Moved struct {
	By     Employee `json:"by"`
	Reason string   `json:"reason"`
}

// Helper is the employee beside the citizen.
type Helper struct {
	Name         string `json:"name"`
	Title        string `json:"title"`
	Municipality string `json:"municipality"`
	Place        string `json:"place"`
}

// StartRequest calls a citizen in: POST /api/v1/clinic/entries/{id}/start.
type StartRequest struct {
	Version int `json:"version"` // of the row that was shown
}

// StartReply answers it.
type StartReply struct {
	Entry  ClinicEntry `json:"entry"`
	Cursor string      `json:"cursor"` // of the call's room
	Relay  Relay       `json:"relay"`
}

// OpeningRequest opens or closes the room: POST /api/v1/clinic/opening.
type OpeningRequest struct {
	Open   bool   `json:"open"`
	Reason string `json:"reason,omitempty"` // shown to those who ask; at most 120 characters
	Keep   bool   `json:"keep,omitempty"`   // closing: those who wait keep their places till the next opening
}

// PlaceRequest gives a place in the order: POST /api/v1/clinic/entries/{id}/place.
type PlaceRequest struct {
	Before string `json:"before,omitempty"` // the entry that it is put before; absent: last
	Reason string `json:"reason"`           // at most 120 characters
}

// UrgentRequest puts a place before all others, or back: POST /api/v1/clinic/entries/{id}/urgent.
type UrgentRequest struct {
	Urgent bool   `json:"urgent"`
	Reason string `json:"reason,omitempty"` // needed for urgent
}

// RemoveRequest ends a place: POST /api/v1/clinic/entries/{id}/remove.
type RemoveRequest struct {
	Reason string `json:"reason"` // shown to the citizen; at most 120 characters
}

// TransferRequest hands a place to a colleague: POST /api/v1/clinic/entries/{id}/transfer.
type TransferRequest struct {
	To string `json:"to"` // employee
}

// Staff answers GET /api/v1/clinic/staff: the clinic's clinicians.
type Staff struct {
	Staff []Employee `json:"staff"`
}

// MessageRequest writes to one place, or to everybody who waits: POST /api/v1/clinic/entries/{id}/message and
// /api/v1/clinic/message.
type MessageRequest struct {
	Text string `json:"text"` // at most 300 characters
}

// MessageReply answers the second.
type MessageReply struct {
	Sent int `json:"sent"` // places
}

// DelayRequest says how late the clinic is: POST /api/v1/clinic/delay.
type DelayRequest struct {
	Minutes int `json:"minutes"` // 0 to 240; 0: no longer
}
