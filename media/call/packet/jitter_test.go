package packet

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

// heard is what a listener got, in pieces.
type heard struct {
	packets, recovered, concealed, silent int
	faster, slower                        int
}

// unconcealed is the share of sound that is the speaker's own.
func (h heard) unconcealed() float64 {
	return float64(h.packets+h.recovered) / float64(h.packets+h.recovered+h.concealed)
}

const lostPacket = time.Duration(-1)

// speaker sends n packets of speech with in-band FEC, whose clock runs so much faster than the listener's.
type speaker struct {
	n     int
	drift float64
	late  func(i int) time.Duration // in the network
}

// listen plays what a speaker sends, as the loudspeaker pulls it.
func listen(j *Jitter, s speaker) (h heard) {
	const tick = time.Millisecond
	period := time.Duration(float64(media.PieceDuration) / (1 + s.drift))
	arrivals := make(map[time.Duration][]int)
	for i := range s.n {
		if d := s.late(i); d != lostPacket {
			at := (time.Duration(i)*period + d).Truncate(tick)
			arrivals[at] = append(arrivals[at], i)
		}
	}
	speech := []byte{9 << 3, 0xc0, 1, 2} // SILK, wide band, 20 ms; speech, and the packet before once more
	ready := time.Duration(0)
	for now := time.Duration(0); now < time.Duration(s.n)*period; now += tick {
		for _, i := range arrivals[now] {
			j.Push(uint16(65500+i), uint32(i*media.SamplesPerPiece), speech, time.Hour+now)
		}
		if now%media.PieceDuration != 10*time.Millisecond {
			continue
		}
		for ready < media.PieceDuration {
			what, _, speed := j.Pop(time.Hour + now)
			h.count(what, speed)
			by := -5 * time.Millisecond * time.Duration(speed)
			j.Stretched(by)
			ready += media.PieceDuration + by
		}
		ready -= media.PieceDuration
	}
	return h
}

func (h *heard) count(what Turn, speed Pace) {
	*map[Turn]*int{TurnPacket: &h.packets, TurnRecover: &h.recovered, TurnConceal: &h.concealed, TurnSilence: &h.silent}[what]++
	switch speed {
	case PaceFaster:
		h.faster++
	case PaceSlower:
		h.slower++
	}
}

func atOnce(int) time.Duration { return 0 }

func TestJitter_steadyStreamIsPlayedWhole(t *testing.T) {
	j := NewJitter()
	h := listen(j, speaker{n: 500, late: atOnce})
	if h.concealed != 0 || h.silent > 2 || h.packets < 496 {
		t.Errorf("%+v of 500", h)
	}
	if j.target > 30*time.Millisecond {
		t.Errorf("target = %v for a stream without jitter", j.target)
	}
}

// random gives the same losses and delays each time: loss of the packets, and up to so much delay.
func random(loss float64, delay time.Duration) func(int) time.Duration {
	r := rand.New(rand.NewPCG(1, 2))
	return func(int) time.Duration {
		if r.Float64() < loss {
			return lostPacket
		}
		return time.Duration(r.Float64() * float64(delay))
	}
}

func TestJitter_lossIsRepairedByWhatTheNextPacketRepeats(t *testing.T) {
	for _, row := range []struct {
		loss  float64
		delay time.Duration
		least float64
	}{
		{0.02, 0, 0.99},
		{0.10, 0, 0.97},
		{0.10, 60 * time.Millisecond, 0.95},
		{0.20, 0, 0.93},
		{0.20, 40 * time.Millisecond, 0.90},
	} {
		j := NewJitter()
		h := listen(j, speaker{n: 3000, late: random(row.loss, row.delay)})
		if h.unconcealed() < row.least || h.silent > 10 {
			t.Errorf("loss %.2f, jitter %v: %.3f unconcealed, want %.2f: %+v", row.loss, row.delay, h.unconcealed(), row.least, h)
		}
	}
}

func TestJitter_whatComesTooLateIsLeftOut(t *testing.T) {
	j := NewJitter()
	now := time.Hour
	push := func(i byte) { j.Push(uint16(i), uint32(i)*media.SamplesPerPiece, []byte{9 << 3, 0x80, i}, now) }
	var played []byte
	for i := range byte(12) {
		if i != 5 {
			push(i)
		}
		if what, payload, _ := j.Pop(now); what == TurnPacket {
			if played = append(played, payload[2]); payload[2] == 6 {
				push(5)
			}
		}
		now += media.PieceDuration
	}
	if want := []byte{0, 1, 2, 3, 4, 6, 7, 8}; len(played) < len(want) || !bytes.Equal(played[:len(want)], want) {
		t.Errorf("played %v, want %v and no step back", played, want)
	}
}

func TestJitter_targetFollowsTheDelaysUpAndDown(t *testing.T) {
	j := NewJitter()
	wobble := func(i int) time.Duration { return time.Duration(i*37%60) * time.Millisecond }
	if h := listen(j, speaker{n: 600, late: wobble}); j.target < 60*time.Millisecond || j.target > 120*time.Millisecond || h.concealed > 12 {
		t.Errorf("target = %v for packets up to 60 ms late, %+v", j.target, h)
	}
	j = NewJitter()
	h := listen(j, speaker{n: 1000, late: func(i int) time.Duration {
		if i < 500 {
			return time.Duration(i*37%150) * time.Millisecond
		}
		return 0
	}})
	if j.target > 30*time.Millisecond || j.lying > j.target+2*paceAbove {
		t.Errorf("10 s after the network calmed down, sound lies %v, target %v", j.lying, j.target)
	}
	if h.faster == 0 || j.skipped != 0 {
		t.Errorf("%d packets were left out, %d played faster", j.skipped, h.faster)
	}
}

func TestJitter_backlogIsPlayedDownWithoutLeavingAnythingOut(t *testing.T) {
	j := NewJitter()
	h := listen(j, speaker{n: 1000, late: func(i int) time.Duration {
		if i >= 200 && i < 220 {
			return time.Duration(220-i) * media.PieceDuration // twenty at once
		}
		return 0
	}})
	if j.lying > j.target+2*paceAbove || j.skipped != 0 {
		t.Errorf("%v lies waiting 15 s after a burst, target %v, %d left out", j.lying, j.target, j.skipped)
	}
	if h.concealed > maxRepairs {
		t.Errorf("%d pieces concealed for a stall of 400 ms", h.concealed)
	}
}

// Half an hour with two sound cards whose clocks differ.
func TestJitter_driftIsStretchedAway(t *testing.T) {
	for _, drift := range []float64{-200e-6, 200e-6} {
		j := NewJitter()
		h := listen(j, speaker{n: 90_000, drift: drift, late: func(i int) time.Duration { return time.Duration(i*7%10) * time.Millisecond }})
		if h.concealed > 5 || h.silent > 5 || j.skipped != 0 {
			t.Errorf("drift %.0f ppm: %+v, %d left out", drift*1e6, h, j.skipped)
		}
		if stretched := h.faster + h.slower; stretched > 200 {
			t.Errorf("drift %.0f ppm: %d pieces stretched for 360 ms", drift*1e6, stretched)
		}
	}
}

func TestJitter_longGapIsNotConcealedPieceByPiece(t *testing.T) {
	j := NewJitter()
	h := listen(j, speaker{n: 600, late: func(i int) time.Duration {
		if i >= 200 && i < 400 {
			return lostPacket
		}
		return 0
	}})
	if h.concealed > 2*maxRepairs || h.packets < 390 {
		t.Errorf("%+v for one gap of 200, want at most %d concealed", h, 2*maxRepairs)
	}
}

func FuzzJitter(f *testing.F) {
	testkit.Seeds(f, "testdata/rtp/*.bin")
	f.Fuzz(func(t *testing.T, s string) {
		j := NewJitter()
		now := time.Hour
		played := 0
		all := packets([]byte(s))
		for _, p := range all {
			now += time.Duration(len(p.Payload)) * time.Millisecond
			j.Push(p.SequenceNumber, p.Timestamp, p.Payload, now)
			if what, _, _ := j.Pop(now); what == TurnPacket {
				played++
			}
			if j.held < 0 || j.held > jitterSlots || j.newest-j.next >= jitterSlots || j.target < minTarget || j.target > maxTarget {
				t.Fatalf("held %d, next %d, newest %d, target %v", j.held, j.next, j.newest, j.target)
			}
			if len(j.delays) > delaySamples || j.owed > maxRepairs {
				t.Fatalf("%d delays, %d owed", len(j.delays), j.owed)
			}
		}
		if played > len(all) {
			t.Fatalf("%d played of %d", played, len(all))
		}
	})
}

func BenchmarkJitter(b *testing.B) {
	j := NewJitter()
	payload := make([]byte, 80)
	b.ReportAllocs()
	for i := range b.N {
		now := time.Duration(i) * media.PieceDuration
		j.Push(uint16(i), uint32(i*media.SamplesPerPiece), payload, now)
		j.Pop(now)
	}
}
