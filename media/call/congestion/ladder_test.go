package congestion

import (
	"testing"
	"time"

	"kontaktlaege/media/call/ladder"
)

// What Chromium holds on the same links: e2e/netlab.
func TestLadder_narrowLinksHoldTheirHeight(t *testing.T) {
	const look = 50 * time.Millisecond
	for _, tt := range []struct {
		link   float64
		height int
	}{{300_000, 360}, {600_000, 540}, {1_200_000, 720}} {
		for _, stalls := range []time.Duration{0, 20 * time.Millisecond} {
			p := newPath(steady(tt.link))
			p.queue, p.stalls = 250*time.Millisecond, stalls
			s := newSender(p, startRate)
			var l ladder.Ladder
			var sound ladder.Sound
			changes, held := 0, time.Duration(0)
			for now := time.Duration(0); now < 2*time.Minute; now += look {
				simulate([]*sender{s}, now, now+look, nil)
				r := s.c.Read(now + look)
				before := l
				l.Update(ladder.Conditions{
					Rate: ladder.PictureRate(r.Carries, sound.Update(r.Carries, now), 2_500_000), Loss: r.Loss, SoundLoss: r.SoundLoss, Silence: r.Silence,
				}, now)
				if now < 20*time.Second {
					continue
				}
				if l.Height() != before.Height() || l.Rung(720) != before.Rung(720) {
					changes++
				}
				if l.Height() >= tt.height {
					held += look
				}
			}
			if held < 95*time.Second || changes > 4 {
				t.Errorf("%v bit/s, stalls of %v: %d lines and more for %v of 100 s, %d changes", tt.link, stalls, tt.height, held, changes)
			}
		}
	}
}
