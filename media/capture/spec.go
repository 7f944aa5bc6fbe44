package capture

import (
	"fmt"
	"strconv"
	"strings"
)

// Kinds of sources in a spec as it stands on the command line.
const (
	specAuto     = "auto"
	specNone     = "none"
	specV4L2     = "v4l2"
	specTimecode = "timecode"
	specTone     = "tone"
	specFile     = "file"
	specDefault  = "default"
)

const (
	cameraSpecs     = "timecode[:WxH@FPS], file:PATH, v4l2[:N], auto or none"
	microphoneSpecs = "tone[:HZ], file:PATH, default or none"
)

// CheckCameraSpec says whether OpenCamera understands spec.
func CheckCameraSpec(spec string) error {
	_, err := parseCamera(spec)
	return err
}

// CheckMicrophoneSpec says whether OpenMicrophone understands spec.
func CheckMicrophoneSpec(spec string) error {
	_, err := parseMicrophone(spec)
	return err
}

type cameraSpec struct {
	kind               string
	width, height, fps int    // of timecode; zero: as the options say
	index              int    // of v4l2
	path               string // of file
}

func parseCamera(spec string) (cameraSpec, error) {
	kind, rest, has := strings.Cut(spec, ":")
	c := cameraSpec{kind: kind}
	var err error
	switch {
	case (kind == specAuto || kind == specNone || kind == specV4L2 || kind == specTimecode) && !has:
		return c, nil
	case kind == specFile && rest != "":
		c.path = rest
		return c, nil
	case kind == specV4L2:
		if c.index, err = strconv.Atoi(rest); err == nil && c.index >= 0 {
			return c, nil
		}
	case kind == specTimecode:
		size, fps, hasFPS := strings.Cut(rest, "@")
		width, height, hasSize := strings.Cut(size, "x")
		c.width, _ = strconv.Atoi(width)
		c.height, _ = strconv.Atoi(height)
		c.fps, _ = strconv.Atoi(fps)
		if hasSize && hasFPS && timecodeFits(c.width, c.height, c.fps) {
			return c, nil
		}
	}
	return cameraSpec{}, fmt.Errorf("capture: no camera %q: want %s", spec, cameraSpecs)
}

type microphoneSpec struct {
	kind string
	hz   float64
	path string
}

func parseMicrophone(spec string) (microphoneSpec, error) {
	kind, rest, has := strings.Cut(spec, ":")
	m := microphoneSpec{kind: kind, hz: 440}
	switch {
	case (kind == specDefault || kind == specNone || kind == specTone) && !has:
		return m, nil
	case kind == specFile && rest != "":
		m.path = rest
		return m, nil
	case kind == specTone:
		hz, err := strconv.ParseFloat(rest, 64)
		if err == nil && hz >= 20 && hz <= 20_000 {
			m.hz = hz
			return m, nil
		}
	}
	return microphoneSpec{}, fmt.Errorf("capture: no microphone %q: want %s", spec, microphoneSpecs)
}
