package call

import (
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

func pacerInto(w *wire, rate int) *pacer {
	p := newPacer(rate)
	p.describe(pictureSSRC, &pacedStream{twcc: 5, playout: 6})
	p.describe(soundSSRC, &pacedStream{twcc: 5, sound: true})
	p.AddStream(pictureSSRC, w)
	p.AddStream(soundSSRC, w)
	return p
}

func TestPacer_soundOvertakesPictures(t *testing.T) {
	testkit.Guard(t, 20*time.Second)
	w := &wire{}
	p := pacerInto(w, 100_000) // 30 kB a second
	defer p.Close()
	payload := make([]byte, 1000)
	for range 12 {
		if _, err := p.Write(&rtp.Header{SSRC: pictureSSRC}, payload, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Write(&rtp.Header{SSRC: soundSSRC}, payload[:80], nil); err != nil {
		t.Fatal(err)
	}
	for w.count() < 13 {
		time.Sleep(time.Millisecond)
	}
	if at := slices.Index(w.ssrcs, soundSSRC); at > 3 {
		t.Errorf("the sound left as packet %d of 13", at)
	}
	for i, n := range w.numbers {
		if int(n) != i {
			t.Fatalf("numbers %v, want them in the order of leaving", w.numbers)
		}
	}
	if spread := w.at[12].Sub(w.at[0]); spread < 200*time.Millisecond {
		t.Errorf("12 kB at 250 kbit/s left within %v", spread)
	}
	if b := p.backlog(); b != 0 {
		t.Errorf("backlog = %v when all has left", b)
	}
}

func TestPacer_isBounded(t *testing.T) {
	testkit.Guard(t, 20*time.Second)
	w := &wire{block: make(chan struct{})}
	p := pacerInto(w, 100_000)
	var err error
	for range 2 * maxQueued {
		if _, err = p.Write(&rtp.Header{SSRC: pictureSSRC}, []byte{1}, nil); err != nil {
			break
		}
	}
	if err == nil {
		t.Error("twice as many packets as are allowed were taken")
	}
	close(w.block)
	p.Close()
	if _, err := p.Write(&rtp.Header{SSRC: pictureSSRC}, nil, nil); err == nil {
		t.Error("a closed pacer takes packets")
	}
}

func BenchmarkPacer(b *testing.B) {
	w := &discard{}
	p := newPacer(1 << 40)
	p.describe(pictureSSRC, &pacedStream{twcc: 5, playout: 6})
	p.AddStream(pictureSSRC, w)
	defer p.Close()
	payload := make([]byte, 1100)
	h := &rtp.Header{SSRC: pictureSSRC}
	b.ReportAllocs()
	for range b.N {
		for {
			if _, err := p.Write(h, payload, nil); err == nil {
				break
			}
		}
	}
}

type discard struct{}

func (discard) Write(*rtp.Header, []byte, interceptor.Attributes) (int, error) { return 0, nil }
