package waiting

import (
	"context"
	"slices"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// staff gives the actor where they may do the action at their own clinic.
func (s *Service) staff(ctx context.Context, do rights.Action) (kontakt.Actor, error) {
	a, err := actor(ctx)
	if err != nil {
		return a, err
	}
	return a, rights.Check(a, do, rights.Target{Clinic: a.Clinic})
}

// List gives the open entries in the order in which they are to be seen, after them those whose removal can be taken back
// still and those that ended with orders that can be confirmed still, and the cursor of the clinic's room.
func (s *Service) List(ctx context.Context) ([]kontakt.Entry, kontakt.Cursor, error) {
	a, err := s.staff(ctx, rights.SeeClinic)
	if err != nil {
		return nil, nil, err
	}
	var list []kontakt.Entry
	var at kontakt.Cursor
	err = s.db.View(ctx, func(tx *store.Tx) error {
		if at, err = tx.Cursor(kontakt.ClinicRoom(a.Clinic)); err != nil {
			return err
		}
		all, err := places(tx, a.Clinic)
		if err != nil {
			return err
		}
		v := s.viewer(tx, a)
		if err := v.prepare(a.Clinic, all); err != nil {
			return err
		}
		list = make([]kontakt.Entry, len(all))
		for i, p := range all {
			if list[i], err = v.view(p); err != nil {
				return err
			}
		}
		return nil
	})
	return list, at, err
}

// places gives what List shows.
func places(tx *store.Tx, at kontakt.ClinicID) ([]place, error) {
	entries, err := tx.OpenEntries(at)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(entries, order)
	holders, err := tx.ClinicHolders(at)
	if err != nil {
		return nil, err
	}
	calls, err := tx.ClinicCalls(at)
	if err != nil {
		return nil, err
	}
	all := make([]place, len(entries))
	row := map[kontakt.EntryID]int{}
	waits := map[kontakt.CitizenID]bool{}
	for i, e := range entries {
		all[i].entry, row[e.ID], waits[e.Citizen] = e, i, true
	}
	for _, h := range holders {
		p := &all[row[h.Entry]]
		p.holders = append(p.holders, h)
	}
	for _, c := range calls {
		all[row[c.Entry]].call = &c
	}
	removed, err := tx.RemovedEntries(at, tx.Now().Add(-kontakt.RestoreWithin))
	if err != nil {
		return nil, err
	}
	removed = slices.DeleteFunc(removed, func(e store.Entry) bool { return waits[e.Citizen] })
	unconfirmed, err := tx.UnconfirmedEntries(at, tx.Now().Add(-kontakt.OrdersAfter))
	if err != nil {
		return nil, err
	}
	for _, e := range append(removed, unconfirmed...) {
		if _, twice := row[e.ID]; twice {
			continue
		}
		holders, err := tx.Holders(e.ID)
		if err != nil {
			return nil, err
		}
		row[e.ID] = len(all)
		all = append(all, place{entry: e, holders: holders})
	}
	return all, nil
}

// prepare reads in one go what the views of a clinic's places would read one by one.
func (v *viewer) prepare(at kontakt.ClinicID, all []place) error {
	who, err := v.tx.ClinicCitizens(at)
	if err != nil {
		return err
	}
	for _, c := range who {
		v.citizens[c.ID] = c
	}
	helpers, err := v.tx.ClinicHelpers(at)
	if err != nil {
		return err
	}
	for _, h := range helpers {
		v.people[h.ID] = h
	}
	devices, err := v.tx.ClinicDevices(at)
	if err != nil {
		return err
	}
	for _, d := range devices {
		v.devices[d.ID] = d
	}
	letters, err := v.tx.ClinicMessages(at, messagesShown)
	if err != nil {
		return err
	}
	orders, err := v.tx.ClinicUnconfirmed(at)
	if err != nil {
		return err
	}
	cards, err := v.tx.ClinicCards(at)
	if err != nil {
		return err
	}
	for _, p := range all {
		v.unconfirmed[p.entry.ID] = orders[p.entry.ID]
		if p.entry.State.Open() {
			v.letters[p.entry.ID], v.cards[p.entry.ID] = nil, store.Card{}
		}
	}
	for _, c := range cards {
		v.cards[c.Entry] = c
	}
	for _, m := range letters {
		v.letters[m.Entry] = append(v.letters[m.Entry], m)
	}
	return nil
}

// restorable says whether the clinic can take its removal back still.
func restorable(e store.Entry, now time.Time) bool {
	return e.EndReason == reasonRemoved && now.Sub(e.EndedAt) <= kontakt.RestoreWithin
}

// drawnAgain refuses to give a removed place back to a citizen who has a new one.
func drawnAgain(tx *store.Tx, e store.Entry) error {
	held, err := tx.OpenEntry(e.Citizen, e.Clinic)
	if kontakt.KindOf(err) == kontakt.NotFound || err == nil && held.ID == e.ID {
		return nil
	}
	if err == nil {
		err = &kontakt.Error{Op: "waiting.Move", Kind: kontakt.Conflict, Msg: kontakt.MsgNotRemoved}
	}
	return err
}

// Start claims the entry and calls the citizen in. The same clinician again gets the same call; another is told who was
// first.
func (s *Service) Start(ctx context.Context, id kontakt.EntryID, version int) (kontakt.Entry, error) {
	return s.changeEntry(ctx, id, rights.Start, func(tx *store.Tx, p place, a kontakt.Actor) (place, error) {
		refused := func(why kontakt.MsgKey) (place, error) {
			return p, &kontakt.Error{Op: "waiting.Start", Kind: kontakt.Conflict, Msg: why}
		}
		switch {
		case p.call != nil && p.call.Clinician == a.Employee:
			return p, nil
		case p.call != nil:
			return p, claimedBy(tx, p.call.Clinician)
		case p.entry.State != kontakt.EntryWaiting:
			return refused(kontakt.MsgWrongState)
		case p.entry.Version != version:
			return refused(kontakt.MsgVersion)
		}
		busy, err := tx.Busy(p.entry)
		if err != nil {
			return p, err
		}
		if busy {
			return refused(kontakt.MsgBusy)
		}
		p.call = &store.Call{ID: kontakt.NewCallID(), Entry: id, Clinic: p.entry.Clinic, Clinician: a.Employee, CreatedAt: tx.Now()}
		return s.apply(tx, p, actOf(a, moveStart), rights.Start)
	})
}

func claimedBy(tx *store.Tx, id kontakt.EmployeeID) error {
	who, err := tx.Employee(id)
	if err != nil {
		return err
	}
	return &kontakt.Error{Op: "waiting.Start", Kind: kontakt.Conflict, Msg: kontakt.MsgAlreadyClaimed, Params: map[string]string{"navn": who.Name}}
}

// Clinic gives the actor's own clinic.
func (s *Service) Clinic(ctx context.Context) (kontakt.Clinic, error) {
	a, err := s.staff(ctx, rights.SeeClinic)
	if err != nil {
		return kontakt.Clinic{}, err
	}
	var found kontakt.Clinic
	err = s.db.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Clinic(a.Clinic)
		if err != nil {
			return err
		}
		found, err = s.shown(tx, c)
		return err
	})
	return found, err
}

// Staff gives the clinicians of the actor's clinic to whom a place can be handed over, by name.
func (s *Service) Staff(ctx context.Context) ([]kontakt.Person, error) {
	a, err := s.staff(ctx, rights.SeeClinic)
	if err != nil {
		return nil, err
	}
	var found []kontakt.Person
	err = s.db.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Employees(a.Clinic)
		found = nil
		for _, e := range all {
			if e.Role == kontakt.RoleClinician && e.ID != a.Employee {
				found = append(found, kontakt.Person{ID: e.ID, Name: e.Name, Title: e.Title})
			}
		}
		return err
	})
	return found, err
}
