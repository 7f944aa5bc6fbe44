package drill

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
)

// msgNoGuests: nobody is invited to what is not real.
const msgNoGuests kontakt.MsgKey = "drill.no_guests"

// msgNoRound: nothing is planned in what is not real.
const msgNoRound kontakt.MsgKey = "drill.no_round"

// Clinician plays the clinic's end of a call.
type Clinician interface {
	// Talk plays until ctx ends. in brings the tablet's signals, and what it says goes to out, which does not wait. rate
	// tells, at each change, what the path between them carries, in bits a second: 0 as much as there is, negative nothing.
	Talk(ctx context.Context, in <-chan kontakt.Signal, out func(kontakt.Signal), rate <-chan int)
}

// house is what a drill has in place of a backend: the waiting rooms of the played clinics. It is app's Tablet, Signins,
// Line, Calls, Guests, Cards, Orders, Summaries, Records, Handovers, Rounds and Stream.
type house struct {
	scenario  app.Scenario
	clinician Clinician
	now       func() time.Time
	sleep     func(context.Context, time.Duration) error

	mu      sync.Mutex
	changed chan struct{} // closed at each change of entries
	deliver func(app.Event)
	entries []*kontakt.Entry // as they were drawn
	talks   map[kontakt.EntryID]*talk
	cards   map[kontakt.EntryID]kontakt.Card
	orders  map[kontakt.EntryID][]kontakt.Order
	after   after
	drawn   int // numbers
	ids     int
}

// talk is a call that rings or is talked in.
type talk struct {
	id   kontakt.CallID
	ctx  context.Context
	end  context.CancelFunc
	in   chan kontakt.Signal
	rate chan int
}

func newHouse(scenario app.Scenario, c Clinician, now func() time.Time, sleep func(context.Context, time.Duration) error) *house {
	return &house{
		scenario: scenario, clinician: c, now: now, sleep: sleep,
		changed: make(chan struct{}), deliver: func(app.Event) {}, talks: map[kontakt.EntryID]*talk{}, cards: map[kontakt.EntryID]kontakt.Card{},
		orders: map[kontakt.EntryID][]kontakt.Order{}, after: newAfter(),
	}
}

// Enrolled and its siblings are app.Tablet: the tablet of a drill is known, and somebody is signed in.
func (h *house) Enrolled(context.Context) (bool, error)       { return true, nil }
func (h *house) Enrol(context.Context, string) error          { return nil }
func (h *house) SignOut(context.Context) error                { return nil }
func (h *house) Relay(context.Context) (kontakt.Relay, error) { return kontakt.Relay{}, nil }
func (h *house) Follow(kontakt.Cursor)                        {}
func (h *house) Open(context.Context) (kontakt.Device, kontakt.Cursor, error) {
	return kontakt.Device{ID: deviceID, Name: "Øvelse"}, kontakt.Cursor{kontakt.DeviceRoom(deviceID): 0}, nil
}

func (h *house) Employee(context.Context) (kontakt.Person, error) {
	return kontakt.Person{ID: employeeID, Name: "Øvelse"}, nil
}

// BeginSignIn and its siblings are app.Signins: whoever signs out of a drill has ended it.
func (h *house) BeginSignIn(context.Context) (kontakt.SigninID, string, time.Duration, error) {
	return "", "", 0, refused("BeginSignIn", kontakt.MsgNotAllowed)
}
func (h *house) CancelSignIn(context.Context, kontakt.SigninID) error { return nil }
func (h *house) FinishSignIn(context.Context, kontakt.SigninID, string) (kontakt.Person, error) {
	return kontakt.Person{}, refused("FinishSignIn", kontakt.MsgNotAllowed)
}

func refused(op string, msg kontakt.MsgKey) error {
	return &kontakt.Error{Op: "drill." + op, Kind: kontakt.Forbidden, Msg: msg}
}

// Lookup knows the people of the drill and nobody else.
func (h *house) Lookup(_ context.Context, cpr kontakt.CPR, _ kontakt.ClinicID) (kontakt.Citizen, error) {
	for _, p := range people {
		known, citizen, err := p.citizen(kontakt.DateOf(h.now()))
		if err == nil && known == cpr {
			return citizen, nil
		}
	}
	return kontakt.Citizen{}, &kontakt.Error{Op: "drill.Lookup", Kind: kontakt.NotFound, Msg: kontakt.MsgCitizenUnknown}
}

// Clinics gives all three.
func (h *house) Clinics(context.Context) ([]kontakt.Clinic, error) {
	return []kontakt.Clinic{north, south, west}, nil
}

// Join draws a number.
func (h *house) Join(_ context.Context, j kontakt.Join, _ string) (kontakt.Entry, error) {
	i := slices.IndexFunc(people, func(p person) bool { return p.id == j.Citizen })
	if i < 0 {
		return kontakt.Entry{}, &kontakt.Error{Op: "drill.Join", Kind: kontakt.NotFound, Msg: kontakt.MsgNotFound}
	}
	_, citizen, err := people[i].citizen(kontakt.DateOf(h.now()))
	if err == nil {
		_, err = kontakt.ParseConsent(j.Consent)
	}
	if err != nil {
		return kontakt.Entry{}, err
	}
	if wrong := h.entry(j.Corrects); wrong != nil {
		h.change(wrong.ID, moves[kontakt.MoveLeave], func(e *kontakt.Entry) { e.State, e.EndReason = kontakt.EntryLeft, "left" })
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.entries {
		if e.Citizen.ID == citizen.ID && e.State.Open() {
			return kontakt.Entry{}, &kontakt.Error{
				Op: "drill.Join", Kind: kontakt.Conflict, Msg: kontakt.MsgAlreadyWaiting,
				Params: map[string]string{"n": strconv.Itoa(e.Number), "rolle": "øvelse", "sted": people[i].clinic.Town},
			}
		}
	}
	h.drawn++
	e := &kontakt.Entry{
		Told: j.Told, ID: kontakt.EntryID("plads_ovelse_" + strconv.Itoa(h.drawn)), Version: 1, State: kontakt.EntryWaiting,
		Presence: kontakt.PresenceHere, Mode: j.Mode, Source: source, Number: h.drawn, JoinedAt: h.now(),
		Before: lessons[h.scenario].before, Wait: kontakt.Wait{Known: true, From: 0, To: 5 * time.Minute},
		Clinic: people[i].clinic, Citizen: citizen, Device: deviceID, Helper: kontakt.Helper{Name: "Øvelse"}, Holders: 1,
		Attachment: kontakt.AttachmentOwn,
	}
	e.Cursor = kontakt.Cursor{kontakt.EntryRoom(e.ID): 0, kontakt.LineRoom(e.Clinic.ID): 0}
	h.entries = append(h.entries, e)
	h.joined(e.ID, j)
	h.stir()
	return told(e), nil
}

// Held gives the places.
func (h *house) Held(context.Context) ([]kontakt.Entry, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var open []kontakt.Entry
	for _, e := range h.entries {
		if e.State.Open() {
			open = append(open, told(e))
		}
	}
	return open, nil
}

// Entry gives one.
func (h *house) Entry(_ context.Context, id kontakt.EntryID) (kontakt.Entry, error) {
	if e := h.entry(id); e != nil {
		return *e, nil
	}
	return kontakt.Entry{}, &kontakt.Error{Op: "drill.Entry", Kind: kontakt.NotFound, Msg: kontakt.MsgPlaceLost}
}

// entry gives a copy of a place; nil: there is none.
func (h *house) entry(id kontakt.EntryID) *kontakt.Entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e := h.find(id); e != nil {
		known := told(e)
		return &known
	}
	return nil
}

// find gives a place. h.mu is held.
func (h *house) find(id kontakt.EntryID) *kontakt.Entry {
	for _, e := range h.entries {
		if e.ID == id {
			return e
		}
	}
	return nil
}

// told is a place as it is told: nobody changes it any more.
func told(e *kontakt.Entry) kontakt.Entry {
	out := *e
	out.Messages = slices.Clone(e.Messages)
	if e.Call != nil {
		call := *e.Call
		out.Call = &call
	}
	return out
}

// moves are what the tablet may ask for, and from where.
var moves = map[kontakt.Move][]kontakt.EntryState{
	kontakt.MoveLeave:  {kontakt.EntryWaiting, kontakt.EntryCalled},
	kontakt.MoveAnswer: {kontakt.EntryCalled},
	kontakt.MoveNotNow: {kontakt.EntryCalled},
	kontakt.MoveWait:   {kontakt.EntryCalled},
	kontakt.MoveEnd:    {kontakt.EntryInCall, kontakt.EntryInterrupted},
	kontakt.MoveHere:   everOpen,
	kontakt.MoveAway:   everOpen,

	kontakt.MoveEmergency: everOpen,

	kontakt.MoveWithdraw: {kontakt.EntryWaiting, kontakt.EntryCalled, kontakt.EntryInCall, kontakt.EntryInterrupted},
}

// waitTwo is how much longer it rings on request.
const waitTwo = 2 * time.Minute

// Move does what the nurse asks for.
func (h *house) Move(ctx context.Context, id kontakt.EntryID, m kontakt.Move, reason, _ string) (kontakt.Entry, error) {
	now := h.now()
	moved := h.change(id, moves[m], func(e *kontakt.Entry) {
		switch m {
		case kontakt.MoveLeave:
			e.State, e.EndReason, e.EndedBy = kontakt.EntryLeft, reason, kontakt.ParticipantTablet
		case kontakt.MoveAnswer:
			e.State, e.StartedAt, e.Notice = kontakt.EntryInCall, now, ""
			h.answered(e)
		case kontakt.MoveNotNow:
			e.State, e.Notice = kontakt.EntryWaiting, ""
		case kontakt.MoveWait:
			e.Call.RingUntil = now.Add(waitTwo)
		case kontakt.MoveEnd:
			e.State, e.EndedAt, e.EndedBy, e.EndReason = kontakt.EntryEnded, now, kontakt.ParticipantTablet, reason
		case kontakt.MoveWithdraw:
			if e.State == kontakt.EntryInCall || e.State == kontakt.EntryInterrupted {
				e.State = kontakt.EntryEnded
			} else {
				e.State = kontakt.EntryLeft
			}
			e.EndedAt, e.EndedBy, e.EndReason, e.Notice = now, kontakt.ParticipantTablet, kontakt.ReasonWithdrawn, kontakt.MsgWithdrawn
		case kontakt.MoveEmergency:
			e.EmergencyAt = now
		case kontakt.MoveHere:
			e.Presence = kontakt.PresenceHere
		case kontakt.MoveAway:
			e.Presence = kontakt.PresenceAway
		}
	})
	if !moved {
		return kontakt.Entry{}, &kontakt.Error{Op: "drill.Move", Kind: kontakt.Conflict, Msg: kontakt.MsgWrongState}
	}
	return h.Entry(ctx, id)
}

// ExplainWrong is app.Line's: there is no audit of what is not real.
func (h *house) ExplainWrong(context.Context, kontakt.EntryID, kontakt.WrongWhy, string) error {
	return nil
}

// Read marks messages as read.
func (h *house) Read(ctx context.Context, id kontakt.EntryID, messages []kontakt.MessageID, _ string) (kontakt.Entry, error) {
	now := h.now()
	h.change(id, everOpen, func(e *kontakt.Entry) {
		e.Messages = slices.Clone(e.Messages)
		for i := range e.Messages {
			if slices.Contains(messages, e.Messages[i].ID) {
				e.Messages[i].ReadAt = now
			}
		}
	})
	return h.Entry(ctx, id)
}

// Invite and its siblings are app.Guests: there are none.
func (h *house) Invite(context.Context, kontakt.EntryID, kontakt.Invite, string) (kontakt.Guest, string, bool, error) {
	return kontakt.Guest{}, "", false, refused("Invite", msgNoGuests)
}

func (h *house) Guests(context.Context, kontakt.EntryID) ([]kontakt.Guest, error) { return nil, nil }

func (h *house) RemoveGuest(context.Context, kontakt.EntryID, kontakt.GuestID, string) error {
	return refused("RemoveGuest", msgNoGuests)
}

// SetMode chooses the mode.
func (h *house) SetMode(ctx context.Context, id kontakt.EntryID, mode kontakt.Mode, _ string) (kontakt.Entry, error) {
	h.change(id, everOpen, func(e *kontakt.Entry) { e.Mode = mode })
	return h.Entry(ctx, id)
}

// Signal brings the tablet's signals to whoever plays the clinic.
func (h *house) Signal(ctx context.Context, id kontakt.CallID, signals []kontakt.Signal, _ string) error {
	h.mu.Lock()
	var to *talk
	for _, t := range h.talks {
		if t.id == id {
			to = t
		}
	}
	h.mu.Unlock()
	if to == nil {
		return &kontakt.Error{Op: "drill.Signal", Kind: kontakt.Gone, Msg: kontakt.MsgCallEnded}
	}
	for _, s := range signals {
		s.From = kontakt.ParticipantTablet
		select {
		case to.in <- s:
		case <-to.ctx.Done():
			return &kontakt.Error{Op: "drill.Signal", Kind: kontakt.Gone, Msg: kontakt.MsgCallEnded}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// TellMedia is told for nothing: who plays the clinic sees it.
func (h *house) TellMedia(context.Context, kontakt.CallID, bool) error { return nil }

// Run plays the scenario, again and again for whoever begins anew, until ctx ends.
func (h *house) Run(ctx context.Context, deliver func(app.Event)) {
	h.mu.Lock()
	h.deliver = deliver
	h.mu.Unlock()
	var calls sync.WaitGroup
	for ctx.Err() == nil {
		lessons[h.scenario].script(&play{house: h, ctx: ctx, calls: &calls})
	}
	calls.Wait()
}

// stir wakes those who wait for a change. h.mu is held.
func (h *house) stir() {
	close(h.changed)
	h.changed = make(chan struct{})
}

// everOpen are the states of a place that has not ended.
var everOpen = []kontakt.EntryState{kontakt.EntryWaiting, kontakt.EntryCalled, kontakt.EntryInCall, kontakt.EntryInterrupted}

// change changes a place that stands in one of these states, tells of it, and says whether it did. to is called under the
// house's lock. A call that is neither rung nor talked in any more ends with that.
func (h *house) change(id kontakt.EntryID, from []kontakt.EntryState, to func(*kontakt.Entry)) bool {
	h.mu.Lock()
	e := h.find(id)
	if e == nil || !slices.Contains(from, e.State) {
		h.mu.Unlock()
		return false
	}
	to(e)
	if !e.State.Open() {
		h.ended(e)
	}
	e.Version++
	e.Cursor = kontakt.Cursor{kontakt.EntryRoom(e.ID): 0, kontakt.LineRoom(e.Clinic.ID): 0}
	t := h.talks[id]
	over := t != nil && e.State != kontakt.EntryCalled && e.State != kontakt.EntryInCall
	switch {
	case over:
		delete(h.talks, id)
		e.Call = nil
	case t != nil:
		e.Cursor[kontakt.CallRoom(t.id)] = 0
	}
	changed, deliver := app.PlaceChanged{ID: e.ID, Version: e.Version, State: e.State}, h.deliver
	h.stir()
	h.mu.Unlock()
	deliver(changed)
	if over {
		t.end()
		deliver(app.CallEnded{Call: t.id})
	}
	return true
}
