package handset

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"kontaktlaege/assets"
	"kontaktlaege/media/playback"
	"kontaktlaege/media/wav"
)

// Ringer is app.Ringer on the loudspeaker.
type Ringer struct {
	ringer *playback.Ringer
	log    *slog.Logger
}

// NewRinger opens nothing yet.
func NewRinger(loudspeaker string, log *slog.Logger) *Ringer {
	return &Ringer{ringer: playback.NewRinger(loudspeaker), log: log}
}

// Ring implements app.Ringer: two rising tones, repeated and growing.
func (r *Ringer) Ring(on bool) {
	if !on {
		r.ringer.Stop()
		return
	}
	err := r.ringer.Play(context.Background(), playback.RingTone(), playback.Options{Loop: true, Growing: true})
	if err != nil {
		r.log.Warn("the ring is not heard", "error", err) // the screen shows the call all the same
	}
}

// Chime implements app.Ringer.
func (r *Ringer) Chime() {
	if err := r.ringer.Play(context.Background(), playback.Notice(), playback.Options{}); err != nil {
		r.log.Warn("the chime is not heard", "error", err) // the screen shows the message all the same
	}
}

// Close ends it.
func (r *Ringer) Close() error { return r.ringer.Close() }

// SayLate implements app.Ringer.
func (r *Ringer) SayLate(language string, by time.Duration) {
	clip, err := lateVoice(language, by)
	if err == nil {
		err = r.ringer.Play(context.Background(), clip, playback.Options{})
	}
	if err != nil {
		r.log.Warn("the delay is not heard", "error", err) // the screen shows it all the same
	}
}

// SayDrill says aloud that what follows is a drill.
func (r *Ringer) SayDrill(language string) {
	clip, err := spoken(language, "drill")
	if err == nil {
		err = r.ringer.Play(context.Background(), clip, playback.Options{})
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
