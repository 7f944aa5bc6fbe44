package kontakt

import (
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// VisitState is how far a visit of a round has come.
//
//	planned ⇄ under way       while the citizen's place is open; one that is given up leaves the visit planned
//	under way → done          the conversation has ended
//	planned → done, dropped   the nurse says so
//	planned → missed          she says so, or it is late; a colleague of the unit takes it over: planned again
type VisitState string

// The states of a visit. VisitUnderWay is derived from the place that the visit is tied to, never stored.
const (
	VisitPlanned  VisitState = "planned"
	VisitUnderWay VisitState = "under_way"
	VisitDone     VisitState = "done"
	VisitMissed   VisitState = "missed" // stands on the unit's list
	VisitDropped  VisitState = "dropped"
)

// Open says whether a visit in this state is still to come, or goes on.
func (s VisitState) Open() bool { return s == VisitPlanned || s == VisitUnderWay }

// Limits of a round that people can see.
const (
	MaxVisits     = 30 // open ones
	MaxPlace      = 40 // characters
	HandoverLives = time.Minute
)

// fewestCPRDigits is what is left of a CPR number whose leading zero was eaten.
const fewestCPRDigits = 9

// Round is a nurse's citizens in the order in which she goes to them.
type Round struct {
	Visits []RoundVisit // open ones first, in their order; then the others, the last first
	Now    time.Time    // by the backend's clock, which the planned times go by
	Cursor Cursor       // of the round's room
}

// RoundVisit is one citizen of a round.
type RoundVisit struct {
	ID        VisitID
	Position  int // 1 to n among the open ones; 0 for the others
	State     VisitState
	Citizen   Citizen // as a look-up tells: with the own clinic and who covers for it
	Place     string  // where to go: "stue 4"
	PlannedAt time.Time
	Entry     EntryID // place in a waiting room that the visit is tied to; "": none
	Nurse     Person  // whose round it is or was
}

// VisitPlan asks for a visit.
type VisitPlan struct {
	Citizen   CitizenID
	Place     string
	PlannedAt time.Time // zero: no time
}

// RoundRow is a row of a list that becomes a visit.
type RoundRow struct {
	Line      int
	CPR       CPR
	Place     string
	PlannedAt time.Time
}

// RowFault is what is wrong with a row of a list, or with all of it (Line 0). It repeats nothing of what stands there.
type RowFault struct {
	Line   int
	Msg    MsgKey
	Params map[string]string
}

// Handover is the offer of all that a nurse has on her tablet, and of the rest of her round, to whoever has its code.
type Handover struct {
	ID         HandoverID
	From       Person
	ExpiresAt  time.Time // on the tablet's side by its own clock (wire.ToHandover)
	AcceptedAt time.Time // zero: by nobody yet
	AcceptedBy *Person
}

// Accepted is what a hand-over brought.
type Accepted struct {
	Handover Handover
	Places   []Entry // that this tablet holds now
	Later    int     // places in a call, which come when it ends
	Round    Round
}

// ParseRoundPlace makes one plain line of where to go. A CPR number is refused: it has no business there.
func ParseRoundPlace(s string) (string, error) {
	s = PlainName(s)
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	switch {
	case utf8.RuneCountInString(s) > MaxPlace:
		return "", &Error{Op: "kontakt.ParseRoundPlace", Kind: Invalid, Msg: MsgVisitPlace, Params: map[string]string{"n": strconv.Itoa(MaxPlace)}}
	case digits >= fewestCPRDigits:
		return "", &Error{Op: "kontakt.ParseRoundPlace", Kind: Invalid, Msg: MsgVisitPlaceCPR}
	}
	return s, nil
}
