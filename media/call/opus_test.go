package call

import (
	"math/rand/v2"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/codec"
)

func TestOpus_spanAndRepetitionAreRead(t *testing.T) {
	for _, row := range []struct {
		packet  []byte
		span    time.Duration
		repeats bool
	}{
		{nil, 20 * time.Millisecond, false},
		{[]byte{9 << 3}, 20 * time.Millisecond, false},
		{[]byte{9 << 3, 0x80}, 20 * time.Millisecond, false},       // speech, nothing repeated
		{[]byte{9 << 3, 0x40}, 20 * time.Millisecond, true},        // SILK of 20 ms
		{[]byte{10 << 3, 0x20}, 40 * time.Millisecond, true},       // of 40
		{[]byte{11 << 3, 0x10}, 60 * time.Millisecond, true},       // of 60
		{[]byte{9<<3 | 4, 0x10}, 20 * time.Millisecond, true},      // stereo, the second channel
		{[]byte{13<<3 | 1, 0x40, 0}, 40 * time.Millisecond, true},  // hybrid, two frames
		{[]byte{9<<3 | 2, 1, 0x40}, 40 * time.Millisecond, true},   // two of different length
		{[]byte{9<<3 | 2, 255}, 40 * time.Millisecond, false},      // cut off
		{[]byte{31 << 3, 0xff}, 20 * time.Millisecond, false},      // CELT repeats nothing
		{[]byte{16 << 3, 0xff}, 2500 * time.Microsecond, false},    // the shortest
		{[]byte{9<<3 | 3, 63, 0xff}, 20 * time.Millisecond, false}, // longer than any may be
		{[]byte{9<<3 | 3}, 20 * time.Millisecond, false},
		{[]byte{9<<3 | 3, 0}, 20 * time.Millisecond, false},
	} {
		if got := opusSpan(row.packet); got != row.span {
			t.Errorf("% x: %v, want %v", row.packet, got, row.span)
		}
		if got := opusRepeats(row.packet); got != row.repeats {
			t.Errorf("% x repeats: %t", row.packet, got)
		}
	}
}

// Of our own speech at a loss of a tenth and a fifth, through our encoder, our jitter buffer and our decoder.
func TestSound_lossIsNotHeardAsLoss(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	const all = 1200 // pieces
	speech := testkit.Speech(t, "da", "Kan du fortælle mig, hvad der er sket i dag, og hvor længe du har haft ondt?")
	for _, row := range []struct {
		rate, pieces      int
		loss, told, least float64
	}{
		{32_000, 1, 0.10, 0.02, 0.95},
		{24_000, 1, 0.10, 0.02, 0.95},
		{32_000, 1, 0.20, 0.20, 0.90},
		{24_000, 2, 0.20, 0.20, 0.90},
		{20_000, 2, 0.20, 0.20, 0.90},
		{18_000, 3, 0.20, 0.20, 0.90},
	} {
		e, err := codec.NewOpusEncoder(codec.OpusConfig{Rate: row.rate, Loss: row.told})
		if err != nil {
			t.Fatal(err)
		}
		s, err := newSoundIn(&Config{NewAudioDecoder: codec.NewOpusDecoder})
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(4, 4))
		pcm, out := make([]int16, row.pieces*media.SamplesPerPiece), make([]int16, maxDecoded, 2*maxDecoded)
		ready := 0
		for i := range all / row.pieces {
			for k := range pcm {
				pcm[k] = int16(speech[(i*len(pcm)+k)%len(speech)] * (1<<15 - 1))
			}
			packet, err := e.Encode(t.Context(), pcm)
			if err != nil {
				t.Fatal(err)
			}
			now := time.Hour + time.Duration(i*row.pieces)*media.PieceDuration
			if r.Float64() >= row.loss {
				s.jitter.push(uint16(i), uint32(i*len(pcm)), packet, now)
			}
			for range row.pieces {
				now += media.PieceDuration
				for ready < media.SamplesPerPiece {
					what, payload, speed := s.jitter.pop(now - media.PieceDuration/2)
					n := s.sound(what, append([]byte(nil), payload...), out)
					ready += len(speed.of(out[:n]))
				}
				ready -= media.SamplesPerPiece
			}
		}
		played := float64(s.stats.played.Load() + s.stats.recovered.Load())
		share := played / (played + float64(s.stats.concealed.Load()))
		t.Logf("%+v: %.3f are the speaker's own, %d of %.0f by repetition", row, share, s.stats.recovered.Load(), played)
		if share < row.least || played < all*0.85 {
			t.Errorf("%+v: %.3f of the sound is the speaker's own, %.0f pieces", row, share, played)
		}
		s.close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}
