package handset

import (
	"runtime"

	"kontaktlaege/media"
	"kontaktlaege/media/voice"
)

// newVoice says what is done with a microphone's sound: test tones and files go as they are, people are freed from the
// echo of the loudspeaker and the noise of the room. Android does that itself.
func newVoice(microphone string) func() media.Voice {
	if microphone != "default" {
		return nil
	}
	return func() media.Voice { return voice.New(voice.Config{Platform: runtime.GOOS == "android"}) }
}
