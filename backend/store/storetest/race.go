package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// atOnce runs do so many times at the same time.
func atOnce(n int, do func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	wg.Wait()
}

// joinsAtOnce: the decision is taken as if one came after the other, and each refusal is audited once, however often the
// store had to run the change.
func joinsAtOnce(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	const nurses = 12
	var kept, conflicts atomic.Int32
	ctx := kontakt.WithActor(context.Background(), kontakt.Actor{Role: kontakt.RoleNurse, Employee: w.Nurse.ID, Device: w.Device.ID})
	errWaits := &kontakt.Error{Op: "test", Kind: kontakt.Conflict, Msg: kontakt.MsgAlreadyWaiting}
	atOnce(nurses, func(int) {
		err := f.db.Update(ctx, func(tx *store.Tx) error {
			_, err := tx.OpenEntry(w.Citizen.ID, w.Clinic.ID)
			if err == nil {
				return errors.Join(f.db.Refused(tx.Context(), store.Audit{Action: "join", Outcome: store.OutcomeRefused}), errWaits)
			}
			if kontakt.KindOf(err) != kontakt.NotFound {
				return err
			}
			e := w.entry(0)
			if e.Number, e.Rank, err = tx.DrawNumber(w.Clinic.ID, kontakt.DateOf(Noon)); err != nil {
				return err
			}
			if _, err := tx.AddEntry(e); err != nil {
				return err
			}
			_, err = tx.Append(kontakt.ClinicRoom(w.Clinic.ID), kontakt.EventEntryChanged, nil)
			return err
		})
		switch {
		case err == nil:
			kept.Add(1)
		case errors.Is(err, errWaits):
			conflicts.Add(1)
		default:
			t.Error(err)
		}
	})
	if kept.Load() != 1 || conflicts.Load() != nurses-1 {
		t.Errorf("%d kept and %d told that the citizen waits, want 1 and %d", kept.Load(), conflicts.Load(), nurses-1)
	}
	f.update(t, func(tx *store.Tx) error {
		open, err := tx.OpenEntries(w.Clinic.ID)
		rows, err2 := tx.Unsealed(100)
		seq, err3 := tx.Seq(kontakt.ClinicRoom(w.Clinic.ID))
		if len(open) != 1 || open[0].Number != 1 || len(rows) != nurses-1 || seq != 1 {
			t.Errorf("%d open entries, %d refusals, %d events; want 1, %d and 1", len(open), len(rows), seq, nurses-1)
		}
		return errors.Join(err, err2, err3)
	})
}

// countsAtOnce: what is read and then written is not written over.
func countsAtOnce(t *testing.T, f fixture) {
	const writers, each = 8, 5
	atOnce(writers, func(int) {
		for range each {
			if err := f.db.Update(context.Background(), func(tx *store.Tx) error {
				was, err := tx.Setting("count")
				if err != nil && kontakt.KindOf(err) != kontakt.NotFound {
					return err
				}
				n, _ := strconv.Atoi(was) // "" is none yet
				return tx.SetSetting("count", strconv.Itoa(n+1))
			}); err != nil {
				t.Error(err)
			}
		}
	})
	if got := f.setting(t, "count"); got != strconv.Itoa(writers*each) {
		t.Errorf("count = %s, want %d", got, writers*each)
	}
}

// decidesAtOnce: two changes that write different rows but would each have been decided otherwise after the other.
func decidesAtOnce(t *testing.T, f fixture) {
	errBusy := &kontakt.Error{Op: "test", Kind: kontakt.Conflict, Msg: kontakt.MsgBusy}
	const clinics = 6
	for round := range 5 {
		var first atomic.Int32
		atOnce(clinics, func(i int) {
			err := f.db.Update(context.Background(), func(tx *store.Tx) error {
				for other := range clinics {
					_, err := tx.Setting(fmt.Sprintf("call %d of clinic %d", round, other))
					if err == nil {
						return errBusy
					}
					if kontakt.KindOf(err) != kontakt.NotFound {
						return err
					}
				}
				return tx.SetSetting(fmt.Sprintf("call %d of clinic %d", round, i), "runs")
			})
			switch {
			case err == nil:
				first.Add(1)
			case !errors.Is(err, errBusy):
				t.Error(err)
			}
		})
		if n := first.Load(); n != 1 {
			t.Errorf("round %d: %d clinics called the same tablet, want 1", round, n)
		}
	}
}

// refusedRow: after a row that a unique index refused nothing more is kept, also where the caller overlooks it.
func refusedRow(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	other := w.Municipality
	other.ID = kontakt.NewMunicipalityID()
	err := f.db.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.SetSetting("a", "1"); err != nil {
			return err
		}
		if err := tx.SaveMunicipality(other); kontakt.KindOf(err) != kontakt.Conflict {
			t.Errorf("the CVR of another: %v, want Conflict", err)
		}
		if err := tx.SetSetting("b", "1"); err == nil {
			t.Error("the transaction goes on after a refused row")
		}
		return nil
	})
	if kontakt.KindOf(err) != kontakt.Conflict {
		t.Errorf("err = %v, want Conflict", err)
	}
	if a := f.setting(t, "a"); a != "" {
		t.Errorf("setting = %q, want none", a)
	}
}

// wakesOnce: a change that was run several times tells of its rooms once.
func wakesOnce(t *testing.T, f fixture) {
	const writers, each = 8, 10
	var woken atomic.Int32
	stop := f.db.Watch(func(rooms []kontakt.Room) { woken.Add(int32(len(rooms))) })
	defer stop()
	atOnce(writers, func(int) {
		for range each {
			if err := f.db.Update(context.Background(), func(tx *store.Tx) error {
				_, err := tx.Append(room, kontakt.EventClinicChanged, nil)
				return err
			}); err != nil {
				t.Error(err)
			}
		}
	})
	if n := woken.Load(); n != writers*each {
		t.Errorf("woken %d times, want %d", n, writers*each)
	}
}
