package wire

import "time"

// OrderText is an order in words, a line of at most 120 characters each: POST /api/v1/entries/{id}/orders (idempotency
// key). Numbers are written 0,5 and units spelled out.
type OrderText struct {
	What     string `json:"what"`
	Dose     string `json:"dose,omitempty"`
	HowOften string `json:"how_often,omitempty"`
	From     string `json:"from,omitempty"`
	Until    string `json:"until,omitempty"`
}

// Order answers it, and all that is done to one.
type Order struct {
	ID          string     `json:"id"`
	Version     int        `json:"version"`
	State       string     `json:"state"` // written, read_back, confirmed, corrected, withdrawn
	Text        OrderText  `json:"text"`
	By          string     `json:"by"` // tablet, clinic
	Author      Employee   `json:"author"`
	WrittenAt   time.Time  `json:"written_at"`
	ReadAt      *time.Time `json:"read_at,omitempty"` // when it was read back
	ConfirmedBy *Employee  `json:"confirmed_by,omitempty"`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty"`
	EndedAt     *time.Time `json:"ended_at,omitempty"` // when it was corrected or withdrawn
	Replaces    string     `json:"replaces,omitempty"` // the order that it corrects
}

// Orders answers GET /api/v1/entries/{id}/orders and /api/v1/clinic/entries/{id}/orders: all of the place, also those that
// were corrected or withdrawn.
type Orders struct {
	Orders    []Order   `json:"orders"`              // in the order in which they were written
	Clinician *Employee `json:"clinician,omitempty"` // of the last conversation, who alone confirms and corrects
	// Until is how long something can happen to them; absent while the conversation goes on.
	Until *time.Time `json:"until,omitempty"`
}

// ConfirmRequest says "rigtigt forstået": POST /api/v1/clinic/entries/{id}/orders/{order}/confirm.
type ConfirmRequest struct {
	Version int `json:"version"` // of the order that was shown
}

// CorrectRequest puts another order in its place: POST /api/v1/clinic/entries/{id}/orders/{order}/correct.
type CorrectRequest struct {
	Version int       `json:"version"` // of the order that was shown
	Text    OrderText `json:"text"`
}

// ClinicEndRequest ends a call from the clinic: POST /api/v1/clinic/entries/{id}/end.
type ClinicEndRequest struct {
	Reason string `json:"reason"` // as in EndRequest
	// Unconfirmed is how many unconfirmed orders the person was told of; where there are more, they are told first.
	Unconfirmed int `json:"unconfirmed,omitempty"`
}

// OrderChanged is the Data of an EventOrderChanged.
type OrderChanged struct {
	Order string `json:"order"`
	Entry string `json:"entry"`
	State string `json:"state"`
}
