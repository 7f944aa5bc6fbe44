package call

import (
	"slices"
	"time"

	"kontaktlaege/media"
)

const (
	jitterSlots = 128 // a power of two
	minTarget   = 20 * time.Millisecond
	maxTarget   = 240 * time.Millisecond
	startTarget = 40 * time.Millisecond
	// delaySamples is how many packets the target looks back on.
	delaySamples = 150
	// overfull is how much more than the target may wait, and for how many pieces, before one is left out.
	overfull       = 30 * time.Millisecond
	overfullPieces = 15
)

// turn is what is to be played for one piece of time.
type turn int

const (
	turnSilence turn = iota // nothing has come yet, or it fills up after a break
	turnPacket              // payload
	turnRepair              // a packet is missing; payload, if there is one, is the next one with its in-band FEC
)

// jitter orders sound packets and holds them back just as long as they vary in coming: the target follows the delays
// of the last seconds. One owner; it holds at most jitterSlots packets.
type jitter struct {
	slots   [jitterSlots]piece
	started bool
	filling bool  // after a break: wait until target is there
	next    int64 // to be played next
	newest  int64
	held    int // packets in slots

	baseSeen bool
	ticks    int64
	lastTS   uint32
	delays   []time.Duration // ring of relative delays
	delayAt  int
	sorted   []time.Duration
	target   time.Duration
	over     int // pieces in a row that were overfull
	missing  int // repairs in a row

	late, skipped uint64
}

type piece struct {
	filled  bool
	seq     int64
	payload []byte
}

func newJitter() *jitter {
	return &jitter{target: startTarget, filling: true, delays: make([]time.Duration, 0, delaySamples)}
}

func (j *jitter) at(seq int64) *piece { return &j.slots[seq&(jitterSlots-1)] }

func (j *jitter) has(seq int64) bool {
	p := j.at(seq)
	return p.filled && p.seq == seq
}

// push takes a packet that came at the media time now.
func (j *jitter) push(seq16 uint16, timestamp uint32, payload []byte, now time.Duration) {
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
		j.late++
		j.observe(timestamp, now) // it tells how late packets can be
		return
	case j.has(seq):
		return
	}
	j.observe(timestamp, now)
	j.newest = max(j.newest, seq)
	p := j.at(seq)
	p.filled, p.seq, p.payload = true, seq, append(p.payload[:0], payload...)
	j.held++
}

func (j *jitter) reset(seq int64) {
	for i := range j.slots {
		j.slots[i].filled = false
	}
	j.held, j.next, j.newest = 0, seq, seq
	j.filling = true
}

// observe learns from when a packet came, against when it was made.
func (j *jitter) observe(timestamp uint32, now time.Duration) {
	if !j.baseSeen {
		j.baseSeen, j.lastTS = true, timestamp
	}
	j.ticks += int64(int32(timestamp - j.lastTS))
	j.lastTS = timestamp
	delay := now - time.Duration(j.ticks)*time.Second/audioClock
	if len(j.delays) < delaySamples {
		j.delays = append(j.delays, delay)
	} else {
		j.delays[j.delayAt] = delay
	}
	j.delayAt = (j.delayAt + 1) % delaySamples
	if j.delayAt%10 != 0 {
		return
	}
	j.sorted = append(j.sorted[:0], j.delays...)
	slices.Sort(j.sorted)
	spread := j.sorted[len(j.sorted)*97/100] - j.sorted[0]
	j.target = min(max(spread+media.PieceDuration, minTarget), maxTarget)
}

// waiting is how much sound lies ready.
func (j *jitter) waiting() time.Duration {
	return time.Duration(j.newest-j.next+1) * media.PieceDuration
}

// maxRepairs is how many pieces in a row are concealed before the stream counts as interrupted.
const maxRepairs = 10

// pop says what to play now. The payload is valid until the next push.
func (j *jitter) pop() (turn, []byte) {
	if !j.started || j.held == 0 {
		if j.started && !j.filling && j.missing < maxRepairs {
			j.missing++ // perhaps it is only late: play on without counting it as gone
			return turnRepair, nil
		}
		j.filling = true
		return turnSilence, nil
	}
	if j.filling {
		if j.waiting() < j.target {
			return turnSilence, nil
		}
		j.filling = false
		for !j.has(j.next) {
			j.next++
		}
	}
	if j.waiting() > j.target+overfull {
		j.over++
	} else {
		j.over = 0
	}
	if j.over > overfullPieces || j.waiting() > 2*maxTarget {
		j.over = 0
		j.skipped++
		j.drop()
	}
	if !j.has(j.next) && j.missing >= maxRepairs {
		for !j.has(j.next) {
			j.next++
		}
	}
	if !j.has(j.next) {
		j.next++
		j.missing++
		if j.has(j.next) {
			return turnRepair, j.at(j.next).payload
		}
		return turnRepair, nil
	}
	p := j.at(j.next)
	j.drop()
	j.missing = 0
	return turnPacket, p.payload
}

// drop leaves the next piece out.
func (j *jitter) drop() {
	if j.has(j.next) {
		j.at(j.next).filled = false
		j.held--
	}
	j.next++
}
