package history_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
)

// sim is a waiting room that is right, of which a history is recorded: what it does happens at one instant each, and
// whoever asks sees only when the question went out and the answer came in.
type sim struct {
	rng      *rand.Rand
	now      time.Duration
	h        *history.History
	clinic   kontakt.ClinicID
	citizens []kontakt.CitizenID
	tablets  []kontakt.DeviceID
	staff    []kontakt.EmployeeID
	places   []*history.Entry
	keys     int
	number   int
	tablet   *history.Reader // follows all places
	page     *history.Reader // follows the clinic
	again    bool            // a tablet may take over what it holds
}

func simulate(seed uint64, ops int, again bool) *history.History {
	s := &sim{
		again: again, rng: rand.New(rand.NewPCG(seed, 1)), clinic: kontakt.NewClinicID(),
		h: &history.History{
			Engine: "sim", Seed: seed, Staff: map[kontakt.EmployeeID]string{}, Home: map[kontakt.CitizenID]kontakt.ClinicID{},
			MaxRing: time.Minute, Final: history.Final{Log: map[kontakt.Room][]history.Event{}}, Drained: true,
		},
	}
	for range 12 {
		s.citizens = append(s.citizens, kontakt.NewCitizenID())
		s.h.Home[s.citizens[len(s.citizens)-1]] = s.clinic
	}
	for i := range 3 {
		s.tablets = append(s.tablets, kontakt.NewDeviceID())
		s.staff = append(s.staff, kontakt.NewEmployeeID())
		s.h.Staff[s.staff[i]] = fmt.Sprintf("Læge %d", i)
	}
	s.tablet, s.page = s.h.NewReader("tablet"), s.h.NewReader("page")
	s.tablet.Whole, s.page.Whole = true, true
	s.page.Note(history.Saw{Room: kontakt.ClinicRoom(s.clinic), Type: history.From})
	for range ops {
		s.step()
	}
	s.drain()
	for _, e := range s.places {
		s.h.Final.Entries = append(s.h.Final.Entries, *e)
	}
	return s.h
}

func (s *sim) step() {
	s.now += time.Millisecond
	switch n := s.rng.IntN(10); {
	case n < 2 || len(s.places) == 0:
		s.join()
	case n < 3:
		s.list()
	case n < 4:
		s.do(history.Look, s.any(), 0)
	default:
		moves := []history.Kind{
			history.Start, history.Start, history.Answer, history.Answer, history.NotNow, history.NoAnswer, history.End, history.Leave,
			history.Away, history.Here,
		}
		s.do(moves[s.rng.IntN(len(moves))], s.any(), s.rng.IntN(3))
	}
}

func (s *sim) any() *history.Entry { return s.places[max(0, len(s.places)-1-s.rng.IntN(6))] }

// op is one whose moment is now, asked for a little before and answered a little after.
func (s *sim) op(kind history.Kind, who int) history.Op {
	s.keys++
	return history.Op{
		Client: fmt.Sprintf("client %d", who), Kind: kind, Key: fmt.Sprintf("key-%d", s.keys), Clinic: s.clinic, Device: s.tablets[who], Staff: s.staff[who],
		Begun: s.now - time.Duration(s.rng.IntN(5000))*time.Microsecond, Done: s.now + time.Duration(s.rng.IntN(5000))*time.Microsecond,
	}
}

// add keeps an operation; now and then its answer is lost, and mostly it is then sent again under its key and gets the
// stored reply.
func (s *sim) add(op history.Op) {
	if op.Outcome != history.OK || op.Key == "" || s.rng.IntN(5) > 0 {
		s.h.Add(op)
		return
	}
	lost := op
	lost.Outcome, lost.Got, lost.Saw = history.Unknown, nil, nil
	s.h.Add(lost)
	if s.rng.IntN(4) > 0 {
		op.Begun, op.Done = op.Done+3*time.Millisecond, op.Done+9*time.Millisecond
		s.h.Add(op)
	}
}

func (s *sim) changed(e *history.Entry, state kontakt.EntryState, call kontakt.CallID) {
	e.Version++
	e.State, e.Call = state, call
	typ := kontakt.EventEntryChanged
	if state == kontakt.EntryCalled {
		typ = kontakt.EventEntryCalled
	}
	event := history.Event{Type: typ, Entry: e.Entry, State: state, Version: e.Version}
	if state == kontakt.EntryCalled {
		event.Call = call
	}
	for _, room := range []kontakt.Room{kontakt.EntryRoom(e.Entry), kontakt.ClinicRoom(s.clinic)} {
		event.Seq = kontakt.Seq(len(s.h.Final.Log[room]) + 1)
		s.h.Final.Log[room] = append(s.h.Final.Log[room], event)
		reader := s.tablet
		if room == kontakt.ClinicRoom(s.clinic) {
			reader = s.page
		}
		if reader == s.tablet && event.Seq == 1 {
			reader.Note(history.Saw{Room: room, Type: history.From})
		}
		reader.Note(history.Saw{Room: room, Seq: event.Seq, Type: event.Type, State: event.State, Version: event.Version})
	}
	s.tablet.Believe(e.Place)
}

func (s *sim) join() {
	who := s.rng.IntN(len(s.tablets))
	op := s.op(history.Join, who)
	op.Citizen = s.citizens[s.rng.IntN(len(s.citizens))]
	for _, e := range s.places {
		if e.Citizen != op.Citizen || !e.State.Open() {
			continue
		}
		if op.Over = s.again && e.Device == op.Device; op.Over { // takes over what it holds, which changes nothing
			got := e.Place
			op.Outcome, op.Got = history.OK, &got
		} else {
			op.Outcome, op.Why, op.Msg = history.Refused, kontakt.Conflict, kontakt.MsgAlreadyWaiting
			op.Params = map[string]string{"n": fmt.Sprint(e.Number)}
		}
		s.add(op)
		return
	}
	s.number++
	e := &history.Entry{Clinic: s.clinic, Citizen: op.Citizen, Device: op.Device, Day: "2026-11-23"}
	e.Entry, e.Number = kontakt.NewEntryID(), s.number
	s.places = append(s.places, e)
	s.changed(e, kontakt.EntryWaiting, "")
	got := e.Place
	op.Outcome, op.Got = history.OK, &got
	s.add(op)
}

func (s *sim) list() {
	op := s.op(history.List, s.rng.IntN(len(s.staff)))
	op.Outcome, op.Key = history.OK, ""
	for _, e := range s.places {
		if e.State.Open() {
			op.Saw = append(op.Saw, e.Place)
		}
	}
	s.add(op)
}

func (s *sim) do(kind history.Kind, e *history.Entry, who int) {
	op := s.op(kind, who)
	op.Entry, op.Version = e.Entry, e.Version
	to, call, ok := s.next(kind, e, who)
	switch {
	case kind == history.Look:
		op.Key = ""
	case kind == history.Start && e.Call != "":
		if holder := s.holder(e.Call); holder != s.staff[who] {
			op.Outcome, op.Why, op.Msg = history.Refused, kontakt.Conflict, kontakt.MsgAlreadyClaimed
			op.Params = map[string]string{"navn": s.h.Staff[holder]}
			s.add(op)
			return
		}
	case !ok:
		op.Outcome, op.Why, op.Msg = history.Refused, kontakt.Conflict, kontakt.MsgWrongState
		s.add(op)
		return
	default:
		if kind == history.Start {
			s.h.Final.Calls = append(s.h.Final.Calls, history.Call{ID: call, Entry: e.Entry, Staff: s.staff[who]})
		}
		s.changed(e, to, call)
	}
	got := e.Place
	op.Outcome, op.Got = history.OK, &got
	s.add(op)
}

func (s *sim) holder(id kontakt.CallID) kontakt.EmployeeID {
	for _, c := range s.h.Final.Calls {
		if c.ID == id {
			return c.Staff
		}
	}
	return ""
}

// next is the sim's own rule book.
func (s *sim) next(kind history.Kind, e *history.Entry, who int) (to kontakt.EntryState, call kontakt.CallID, ok bool) {
	switch kind {
	case history.Start:
		return kontakt.EntryCalled, kontakt.NewCallID(), e.State == kontakt.EntryWaiting
	case history.Answer:
		return kontakt.EntryInCall, e.Call, e.State == kontakt.EntryCalled
	case history.NotNow, history.NoAnswer:
		return kontakt.EntryWaiting, "", e.State == kontakt.EntryCalled
	case history.End:
		return kontakt.EntryEnded, "", e.State == kontakt.EntryInCall
	case history.Leave:
		return kontakt.EntryLeft, "", e.State == kontakt.EntryWaiting || e.State == kontakt.EntryCalled
	case history.Here, history.Away:
		return e.State, e.Call, e.State.Open()
	}
	return e.State, e.Call, true
}

func (s *sim) drain() {
	for _, e := range s.places {
		for e.State.Open() {
			s.now += 20 * time.Millisecond
			s.do(map[kontakt.EntryState]history.Kind{
				kontakt.EntryWaiting: history.Start, kontakt.EntryCalled: history.Answer, kontakt.EntryInCall: history.End,
			}[e.State], e, 0)
		}
	}
}
