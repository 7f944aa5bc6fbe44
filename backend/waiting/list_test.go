package waiting_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// asked counts how often database and driver look whether a context has ended: for each statement and, on SQLite, each row.
// On PostgreSQL the store has a context of its own, so it tells nothing there.
type asked struct {
	context.Context
	times *atomic.Int64
}

func (a asked) Done() <-chan struct{} {
	a.times.Add(1)
	return a.Context.Done()
}

// Each place is of a tablet and a nurse of its own, so nothing but reading them in one go keeps the statements few.
func TestList_manyWhoWaitAreReadWithAsManyStatementsAsFew(t *testing.T) {
	const few, more = 3, 20
	w := newWorld(t, few+more)
	nurses := make([]kontakt.Actor, few+more)
	w.update(func(tx *store.Tx) error {
		var errs []error
		for i := range nurses {
			d := store.Device{Device: kontakt.Device{ID: kontakt.NewDeviceID(), Name: "Tablet", Municipality: w.lone.Municipality}, PublicKey: []byte{1}}
			name := fmt.Sprintf("Nurse %d", i)
			e := store.Employee{ID: kontakt.NewEmployeeID(), Issuer: "idp", Subject: name, Name: name, Role: kontakt.RoleNurse, Municipality: w.lone.Municipality}
			_, err := tx.SaveEmployee(e)
			errs = append(errs, tx.AddDevice(d), err)
			nurses[i] = kontakt.Actor{Role: kontakt.RoleNurse, Employee: e.ID, Name: name, Municipality: e.Municipality, Device: d.ID, Session: kontakt.NewSessionID()}
		}
		return errors.Join(errs...)
	})
	list := func(want int) int64 {
		t.Helper()
		ctx := asked{w.as(w.dorte), new(atomic.Int64)}
		all, _, err := w.rooms.List(ctx)
		if err != nil || len(all) != want {
			t.Fatalf("%d places, %v", len(all), err)
		}
		for i, e := range all {
			if e.Helper.Name != nurses[i].Name || e.Before != i {
				t.Errorf("place %d: %d before, at %q", i, e.Before, e.Helper.Name)
			}
		}
		return ctx.times.Load()
	}
	for i := range few {
		w.join(nurses[i], i)
	}
	before := list(few)
	for i := range more {
		w.join(nurses[few+i], few+i)
	}
	// A row of each of the six statements asks once; a statement for each place would ask about ten times more.
	if got := list(few + more); got >= before+10*more {
		t.Errorf("the context was asked %d times for %d places, and %d times for %d more", before, few, got, more)
	}
}
