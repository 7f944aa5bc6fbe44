package app

import (
	"maps"
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

// The nurse's day (M1, M8): the visits of her round as the backend has them, the list of her unit, and what reminds her of
// both. The places in the waiting rooms stand beside them, in State.Aside; a visit that has a place is one row with it.

// Plan is the round of who is signed in. It is the backend's, and fetched again whenever it may have changed.
type Plan struct {
	Known  bool
	Visits []kontakt.RoundVisit // open ones in their order, then the others, the last to end first
	Missed []kontakt.RoundVisit // of the unit: nobody came to them
	Nudge  *Nudge               // what she is to be reminded of now; nil: nothing

	ahead time.Duration // the backend's clock before the tablet's
	rooms kontakt.Cursor
	read  int                           // counts what was read: a timer lives as long as the times that it was set by
	told  map[kontakt.VisitID]NudgeWhen // the last reminder of each visit
}

// NudgeWhen is how late it is for a planned visit, from early to late.
type NudgeWhen int

// The reminders of a visit.
const (
	NudgeSoon NudgeWhen = iota + 1 // ten minutes before
	NudgeNow
	NudgeLate // five minutes after
)

// nudges are the times of the reminders, from the planned time on.
var nudges = map[NudgeWhen]time.Duration{NudgeSoon: -10 * time.Minute, NudgeNow: 0, NudgeLate: 5 * time.Minute}

// Nudge is a reminder. It has no name: others may look at the screen.
type Nudge struct {
	Visit     kontakt.VisitID
	When      NudgeWhen
	Place     string // where to go; "": not known
	PlannedAt time.Time
}

// Row is a line of the day: a visit, a place in a waiting room, or both.
type Row struct {
	Visit kontakt.RoundVisit // ID "": the citizen was put into a queue without one
	Place *Place             // nil: none that this tablet holds
}

// Citizen is whom the row is about; nil while nobody is signed in.
func (r Row) Citizen() *Citizen {
	if r.Place != nil && r.Place.Citizen != nil || r.Visit.ID == "" {
		return r.Place.Citizen
	}
	c := citizenOf(r.Visit.Citizen)
	return &c
}

// Where is where to go: a place in the house; "": not known.
func (r Row) Where() string { return r.Visit.Place }

// PlannedAt is when; zero: no time.
func (r Row) PlannedAt() time.Time {
	if r.Visit.ID == "" {
		return r.Place.PlannedAt
	}
	return r.Visit.PlannedAt
}

// Over says whether there is nothing left to do.
func (r Row) Over() bool { return r.Place == nil && !r.Visit.State.Open() }

// Tap is what a tap on the row asks for; nil: nothing.
func (r Row) Tap() Event {
	switch {
	case r.Place != nil:
		return TapPlace{r.Place.ID}
	case r.Visit.State.Open():
		return TapVisit{r.Visit.ID}
	}
	return nil
}

// Rows are the day: those who wait without a visit, the visits in their order, and those that are over.
func (s State) Rows() []Row {
	var waiting, rows []Row
	var taken []kontakt.EntryID
	for _, v := range s.Plan.Visits {
		row := Row{Visit: v}
		if p := s.placeOf(v); p != nil && !slices.Contains(taken, p.ID) {
			row.Place, taken = p, append(taken, p.ID)
		}
		rows = append(rows, row)
	}
	for i := range s.Aside {
		if p := &s.Aside[i]; !slices.Contains(taken, p.ID) {
			waiting = append(waiting, Row{Place: p})
		}
	}
	return append(waiting, rows...)
}

// RowOf gives the row of a visit, and how many open ones there are.
func (s State) RowOf(id kontakt.VisitID) (Row, int) {
	for _, r := range s.Rows() {
		if r.Visit.ID == id {
			return r, s.Plan.open()
		}
	}
	return Row{Place: &Place{}}, s.Plan.open()
}

// placeOf gives the place that stands aside of a visit's citizen: the backend says so, or is about to.
func (s State) placeOf(v kontakt.RoundVisit) *Place {
	for i, p := range s.Aside {
		own := p.Citizen != nil && p.Citizen.ID == v.Citizen.ID && v.Entry == "" && v.State == kontakt.VisitPlanned
		if p.ID == v.Entry || own && p.State.Open() {
			return &s.Aside[i]
		}
	}
	return nil
}

// Go is what the nurse is to do next, and how soon.
type Go struct {
	Row   Row
	Calls bool // the clinic calls
	Next  bool // the citizen is the next in the queue
	Now   bool // go now; else there is time
}

// Next gives it, by the backend's clock: who is called, who is the next in a queue, or the first who is planned. The
// first in the list is not always the first in time: the nurse has moved it there.
func (s State) Next(now time.Time) (Go, bool) {
	rows := s.Rows()
	for _, r := range rows {
		if r.Place != nil && r.Place.calling() {
			return Go{Row: r, Calls: true, Now: true}, true
		}
	}
	for _, r := range rows {
		if r.Place != nil && r.Place.State == kontakt.EntryWaiting && !r.Place.Elsewhere && r.Place.Before == 0 {
			return Go{Row: r, Next: true, Now: true}, true
		}
	}
	for _, r := range rows {
		if r.Place == nil && r.Visit.State == kontakt.VisitPlanned {
			at := r.Visit.PlannedAt
			return Go{Row: r, Now: at.IsZero() || !now.Before(at.Add(nudges[NudgeSoon]))}, true
		}
	}
	return Go{}, false
}

// Planned says whether there is a day to show.
func (s State) Planned() bool {
	return len(s.Aside) > 0 || slices.ContainsFunc(s.Plan.Visits, func(v kontakt.RoundVisit) bool { return v.State.Open() })
}

// Reminds gives the reminder that is shown: none over a ring or a conversation, and none while nobody is signed in.
func (s State) Reminds() *Nudge {
	switch s.Screen.(type) {
	case Called, InCall:
		return nil
	}
	if !s.Employee.SignedIn() || s.Settings.NoNudges {
		return nil
	}
	return s.Plan.Nudge
}

// visit gives one of the round; nil: it is not there.
func (p Plan) visit(id kontakt.VisitID) *kontakt.RoundVisit {
	for i := range p.Visits {
		if p.Visits[i].ID == id {
			return &p.Visits[i]
		}
	}
	return nil
}

// Visit gives one of the round, as the backend has it.
func (p Plan) Visit(id kontakt.VisitID) (kontakt.RoundVisit, bool) {
	if v := p.visit(id); v != nil {
		return *v, true
	}
	return kontakt.RoundVisit{}, false
}

// open counts the visits that are still to come, or go on. They are the first of the list.
func (p Plan) open() int {
	n := slices.IndexFunc(p.Visits, func(v kontakt.RoundVisit) bool { return !v.State.Open() })
	if n < 0 {
		return len(p.Visits)
	}
	return n
}

// now gives the backend's clock for a time of the tablet's.
func (p Plan) now(at time.Time) time.Time { return at.Add(p.ahead) }

// taken is the plan with a round as it was fetched, at a time of the tablet's.
func (p Plan) taken(r kontakt.Round, at time.Time) Plan {
	first := !p.Known
	p.Known, p.Visits, p.rooms, p.ahead = true, r.Visits, r.Cursor, r.Now.Sub(at)
	p.read++
	p = p.remind(r.Now)
	if first {
		p.Nudge = nil // the day itself is shown, and what is late stands there
	}
	return p
}

// remind takes in what time it is: of what is newly due the latest is told.
func (p Plan) remind(now time.Time) Plan {
	if n := p.Nudge; n != nil {
		if v := p.visit(n.Visit); v == nil || v.State != kontakt.VisitPlanned {
			p.Nudge = nil
		}
	}
	told := maps.Clone(p.told)
	if told == nil {
		told = map[kontakt.VisitID]NudgeWhen{}
	}
	for _, v := range p.Visits {
		if v.PlannedAt.IsZero() || v.State != kontakt.VisitPlanned {
			continue
		}
		for when := NudgeLate; when > told[v.ID]; when-- {
			if !now.Before(v.PlannedAt.Add(nudges[when])) {
				told[v.ID] = when
				p.Nudge = &Nudge{Visit: v.ID, When: when, Place: v.Place, PlannedAt: v.PlannedAt}
				break
			}
		}
	}
	p.told = told
	return p
}

// timer wakes for the next reminder, from now on.
func (p Plan) timer(now time.Time) []Effect {
	var next time.Time
	for _, v := range p.Visits {
		for when, after := range nudges {
			at := v.PlannedAt.Add(after)
			if v.State == kontakt.VisitPlanned && !v.PlannedAt.IsZero() && when > p.told[v.ID] && at.After(now) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	if next.IsZero() {
		return nil
	}
	return []Effect{After{next.Sub(now), NudgeDue{next}}}
}

// moved has a visit stand elsewhere among the open ones.
func (p Plan) moved(id kontakt.VisitID, to int) Plan {
	n := p.open()
	open := slices.Clone(p.Visits[:n])
	from := slices.IndexFunc(open, func(v kontakt.RoundVisit) bool { return v.ID == id })
	if from < 0 || to < 1 || to > n {
		return p
	}
	v := open[from]
	open = slices.Insert(slices.Delete(open, from, from+1), to-1, v)
	for i := range open {
		open[i].Position = i + 1
	}
	p.Visits = append(open, p.Visits[n:]...)
	return p
}

// ended has a visit be over.
func (p Plan) ended(id kontakt.VisitID, as kontakt.VisitState) Plan {
	n := p.open()
	var open, over []kontakt.RoundVisit
	for _, v := range p.Visits[:n] {
		if v.ID != id {
			v.Position = len(open) + 1
			open = append(open, v)
			continue
		}
		if v.State, v.Position = as, 0; as == kontakt.VisitMissed {
			p.Missed = append(slices.Clone(p.Missed), v)
		} else {
			over = append(over, v)
		}
	}
	p.Visits = slices.Concat(open, over, p.Visits[n:])
	if p.Nudge != nil && p.Nudge.Visit == id {
		p.Nudge = nil
	}
	return p
}

// The screens.
type (
	// AboutVisit: what else can be done with a visit than going there.
	AboutVisit struct {
		ID      kontakt.VisitID
		Problem Sentence
	}
	// PlanVisit: a citizen is put on the round for later. Where to go is in the widget.
	PlanVisit struct {
		Citizen Citizen
		At      time.Time // zero: no time
		Busy    bool
		Problem Sentence
	}
	// MissedVisits: the unit's list of visits that nobody came to.
	MissedVisits struct {
		Taking  kontakt.VisitID // "": none
		Problem Sentence
	}
	// ImportFaults: why a list was not put on the round.
	ImportFaults struct{ Faults []kontakt.RowFault }
)

func (AboutVisit) screen()   {}
func (PlanVisit) screen()    {}
func (MissedVisits) screen() {}
func (ImportFaults) screen() {}

// The taps.
type (
	// TapGo goes where the nurse is to go next: to a place in a queue or, where there is none, to a visit.
	TapGo struct {
		Place kontakt.EntryID
		Visit kontakt.VisitID
	}
	// TapVisit goes to the citizen of a visit, as if the number had been keyed; TapVisitMore shows what else can be done.
	TapVisit     struct{ ID kontakt.VisitID }
	TapVisitMore struct{ ID kontakt.VisitID }
	// TapVisitUp and TapVisitDown move the visit that is shown among the open ones; TapVisitDone, TapVisitMissed and
	// TapVisitDrop end it.
	TapVisitUp     struct{}
	TapVisitDown   struct{}
	TapVisitDone   struct{}
	TapVisitMissed struct{}
	TapVisitDrop   struct{}
	// TapPlanVisit puts the citizen that is read back on the round for later; TapPlanLater, TapPlanEarlier and TapPlanAnytime
	// change the time, and TapAddVisit does it. The machine fills At.
	TapPlanVisit   struct{}
	TapPlanLater   struct{ At time.Time }
	TapPlanEarlier struct{ At time.Time }
	TapPlanAnytime struct{}
	TapAddVisit    struct{ Where string }
	// TapImport puts a list (CSV) on the round.
	TapImport struct{ List []byte }
	// TapImportUnread: the file could not be read.
	TapImportUnread struct{}
	// TapMissed shows the unit's list; TapTakeVisit takes one of it into the round.
	TapMissed    struct{}
	TapTakeVisit struct{ ID kontakt.VisitID }
	// TapNudge goes to the visit of the reminder; TapNudgeLater puts the reminder away.
	TapNudge      struct{}
	TapNudgeLater struct{}
	// TapRecent goes on with a citizen who was here before in this session.
	TapRecent struct{ ID kontakt.CitizenID }
)

// Answers, words from the stream, and the timer.
type (
	// RoundFetched answers FetchRound and, with Change, whatever changes the round. By is whose it is; At is the tablet's clock.
	RoundFetched struct {
		By      kontakt.EmployeeID
		Round   kontakt.Round
		At      time.Time
		Change  bool
		Faults  []kontakt.RowFault // of a list: nothing of it was put on the round
		Failure Failure
	}
	// MissedFetched answers FetchMissed.
	MissedFetched struct {
		By      kontakt.EmployeeID
		Missed  []kontakt.RoundVisit
		Failure Failure
	}
	// RoundChanged: a nurse's round is to be fetched again.
	RoundChanged struct{ Employee kontakt.EmployeeID }
	// UnitChanged: the list of the unit is.
	UnitChanged struct{}
	// NudgeDue: it is time for a reminder, by the backend's clock.
	NudgeDue struct{ At time.Time }
)

// What Step wants done.
type (
	// FetchRound and FetchMissed ask for the round and for the unit's list.
	FetchRound  struct{ By kontakt.EmployeeID }
	FetchMissed struct{ By kontakt.EmployeeID }
	// AddVisit, MoveVisit, EndVisit, ImportRound and TakeVisit change the round.
	AddVisit struct {
		By   kontakt.EmployeeID
		Plan kontakt.VisitPlan
	}
	MoveVisit struct {
		By kontakt.EmployeeID
		ID kontakt.VisitID
		To int
	}
	EndVisit struct {
		By kontakt.EmployeeID
		ID kontakt.VisitID
		As kontakt.VisitState
	}
	ImportRound struct {
		By   kontakt.EmployeeID
		List []byte
	}
	TakeVisit struct {
		By kontakt.EmployeeID
		ID kontakt.VisitID
	}
)

func (TapGo) event()           {}
func (TapVisit) event()        {}
func (TapVisitMore) event()    {}
func (TapVisitUp) event()      {}
func (TapVisitDown) event()    {}
func (TapVisitDone) event()    {}
func (TapVisitMissed) event()  {}
func (TapVisitDrop) event()    {}
func (TapPlanVisit) event()    {}
func (TapPlanLater) event()    {}
func (TapPlanEarlier) event()  {}
func (TapPlanAnytime) event()  {}
func (TapAddVisit) event()     {}
func (TapImport) event()       {}
func (TapImportUnread) event() {}
func (TapMissed) event()       {}
func (TapTakeVisit) event()    {}
func (TapNudge) event()        {}
func (TapNudgeLater) event()   {}
func (TapRecent) event()       {}
func (RoundFetched) event()    {}
func (MissedFetched) event()   {}
func (RoundChanged) event()    {}
func (UnitChanged) event()     {}
func (NudgeDue) event()        {}
