package main

import (
	"testing"
	"time"
)

// steady makes samples of pictures at 25 a second from 0 to until ms, and none between hole and back.
func steady(until, hole, back float64) []sample {
	var all []sample
	frames := 0.0
	for at := 0.0; at <= until; at += 200 {
		if at <= hole || at > back {
			frames += 5
		}
		all = append(all, sample{At: at, Frames: frames, Height: 360, Sound: at * 48, Concealed: at * 48 / 100})
	}
	return all
}

func TestBetween_measuresAStretch(t *testing.T) {
	f := between(steady(20_000, 30_000, 30_000), 10_000, 20_000)
	if f.Height != 360 || f.FPS < 24.5 || f.FPS > 25.6 || f.Frozen != 0 || f.Concealed < 0.99 || f.Concealed > 1.01 || !f.Sound {
		t.Errorf("%+v", f)
	}
}

// A picture that stands at the end is frozen, although no next picture has ended the freeze yet.
func TestBetween_aPictureThatStandsIsFrozen(t *testing.T) {
	if f := between(steady(20_000, 12_000, 30_000), 10_000, 20_000); f.Frozen != 8 {
		t.Errorf("%+v, want 8 s frozen", f)
	}
	if f := between(steady(20_000, 0, 30_000), 10_000, 20_000); f.Height != 0 || f.FPS != 0 || f.Frozen != 10 {
		t.Errorf("%+v, want no picture at all", f)
	}
}

func TestBetween_anotherConnectionBeginsAtNought(t *testing.T) {
	all := steady(10_000, 20_000, 20_000)
	next := steady(10_000, 20_000, 20_000)
	for _, s := range next {
		s.At += 10_200
		all = append(all, s)
	}
	if f := between(all, 0, 20_200); f.FPS < 24.5 || f.FPS > 25.6 || f.Concealed < 0.9 || f.Concealed > 1.1 {
		t.Errorf("%+v", f)
	}
}

func TestMovesAgain(t *testing.T) {
	if at, ok := movesAgain(steady(20_000, 5_000, 10_000), 9_000); !ok || at != 10_200 {
		t.Errorf("again at %v, %v", at, ok)
	}
	if _, ok := movesAgain(steady(20_000, 5_000, 20_000), 9_000); ok {
		t.Error("it never came back")
	}
}

func TestLetters_countsWhatIsRightAndHowLate(t *testing.T) {
	sent := []typed{{0, "h"}, {100, "e"}, {200, "j"}}
	right, p95 := letters(sent, []typed{{50, "\ufeff"}, {300, "he"}, {1200, "j"}})
	if right != 3 || p95 != time.Second {
		t.Errorf("%d right, p95 %v", right, p95)
	}
	again, p95 := letters(sent, []typed{{50, "\ufeff"}, {300, "he"}, {1200, "\ufeffhej"}})
	if again != 3 || p95 != time.Second {
		t.Errorf("%d right where another connection says all of it again, p95 %v", again, p95)
	}
	if right, _ := letters(sent, []typed{{300, "hj"}}); right != 1 {
		t.Errorf("%d right of one that was lost", right)
	}
}
