package e2e

import (
	"context"
	"fmt"
	"image"
	"slices"
	"sort"
	"sync"
	"time"

	"kontaktlaege/media/capture"
)

// Sighting is one time code that was seen in a picture.
type Sighting struct {
	At   time.Time
	Code uint32 // milliseconds, as the source counts them
}

// Watch collects sightings of one side's picture.
type Watch struct {
	mu   sync.Mutex
	seen []Sighting
	look int // how often somebody looked
}

// Add notes what one look gave.
func (w *Watch) Add(at time.Time, code uint32, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.look++
	if ok {
		w.seen = append(w.seen, Sighting{at, code})
	}
}

// Sightings gives all so far, in the order of time.
func (w *Watch) Sightings() []Sighting {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Sighting(nil), w.seen...)
}

// Flow is how pictures kept arriving in a stretch of time.
type Flow struct {
	Fresh      int           // pictures with another code than the one before
	PerSecond  float64       // of them
	LongestGap time.Duration // between two of them, the ends of the stretch included
}

func (f Flow) String() string {
	return fmt.Sprintf("%.1f new pictures a second, longest gap %d ms", f.PerSecond, f.LongestGap.Milliseconds())
}

// FlowBetween measures the pictures that came from from to to.
func (w *Watch) FlowBetween(from, to time.Time) Flow {
	var f Flow
	last := from
	var code uint32
	for i, s := range w.Sightings() {
		if s.At.Before(from) || s.At.After(to) {
			code = s.Code
			continue
		}
		if i > 0 && s.Code == code {
			continue
		}
		code = s.Code
		f.Fresh++
		f.LongestGap = max(f.LongestGap, s.At.Sub(last))
		last = s.At
	}
	f.LongestGap = max(f.LongestGap, to.Sub(last))
	f.PerSecond = float64(f.Fresh) / to.Sub(from).Seconds()
	return f
}

// Lag compares what arrives with what the source showed at the same moment: for each sighting of arrived, how far its code
// is behind the source's newest. loop is the length of a looping source, or 0. It gives the median and the largest.
func Lag(arrived, source []Sighting, loop time.Duration) (middle, largest time.Duration, n int) {
	var lags []time.Duration
	for _, a := range arrived {
		i := sort.Search(len(source), func(i int) bool { return source[i].At.After(a.At) }) - 1
		if i < 0 || a.At.Sub(source[i].At) > 500*time.Millisecond {
			continue
		}
		now := time.Duration(source[i].Code)*time.Millisecond + a.At.Sub(source[i].At)
		lag := now - time.Duration(a.Code)*time.Millisecond
		if loop > 0 {
			lag = ((lag % loop) + loop) % loop
		}
		lags = append(lags, lag)
	}
	if len(lags) == 0 {
		return 0, 0, 0
	}
	return median(lags), slices.Max(lags), len(lags)
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

// watchEvery is how often a picture is looked at: more often than the demanded ten a second.
const watchEvery = 40 * time.Millisecond

// middle gives the part of a picture where the time code is, without the corners, where the own picture floats.
func middle(r image.Rectangle) image.Rectangle {
	return image.Rect(r.Min.X+r.Dx()/8, r.Min.Y+r.Dy()/4, r.Max.X-r.Dx()/8, r.Max.Y-r.Dy()/4)
}

// WatchScreen looks at the remote picture in the tablet's window until ctx ends. It sees pixels of the screen, nothing else.
func (t *Tablet) WatchScreen(ctx context.Context, where image.Rectangle, w *Watch) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		img, err := t.Screen.Look()
		if err != nil {
			return err
		}
		at := time.Now()
		code, ok := capture.ReadTimecodeImage(img.SubImage(middle(where)))
		w.Add(at, code, ok)
	}
}
