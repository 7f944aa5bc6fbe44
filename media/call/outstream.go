package call

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"kontaktlaege/media/call/packet"
)

// streamID ties sound and picture together, so that the page plays them in step.
const streamID = "tablet"

// outStream numbers and stamps one outgoing RTP stream (RFC 3550). Its timestamps are capture times. Only one goroutine
// writes.
type outStream struct {
	track  *webrtc.TrackLocalStaticRTP
	clock  time.Duration // ticks a second
	origin uint32        // timestamp of media time 0

	packet          rtp.Packet
	packets, octets atomic.Uint32

	counted uint32       // timestamp of the next sample of sound
	skew    atomic.Int32 // ticks by which counting is ahead of the media clock
}

func newOutStream(codec webrtc.RTPCodecCapability, id string) (*outStream, error) {
	track, err := webrtc.NewTrackLocalStaticRTP(codec, id, streamID)
	if err != nil {
		return nil, err
	}
	o := &outStream{track: track, clock: time.Duration(codec.ClockRate), origin: rand.Uint32()}
	o.packet.Header = rtp.Header{Version: 2, SequenceNumber: uint16(rand.Uint32())}
	return o, nil
}

// timestamp gives the RTP timestamp of a media time.
func (o *outStream) timestamp(at time.Duration) uint32 {
	seconds, rest := at/time.Second, at%time.Second
	return o.origin + uint32(seconds*o.clock+rest*o.clock/time.Second) + uint32(o.skew.Load())
}

// maxSlip is how far capture times may be from the count of samples before samples are missing.
const maxSlip = 100 * time.Millisecond

// writeSound sends the next samples, whose first was captured at the media time at. Timestamps count samples: those of
// capture wander by as much as the machine is busy, and a jitter buffer would hear each step as a gap. The sender
// reports follow the count slowly, as the sound card's clock drifts.
func (o *outStream) writeSound(payload []byte, at time.Duration, samples int) error {
	slip := int32(o.counted - o.timestamp(at))
	if limit := int32(maxSlip * o.clock / time.Second); slip > limit || slip < -limit || o.packets.Load() == 0 {
		o.counted = o.timestamp(at)
		slip = 0
	}
	o.skew.Add(slip / 64)
	timestamp := o.counted
	o.counted += uint32(samples)
	return o.send(payload, timestamp, false)
}

// write sends one packet of what was captured at the media time at.
func (o *outStream) write(payload []byte, at time.Duration, marker bool) error {
	return o.send(payload, o.timestamp(at), marker)
}

func (o *outStream) send(payload []byte, timestamp uint32, marker bool) error {
	o.packet.Timestamp, o.packet.Marker, o.packet.Payload = timestamp, marker, payload
	err := o.track.WriteRTP(&o.packet)
	o.packet.SequenceNumber++
	o.packets.Add(1)
	o.octets.Add(uint32(len(payload)))
	return err
}

// pad sends packets of nothing but padding after a whole picture, whose time they have.
func (o *outStream) pad(bytes int) error {
	for ; bytes > 0; bytes -= packet.MaxPadding {
		o.packet.Padding, o.packet.PaddingSize = true, byte(min(bytes, packet.MaxPadding))
		err := o.send(nil, o.packet.Timestamp, false)
		o.packet.Padding, o.packet.PaddingSize = false, 0
		if err != nil {
			return err
		}
	}
	return nil
}

// ntp gives the NTP timestamp (RFC 5905) of a wall-clock time.
func ntp(t time.Time) uint64 {
	const since1900 = 2_208_988_800
	return (uint64(t.Unix())+since1900)<<32 | uint64(t.Nanosecond())<<32/1_000_000_000
}
