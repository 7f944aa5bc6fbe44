package handset

import (
	"errors"
	"fmt"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/call"
)

func TestSentence_eachProblemOfEachDeviceHasOne(t *testing.T) {
	for _, device := range []string{"camera", "microphone", "loudspeaker"} {
		for _, problem := range media.DeviceProblems {
			if got := Sentence(&media.DeviceError{Device: device, Problem: problem}); got.None() || got.Key == kontakt.MsgUnknown {
				t.Errorf("%s %s: sentence %q", device, problem, got.Key)
			}
		}
	}
}

func TestSentence_rows(t *testing.T) {
	rows := []struct {
		name string
		err  error
		want kontakt.MsgKey
	}{
		{"no error says nothing", nil, ""},
		{"a camera that another program holds", fmt.Errorf("open: %w", &media.DeviceError{Device: "camera", Problem: media.DeviceBusy}), kontakt.MsgCameraBusy},
		{"a microphone that is refused", &media.DeviceError{Device: "microphone", Problem: media.DeviceRefused}, kontakt.MsgMicrophoneRefused},
		{"a relay out of reach", fmt.Errorf("udp: %w", call.ErrRelayUnreachable), kontakt.MsgRelayUnreachable},
		{"anything else", errors.New("boom"), kontakt.MsgUnknown},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := Sentence(row.err).Key; got != row.want {
				t.Errorf("sentence = %q, want %q", got, row.want)
			}
		})
	}
}

func TestConfig_saysWhichSpecIsWrong(t *testing.T) {
	good := Config{Camera: "timecode", Microphone: "tone", Loudspeaker: "none"}
	if err := good.Check(); err != nil {
		t.Errorf("good specs: %v", err)
	}
	for _, bad := range []Config{
		{Camera: "kamera", Microphone: "tone", Loudspeaker: "none"},
		{Camera: "timecode", Microphone: "tone:abc", Loudspeaker: "none"},
		{Camera: "timecode", Microphone: "tone", Loudspeaker: "wav"},
	} {
		if bad.Check() == nil {
			t.Errorf("%+v passes", bad)
		}
	}
}
