package congestion

import (
	"time"
)

type usage int

const (
	usageNormal usage = iota
	usageUnder        // the queue empties
	usageOver         // the queue grows
)

const (
	groupSpan  = 5 * time.Millisecond // packets that left within it are one group
	burstSpan  = 100 * time.Millisecond
	trendSize  = 20 // groups
	trendLeast = 10
	smoothing  = 0.9
	trendGain  = 4
	trendCount = 60

	firstThreshold = 12.5 // ms
	leastThreshold = 6
	mostThreshold  = 600
	thresholdUp    = 0.0087
	thresholdDown  = 0.039
	overuseTime    = 10 // ms

	// baseSpan is how long the shortest way seen counts as the way without a queue, in two halves.
	baseSpan = 10 * time.Second
	// stuckAfter is how long a queue may refuse to empty, with less and less sent, until it must be a longer way instead.
	stuckAfter = 4 * time.Second
	stuckQueue = 100 * time.Millisecond
	longQueue  = 120 * time.Millisecond
)

// group is packets that left at about the same time.
type group struct {
	firstAt, lastAt     time.Duration // left
	firstCame, lastCame time.Duration
	filled              bool
}

func (g *group) takes(at, came time.Duration) bool {
	if at-g.firstAt <= groupSpan {
		return true
	}
	// What queued and then came at once, as Wi-Fi does it, says nothing about the trend.
	return came-g.lastCame <= groupSpan && came-g.lastCame < at-g.lastAt && came-g.firstCame < burstSpan
}

func (g *group) add(at, came time.Duration) {
	if !g.filled {
		*g = group{firstAt: at, firstCame: came, filled: true}
	}
	g.lastAt, g.lastCame = max(g.lastAt, at), max(g.lastCame, came)
}

// delayDetector tells from the delays whether a queue grows on the path: by their trend, as libwebrtc's trendline filter
// has it, and how long it is, by the shortest way seen.
type delayDetector struct {
	current, before group

	origin      time.Duration // arrival of the first sample
	count       int
	accumulated float64 // ms
	smooth      float64
	samples     [trendSize]struct{ x, y float64 }
	trend       float64

	threshold float64
	adapted   time.Duration
	over      float64 // ms of overuse
	overs     int
	use       usage

	base, nextBase time.Duration // shortest ways, of this half and the one before
	baseAt         time.Duration
	based          bool
	queue          time.Duration // how long what was sent last has waited
	queueBefore    time.Duration
	stuck          time.Duration // since when the queue is long; 0: it is not
	stuckLeast     time.Duration
}

// begin starts on what a feedback tells.
func (d *delayDetector) begin() { d.queue = -1 }

// arrived takes a packet of the feedback.
func (d *delayDetector) arrived(at, came, now time.Duration) {
	d.way(came-at, now)
	switch {
	case !d.current.filled:
		d.current.add(at, came)
		return
	case at < d.current.firstAt:
		return // overtaken
	case d.current.takes(at, came):
		d.current.add(at, came)
		return
	}
	if d.before.filled {
		if took := d.current.lastCame - d.before.lastCame; took >= 0 {
			d.sample(took, d.current.lastAt-d.before.lastAt, d.current.lastCame)
		}
	}
	d.before, d.current = d.current, group{}
	d.current.add(at, came)
}

// way notes how long a packet took, against the clock of the other side, whose offset is in the base too.
func (d *delayDetector) way(took, now time.Duration) {
	switch {
	case !d.based:
		d.based, d.base, d.nextBase, d.baseAt = true, took, took, now
	case now-d.baseAt >= baseSpan:
		d.base, d.nextBase, d.baseAt = d.nextBase, took, now
	}
	d.base, d.nextBase = min(d.base, took), min(d.nextBase, took)
	if q := took - d.base; d.queue < 0 || q < d.queue {
		d.queue = q // the least of a feedback: what a burst of our own does to itself does not count
	}
}

// end closes a feedback.
func (d *delayDetector) end(now time.Duration) {
	d.queue = max(d.queue, 0)
	if d.queue > longQueue && d.queue > d.queueBefore {
		d.use = usageOver // where little comes through there is little to see a trend in
	}
	d.queueBefore = d.queue
	switch {
	case d.queue < stuckQueue:
		d.stuck = 0
	case d.stuck == 0:
		d.stuck, d.stuckLeast = now, d.queue
	default:
		d.stuckLeast = min(d.stuckLeast, d.queue)
		if now-d.stuck >= stuckAfter {
			d.base += d.stuckLeast
			d.nextBase = d.base
			d.baseAt, d.stuck, d.queue = now, 0, max(d.queue-d.stuckLeast, 0)
		}
	}
}

// moved forgets what was of another path.
func (d *delayDetector) moved() { *d = delayDetector{} }

func (d *delayDetector) sample(took, left, came time.Duration) {
	delta := float64(took-left) / float64(time.Millisecond)
	if d.count == 0 {
		d.origin = came
		if d.threshold == 0 {
			d.threshold = firstThreshold
		}
	}
	d.accumulated += delta
	d.smooth = smoothing*d.smooth + (1-smoothing)*d.accumulated
	s := &d.samples[d.count%trendSize]
	s.x, s.y = float64(came-d.origin)/float64(time.Millisecond), d.smooth
	d.count++
	before := d.trend
	if d.count >= trendLeast {
		d.trend = d.slope(min(d.count, trendSize))
	}
	d.detect(before, float64(left)/float64(time.Millisecond), came)
}

// slope is the least-squares trend of the last n samples.
func (d *delayDetector) slope(n int) float64 {
	var x, y float64
	for i := range n {
		x += d.samples[i].x
		y += d.samples[i].y
	}
	x, y = x/float64(n), y/float64(n)
	var over, under float64
	for i := range n {
		over += (d.samples[i].x - x) * (d.samples[i].y - y)
		under += (d.samples[i].x - x) * (d.samples[i].x - x)
	}
	if under == 0 {
		return d.trend
	}
	return over / under
}

func (d *delayDetector) detect(before, left float64, came time.Duration) {
	trend := float64(min(d.count, trendCount)) * d.trend * trendGain
	switch {
	case trend > d.threshold:
		if d.overs == 0 {
			d.over = left / 2
		} else {
			d.over += left
		}
		d.overs++
		if d.over > overuseTime && d.overs > 1 && d.trend >= before {
			d.over, d.overs, d.use = 0, 0, usageOver
		}
	case trend < -d.threshold:
		d.over, d.overs, d.use = 0, 0, usageUnder
	default:
		d.over, d.overs, d.use = 0, 0, usageNormal
	}
	d.adapt(trend, came)
}

// adapt moves the threshold towards the trend, so that a flow which reacts to loss alone does not starve us.
func (d *delayDetector) adapt(trend float64, came time.Duration) {
	elapsed := min(float64(came-d.adapted)/float64(time.Millisecond), 100)
	d.adapted = came
	if trend < 0 {
		trend = -trend
	}
	if trend > d.threshold+15 {
		return // a spike, as of a change of path
	}
	k := thresholdUp
	if trend < d.threshold {
		k = thresholdDown
	}
	d.threshold = min(max(d.threshold+k*(trend-d.threshold)*elapsed, leastThreshold), mostThreshold)
}
