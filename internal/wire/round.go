package wire

import "time"

// Round answers GET /api/v1/round, and each change of it: the employee's own.
type Round struct {
	Visits []RoundVisit `json:"visits"` // open ones first, in their order; then the others, the last to end first
	Cursor string       `json:"cursor"` // of the round's room
	Now    time.Time    `json:"now"`
}

// RoundVisit is one citizen of a round.
type RoundVisit struct {
	ID        string     `json:"id"`
	Position  int        `json:"position,omitempty"` // 1 to n among the open ones; absent for the others
	State     string     `json:"state"`              // planned, under_way, done, missed, dropped
	Citizen   Citizen    `json:"citizen"`            // as a look-up tells
	Place     string     `json:"place,omitempty"`
	PlannedAt *time.Time `json:"planned_at,omitempty"`
	Entry     string     `json:"entry,omitempty"` // place in a waiting room that it is tied to
	Nurse     *Employee  `json:"nurse,omitempty"` // whose round it is or was; absent where that is not known
}

// VisitRequest puts a citizen on the round: POST /api/v1/round/visits.
type VisitRequest struct {
	Citizen   string     `json:"citizen"`         // id, of a look-up
	Place     string     `json:"place,omitempty"` // where to go, at most 40 characters, no CPR number
	PlannedAt *time.Time `json:"planned_at,omitempty"`
}

// VisitMoveRequest gives a visit another position: POST /api/v1/round/visits/{id}/move.
type VisitMoveRequest struct {
	To int `json:"to"` // from 1; beyond the end it is the last
}

// RoundImportRequest puts a list of visits on the round: POST /api/v1/round/import. The list is a table as Excel writes it, with
// cpr;tid;sted in its first line.
type RoundImportRequest struct {
	List []byte `json:"list"` // base64
}

// RoundImportReply answers it. Where there are faults nothing was put on the round, and it is not told.
type RoundImportReply struct {
	Round  *Round     `json:"round,omitempty"`
	Faults []RowFault `json:"faults,omitempty"`
}

// RowFault is what is wrong with a row; it repeats nothing of what stands there.
type RowFault struct {
	Line   int               `json:"line"`
	Msg    string            `json:"msg"`
	Params map[string]string `json:"params,omitempty"`
}

// MissedVisits answers GET /api/v1/round/missed: the list of the tablet's unit, the one that has waited longest first.
type MissedVisits struct {
	Visits []RoundVisit `json:"visits"`
}

// HandoverReply answers POST /api/v1/handovers. Code is shown once, and worth nothing without a session of another employee
// of the same municipality.
type HandoverReply struct {
	Handover Handover `json:"handover"`
	Code     string   `json:"code"`
}

// Handover is an offer of a tablet's places and the rest of a round; it also answers GET /api/v1/handovers/{id}.
type Handover struct {
	ID         string     `json:"id"`
	From       Employee   `json:"from"`
	ExpiresIn  int        `json:"expires_in"` // seconds; 0: it has run out
	AcceptedAt *time.Time `json:"accepted_at,omitempty"`
	AcceptedBy *Employee  `json:"accepted_by,omitempty"`
}

// AcceptRequest takes what a code offers: POST /api/v1/handovers/accept.
type AcceptRequest struct {
	Code string `json:"code"`
}

// AcceptReply answers it.
type AcceptReply struct {
	Handover Handover `json:"handover"`
	Entries  []Entry  `json:"entries"`         // that this tablet holds now
	Later    int      `json:"later,omitempty"` // places in a call, which come when it has ended
	Round    Round    `json:"round"`
}

// VisitMissed is the Data of an EventVisitMissed.
type VisitMissed struct {
	Visit string `json:"visit"`
}

// HandoverAccepted is the Data of an EventHandoverAccepted.
type HandoverAccepted struct {
	Handover string `json:"handover"`
}

// HandedOver is the Data of an EventHandedOver.
type HandedOver struct {
	Entry string `json:"entry"`
}
