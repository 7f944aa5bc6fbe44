package registry

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"kontaktlaege/backend/fhir"
	"kontaktlaege/internal/kontakt"
)

const (
	questionWithin = 30 * time.Second // above the source's own limit: what is answered is also kept
	probePatience  = time.Second      // how long a person waits for a source that was down a moment ago
	unknownFor     = 30 * time.Second // a number typed again is not asked for again
	unknownMost    = 4096
)

// line is the way to the source: one question at a time for each citizen, whoever asks, and none while it is down.
type line struct {
	source  Source
	keep    func(ctx context.Context, cpr kontakt.CPR, p fhir.Patient) error
	meter   Meter
	log     *slog.Logger
	now     func() time.Time
	breaker breaker

	mu       sync.Mutex
	closing  bool
	running  sync.WaitGroup
	stop     context.CancelFunc
	life     context.Context // of all questions: they outlive who asked first, since others may wait for the same
	flights  map[string]*flight
	notThere map[string]time.Time // until when the answer "nobody" is not asked for again
}

// flight is a question under way.
type flight struct {
	done  chan struct{}
	probe bool // the first since the source went down
	err   error
}

func newLine(source Source, keep func(context.Context, kontakt.CPR, fhir.Patient) error, o Options) *line {
	l := &line{source: source, keep: keep, meter: o.Meter, log: o.Log, now: o.Now, flights: map[string]*flight{}, notThere: map[string]time.Time{}}
	l.life, l.stop = context.WithCancel(context.Background())
	return l
}

func (l *line) close() {
	l.mu.Lock()
	l.closing = true
	l.mu.Unlock()
	l.stop()
	l.running.Wait()
}

var (
	errDown = &kontakt.Error{Op: "registry.ask", Kind: kontakt.Unavailable, Msg: kontakt.MsgRegistryDown}
	errNone = &kontakt.Error{Op: "registry.ask", Kind: kontakt.NotFound, Msg: kontakt.MsgCitizenUnknown}
)

// ask gets the citizen whom key names kept as the source knows them. It gives the source's error, or errDown at once.
func (l *line) ask(ctx context.Context, key string, cpr kontakt.CPR) error {
	f, err := l.join(key, cpr)
	if err != nil {
		return err
	}
	var enough <-chan time.Time
	if f.probe {
		t := time.NewTimer(probePatience)
		defer t.Stop()
		enough = t.C
	}
	select {
	case <-f.done:
		return f.err
	case <-enough:
		return errDown
	case <-ctx.Done():
		return errDown
	}
}

// join takes part in the question about a citizen, or begins it.
func (l *line) join(key string, cpr kontakt.CPR) (*flight, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if until, ok := l.notThere[key]; ok && now.Before(until) {
		return nil, errNone
	}
	if f := l.flights[key]; f != nil {
		return f, nil
	}
	if l.closing {
		return nil, errDown
	}
	allowed, probe := l.breaker.allow(now)
	if !allowed {
		return nil, errDown
	}
	f := &flight{done: make(chan struct{}), probe: probe}
	l.flights[key] = f
	l.running.Go(func() { l.fly(f, key, cpr) })
	return f, nil
}

func (l *line) fly(f *flight, key string, cpr kontakt.CPR) {
	ctx, cancel := context.WithTimeout(l.life, questionWithin)
	defer cancel()
	began := time.Now()
	p, err := l.source.Patient(ctx, cpr)
	said := answerOf(err)
	l.meter.Asked(said, time.Since(began))
	switch was, is := l.breaker.report(l.now(), said != Down, f.probe); {
	case was && !is:
		l.log.Warn("registry: does not answer; look-ups go on with what is remembered", "err", err)
	case !was && is:
		l.log.Info("registry: answers again")
	case said == Doubtful:
		l.log.Warn("registry: an answer can't be used", "err", err)
	}
	if err == nil {
		err = l.keep(ctx, cpr, p)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if said == Unknown {
		l.forgetOld()
		l.notThere[key] = l.now().Add(unknownFor)
	}
	delete(l.flights, key)
	f.err = err
	close(f.done)
}

// answerOf is the outcome of a question.
func answerOf(err error) string {
	switch {
	case err == nil:
		return Found
	case kontakt.KindOf(err) == kontakt.NotFound:
		return Unknown
	case errors.Is(err, fhir.ErrDoubtful):
		return Doubtful
	}
	return Down
}

// forgetOld keeps what is remembered of nobody small.
func (l *line) forgetOld() {
	now := l.now()
	for key, until := range l.notThere {
		if !now.Before(until) || len(l.notThere) >= unknownMost {
			delete(l.notThere, key)
		}
	}
}
