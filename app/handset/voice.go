package handset

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"kontaktlaege/assets"
	"kontaktlaege/media/playback"
	"kontaktlaege/media/wav"
)

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

// lateVoice gives the sentence with that figure, or the one without a figure where there is no recording of it.
func lateVoice(language string, by time.Duration) (playback.Clip, error) {
	file, err := assets.Voice.Open(fmt.Sprintf("voice/%s/late-%d.wav", language, int(by/time.Minute)))
	if errors.Is(err, fs.ErrNotExist) {
		file, err = assets.Voice.Open(fmt.Sprintf("voice/%s/late.wav", language))
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return wav.Read(file)
}
