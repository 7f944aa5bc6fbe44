package device

import (
	"sync"
	"time"

	"kontaktlaege/media"
)

// Beat is the clock of a device without hardware: it says when the next picture or piece of sound is due, by a
// timetable from its start, so that delays do not add up.
type Beat struct {
	period time.Duration
	begun  time.Duration
	n      int64
	timer  *time.Timer
	quit   chan struct{}
	once   sync.Once
}

// NewBeat begins now.
func NewBeat(period time.Duration) *Beat {
	b := &Beat{period: period, begun: media.Now(), timer: time.NewTimer(0), quit: make(chan struct{})}
	<-b.timer.C
	return b
}

// maxLate is how far behind its timetable a beat may be before it skips: a machine that slept plays no backlog.
const maxLate = 200 * time.Millisecond

// Wait gives the number of the next period and its begin once it is over, or false after Stop.
func (b *Beat) Wait() (n int64, begin time.Duration, ok bool) {
	if late := media.Now() - b.due(); late > maxLate {
		b.n += int64(late / b.period)
	}
	b.timer.Reset(b.due() - media.Now())
	select {
	case <-b.timer.C:
	case <-b.quit:
		b.timer.Stop()
		return 0, 0, false
	}
	select {
	case <-b.quit:
		return 0, 0, false
	default:
	}
	n = b.n
	b.n++
	return n, b.begun + time.Duration(n)*b.period, true
}

func (b *Beat) due() time.Duration { return b.begun + time.Duration(b.n+1)*b.period }

// Stop ends all waiting, now and later.
func (b *Beat) Stop() { b.once.Do(func() { close(b.quit) }) }
