package waiting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func (w *world) place(a kontakt.Actor, id, before kontakt.EntryID, why string) kontakt.Entry {
	w.t.Helper()
	e, err := w.rooms.Place(w.as(a), id, before, why)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *world) urgent(a kontakt.Actor, id kontakt.EntryID, urgent bool, why string) kontakt.Entry {
	w.t.Helper()
	e, err := w.rooms.Urgent(w.as(a), id, urgent, why)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func TestE43_theClinicsOwnOrderIsSeenWithItsReasonAndTheTabletIsToldGently(t *testing.T) {
	w := newWorld(t, 3)
	first, second, third := w.join(w.lone, 0), w.join(w.mona, 1), w.join(w.mona, 2)
	clinic, line := len(w.events(kontakt.ClinicRoom(w.torvet))), len(w.events(kontakt.LineRoom(w.torvet)))
	moved := w.place(w.secr, third.ID, first.ID, "Skal nå en bus")
	w.wantList(third.Number, first.Number, second.Number)
	if moved.Number != 3 || moved.Moved == nil || moved.Moved.By.Name != "Sanne Skriver" || moved.Moved.Reason != "Skal nå en bus" {
		t.Errorf("moved = number %d, %+v", moved.Number, moved.Moved)
	}
	if c, l := len(w.events(kontakt.ClinicRoom(w.torvet)))-clinic, len(w.events(kontakt.LineRoom(w.torvet)))-line; c != 1 || l != 1 {
		t.Errorf("the clinic was told %d times, the line %d, want once each", c, l)
	}
	if seen := w.entry(w.lone, first.ID); seen.Before != 1 || seen.Notice != "" || seen.Number != 1 || seen.Version != first.Version {
		t.Errorf("who stands behind now reads before %d, %q, number %d, version %d", seen.Before, seen.Notice, seen.Number, seen.Version)
	}
	if seen := w.entry(w.mona, third.ID); seen.Before != 0 || seen.Moved != nil {
		t.Errorf("who was moved reads before %d, %+v: why is the clinic's own business", seen.Before, seen.Moved)
	}
	w.place(w.dorte, third.ID, "", "Bussen er kørt")
	w.wantList(first.Number, second.Number, third.Number)
	if got := w.audited(); got[len(got)-1] != "entry.place ok" {
		t.Errorf("audit = %v", got)
	}
	w.update(func(tx *store.Tx) error {
		rows, err := tx.Unsealed(100)
		for _, r := range rows {
			if strings.Contains(r.Reason, "bus") {
				t.Errorf("the audit tells %q", r.Reason)
			}
		}
		return err
	})
}

func TestUrgent_standsBeforeAllButWhoWasCutOffAndGoesBackWhereItStood(t *testing.T) {
	w := newWorld(t, 4)
	var all []kontakt.Entry
	for i := range 4 {
		all = append(all, w.join(w.mona, i))
	}
	w.start(w.dorte, all[3].ID)
	w.move(w.mona, all[3].ID, kontakt.MoveAnswer, "")
	w.move(w.dorte, all[3].ID, kontakt.MoveLost, "")
	w.pass(10 * time.Minute)
	w.wantList(4, 1, 2, 3)
	got := w.urgent(w.secr, all[2].ID, true, "Ondt i brystet")
	if !got.Urgent || got.Moved == nil || got.Moved.Reason != "Ondt i brystet" {
		t.Errorf("urgent = %+v", got)
	}
	w.wantList(4, 3, 1, 2)
	if again := w.urgent(w.secr, all[2].ID, true, "Ondt i brystet"); again.Version != got.Version {
		t.Error("what is urgent already was changed")
	}
	if seen := w.entry(w.mona, all[0].ID); seen.Before != 2 {
		t.Errorf("before = %d, want 2", seen.Before)
	}
	w.urgent(w.dorte, all[2].ID, false, "")
	w.wantList(4, 1, 2, 3)
	w.place(w.dorte, all[1].ID, all[3].ID, "Samme familie") // beside one who was put to the front
	w.wantList(2, 4, 1, 3)
}

func TestPlace_refusesWithoutAReasonAndWhatIsNotInTheLine(t *testing.T) {
	w := newWorld(t, 2)
	a, b := w.join(w.lone, 0), w.join(w.mona, 1)
	for name, row := range map[string]struct {
		id, before kontakt.EntryID
		why        string
		kind       kontakt.Kind
		by         kontakt.Actor
	}{
		"no reason":       {b.ID, a.ID, "", kontakt.Invalid, w.dorte},
		"too many words":  {b.ID, a.ID, strings.Repeat("å", kontakt.MaxReason+1), kontakt.Invalid, w.dorte},
		"before itself":   {b.ID, b.ID, "x", kontakt.Invalid, w.dorte},
		"before nobody":   {b.ID, kontakt.NewEntryID(), "x", kontakt.Conflict, w.dorte},
		"nobody":          {kontakt.NewEntryID(), a.ID, "x", kontakt.NotFound, w.dorte},
		"another clinic":  {b.ID, a.ID, "x", kontakt.Hidden, w.bo},
		"a nurse":         {b.ID, a.ID, "x", kontakt.Forbidden, w.mona},
		"the own citizen": {b.ID, a.ID, "x", kontakt.Forbidden, w.self(1)},
	} {
		if _, err := w.rooms.Place(w.as(row.by), row.id, row.before, row.why); kontakt.KindOf(err) != row.kind {
			t.Errorf("%s: %v, want %s", name, err, row.kind)
		}
	}
	if _, err := w.rooms.Urgent(w.as(w.dorte), b.ID, true, ""); kontakt.KindOf(err) != kontakt.Invalid {
		t.Errorf("urgent without a reason: %v", err)
	}
	w.wantList(1, 2)
	w.start(w.dorte, b.ID)
	w.move(w.mona, b.ID, kontakt.MoveAnswer, "")
	_, err := w.rooms.Place(w.as(w.dorte), b.ID, a.ID, "x")
	wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
}

func TestPlace_manyAtOnceLoseNobody(t *testing.T) {
	const n = 8
	w := newWorld(t, n)
	var all []kontakt.EntryID
	for i := range n {
		all = append(all, w.join(w.mona, i).ID)
	}
	atOnce(n, func(i int) {
		if _, err := w.rooms.Place(w.as(w.dorte), all[i], all[(i+3)%n], "vi flytter alle"); err != nil {
			t.Error(err)
		}
	})
	got := w.list()
	slices.Sort(got)
	if !slices.Equal(got, []int{1, 2, 3, 4, 5, 6, 7, 8}) {
		t.Errorf("list = %v", got)
	}
	w.place(w.dorte, all[5], all[0], "først")
	if list := w.list(); slices.Index(list, 6)+1 != slices.Index(list, 1) {
		t.Errorf("list = %v, want 6 right before 1", list)
	}
}

func TestTransfer_aCallGoesToAColleagueAtTheFront(t *testing.T) {
	w := newWorld(t, 3)
	first, second := w.join(w.lone, 0), w.join(w.mona, 1)
	if staff, err := w.rooms.Staff(w.as(w.dorte)); err != nil || len(staff) != 1 || staff[0].Name != "Palle Pind" {
		t.Errorf("staff = %+v, %v", staff, err)
	}
	if staff, err := w.rooms.Staff(w.as(w.secr)); err != nil || len(staff) != 2 || staff[0].Name != "Dorte Dam" {
		t.Errorf("staff for a secretary = %+v, %v", staff, err)
	}
	for _, state := range []kontakt.EntryState{kontakt.EntryCalled, kontakt.EntryInCall, kontakt.EntryInterrupted} {
		call := w.start(w.dorte, second.ID).Call.ID
		if state != kontakt.EntryCalled {
			w.move(w.mona, second.ID, kontakt.MoveAnswer, "")
		}
		if state == kontakt.EntryInterrupted {
			w.move(w.dorte, second.ID, kontakt.MoveLost, "")
		}
		_, err := w.rooms.Transfer(w.as(w.palle), second.ID, w.palle.Employee)
		wantError(t, err, kontakt.Conflict, kontakt.MsgAlreadyClaimed)
		for name, to := range map[string]kontakt.EmployeeID{
			"oneself": w.dorte.Employee, "a secretary": w.secr.Employee, "another clinic's": w.bo.Employee, "nobody": kontakt.NewEmployeeID(), "a nurse": w.mona.Employee,
		} {
			_, err := w.rooms.Transfer(w.as(w.dorte), second.ID, to)
			if msg, _ := kontakt.MsgOf(err); msg != kontakt.MsgNotColleague {
				t.Errorf("to %s: %v", name, err)
			}
		}
		got, err := w.rooms.Transfer(w.as(w.dorte), second.ID, w.palle.Employee)
		if err != nil || got.State != kontakt.EntryWaiting || got.Number != second.Number || got.HandedTo.Name != "Palle Pind" || got.HandedBy.Name != "Dorte Dam" || got.Call != nil {
			t.Fatalf("from %s: %+v, %v", state, got, err)
		}
		w.wantList(second.Number, first.Number)
		seen := w.entry(w.mona, second.ID)
		if seen.Notice != kontakt.MsgHandedOver || seen.HandedTo == nil || seen.HandedTo.Name != "Palle Pind" || seen.HandedBy != nil || seen.Before != 0 {
			t.Errorf("the tablet reads %q, to %+v, before %d", seen.Notice, seen.HandedTo, seen.Before)
		}
		ended := w.events(kontakt.CallRoom(call))
		if last := ended[len(ended)-1]; !strings.Contains(string(last.Data), `"transfer"`) {
			t.Errorf("the call ended with %s", last.Data)
		}
	}
	w.start(w.dorte, second.ID) // it hinders nobody
	if got := w.move(w.mona, second.ID, kontakt.MoveAnswer, ""); got.HandedTo != nil {
		t.Errorf("answered, and still to go to %+v", got.HandedTo)
	}
}

func TestTransfer_whoWaitsIsMarkedAndKeepsThePlace(t *testing.T) {
	w := newWorld(t, 2)
	first, second := w.join(w.lone, 0), w.join(w.mona, 1)
	got, err := w.rooms.Transfer(w.as(w.secr), second.ID, w.palle.Employee)
	if err != nil || got.HandedTo == nil || got.HandedTo.Name != "Palle Pind" || got.State != kontakt.EntryWaiting {
		t.Fatalf("assigned = %+v, %v", got, err)
	}
	w.wantList(first.Number, second.Number)
	if seen := w.entry(w.mona, second.ID); seen.Notice != "" || seen.Before != 1 {
		t.Errorf("the tablet reads %q, before %d", seen.Notice, seen.Before)
	}
	_, err = w.rooms.Transfer(w.as(w.bo), second.ID, w.bo.Employee)
	wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
	_, err = w.rooms.Transfer(w.as(w.mona), second.ID, w.palle.Employee)
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
}
