package packet

import (
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
)

const (
	window = 1024 // packets that may be in one another's way; a power of two
	// gapPatience is how long a missing packet may hold pictures up before a key frame is asked for; asking for the
	// packet itself (NACK) goes on meanwhile, and whichever comes first ends the wait.
	gapPatience = 120 * time.Millisecond
	// keyInterval is the least time between two requests for a key frame.
	keyInterval = 500 * time.Millisecond
	// maxPicture bounds a picture in bytes; what is larger is no picture.
	maxPicture = 4 << 20
)

// Assembler puts VP8 packets (RFC 7741) together into whole pictures, by sequence number and marker bit, duplicates
// dropped. A picture is handed out when all before it has been, or when it is a key frame, which needs nothing before
// it. It never hands out a picture that leans on one that is missing. It holds at most window packets.
type Assembler struct {
	slots   [window]slot
	started bool
	now     time.Duration // of the last push
	next    int64         // first packet of the picture that is due
	scan    int64         // end of the unbroken run from next
	newest  int64
	needKey bool
	gapAt   int64         // where the run stood still with packets behind it
	gapFrom time.Duration // since when; 0: it does not
	last    int           // PictureID of the picture before next; noPictureID: it has none
	asked   time.Duration // when a key frame was last asked for
	vp8     codecs.VP8Packet
	picture []byte

	lost uint64 // packets that never came
}

// slot is one packet. Its buffer is kept for the next.
type slot struct {
	filled    bool
	seq       int64
	timestamp uint32
	marker    bool
	start     bool // first packet of a picture
	key       bool // ... which is a key frame
	id        int  // PictureID (RFC 7741 §4.2), or noPictureID
	payload   []byte
}

const noPictureID = -1

// pads says whether it stands between pictures and holds nothing.
func (s *slot) pads() bool { return len(s.payload) == 0 && !s.marker }

// NewAssembler makes one that waits for the first packet.
func NewAssembler() *Assembler { return &Assembler{needKey: true, last: noPictureID} }

// unwrap gives seq the place nearest to the newest packet.
func (a *Assembler) unwrap(seq uint16) int64 {
	return a.newest + int64(int16(seq-uint16(a.newest)))
}

func (a *Assembler) at(seq int64) *slot { return &a.slots[seq&(window-1)] }

func (a *Assembler) has(seq int64) bool {
	s := a.at(seq)
	return s.filled && s.seq == seq
}

// Push takes a packet at the media time now. A payload that is no VP8 counts as none.
func (a *Assembler) Push(h *rtp.Header, payload []byte, now time.Duration) {
	a.now = max(now, 1)
	if !a.started {
		a.newest = int64(h.SequenceNumber)
		a.next, a.scan = a.newest, a.newest
	}
	seq := a.unwrap(h.SequenceNumber)
	switch {
	case seq >= a.next+window || seq < a.next-window:
		a.lost += uint64(max(seq-a.next, 0))
		a.next, a.scan, a.newest = seq, seq, seq
		a.needKey, a.last = true, noPictureID
	case seq < a.next || a.has(seq):
		return
	}
	a.newest = max(a.newest, seq)
	s := a.at(seq)
	*s = slot{filled: true, seq: seq, timestamp: h.Timestamp, marker: h.Marker, id: noPictureID, payload: s.payload[:0]}
	if len(payload) > 0 {
		if data, err := a.vp8.Unmarshal(payload); err == nil {
			s.start = a.vp8.S == 1 && a.vp8.PID == 0
			s.key = s.start && len(data) > 0 && data[0]&1 == 0
			if s.start && a.vp8.I == 1 {
				s.id = int(a.vp8.PictureID)
			}
			s.payload = append(s.payload, data...)
		}
	}
	if !a.started && s.key {
		a.asked = a.now // the stream begins as it should: let it come
	}
	a.started = true
}

// Pull gives the next whole picture, or false. The bytes are valid until the next pull.
func (a *Assembler) Pull() (data []byte, timestamp uint32, key, ok bool) {
	for {
		for a.scan <= a.newest && a.has(a.scan) {
			s := a.at(a.scan)
			switch {
			case a.scan == a.next && s.pads():
				s.filled = false
				a.next++
				a.scan++
				continue
			case a.scan > a.next && s.start && s.timestamp != a.at(a.next).timestamp: // the sender sets no marker
			default:
				a.scan++
				if !s.marker {
					continue
				}
			}
			if data, timestamp, key, ok = a.take(); ok {
				return data, timestamp, key, true
			}
		}
		switch {
		case a.scan > a.newest:
			a.gapFrom = 0
			return nil, 0, false, false
		case a.gapFrom == 0 || a.gapAt != a.scan:
			a.gapAt, a.gapFrom = a.scan, a.now
		}
		if !a.skipPadding() && !a.skipToKey() {
			return nil, 0, false, false
		}
	}
}

// take hands out what lies from next to scan, if it can be decoded.
func (a *Assembler) take() (data []byte, timestamp uint32, key, ok bool) {
	first := a.at(a.next)
	timestamp, key = first.timestamp, first.key
	a.last = first.id
	usable := first.start && (key || !a.needKey)
	a.picture = a.picture[:0]
	for ; a.next < a.scan; a.next++ {
		s := a.at(a.next)
		if usable && len(a.picture) < maxPicture {
			a.picture = append(a.picture, s.payload...)
		}
		s.filled = false
	}
	usable = usable && len(a.picture) > 0 && len(a.picture) < maxPicture
	a.needKey = !usable
	return a.picture, timestamp, key, usable
}

// skipPadding goes on behind packets that are missing between two pictures of which the second follows the first: they
// held nothing. Chromium fills its probes up with packets that it does not keep, and so never sends again.
func (a *Assembler) skipPadding() bool {
	if a.scan != a.next || a.last == noPictureID {
		return false
	}
	seq := a.next
	for ; seq <= a.newest && (!a.has(seq) || a.at(seq).pads()); seq++ {
	}
	s := a.at(seq)
	if seq > a.newest || !s.start || !follows(a.last, s.id) {
		return false
	}
	for ; a.next < seq; a.next++ {
		a.at(a.next).filled = false
	}
	a.scan = seq
	return true
}

// follows says whether one PictureID, of 7 or of 15 bits, is the next after another.
func follows(before, id int) bool {
	return id == before+1 || id == 0 && (before == 0x7f || before == 0x7fff)
}

// skipToKey goes on at the first whole key frame behind the gap, if there is one.
func (a *Assembler) skipToKey() bool {
	for seq := a.scan + 1; seq <= a.newest; seq++ {
		if !a.has(seq) || !a.at(seq).key {
			continue
		}
		key := seq
		for ; seq <= a.newest && a.has(seq) && !a.at(seq).marker; seq++ { // no other key frame in this run is whole either
		}
		if seq <= a.newest && a.has(seq) {
			for ; a.next < key; a.next++ {
				if a.has(a.next) {
					a.at(a.next).filled = false
				} else {
					a.lost++
				}
			}
			a.scan = key
			return true
		}
	}
	return false
}

// Lost is how many packets never came.
func (a *Assembler) Lost() uint64 { return a.lost }

// Broken tells that the decoder could not use a picture.
func (a *Assembler) Broken() { a.needKey = true }

// WantsKey says whether to ask for a key frame now.
func (a *Assembler) WantsKey() bool {
	stuck := a.gapFrom != 0 && a.now-a.gapFrom >= gapPatience
	if !a.started || !(a.needKey || stuck) || (a.asked != 0 && a.now-a.asked < keyInterval) {
		return false
	}
	a.asked = a.now
	return true
}
