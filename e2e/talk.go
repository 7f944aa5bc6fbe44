package e2e

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"image"
	"time"

	"kontaktlaege/media/capture"
)

//go:embed timecode.js
var timecodeScript string // what the other scripts read time codes with

//go:embed probe.js
var probeScript string

const probeWidth, probeHeight = 640, 180

// taken is what probe.take gives, by the names of the watches: [milliseconds of Unix time, bits] and [milliseconds, level at
// the tone, level elsewhere].
type taken struct {
	Pictures map[string][][2]any
	Tones    map[string][][3]float64
}

// eyes is what was seen and heard in a page, by the names of the watches.
type eyes struct {
	pictures map[string]*Watch
	tones    map[string][]toneSample
}

type toneSample struct {
	at    time.Time
	heard bool
}

// toneStandsOut is by how many decibels the tone must stand out of the sound around it.
const toneStandsOut = 25

// startProbes has the clinic's page watch its pictures and listen for the tablet's tone.
func startProbes(ctx context.Context, page *Page) error {
	return page.Eval(ctx, fmt.Sprintf("probe.watch('remote', '[data-test=remote]'), probe.watch('self', '[data-test=self]'), probe.listen('remote', '[data-test=remote]', %g)", tabletTone), nil)
}

// picture gives what a watch has seen so far.
func (e *eyes) picture(name string) *Watch {
	if e.pictures == nil {
		e.pictures = map[string]*Watch{}
	}
	if e.pictures[name] == nil {
		e.pictures[name] = &Watch{}
	}
	return e.pictures[name]
}

// hearing gives how often a watch has listened, and how often it heard its tone.
func (e *eyes) hearing(name string) (heard, all int) {
	for _, s := range e.tones[name] {
		if s.heard {
			heard++
		}
	}
	return heard, len(e.tones[name])
}

// drain takes what the probes have seen and heard since the last time.
func (e *eyes) drain(ctx context.Context, page *Page) error {
	var t taken
	if err := page.Eval(ctx, "probe.take()", &t); err != nil {
		return err
	}
	if e.tones == nil {
		e.tones = map[string][]toneSample{}
	}
	for name, tones := range t.Tones {
		for _, s := range tones {
			e.tones[name] = append(e.tones[name], toneSample{time.UnixMilli(int64(s[0])), s[1]-s[2] > toneStandsOut})
		}
	}
	for name, pictures := range t.Pictures {
		if err := e.picture(name).addBits(pictures); err != nil {
			return err
		}
	}
	return nil
}

func (w *Watch) addBits(pictures [][2]any) error {
	for _, p := range pictures {
		ms, okTime := p[0].(float64)
		text, okText := p[1].(string)
		if !okTime || !okText {
			return fmt.Errorf("e2e: the page's probe gave %v", p)
		}
		if err := w.addPicture(unixMilli(ms), text); err != nil {
			return err
		}
	}
	return nil
}

// Talk is what a stretch of a call looked like from both ends.
type Talk struct {
	From, To   time.Time
	onTablet   Flow // the clinic's picture, by the pixels of the tablet's window
	onClinic   Flow // the tablet's picture, by the pixels of the page's video element
	tabletLag  time.Duration
	clinicLag  time.Duration
	toneShare  float64 // of the page's looks at its sound, how many heard the tablet's tone
	tablet     Watch
	clinicSide eyes
}

// watchBothWays watches a running call for a while.
func (l *Lab) watchBothWays(ctx context.Context, page *Page, duration time.Duration, during ...func(ctx context.Context) error) (*Talk, error) {
	where, err := l.Tablet.See(ctx, "VideoRemote")
	if err != nil {
		return nil, err
	}
	if err := startProbes(ctx, page); err != nil {
		return nil, err
	}
	t := &Talk{}
	// Both ends have a moment to show their first picture: how long that takes is a figure of its own.
	if err := l.untilFlowing(ctx, page, where, t); err != nil {
		return nil, err
	}
	watching, stop := context.WithTimeout(ctx, duration)
	defer stop()
	t.From = time.Now()
	t.To = t.From.Add(duration)
	screen := make(chan error, 1)
	go func() { screen <- l.Tablet.WatchScreen(watching, where, &t.tablet) }()
	accidents := make(chan error, 1)
	go func() {
		var err error
		for _, f := range during {
			err = errors.Join(err, f(ctx))
		}
		accidents <- err
	}()
	for watching.Err() == nil {
		select {
		case <-watching.Done():
		case <-time.After(time.Second):
		}
		if err := t.clinicSide.drain(ctx, page); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(<-screen, <-accidents); err != nil {
		return nil, err
	}
	t.onTablet = t.tablet.FlowBetween(t.From, t.To)
	t.onClinic = t.clinicSide.picture("remote").FlowBetween(t.From, t.To)
	t.tabletLag, _, _ = Lag(t.tablet.Sightings(), t.clinicSide.picture("self").Sightings(), ClinicLoop)
	t.clinicLag = age(t.clinicSide.picture("remote").Sightings())
	if heard, all := t.clinicSide.hearing("remote"); all > 0 {
		t.toneShare = float64(heard) / float64(all)
	}
	return t, nil
}

// age gives the median of how old the tablet's pictures were when the page showed them: its source shows the clock.
func age(seen []Sighting) time.Duration {
	var live []Sighting
	for _, s := range seen {
		live = append(live, Sighting{s.At, capture.TimecodeAt(s.At)})
	}
	median, _, _ := Lag(seen, live, 0)
	return median
}

// untilFlowing waits until both ends show moving pictures.
func (l *Lab) untilFlowing(ctx context.Context, page *Page, where image.Rectangle, t *Talk) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if err := t.clinicSide.drain(ctx, page); err != nil {
			return err
		}
		img, err := l.Tablet.Screen.Look()
		if err != nil {
			return err
		}
		_, shown := capture.ReadTimecodeImage(img.SubImage(middle(where)))
		if shown && len(t.clinicSide.picture("remote").Sightings()) > 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("e2e: no picture: on the tablet %v, in the page %v", shown, len(t.clinicSide.picture("remote").Sightings()) > 0)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
