package congestion

import (
	"slices"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"

	"kontaktlaege/internal/testkit"
)

func TestNackLimit(t *testing.T) {
	for name, tt := range map[string]struct {
		path Reading
		look time.Duration // between the generator's looks, of which there are 60
		want int           // requests for the one packet
	}{
		"there is room":          {Reading{Carries: 1_000_000, RTT: 100 * time.Millisecond}, nackInterval, nacksAPacket},
		"narrow":                 {Reading{Carries: 64_000, RTT: 200 * time.Millisecond}, nackInterval, 6},
		"narrow, a long way":     {Reading{Carries: 64_000, RTT: 2 * time.Second}, nackInterval, 3},
		"narrow, and never more": {Reading{Carries: 64_000, RTT: 10 * time.Millisecond}, nackInterval, nacksAPacket},
	} {
		n := &nackLimit{path: func(time.Duration) Reading { return tt.path }}
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
	n := &nackLimit{path: func(time.Duration) Reading { return Reading{Carries: 64_000, RTT: 300 * time.Millisecond} }}
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
			got = numbersOf(r)
		}
		if !slices.Equal(got, s.want) {
			t.Errorf("at %v asked for %v, want %v", now, got, s.want)
		}
	}
}

func numbersOf(r *rtcp.TransportLayerNack) (all []uint16) {
	for _, p := range r.Nacks {
		all = append(all, p.PacketList()...)
	}
	return all
}

func TestNackLimit_asksForNothingFromBeforeABreak(t *testing.T) {
	type arrival struct {
		after  time.Duration
		number uint16
	}
	const gone = time.Second
	for name, tt := range map[string]struct {
		came       []arrival
		lost, want []uint16
	}{
		"after a break":      {[]arrival{{0, 65_500}, {gone, 100}, {0, 103}}, []uint16{65_501, 99, 101, 102}, []uint16{101, 102}},
		"a few are missing":  {[]arrival{{0, 65_535}, {gone, 3}}, []uint16{0, 1, 2}, []uint16{0, 1, 2}},
		"many, but no break": {[]arrival{{0, 100}, {20 * time.Millisecond, 200}}, []uint16{101, 199}, []uint16{101, 199}},
		"one comes late":     {[]arrival{{0, 100}, {gone, 200}, {0, 150}, {0, 202}}, []uint16{151, 201}, []uint16{201}},
		"far from it":        {[]arrival{{0, 100}, {gone, 200}, {0, 16_000}, {0, 30_000}, {0, 45_000}, {0, 60_000}, {0, 150}}, []uint16{149}, []uint16{149}},
		"a leap":             {[]arrival{{0, 100}, {gone, 200}, {gone, 33_000}}, []uint16{32_999}, []uint16{32_999}},
	} {
		n := &nackLimit{path: func(time.Duration) Reading { return Reading{Carries: 1_000_000} }}
		now := time.Minute
		for _, a := range tt.came {
			now += a.after
			n.came(7, a.number, now)
		}
		var got []uint16
		if r := n.due(lostPackets(7, tt.lost...), now); r != nil {
			got = numbersOf(r)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: asked for %v, want %v", name, got, tt.want)
		}
	}
}

func TestCongestion_sendsNothingAgainFromBeforeAKeyFrame(t *testing.T) {
	testkit.Guard(t, time.Minute)
	for name, tt := range map[string]struct {
		last       uint16 // number sent, one after another from the key frame at 65,530
		lost, want []uint16
	}{
		"soon":                      {4, []uint16{65_000, 65_529, 65_530, 3}, []uint16{65_530, 3}},
		"when numbers come again":   {40_000, []uint16{39_990, 65_529}, []uint16{39_990, 65_529}},
		"nothing before it is left": {4, []uint16{65_000}, nil},
	} {
		c := congestionInto(discard{}, 1_000_000)
		s := c.pacer.streams[pictureSSRC]
		s.repeats(65_529)
		c.KeyFrom(65_530)
		for number := uint16(65_530); number != tt.last+1; number++ {
			s.repeats(number)
		}
		request := lostPackets(pictureSSRC, tt.lost...)
		if err := c.WriteRTCP([]rtcp.Packet{request}, nil); err != nil {
			t.Fatal(err)
		}
		if got := numbersOf(request); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v are sent again, want %v", name, got, tt.want)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNackLimit_leavesTheRestAlone(t *testing.T) {
	n := &nackLimit{path: func(time.Duration) Reading { return Reading{Carries: 64_000, RTT: time.Second} }}
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
