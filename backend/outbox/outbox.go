// Package outbox sends to those outside (SMS, later push and mail) what a transaction left in the store's outbox, on
// any number of nodes.
//
// Invariants: what was enqueued with a change that committed is sent or given up for people to see, never forgotten, and
// with a change that did not commit it is never sent; an attempt holds a lease in the database that outlasts it, so two
// nodes never make one at the same time; each attempt says the same reference, so a receiver that acts once a reference
// acts once, also when a node dies between sending and noting it (one that does not gets it twice then, in exchange for
// never not at all); what fails for good, fails too often, is too old, kills its process or does not open is given up and
// keeps nobody waiting; an attempt counts before it begins; nothing of what is sent is in a log or a figure.
//
// A lease is told by the nodes' clocks: where they differ by more than the lease exceeds the attempt, the receiver's
// reference is what is left.
package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Sender brings things of one kind to their receiver.
type Sender interface {
	// Send makes one attempt, as long as ctx lasts. The reference is the same in every attempt. An error of a transient
	// kind (kontakt.Kind) is worth another attempt, another is final; one with a method RetryAfter() time.Duration says
	// when, and for all of the kind. No error says whom or what it was about.
	Send(ctx context.Context, reference string, payload []byte) error
}

// Kind is what is sent by one sender.
type Kind struct {
	Name   string // as enqueued
	Sender Sender
	AtOnce int // attempts at the same time on this node; 0: 4
}

// Options are the times that the worker goes by; zero fields take the default.
type Options struct {
	Poll     time.Duration // for what other nodes left: 5 s
	Within   time.Duration // for one attempt: 20 s
	First    time.Duration // after the first failure; each further one doubles it: 5 s
	Longest  time.Duration // between two attempts: 15 min
	Attempts int           // before it is given up: 40
	Expire   time.Duration // after which it is given up: 24 h
	Grace    time.Duration // for attempts that run when told to stop: 8 s
	KeepSent time.Duration // without its payload: 72 h
	KeepDead time.Duration // what was given up: 30 days
}

// Worker sends what is due.
type Worker struct {
	db    *store.DB
	opt   Options
	log   *slog.Logger
	lanes []*lane

	mu      sync.Mutex
	waiting []store.OutboxCount
}

// New makes a worker and lets the store take these kinds in. Run keeps it going.
func New(db *store.DB, opt Options, log *slog.Logger, kinds ...Kind) *Worker {
	def := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	def(&opt.Poll, 5*time.Second)
	def(&opt.Within, 20*time.Second)
	def(&opt.First, 5*time.Second)
	def(&opt.Longest, 15*time.Minute)
	def(&opt.Expire, 24*time.Hour)
	def(&opt.Grace, 8*time.Second)
	def(&opt.KeepSent, 72*time.Hour)
	def(&opt.KeepDead, 30*24*time.Hour)
	if opt.Attempts == 0 {
		opt.Attempts = 40
	}
	w := &Worker{db: db, opt: opt, log: log}
	for _, k := range kinds {
		if k.AtOnce == 0 {
			k.AtOnce = 4
		}
		db.Sends(k.Name)
		w.lanes = append(w.lanes, &lane{w: w, kind: k, wake: make(chan struct{}, 1)})
	}
	return w
}

// lease is how long an attempt's row is left alone: the attempt, and as long again to note how it went.
func (w *Worker) lease() time.Duration { return 2 * w.opt.Within }

// Run sends until ctx ends; attempts under way then get the grace time to end.
func (w *Worker) Run(ctx context.Context) error {
	defer w.db.Watch(w.woken)()
	attempts, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	ended := make(chan struct{})
	defer context.AfterFunc(ctx, func() {
		grace := time.NewTimer(w.opt.Grace)
		defer grace.Stop()
		select {
		case <-grace.C:
			cut()
		case <-ended:
		}
	})()
	defer close(ended)
	var lanes sync.WaitGroup
	for _, l := range w.lanes {
		lanes.Go(func() { l.run(ctx, attempts) })
	}
	lanes.Go(func() { w.keepHouse(ctx) })
	lanes.Wait()
	return nil
}

// woken is told of rooms; the outbox's own says that there is something new.
func (w *Worker) woken(rooms []kontakt.Room) {
	news := rooms == nil
	for _, room := range rooms {
		news = news || room == store.OutboxRoom
	}
	if !news {
		return
	}
	for _, l := range w.lanes {
		l.nudge()
	}
}

const (
	countEvery  = 15 * time.Second
	forgetEvery = time.Hour
)

// keepHouse counts for the figures, and deletes what has been kept long enough.
func (w *Worker) keepHouse(ctx context.Context) {
	tick := time.NewTicker(countEvery)
	defer tick.Stop()
	var forgot time.Time
	for {
		if err := w.count(ctx); err != nil && ctx.Err() == nil {
			w.log.WarnContext(ctx, "outbox: count", "err", err)
		}
		if now := w.db.Now(); now.Sub(forgot) >= forgetEvery {
			forgot = now
			if err := w.Forget(ctx); err != nil && ctx.Err() == nil {
				w.log.WarnContext(ctx, "outbox: forget", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Forget deletes what was sent or given up long enough ago.
func (w *Worker) Forget(ctx context.Context) error {
	now := w.db.Now()
	return w.db.Stamp(ctx, func(tx *store.Tx) error {
		return tx.ForgetOutgoing(now.Add(-w.opt.KeepSent), now.Add(-w.opt.KeepDead))
	})
}

func (w *Worker) count(ctx context.Context) error {
	var all []store.OutboxCount
	err := w.db.View(ctx, func(tx *store.Tx) (err error) { all, err = tx.CountOutgoing(); return err })
	if err == nil {
		w.mu.Lock()
		w.waiting = all
		w.mu.Unlock()
	}
	return err
}

// Figures are what an operator looks at, of one kind. Due, Dead and Oldest are of all nodes and a quarter of a minute
// old; the counters are this node's.
type Figures struct {
	Kind                    string
	Due, Dead               int
	Oldest                  time.Duration // how long the oldest that is due has been there
	Attempts, Sent, GivenUp uint64
}

// Figures gives them for every kind that is sent here, and for others that wait although nobody here can send them.
func (w *Worker) Figures() []Figures {
	var all []Figures
	at := map[string]int{}
	of := func(kind string) *Figures {
		i, known := at[kind]
		if !known {
			i = len(all)
			at[kind] = i
			all = append(all, Figures{Kind: kind})
		}
		return &all[i]
	}
	for _, l := range w.lanes {
		f := of(l.kind.Name)
		f.Attempts, f.Sent, f.GivenUp = l.attempts.Load(), l.sent.Load(), l.givenUp.Load()
	}
	w.mu.Lock()
	waiting := w.waiting
	w.mu.Unlock()
	for _, c := range waiting {
		f := of(c.Kind)
		switch c.State {
		case store.OutboxDue:
			f.Due, f.Oldest = c.Count, w.db.Now().Sub(c.Oldest)
		case store.OutboxDead:
			f.Dead = c.Count
		}
	}
	return all
}
