package loadtest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// citizensEach is how many citizens a tablet has for its rounds, one after the other.
const citizensEach = 5

// steps are what the rounds measure.
type steps struct {
	join, list, start, answer, signal, end, event, round series
	taken                                                series // starts that another was quicker with: no failure
}

func newSteps() *steps {
	s := &steps{}
	for name, one := range map[string]*series{
		"join": &s.join, "list": &s.list, "start": &s.start, "start, taken": &s.taken, "answer": &s.answer, "signal": &s.signal, "end": &s.end,
		"event": &s.event, "whole round": &s.round,
	} {
		one.name = name
	}
	return s
}

func (s *steps) all() []*series {
	return []*series{&s.join, &s.list, &s.start, &s.taken, &s.answer, &s.signal, &s.end, &s.event, &s.round}
}

// book is what became of every place that was acknowledged.
type book struct {
	mu      sync.Mutex
	joined  map[kontakt.EntryID]bool // true: it came to its end
	claimed map[kontakt.EntryID]int
	failed  []error
}

func newBook() *book {
	return &book{joined: map[kontakt.EntryID]bool{}, claimed: map[kontakt.EntryID]int{}}
}

func (b *book) has(id kontakt.EntryID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.joined[id] = false
}

func (b *book) ended(id kontakt.EntryID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.joined[id] = true
}

func (b *book) claim(id kontakt.EntryID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.claimed[id]++
}

func (b *book) fail(who string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed = append(b.failed, fmt.Errorf("%s: %w", who, err))
}

// sum counts what must be none.
func (b *book) sum() (lost, twice, failed int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ended := range b.joined {
		if !ended {
			lost++
		}
	}
	for _, times := range b.claimed {
		if times > 1 {
			twice++
		}
	}
	return lost, twice, len(b.failed)
}

// rounds lets all tablets and clinicians work for the time that was asked for.
func (r *run) rounds(ctx context.Context) error {
	s, b := newSteps(), newBook()
	life, end := context.WithCancel(ctx)
	defer end()
	var doctors, nurses sync.WaitGroup
	defer doctors.Wait()
	defer end()
	for i, who := range r.workers.Staff {
		d, err := newClinician(life, r.node(i), who, s, b)
		if err != nil {
			return err
		}
		doctors.Go(func() { d.work(life) })
	}
	r.say("%d clinicians are at their lists", r.Clinicians)
	var tablets []*tablet
	defer func() {
		for _, t := range tablets {
			t.close()
		}
	}()
	for i, who := range r.workers.Tablets {
		t, err := newTablet(ctx, r.node(i), i, who, &s.event)
		if err != nil {
			return err
		}
		tablets = append(tablets, t)
	}
	r.say("%d tablets are on", r.Tablets)
	began := time.Now()
	enough, stop := context.WithTimeout(ctx, r.For)
	defer stop()
	shown := r.during(func() string {
		_, _, failed := b.sum()
		return fmt.Sprintf("rounds: %d whole, %d failed", s.round.count(), failed)
	})
	for i, t := range tablets {
		nurses.Go(func() { r.nurse(ctx, enough, t, i, s, b) })
	}
	nurses.Wait()
	took := time.Since(began)
	shown()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	fmt.Fprintf(r.Out, "\n%d tablets and %d clinicians in %d clinics for %.0f s, each tablet resting %s between rounds:\n\n", r.Tablets, r.Clinicians, r.Clinics, took.Seconds(), r.Pause)
	if err := writeTable(r.Out, took, s.all()); err != nil {
		return err
	}
	lost, twice, failed := b.sum()
	for _, err := range b.failed[:min(failed, 5)] {
		fmt.Fprintln(r.Out, "failed:", err)
	}
	r.never("rounds: places claimed twice", twice)
	r.never("rounds: places lost", lost)
	r.never("rounds: steps failed", failed)
	r.figure("rounds: joins to ends", fmt.Sprintf("%.1f a second", float64(s.round.count())/took.Seconds()))
	return nil
}

// nurse does one round after the other until it is enough; a round that has begun is brought to its end.
func (r *run) nurse(ctx, enough context.Context, t *tablet, i int, s *steps, b *book) {
	pause(enough, time.Duration(i)*r.Pause/time.Duration(r.Tablets)) // not all in the same moment
	for n := 0; enough.Err() == nil; n++ {
		citizen := r.workers.Citizens[i*citizensEach+n%citizensEach]
		err := s.round.time(func() error {
			return t.round(ctx, kontakt.Join{
				Citizen: citizen.ID, Clinic: citizen.Clinic, Mode: kontakt.ModeConsultation,
				Consent: kontakt.Consent{Kind: kontakt.ConsentOral}, Told: kontakt.Told{Reason: "prøve"},
			}, s, b)
		})
		if err != nil && ctx.Err() == nil {
			b.fail(fmt.Sprintf("tablet %d", i), err)
			return
		}
		pause(enough, r.Pause)
	}
}

// round is one citizen's: a number, the wait, the call and its end.
func (t *tablet) round(ctx context.Context, j kontakt.Join, s *steps, b *book) error {
	var e kontakt.Entry
	if err := s.join.time(func() (err error) { e, err = t.client.Join(ctx, j, key()); return err }); err != nil {
		return err
	}
	b.has(e.ID)
	room := kontakt.EntryRoom(e.ID)
	t.also(e.Cursor)
	defer t.only()
	var call kontakt.CallID
	if err := t.until(ctx, "the call", func(ev kontakt.Event) bool {
		call = kontakt.CallID(change(ev).Call)
		return ev.Room == room && ev.Type == kontakt.EventEntryCalled
	}); err != nil {
		return err
	}
	if err := s.answer.time(func() (err error) { e, err = t.client.Move(ctx, e.ID, kontakt.MoveAnswer, "", key()); return err }); err != nil {
		return err
	}
	t.also(e.Cursor)
	offer := kontakt.Signal{Kind: kontakt.SignalOffer, Peer: key()[:16], SDP: sdp}
	if err := s.signal.time(func() error { return t.client.Signal(ctx, call, []kontakt.Signal{offer}, key()) }); err != nil {
		return err
	}
	answered, ended := false, false
	err := t.until(ctx, "the answer and the end", func(ev kontakt.Event) bool {
		answered = answered || ev.Type == kontakt.EventSignal && ev.Room == kontakt.CallRoom(call) && answers(ev)
		ended = ended || ev.Room == room && kontakt.EntryState(change(ev).State) == kontakt.EntryEnded
		return answered && ended
	})
	if err == nil {
		b.ended(e.ID)
	}
	return err
}
