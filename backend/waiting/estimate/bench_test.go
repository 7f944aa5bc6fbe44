package estimate_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"kontaktlaege/backend/waiting/estimate"
)

// BenchmarkLine_100waiting is what a clinic's list costs: the line is read once, and each of a hundred is told.
func BenchmarkLine_100waiting(b *testing.B) {
	c := &clinic{kind: kinds[3], r: rand.New(rand.NewPCG(1, 7)), joined: func(*clinic, *person, time.Time) {}}
	for day := range 5 {
		c.day(time.Date(2026, 1, 5+day, 0, 0, 0, 0, time.UTC))
	}
	calls, now := c.recent(), time.Date(2026, 1, 9, 13, 0, 0, 0, time.UTC)
	for b.Loop() {
		line := estimate.New(calls, now.Add(-time.Hour), now)
		for before := range 100 {
			line.Wait(before)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/entry")
}

// BenchmarkLine_one is what a tablet's own place costs, five before it.
func BenchmarkLine_one(b *testing.B) {
	c := &clinic{kind: kinds[3], r: rand.New(rand.NewPCG(1, 7)), joined: func(*clinic, *person, time.Time) {}}
	for day := range 5 {
		c.day(time.Date(2026, 1, 5+day, 0, 0, 0, 0, time.UTC))
	}
	calls, now := c.recent(), time.Date(2026, 1, 9, 13, 0, 0, 0, time.UTC)
	for b.Loop() {
		estimate.New(calls, now.Add(-time.Hour), now).Wait(5)
	}
}
