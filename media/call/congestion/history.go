package congestion

import (
	"time"

	"github.com/pion/rtcp"
)

const (
	// historySize is how many sent packets are remembered: some seconds of them. A power of two.
	historySize = 2048
	// forgotten is how long the other side may take to tell of a packet before it counts as untold of.
	forgotten = 2 * time.Second
)

type fate uint8

const (
	nowhere fate = iota // no such packet
	flying
	untold // told of by no feedback: the feedback itself was lost
	lost
	arrived
)

// sentPacket is one packet that left.
type sentPacket struct {
	number uint16
	fate   fate
	probe  uint8 // cluster; 0: none
	sound  bool
	again  bool // sent before: the other side drops it unread where it has it already, and tells it lost
	size   int  // on the wire
	at     time.Duration
}

// ack is what a feedback says of a packet: that it came, and when by the other side's clock, or that it did not.
type ack struct {
	sentPacket
	came time.Duration
	late bool // it had been told lost
}

// history remembers the packets that left and reads feedback about them.
type history struct {
	ring      [historySize]sentPacket
	oldest    uint16 // the first that is still flying, or next
	next      uint16
	bytes     int // flying
	reference int64
	referred  bool
	acks      []ack
	untold    int // bytes that the last feedback leapt over
}

func (h *history) at(number uint16) *sentPacket { return &h.ring[number&(historySize-1)] }

// sent notes a packet and gives it its number.
func (h *history) sent(size int, sound, again bool, probe uint8, now time.Duration) uint16 {
	p := h.at(h.next)
	if p.fate == flying {
		h.bytes -= p.size
	}
	*p = sentPacket{number: h.next, fate: flying, probe: probe, sound: sound, again: again, size: size, at: now}
	h.bytes += size
	h.next++
	if h.next-h.oldest > historySize {
		h.oldest = h.next - historySize
	}
	return p.number
}

// expire lets go of what nobody will tell of any more.
func (h *history) expire(now time.Duration) {
	for h.oldest != h.next {
		p := h.at(h.oldest)
		if p.fate == flying && now-p.at < forgotten {
			return
		}
		h.settle(p, untold)
		h.oldest++
	}
}

func (h *history) settle(p *sentPacket, f fate) {
	if p.fate == flying {
		h.bytes -= p.size
		p.fate = f
	}
}

// feedback gives what fb says of packets that were sent and not told of before. The result is good until the next call.
func (h *history) feedback(fb *rtcp.TransportLayerCC) []ack {
	h.acks, h.untold = h.acks[:0], 0
	at := h.refer(fb.ReferenceTime)
	if ahead := fb.BaseSequenceNumber - h.oldest; ahead <= h.next-h.oldest {
		for ; h.oldest != fb.BaseSequenceNumber; h.oldest++ {
			if p := h.at(h.oldest); p.fate == flying {
				h.untold += p.size
				h.settle(p, untold)
			}
		}
	}
	r := feedbackReader{fb: fb, number: fb.BaseSequenceNumber, left: int(fb.PacketStatusCount), at: at}
	for r.next() {
		h.tell(r.told, r.received, r.at)
	}
	for h.oldest != h.next && h.at(h.oldest).fate != flying {
		h.oldest++
	}
	return h.acks
}

// refer unwraps the feedback's reference time, 24 bits of 64 ms.
func (h *history) refer(reference uint32) time.Duration {
	r := int64(reference & 0xffffff)
	if h.referred {
		r = h.reference + (r-h.reference+1<<23)&0xffffff - 1<<23
	}
	h.reference, h.referred = r, true
	return time.Duration(r) * 64 * time.Millisecond
}

func (h *history) tell(number uint16, received bool, came time.Duration) {
	p := h.at(number)
	if p.fate == nowhere || p.number != number {
		return
	}
	switch {
	case received && p.fate != arrived:
		late := p.fate == lost
		h.settle(p, arrived)
		p.fate = arrived
		h.acks = append(h.acks, ack{sentPacket: *p, came: came, late: late})
	case !received && (p.fate == flying || p.fate == untold):
		h.settle(p, lost)
		p.fate = lost
		h.acks = append(h.acks, ack{sentPacket: *p})
	}
}

// feedbackReader goes through the packets of a feedback. What its maker got wrong ends it.
type feedbackReader struct {
	fb          *rtcp.TransportLayerCC
	chunk, item int
	delta       int
	left        int
	number      uint16

	told     uint16
	received bool
	at       time.Duration
}

func (r *feedbackReader) next() bool {
	for r.left > 0 && r.chunk < len(r.fb.PacketChunks) {
		var symbol uint16
		switch c := r.fb.PacketChunks[r.chunk].(type) {
		case *rtcp.RunLengthChunk:
			if r.item >= int(c.RunLength) {
				r.chunk, r.item = r.chunk+1, 0
				continue
			}
			symbol = c.PacketStatusSymbol
		case *rtcp.StatusVectorChunk:
			if r.item >= len(c.SymbolList) {
				r.chunk, r.item = r.chunk+1, 0
				continue
			}
			symbol = c.SymbolList[r.item]
		default:
			return false
		}
		r.item++
		r.left--
		r.told, r.received = r.number, false
		r.number++
		switch symbol {
		case rtcp.TypeTCCPacketReceivedSmallDelta, rtcp.TypeTCCPacketReceivedLargeDelta:
			if r.delta >= len(r.fb.RecvDeltas) {
				return false
			}
			r.at += time.Duration(r.fb.RecvDeltas[r.delta].Delta) * time.Microsecond
			r.delta++
			r.received = true
		}
		return true
	}
	return false
}
