// Package media holds the types and contracts of pictures and sound, with their lifetimes, and nothing else.
//
// Invariants: all times are durations on one monotonic clock of the process (Now), stamped when the thing was captured,
// so that sound and picture of one source can be put side by side. Sound is mono, 48 kHz, signed 16 bit, in pieces of
// 20 ms (SamplesPerPiece). Pictures are I420 with even width and height. Drop early and count: nobody in here waits for
// a slow reader.
package media

import "time"

var start = time.Now()

// Now is the media clock: time since the process started, monotonic.
func Now() time.Duration { return time.Since(start) }

// The one form of sound.
const (
	SampleRate      = 48_000
	PieceDuration   = 20 * time.Millisecond
	SamplesPerPiece = SampleRate / 50
)
