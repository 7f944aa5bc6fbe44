package waiting

import (
	"slices"
	"time"
	"unicode/utf8"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// side is who moves an entry.
type side string

const (
	tablet  side = "tablet"
	citizen side = "citizen" // with a phone of their own
	clinic  side = "clinic"
	guest   side = "guest" // moves itself alone (guestRules)
	system  side = "system"
)

// Moves that no request asks for by name.
const (
	moveStart    kontakt.Move = "start"
	moveGrace    kontakt.Move = "grace"
	moveClose    kontakt.Move = "close"
	moveCorrect  kontakt.Move = "correct"
	moveTakeOver kontakt.Move = "take_over"
	moveLetGo    kontakt.Move = "let_go"
	moveHandOver kontakt.Move = "hand_over"
	moveSilent   kontakt.Move = "silent"
	moveSeen     kontakt.Move = "seen"
	moveMode     kontakt.Move = "mode"

	moveWithdrawCall kontakt.Move = "withdraw_call"
)

// BelowLine is the number of unanswered calls after which an entry is shown below all others.
const BelowLine = 3

// Reasons that a person may give for leaving or ending; the screens have a button for each.
var (
	leaveReasons = []string{"left", kontakt.ReasonNotRelevant}
	endReasons   = []string{"done", "no_contact", "phone", "rebook", kontakt.ReasonWrongPatient}
)

// Reasons of the other ends.
const (
	reasonRemoved   = "removed"
	reasonClosed    = "closed"
	reasonCorrected = "corrected"
)

type rule struct {
	from []kontakt.EntryState
	to   kontakt.EntryState // "": the state stays
	by   []side
}

var (
	standing = []kontakt.EntryState{kontakt.EntryWaiting}
	ringing  = []kontakt.EntryState{kontakt.EntryCalled}
	lined    = []kontakt.EntryState{kontakt.EntryWaiting, kontakt.EntryCalled}
	talking  = []kontakt.EntryState{kontakt.EntryInCall, kontakt.EntryInterrupted}
	anyOpen  = []kontakt.EntryState{kontakt.EntryWaiting, kontakt.EntryCalled, kontakt.EntryInCall, kontakt.EntryInterrupted}
	gone     = []kontakt.EntryState{kontakt.EntryLeft}
)

var rules = map[kontakt.Move]rule{
	moveStart:             {standing, kontakt.EntryCalled, []side{clinic}},
	kontakt.MoveAnswer:    {ringing, kontakt.EntryInCall, []side{tablet}},
	kontakt.MoveNotNow:    {ringing, kontakt.EntryWaiting, []side{tablet}},
	kontakt.MoveWait:      {ringing, kontakt.EntryCalled, []side{tablet}},
	kontakt.MoveNoAnswer:  {ringing, kontakt.EntryWaiting, []side{clinic, system}},
	kontakt.MoveLeave:     {lined, kontakt.EntryLeft, []side{tablet, citizen, clinic}},
	moveCorrect:           {lined, kontakt.EntryLeft, []side{tablet}},
	kontakt.MoveRemove:    {lined, kontakt.EntryLeft, []side{clinic}},
	kontakt.MoveRestore:   {gone, kontakt.EntryWaiting, []side{clinic}},
	moveClose:             {standing, kontakt.EntryLeft, []side{system}},
	kontakt.MoveTransfer:  {anyOpen, kontakt.EntryWaiting, []side{clinic}},
	kontakt.MoveLost:      {talking, kontakt.EntryInterrupted, []side{tablet, clinic}},
	kontakt.MoveLive:      {talking, kontakt.EntryInCall, []side{tablet, clinic}},
	moveGrace:             {talking, kontakt.EntryWaiting, []side{system}},
	kontakt.MoveEnd:       {talking, kontakt.EntryEnded, []side{tablet, clinic}},
	kontakt.MoveWithdraw:  {lined, kontakt.EntryLeft, []side{tablet}},
	moveWithdrawCall:      {talking, kontakt.EntryEnded, []side{tablet}},
	kontakt.MovePlace:     {lined, "", []side{clinic}},
	kontakt.MoveUrgent:    {lined, "", []side{clinic}},
	moveMode:              {anyOpen, "", []side{tablet, clinic}},
	moveTakeOver:          {anyOpen, "", []side{tablet, citizen}},
	moveLetGo:             {lined, "", []side{tablet}},
	moveHandOver:          {anyOpen, "", []side{tablet}},
	kontakt.MoveEmergency: {anyOpen, "", []side{tablet}},
	kontakt.MoveHere:      {anyOpen, "", []side{tablet}},
	kontakt.MoveAway:      {anyOpen, "", []side{tablet}},
	moveSilent:            {anyOpen, "", []side{system}},
	moveSeen:              {anyOpen, "", []side{system}},
}

// place is an entry with the tablets that hold it and the call under way, if any.
type place struct {
	entry   store.Entry
	holders []store.Holder // the first first
	call    *store.Call
}

// act is what somebody does to a place. Only move, by and now always apply.
type act struct {
	move         kontakt.Move
	by           side
	now          time.Time
	device       kontakt.DeviceID // the tablet
	who          kontakt.EmployeeID
	municipality kontakt.MunicipalityID // who's
	to           kontakt.EmployeeID     // the colleague of a transfer, or of a hand-over
	toDevice     kontakt.DeviceID       // the tablet of a hand-over
	reason       string                 // a word of the move's list, or words of the one who acts
	urgent       bool
	mode         kontakt.Mode
	limits       limits
}

// limits are the times that the rules go by.
type limits struct {
	ring, prolong time.Duration
}

// change is what a move did, beside the new place.
type change struct {
	none  bool           // the fact was known
	line  bool           // others' places or texts may have changed
	ended bool           // the call has ended
	over  []store.Holder // holds that went over to another tablet
}

// move is the whole of what may happen to a place; it touches neither clock nor database. The call of a start is made
// by the caller, and so is the rank of one that is placed.
func (p place) move(a act) (place, change, error) {
	r, known := rules[a.move]
	if !known || !slices.Contains(r.by, a.by) || !a.reasonFits() {
		return p, change{}, &kontakt.Error{Op: "waiting.move", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	if msg := p.refuses(a, r); msg != "" {
		return p, change{}, &kontakt.Error{Op: "waiting.move", Kind: kontakt.Conflict, Msg: msg}
	}
	if p.knows(a) {
		return p, change{none: true}, nil
	}
	was := p.entry.State
	if p.call != nil {
		call := *p.call
		p.call = &call
	}
	p.step(a)
	p.hold(a)
	if r.to != "" {
		p.entry.State = r.to
	}
	if p.entry.State != kontakt.EntryInterrupted {
		p.entry.LostAt = time.Time{}
	}
	c := change{over: p.goOver(a.now)}
	if p.call != nil && was != kontakt.EntryWaiting && (p.entry.State == kontakt.EntryWaiting || !p.entry.State.Open()) {
		p.call.EndedAt, p.call.Reason = a.now, callReason(a)
		p.entry.Call, p.entry.PostponedTo = "", time.Time{}
		c.ended = true
	}
	c.line = inLine(was) != inLine(p.entry.State) || slices.Contains(tellsLine, a.move)
	return p, c, nil
}

// tellsLine are the moves that change what others read although nobody joins or leaves the line: their places, or that
// one behind them is called.
var tellsLine = []kontakt.Move{moveStart, kontakt.MoveNoAnswer, kontakt.MoveNotNow, kontakt.MovePlace, kontakt.MoveUrgent, kontakt.MoveTransfer}

// refuses says why what the table allows in general can't be here and now; "" where it can.
func (p place) refuses(a act, r rule) kontakt.MsgKey {
	elsewhere := p.elsewhere(a.by, a.device)
	switch {
	case elsewhere && a.move == kontakt.MoveAnswer:
		return kontakt.MsgAnswered
	case !slices.Contains(r.from, p.entry.State):
		return kontakt.MsgWrongState
	case elsewhere && (r.to != "" || a.move == moveMode):
		return kontakt.MsgAnswered
	case elsewhere && a.move == moveTakeOver && p.entry.State == kontakt.EntryInCall && !p.silent(p.call.Device):
		return kontakt.MsgAnswered
	case a.move == kontakt.MoveWait && p.call.Prolonged:
		return kontakt.MsgWrongState
	case a.move == kontakt.MoveRestore && !restorable(p.entry, a.now):
		return kontakt.MsgNotRemoved
	}
	return ""
}

// elsewhere says whether a tablet looks at a conversation that another one has.
func (p place) elsewhere(by side, device kontakt.DeviceID) bool {
	return by == tablet && slices.Contains(talking, p.entry.State) && p.call.Device != device
}

// knows says whether a report or a wish says nothing new.
func (p place) knows(a act) bool {
	e := p.entry
	h, holds := p.holder(a.device)
	switch a.move {
	case kontakt.MoveLost:
		return e.State == kontakt.EntryInterrupted
	case kontakt.MoveLive:
		return e.State == kontakt.EntryInCall
	case kontakt.MoveUrgent:
		return e.Urgent == a.urgent
	case moveMode:
		return e.Mode == a.mode
	case kontakt.MoveTransfer:
		return e.State == kontakt.EntryWaiting && e.HandedTo == a.to
	case moveTakeOver:
		engaged := slices.Contains(talking, e.State) && p.call.Device != a.device
		return a.by == tablet && holds && e.Device == a.device && e.Helper == a.who && !engaged
	case kontakt.MoveEmergency:
		return !e.EmergencyAt.IsZero()
	case kontakt.MoveHere, kontakt.MoveAway:
		return !holds || h.Away == (a.move == kontakt.MoveAway)
	case moveSilent, moveSeen:
		return !holds || h.NoContact == (a.move == moveSilent)
	case moveHandOver:
		return !holds || h.NextDevice == a.toDevice && h.NextHelper == a.to
	}
	return false
}

// step changes entry and call as the move says.
func (p *place) step(a act) {
	e := &p.entry
	switch a.move {
	case moveStart:
		e.Notice, e.Call, e.PostponedTo = "", p.call.ID, time.Time{}
		p.call.RingUntil = a.now.Add(a.limits.ring)
		if len(p.holders) == 1 {
			p.call.Device = p.holders[0].Device
		}
	case kontakt.MoveAnswer:
		p.call.StartedAt, p.call.Device = a.now, a.device
		e.StartedAt, e.Notice, e.PostponedTo, e.NoAnswers = a.now, "", time.Time{}, 0
		e.HandedTo, e.HandedBy = "", ""
	case kontakt.MoveWait:
		p.call.Prolonged = true
		p.call.RingUntil = a.now.Add(a.limits.prolong)
		e.PostponedTo = p.call.RingUntil
	case kontakt.MoveNoAnswer:
		e.NoAnswers++
		e.NoAnswerAt, e.Notice = a.now, kontakt.MsgNoAnswer
	case moveGrace:
		e.FrontAt, e.StartedAt = a.now, time.Time{}
	case kontakt.MoveTransfer:
		e.HandedTo, e.HandedBy = a.to, a.who
		if p.call != nil {
			e.FrontAt, e.StartedAt, e.Notice = a.now, time.Time{}, kontakt.MsgHandedOver
		}
	case moveMode:
		e.Mode = a.mode
	case kontakt.MoveLost:
		e.LostAt = a.now
	case kontakt.MoveLeave, kontakt.MoveEnd:
		p.over(a, a.reason, "")
	case moveCorrect:
		p.over(a, reasonCorrected, "")
	case kontakt.MoveWithdraw, moveWithdrawCall:
		p.over(a, kontakt.ReasonWithdrawn, kontakt.MsgWithdrawn)
	case kontakt.MoveEmergency:
		e.EmergencyAt = a.now
	case moveClose:
		p.over(a, reasonClosed, kontakt.MsgClosedOnYou)
	case kontakt.MoveRemove:
		p.over(a, reasonRemoved, kontakt.MsgRemoved)
		e.EndWords = a.reason
	case kontakt.MoveRestore:
		e.EndedAt, e.EndedBy, e.EndReason, e.EndWords, e.Notice = time.Time{}, "", "", "", ""
	case kontakt.MovePlace:
		e.OrderedBy, e.OrderReason = a.who, a.reason
	case kontakt.MoveUrgent:
		e.Urgent, e.OrderedBy, e.OrderReason = a.urgent, a.who, a.reason
	}
}

func (p *place) over(a act, reason string, notice kontakt.MsgKey) {
	p.entry.EndedAt, p.entry.EndedBy, p.entry.EndReason, p.entry.Notice = a.now, string(a.by), reason, notice
}

func (a act) reasonFits() bool {
	switch a.move {
	case kontakt.MoveLeave:
		return slices.Contains(leaveReasons, a.reason)
	case moveLetGo:
		return slices.Contains(leaveReasons, a.reason) || a.reason == "" // that of a correction
	case kontakt.MoveEnd:
		return slices.Contains(endReasons, a.reason)
	case kontakt.MoveRemove, kontakt.MovePlace, moveTakeOver:
		return wordsFit(a.reason)
	case kontakt.MoveUrgent:
		return wordsFit(a.reason) || a.reason == "" && !a.urgent
	}
	return a.reason == ""
}

func wordsFit(s string) bool { return s != "" && utf8.RuneCountInString(s) <= kontakt.MaxReason }

// callReason is what the call's room is told.
func callReason(a act) string {
	switch a.move {
	case kontakt.MoveEnd:
		if a.reason == kontakt.ReasonWrongPatient {
			return a.reason // the other side stops at once, and is asked why too
		}
		return string(a.by)
	case moveGrace:
		return "interrupted"
	case kontakt.MoveLeave, moveCorrect:
		return "left"
	case kontakt.MoveRemove:
		return reasonRemoved
	case kontakt.MoveWithdraw, moveWithdrawCall:
		return kontakt.ReasonWithdrawn
	}
	return string(a.move)
}

// inLine says whether a citizen in this state stands in the line before others.
func inLine(s kontakt.EntryState) bool { return s == kontakt.EntryWaiting || s == kontakt.EntryCalled }
