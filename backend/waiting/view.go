package waiting

import (
	"slices"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/waiting/estimate"
	"kontaktlaege/internal/kontakt"
)

// viewer shows places to an actor and reads what they share once: a clinic with a hundred waiting is one list.
type viewer struct {
	s       *Service
	tx      *store.Tx
	a       kontakt.Actor
	clinics map[kontakt.ClinicID]store.Clinic
	people  map[kontakt.EmployeeID]store.Employee
	devices map[kontakt.DeviceID]store.Device
	lines   map[kontakt.ClinicID]line

	citizens map[kontakt.CitizenID]store.Citizen
	letters  map[kontakt.EntryID][]store.Message
	cards    map[kontakt.EntryID]store.Card

	unconfirmed map[kontakt.EntryID]int // orders
}

// line is what a clinic's places in the line are told from.
type line struct {
	spots  map[kontakt.EntryID]spot
	waits  *estimate.Line
	called time.Time // when the clinic last pressed Start
}

func (s *Service) viewer(tx *store.Tx, a kontakt.Actor) *viewer {
	return &viewer{
		s: s, tx: tx, a: a, clinics: map[kontakt.ClinicID]store.Clinic{}, people: map[kontakt.EmployeeID]store.Employee{},
		devices: map[kontakt.DeviceID]store.Device{}, lines: map[kontakt.ClinicID]line{},
		citizens: map[kontakt.CitizenID]store.Citizen{}, letters: map[kontakt.EntryID][]store.Message{},
		unconfirmed: map[kontakt.EntryID]int{},
		cards:       map[kontakt.EntryID]store.Card{},
	}
}

// once gives what is known by a key, and reads it where it is not.
func once[K comparable, V any](known map[K]V, key K, read func(K) (V, error)) (V, error) {
	if v, ok := known[key]; ok {
		return v, nil
	}
	v, err := read(key)
	if err == nil {
		known[key] = v
	}
	return v, err
}

// view is a place as the actor may see it.
func (s *Service) view(tx *store.Tx, p place, a kontakt.Actor) (kontakt.Entry, error) {
	return s.viewer(tx, a).view(p)
}

// views are several, in their order.
func (s *Service) views(tx *store.Tx, all []store.Entry, a kontakt.Actor) ([]kontakt.Entry, error) {
	v := s.viewer(tx, a)
	list := make([]kontakt.Entry, len(all))
	for i, e := range all {
		p, err := withCall(tx, e)
		if err != nil {
			return nil, err
		}
		if list[i], err = v.view(p); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (v *viewer) view(p place) (kontakt.Entry, error) {
	e := p.entry
	shown := kontakt.Entry{
		ID: e.ID, Version: e.Version, State: e.State, Presence: presence(p.holders), Holders: len(p.holders),
		Attachment: e.Attachment, PlannedAt: e.PlannedAt, NoBooking: e.NoBooking, Urgent: e.Urgent, EndReason: e.EndReason, EndWords: e.EndWords,
		Mode: e.Mode, Source: e.Source, Number: e.Number,
		Told: e.Told, JoinedAt: e.JoinedAt, Notice: e.Notice, Device: e.Device, NoAnswers: e.NoAnswers, NoAnswerAt: e.NoAnswerAt,
		PostponedTo: e.PostponedTo, EmergencyAt: e.EmergencyAt, StartedAt: e.StartedAt, EndedAt: e.EndedAt, EndedBy: e.EndedBy, Restorable: restorable(e, v.tx.Now()),
	}
	for _, fill := range []func(*viewer, place, *kontakt.Entry) error{
		(*viewer).clinic, (*viewer).citizen, (*viewer).helper, (*viewer).order, (*viewer).line, (*viewer).call, (*viewer).messages, (*viewer).orders, (*viewer).card, (*viewer).cursor,
	} {
		if err := fill(v, p, &shown); err != nil {
			return kontakt.Entry{}, err
		}
	}
	return shown, nil
}

func (v *viewer) clinic(p place, shown *kontakt.Entry) error {
	c, err := once(v.clinics, p.entry.Clinic, v.tx.Clinic)
	shown.Clinic = v.s.clinic(c, v.tx.Now())
	shown.ToldUntil = toldUntil(p.entry, shown.Clinic)
	if p.entry.Kept && p.entry.State == kontakt.EntryWaiting && !shown.Clinic.Open {
		shown.Notice = kontakt.MsgKept
	}
	return err
}

// citizen leaves the citizen and what people wrote about them out where the actor may not know: at a tablet with nobody
// signed in.
func (v *viewer) citizen(p place, shown *kontakt.Entry) error {
	if rights.Check(v.a, rights.SeeCitizen, target(p)) != nil {
		shown.Told, shown.EndWords = kontakt.Told{}, ""
		return nil
	}
	c, err := once(v.citizens, p.entry.Citizen, v.tx.Citizen)
	shown.Citizen = c.On(kontakt.DateOf(v.tx.Now()))
	return err
}

// helper is who stands by the citizen: nobody where a phone of their own holds the place.
func (v *viewer) helper(p place, shown *kontakt.Entry) (err error) {
	shown.Helper, err = v.helperOf(p.entry)
	return err
}

// helperOf is without a name where it is not known who stands there, and without a place at a phone of the citizen's own.
func (v *viewer) helperOf(e store.Entry) (kontakt.Helper, error) {
	if e.Device == "" {
		return kontakt.Helper{}, nil
	}
	var who store.Employee
	var err error
	if e.Helper != "" {
		if who, err = once(v.people, e.Helper, v.tx.Employee); err != nil {
			return kontakt.Helper{}, err
		}
	}
	d, err := once(v.devices, e.Device, v.tx.Device)
	return kontakt.Helper{Name: who.Name, Title: who.Title, Municipality: d.Organisation, Place: d.Place}, err
}

// person gives an employee as the other side may see them; nil for none.
func (v *viewer) person(id kontakt.EmployeeID) (*kontakt.Person, error) {
	if id == "" {
		return nil, nil
	}
	who, err := once(v.people, id, v.tx.Employee)
	return &kontakt.Person{ID: who.ID, Name: who.Name, Title: who.Title}, err
}

// order tells what a clinician has made of the place. Why it stands where it does is the clinic's own business.
func (v *viewer) order(p place, shown *kontakt.Entry) error {
	var err error
	if shown.HandedTo, err = v.person(p.entry.HandedTo); err != nil || sideOf(v.a) != clinic {
		return err
	}
	if shown.HandedBy, err = v.person(p.entry.HandedBy); err != nil {
		return err
	}
	by, err := v.person(p.entry.OrderedBy)
	if by != nil {
		shown.Moved = &kontakt.MovedBy{By: *by, Reason: p.entry.OrderReason}
	}
	return err
}

// line derives the place in the line, the wait, and that another was taken first.
func (v *viewer) line(p place, shown *kontakt.Entry) error {
	if p.entry.State != kontakt.EntryWaiting {
		return nil
	}
	l, err := once(v.lines, p.entry.Clinic, v.lineOf)
	if err != nil {
		return err
	}
	at := l.spots[p.entry.ID]
	shown.Before = at.before
	shown.Wait = late(l.waits.Wait(shown.Before), shown.Clinic, l.called, v.tx.Now())
	if at.passed && shown.Notice == "" {
		shown.Notice = kontakt.MsgPassed
	}
	return nil
}

func (v *viewer) lineOf(id kontakt.ClinicID) (l line, err error) {
	entries, err := v.tx.Line(id)
	if err != nil {
		return l, err
	}
	l.spots = spots(entries)
	l.waits, l.called, err = waitsOf(v.tx, id, entries)
	return l, err
}

// call is shown to the clinic, to every tablet that it rings at, and once it is answered to the one that did.
func (v *viewer) call(p place, shown *kontakt.Entry) error {
	if p.call == nil {
		return nil
	}
	if slices.Contains(talking, p.entry.State) && sideOf(v.a) == tablet && p.call.Device != v.a.Device {
		shown.Notice = kontakt.MsgAnswered
		return nil
	}
	who, err := v.person(p.call.Clinician)
	if err != nil {
		return err
	}
	shown.Call = &kontakt.EntryCall{ID: p.call.ID, Clinician: *who}
	if p.entry.State == kontakt.EntryCalled {
		shown.Call.RingUntil = p.call.RingUntil
	}
	return nil
}

// cursor stands at the end of the rooms that the actor reads an entry from: a tablet the entry, the line while the
// place is held, and the call that is its own; staff the call, since they have their clinic's room from the list.
func (v *viewer) cursor(p place, shown *kontakt.Entry) error {
	var rooms []kontakt.Room
	if sideOf(v.a) != clinic {
		rooms = append(rooms, kontakt.EntryRoom(p.entry.ID))
	}
	if sideOf(v.a) == tablet && p.entry.State.Open() {
		rooms = append(rooms, kontakt.LineRoom(p.entry.Clinic))
	}
	if p.call != nil && (sideOf(v.a) == clinic || p.call.Device == v.a.Device) {
		rooms = append(rooms, kontakt.CallRoom(p.call.ID))
	}
	var err error
	shown.Cursor, err = v.tx.Cursor(rooms...)
	return err
}
