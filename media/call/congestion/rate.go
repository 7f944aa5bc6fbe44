package congestion

import (
	"math"
	"time"
)

const (
	slots    = 25
	slotSpan = 20 * time.Millisecond
	leastFor = 100 * time.Millisecond
)

// slidingRate is the mean rate over the last half second, in bit/s.
type slidingRate struct {
	bytes [slots]int
	sum   int
	slot  int64 // newest
	begun time.Duration
	used  bool
}

func (s *slidingRate) add(bytes int, at time.Duration) {
	s.advance(at)
	if slot := int64(at / slotSpan); s.slot-slot < slots {
		s.bytes[((slot%slots)+slots)%slots] += bytes
		s.sum += bytes
	}
}

func (s *slidingRate) advance(at time.Duration) {
	slot := int64(at / slotSpan)
	if !s.used {
		s.used, s.slot, s.begun = true, slot, at
	}
	if slot-s.slot >= slots {
		s.bytes, s.sum, s.slot = [slots]int{}, 0, slot
		return
	}
	for s.slot < slot {
		s.slot++
		i := ((s.slot % slots) + slots) % slots
		s.sum -= s.bytes[i]
		s.bytes[i] = 0
	}
}

// at gives the rate, or 0 while too little is known.
func (s *slidingRate) at(now time.Duration) float64 {
	if !s.used {
		return 0
	}
	s.advance(now)
	span := min(now-s.begun, slots*slotSpan)
	if span < leastFor {
		return 0
	}
	return float64(s.sum) * 8 / span.Seconds()
}

const (
	backOff       = 0.85
	growth        = 1.08 // a second, far from the capacity
	responseExtra = 100 * time.Millisecond
	leastGrowth   = 10_000 // bit/s a second
	throughput    = 1.5    // the most of what comes through that the rate may be
	throughputTop = 10_000
	packetBits    = 8 * 1100
	leastPause    = 100 * time.Millisecond // between steps down: they show after a round trip
	mostPause     = 200 * time.Millisecond
)

// rateControl is additive increase near the capacity that was found, multiplicative far from it, and a step down to
// below what comes through when a queue grows (draft-ietf-rmcat-gcc-02 §5.5, and libwebrtc's later changes to it).
type rateControl struct {
	target    float64
	capacity  float64 // mean of what came through at steps down; 0: unknown
	deviation float64 // of it, relative variance times capacity
	hold      bool
	updated   time.Duration
	reduced   time.Duration
}

// update takes what the delays say. idle: less is sent than might be, so that what comes through says little.
func (r *rateControl) update(use usage, acked float64, idle bool, rtt, now time.Duration) {
	switch use {
	case usageOver:
		r.decrease(acked, idle, rtt, now)
		r.hold = true
	case usageUnder:
		r.hold = true
	case usageNormal:
		if r.hold {
			r.hold, r.updated = false, now
		}
		r.increase(acked, rtt, now)
	}
	r.updated = now
}

func (r *rateControl) decrease(acked float64, idle bool, rtt, now time.Duration) {
	if r.reduced != 0 && now-r.reduced < min(max(rtt, leastPause), mostPause) {
		return
	}
	r.reduced = now
	to := backOff * acked
	if idle || acked == 0 {
		to = backOff * r.target
	} else {
		r.learn(acked)
	}
	r.target = min(r.target, to)
}

func (r *rateControl) bound() float64 { return 3 * math.Sqrt(r.deviation*r.capacity) }

func (r *rateControl) learn(acked float64) {
	if r.capacity > 0 && acked < r.capacity-r.bound() {
		r.capacity = 0 // another link than before
	}
	if r.capacity == 0 {
		r.capacity, r.deviation = acked, 0.4e3
		return
	}
	const weight = 0.05
	miss := r.capacity - acked
	r.capacity -= weight * miss
	r.deviation = min(max((1-weight)*r.deviation+weight*miss*miss/r.capacity, 0.4e3), 2.5e3)
}

func (r *rateControl) increase(acked float64, rtt, now time.Duration) {
	if r.capacity > 0 && acked > r.capacity+r.bound() {
		r.capacity = 0
	}
	elapsed := min(now-r.updated, time.Second).Seconds()
	to := max(r.target*math.Pow(growth, elapsed), r.target+elapsed*leastGrowth)
	if r.capacity > 0 {
		frame := math.Ceil(r.target / 30 / packetBits)
		to = r.target + elapsed*max(leastGrowth, r.target/30/frame/(rtt+responseExtra).Seconds())
	}
	if acked > 0 {
		to = min(to, throughput*acked+throughputTop)
	}
	r.target = max(r.target, to)
}
