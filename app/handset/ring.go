package handset

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"kontaktlaege/assets"
	"kontaktlaege/media/playback"
	"kontaktlaege/media/wav"
)

// Ringer is app.Ringer and app.Voice on the loudspeaker.
type Ringer struct {
	ringer *playback.Ringer
	speech speech
	words  Words
	log    *slog.Logger

	ctx     context.Context // of all that is read aloud
	end     context.CancelFunc
	reading sync.WaitGroup
	sound   atomic.Int64 // counts what was asked for: what comes of an older wish is not heard any more

	mu      sync.Mutex
	ringing bool
	spoken  bool // what sounds, or sounded last, was read aloud
}

// NewRinger opens nothing yet. words are for what is read aloud.
func NewRinger(loudspeaker string, words Words, log *slog.Logger) *Ringer {
	ctx, end := context.WithCancel(context.Background())
	return &Ringer{ringer: playback.NewRinger(loudspeaker), speech: newSpeech(), words: words, log: log, ctx: ctx, end: end}
}

// Ring implements app.Ringer: two rising tones, repeated and growing.
func (r *Ringer) Ring(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sound.Add(1)
	r.ringing, r.spoken = on, false
	if !on {
		r.ringer.Stop()
		return
	}
	err := r.ringer.Play(context.Background(), playback.RingTone(), playback.Options{Loop: true, Growing: true})
	if err != nil {
		r.log.Warn("the ring is not heard", "error", err) // the screen shows the call all the same
	}
}

func (r *Ringer) rings() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ringing
}

// Chime implements app.Ringer.
func (r *Ringer) Chime() {
	if err := r.once(playback.Notice()); err != nil {
		r.log.Warn("the chime is not heard", "error", err) // the screen shows the message all the same
	}
}

// once plays a clip in place of what sounds.
func (r *Ringer) once(clip playback.Clip) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sound.Add(1)
	r.ringing, r.spoken = false, false
	return r.ringer.Play(context.Background(), clip, playback.Options{})
}

// Close ends it.
func (r *Ringer) Close() error {
	r.end()
	r.reading.Wait()
	return r.ringer.Close()
}

// SayLate implements app.Ringer.
func (r *Ringer) SayLate(language string, by time.Duration) {
	clip, err := lateVoice(language, by)
	if err == nil {
		err = r.once(clip)
	}
	if err != nil {
		r.log.Warn("the delay is not heard", "error", err) // the screen shows it all the same
	}
}

// SayDrill says aloud that what follows is a drill.
func (r *Ringer) SayDrill(language string) {
	clip, err := spoken(language, "drill")
	if err == nil {
		err = r.once(clip)
	}
	if err != nil {
		r.log.Warn("that it is a drill is not heard", "error", err) // each screen of it says so all the same
	}
}

// DoctorVoice is what the played doctor of a drill says, of 48 kHz; none where there is no recording.
func DoctorVoice(language string) []int16 {
	clip, err := spoken(language, "drill-doctor")
	if err != nil {
		return nil
	}
	return clip
}

// lateVoice gives the sentence with that figure, or the one without a figure where there is no recording of it.
func lateVoice(language string, by time.Duration) (playback.Clip, error) {
	clip, err := spoken(language, fmt.Sprintf("late-%d", int(by/time.Minute)))
	if errors.Is(err, fs.ErrNotExist) {
		return spoken(language, "late")
	}
	return clip, err
}

// spoken gives a recording.
func spoken(language, name string) (playback.Clip, error) {
	file, err := assets.Voice.Open(fmt.Sprintf("voice/%s/%s.wav", language, name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return wav.Read(file)
}
