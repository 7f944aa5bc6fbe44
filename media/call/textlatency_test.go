package call_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/call"
)

// BenchmarkText measures from a key to its character at the other end, at the pace of somebody who writes fast, on a good
// network and where every fifth packet is lost each way.
func BenchmarkText(b *testing.B) {
	for name, loss := range map[string]int32{"good": 0, "loss20": 20} {
		b.Run(name, func(b *testing.B) {
			tab, c := newTablet(b), newClinic(b)
			cable := c.onCable()
			end := tab.call(c, kontakt.Relay{})
			until(b, "the call", func() bool { return tab.last().State == call.Live })
			typed := strings.Repeat("0123456789", 20)
			var delays []time.Duration
			for range b.N {
				c.page.mu.Lock()
				c.page.read, c.page.arrived = "", nil
				c.page.mu.Unlock()
				cable.loss.Store(loss)
				var keys []time.Time
				for _, r := range typed {
					keys = append(keys, time.Now())
					if err := tab.phone.Type(string(r)); err != nil {
						b.Fatal(err)
					}
					<-time.After(100 * time.Millisecond)
				}
				until(b, "all characters", func() bool { return len(look(&c.page, func() string { return c.page.read })) >= len(typed) })
				cable.loss.Store(0)
				for i, at := range look(&c.page, func() []time.Time { return c.page.arrived }) {
					delays = append(delays, at.Sub(keys[i]))
				}
			}
			slices.Sort(delays)
			b.ReportMetric(float64(delays[len(delays)/2].Milliseconds()), "ms-p50")
			b.ReportMetric(float64(delays[len(delays)*95/100].Milliseconds()), "ms-p95")
			b.ReportMetric(float64(delays[len(delays)-1].Milliseconds()), "ms-worst")
			end()
		})
	}
}
