package capture

import (
	"testing"
	"time"

	"kontaktlaege/media"
)

// The thread wakes up unevenly, stalls, and brings what lay behind the stall at once.
func TestCutter_timesArePastAndInOrder(t *testing.T) {
	c := &cutter{full: make(chan *chunk, kept), free: make(chan *chunk, kept)}
	for range kept {
		c.free <- newChunk()
	}
	const ms = time.Millisecond
	now, last, steady := time.Second, time.Duration(0), time.Duration(0)
	pcm := make([]int16, media.SamplesPerPiece/2)
	wake := func(after time.Duration, pieces int) {
		now += after
		for range 2 * pieces {
			c.takeAt(pcm, now)
			select {
			case p := <-c.full:
				if p.at > now || p.at <= last {
					t.Fatalf("a piece from %v after one from %v, at %v", p.at, last, now)
				}
				steady, last = p.at-last, p.at
				c.free <- p
			default:
			}
		}
	}
	for range 200 {
		wake(20*ms, 1)
	}
	if steady != media.PieceDuration {
		t.Errorf("an even thread's pieces are %v apart", steady)
	}
	for range 50 { // late, then early, as PulseAudio's
		wake(27*ms, 1)
		wake(13*ms, 1)
	}
	for range 10 {
		wake(120*ms, 1) // a stall
		wake(0, 5)      // and what was behind it
		wake(20*ms, 1)
	}
	wake(time.Second, 1) // a real gap
	if now-last > 60*ms {
		t.Errorf("after a gap the times lag by %v", now-last)
	}
}
