package wire

import "time"

// Summary answers GET /api/v1/summaries/{id}: one conversation for the care journal, to the nurse whose it is.
type Summary struct {
	ID        string    `json:"id"`
	Version   int       `json:"version"`
	Entry     string    `json:"entry"`
	URL       string    `json:"url"` // opens it at a PC: for a QR code
	ExpiresAt time.Time `json:"expires_at"`

	Citizen      Citizen    `json:"citizen"`
	Clinician    Speaker    `json:"clinician"`
	Clinic       string     `json:"clinic"` // its name
	Helper       Speaker    `json:"helper"`
	Municipality string     `json:"municipality"` // its name
	Others       []string   `json:"others"`       // kinds of guest: nurse, relative, interpreter, other
	Mode         string     `json:"mode"`
	From         time.Time  `json:"from"`
	To           time.Time  `json:"to"`
	EndedBy      string     `json:"ended_by"` // tablet, clinic, system
	Consent      *Consent   `json:"consent,omitempty"`
	WithdrawnAt  *time.Time `json:"withdrawn_at,omitempty"` // the consent
	Code         string     `json:"code,omitempty"`         // of the place's record of consent and presence
	Orders       []Ordered  `json:"orders"`
	Tools        []string   `json:"tools"`      // what was shared: still, text, card
	EndReason    string     `json:"end_reason"` // done, no_contact, phone, rebook, wrong_patient, transfer, interrupted …

	Agreed     string     `json:"agreed,omitempty"`
	FollowUp   string     `json:"follow_up,omitempty"`
	FollowUpAt *time.Time `json:"follow_up_at,omitempty"`
	Went       string     `json:"went,omitempty"` // good, partly, bad
}

// Ordered is an order of a conversation, as it stands at last.
type Ordered struct {
	Text        OrderText  `json:"text"`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty"` // absent: the doctor has not confirmed it
}

// Speaker is somebody in a conversation that is over, as they were called then.
type Speaker struct {
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
}

// Summaries answers GET /api/v1/summaries: those of the last day that she has not said to stand in the journal. What she
// has written, the consent and what was ordered are in each alone.
type Summaries struct {
	Summaries []Summary `json:"summaries"` // the newest first
}

// NoteRequest writes what the nurse adds to a summary, all of it: PUT /api/v1/summaries/{id} (idempotency key).
type NoteRequest struct {
	Version    int        `json:"version"` // that she read
	Agreed     string     `json:"agreed"`
	FollowUp   string     `json:"follow_up"`
	FollowUpAt *time.Time `json:"follow_up_at,omitempty"`
	Went       string     `json:"went"`
}

// NoteReply answers it. It holds none of the words: what is kept of an answer outlives what it was about.
type NoteReply struct {
	Version int `json:"version"`
}
