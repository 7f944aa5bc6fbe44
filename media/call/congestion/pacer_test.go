package congestion

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"

	"kontaktlaege/internal/testkit"
)

// wire notes what leaves the pacer.
type wire struct {
	mu      sync.Mutex
	ssrcs   []uint32
	numbers []uint16 // transport-wide
	at      []time.Time
	block   chan struct{}
}

func (w *wire) Write(h *rtp.Header, payload []byte, _ interceptor.Attributes) (int, error) {
	if w.block != nil {
		<-w.block
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ssrcs = append(w.ssrcs, h.SSRC)
	w.at = append(w.at, time.Now())
	if x := h.GetExtension(5); len(x) == 2 {
		w.numbers = append(w.numbers, uint16(x[0])<<8|uint16(x[1]))
	}
	return len(payload), nil
}

func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.ssrcs)
}

const pictureSSRC, soundSSRC = 1, 2

func congestionInto(w interceptor.RTPWriter, rate int) *Controller {
	c := New(rate, 1<<40)
	c.add(pictureSSRC, &pacedStream{twcc: 5, playout: 6, writer: w})
	c.add(soundSSRC, &pacedStream{twcc: 5, sound: true, writer: w})
	return c
}

func TestCongestion_soundOvertakesPictures(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := &wire{}
	c := congestionInto(w, 300_000) // 45 kB a second
	defer c.Close()
	c.estimator.probe.first = false // nobody answers it
	payload := make([]byte, 1000)
	for range 6 {
		if _, err := c.write(&rtp.Header{SSRC: pictureSSRC}, payload, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.write(&rtp.Header{SSRC: soundSSRC}, payload[:80], nil); err != nil {
		t.Fatal(err)
	}
	for w.count() < 7 {
		time.Sleep(time.Millisecond)
	}
	if at := slices.Index(w.ssrcs, soundSSRC); at > 3 {
		t.Errorf("the sound left as packet %d of 7", at)
	}
	for i, n := range w.numbers {
		if int(n) != i {
			t.Fatalf("numbers %v, want them in the order of leaving", w.numbers)
		}
	}
	if spread := w.at[6].Sub(w.at[0]); spread < 60*time.Millisecond {
		t.Errorf("6 kB at 360 kbit/s left within %v", spread)
	}
	if r := c.Read(0); r.Backlog != 0 {
		t.Errorf("backlog = %v when all has left", r.Backlog)
	}
}

func TestCongestion_isWrittenToWhileItSends(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := &wire{}
	c := congestionInto(w, 1<<40)
	defer c.Close()
	const each = 4000
	var writers sync.WaitGroup
	for _, ssrc := range []uint32{pictureSSRC, soundSSRC} {
		writers.Go(func() {
			for i := range uint16(each) {
				for ssrc == soundSSRC {
					if _, err := c.write(&rtp.Header{SSRC: ssrc, SequenceNumber: i}, []byte{1}, nil); err == nil {
						break
					}
					runtime.Gosched() // it is full
				}
				_, _ = c.write(&rtp.Header{SSRC: pictureSSRC, SequenceNumber: i}, []byte{1}, nil)
				c.Read(0)
			}
		})
	}
	writers.Wait()
	for n := 0; n < each; { // of the pictures some may be held back: nobody says that they come
		w.mu.Lock()
		n = len(slices.DeleteFunc(slices.Clone(w.ssrcs), func(ssrc uint32) bool { return ssrc != soundSSRC }))
		w.mu.Unlock()
		runtime.Gosched()
	}
}

func TestCongestion_isBounded(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := &wire{block: make(chan struct{})}
	c := congestionInto(w, 100_000)
	var err error
	for range 2 * maxQueued {
		if _, err = c.write(&rtp.Header{SSRC: pictureSSRC}, []byte{1}, nil); err != nil {
			break
		}
	}
	if err == nil {
		t.Error("twice as many packets as are allowed were taken")
	}
	close(w.block)
	c.Close()
	if _, err := c.write(&rtp.Header{SSRC: pictureSSRC}, nil, nil); err == nil {
		t.Error("a closed pacer takes packets")
	}
}

func BenchmarkCongestion(b *testing.B) {
	c := congestionInto(&discard{}, 1<<40)
	c.add(pictureSSRC, &pacedStream{playout: 6, writer: &discard{}}) // without feedback: nobody gives any
	defer c.Close()
	payload := make([]byte, 1100)
	h := &rtp.Header{SSRC: pictureSSRC}
	b.ReportAllocs()
	for range b.N {
		for {
			if _, err := c.write(h, payload, nil); err == nil {
				break
			}
		}
	}
}

type discard struct{}

func (discard) Write(*rtp.Header, []byte, interceptor.Attributes) (int, error) { return 0, nil }

func TestPacer_nobodyWaitsForOldPictures(t *testing.T) {
	e := newEstimator(300_000, 2_500_000)
	p := pacer{streams: map[uint32]*pacedStream{pictureSSRC: {twcc: 5, writer: discard{}}, soundSSRC: {twcc: 5, sound: true, writer: discard{}}}}
	picture := func(now time.Duration, padding bool) {
		if err := p.push(&rtp.Header{SSRC: pictureSSRC, Padding: padding}, make([]byte, 1000), now); err != nil {
			t.Fatal(err)
		}
	}
	picture(1*time.Second, false)
	picture(4*time.Second, false)
	if c, _ := p.next(e, 5*time.Second); c == nil || c.at != 4*time.Second {
		t.Fatalf("%+v left, want the newer one", c)
	}
	if p.queued != 0 {
		t.Errorf("%d bytes wait, want none", p.queued)
	}

	c := Controller{pacer: p}
	picture(10*time.Second, false)
	c.pacer = p
	c.Show(false, 10*time.Second+1)
	p = c.pacer
	picture(10*time.Second+2, false) // asked for again
	if p.picture.len() != 0 {
		t.Error("pictures wait where there are none any more")
	}
	picture(10*time.Second+3, true)
	if p.picture.len() != 1 {
		t.Error("no padding either: nothing can be probed")
	}
}

func TestPacer_wokenLateKeepsItsRate(t *testing.T) {
	e := newEstimator(600_000, 2_500_000)
	e.probe.first, e.told = false, true
	p := pacer{streams: map[uint32]*pacedStream{pictureSSRC: {writer: discard{}}}} // without feedback, so that none is missing
	now := time.Second
	sent := 0
	for range 20 {
		for range 10 {
			if err := p.push(&rtp.Header{SSRC: pictureSSRC}, make([]byte, 1000), now); err != nil {
				t.Fatal(err)
			}
		}
		for c, _ := p.next(e, now); c != nil; c, _ = p.next(e, now) {
			sent += c.wire()
			p.done(c)
		}
		now += 50 * time.Millisecond // instead of the few that it asked for
	}
	rate := float64(sent) * 8 / time.Second.Seconds()
	if want := 600_000 * paceFactor(600_000); rate < 0.9*want {
		t.Errorf("%v bit/s left, want about %v", rate, want)
	}
}
