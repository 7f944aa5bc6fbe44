package wire

import "time"

// ClinicView answers GET /api/v1/clinic: who is signed in, where, and how the room stands.
type ClinicView struct {
	Clinic   Clinic   `json:"clinic"`
	Staff    Employee `json:"staff"`
	Role     string   `json:"role"`      // kontakt.Role
	RingTime int      `json:"ring_time"` // seconds
}

// ClinicEntries answers GET /api/v1/clinic/entries: the open entries in the order in which they are to be seen.
type ClinicEntries struct {
	Entries []ClinicEntry `json:"entries"`
	Cursor  string        `json:"cursor"` // of the clinic's room
	Now     time.Time     `json:"now"`
}

// ClinicEntry is a place in the waiting room as the clinic sees it.
type ClinicEntry struct {
	ID          string     `json:"id"`
	Version     int        `json:"version"`
	State       string     `json:"state"`
	Presence    string     `json:"presence"`
	Mode        string     `json:"mode"`
	Source      string     `json:"source"`
	Number      int        `json:"number"`
	Name        string     `json:"name"`
	Age         int        `json:"age"`
	Masked      string     `json:"masked"`
	Reason      string     `json:"reason,omitempty"`
	JoinedAt    time.Time  `json:"joined_at"`
	Helper      *Helper    `json:"helper,omitempty"`
	Call        *EntryCall `json:"call,omitempty"`
	NoAnswerAt  *time.Time `json:"no_answer_at,omitempty"`
	NoAnswers   int        `json:"no_answers,omitempty"`
	PostponedTo *time.Time `json:"postponed_to,omitempty"` // the nurse asked for two minutes
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
}
