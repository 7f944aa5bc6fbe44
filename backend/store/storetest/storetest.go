// Package storetest is the contract that every engine of backend/store keeps: Run plays it against a real database.
// Nothing here knows which engine it is.
package storetest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Open readies an empty database for a test; the function that it gives opens it, again and again.
type Open func(t testing.TB, keys store.Keys, now func() time.Time) func() (*store.DB, error)

// Noon is when the tests begin: noon in Denmark on a Monday.
var Noon = time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)

// Clock is a clock that tests turn.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// NewClock stands at a time.
func NewClock(t time.Time) *Clock { return &Clock{t: t} }

// Now reads it.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Add turns it.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// fixture is one opened store.
type fixture struct {
	db    *store.DB
	clock *Clock
	keys  store.Keys
	again func() (*store.DB, error)
}

// Run plays the contract.
func Run(t *testing.T, open Open) {
	tests := []struct {
		name string
		run  func(t *testing.T, f fixture)
	}{
		{"an error rolls everything back and wakes nobody", rollsBack},
		{"what runs under a transaction's context joins it", joins},
		{"a joined change that failed fails the whole", joinedFailure},
		{"a change inside a view is refused", changeInView},
		{"a panic rolls back and leaves the store usable", panics},
		{"a room counts without gaps under many writers", roomCounts},
		{"readers are woken after the commit", wakesAfterCommit},
		{"a forgotten log never gives a Seq twice", forgottenLog},
		{"the same key does a change once", doesOnce},
		{"the same key at the same time does a change once", doesOnceAtOnce},
		{"one open entry a citizen and clinic", oneOpenEntry},
		{"an entry changed meanwhile is not overwritten", versions},
		{"numbers are drawn without gap or repetition", drawsNumbers},
		{"a citizen is found by CPR and keeps the id", citizens},
		{"secrets work once", secretsOnce},
		{"sessions end", sessions},
		{"people stand in the Danish order of their names", danishOrder},
		{"an employee keeps the id from sign-in to sign-in", employees},
		{"a refusal is audited although it rolls back", refusals},
		{"everything outlives a restart", outlivesRestart},
		{"other keys are refused", otherKeys},
		{"joins at the same time: one place, the others are told", joinsAtOnce},
		{"what is read and then written is not written over", countsAtOnce},
		{"of decisions that exclude each other one is taken", decidesAtOnce},
		{"a refused row dooms the transaction", refusedRow},
		{"a change that is run again wakes once", wakesOnce},
		{"tablets are seen, silent and lost", tabletsSeen},
		{"calls that nobody reads are abandoned", callsSeen},
		{"a clinic's recent calls, those under way too", callsRecent},
		{"all clinics, and who is there", clinicsAll},
		{"a card changes from the version that was seen, and is forgotten after its place", cardsStored},
		{"a guest, found by the link alone, changes from the state that was seen", guestsStored},
		{"a guest's session ends by itself", guestSessions},
		{"an order keeps its text, and changes from the version that was seen", ordersStored},
		{"orders go a while after their place", ordersForgotten},
		{"a record keeps its lines in order and sealed, with one code for them", recordStored},
		{"a record goes a while after its place", recordForgotten},
		{"a municipality's table of TOBS counts from its day until a later one or the end", tobsTables},
		{"what is not there is NotFound", notThere},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := fixture{clock: NewClock(Noon), keys: store.NewKeys()}
			f.again = open(t, f.keys, f.clock.Now)
			db, err := f.again()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			f.db = db
			test.run(t, f)
		})
	}
}

func (f fixture) update(t testing.TB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := f.db.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func (f fixture) setting(t testing.TB, name string) string {
	t.Helper()
	var v string
	err := f.db.View(t.Context(), func(tx *store.Tx) (err error) { v, err = tx.Setting(name); return err })
	if err != nil && kontakt.KindOf(err) != kontakt.NotFound {
		t.Fatal(err)
	}
	return v
}

var errWanted = errors.New("wanted")

var room = kontakt.ClinicRoom(kontakt.NewClinicID())

func rollsBack(t *testing.T, f fixture) {
	stop := f.db.Watch(func(rooms []kontakt.Room) {
		if rooms != nil { // nil: another process's may have been missed
			t.Error("woken by a transaction that rolled back")
		}
	})
	defer stop()
	err := f.db.Update(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Append(room, kontakt.EventClinicChanged, nil); err != nil {
			return err
		}
		return errors.Join(tx.SetSetting("a", "1"), errWanted)
	})
	if !errors.Is(err, errWanted) {
		t.Fatalf("err = %v, want the one that was given", err)
	}
	if got := f.setting(t, "a"); got != "" {
		t.Errorf("setting = %q, want none", got)
	}
	if err := f.db.View(t.Context(), func(tx *store.Tx) error {
		seq, err := tx.Seq(room)
		if seq != 0 {
			t.Errorf("seq = %d, want 0", seq)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func joins(t *testing.T, f fixture) {
	err := f.db.Update(t.Context(), func(tx *store.Tx) error {
		if err := f.db.Update(tx.Context(), func(tx *store.Tx) error { return tx.SetSetting("a", "1") }); err != nil {
			return err
		}
		return f.db.View(tx.Context(), func(tx *store.Tx) error {
			v, err := tx.Setting("a")
			if v != "1" {
				t.Errorf("the view inside sees %q, want 1", v)
			}
			return errors.Join(err, errWanted)
		})
	})
	if !errors.Is(err, errWanted) {
		t.Fatal(err)
	}
	if got := f.setting(t, "a"); got != "" {
		t.Errorf("the inner change outlived the outer rollback: %q", got)
	}
}

func joinedFailure(t *testing.T, f fixture) {
	err := f.db.Update(t.Context(), func(tx *store.Tx) error {
		f.db.Update(tx.Context(), func(tx *store.Tx) error { return errors.Join(tx.SetSetting("a", "half"), errWanted) })
		return nil // the caller overlooks it
	})
	if !errors.Is(err, errWanted) || f.setting(t, "a") != "" {
		t.Errorf("err = %v, setting = %q; want the inner error and none", err, f.setting(t, "a"))
	}
}

func changeInView(t *testing.T, f fixture) {
	err := f.db.View(t.Context(), func(tx *store.Tx) error {
		return f.db.Update(tx.Context(), func(tx *store.Tx) error { return tx.SetSetting("a", "1") })
	})
	if err == nil {
		t.Error("Update inside View went through")
	}
	if err := f.db.View(t.Context(), func(tx *store.Tx) error { return tx.SetSetting("a", "1") }); err == nil {
		t.Error("a change in View went through")
	}
}

func panics(t *testing.T, f fixture) {
	func() {
		defer func() { recover() }()
		f.db.Update(t.Context(), func(tx *store.Tx) error { tx.SetSetting("a", "1"); panic("wanted") })
	}()
	f.update(t, func(tx *store.Tx) error { return tx.SetSetting("b", "1") })
	if a, b := f.setting(t, "a"), f.setting(t, "b"); a != "" || b != "1" {
		t.Errorf("settings = %q, %q; want none and 1", a, b)
	}
}

func roomCounts(t *testing.T, f fixture) {
	const writers, each = 8, 25
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := range each {
				err := f.db.Update(context.Background(), func(tx *store.Tx) error {
					_, err := tx.Append(room, kontakt.EventClinicChanged, nil)
					if i%5 == 4 {
						return errWanted // a number taken and given back
					}
					return err
				})
				if err != nil && !errors.Is(err, errWanted) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var got []kontakt.Event
	if err := f.db.View(t.Context(), func(tx *store.Tx) (err error) { got, err = tx.Events(room, 0, 1000); return err }); err != nil {
		t.Fatal(err)
	}
	if want := writers * each * 4 / 5; len(got) != want {
		t.Fatalf("%d events, want %d", len(got), want)
	}
	for i, e := range got {
		if e.Seq != kontakt.Seq(i+1) || e.Room != room || e.Type != kontakt.EventClinicChanged || !e.At.Equal(Noon) || string(e.Data) != "{}" {
			t.Fatalf("event %d = %+v", i, e)
		}
	}
}

func wakesAfterCommit(t *testing.T, f fixture) {
	var woken [][]kontakt.Room
	stop := f.db.Watch(func(rooms []kontakt.Room) {
		if rooms == nil {
			return
		}
		var seq kontakt.Seq
		f.db.View(context.Background(), func(tx *store.Tx) (err error) { seq, err = tx.Seq(room); return err })
		if seq == 0 {
			t.Error("woken before the commit")
		}
		woken = append(woken, rooms)
	})
	f.update(t, func(tx *store.Tx) error {
		err := f.db.Update(tx.Context(), func(tx *store.Tx) error {
			_, err := tx.Append(room, kontakt.EventClinicChanged, nil)
			return err
		})
		if len(woken) != 0 {
			t.Error("the inner change woke before the outer commit")
		}
		return err
	})
	if len(woken) != 1 || !slices.Equal(woken[0], []kontakt.Room{room}) {
		t.Errorf("woken = %v, want the room once", woken)
	}
	stop()
	f.update(t, func(tx *store.Tx) error { _, err := tx.Append(room, kontakt.EventClinicChanged, nil); return err })
	if len(woken) != 1 {
		t.Error("woken after stop")
	}
}

func forgottenLog(t *testing.T, f fixture) {
	f.update(t, func(tx *store.Tx) error {
		_, err := tx.Append(room, kontakt.EventClinicChanged, nil)
		return errors.Join(err, tx.ForgetEvents(room))
	})
	f.update(t, func(tx *store.Tx) error {
		seq, err := tx.Append(room, kontakt.EventClinicChanged, map[string]string{"a": "b"})
		got, err2 := tx.Events(room, 0, 10)
		if seq != 2 || len(got) != 1 || string(got[0].Data) != `{"a":"b"}` {
			t.Errorf("seq = %d, events = %v; want 2 and that one", seq, got)
		}
		return errors.Join(err, err2)
	})
}

func doesOnce(t *testing.T, f fixture) {
	ran := 0
	do := func(key, print string, fail error) (kontakt.StoredReply, error) {
		return f.db.Do(t.Context(), "actor", key, print, func(ctx context.Context) (kontakt.StoredReply, error) {
			ran++
			err := f.db.Update(ctx, func(tx *store.Tx) error { return tx.SetSetting("a", key) })
			return kontakt.StoredReply{Status: 201, Body: []byte(`{"navn":"æøå"}`)}, errors.Join(err, fail)
		})
	}
	if _, err := do("k1", "p", errWanted); !errors.Is(err, errWanted) || f.setting(t, "a") != "" {
		t.Errorf("an error: err = %v, setting = %q", err, f.setting(t, "a"))
	}
	for range 2 {
		r, err := do("k1", "p", nil)
		if err != nil || r.Status != 201 || string(r.Body) != `{"navn":"æøå"}` {
			t.Errorf("reply = %+v, %v", r, err)
		}
	}
	theirs, err := f.db.Do(t.Context(), "another actor", "k1", "p", func(context.Context) (kontakt.StoredReply, error) {
		return kontakt.StoredReply{Status: 200, Body: []byte("{}")}, nil
	})
	if err != nil || theirs.Status != 200 {
		t.Errorf("another's request under the same key: %+v, %v", theirs, err)
	}
	if r, err := do("k1", "p", nil); err != nil || r.Status != 201 || ran != 2 {
		t.Errorf("after it, reply = %+v, %v, having run %d times; want 2: once in error, once for good", r, err, ran)
	}
	if _, err := do("k1", "other", nil); kontakt.KindOf(err) != kontakt.Invalid {
		t.Errorf("another request under the same key: %v, want Invalid", err)
	}
	do("", "p", nil)
	do("", "p", nil)
	if ran != 4 {
		t.Errorf("without a key: ran %d times, want 4", ran)
	}
	for _, print := range []string{"p", "other"} {
		_, err := do("k2", print, nil)
		if (kontakt.KindOf(err) == kontakt.Invalid) != (print == "other") {
			t.Errorf("under a key, with the print %s: %v", print, err)
		}
	}
	f.clock.Add(25 * time.Hour)
	f.update(t, func(tx *store.Tx) error { return tx.ForgetReplies(tx.Now().Add(-24 * time.Hour)) })
	if do("k1", "other", nil); ran != 6 {
		t.Error("a forgotten key still answers")
	}
}

func doesOnceAtOnce(t *testing.T, f fixture) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			r, err := f.db.Do(context.Background(), "actor", "k", "p", func(ctx context.Context) (kontakt.StoredReply, error) {
				return kontakt.StoredReply{Status: 200, Body: []byte("1")}, f.db.Update(ctx, func(tx *store.Tx) error {
					_, err := tx.Append(room, kontakt.EventClinicChanged, nil)
					return err
				})
			})
			if err != nil || string(r.Body) != "1" {
				t.Errorf("reply = %+v, %v", r, err)
			}
		})
	}
	wg.Wait()
	f.update(t, func(tx *store.Tx) error {
		seq, err := tx.Seq(room)
		if seq != 1 {
			t.Errorf("done %d times, want once", seq)
		}
		return err
	})
}
