package call

import (
	"math/rand/v2"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/codec"
)

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
				s.jitter.Push(uint16(i), uint32(i*len(pcm)), packet, now)
			}
			for range row.pieces {
				now += media.PieceDuration
				for ready < media.SamplesPerPiece {
					what, payload, speed := s.jitter.Pop(now - media.PieceDuration/2)
					n := s.sound(t.Context(), what, append([]byte(nil), payload...), out)
					ready += len(speed.Of(out[:n]))
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
