package main

import (
	"math/rand/v2"
	"testing"
	"time"
)

func newShaper(c conditions) *shaper {
	return &shaper{conditions: c, chance: rand.New(rand.NewPCG(1, 2))}
}

// What is measured on a link is worth no more than the link: it carries its rate, and not more.
func TestShaper_carriesItsRate(t *testing.T) {
	s := newShaper(conditions{Rate: 300_000, Delay: 20 * time.Millisecond})
	now := time.Unix(0, 0)
	var carried int
	var last time.Time
	for range 2000 { // 1,200 bytes each 10 ms: 960 kbit/s
		if at, ok := s.admit(now, 1200); ok {
			carried += 1200 * 8
			last = at
		}
		now = now.Add(10 * time.Millisecond)
	}
	rate := float64(carried) / last.Sub(time.Unix(0, 0)).Seconds()
	if rate < 290_000 || rate > 301_000 {
		t.Errorf("carried %.0f bit/s", rate)
	}
	if wait := last.Sub(now.Add(-10 * time.Millisecond)); wait > queueTime+20*time.Millisecond {
		t.Errorf("a packet waited %v", wait)
	}
	if s.overflowed == 0 {
		t.Error("three times its rate, and nothing was dropped")
	}
}

func TestShaper_losesAndReordersAsOftenAsTold(t *testing.T) {
	s := newShaper(conditions{Loss: 0.2, Reorder: 0.1})
	now := time.Unix(0, 0)
	var through, late int
	for range 20_000 {
		if at, ok := s.admit(now, 100); ok {
			through++
			if at.After(now) {
				late++
			}
		}
		now = now.Add(time.Millisecond)
	}
	if through < 15_700 || through > 16_300 {
		t.Errorf("%d of 20,000 came through 20 %% loss", through)
	}
	if late < 1450 || late > 1750 {
		t.Errorf("%d of %d were overtaken, want a tenth", late, through)
	}
}

func TestShaper_cutAndBack(t *testing.T) {
	s := newShaper(conditions{Cut: true})
	now := time.Unix(0, 0)
	if _, ok := s.admit(now, 100); ok {
		t.Error("a packet came through a cut")
	}
	s.Cut = false
	if at, ok := s.admit(now, 100); !ok || !at.Equal(now) {
		t.Error("no packet came through after it")
	}
}
