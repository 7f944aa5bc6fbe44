package congestion

import (
	"math"
	"time"

	"github.com/pion/rtcp"
)

const (
	// leastEstimate is what sound alone needs: below it there is nothing to adapt.
	leastEstimate = 30_000
	// firstRTT stands in until one is measured.
	firstRTT = 100 * time.Millisecond
	// slack is how long feedback may take beyond the round trip, until what is on its way holds pictures back. Before the
	// first probe is answered there is none: a key frame may go, and sound.
	slack = 300 * time.Millisecond
	// A path that was hardly used has proven little, whatever it is believed to carry.
	bursts     = 2
	leastBurst = 1_200_000

	// unheardAfter is without feedback for what was sent: the path is gone, or as good as.
	unheardAfter = 1500 * time.Millisecond
	silentRate   = 100_000
	// resumeShare is what of the rate before a silence is tried after it.
	resumeShare = 0.5

	// A queue longer than drainFrom is emptied by sending less for a while.
	drainFrom  = 100 * time.Millisecond
	drainSpan  = 500 * time.Millisecond
	drainLeast = 0.4

	// Who sends less than idleShare of the rate learns nothing from how much comes through, and who sends less than
	// fewShare nothing as long as about all of it comes.
	idleShare = 0.7
	fewShare  = 0.9
	allCame   = 1.1
)

// estimator says what a path carries: from when packets left, and when the other side's transport-wide feedback
// (draft-holmer-rmcat-transport-wide-cc-extensions-01) says that they came. It is Google's congestion control
// (draft-ietf-rmcat-gcc-02) by delay and by loss, with probes that let it climb within seconds. Rates are bits a second
// on the wire; times are handed in. It belongs to whoever holds the lock of its congestion.
type estimator struct {
	start   float64 // what a path that nothing is known of gets, at the most
	most    float64
	history history
	delay   delayDetector
	loss    lossControl
	rate    rateControl
	probe   prober
	sent    slidingRate // by the clock here
	acked   slidingRate // by the clock there
	rtt     time.Duration
	through float64 // what came through last
	told    bool    // there has been feedback

	since     time.Duration // of the path
	lastSent  time.Duration
	heard     time.Duration // last feedback, or the first packet
	silent    bool
	remaining float64 // the rate before the silence
}

func newEstimator(start, most float64) *estimator {
	e := &estimator{start: start, most: most, rtt: firstRTT}
	e.begin(start)
	return e
}

// begin sets the rate from which to go on.
func (e *estimator) begin(rate float64) {
	e.rate = rateControl{target: e.within(rate)}
	e.probe = prober{number: e.probe.number, first: true}
}

// moved says that the path is another one from now on. What left before tells nothing of it: not what was lost with the
// old path, and not how long that took.
func (e *estimator) moved(now time.Duration) {
	e.since = now
	e.delay.moved()
	e.loss = lossControl{}
	e.acked = slidingRate{}
	e.begin(min(e.rate.target, e.start))
}

func (e *estimator) within(rate float64) float64 { return min(max(rate, leastEstimate), e.most) }

// leaves notes a packet that leaves now, of size bytes on the wire, and gives it its number.
func (e *estimator) leaves(size int, sound, again bool, now time.Duration) uint16 {
	if e.heard == 0 || e.history.bytes == 0 && now-e.lastSent > unheardAfter {
		e.heard = now // nothing was owed
	}
	e.lastSent = now
	e.sent.add(size, now)
	return e.history.sent(size, sound, again, e.probe.leaves(size, now), now)
}

// feedback takes what the other side tells.
func (e *estimator) feedback(fb *rtcp.TransportLayerCC, now time.Duration) {
	acks := e.history.feedback(fb)
	if len(acks) == 0 {
		return
	}
	e.heard, e.told = now, true
	if e.silent {
		e.resume(now)
	}
	e.delay.begin()
	var newest, came time.Duration
	for i := range acks {
		a := &acks[i]
		if a.at < e.since {
			continue
		}
		if !a.again {
			e.loss.add(a)
		}
		e.probe.told(a)
		if a.fate == lost {
			continue
		}
		e.acked.add(a.size, a.came)
		e.delay.arrived(a.at, a.came, now)
		newest, came = max(newest, a.at), max(came, a.came)
	}
	if came == 0 {
		e.loss.update(e.carries(), now)
		return // all lost, or of another path
	}
	e.acked.add(e.history.untold, came) // most of it has come, as all around it
	e.delay.end(now)
	e.rtt += (now - newest - e.rtt) / 8

	e.through = e.acked.at(came)
	e.follow(e.through, now)
	e.loss.update(e.carries(), now)
	e.loss.since = max(e.loss.since, e.rate.reduced)
	e.answer(now)
}

// follow moves the rate by what the delays say.
func (e *estimator) follow(acked float64, now time.Duration) {
	use := e.delay.use
	if use == usageOver {
		e.probe.overused(acked, now)
	}
	sent := e.sent.at(now)
	idle := sent < idleShare*e.target() || sent < fewShare*e.target() && sent < allCame*acked
	known := e.rate.capacity > 0
	e.rate.update(use, acked, idle, e.rtt, now)
	e.rate.target = e.within(e.rate.target)
	e.probe.fell(e.rate.target, now)
	if known && e.rate.capacity == 0 && use == usageNormal {
		e.probe.hurry(now) // more comes through than did: the link is a better one
	}
}

// answer looks whether a probe has told something.
func (e *estimator) answer(now time.Duration) {
	rate, done := e.probe.result(e.rtt, now)
	if !done {
		return
	}
	first := e.probe.first
	e.probe.first = false
	found := rate > e.carries()*probeWorth && !e.delayed()
	switch {
	case found:
		e.probe.lifted(e.carries(), rate, now)
		e.rate.target = e.within(rate)
		e.rate.capacity = 0
		e.loss.probed(rate)
	case first && e.probe.slow && rate < e.rate.target:
		e.rate.target = e.within(rate)
	}
	e.probe.plan(found || first, now)
}

func (e *estimator) delayed() bool { return e.delay.queue > drainFrom }

// carries is what the path is believed to carry.
func (e *estimator) carries() float64 {
	if e.silent {
		return min(e.rate.target, silentRate)
	}
	limit := e.loss.limit
	if limit == 0 {
		limit = math.Inf(1)
	}
	return e.within(min(e.rate.target, limit))
}

// target is what to send now: less than the path carries while a queue is to be emptied.
func (e *estimator) target() float64 {
	rate := e.carries()
	if over := e.delay.queue - drainFrom; over > 0 {
		rate *= max(1-float64(over)/float64(drainSpan), drainLeast)
	}
	return max(rate, leastEstimate)
}

// room says whether pictures may leave: not while more is on its way than the path can have swallowed.
func (e *estimator) room() bool {
	wait := e.rtt
	if !e.probe.first {
		wait += slack
	}
	rate := min(e.carries(), max(bursts*e.through, leastBurst))
	return float64(e.history.bytes)*8 < rate*wait.Seconds()
}

// probeDue says whether a probe may begin.
func (e *estimator) probeDue(now time.Duration) bool {
	if e.probe.asked || e.silent {
		return false
	}
	if e.probe.first {
		return true
	}
	return e.told && now >= e.probe.due && e.carries() < 0.95*e.most && e.delay.use == usageNormal &&
		!e.delayed() && !e.loss.congested()
}

// beginProbe starts one with a picture of that many bytes, and gives the bytes of padding that are to follow it. The
// first one makes do with its picture, which nobody else is to wait for: a slow path shows in it at once.
func (e *estimator) beginProbe(picture int, now time.Duration) (padding int) {
	most := math.MaxInt
	if e.probe.first {
		most = max(picture, probeLeast)
	}
	return max(e.probe.begin(e.probe.factor()*e.carries(), most, now)-picture, 0)
}

// tick looks at the clock: at least ten times a second.
func (e *estimator) tick(now time.Duration) {
	e.history.expire(now)
	if !e.silent && e.heard != 0 && e.lastSent > e.heard && now-e.heard >= unheardAfter {
		e.silent, e.remaining = true, e.rate.target
	}
	e.answer(now)
}

// reported takes the loss that a report tells, from somebody who gives no transport-wide feedback: nothing but loss can
// be gone by then.
func (e *estimator) reported(loss float64) {
	switch {
	case loss > lossHigh:
		e.rate.target = e.within(e.rate.target * (1 - loss/2))
	case loss < lossLow:
		e.rate.target = e.within(e.rate.target * growth)
	}
}

// resume goes on after a silence, from not too far below what was before it.
func (e *estimator) resume(now time.Duration) {
	e.silent = false
	rate := resumeShare * e.remaining
	e.moved(now)
	e.begin(rate)
}

// silence says for how long nothing was heard of what was sent.
func (e *estimator) silence(now time.Duration) time.Duration {
	if !e.silent {
		return 0
	}
	return now - e.heard
}
