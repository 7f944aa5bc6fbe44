package handset

import (
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
)

// What would make one's own picture better is said while it is being checked: not before, not in a call, and a new check
// begins with nothing.
func TestMirror_saysItWhileOneLooks(t *testing.T) {
	var m mirror
	var pool media.FramePool
	passed := 0
	show := m.watch(func(f *media.Frame) { passed++; f.Release() })
	clock := time.Duration(0)
	seconds := func(n int) {
		for range 10 * n {
			f := pool.Get(640, 360) // black
			clear(f.Y)
			clock += 100 * time.Millisecond
			f.Time = clock
			show(f)
		}
	}
	seconds(5)
	if got := m.advice(); !got.None() {
		t.Errorf("before the check: %v", got)
	}
	end := m.begin()
	seconds(5)
	if got := m.advice().Key; got != kontakt.MsgPictureCovered {
		t.Errorf("of a black picture it says %q", got)
	}
	end()
	end = m.begin()
	if got := m.advice(); !got.None() {
		t.Errorf("a new check begins with %v", got)
	}
	end()
	if passed != 100 {
		t.Errorf("%d of 100 pictures were shown", passed)
	}
}
