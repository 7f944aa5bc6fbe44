package packet

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"

	"kontaktlaege/internal/testkit"
)

// stream makes VP8 packets of pictures that say which they are.
type stream struct {
	form codecs.VP8Payloader
	seq  uint16
	time uint32
	n    int
}

// picture gives the packets of the next picture, and its bytes.
func (s *stream) picture(key bool, size int) ([]rtp.Packet, []byte) {
	data := bytes.Repeat([]byte{byte(s.n)}, size)
	data[0] = 1
	if key {
		data[0] = 0
	}
	binary.BigEndian.PutUint16(data[1:], uint16(s.n))
	s.n++
	payloads := s.form.Payload(100, data)
	var packets []rtp.Packet
	for i, p := range payloads {
		packets = append(packets, rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: s.seq, Timestamp: s.time, Marker: i == len(payloads)-1}, Payload: p})
		s.seq++
	}
	s.time += 3000
	return packets, data
}

// feed pushes packets 1 ms apart and gives the numbers of the pictures that come out.
func feed(a *Assembler, now *time.Duration, packets ...rtp.Packet) (out []int) {
	for i := range packets {
		*now += time.Millisecond
		a.Push(&packets[i].Header, packets[i].Payload, *now)
		for {
			data, _, _, ok := a.Pull()
			if !ok {
				break
			}
			out = append(out, int(binary.BigEndian.Uint16(data[1:])))
		}
	}
	return out
}

func TestAssembler_whatComesOut(t *testing.T) {
	const k = 8 // packets of the key frame; the others have three
	for _, tt := range []struct {
		name   string
		change func([]rtp.Packet) []rtp.Packet
		want   string
	}{
		{"in order", func(p []rtp.Packet) []rtp.Packet { return p }, "[0 1 2 3 4]"},
		{"twice each", func(p []rtp.Packet) []rtp.Packet {
			var d []rtp.Packet
			for _, x := range p {
				d = append(d, x, x)
			}
			return d
		}, "[0 1 2 3 4]"},
		{"two neighbours swapped", func(p []rtp.Packet) []rtp.Packet { p[k+1], p[k+2] = p[k+2], p[k+1]; return p }, "[0 1 2 3 4]"},
		{"across pictures", func(p []rtp.Packet) []rtp.Packet { p[k+2], p[k+3] = p[k+3], p[k+2]; return p }, "[0 1 2 3 4]"},
		{"one comes at the end", func(p []rtp.Packet) []rtp.Packet {
			return append(append(append([]rtp.Packet{}, p[:k+1]...), p[k+2:]...), p[k+1])
		}, "[0 1 2 3 4]"},
		{"one never comes: nothing that leans on it", func(p []rtp.Packet) []rtp.Packet { return append(append([]rtp.Packet{}, p[:k+1]...), p[k+2:]...) }, "[0]"},
		{"the stream began before we did", func(p []rtp.Packet) []rtp.Packet { return p[k+1:] }, "[]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &stream{seq: 65530} // over the wrap
			var all []rtp.Packet
			for i := range 5 {
				size := 250
				if i == 0 {
					size = 720
				}
				p, _ := s.picture(i == 0, size)
				all = append(all, p...)
			}
			var now time.Duration
			if got := fmt.Sprint(feed(NewAssembler(), &now, tt.change(all)...)); got != tt.want {
				t.Errorf("pictures %s, want %s", got, tt.want)
			}
		})
	}
}

func TestAssembler_wholeBytes(t *testing.T) {
	s := &stream{}
	packets, want := s.picture(true, 5000)
	a := NewAssembler()
	for i := range packets {
		a.Push(&packets[i].Header, packets[i].Payload, time.Millisecond)
	}
	got, _, key, ok := a.Pull()
	if !ok || !key || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, key %v, ok %v; want the %d that were sent", len(got), key, ok, len(want))
	}
}

func TestAssembler_keyFrameEndsAGap(t *testing.T) {
	s := &stream{}
	a := NewAssembler()
	var now time.Duration
	key, _ := s.picture(true, 300)
	feed(a, &now, key...)
	lost, _ := s.picture(false, 300)
	feed(a, &now, lost[1:]...)
	if a.WantsKey() {
		t.Error("a key frame is asked for before the packet could be sent again")
	}
	now += keyInterval
	delta, _ := s.picture(false, 300)
	feed(a, &now, delta...)
	if !a.WantsKey() {
		t.Error("no key frame is asked for")
	}
	if a.WantsKey() {
		t.Error("it is asked for twice at once")
	}
	again, _ := s.picture(true, 300)
	after, _ := s.picture(false, 300)
	if got := fmt.Sprint(feed(a, &now, append(again, after...)...)); got != "[3 4]" {
		t.Errorf("pictures %s, want [3 4]", got)
	}
	if a.lost != 1 {
		t.Errorf("lost = %d, want 1", a.lost)
	}
}

func TestAssembler_asksAtOnceWhereThereIsNothingToLeanOn(t *testing.T) {
	s := &stream{}
	a := NewAssembler()
	var now time.Duration
	middle, _ := s.picture(false, 300)
	if feed(a, &now, middle...); !a.WantsKey() {
		t.Error("a stream that is met in the middle has no beginning, and none is asked for")
	}
	now += keyInterval
	key, _ := s.picture(true, 300)
	if feed(a, &now, key...); a.WantsKey() {
		t.Error("what has just come is asked for")
	}
	a.Broken()
	next, _ := s.picture(false, 300)
	if got := feed(a, &now, next...); len(got) > 0 || !a.WantsKey() {
		t.Errorf("where the decoder could not use a picture, %v come, and no key frame is asked for", got)
	}
}

func TestAssembler_paddingBetweenPictures(t *testing.T) {
	s := &stream{}
	a := NewAssembler()
	var now time.Duration
	var all []rtp.Packet
	for i := range 3 {
		p, _ := s.picture(i == 0, 300)
		all = append(all, p...)
		all = append(all, rtp.Packet{Header: rtp.Header{SequenceNumber: s.seq, Timestamp: s.time}})
		s.seq++
	}
	if got := fmt.Sprint(feed(a, &now, all...)); got != "[0 1 2]" {
		t.Errorf("pictures %s, want [0 1 2]", got)
	}
}

func TestAssembler_senderBeginsAnew(t *testing.T) {
	s := &stream{seq: 40_000}
	a := NewAssembler()
	var now time.Duration
	p, _ := s.picture(true, 300)
	feed(a, &now, p...)
	s.seq = 100 // far behind
	p, _ = s.picture(true, 300)
	if got := fmt.Sprint(feed(a, &now, p...)); got != "[1]" {
		t.Errorf("pictures %s, want [1]", got)
	}
}

// TestAssembler_neverWithoutReference loses and shuffles at random: each picture out is a key frame or follows the
// one before.
func TestAssembler_neverWithoutReference(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := &stream{seq: uint16(r.Uint32())}
		a := NewAssembler()
		var now time.Duration
		var sent []rtp.Packet
		keys := map[int]bool{}
		for i := range 200 {
			keys[i] = i%20 == 0
			p, _ := s.picture(keys[i], 50+r.IntN(600))
			for _, x := range p {
				if r.IntN(50) > 0 {
					sent = append(sent, x)
				}
			}
		}
		for i := range sent {
			if j := i + r.IntN(6); j < len(sent) {
				sent[i], sent[j] = sent[j], sent[i]
			}
		}
		last := -1
		got := feed(a, &now, sent...)
		for _, n := range got {
			if n <= last || (n != last+1 && !keys[n]) {
				t.Fatalf("seed %d: picture %d after %d", seed, n, last)
			}
			last = n
		}
		if len(got) < 20 {
			t.Errorf("seed %d: %d pictures of 200 came out", seed, len(got))
		}
	}
}

// packets reads what a fuzzer wrote: a length byte and a packet, in turn.
func packets(data []byte) (all []rtp.Packet) {
	for len(data) > 1 {
		n := min(int(data[0]), len(data)-1)
		var p rtp.Packet
		if p.Unmarshal(data[1:1+n]) == nil {
			all = append(all, p)
		}
		data = data[1+n:]
	}
	return all
}

// Chromium fills its probes up with packets that hold nothing and are never sent again: one that is lost between two pictures
// holds neither up. A picture that is lost does.
func TestAssembler_lostPaddingHoldsNothingUp(t *testing.T) {
	for _, first := range []uint16{0, 0x7e, 0x7ffe} { // the next ones go round, the second of them of 7 bits
		s := &stream{form: codecs.VP8Payloader{EnablePictureID: true}}
		a := NewAssembler()
		var now time.Duration
		var all []rtp.Packet
		for n := range 4 {
			p, _ := s.picture(n == 0, 300)
			id := first + uint16(n)
			for i := range p {
				if first == 0x7e {
					p[i].Payload = append([]byte{p[i].Payload[0], p[i].Payload[1], byte(id & 0x7f)}, p[i].Payload[4:]...)
				} else {
					binary.BigEndian.PutUint16(p[i].Payload[2:], 0x8000|id&0x7fff)
				}
			}
			all = append(all, p...)
			s.seq++ // padding that is lost, some that comes, and lost again
			all = append(all, rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: s.seq, Timestamp: s.time}})
			s.seq += 2
		}
		if got := fmt.Sprint(feed(a, &now, all...)); got != "[0 1 2 3]" {
			t.Errorf("from %#x on: pictures %s, want all four", first, got)
		}
		s.picture(false, 300)
		p, _ := s.picture(false, 300)
		binary.BigEndian.PutUint16(p[0].Payload[2:], 0x8000|(first+5)&0x7fff)
		if got := feed(a, &now, p...); len(got) != 0 {
			t.Errorf("from %#x on: a picture is handed out whose forerunner is missing", first)
		}
	}
}

func FuzzAssembler(f *testing.F) {
	testkit.Seeds(f, "testdata/rtp/*.bin")
	f.Fuzz(func(t *testing.T, s string) {
		a := NewAssembler()
		var now time.Duration
		out := 0
		all := packets([]byte(s))
		for i := range all {
			now += 10 * time.Millisecond
			a.Push(&all[i].Header, all[i].Payload, now)
			for {
				data, _, _, ok := a.Pull()
				if !ok {
					break
				}
				if len(data) == 0 {
					t.Fatal("an empty picture")
				}
				out++
			}
			a.WantsKey()
			if a.scan < a.next || a.newest-a.next >= window {
				t.Fatalf("next %d, scan %d, newest %d", a.next, a.scan, a.newest)
			}
		}
		if out > len(all) {
			t.Fatalf("%d pictures of %d packets", out, len(all))
		}
	})
}

func BenchmarkAssembler(b *testing.B) {
	s := &stream{}
	var all []rtp.Packet
	pictures := 0
	for len(all) < 4096 {
		p, _ := s.picture(pictures == 0, 900)
		all = append(all, p...)
		pictures++
	}
	a := NewAssembler()
	var now time.Duration
	one := func(i int) {
		p := &all[i%len(all)]
		p.SequenceNumber = uint16(i)
		p.Timestamp = uint32(i/len(all))*1_000_000_000/7 + p.Timestamp
		now += time.Millisecond
		a.Push(&p.Header, p.Payload, now)
		for {
			if _, _, _, ok := a.Pull(); !ok {
				break
			}
		}
	}
	for i := range 2 * window {
		one(i)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		one(2*window + i)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/packet")
}
