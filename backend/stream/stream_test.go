package stream_test

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	mathrand "math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/backend/stream"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// door is the rights and the presence that the hub asks: rooms not in may are hidden.
type door struct {
	mu   sync.Mutex
	shut map[kontakt.Room]bool
	seen []kontakt.DeviceID
	fail error // the next question, and no further one
}

func (d *door) MayRead(_ context.Context, rooms []kontakt.Room) error {
	if err := d.fail; err != nil {
		d.fail = nil
		return err
	}
	for _, r := range rooms {
		if d.shut[r] {
			return &kontakt.Error{Kind: kontakt.Hidden, Msg: kontakt.MsgNotFound}
		}
	}
	return nil
}

func (d *door) Seen(_ context.Context, devices []kontakt.DeviceID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = append(d.seen, devices...)
	return nil
}

func (d *door) Attended(context.Context, []kontakt.CallID) error  { return nil }
func (d *door) Staffed(context.Context, []kontakt.ClinicID) error { return nil }

func open(t *testing.T, engine storetest.Open) (*store.DB, *stream.Hub, *door) {
	t.Helper()
	db, err := engine(t, store.NewKeys(), storetest.NewClock(storetest.Noon).Now)()
	if err != nil {
		t.Fatal(err)
	}
	d := &door{shut: map[kontakt.Room]bool{}}
	t.Cleanup(func() { db.Close() })
	return db, stream.New(db, d, d), d
}

func rooms(n int) []kontakt.Room {
	all := make([]kontakt.Room, n)
	for i := range all {
		all[i] = kontakt.ClinicRoom(kontakt.NewClinicID())
	}
	return all
}

func from(rooms ...kontakt.Room) kontakt.Cursor {
	c := kontakt.Cursor{}
	for _, r := range rooms {
		c[r] = 0
	}
	return c
}

// add appends an event to each room, once, however often a busy database sends it away: readers that count wait for all.
func add(t testing.TB, db *store.DB, rooms ...kontakt.Room) {
	t.Helper()
	key := rand.Text()
	for {
		_, err := db.Do(context.Background(), "add", key, "", func(ctx context.Context) (kontakt.StoredReply, error) {
			return kontakt.StoredReply{}, db.Update(ctx, func(tx *store.Tx) error {
				for _, r := range rooms {
					if _, err := tx.Append(r, kontakt.EventClinicChanged, nil); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if kontakt.KindOf(err) != kontakt.Unavailable {
			if err != nil {
				t.Error(err)
			}
			return
		}
	}
}

// Readers are cut at random and resume from their cursor, while many write to several rooms in one transaction.
func TestHub_cutReadersResumeWithNothingLostOrDoubled(t *testing.T) {
	storetest.Each(t, cutReadersResumeWithNothingLostOrDoubled)
}

func cutReadersResumeWithNothingLostOrDoubled(t *testing.T, engine storetest.Open) {
	testkit.Guard(t, 5*time.Minute)
	db, hub, _ := open(t, engine)
	const writers, each, readers = 8, 60, 6
	all := rooms(3)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				add(t, db, all[(w+i)%3], all[(w+i+1)%3])
			}
		})
	}
	const total = writers * each * 2
	for r := range readers {
		wg.Go(func() {
			random := mathrand.New(mathrand.NewPCG(uint64(r), 7))
			at, got := from(all...), 0
			for got < total {
				sub, err := hub.Subscribe(context.Background(), at)
				if err != nil {
					t.Error(err)
					return
				}
				for range 1 + random.IntN(5) {
					if got == total {
						break
					}
					events, err := sub.Next(context.Background(), time.Hour)
					if err != nil {
						t.Error(err)
						return
					}
					if random.IntN(4) == 0 {
						events = events[:random.IntN(len(events)+1)] // the line broke before the rest was through
					}
					for _, e := range events {
						if e.Seq != at[e.Room]+1 {
							t.Errorf("reader %d: %s after %d comes %d", r, e.Room, at[e.Room], e.Seq)
							return
						}
						at[e.Room] = e.Seq
						got++
					}
					if len(events) == 0 || !maps.Equal(at, sub.Cursor()) {
						break
					}
				}
				sub.Close()
			}
			sum := kontakt.Seq(0)
			for _, seq := range at {
				sum += seq
			}
			if sum != total {
				t.Errorf("reader %d stands at %v, want %d in all", r, at, total)
			}
		})
	}
	wg.Wait()
	if n := hub.Readers(); n != 0 {
		t.Errorf("%d readers left", n)
	}
	db.Close()
}

func TestSubscribe_whatIsNotAllowedOpensNothing(t *testing.T) {
	storetest.Each(t, whatIsNotAllowedOpensNothing)
}

func whatIsNotAllowedOpensNothing(t *testing.T, engine storetest.Open) {
	db, hub, d := open(t, engine)
	r := rooms(2)
	d.shut[r[1]] = true
	many := kontakt.Cursor{}
	for _, room := range rooms(kontakt.MaxRooms + 1) {
		many[room] = 0
	}
	add(t, db, r[0])
	for name, row := range map[string]struct {
		at   kontakt.Cursor
		kind kontakt.Kind
	}{
		"one room of another's": {from(r...), kontakt.Hidden}, "no room": {kontakt.Cursor{}, kontakt.Invalid}, "too many": {many, kontakt.Invalid},
		"ahead of the log": {kontakt.Cursor{r[0]: 2}, kontakt.Gone}, "ahead of no log": {kontakt.Cursor{rooms(1)[0]: 1}, kontakt.Gone},
	} {
		if _, err := hub.Subscribe(t.Context(), row.at); kontakt.KindOf(err) != row.kind {
			t.Errorf("%s: %v, want %s", name, err, row.kind)
		}
	}
	if n := hub.Readers(); n != 0 {
		t.Errorf("%d readers left", n)
	}
}

func TestNext_waitsForWhatIsCommittedAndEndsWithItsContext(t *testing.T) {
	storetest.Each(t, waitsForWhatIsCommittedAndEndsWithItsContext)
}

func waitsForWhatIsCommittedAndEndsWithItsContext(t *testing.T, engine storetest.Open) {
	testkit.Guard(t, 5*time.Minute)
	db, hub, _ := open(t, engine)
	r := rooms(2)
	add(t, db, r[0], r[0])
	sub, err := hub.Subscribe(t.Context(), kontakt.Cursor{r[0]: 1, r[1]: 0})
	if err != nil {
		t.Fatal(err)
	}
	if events, err := sub.Next(t.Context(), time.Hour); err != nil || len(events) != 1 || events[0].Seq != 2 {
		t.Fatalf("events = %v, %v; want what came after the cursor", events, err)
	}
	done := make(chan []kontakt.Event, 1)
	go func() { events, _ := sub.Next(context.Background(), time.Hour); done <- events }()
	add(t, db, r[1])
	if events := <-done; len(events) != 1 || events[0].Room != r[1] {
		t.Errorf("events = %v", events)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sub.Next(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want the context's", err)
	}
	go func() { _, err := sub.Next(context.Background(), time.Hour); done <- nil; _ = err }()
	sub.Close()
	sub.Close()
	<-done
	if _, err := sub.Next(t.Context(), time.Hour); kontakt.KindOf(err) != kontakt.Gone {
		t.Errorf("after Close: %v, want Gone", err)
	}
	db.Close()
}

func TestNext_aLongLogComesInBatchesWithoutAHole(t *testing.T) {
	storetest.Each(t, aLongLogComesInBatchesWithoutAHole)
}

func aLongLogComesInBatchesWithoutAHole(t *testing.T, engine storetest.Open) {
	db, hub, _ := open(t, engine)
	r := rooms(1)
	for range 7 {
		add(t, db, slices.Repeat(r, 100)...)
	}
	sub, err := hub.Subscribe(t.Context(), from(r...))
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	var last kontakt.Seq
	for last < 700 {
		events, err := sub.Next(t.Context(), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Seq != last+1 {
				t.Fatalf("after %d comes %d", last, e.Seq)
			}
			last = e.Seq
		}
	}
}

func TestHub_aTabletIsSeenWhenItsStreamOpens(t *testing.T) {
	storetest.Each(t, aTabletIsSeenWhenItsStreamOpens)
}

func aTabletIsSeenWhenItsStreamOpens(t *testing.T, engine storetest.Open) {
	_, hub, d := open(t, engine)
	device := kontakt.NewDeviceID()
	ctx := kontakt.WithActor(t.Context(), kontakt.Actor{Role: kontakt.RoleDevice, Device: device})
	sub, err := hub.Subscribe(ctx, from(kontakt.DeviceRoom(device)))
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	if !slices.Equal(d.seen, []kontakt.DeviceID{device}) {
		t.Errorf("seen = %v", d.seen)
	}
}

func TestRun_endsEveryReaderWhenItEnds(t *testing.T) { storetest.Each(t, endsEveryReaderWhenItEnds) }

func endsEveryReaderWhenItEnds(t *testing.T, engine storetest.Open) {
	testkit.Guard(t, 5*time.Minute)
	db, hub, _ := open(t, engine)
	sub, err := hub.Subscribe(t.Context(), from(rooms(1)...))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() {
		if err := hub.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	run.Go(func() {
		if _, err := sub.Next(context.Background(), time.Hour); kontakt.KindOf(err) != kontakt.Gone {
			t.Errorf("err = %v, want Gone", err)
		}
	})
	cancel()
	run.Wait()
	db.Close()
}

// BenchmarkHub_fanOut is the time from a commit to the reader, with a thousand rooms that have a reader each.
func BenchmarkHub_fanOut(b *testing.B) {
	db, err := sqlite.Open(context.Background(), filepath.Join(b.TempDir(), "kontakt.db"), store.NewKeys(), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	d := &door{}
	hub := stream.New(db, d, d)
	all := rooms(1000)
	ctx, cancel := context.WithCancel(context.Background())
	got := make(chan time.Time, 1)
	var wg sync.WaitGroup
	for _, r := range all {
		sub, err := hub.Subscribe(ctx, from(r))
		if err != nil {
			b.Fatal(err)
		}
		wg.Go(func() {
			defer sub.Close()
			for {
				if _, err := sub.Next(ctx, time.Hour); err != nil {
					return
				}
				got <- time.Now()
			}
		})
	}
	var took []time.Duration
	for b.Loop() {
		var committed time.Time
		stop := db.Watch(func([]kontakt.Room) { committed = time.Now() })
		add(b, db, all[mathrand.IntN(len(all))])
		took = append(took, (<-got).Sub(committed))
		stop()
	}
	cancel()
	wg.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
