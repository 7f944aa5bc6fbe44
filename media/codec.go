package media

import (
	"context"
	"errors"
	"time"
)

// ErrClosed is what every part answers after its Close.
var ErrClosed = errors.New("media: closed")

// AccessUnit is one encoded picture. Data is valid until the encoder's next call.
type AccessUnit struct {
	Data          []byte
	Key           bool
	Width, Height int
	Time          time.Duration // of the picture's capture
}

// VideoEncoder turns pictures into access units. It is one owner goroutine around a native encoder.
type VideoEncoder interface {
	// Encode reads f and does not keep it. A picture of another size than the last re-opens the stream with a key frame.
	// It may answer with empty Data: the rate control dropped the picture.
	Encode(ctx context.Context, f *Frame) (AccessUnit, error)
	// SetRate applies to the next picture and never waits. Bits a second.
	SetRate(bps int)
	// RequestKey makes the next picture a key frame and never waits.
	RequestKey()
	Close() error
}

// VideoDecoder turns access units into pictures.
type VideoDecoder interface {
	// Decode gives a frame with one reference, or nil when the unit shows nothing. An error means that the unit was broken
	// and a key frame is needed; the decoder goes on.
	Decode(ctx context.Context, au AccessUnit) (*Frame, error)
	Close() error
}

// AudioEncoder turns pieces of sound into Opus packets (RFC 6716).
type AudioEncoder interface {
	// Encode gives the packet of SamplesPerPiece samples, valid until the next call.
	Encode(ctx context.Context, pcm []int16) ([]byte, error)
	// SetNetwork tells the rate in bits a second and the loss that the receiver reports, 0–1, for in-band FEC.
	SetNetwork(bps int, loss float64)
	Close() error
}

// AudioDecoder turns packets into sound.
type AudioDecoder interface {
	// Decode writes one piece into pcm (at least SamplesPerPiece long).
	Decode(ctx context.Context, packet []byte, pcm []int16) (samples int, err error)
	// Conceal writes a piece for a packet that did not come: from next's in-band FEC when next is not nil, else by PLC.
	Conceal(ctx context.Context, next []byte, pcm []int16) (samples int, err error)
	Close() error
}

// Voice makes of what the microphone hears what the other side should hear: it takes away the echo of the loudspeaker.
type Voice interface {
	// Process gives what is left of a piece, valid until the next call. One goroutine calls it.
	Process(s Sound) Sound
	// Played says what was given to the loudspeaker at the media time at, and the loudspeaker's volume, 0–1. The
	// loudspeaker's thread calls it; it does not wait.
	Played(pcm []int16, volume float64, at time.Duration)
}
