package call

import (
	"context"
	"math"
	"slices"
	"time"

	"kontaktlaege/media"
)

// voice sends sound through one line, with an encoder of its own: a line that carries little, or loses much, costs the
// others nothing. What sound gets of the path the sender of pictures has said, who takes the rest. It belongs to the
// microphone's goroutine.
type voice struct {
	encoder media.AudioEncoder
	pcm     []int16
	at      time.Duration // capture of the first sample in pcm
	told    bool
	rate    int
	loss    float64
}

// lossStep is how much the loss must change for the encoder to hear of it.
const lossStep = 0.01

// send takes the next piece of sound, captured at the media time at.
func (v *voice) send(ctx context.Context, cfg *Config, l *line, pcm []int16, at time.Duration) error {
	if v.encoder == nil {
		e, err := cfg.NewAudioEncoder(cfg.AudioRate)
		if err != nil {
			return err
		}
		v.encoder = e
	}
	plan := l.plan.Load()
	v.adapt(min(plan.Rate, cfg.AudioRate), max(l.bwe.Read(media.Now()).SoundLoss, float64(l.lossSent.Load())/256))
	if len(v.pcm) == 0 {
		v.at = at
	}
	v.pcm = append(v.pcm, pcm...)
	pieces := len(v.pcm) / media.SamplesPerPiece
	if pieces < plan.Pieces {
		return nil
	}
	defer func() { v.pcm = v.pcm[:0] }()
	packet, err := v.encoder.Encode(ctx, v.pcm[:pieces*media.SamplesPerPiece])
	if err != nil || len(packet) == 0 {
		return err
	}
	_ = l.audio.writeSound(packet, v.at, len(v.pcm)) // a path that is gone is ICE's to notice
	return nil
}

func (v *voice) adapt(rate int, loss float64) {
	if v.told && v.rate == rate && math.Abs(loss-v.loss) < lossStep {
		return
	}
	v.told, v.rate, v.loss = true, rate, loss
	v.encoder.SetNetwork(rate, loss)
}

func (v *voice) close() {
	if v.encoder != nil {
		_ = v.encoder.Close()
	}
}

// soundOut gives each line its sound.
type soundOut struct {
	cfg    *Config
	voices map[*line]*voice
}

func newSoundOut(cfg *Config) *soundOut { return &soundOut{cfg: cfg, voices: map[*line]*voice{}} }

// send takes a piece of sound for all lines that stand.
func (s *soundOut) send(ctx context.Context, lines []*line, pcm []int16, at time.Duration) error {
	for l, v := range s.voices {
		if !slices.Contains(lines, l) {
			v.close()
			delete(s.voices, l)
		}
	}
	for _, l := range lines {
		if !l.connected() {
			continue
		}
		v := s.voices[l]
		if v == nil {
			v = &voice{pcm: make([]int16, 0, 3*media.SamplesPerPiece)}
			s.voices[l] = v
		}
		if err := v.send(ctx, s.cfg, l, pcm, at); err != nil {
			return err
		}
	}
	return nil
}

func (s *soundOut) close() {
	for _, v := range s.voices {
		v.close()
	}
	clear(s.voices)
}
