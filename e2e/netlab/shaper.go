package main

import (
	"math/rand/v2"
	"time"
)

// conditions are what a stretch of network does to packets in one direction. The zero value lets everything through.
type conditions struct {
	Rate    int           // bits a second; 0: no limit
	Delay   time.Duration // of every packet
	Loss    float64       // 0–1, at random
	Reorder float64       // 0–1 of the packets come overtaken after, later than those behind them
	Cut     bool          // nothing comes through
	Pass    filter        // what the firewall lets through; nil: everything
}

// overtaken is how much later a packet comes that others are to overtake: some packets of a picture, less than NACK's patience.
const overtaken = 15 * time.Millisecond

// A packet that would wait longer than queueTime is dropped, as a real queue is bounded; queueBytes fit in any case.
const (
	queueTime  = 250 * time.Millisecond
	queueBytes = 6000
)

// shaper decides what becomes of each packet of one direction. It keeps no packet and reads no clock.
type shaper struct {
	conditions
	chance *rand.Rand
	busy   time.Time // until when the line is taken

	passed, lost, overflowed uint64
}

// admit says when a packet of this many bytes that comes now arrives at the other end, or that it does not.
func (s *shaper) admit(now time.Time, bytes int) (arrives time.Time, ok bool) {
	if s.Cut || s.Loss > 0 && s.chance.Float64() < s.Loss {
		s.lost++
		return time.Time{}, false
	}
	arrives = now
	if s.Rate > 0 {
		begin := now
		if s.busy.After(now) {
			begin = s.busy
		}
		limit := max(queueTime, time.Duration(queueBytes*8)*time.Second/time.Duration(s.Rate))
		arrives = begin.Add(time.Duration(bytes*8) * time.Second / time.Duration(s.Rate))
		if arrives.Sub(now) > limit {
			s.overflowed++
			return time.Time{}, false
		}
		s.busy = arrives
	}
	arrives = arrives.Add(s.Delay)
	if s.Reorder > 0 && s.chance.Float64() < s.Reorder {
		arrives = arrives.Add(overtaken)
	}
	s.passed++
	return arrives, true
}
