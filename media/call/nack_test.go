package call

import (
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
)

func TestNackLimit(t *testing.T) {
	for name, tt := range map[string]struct {
		path reading
		look time.Duration // between the generator's looks, of which there are 60
		want int           // requests for the one packet
	}{
		"there is room":          {reading{carries: 1_000_000, rtt: 100 * time.Millisecond}, nackInterval, nacksAPacket},
		"narrow":                 {reading{carries: 64_000, rtt: 200 * time.Millisecond}, nackInterval, 6},
		"narrow, a long way":     {reading{carries: 64_000, rtt: 2 * time.Second}, nackInterval, 3},
		"narrow, and never more": {reading{carries: 64_000, rtt: 10 * time.Millisecond}, nackInterval, nacksAPacket},
	} {
		n := &nackLimit{path: func(time.Duration) reading { return tt.path }}
		got := 0
		for i := range 60 {
			if n.due(lostPackets(7, 65_000), time.Minute+time.Duration(i)*tt.look) != nil {
				got++
			}
		}
		if got != tt.want {
			t.Errorf("%s: asked %d times, want %d", name, got, tt.want)
		}
	}
}

func lostPackets(ssrc uint32, numbers ...uint16) *rtcp.TransportLayerNack {
	return &rtcp.TransportLayerNack{SenderSSRC: 1, MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(numbers)}
}

func TestNackLimit_asksForWhatIsNewAtOnce(t *testing.T) {
	n := &nackLimit{path: func(time.Duration) reading { return reading{carries: 64_000, rtt: 300 * time.Millisecond} }}
	now := time.Minute
	for _, s := range []struct {
		after time.Duration
		ssrc  uint32
		lost  []uint16
		want  []uint16
	}{
		{0, 7, []uint16{10}, []uint16{10}},
		{20 * time.Millisecond, 7, []uint16{10, 12, 65_535}, []uint16{12, 65_535}},
		{20 * time.Millisecond, 8, []uint16{10}, []uint16{10}}, // another stream's
		{260 * time.Millisecond, 7, []uint16{12, 65_535}, nil},
		{20 * time.Millisecond, 7, []uint16{12, 65_535}, []uint16{12, 65_535}},
		{20 * time.Millisecond, 7, []uint16{10 + nackMemory}, []uint16{10 + nackMemory}}, // takes the place of 10
		{20 * time.Millisecond, 7, []uint16{10}, []uint16{10}},
	} {
		now += s.after
		var got []uint16
		if r := n.due(lostPackets(s.ssrc, s.lost...), now); r != nil {
			for _, p := range r.Nacks {
				got = append(got, p.PacketList()...)
			}
		}
		if len(got) != len(s.want) {
			t.Fatalf("at %v asked for %v, want %v", now, got, s.want)
		}
		for i, number := range s.want {
			if got[i] != number {
				t.Errorf("at %v asked for %v, want %v", now, got, s.want)
			}
		}
	}
}

func TestNackLimit_leavesTheRestAlone(t *testing.T) {
	n := &nackLimit{path: func(time.Duration) reading { return reading{carries: 64_000, rtt: time.Second} }}
	var written []rtcp.Packet
	w := n.BindRTCPWriter(interceptor.RTCPWriterFunc(func(packets []rtcp.Packet, _ interceptor.Attributes) (int, error) {
		written = append(written, packets...)
		return len(packets), nil
	}))
	for range 2 {
		if _, err := w.Write([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: 7}, lostPackets(7, 1)}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write([]rtcp.Packet{lostPackets(7, 1)}, nil); err != nil {
		t.Fatal(err)
	}
	if len(written) != 3 { // two for a key frame, and the first request
		t.Errorf("%d packets left, want 3: %v", len(written), written)
	}
}
