package media

import (
	"context"
	"time"
)

// VideoSource is an open camera or something that acts as one.
type VideoSource interface {
	// Read waits for the next picture and gives it with one reference. A failure of the device is a *DeviceError.
	Read(ctx context.Context) (*Frame, error)
	Close() error
}

// StillSource is a VideoSource that can take one picture in the full resolution of its sensor, if need be by an
// interruption of its pictures.
type StillSource interface {
	VideoSource
	// Still gives a picture with one reference. Read goes on as before, on another goroutine.
	Still(ctx context.Context) (*Frame, error)
}

// Zoomer is a VideoSource that can come closer. Who reads it sets it.
type Zoomer interface {
	// SetZoom takes a factor from 1, which is none; what is too much for the device is as much as it can.
	SetZoom(factor float64) error
}

// Torch is a VideoSource with a lamp. Who reads it sets it; closing it puts it out.
type Torch interface {
	SetTorch(on bool) error
}

// Sound is one piece of captured sound.
type Sound struct {
	PCM  []int16       // SamplesPerPiece, valid until the next Read
	Time time.Duration // of the first sample
}

// AudioSource is an open microphone or something that acts as one.
type AudioSource interface {
	Read(ctx context.Context) (Sound, error)
	Close() error
}

// AudioSink is an open loudspeaker. It pulls: fill is called on the device's own thread for each piece to play, must
// not wait, and leaves silence where it has nothing.
type AudioSink interface {
	// SetVolume takes 0–1.
	SetVolume(v float64)
	// Lost is closed when the device has gone away by itself: it is to be closed, and opened anew.
	Lost() <-chan struct{}
	Close() error
}

// DeviceProblem says why a device could not be opened or went away.
type DeviceProblem string

// The problems.
const (
	DeviceNone    DeviceProblem = "none"    // there is none
	DeviceBusy    DeviceProblem = "busy"    // another program holds it
	DeviceRefused DeviceProblem = "refused" // the person or the system does not allow it
	DeviceLost    DeviceProblem = "lost"    // unplugged, or taken by the system
	DeviceSlow    DeviceProblem = "slow"    // it did not open within its time limit
)

// DeviceProblems are all of them, the one that tells a person most last: of several cameras that did not open, its own is
// told. app/handset has the sentence of each for each device.
var DeviceProblems = []DeviceProblem{DeviceLost, DeviceNone, DeviceSlow, DeviceBusy, DeviceRefused}

// DeviceError is a failure of a camera, microphone or loudspeaker.
type DeviceError struct {
	Device  string // "camera", "microphone", "loudspeaker"
	Problem DeviceProblem
	Err     error
}

func (e *DeviceError) Error() string {
	s := "media: " + e.Device + ": " + string(e.Problem)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *DeviceError) Unwrap() error { return e.Err }
