package call

import (
	"context"
	"time"

	"kontaktlaege/media"
)

const (
	// keyPause is the least time between two key frames of an encoding that the other sides ask for; where they cost more
	// than keyShare of the rate it is longer.
	keyPause = 300 * time.Millisecond
	keyShare = 2
	// rateStep, in per cent, is worth telling the encoder.
	rateStep = 3
)

// encoding is one of the two forms that the camera's pictures are sent in. It belongs to the goroutine of pictureOut.
type encoding struct {
	encoder media.VideoEncoder
	scaler  scaler
	rate    int
	key     bool          // the next picture has to be a key frame
	keyFrom time.Duration // not before
	used    time.Duration // when a picture was last made
}

func newEncoding(cfg *Config, rate int) (*encoding, error) {
	e, err := cfg.NewVideoEncoder(rate)
	if err != nil {
		return nil, err
	}
	return &encoding{encoder: e, rate: rate}, nil
}

// setRate tells the encoder in steps that are worth its while.
func (e *encoding) setRate(rate int) {
	if d := rate - e.rate; d*100 < e.rate*rateStep && -d*100 < e.rate*rateStep {
		return
	}
	e.rate = rate
	e.encoder.SetRate(rate)
}

// encode makes f, not larger than the limits, into a picture; urgent key frames do not wait their turn.
func (e *encoding) encode(ctx context.Context, f *media.Frame, width, height int, urgent bool, now time.Duration) (media.AccessUnit, error) {
	fitted := e.scaler.fit(f, width, height)
	defer fitted.Release()
	if urgent || e.key && now >= e.keyFrom {
		e.key = false
		e.encoder.RequestKey()
	}
	e.used = now
	unit, err := e.encoder.Encode(ctx, fitted)
	if err != nil {
		e.key = true
		return unit, err
	}
	if unit.Key {
		cost := time.Duration(len(unit.Data)) * 8 * keyShare * time.Second / time.Duration(max(e.rate, 1))
		e.keyFrom = now + max(keyPause, cost)
	}
	return unit, nil
}

func (e *encoding) close() { _ = e.encoder.Close() }
