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
	foundFor       = 5 * time.Second  // who looked into the table before the answer was kept there does not ask again
	answersMost    = 4096
)

// line is the way to the source: one question at a time for each citizen, whoever asks, and none while it is down.
type line struct {
	source  Source
	keep    func(ctx context.Context, cpr kontakt.CPR, p fhir.Patient) error
	meter   Meter
	log     *slog.Logger
	now     func() time.Time
	breaker breaker

	mu      sync.Mutex
	closing bool
	running sync.WaitGroup
	stop    context.CancelFunc
	life    context.Context // of all questions: they outlive who asked first, since others may wait for the same
	flights map[string]*flight
	answers map[string]answer // of a moment ago
}

// answer stands for the next question until a time: nil or errNone.
type answer struct {
	until time.Time
	err   error
}

// flight is a question under way.
type flight struct {
	done  chan struct{}
	probe bool // the first since the source went down
	err   error
}

func newLine(source Source, keep func(context.Context, kontakt.CPR, fhir.Patient) error, o Options) *line {
	l := &line{source: source, keep: keep, meter: o.Meter, log: o.Log, now: o.Now, flights: map[string]*flight{}, answers: map[string]answer{}}
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
	if f == nil {
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

// join takes part in the question about a citizen, or begins it. There is no flight where the answer is known already.
func (l *line) join(key string, cpr kontakt.CPR) (*flight, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if a, ok := l.answers[key]; ok && now.Before(a.until) {
		return nil, a.err
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
	switch {
	case said == Unknown:
		l.answered(key, answer{l.now().Add(unknownFor), errNone})
	case err == nil:
		l.answered(key, answer{l.now().Add(foundFor), nil})
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

// answered keeps an answer, and few of them.
func (l *line) answered(key string, a answer) {
	now := l.now()
	for key, old := range l.answers {
		if !now.Before(old.until) || len(l.answers) >= answersMost {
			delete(l.answers, key)
		}
	}
	l.answers[key] = a
}
