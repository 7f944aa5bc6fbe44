package congestion

import (
	"time"

	"kontaktlaege/media/call/packet"
)

const (
	probeFactor  = 2
	probeCareful = 1.5
	probePackets = 6
	probeLeast   = probePackets * packet.MaxPadding
	probeSpan    = 25 * time.Millisecond
	probePatient = 600 * time.Millisecond // how long after its end a probe's answer may take, with the round trip
	probeSoon    = 500 * time.Millisecond // after one that found more
	probeFirst   = 2 * time.Second
	probeMost    = 8 * time.Second
	probeWorth   = 1.05 // less above the rate than this is none
	// probeRegret is how soon a queue after a raise says that the probe was wrong: a shaper lets bursts pass.
	probeRegret  = 3 * time.Second
	probeMuch    = 1.3
	probeSame    = 0.7
	probeFar     = 0.5
	probeStands  = 3500 * time.Millisecond // without a queue: it was right
	probePenance = 3 * time.Second
	probeLongest = 30 * time.Second
)

// prober finds out whether the path carries more: some packets, filled up with padding, leave faster than the rate, and
// the speed at which they come is what the path does.
type prober struct {
	number uint8 // of the cluster
	rate   float64
	first  bool // the one that the line begins with: it may also lower the rate
	left   int  // bytes that are still to leave
	open   bool // packets leave
	asked  bool // answers are awaited
	slow   bool // it came clearly slower than it left

	began, ended        time.Duration
	sent, sentBytes     int
	got, gotBytes       int
	gone                int // lost
	firstAt, lastAt     time.Duration
	firstCame, lastCame time.Duration
	firstSize, lastSize int

	due     time.Duration // the next one may begin
	pause   time.Duration
	raised  time.Duration // when the last one found much more
	from    float64       // ... than this rate
	regrets int           // how often that was wrong, of late
}

// begin starts a cluster at rate, of at most so many bytes, and gives its size.
func (p *prober) begin(rate float64, most int, now time.Duration) int {
	number := p.number + 1
	if number == 0 {
		number = 1
	}
	bytes := min(max(int(rate/8*probeSpan.Seconds()), probeLeast), most)
	*p = prober{
		number: number, rate: rate, first: p.first, left: bytes, open: true, asked: true, began: now,
		pause: p.pause, raised: p.raised, from: p.from, regrets: p.regrets,
	}
	return bytes
}

// leaves notes a packet that leaves now, and gives the cluster that it is of, or 0.
func (p *prober) leaves(size int, now time.Duration) uint8 {
	if !p.open {
		return 0
	}
	p.sent++
	p.sentBytes += size
	p.left -= size
	p.ended = now
	if p.left <= 0 && p.sent >= probePackets {
		p.open = false
	}
	return p.number
}

// told takes what became of one of its packets.
func (p *prober) told(a *ack) {
	switch {
	case !p.asked || a.probe != p.number:
		return
	case a.fate == lost:
		p.gone++
		return
	case a.late:
		p.gone--
	}
	if p.got == 0 || a.at < p.firstAt {
		p.firstAt = a.at
	}
	if p.got == 0 || a.came < p.firstCame {
		p.firstCame, p.firstSize = a.came, a.size
	}
	if a.at >= p.lastAt {
		p.lastAt, p.lastSize = a.at, a.size
	}
	p.lastCame = max(p.lastCame, a.came)
	p.got++
	p.gotBytes += a.size
}

// speeds gives at what rates the cluster left and came, as far as it is known.
func (p *prober) speeds() (left, came float64, ok bool) {
	if p.got < probePackets-1 {
		return 0, 0, false
	}
	left = float64(p.gotBytes-p.lastSize) * 8 / max(p.lastAt-p.firstAt, time.Millisecond).Seconds()
	came = float64(p.gotBytes-p.firstSize) * 8 / max(p.lastCame-p.firstCame, time.Millisecond).Seconds()
	return left, came, true
}

// result gives the rate that the path was seen to carry once the cluster is answered, or tells that it never will be.
func (p *prober) result(rtt, now time.Duration) (rate float64, done bool) {
	if !p.asked {
		return 0, false
	}
	late := !p.open && now-p.ended > rtt+probePatient || now-p.began > rtt+2*time.Second
	if (p.open || p.got+p.gone < p.sent) && !late {
		if left, came, ok := p.speeds(); ok && p.first && p.lastCame-p.firstCame > 60*time.Millisecond && came < left/2 {
			p.asked, p.open, p.slow = false, false, true
			return came * 0.9, true // no need to see the rest
		}
		return 0, false
	}
	p.asked, p.open = false, false
	left, came, ok := p.speeds()
	if !ok || p.gotBytes*10 < p.sentBytes*7 {
		return 0, true
	}
	p.slow = came < 0.8*left
	if came < 0.9*left {
		return min(0.95*came, p.rate), true
	}
	return min(left, came, p.rate), true
}

// factor is by how much more than the rate is tried.
func (p *prober) factor() float64 {
	if p.regrets > 0 {
		return probeCareful
	}
	return probeFactor
}

// plan sets when the next one may be, after one that has or has not found more.
func (p *prober) plan(found bool, now time.Duration) {
	if p.regrets > 0 && p.raised != 0 && now-p.raised > probeStands {
		p.regrets, p.raised = p.regrets-1, 0
	}
	switch {
	case found:
		p.pause = probeSoon
	case p.pause < probeFirst:
		p.pause = probeFirst
	default:
		p.pause = min(2*p.pause, probeMost)
	}
	p.due = now + max(p.pause, p.penance())
}

// penance is how long to wait after probes that were wrong.
func (p *prober) penance() time.Duration {
	if p.regrets == 0 {
		return 0
	}
	return min(probePenance<<(p.regrets-1), probeLongest)
}

// hurry has the next one come soon.
func (p *prober) hurry(now time.Duration) {
	p.pause = probeSoon
	if p.regrets < 2 {
		p.due = now
	} else {
		p.due = min(p.due, now+probePenance)
	}
}

// lifted notes that the rate was raised from one to another by what was found.
func (p *prober) lifted(from, to float64, now time.Duration) {
	if to > probeMuch*from {
		p.from, p.raised = from, now
	}
}

// fell forgets probes that were wrong when the rate has come far below what they were about.
func (p *prober) fell(rate float64, now time.Duration) {
	if p.regrets > 0 && rate < probeFar*p.from {
		p.regrets = 0
		p.due = min(p.due, now+probeFirst)
	}
}

// overused tells of a growing queue while so much came through: probing waits, and longer if the last probe led to it,
// that is, if the path carries no more than before.
func (p *prober) overused(acked float64, now time.Duration) {
	if p.raised != 0 && now-p.raised < probeRegret {
		p.raised = 0
		if acked > probeSame*p.from {
			p.regrets = min(p.regrets+1, 4)
		}
	}
	p.due = max(p.due, now+max(p.pause, probeFirst, p.penance()))
}
