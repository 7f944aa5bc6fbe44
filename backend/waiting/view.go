package waiting

import (
	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// recent is how many of a clinic's conversations its waiting time is told from.
const recent = 50

// view is a place as the actor may see it.
func view(tx *store.Tx, p place, a kontakt.Actor) (kontakt.Entry, error) {
	e := p.entry
	v := kontakt.Entry{
		ID: e.ID, Version: e.Version, State: e.State, Presence: presence(p.holders), Holders: len(p.holders),
		Attachment: e.Attachment, PlannedAt: e.PlannedAt, NoBooking: e.NoBooking, Urgent: e.Urgent, EndReason: e.EndReason, EndWords: e.EndWords,
		Mode: e.Mode, Source: e.Source, Number: e.Number,
		Reason: e.Reason, JoinedAt: e.JoinedAt, Notice: e.Notice, Device: e.Device, NoAnswers: e.NoAnswers, NoAnswerAt: e.NoAnswerAt,
		PostponedTo: e.PostponedTo, StartedAt: e.StartedAt, EndedAt: e.EndedAt, EndedBy: e.EndedBy,
	}
	for _, fill := range []func(*store.Tx, place, kontakt.Actor, *kontakt.Entry) error{viewClinic, viewCitizen, viewHelper, viewCall, viewLine, viewMessages, viewCursor} {
		if err := fill(tx, p, a, &v); err != nil {
			return kontakt.Entry{}, err
		}
	}
	return v, nil
}

func views(tx *store.Tx, all []store.Entry, a kontakt.Actor) ([]kontakt.Entry, error) {
	list := make([]kontakt.Entry, len(all))
	for i, e := range all {
		p, err := withCall(tx, e)
		if err != nil {
			return nil, err
		}
		if list[i], err = view(tx, p, a); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func viewClinic(tx *store.Tx, p place, _ kontakt.Actor, v *kontakt.Entry) error {
	c, err := tx.Clinic(p.entry.Clinic)
	v.Clinic = c.At(tx.Now())
	return err
}

// viewCitizen leaves the citizen and the reason out where the actor may not know them: a tablet with nobody signed in.
func viewCitizen(tx *store.Tx, p place, a kontakt.Actor, v *kontakt.Entry) error {
	if rights.Check(a, rights.SeeCitizen, target(p)) != nil {
		v.Reason = ""
		return nil
	}
	c, err := tx.Citizen(p.entry.Citizen)
	v.Citizen = c.On(kontakt.DateOf(tx.Now()))
	return err
}

func viewHelper(tx *store.Tx, p place, _ kontakt.Actor, v *kontakt.Entry) error {
	h, err := helper(tx, p.entry)
	v.Helper = h
	return err
}

func helper(tx *store.Tx, e store.Entry) (kontakt.Helper, error) {
	who, err := tx.Employee(e.Helper)
	if err != nil {
		return kontakt.Helper{}, err
	}
	d, err := tx.Device(e.Device)
	return kontakt.Helper{Name: who.Name, Title: who.Title, Municipality: d.Organisation, Place: d.Place}, err
}

func viewCall(tx *store.Tx, p place, _ kontakt.Actor, v *kontakt.Entry) error {
	if p.call == nil {
		return nil
	}
	who, err := tx.Employee(p.call.Clinician)
	v.Call = &kontakt.EntryCall{ID: p.call.ID, Clinician: kontakt.Person{ID: who.ID, Name: who.Name, Title: who.Title}}
	if p.entry.State == kontakt.EntryCalled {
		v.Call.RingUntil = p.call.RingUntil
	}
	return err
}

// viewLine derives the place in the line, the wait, and that another was taken first.
func viewLine(tx *store.Tx, p place, _ kontakt.Actor, v *kontakt.Entry) error {
	if p.entry.State != kontakt.EntryWaiting {
		return nil
	}
	line, err := tx.OpenEntries(p.entry.Clinic)
	if err != nil {
		return err
	}
	durations, err := tx.RecentDurations(p.entry.Clinic, recent)
	if err != nil {
		return err
	}
	var passed bool
	v.Before, passed = before(line, p.entry)
	v.Wait = wait(durations, v.Before)
	if passed && v.Notice == "" {
		v.Notice = kontakt.MsgPassed
	}
	return nil
}

// viewCursor stands at the end of the rooms that the actor reads an entry from: a tablet the entry, the line while the
// place is held, and the call; staff the call, since they have their clinic's room from the list.
func viewCursor(tx *store.Tx, p place, a kontakt.Actor, v *kontakt.Entry) error {
	var rooms []kontakt.Room
	if sideOf(a) == tablet {
		rooms = append(rooms, kontakt.EntryRoom(p.entry.ID))
		if p.entry.State.Open() {
			rooms = append(rooms, kontakt.LineRoom(p.entry.Clinic))
		}
	}
	if p.call != nil {
		rooms = append(rooms, kontakt.CallRoom(p.call.ID))
	}
	var err error
	v.Cursor, err = tx.Cursor(rooms...)
	return err
}
