package congestion

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
)

const startRate = 1_250_000

func during(from, to time.Duration, inside, outside float64) func(time.Duration) float64 {
	return func(now time.Duration) float64 {
		if now >= from && now < to {
			return inside
		}
		return outside
	}
}

func TestEstimator_slowLinkIsMetAtOnce(t *testing.T) {
	for _, rate := range []float64{64_000, 300_000, 600_000} {
		s := newSender(newPath(steady(rate)), startRate)
		begin := measure(0, 2*time.Second, s)
		if begin.queue > 500*time.Millisecond && rate > 64_000 {
			t.Errorf("%v bit/s: a queue of %v at the start", rate, begin.queue)
		}
		measure(2*time.Second, 4*time.Second, s)
		f := measure(4*time.Second, 20*time.Second, s)
		if f.queue > 200*time.Millisecond {
			t.Errorf("%v bit/s: a queue of %v after the start", rate, f.queue)
		}
		if f.rate < 0.6*rate {
			t.Errorf("%v bit/s: %v used", rate, f.rate)
		}
		if f.soundLoss > 0.005 { // the last ones are still on their way
			t.Errorf("%v bit/s: %v of the sound lost", rate, f.soundLoss)
		}
	}
}

func TestEstimator_goodLinkIsUsedAtOnce(t *testing.T) {
	for _, delay := range []time.Duration{5 * time.Millisecond, 40 * time.Millisecond, 120 * time.Millisecond} {
		p := newPath(steady(5_000_000))
		p.delay = delay
		s := newSender(p, startRate)
		measure(0, time.Second, s)
		f := measure(time.Second, 3*time.Second, s)
		if f.rate < 850_000 {
			t.Errorf("%v away: %v bit/s in the first seconds, not enough for 720p", delay, f.rate)
		}
		if f = measure(3*time.Second, 20*time.Second, s); f.rate < 2_000_000 || f.queue > 60*time.Millisecond {
			t.Errorf("%v away: %v bit/s with a queue of %v, want 2.5 Mbit/s", delay, f.rate, f.queue)
		}
	}
}

func TestEstimator_backOffAndClimb(t *testing.T) {
	s := newSender(newPath(during(5*time.Second, 10*time.Second, 200_000, 3_000_000)), startRate)
	if f := measure(0, 5*time.Second, s); f.rate < 1_500_000 {
		t.Errorf("%v bit/s before the dip", f.rate)
	}
	measure(5*time.Second, 7500*time.Millisecond, s)
	if f := measure(7500*time.Millisecond, 10*time.Second, s); f.queue > 250*time.Millisecond || f.soundLoss > 0.05 {
		t.Errorf("in the dip: a queue of %v, %v of the sound lost", f.queue, f.soundLoss)
	}
	measure(10*time.Second, 14*time.Second, s)
	if f := measure(14*time.Second, 16*time.Second, s); f.rate < 1_200_000 {
		t.Errorf("%v bit/s 5 s after the dip", f.rate)
	}
}

func TestEstimator_cut(t *testing.T) {
	s := newSender(newPath(during(5*time.Second, 10*time.Second, 0, 3_000_000)), startRate)
	measure(0, 10*time.Second, s)
	lost := 0.0
	simulate([]*sender{s}, 10*time.Second, 11*time.Second, func(time.Duration) { lost = max(lost, s.c.estimator.loss.recent) })
	if lost > 0.05 { // from there on the ladder does not climb
		t.Errorf("%v of what was sent after the cut counts as lost", lost)
	}
	if f := measure(11*time.Second, 13*time.Second, s); f.rate < 850_000 {
		t.Errorf("%v bit/s in the seconds after a cut", f.rate)
	}
}

func TestEstimator_anotherPath(t *testing.T) {
	p := newPath(steady(5_000_000))
	s := newSender(p, startRate)
	measure(0, 10*time.Second, s)
	p.rate, p.delay = steady(300_000), 60*time.Millisecond
	s.back = p.delay
	s.c.Moved(10 * time.Second)
	if rate := s.c.Read(10 * time.Second).Target; rate > startRate {
		t.Errorf("%v bit/s on a path that nothing is known of", rate)
	}
	measure(10*time.Second, 12*time.Second, s)
	if f := measure(12*time.Second, 20*time.Second, s); f.rate < 180_000 || f.soundLoss > 0.01 || f.queue > 400*time.Millisecond {
		t.Errorf("%v bit/s of 300 kbit/s, %v of the sound lost, a queue of %v", f.rate, f.soundLoss, f.queue)
	}
}

func TestEstimator_whatTheOldPathLostIsForgotten(t *testing.T) {
	p := newPath(steady(3_000_000))
	p.loss = steady(0.3)
	s := newSender(p, startRate)
	measure(0, 5*time.Second, s)
	if r := s.c.Read(5 * time.Second); r.Loss < 0.2 || r.SoundLoss < 0.2 {
		t.Fatalf("loss %v, of the sound %v, on a path that loses 0.3", r.Loss, r.SoundLoss)
	}
	s.c.Moved(5 * time.Second)
	if r := s.c.Read(5 * time.Second); r.Loss != 0 || r.SoundLoss != 0 {
		t.Errorf("loss %v, of the sound %v, on a path that nothing is known of", r.Loss, r.SoundLoss)
	}
}

// What is sent again is dropped unread where it came the first time: the other side tells it lost, and nothing is.
func TestEstimator_sentAgainIsNotLost(t *testing.T) {
	for _, again := range []bool{false, true} {
		e := newEstimator(startRate, 2_500_000)
		for i := range 20 {
			now := time.Second + time.Duration(i)*100*time.Millisecond
			fb := &rtcp.TransportLayerCC{BaseSequenceNumber: e.history.next, PacketStatusCount: 10}
			for j := range 10 {
				e.leaves(1000, false, again && j >= 5, now)
			}
			fb.PacketChunks = []rtcp.PacketStatusChunk{
				&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketReceivedSmallDelta, RunLength: 5},
				&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketNotReceived, RunLength: 5},
			}
			for range 5 {
				fb.RecvDeltas = append(fb.RecvDeltas, &rtcp.RecvDelta{Type: rtcp.TypeTCCPacketReceivedSmallDelta})
			}
			fb.ReferenceTime = uint32((time.Hour + now) / (64 * time.Millisecond))
			e.feedback(fb, now+20*time.Millisecond)
		}
		if loss := e.loss.recent; again && loss > 0 || !again && loss < 0.3 {
			t.Errorf("again: %v, loss: %v", again, loss)
		}
	}
}

func TestEstimator_radioLossCostsNoRate(t *testing.T) {
	for _, loss := range []float64{0.05, 0.10, 0.20} {
		p := newPath(steady(5_000_000))
		p.loss = steady(loss)
		s := newSender(p, startRate)
		measure(0, 5*time.Second, s)
		if f := measure(5*time.Second, 30*time.Second, s); f.rate < 1_200_000 {
			t.Errorf("%v lost: %v bit/s of 5 Mbit/s", loss, f.rate)
		}
	}
}

// Where there is nothing left to cut, loss that stays is the radio's: the rate may grow again.
func TestLossControl_radioLossAtTheLeastRate(t *testing.T) {
	var l lossControl
	l.update(leastEstimate, 0)
	l.limit = leastEstimate // a queue that overflowed has brought it there
	for second := 1; second <= 20; second++ {
		now := time.Duration(second) * time.Second
		for i := range 50 {
			a := ack{sentPacket: sentPacket{fate: arrived, at: now}}
			if i%5 == 0 {
				a.fate = lost
			}
			l.add(&a)
		}
		l.update(min(l.limit, 60_000), now)
	}
	if l.limit < 50_000 {
		t.Errorf("%v bit/s after 20 s in which every fifth packet was lost, want the 60 kbit/s that the path carries", l.limit)
	}
}

func TestEstimator_policerIsObeyed(t *testing.T) {
	p := newPath(steady(300_000))
	p.queue = 30 * time.Millisecond
	s := newSender(p, startRate)
	measure(0, 4*time.Second, s)
	if f := measure(4*time.Second, 30*time.Second, s); f.soundLoss > 0.08 || f.rate < 200_000 {
		t.Errorf("%v of the sound lost at %v bit/s of 300 kbit/s", f.soundLoss, f.rate)
	}
}

// A shaper lets a probe's burst pass and no more of the kind: who tries again and again has the picture come in waves.
func TestEstimator_wrongProbesBecomeRare(t *testing.T) {
	for _, rate := range []float64{400_000, 600_000, 1_000_000} {
		p := newPath(steady(rate))
		p.bucket, p.queue = 40_000, 300*time.Millisecond
		s := newSender(p, startRate)
		measure(0, 10*time.Second, s)
		waves, raised := 0, s.c.estimator.probe.raised
		simulate([]*sender{s}, 10*time.Second, 70*time.Second, func(time.Duration) {
			if now := s.c.estimator.probe.raised; now != raised {
				raised = now
				if now != 0 {
					waves++
				}
			}
		})
		if waves > 8 {
			t.Errorf("%v bit/s: raised far too much %d times in a minute", rate, waves)
		}
	}
}

func TestEstimator_idleDoesNotRot(t *testing.T) {
	s := newSender(newPath(steady(8_000_000)), startRate)
	s.content = 100_000
	measure(0, 60*time.Second, s)
	s.content = 2_500_000
	if f := measure(60*time.Second, 62*time.Second, s); f.rate < 1_500_000 {
		t.Errorf("%v bit/s after a minute of a still picture", f.rate)
	}
}

func TestEstimator_jitterAndLostFeedback(t *testing.T) {
	p := newPath(steady(3_000_000))
	p.jitter = 30 * time.Millisecond
	s := newSender(p, startRate)
	s.backLoss = 0.3
	measure(0, 3*time.Second, s)
	if f := measure(3*time.Second, 30*time.Second, s); f.rate < 1_000_000 {
		t.Errorf("%v bit/s of 3 Mbit/s", f.rate)
	}
}

func TestEstimator_stalls(t *testing.T) {
	for _, rate := range []float64{300_000, 1_000_000, 3_000_000} {
		p := newPath(steady(rate))
		p.stalls = 250 * time.Millisecond
		s := newSender(p, startRate)
		measure(0, 5*time.Second, s)
		f := measure(5*time.Second, 60*time.Second, s)
		if f.rate < min(0.5*rate, 900_000) {
			t.Errorf("%v bit/s of %v", f.rate, rate)
		}
	}
}

func TestEstimator_longerWayIsNoQueue(t *testing.T) {
	p := newPath(steady(3_000_000))
	s := newSender(p, startRate)
	measure(0, 5*time.Second, s)
	p.delay += 150 * time.Millisecond
	measure(5*time.Second, 15*time.Second, s)
	if f := measure(15*time.Second, 20*time.Second, s); f.rate < 1_500_000 {
		t.Errorf("%v bit/s 10 s after the way became longer", f.rate)
	}
}

func TestEstimator_threeShareAnUplink(t *testing.T) {
	p := newPath(steady(1_500_000))
	a, b, c := newSender(p, startRate/3), newSender(p, startRate/3), newSender(p, startRate/3)
	measure(0, 3*time.Second, a, b, c)
	f := measure(3*time.Second, 60*time.Second, a, b, c)
	if f.soundLoss > 0.005 || f.soundWait > 120*time.Millisecond {
		t.Errorf("sound: %v lost, %v late", f.soundLoss, f.soundWait)
	}
	if f.least < 250_000 || f.rate < 1_000_000 {
		t.Errorf("%v bit/s together, %v for the one with the least", f.rate, f.least)
	}
}

func TestEstimator_withoutFeedbackGoesByReports(t *testing.T) {
	e := newEstimator(startRate, 2_500_000)
	for range 20 {
		e.reported(0.3)
	}
	low := e.carries()
	if low > 200_000 {
		t.Errorf("%v bit/s after long loss", low)
	}
	for range 40 {
		e.reported(0)
	}
	if e.carries() < 4*low {
		t.Errorf("%v bit/s after no loss", e.carries())
	}
}

// FuzzFeedback has somebody send feedback that is of no good.
func FuzzFeedback(f *testing.F) {
	f.Add([]byte{0x8f, 0xcd, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 1, 0, 0x20, 3, 4, 4, 4, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		var fb rtcp.TransportLayerCC
		if fb.Unmarshal(data) != nil {
			return
		}
		e := newEstimator(startRate, 2_500_000)
		for i := range 300 {
			e.leaves(1000, i%4 == 0, i%7 == 0, time.Duration(i)*time.Millisecond)
		}
		for i := range 10 {
			e.feedback(&fb, time.Duration(400+50*i)*time.Millisecond)
		}
		if c := e.carries(); !(c >= leastEstimate && c <= 2_500_000) {
			t.Errorf("%v bit/s", c)
		}
		if e.history.bytes < 0 || e.history.bytes > 300_000 {
			t.Errorf("%d bytes on their way", e.history.bytes)
		}
	})
}

// BenchmarkEstimator gives what comes of it on simulated links; its time is of no interest.
func BenchmarkEstimator(b *testing.B) {
	links := []struct {
		name string
		path func() *path
	}{
		{"300k", func() *path { return newPath(steady(300_000)) }},
		{"600k-bucket", func() *path {
			p := newPath(steady(600_000))
			p.bucket = 32_000
			return p
		}},
		{"1200k", func() *path { return newPath(steady(1_200_000)) }},
		{"5M-loss10", func() *path {
			p := newPath(steady(5_000_000))
			p.loss = steady(0.1)
			return p
		}},
		{"64k-loss20", func() *path {
			p := newPath(steady(64_000))
			p.loss = steady(0.2)
			return p
		}},
	}
	for _, l := range links {
		b.Run(l.name, func(b *testing.B) {
			var begin, f figures
			for range b.N {
				s := newSender(l.path(), startRate)
				begin = measure(0, 3*time.Second, s)
				f = measure(3*time.Second, 30*time.Second, s)
			}
			b.ReportMetric(f.rate/1000, "kbit/s")
			b.ReportMetric(float64(begin.queue.Milliseconds()), "ms-queue-at-start")
			b.ReportMetric(float64(f.queue.Milliseconds()), "ms-queue")
			b.ReportMetric(float64(f.soundWait.Milliseconds()), "ms-sound-p95")
			b.ReportMetric(100*f.soundLoss, "%-sound-lost")
		})
	}
	b.Run("climb", func(b *testing.B) {
		var took time.Duration
		for range b.N {
			s := newSender(newPath(during(5*time.Second, 10*time.Second, 200_000, 3_000_000)), startRate)
			took = 0
			simulate([]*sender{s}, 0, 30*time.Second, func(now time.Duration) {
				if now >= 10*time.Second && took == 0 && s.c.estimator.carries() > 1_000_000 {
					took = now - 10*time.Second
				}
			})
		}
		b.ReportMetric(took.Seconds(), "s-to-720p-after-a-dip")
	})
}

func BenchmarkFeedback(b *testing.B) {
	s := newSender(newPath(steady(3_000_000)), startRate)
	simulate([]*sender{s}, 0, 5*time.Second, nil)
	e := s.c.estimator
	now := 5 * time.Second
	fb := &rtcp.TransportLayerCC{
		PacketStatusCount: 14, ReferenceTime: uint32(time.Hour / (64 * time.Millisecond)),
		PacketChunks: []rtcp.PacketStatusChunk{&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketReceivedSmallDelta, RunLength: 14}},
	}
	for range 14 {
		fb.RecvDeltas = append(fb.RecvDeltas, &rtcp.RecvDelta{Type: rtcp.TypeTCCPacketReceivedSmallDelta, Delta: 3500})
	}
	b.ReportAllocs()
	for range b.N {
		fb.BaseSequenceNumber = e.history.next
		for range 14 {
			now += 3500 * time.Microsecond
			e.leaves(1100, false, false, now)
		}
		fb.ReferenceTime = uint32((time.Hour + now) / (64 * time.Millisecond))
		e.feedback(fb, now+20*time.Millisecond)
	}
}
