package handset

import (
	"errors"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/call"
)

func item(i call.CheckItem) app.CheckItem {
	return app.CheckItem{State: checkStates[i.State], Problem: Sentence(i.Err)}
}

// worst gives the sentence of the first device that fails: without sound there is no conversation, so sound goes first.
func worst(problems ...*media.DeviceError) app.Sentence {
	for _, p := range problems {
		if p != nil {
			return Sentence(p)
		}
	}
	return app.Sentence{}
}

// sentences says what a person can do about a device.
var sentences = map[string]map[media.DeviceProblem]kontakt.MsgKey{
	"camera": {
		media.DeviceNone: kontakt.MsgNoCamera, media.DeviceBusy: kontakt.MsgCameraBusy, media.DeviceRefused: kontakt.MsgCameraRefused,
		media.DeviceLost: kontakt.MsgCameraLost, media.DeviceSlow: kontakt.MsgCameraBusy,
	},
	"microphone": {
		media.DeviceNone: kontakt.MsgNoMicrophone, media.DeviceBusy: kontakt.MsgNoMicrophone, media.DeviceRefused: kontakt.MsgMicrophoneRefused,
		media.DeviceLost: kontakt.MsgNoMicrophone, media.DeviceSlow: kontakt.MsgNoMicrophone,
	},
	"loudspeaker": {
		media.DeviceNone: kontakt.MsgNoLoudspeaker, media.DeviceBusy: kontakt.MsgNoLoudspeaker, media.DeviceRefused: kontakt.MsgNoLoudspeaker,
		media.DeviceLost: kontakt.MsgNoLoudspeaker, media.DeviceSlow: kontakt.MsgNoLoudspeaker,
	},
}

// Sentence gives what to say of an error of a device or the relay; none for nil.
func Sentence(err error) app.Sentence {
	if err == nil {
		return app.Sentence{}
	}
	if errors.Is(err, call.ErrRelayUnreachable) {
		return app.Sentence{Key: kontakt.MsgRelayUnreachable}
	}
	if device, ok := errors.AsType[*media.DeviceError](err); ok {
		if key, ok := sentences[device.Device][device.Problem]; ok {
			return app.Sentence{Key: key}
		}
	}
	return app.Sentence{Key: kontakt.MsgUnknown, Params: map[string]string{"kode": "device"}}
}

// stillProblem says what to do where there is no still.
func stillProblem(err error) app.Sentence {
	if errors.Is(err, call.ErrNoCall) {
		return app.Sentence{Key: kontakt.MsgServerUnreachable}
	}
	if s := Sentence(err); s.Key != kontakt.MsgUnknown {
		return s
	}
	return app.Sentence{Key: kontakt.MsgNoCamera}
}
