package loadtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

const (
	hands      = 32                     // tablets that act at the same moment when the line is made
	nudgeEvery = 10 * time.Millisecond  // between two events of the quiet fan-out
	pressEvery = 500 * time.Millisecond // between two presses of Start by one clinician in the race
	goalEvent  = 50 * time.Millisecond
	goalStart  = 50 * time.Millisecond
)

// place is one tablet's in the long line.
type place struct {
	*tablet
	entry kontakt.Entry
}

// oneLine makes one clinic's line long, tells its readers, and lets the clinicians race over it.
func (r *run) oneLine(ctx context.Context) error {
	delivered := &series{name: "event"}
	places, err := r.fill(ctx, delivered)
	defer func() {
		for _, p := range places {
			if p.tablet != nil {
				p.close()
			}
		}
	}()
	if err != nil {
		return err
	}
	if err := r.fanOut(ctx, places); err != nil {
		return err
	}
	return r.race(ctx)
}

// fill draws a number for everybody; each tablet then reads its own place's room.
func (r *run) fill(ctx context.Context, delivered *series) ([]place, error) {
	places := make([]place, r.Rooms)
	var done atomic.Int64
	shown := r.during(func() string { return fmt.Sprintf("the long line: %d of %d stand in it", done.Load(), r.Rooms) })
	defer shown()
	return places, inParallel(ctx, hands, r.Rooms, func(_ context.Context, i int) error { // the tablets stay on behind it
		t, err := newTablet(ctx, r.node(i), r.Tablets+i, r.line.Tablets[i], delivered)
		if err != nil {
			return err
		}
		places[i].tablet = t
		citizen := r.line.Citizens[i]
		places[i].entry, err = t.client.Join(ctx, kontakt.Join{Citizen: citizen.ID, Clinic: citizen.Clinic, Mode: kontakt.ModeConsultation, Consent: kontakt.Consent{Kind: kontakt.ConsentOral}, Told: kontakt.Told{Reason: "prøve"}}, key())
		if err != nil {
			return err
		}
		room := kontakt.EntryRoom(places[i].entry.ID)
		t.also(kontakt.Cursor{room: places[i].entry.Cursor[room]})
		done.Add(1)
		return nil
	})
}

// inParallel does n things, some at the same moment, and stops at the first failure.
func inParallel(ctx context.Context, hands, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var all sync.WaitGroup
	for range hands {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := do(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// fanOut sends each place an event of its own, and then all of them one at once.
func (r *run) fanOut(ctx context.Context, places []place) error {
	quiet, burst := &series{name: "event, one room at a time"}, &series{name: "event, all rooms at once"}
	var readers sync.WaitGroup
	var missed atomic.Int64
	hear := func(want kontakt.EventType, to *series, since func(kontakt.Event) time.Duration) {
		for _, p := range places {
			readers.Go(func() {
				room := kontakt.EntryRoom(p.entry.ID)
				err := p.until(ctx, "its event", func(e kontakt.Event) bool {
					fits := e.Room == room && e.Type == want
					if fits {
						to.note(since(e), nil)
					}
					return fits
				})
				if err != nil {
					missed.Add(1)
				}
			})
		}
	}
	hear(kontakt.EventEntryChanged, quiet, func(e kontakt.Event) time.Duration { return time.Since(e.At) })
	r.say("fan-out: an event in each of %d rooms, one after the other", len(places))
	move := &series{name: "presence"}
	tick := time.NewTicker(nudgeEvery)
	defer tick.Stop()
	if err := inParallel(ctx, 4, len(places), func(ctx context.Context, i int) error {
		<-tick.C
		return move.time(func() error {
			_, err := places[i].client.Move(ctx, places[i].entry.ID, kontakt.MoveAway, "", key())
			return err
		})
	}); err != nil {
		return err
	}
	readers.Wait()

	page := crowd.NewPage(r.node(0), r.line.Staff[0], nil)
	defer page.Close()
	written := &series{name: "message to all"}
	for range 3 {
		hear(kontakt.EventMessage, burst, func(e kontakt.Event) time.Duration { return time.Since(e.At) })
		if err := written.time(func() error { _, err := page.MessageAll(ctx, "Det varer lidt endnu.", key()); return err }); err != nil {
			return err
		}
		readers.Wait()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.within(fmt.Sprintf("event to the reader of one of %d rooms, p99", len(places)), quiet.quantile(0.99), goalEvent)
	r.figure("the same, p50 and max", millis(quiet.quantile(0.5))+", "+millis(quiet.quantile(1)))
	r.figure(fmt.Sprintf("one message to %d rooms: its transaction, and until half, 99 %% of the readers have it", len(places)),
		millis(written.quantile(0.5))+", "+millis(burst.quantile(0.5))+", "+millis(burst.quantile(0.99)))
	r.never("fan-out: events missed", int(missed.Load()))
	return nil
}

// race lets many clinicians take the same line in, each always one of the first who seem free.
func (r *run) race(ctx context.Context) error {
	b := newBook()
	won, taken := &series{name: "start"}, &series{name: "start, taken"}
	rivals := make([]*rival, len(r.line.Staff))
	if err := inParallel(ctx, 4, len(rivals), func(ctx context.Context, i int) (err error) {
		rivals[i], err = newRival(ctx, crowd.NewPage(r.node(i), r.line.Staff[i], nil))
		return err
	}); err != nil {
		return err
	}
	began := time.Now()
	shown := r.during(func() string {
		return fmt.Sprintf("the race: %d of %d claimed, %d were taken", won.count(), r.Rooms, taken.count())
	})
	err := inParallel(ctx, len(rivals), len(rivals), func(ctx context.Context, i int) error { return rivals[i].race(ctx, b, won, taken) })
	shown()
	if err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Fprintf(r.Out, "\n%d clinicians race over %d citizens in one clinic, each pressing Start about every %s:\n\n", len(r.line.Staff), r.Rooms, pressEvery)
	if err := writeTable(r.Out, took, []*series{won, taken}); err != nil {
		return err
	}
	all := &series{took: append(append([]time.Duration{}, won.took...), taken.took...)}
	_, twice, _ := b.sum()
	r.within("race: start, p99", all.quantile(0.99), goalStart)
	r.never("race: citizens claimed twice", twice)
	r.never("race: citizens nobody claimed", r.Rooms-len(b.claimed))
	return nil
}

// abreast is how many of the first a rival chooses among.
const abreast = 10

// rival is a clinician in the race, before the list as it was at the start.
type rival struct {
	page *crowd.Page
	rows []wire.ClinicEntry
	at   kontakt.Cursor

	mu   sync.Mutex
	gone map[string]bool // who is known to be taken
}

func newRival(ctx context.Context, page *crowd.Page) (*rival, error) {
	rows, at, err := page.List(ctx)
	return &rival{page: page, rows: rows, at: at, gone: map[string]bool{}}, err
}

func (v *rival) taken(entry string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.gone[entry] = true
}

func (v *rival) waiting() []wire.ClinicEntry {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.rows = slices.DeleteFunc(v.rows, func(row wire.ClinicEntry) bool {
		return v.gone[row.ID] || kontakt.EntryState(row.State) != kontakt.EntryWaiting
	})
	return v.rows
}

// race presses Start on one of the first who are not known to be taken, until nobody waits.
func (v *rival) race(ctx context.Context, b *book, won, taken *series) error {
	defer v.page.Close()
	life, end := context.WithCancel(ctx)
	var stream sync.WaitGroup
	defer stream.Wait()
	defer end()
	stream.Go(func() {
		v.page.Events(life, v.at, func(e kontakt.Event) {
			if c := change(e); c.State != "" && kontakt.EntryState(c.State) != kontakt.EntryWaiting {
				v.taken(c.Entry)
			}
		}, func(error) {})
	})
	for pause(ctx, pressEvery/2+rand.N(pressEvery)) {
		rows := v.waiting()
		if len(rows) == 0 {
			return nil
		}
		row := rows[rand.IntN(min(abreast, len(rows)))]
		began := time.Now()
		_, err := v.page.Start(ctx, kontakt.EntryID(row.ID), row.Version, key())
		switch {
		case err == nil:
			won.note(time.Since(began), nil)
			b.claim(kontakt.EntryID(row.ID))
		case kontakt.KindOf(err) == kontakt.Conflict:
			taken.note(time.Since(began), nil)
		default:
			return fmt.Errorf("race: %w", err)
		}
		v.taken(row.ID)
	}
	return ctx.Err()
}
