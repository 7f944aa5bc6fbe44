package handset

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/media"
	"kontaktlaege/media/playback"
	"kontaktlaege/media/wav"
)

// speech is the platform's: on a desktop espeak-ng, whose sound goes to the tablet's own loudspeaker. Where there is none, and
// on Android, whose speech this program has no door to yet, nothing is said.
//
// What is said may be personal, so it goes in through a pipe, never as an argument that others on the machine can read, and
// nothing of it is logged.
type speech struct {
	program string // "" : there is none
	voices  map[string]string
}

// espeakVoices are espeak-ng's names of the languages of the app; another language has its own name there.
var espeakVoices = map[string]string{"da": "da", "en": "en-gb"}

// speechPatience is how long a voice may take for the longest message.
const speechPatience = 5 * time.Second

// wordsPerMinute is slower than espeak-ng's 175: who listens is old, and the room is not quiet.
const wordsPerMinute = "150"

func newSpeech() speech {
	program, err := exec.LookPath("espeak-ng")
	if err != nil {
		return speech{}
	}
	return speech{program: program, voices: espeakVoices}
}

func (s speech) speaks(language string) bool { return s.program != "" && s.voices[language] != "" }

var errNoVoice = errors.New("no voice for that language")

// read makes sound of text.
func (s speech) read(ctx context.Context, language, text string) (playback.Clip, error) {
	if !s.speaks(language) {
		return nil, errNoVoice
	}
	ctx, cancel := context.WithTimeout(ctx, speechPatience)
	defer cancel()
	program := exec.CommandContext(ctx, s.program, "-v", s.voices[language], "-s", wordsPerMinute, "--stdin", "--stdout")
	program.Stdin = strings.NewReader(text)
	out, err := program.Output()
	if err != nil {
		return nil, err
	}
	pcm, rate, err := wav.ReadAny(bytes.NewReader(out))
	if err != nil {
		return nil, err
	}
	return resampled(pcm, rate), nil
}

// resampled gives the same sound at our rate. Straight lines between samples are enough for speech, which has little above a
// quarter of its rate.
func resampled(pcm []int16, rate int) playback.Clip {
	if len(pcm) == 0 {
		return nil
	}
	out := make(playback.Clip, len(pcm)*media.SampleRate/rate)
	for i := range out {
		at := float64(i) * float64(rate) / media.SampleRate
		n := int(at)
		a, b := pcm[n], pcm[min(n+1, len(pcm)-1)]
		out[i] = int16(float64(a) + (float64(b)-float64(a))*(at-float64(n)))
	}
	return out
}

// Words says a sentence in a language; the tablet's texts are not known here.
type Words func(language string, s app.Sentence) string

// Speaks implements app.Voice.
func (r *Ringer) Speaks(language string) bool { return r.speech.speaks(language) }

// Say implements app.Voice. What has begun to sound since it was asked for is not talked into, but by the ring that it is for.
func (r *Ringer) Say(s app.Spoken) {
	var lines []string
	for _, w := range s.Words {
		lines = append(lines, r.words(s.Language, w))
	}
	asked := r.sound.Add(1)
	r.reading.Go(func() {
		clip, err := r.speech.read(r.ctx, s.Language, strings.Join(lines, "\n"))
		if errors.Is(err, errNoVoice) || r.ctx.Err() != nil {
			return
		}
		if err != nil {
			r.log.Warn("what is read aloud is not heard", "error", err) // the screen says it all the same
			return
		}
		if !r.rings() {
			select {
			case <-r.ringer.Idle(): // the tone before a message
			case <-r.ctx.Done():
			}
		}
		r.utter(asked, clip)
	})
}

// utter plays what was read, unless something else is to be heard by now.
func (r *Ringer) utter(asked int64, clip playback.Clip) {
	var options playback.Options
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sound.Load() != asked {
		return
	}
	if r.ringing {
		clip = append(playback.RingTone(), append(clip, make(playback.Clip, media.SampleRate/2)...)...)
		options = playback.Options{Loop: true, Growing: true}
	}
	r.spoken = true
	if err := r.ringer.Play(r.ctx, clip, options); err != nil && r.ctx.Err() == nil {
		r.log.Warn("what is read aloud is not heard", "error", err)
	}
}

// Hush implements app.Voice.
func (r *Ringer) Hush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sound.Add(1)
	if r.spoken && !r.ringing {
		r.ringer.Stop()
	}
	r.spoken = false
}
