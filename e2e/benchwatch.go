package e2e

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kontaktlaege/media/capture"
)

// oneWay is what a one-way call of picture and sound showed at its receiving end.
type oneWay struct {
	p50, p95, ear    time.Duration
	freezes          int
	fps              float64
	width, height    int
	lipSync          time.Duration
	pictures, beeped int
}

// every is of how many pictures one is read: reading costs the page more than showing.
const every = 4

func (b CallBench) pause(ctx context.Context, what string, d time.Duration) error {
	b.Say("%s: %v", what, d)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// drainFor fetches what the meters saw while d passes.
func drainFor(ctx context.Context, d time.Duration, meters ...*pageMeter) error {
	for end := time.Now().Add(d); time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
		for _, m := range meters {
			if err := m.take(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// firstPicture waits for the first picture that a page showed after a moment.
func firstPicture(ctx context.Context, m *pageMeter, began time.Time) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if err := m.take(ctx); err != nil {
			return 0, err
		}
		for _, at := range m.shown["remote"] {
			if at.After(began) {
				return at.Sub(began), nil
			}
		}
		select {
		case <-ctx.Done():
			return 0, errors.New("e2e: no picture came")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// watchOneWay measures what comes to a page; from is the page where it began, or nil where the source carries the clock.
func (b CallBench) watchOneWay(ctx context.Context, from, to *pageMeter, pair bool) (w oneWay, err error) {
	remote, self := "[data-test=remote]", "[data-test=self]"
	if pair {
		remote, self = "#remote", "#self"
	}
	meters := []*pageMeter{to}
	begin := fmt.Sprintf("meter.watch('remote', '%s', %d), meter.listen('remote', '%s')", remote, every, remote)
	if err := to.page.Eval(ctx, begin, nil); err != nil {
		return w, err
	}
	if from != nil {
		meters = append(meters, from)
		if err := from.page.Eval(ctx, fmt.Sprintf("void meter.watchCamera('self', '%s'), meter.listen('self', '%s')", self, self), nil); err != nil {
			return w, err
		}
		from.forget()
	}
	to.forget()
	before, err := to.received(ctx)
	if err != nil {
		return w, err
	}
	started := time.Now()
	b.Say("measuring for %v", b.Measure)
	if err := drainFor(ctx, b.Measure, meters...); err != nil {
		return w, err
	}
	after, err := to.received(ctx)
	if err != nil {
		return w, err
	}
	if err := to.page.Eval(ctx, "meter.unwatch('remote'), meter.deafen('remote')", nil); err != nil {
		return w, err
	}
	var late, heard []time.Duration
	if from != nil {
		if err := from.page.Eval(ctx, "meter.unwatch('self'), meter.deafen('self')", nil); err != nil {
			return w, err
		}
		late = delays(to.sightings("remote"), from.sightings("self"), ClinicLoop)
		heard = beepDelays(to.beeps["remote"], from.beeps["self"])
	} else {
		late, heard = ages(to.sightings("remote")), beepAges(to.beeps["remote"])
	}
	w.p50, w.p95 = quantiles(late)
	w.ear, _ = quantiles(heard)
	w.lipSync = w.ear - w.p50
	w.freezes = after.Freezes - before.Freezes
	w.fps = float64(after.Frames-before.Frames) / time.Since(started).Seconds()
	w.width, w.height = after.Width, after.Height
	w.pictures, w.beeped = len(late), len(heard)
	b.Say("%d pictures, %d beeps read", w.pictures, w.beeped)
	if w.pictures == 0 || w.beeped == 0 {
		return w, fmt.Errorf("e2e: %d pictures and %d beeps were read", w.pictures, w.beeped)
	}
	return w, nil
}

func (m *pageMeter) sightings(name string) []Sighting {
	if w := m.codes[name]; w != nil {
		return w.Sightings()
	}
	return nil
}

// watchScreen measures what comes to the tablet: by its pixels, against the clinic's own picture.
func (b CallBench) watchScreen(ctx context.Context, l *Lab, m *pageMeter) (w oneWay, err error) {
	where, err := l.Tablet.See(ctx, "VideoRemote")
	if err != nil {
		return w, err
	}
	if err := m.page.Eval(ctx, "void meter.watchCamera('self', '[data-test=self]')", nil); err != nil {
		return w, err
	}
	m.forget()
	var seen Watch
	watching, stop := context.WithTimeout(ctx, b.Measure)
	defer stop()
	done := make(chan error, 1)
	go func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-watching.Done():
				done <- nil
				return
			case <-tick.C:
			}
			img, err := l.Tablet.Screen.LookAt(middle(where))
			if err != nil {
				done <- err
				return
			}
			at := time.Now()
			code, ok := capture.ReadTimecodeImage(img)
			seen.Add(at, code, ok)
		}
	}()
	if err := errors.Join(drainFor(ctx, b.Measure, m), <-done); err != nil {
		return w, err
	}
	late := delays(seen.Sightings(), m.sightings("self"), ClinicLoop)
	w.p50, w.p95 = quantiles(late)
	if w.pictures = len(late); w.pictures == 0 {
		return w, errors.New("e2e: no picture was read from the tablet's screen")
	}
	flow := seen.FlowBetween(time.Now().Add(-b.Measure), time.Now())
	w.fps = flow.PerSecond
	b.Say("%d pictures read, %v", w.pictures, flow)
	return w, m.page.Eval(ctx, "meter.unwatch('self')", nil)
}
