package packet

import (
	"slices"
	"time"

	"kontaktlaege/media"
)

const (
	jitterSlots = 128 // a power of two
	minTarget   = 20 * time.Millisecond
	maxTarget   = 400 * time.Millisecond
	startTarget = 40 * time.Millisecond
	// delaySamples is how many packets the target looks back on, and targetEvery how often it does.
	delaySamples = 150
	targetEvery  = 10
	// strayDelay is what no network delays: the other side's clock was set anew.
	strayDelay = 5 * time.Second
	// Sound is played faster or slower when it lies further from the target than this, and left out when it lies too far.
	paceAbove = 15 * time.Millisecond
	paceBelow = 15 * time.Millisecond
	tooFar    = 600 * time.Millisecond
	// lossy is the share of packets missing from which on one more packet is waited for, which repairs them.
	lossy = 0.01
	// maxRepairs is how many packets in a row are concealed before the stream counts as interrupted.
	maxRepairs = 10
)

// Turn is what is to be played next.
type Turn int

// The turns.
const (
	TurnSilence Turn = iota // nothing has come yet, or it fills up after a break
	TurnPacket              // payload
	TurnRecover             // a packet is missing; payload is the next one, which repeats it (in-band FEC)
	TurnConceal             // a packet is missing, and nothing repeats it
)

// Pace is how fast the sound of a turn should be played.
type Pace int

// The paces.
const (
	PaceSlower Pace = iota - 1
	PaceNormal
	PaceFaster
)

// Jitter orders sound packets and holds them back just as long as they vary in coming: the target follows the delays
// of the last seconds, up and down. It is the sound that is stretched to it, so nothing is left out that can be heard.
// One owner; it holds at most jitterSlots packets.
type Jitter struct {
	slots   [jitterSlots]piece
	started bool
	filling bool  // after a break: wait until target is there
	next    int64 // to be played next
	newest  int64
	held    int // packets in slots

	baseSeen bool
	ticks    int64 // of the last packet's timestamp, without wrapping around
	lastTS   uint32
	span     time.Duration   // of a packet
	delays   []time.Duration // ring of relative delays
	delayAt  int
	seen     int
	sorted   []time.Duration
	least    time.Duration // of delays
	target   time.Duration
	lying    time.Duration // how much longer than the least sound lies here, smoothed
	missing  int           // concealed in a row
	owed     int           // concealed without knowing for which packet
	loss     float64       // share of packets missing when they were to be played

	skipped uint64 // packets left out
}

type piece struct {
	filled  bool
	seq     int64
	made    time.Duration // by its timestamp
	payload []byte
}

// NewJitter makes one that waits for the first packet.
func NewJitter() *Jitter {
	return &Jitter{target: startTarget, filling: true, span: media.PieceDuration, delays: make([]time.Duration, 0, delaySamples)}
}

func (j *Jitter) at(seq int64) *piece { return &j.slots[seq&(jitterSlots-1)] }

func (j *Jitter) has(seq int64) bool {
	p := j.at(seq)
	return p.filled && p.seq == seq
}

// Push takes a packet that came at the media time now.
func (j *Jitter) Push(seq16 uint16, timestamp uint32, payload []byte, now time.Duration) {
	if !j.started {
		j.started = true
		j.newest = int64(seq16)
		j.next = j.newest
	}
	seq := j.newest + int64(int16(seq16-uint16(j.newest)))
	switch {
	case seq >= j.next+jitterSlots || seq < j.next-jitterSlots:
		j.reset(seq)
	case seq < j.next:
		j.observe(timestamp, now) // it tells how late packets can be
		return
	case j.has(seq):
		return
	}
	made := j.observe(timestamp, now)
	j.newest = max(j.newest, seq)
	j.span = opusSpan(payload)
	p := j.at(seq)
	p.filled, p.seq, p.made, p.payload = true, seq, made, append(p.payload[:0], payload...)
	j.held++
}

func (j *Jitter) reset(seq int64) {
	for i := range j.slots {
		j.slots[i].filled = false
	}
	j.held, j.next, j.newest = 0, seq, seq
	j.filling = true
}

// observe learns from when a packet came, against when it was made.
func (j *Jitter) observe(timestamp uint32, now time.Duration) (made time.Duration) {
	if !j.baseSeen {
		j.baseSeen, j.lastTS = true, timestamp
	}
	j.ticks += int64(int32(timestamp - j.lastTS))
	j.lastTS = timestamp
	made = time.Duration(j.ticks) * time.Second / media.SampleRate
	delay := now - made
	if n := len(j.delays); n > 0 && (delay-j.least > strayDelay || j.least-delay > strayDelay) {
		j.delays, j.delayAt = j.delays[:0], 0
	}
	if len(j.delays) < delaySamples {
		j.delays = append(j.delays, delay)
	} else {
		j.delays[j.delayAt] = delay
		j.delayAt = (j.delayAt + 1) % delaySamples
	}
	if len(j.delays) == 1 || delay < j.least {
		j.least = delay
	}
	if j.seen++; j.seen%targetEvery == 0 {
		j.aim()
	}
	return made
}

// aim sets the target by the delays of the last seconds.
func (j *Jitter) aim() {
	j.sorted = append(j.sorted[:0], j.delays...)
	slices.Sort(j.sorted)
	j.least = j.sorted[0]
	spread := j.sorted[len(j.sorted)*97/100] - j.least
	target := spread + media.PieceDuration
	if j.loss > lossy {
		target += j.span
	}
	j.target = min(max(target, minTarget), maxTarget)
}

// Target is how long sound is held back.
func (j *Jitter) Target() time.Duration { return j.target }

// waiting is how much sound lies ready.
func (j *Jitter) waiting() time.Duration { return time.Duration(j.newest-j.next+1) * j.span }

// Pop says what to play at the media time now, and how fast. The payload is valid until the next push.
func (j *Jitter) Pop(now time.Duration) (Turn, []byte, Pace) {
	if !j.started || j.held == 0 {
		return j.dry(), nil, PaceNormal
	}
	if j.filling {
		if j.waiting() < j.target && now-j.at(j.first()).made-j.least < j.target {
			return TurnSilence, nil, PaceNormal
		}
		j.next = j.first()
		j.filling = false
		j.owed = 0
		j.lying = now - j.at(j.next).made - j.least
	}
	if !j.has(j.next) && j.missing >= maxRepairs {
		j.next = j.first()
	}
	for ; j.owed > 0; j.owed-- { // its time was filled already
		if j.has(j.next) {
			break
		}
		j.note(true)
		j.next++
	}
	if !j.has(j.next) {
		return j.repair()
	}
	return j.play(now)
}

// first is the number of the first packet that is held.
func (j *Jitter) first() int64 {
	seq := j.next
	for !j.has(seq) {
		seq++
	}
	return seq
}

// dry is when nothing is here: perhaps it is only late.
func (j *Jitter) dry() Turn {
	if j.started && !j.filling && j.missing < maxRepairs {
		j.missing++
		j.owed++
		return TurnConceal
	}
	j.filling = true
	return TurnSilence
}

func (j *Jitter) repair() (Turn, []byte, Pace) {
	j.note(true)
	j.next++
	if j.has(j.next) && opusRepeats(j.at(j.next).payload) {
		j.missing = 0
		return TurnRecover, j.at(j.next).payload, PaceNormal
	}
	j.missing++
	return TurnConceal, nil, PaceNormal
}

// note counts a packet as missing or not.
func (j *Jitter) note(missing bool) {
	const weight = 1.0 / 100
	j.loss -= weight * j.loss
	if missing {
		j.loss += weight
	}
}

func (j *Jitter) play(now time.Duration) (Turn, []byte, Pace) {
	lies := now - j.at(j.next).made - j.least
	if lies > j.target+tooFar && j.has(j.next+1) { // a clock was set, or the machine slept
		j.drop()
		j.skipped++
		j.lying = lies - j.span
	}
	p := j.at(j.next)
	j.lying += (lies - j.lying) / 8
	j.drop()
	j.missing, j.owed = 0, 0
	j.note(false)
	switch {
	case j.lying > j.target+paceAbove:
		return TurnPacket, p.payload, PaceFaster
	case j.lying < j.target-paceBelow:
		return TurnPacket, p.payload, PaceSlower
	}
	return TurnPacket, p.payload, PaceNormal
}

// Stretched tells by how much more sound than its packets hold was played: what comes lies so much longer.
func (j *Jitter) Stretched(by time.Duration) { j.lying += by }

// drop leaves the next piece out.
func (j *Jitter) drop() {
	if j.has(j.next) {
		j.at(j.next).filled = false
		j.held--
	}
	j.next++
}
