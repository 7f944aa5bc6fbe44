package congestion

import (
	"math"
	"time"
)

const (
	// draft-ietf-rmcat-gcc-02 §6 has 0.10 for the higher one, as it does not tell whose loss it is.
	lossLow, lossHigh = 0.02, 0.06

	lossPackets = 25
	lossSpan    = 300 * time.Millisecond
	lossLongest = time.Second
	lossMemory  = 1500 * time.Millisecond

	lossGrowth  = 1.3  // a second
	lossNear    = 0.8  // of where it last lost: from there on slowly
	lossCareful = 1.03 // a second

	// Where a cut to lossProof of the rate takes away less than lossShare of the loss that it should have, loss is the
	// radio's. Of more than lossDeep nobody can tell so soon.
	lossProof = 0.75
	lossShare = 0.4
	lossDeep  = 0.5
	// lossRelief is how much less the radio is believed to lose after each second in which it loses less.
	lossRelief = 0.03
)

// lossControl limits the rate by loss where loss is of our making: a queue that overflows, or a policer. Loss that stays
// when less is sent is the radio's (inherent); the rate does not pay for it.
type lossControl struct {
	window lossWindow // all that was told of since it began
	paid   lossWindow // ... of what left before the last step down, which has been paid for
	sounds lossWindow
	began  time.Duration
	since  time.Duration // the last step down by loss or delay

	limit    float64 // bit/s; +Inf: none
	ceiling  float64 // where it last lost too much
	inherent float64

	// Of the steps down that follow one another.
	firstLoss float64
	firstRate float64 // 0: there are none
	before    float64 // loss of the window before

	recent float64 // loss over about 2 s, for the ladder
	sound  float64 // ... of the sound alone
}

type lossWindow struct{ lost, all int }

func (w *lossWindow) add(a *ack) {
	switch {
	case a.late:
		w.lost = max(w.lost-1, 0)
		return
	case a.fate == lost:
		w.lost++
	}
	w.all++
}

func (w *lossWindow) share() float64 { return float64(w.lost) / float64(max(w.all, 1)) }

func (l *lossControl) add(a *ack) {
	l.window.add(a)
	if a.at < l.since {
		l.paid.add(a)
	}
	if a.sound {
		l.sounds.add(a)
	}
}

// update closes a window when there is enough in it; target is the rate until now.
func (l *lossControl) update(target float64, now time.Duration) {
	if l.limit == 0 {
		l.limit, l.began = math.Inf(1), now
	}
	span := now - l.began
	if l.window.all < 5 || span < lossSpan || (l.window.all < lossPackets && span < lossLongest) {
		return
	}
	weight := 1 - math.Exp(-span.Seconds()/lossMemory.Seconds())
	l.recent += weight * (l.window.share() - l.recent)
	if l.sounds.all > 0 {
		l.sound += weight * (l.sounds.share() - l.sound)
	}
	if fresh := (lossWindow{max(l.window.lost-l.paid.lost, 0), l.window.all - l.paid.all}); fresh.all >= 5 {
		l.step(fresh, target, span, now)
	}
	l.window, l.paid, l.sounds, l.began = lossWindow{}, lossWindow{}, lossWindow{}, now
}

func (l *lossControl) step(w lossWindow, target float64, span, now time.Duration) {
	loss := w.share()
	pooled := (loss + l.before) / 2
	l.before = loss
	l.inherent = min(l.inherent, max(pooled, l.inherent-lossRelief*span.Seconds())) // it may get better
	noise := math.Sqrt(l.inherent * (1 - l.inherent) / float64(w.all))
	effective := loss - l.inherent - noise
	switch {
	case effective > lossHigh:
		rate := min(l.limit, target)
		if l.firstRate == 0 {
			l.firstLoss, l.firstRate = loss, rate
		} else if l.radio(pooled, rate) {
			l.inherent, l.firstRate = pooled, 0
			return
		}
		l.ceiling, l.since = rate, now
		l.limit = max(rate*(1-effective/2), leastEstimate)
	case effective < lossLow:
		l.firstRate = 0
		growth := lossGrowth
		if l.limit > lossNear*l.ceiling && l.limit < l.ceiling {
			growth = lossCareful
		}
		l.limit = min(l.limit*math.Pow(growth, span.Seconds()), 100e6)
	}
}

// radio says whether the loss stayed though the rate fell.
func (l *lossControl) radio(loss, rate float64) bool {
	if rate <= leastEstimate {
		return true // there is nothing left to cut
	}
	cut := rate / l.firstRate
	if cut > lossProof || l.firstLoss > lossDeep {
		return false
	}
	expected := max(1-(1-l.firstLoss)/cut, 0) // of a queue that overflows
	return l.firstLoss-loss < lossShare*(l.firstLoss-expected)
}

// probed lifts the limit to what a probe has shown to get through.
func (l *lossControl) probed(rate float64) { l.limit, l.ceiling = max(l.limit, rate), 0 }

// congested says that loss is of our making now.
func (l *lossControl) congested() bool { return l.firstRate > 0 }
