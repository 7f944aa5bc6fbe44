package call_test

import (
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// BenchmarkJoin measures from Call to the first RTP packet and the first decoded picture at the other end, on loopback,
// with a line that was warm.
func BenchmarkJoin(b *testing.B) {
	var toRTP, toPicture time.Duration
	for range b.N {
		tab, c := newTablet(b), newClinic(b)
		if err := tab.phone.Warm(b.Context(), kontakt.Relay{ExpiresIn: time.Hour}); err != nil {
			b.Fatal(err)
		}
		until(b, "own picture", func() bool { return tab.room.self.Load() > 0 })
		var first atomic.Int64
		c.onRTP = func() { first.CompareAndSwap(0, time.Now().UnixNano()) }
		began := time.Now()
		end := tab.call(c, kontakt.Relay{})
		until(b, "a picture", func() bool { return c.frames.Load() > 0 })
		toPicture += time.Since(began)
		toRTP += time.Unix(0, first.Load()).Sub(began)
		end()
		c.close()
	}
	b.ReportMetric(float64(toRTP.Milliseconds())/float64(b.N), "ms-to-RTP")
	b.ReportMetric(float64(toPicture.Milliseconds())/float64(b.N), "ms-to-picture")
}
