package call

import (
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

// listen plays n pieces while packets arrive as late says (negative: never), and gives how the turns went.
func listen(j *jitter, n int, late func(i int) time.Duration) (packets, repairs, withFEC, silent int) {
	const piece = media.PieceDuration
	arrivals := make(map[int64][]int) // by millisecond
	for i := range n {
		if d := late(i); d >= 0 {
			at := (time.Duration(i)*piece + d).Milliseconds()
			arrivals[at] = append(arrivals[at], i)
		}
	}
	for ms := range int64(n) * piece.Milliseconds() {
		for _, i := range arrivals[ms] {
			j.push(uint16(65500+i), uint32(i*media.SamplesPerPiece), []byte{byte(i)}, time.Duration(ms)*time.Millisecond+time.Hour)
		}
		if ms%piece.Milliseconds() != 10 {
			continue
		}
		switch what, payload := j.pop(); {
		case what == turnPacket:
			packets++
		case what == turnRepair && payload != nil:
			withFEC++
			repairs++
		case what == turnRepair:
			repairs++
		default:
			silent++
		}
	}
	return packets, repairs, withFEC, silent
}

func TestJitter_steadyStreamIsPlayedWhole(t *testing.T) {
	j := newJitter()
	packets, repairs, _, silent := listen(j, 500, func(int) time.Duration { return 0 })
	if repairs != 0 || silent > 2 || packets < 497 {
		t.Errorf("%d packets, %d repairs, %d silent of 500", packets, repairs, silent)
	}
	if j.target > 30*time.Millisecond {
		t.Errorf("target = %v for a stream without jitter", j.target)
	}
}

func TestJitter_missingPacketIsRepairedFromTheNext(t *testing.T) {
	j := newJitter()
	_, repairs, withFEC, _ := listen(j, 500, func(i int) time.Duration {
		if i > 100 && i%25 == 0 {
			return -1
		}
		return 0
	})
	if repairs < 15 || repairs > 17 || withFEC < repairs-1 {
		t.Errorf("%d repairs, %d of them with the next packet's FEC; want 16, nearly all", repairs, withFEC)
	}
}

func TestJitter_targetFollowsTheDelays(t *testing.T) {
	j := newJitter()
	wobble := func(i int) time.Duration { return time.Duration(i*37%60) * time.Millisecond }
	listen(j, 300, wobble)
	if j.target < 60*time.Millisecond || j.target > 120*time.Millisecond {
		t.Errorf("target = %v for packets up to 60 ms late", j.target)
	}
	_, repairs, _, _ := listen2(j, 300, 500, wobble)
	if repairs > 10 {
		t.Errorf("%d repairs of 500 once the target has adapted", repairs)
	}
}

// listen2 goes on at piece from.
func listen2(j *jitter, from, n int, late func(int) time.Duration) (packets, repairs, withFEC, silent int) {
	return listen(j, from+n, func(i int) time.Duration {
		if i < from {
			return -1
		}
		return late(i)
	})
}

func TestJitter_burstAfterAPauseIsPlayedDown(t *testing.T) {
	j := newJitter()
	listen(j, 1500, func(i int) time.Duration {
		if i >= 200 && i < 220 {
			return time.Duration(220-i) * media.PieceDuration // twenty at once
		}
		return 0
	})
	if w := j.waiting(); w > j.target+2*overfull {
		t.Errorf("%v lies waiting 25 s after a burst, target %v", w, j.target)
	}
}

func TestJitter_longGapIsNotConcealedPieceByPiece(t *testing.T) {
	j := newJitter()
	_, repairs, _, _ := listen(j, 600, func(i int) time.Duration {
		if i >= 200 && i < 400 {
			return -1
		}
		return 0
	})
	if repairs > 2*maxRepairs {
		t.Errorf("%d repairs for one gap, want at most %d", repairs, 2*maxRepairs)
	}
}

func FuzzJitter(f *testing.F) {
	testkit.Seeds(f, "testdata/rtp/*.bin")
	f.Fuzz(func(t *testing.T, s string) {
		j := newJitter()
		now := time.Hour
		played := 0
		all := packets([]byte(s))
		for _, p := range all {
			now += time.Duration(len(p.Payload)) * time.Millisecond
			j.push(p.SequenceNumber, p.Timestamp, p.Payload, now)
			if what, _ := j.pop(); what == turnPacket {
				played++
			}
			if j.held < 0 || j.held > jitterSlots || j.newest-j.next >= jitterSlots || j.target < minTarget || j.target > maxTarget {
				t.Fatalf("held %d, next %d, newest %d, target %v", j.held, j.next, j.newest, j.target)
			}
		}
		if played > len(all) {
			t.Fatalf("%d played of %d", played, len(all))
		}
	})
}

func BenchmarkJitter(b *testing.B) {
	j := newJitter()
	payload := make([]byte, 80)
	b.ReportAllocs()
	for i := range b.N {
		j.push(uint16(i), uint32(i*media.SamplesPerPiece), payload, time.Duration(i)*media.PieceDuration)
		j.pop()
	}
}
