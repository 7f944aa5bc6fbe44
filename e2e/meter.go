package e2e

import (
	"context"
	_ "embed"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"kontaktlaege/media/capture"
)

//go:embed meter.js
var meterScript string

// measured is what meter.take gives.
type measured struct {
	Frames map[string][][2]any     // [when, bits or ""]
	Beeps  map[string][][2]float64 // [when, pitch]
	Steps  [][2]any                // [when, what]
}

// pageMeter collects what the meter in a page saw and heard.
type pageMeter struct {
	page  *Page
	shown map[string][]time.Time // each new picture
	codes map[string]*Watch      // those that were read
	beeps map[string][]beep
	steps []pageStep
}

type beep struct {
	at    time.Time
	pitch int64
}

type pageStep struct {
	at   time.Time
	what string
}

func newPageMeter(page *Page) *pageMeter {
	m := &pageMeter{page: page}
	m.forget()
	return m
}

// forget begins a new measurement.
func (m *pageMeter) forget() {
	m.shown, m.codes, m.beeps, m.steps = map[string][]time.Time{}, map[string]*Watch{}, map[string][]beep{}, nil
}

// take fetches what there is since the last time.
func (m *pageMeter) take(ctx context.Context) error {
	var t measured
	if err := m.page.Eval(ctx, "meter.take()", &t); err != nil {
		return err
	}
	for name, frames := range t.Frames {
		if m.codes[name] == nil {
			m.codes[name] = &Watch{}
		}
		for _, f := range frames {
			ms, okTime := f[0].(float64)
			text, okText := f[1].(string)
			if !okTime || !okText {
				return fmt.Errorf("e2e: the page's meter gave %v", f)
			}
			at := unixMilli(ms)
			m.shown[name] = append(m.shown[name], at)
			if text == "" {
				continue
			}
			if err := m.codes[name].addPicture(at, text); err != nil {
				return err
			}
		}
	}
	for name, beeps := range t.Beeps {
		for _, b := range beeps {
			m.beeps[name] = append(m.beeps[name], beep{unixMilli(b[0]), int64(b[1])})
		}
	}
	for _, s := range t.Steps {
		ms, _ := s[0].(float64)
		what, _ := s[1].(string)
		m.steps = append(m.steps, pageStep{unixMilli(ms), what})
	}
	return nil
}

// unixMilli keeps the fraction, which time.UnixMilli would drop.
func unixMilli(ms float64) time.Time { return time.UnixMicro(int64(ms * 1000)) }

// addPicture reads the time code of a picture of one bit a pixel.
func (w *Watch) addPicture(at time.Time, text string) error {
	bits, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(bits) != probeWidth*probeHeight/8 {
		return fmt.Errorf("e2e: the page's probe gave no picture: %w", err)
	}
	luma := make([]byte, probeWidth*probeHeight)
	for i := range luma {
		if bits[i/8]&(128>>(i%8)) != 0 {
			luma[i] = 255
		}
	}
	code, ok := capture.ReadTimecode(luma, probeWidth, probeWidth, probeHeight)
	w.Add(at, code, ok)
	return nil
}

// quantiles gives the median and the 95th percentile.
func quantiles(d []time.Duration) (p50, p95 time.Duration) {
	if len(d) == 0 {
		return 0, 0
	}
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2], d[len(d)*95/100]
}

// delays gives how late each picture was that arrived, against when the source's own picture with that code was first
// shown; loop is the length of a looping source.
func delays(arrived, source []Sighting, loop time.Duration) []time.Duration {
	var all []time.Duration
	var last uint32
	for i, a := range arrived {
		if i > 0 && a.Code == last {
			continue // it stood a while: only its first moment counts
		}
		last = a.Code
		for j := len(source) - 1; j >= 0; j-- {
			since := a.At.Sub(source[j].At)
			if since < 0 || source[j].Code != a.Code || j > 0 && source[j-1].Code == a.Code {
				continue
			}
			if since < loop {
				all = append(all, since)
			}
			break
		}
	}
	return all
}

// ages is delays for a source whose pictures carry the clock.
func ages(arrived []Sighting) []time.Duration {
	var all []time.Duration
	var last uint32
	for i, a := range arrived {
		if i > 0 && a.Code == last {
			continue
		}
		last = a.Code
		all = append(all, capture.TimecodeAge(a.Code, a.At))
	}
	return all
}

// beepAges gives how late the beeps of a source that carries the clock were heard (capture.BeepHz).
func beepAges(heard []beep) []time.Duration {
	var all []time.Duration
	for _, b := range heard {
		second := b.at.Unix()
		for second&7 != b.pitch {
			second--
		}
		all = append(all, b.at.Sub(time.Unix(second, 0)))
	}
	return all
}

// beepDelays is beepAges for a source that was heard at the other end: each beep against the last of its pitch there.
func beepDelays(heard, source []beep) []time.Duration {
	var all []time.Duration
	for _, b := range heard {
		for j := len(source) - 1; j >= 0; j-- {
			if since := b.at.Sub(source[j].at); since >= 0 && source[j].pitch == b.pitch {
				if since < 4*time.Second {
					all = append(all, since)
				}
				break
			}
		}
	}
	return all
}

// received is what a page's connection tells of the picture that it gets.
type received struct {
	Frames, Width, Height int
	Freezes               int
}

func (m *pageMeter) received(ctx context.Context) (r received, err error) {
	err = m.page.Eval(ctx, "meter.received()", &r)
	return r, err
}
