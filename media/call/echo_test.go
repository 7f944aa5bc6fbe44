package call_test

import (
	"context"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/call"
	"kontaktlaege/media/voice"
)

// echoing is a microphone that hears nothing but the loudspeaker, half as loud and 60 ms later.
type echoing struct {
	heard chan []int16
	tick  *time.Ticker
	pcm   [media.SamplesPerPiece]int16
}

func (e *echoing) Read(ctx context.Context) (media.Sound, error) {
	select {
	case <-ctx.Done():
		return media.Sound{}, ctx.Err()
	case <-e.tick.C:
	}
	clear(e.pcm[:])
	if len(e.heard) > 3 {
		for i, v := range <-e.heard {
			e.pcm[i] = v / 2
		}
	}
	return media.Sound{PCM: e.pcm[:], Time: media.Now() - media.PieceDuration}, nil
}

func (e *echoing) Close() error { e.tick.Stop(); return nil }

// The clinic does not hear itself: its own tone comes back over the tablet's loudspeaker and microphone, and is gone.
func TestCall_theClinicDoesNotHearItself(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	for _, cleaned := range []bool{false, true} {
		heard := make(chan []int16, 100)
		var loud atomic.Bool
		tab := newTablet(t, func(c *call.Config) {
			open := c.OpenLoudspeaker
			c.OpenLoudspeaker = func(ctx context.Context, fill func([]int16)) (media.AudioSink, error) {
				return open(ctx, func(pcm []int16) {
					fill(pcm)
					if toneLevel(pcm, toneHz) > 0.1 {
						loud.Store(true)
					}
					select {
					case heard <- append([]int16(nil), pcm...):
					default:
					}
				})
			}
			c.OpenMicrophone = func(context.Context) (media.AudioSource, error) {
				return &echoing{heard: heard, tick: time.NewTicker(media.PieceDuration)}, nil
			}
			if cleaned {
				c.NewVoice = func() media.Voice { return voice.New(voice.Config{}) }
			}
		})
		c := newClinic(t)
		end := tab.call(c, kontakt.Relay{})
		until(t, "the clinic's tone on the loudspeaker", loud.Load)
		if !cleaned {
			until(t, "the echo at the clinic", c.hears)
		} else {
			quiet := 0
			until(t, "a second without the echo", func() bool {
				if math.Float64frombits(c.tone.Load()) < 0.005 {
					quiet++
				} else {
					quiet = 0
				}
				return quiet > 200
			})
		}
		end()
	}
}
