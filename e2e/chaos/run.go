package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/backend/store"
	"kontaktlaege/e2e/cable"
	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
)

// ring is how long a call rings: short, so that rings run out too.
const ring = 2 * time.Second

// longestRing is the longest that a tablet may believe a call to ring: prolonged, and a second for rounding.
const longestRing = 2*time.Minute + time.Second

// run is one engine's chaos from the seed to the verdict.
type run struct {
	options
	engine string
	dir    string
	out    io.Writer
	scale  scale
	pace   time.Duration
	quiet  *slog.Logger
	lie    *lie

	database   database
	ways       []*cable.Link // of the nodes to a database server
	nodes      nodes
	crowd      *crowd.Crowd
	tablets    []*tablet
	clinicians []*clinician
	trouble    trouble
	history    *history.History

	began   time.Time
	life    context.Context // of the streams
	end     context.CancelFunc
	resting atomic.Bool

	mu     sync.Mutex
	owners map[kontakt.EntryID]*tablet
	failed error
}

// nodes is all backends; next is the load balancer: each connection goes to the next, or where that is down, to another.
type nodes struct {
	all  []*node
	turn atomic.Uint64
}

func (n *nodes) next() []string {
	begin := int(n.turn.Add(1))
	to := make([]string, len(n.all))
	for i := range n.all {
		to[i] = n.all[(begin+i)%len(n.all)].front.Address
	}
	return to
}

func (n *nodes) any(rng *rand.Rand) *node { return n.all[rng.IntN(len(n.all))] }

// fail keeps an error of the test bench itself: such a run proves nothing.
func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = errors.Join(r.failed, err)
}

// owns notes which tablet holds a place.
func (r *run) owns(id kontakt.EntryID, t *tablet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.owners[id] = t
}

func (r *run) say(format string, args ...any) { fmt.Fprintf(r.out, r.engine+": "+format+"\n", args...) }

// setUp starts everything.
func (r *run) setUp(ctx context.Context) error {
	keysFile := filepath.Join(r.dir, "keys")
	keys, err := store.KeysFile(keysFile)
	if err != nil {
		return err
	}
	if err := r.openDatabase(); err != nil {
		return err
	}
	db, err := r.database.open(ctx, keys)
	if err != nil {
		return err
	}
	r.crowd, err = crowd.Seed(ctx, db, crowd.Size{
		Municipalities: 3, Clinics: r.Clinics, Tablets: r.Tablets, Clinicians: r.Clinicians, Citizens: 5 * r.Tablets, RingTime: ring,
	})
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := r.startNodes(ctx, keysFile); err != nil {
		return err
	}
	return r.people()
}

func (r *run) openDatabase() error {
	if r.engine == "sqlite" {
		data := filepath.Join(r.dir, "node 1")
		r.database = file{filepath.Join(data, "kontakt.db")}
		return os.MkdirAll(data, 0o700)
	}
	s, err := newServer()
	if err != nil {
		return err
	}
	r.database = s
	return nil
}

func (r *run) startNodes(ctx context.Context, keys string) error {
	count := r.Nodes
	if r.engine == "sqlite" {
		count = 1
	}
	for i := range count {
		name := fmt.Sprintf("node %d", i+1)
		dir := filepath.Join(r.dir, name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		var way *cable.Link
		if host := r.database.host(); host != "" {
			var err error
			if way, err = cable.New(func() []string { return []string{host} }); err != nil {
				return err
			}
			r.ways = append(r.ways, way)
		}
		n, err := newNode(name, r.Kontaktd, dir, r.database.address(way), keys, "http://127.0.0.1:1")
		if err != nil {
			return err
		}
		n.gaveUp = func() { r.history.NotAtRest(name + " ended by itself while it served") }
		r.nodes.all = append(r.nodes.all, n)
		if err := n.start(); err != nil {
			return err
		}
	}
	for _, n := range r.nodes.all {
		if err := n.ready(ctx); err != nil {
			return err
		}
	}
	return nil
}

// people puts tablets and clinicians in their places.
func (r *run) people() error {
	for i, who := range r.crowd.Tablets {
		t, err := newTablet(r, fmt.Sprintf("tablet %d", i+1), who)
		if err != nil {
			return err
		}
		r.tablets = append(r.tablets, t)
	}
	for i, who := range r.crowd.Staff {
		c, err := newClinician(r, fmt.Sprintf("clinician %d", i+1), who)
		if err != nil {
			return err
		}
		r.clinicians = append(r.clinicians, c)
		r.history.Staff[who.ID] = who.Name
	}
	for _, p := range r.crowd.Citizens {
		r.history.Home[p.ID] = p.Clinic
	}
	return nil
}

// play lets people work and things break until enough has happened, then lets all come to rest.
func (r *run) play(ctx context.Context) error {
	r.life, r.end = context.WithCancel(ctx)
	defer r.end()
	r.began = time.Now()
	work, stopWork := context.WithCancel(ctx)
	defer stopWork()
	broken, stopTrouble := context.WithCancel(ctx)
	defer stopTrouble()

	var people, troubles sync.WaitGroup
	for _, t := range r.tablets {
		people.Go(func() { t.live(work) })
	}
	for _, c := range r.clinicians {
		people.Go(func() { c.live(work) })
	}
	line := func(name string, faults []fault, s scale) {
		troubles.Go(func() { r.trouble.line(broken, dice(r.Seed, name), s, faults) })
	}
	line("machines", r.ofMachines(), r.scale)
	line("nodes", r.ofLinks("node", func(rng *rand.Rand) *cable.Link { return r.nodes.any(rng).front }), r.scale)
	for i := range 3 {
		s := r.scale
		s.between /= 2
		line(fmt.Sprintf("clients %d", i), r.ofClients(), s)
	}
	if len(r.ways) > 0 {
		line("database", r.ofDatabase(r.ways), r.scale)
	}
	r.watch(ctx)

	stopTrouble()
	troubles.Wait()
	r.say("the faults have stopped (%s)", &r.trouble)
	if err := r.heal(ctx); err != nil {
		return err
	}
	stopWork()
	rested := make(chan struct{})
	go func() {
		people.Wait()
		close(rested)
	}()
	select {
	case <-rested:
	case <-time.After(r.patience()):
		r.history.NotAtRest("people are still waiting for an answer long after the last fault")
		<-rested
	}
	return r.comeToRest(ctx)
}

// patience bounds how long it may take until all is well again.
func (r *run) patience() time.Duration {
	if r.lie != nil { // what was swallowed never comes
		return 30 * time.Second
	}
	return 2 * time.Minute
}

// watch tells how it goes until enough has happened.
func (r *run) watch(ctx context.Context) {
	for pause(ctx, 3*time.Second) {
		ops, acked := r.history.Count()
		r.say("%4.0f s  ops %d acked %d  %s", time.Since(r.began).Seconds(), ops, acked, &r.trouble)
		if long := time.Since(r.began); ops >= r.Ops && long >= r.For || long > r.For+r.Limit {
			return
		}
	}
}

// heal takes every fault away and waits until all nodes answer.
func (r *run) heal(ctx context.Context) error {
	for _, n := range r.nodes.all {
		n.front.Heal()
	}
	for _, k := range r.ways {
		k.Heal()
	}
	for _, t := range r.tablets {
		t.net.Heal()
	}
	for _, c := range r.clinicians {
		c.net.Heal()
	}
	for _, n := range r.nodes.all {
		if err := n.ready(ctx); err != nil {
			return err
		}
	}
	return nil
}

// verdict stops everything, reads the database and judges.
func (r *run) verdict(ctx context.Context) (history.Report, error) {
	for _, n := range r.nodes.all {
		if err := n.stop(); err != nil {
			r.history.NotAtRest(err.Error())
		}
	}
	db, err := r.database.read()
	if err != nil {
		return history.Report{}, err
	}
	defer db.Close()
	if r.history.Final, err = final(ctx, db); err != nil {
		return history.Report{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return history.Check(r.history), r.failed
}

func (r *run) close() error {
	var errs []error
	for _, t := range r.tablets {
		t.net.Close()
		t.http.CloseIdleConnections()
	}
	for _, c := range r.clinicians {
		c.net.Close()
		c.http.CloseIdleConnections()
	}
	for _, n := range r.nodes.all {
		errs = append(errs, n.close())
	}
	for _, k := range r.ways {
		k.Close()
	}
	if r.database != nil {
		errs = append(errs, r.database.close())
	}
	return errors.Join(errs...)
}

// reading opens a door to the tables for as long as do runs.
func (r *run) reading(do func(db *sql.DB) error) error {
	db, err := r.database.read()
	if err != nil {
		return err
	}
	return errors.Join(do(db), db.Close())
}
