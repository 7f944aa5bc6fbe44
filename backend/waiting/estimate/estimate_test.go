package estimate_test

import (
	"math/rand/v2"
	"testing"
)

func long(r *rand.Rand) float64  { return lognormal(r, 14, 0.6) }
func short(r *rand.Rand) float64 { return lognormal(r, 8, 0.6) }

// both are the two agreed modes of domain.md §2.1: conferences of about 8 minutes, consultations of about 14.
func both(r *rand.Rand) float64 {
	if r.Float64() < 0.5 {
		return lognormal(r, 8, 0.3)
	}
	return lognormal(r, 14, 0.3)
}

func doctors(n int) (shifts [][2]float64) {
	for range n {
		shifts = append(shifts, [2]float64{8, 16})
	}
	return shifts
}

var day = [2]float64{8, 15.5}

var kinds = []kind{
	{name: "one doctor, 14 min", shifts: doctors(1), open: day, minutes: long, load: 0.8},
	{name: "two doctors, 8 min", shifts: doctors(2), open: day, minutes: short, load: 0.85},
	{name: "three doctors, 8 and 14 min", shifts: doctors(3), open: day, minutes: both, load: 0.85},
	{name: "four doctors, 8 and 14 min", shifts: doctors(4), open: day, minutes: both, load: 0.9},
	{name: "quiet", shifts: doctors(2), open: day, minutes: both, load: 0.3},
	{name: "bursts", shifts: doctors(2), open: day, minutes: both, load: 0.8, bursts: 4},
	{name: "delays", shifts: doctors(2), open: day, minutes: short, load: 0.75, delayed: 0.3},
	{name: "no answers, no patience", shifts: doctors(2), open: day, minutes: both, load: 0.8, missed: 0.15, leaves: 0.1},
	{name: "a morning window", shifts: [][2]float64{{9, 11}, {9, 11}}, open: [2]float64{9, 10.75}, minutes: short, load: 0.9, crowd: 8, noBreaks: true},
	{name: "shifts", shifts: [][2]float64{{8, 16}, {10, 16}, {8, 12}}, open: day, minutes: both, load: 0.85},
	{name: "too few doctors", shifts: doctors(1), open: day, minutes: both, load: 1.15, crowd: 6},
}

// Each kind of clinic for a hundred days, from its very first call: four of five waits fall inside what was said, and
// what was said is worth more than any constant range, though that one is chosen when all is known. So it is for who
// asks again after ten minutes.
func TestWait_overElevenHundredSimulatedDays(t *testing.T) {
	days := 100
	if testing.Short() {
		days = 30
	}
	for again, days := range map[bool]int{false: days, true: days / 3} {
		var all score
		for i, k := range kinds {
			s := k.play(days, uint64(i), again)
			s.print(t, k.name)
			if !again || s.waits >= 300 { // a quiet clinic has few that wait for long: docs/wait.md
				s.check(t, k.name, again)
			}
			all.add(s)
		}
		all.print(t, "all")
		all.check(t, "all", again)
	}
}

func (s score) print(t *testing.T, name string) {
	t.Helper()
	share := func(n int) float64 { return 100 * float64(n) / float64(s.waits) }
	t.Logf("%-28s %6d waits, unknown %3d, inside %.1f %% (below %.1f, above %.1f), width %5.1f min, score %5.1f, constant %5.1f, better by %.0f %%",
		name, s.waits, s.unknown, share(s.inside), share(s.below), share(s.above), s.width, s.score, s.constant, 100*(1-s.score/s.constant))
}

func (s score) check(t *testing.T, name string, again bool) {
	t.Helper()
	if s.inside*5 < s.waits*4 {
		t.Errorf("%s, again %v: %d of %d waits inside the range, want four of five", name, again, s.inside, s.waits)
	}
	if s.score > 0.8*s.constant {
		t.Errorf("%s, again %v: score %.1f, want 20 %% below the constant range's %.1f", name, again, s.score, s.constant)
	}
	if s.unknown > 15+s.waits/50 { // the first calls, and the first evening
		t.Errorf("%s, again %v: %d waits not known of %d", name, again, s.unknown, s.waits)
	}
}

// add takes the means over all waits; the constant range stays each clinic's own.
func (s *score) add(o score) {
	n, m := float64(s.waits), float64(o.waits)
	mean := func(a, b float64) float64 { return (a*n + b*m) / (n + m) }
	s.score, s.constant, s.width = mean(s.score, o.score), mean(s.constant, o.constant), mean(s.width, o.width)
	s.waits, s.unknown, s.inside, s.below, s.above = s.waits+o.waits, s.unknown+o.unknown, s.inside+o.inside, s.below+o.below, s.above+o.above
}
