package congestion

import (
	"slices"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"

	"kontaktlaege/media"
)

const (
	// nackInterval is how often pion's generator looks what is missing, and nackLooks how often it names the same packet;
	// nacksAPacket are the requests that leave.
	nackInterval = 20 * time.Millisecond
	nackLooks    = 60
	nacksAPacket = 10
	// A path that carries nackRoom has room for requests that repeat others before an answer to these can be there: one of
	// the two gets through sooner. On a narrower one they would take from the sound: 10 kbit/s at 64 kbit/s and 20 % loss.
	nackRoom    = 300_000
	nackLongest = 400 * time.Millisecond

	nackMemory = 512 // packets, as in pion's generator
	nackForget = 10 * time.Second

	// Where nothing came for breakSilence and then breakPackets are missing, the path was gone. A key frame is sooner there
	// than all that was lost meanwhile, which would come first.
	breakSilence = 500 * time.Millisecond
	breakPackets = 32

	// nackSpan is how far back a sequence number can lie, of the 2¹⁶ that there are.
	nackSpan = 1 << 14
)

// nackLimit passes the requests for lost packets on (RFC 4585 §6.2.1) that bring something, and those that repeat one when
// it is time for that. It stands between pion's generator and the network. A connection receives one stream of pictures.
type nackLimit struct {
	interceptor.NoOp
	path func(now time.Duration) Reading

	mu     sync.Mutex
	asked  [nackMemory]nacked
	ssrc   uint32
	newest uint16
	at     time.Duration // of its coming
	broken bool
	from   uint16 // the first packet after the break
}

// nacked is a packet that was asked for.
type nacked struct {
	ssrc   uint32
	number uint16
	times  int
	at     time.Duration
}

// NewInterceptor makes it its own factory: each connection has one.
func (n *nackLimit) NewInterceptor(string) (interceptor.Interceptor, error) { return n, nil }

// BindRTCPWriter is called by pion, once.
func (n *nackLimit) BindRTCPWriter(w interceptor.RTCPWriter) interceptor.RTCPWriter {
	return interceptor.RTCPWriterFunc(func(packets []rtcp.Packet, a interceptor.Attributes) (int, error) {
		if !slices.ContainsFunc(packets, isNack) {
			return w.Write(packets, a)
		}
		kept := packets[:0:0]
		for _, p := range packets {
			if request, ok := p.(*rtcp.TransportLayerNack); ok {
				if request = n.due(request, media.Now()); request == nil {
					continue
				}
				p = request
			}
			kept = append(kept, p)
		}
		if len(kept) == 0 {
			return 0, nil
		}
		return w.Write(kept, a)
	})
}

func isNack(p rtcp.Packet) bool {
	_, is := p.(*rtcp.TransportLayerNack)
	return is
}

// BindRemoteStream is called by pion for each stream that comes.
func (n *nackLimit) BindRemoteStream(info *interceptor.StreamInfo, r interceptor.RTPReader) interceptor.RTPReader {
	if info.ClockRate == media.SampleRate { // sound is not asked for again
		return r
	}
	return interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		size, a, err := r.Read(b, a)
		if err != nil {
			return size, a, err
		}
		if a == nil {
			a = interceptor.Attributes{}
		}
		h, err := a.GetRTPHeader(b[:size])
		if err != nil {
			return 0, nil, err
		}
		n.came(info.SSRC, h.SequenceNumber, media.Now())
		return size, a, nil
	})
}

// came notes a packet.
func (n *nackLimit) came(ssrc uint32, number uint16, now time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	ahead := number - n.newest
	switch {
	case n.ssrc == ssrc && -ahead < nackSpan && ahead != 0:
		return // an old one
	case n.ssrc != ssrc || ahead >= nackSpan:
		n.ssrc, n.broken = ssrc, false
	case ahead > breakPackets && now-n.at > breakSilence:
		n.broken, n.from = true, number
	}
	n.newest, n.at = number, now
	n.broken = n.broken && number-n.from < nackSpan
}

// due gives what of a request is worth sending at the media time now, or nil.
func (n *nackLimit) due(request *rtcp.TransportLayerNack, now time.Duration) *rtcp.TransportLayerNack {
	r := n.path(now)
	wait := time.Duration(0)
	if r.Carries < nackRoom {
		wait = min(r.RTT, nackLongest)
	}
	var numbers []uint16
	n.mu.Lock()
	for _, pair := range request.Nacks {
		pair.Range(func(number uint16) bool {
			needed := !n.broken || n.ssrc != request.MediaSSRC || number-n.from < nackSpan
			if needed && n.ask(request.MediaSSRC, number, wait, now) {
				numbers = append(numbers, number)
			}
			return true
		})
	}
	n.mu.Unlock()
	if len(numbers) == 0 {
		return nil
	}
	return &rtcp.TransportLayerNack{
		SenderSSRC: request.SenderSSRC, MediaSSRC: request.MediaSSRC, Nacks: rtcp.NackPairsFromSequenceNumbers(numbers),
	}
}

// ask says whether to ask for a packet now, and notes that.
func (n *nackLimit) ask(ssrc uint32, number uint16, wait, now time.Duration) bool {
	a := &n.asked[number%nackMemory]
	switch {
	case a.ssrc != ssrc || a.number != number || a.times == 0 || now-a.at > nackForget:
		*a = nacked{ssrc: ssrc, number: number}
	case a.times >= nacksAPacket || now-a.at < wait:
		return false
	}
	a.times, a.at = a.times+1, now
	return true
}
