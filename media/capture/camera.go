package capture

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/driver/camera"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"kontaktlaege/media"
	"kontaktlaege/media/device"
)

// CameraOptions says which picture is wanted; a camera gives what comes nearest. Zero fields are 1280×720 at 30 fps.
type CameraOptions struct {
	Width, Height, FPS int
}

func (o CameraOptions) filled() CameraOptions {
	if o.Width <= 0 || o.Height <= 0 {
		o.Width, o.Height = 1280, 720
	}
	if o.FPS <= 0 {
		o.FPS = 30
	}
	return o
}

// Device types of drivers that are no cameras, so that they are never taken for one.
const (
	typeTimecode driver.DeviceType = "timecode"
	typeFile     driver.DeviceType = "file"
)

// OpenCamera opens the camera that spec names: timecode[:WxH@FPS], file:PATH, v4l2[:N], auto or none.
func OpenCamera(ctx context.Context, spec string, o CameraOptions) (media.VideoSource, error) {
	c, err := parseCamera(spec)
	if err != nil {
		return nil, err
	}
	o = o.filled()
	switch c.kind {
	case specTimecode:
		if c.width == 0 {
			c.width, c.height, c.fps = o.Width&^1, o.Height&^1, o.FPS
		}
		return openOurs(ctx, newTimecode(c.width, c.height, c.fps), spec, typeTimecode, o)
	case specFile:
		return openOurs(ctx, &y4mFile{path: c.path}, spec, typeFile, o)
	case specV4L2:
		all := cameras()
		if c.index >= len(all) {
			return nil, &media.DeviceError{Device: device.Camera, Problem: media.DeviceNone}
		}
		return openHardware(ctx, all[c.index:c.index+1], o)
	case specAuto:
		return openHardware(ctx, cameras(), o)
	default:
		return nil, &media.DeviceError{Device: device.Camera, Problem: media.DeviceNone}
	}
}

// Cameras gives the specs that "switch camera" walks through, beginning from spec; none when there is no camera.
func Cameras(spec string) []string {
	c, err := parseCamera(spec)
	switch {
	case err != nil || c.kind == specNone:
		return nil
	case c.kind == specAuto || c.kind == specV4L2:
		var all []string
		for i := range cameras() {
			all = append(all, fmt.Sprintf("%s:%d", specV4L2, i))
		}
		return all
	default:
		return []string{spec}
	}
}

// openHardware opens the first camera that can be opened, and else says what is wrong with the one that is most likely
// meant: one that is held or refused rather than one that is gone.
func openHardware(ctx context.Context, all []driver.Driver, o CameraOptions) (media.VideoSource, error) {
	var worst error = &media.DeviceError{Device: device.Camera, Problem: media.DeviceNone}
	for _, d := range all {
		s, err := openVideo(ctx, d, o, func() {})
		if err == nil {
			return s, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if weight(err) > weight(worst) {
			worst = err
		}
	}
	if problemOf(worst) == media.DeviceNone {
		rescan() // so that a camera plugged in anew is found next time
	}
	return nil, worst
}

func problemOf(err error) media.DeviceProblem {
	if e, ok := errors.AsType[*media.DeviceError](err); ok {
		return e.Problem
	}
	return ""
}

func weight(err error) int {
	return slices.Index(media.DeviceProblems, problemOf(err))
}

// cameras gives the hardware, the default one first.
func cameras() []driver.Driver {
	all := registered()
	if len(all) == 0 {
		rescan()
		all = registered()
	}
	return all
}

func registered() []driver.Driver {
	drivers.Lock()
	defer drivers.Unlock()
	all := driver.GetManager().Query(driver.FilterAnd(driver.FilterVideoRecorder(), driver.FilterDeviceType(driver.Camera)))
	slices.SortFunc(all, func(a, b driver.Driver) int {
		if d := b.Info().Priority - a.Info().Priority; d != 0 {
			return map[bool]int{true: 1, false: -1}[d > 0]
		}
		return strings.Compare(a.Info().Label, b.Info().Label)
	})
	// A webcam's metadata node answers no name and shows no picture.
	if named := slices.DeleteFunc(slices.Clone(all), func(d driver.Driver) bool { return d.Info().Name == camera.LabelSeparator }); len(named) > 0 {
		return named
	}
	return all
}

// rescan looks for cameras that came or went since the program began.
func rescan() {
	drivers.Lock()
	defer drivers.Unlock()
	camera.Initialize()
}

// openOurs opens a driver that stands registered as long as its source is open.
func openOurs(ctx context.Context, a driver.Adapter, label string, kind driver.DeviceType, o CameraOptions) (media.VideoSource, error) {
	d, err := register(a, label, kind)
	if err != nil {
		return nil, device.Error(device.Camera, err)
	}
	s, err := openVideo(ctx, d, o, func() { forget(d) })
	if err != nil {
		forget(d)
		return nil, err
	}
	return s, nil
}

// openVideo opens d and begins to read it; free is called when it is closed.
func openVideo(ctx context.Context, d driver.Driver, o CameraOptions, free func()) (media.VideoSource, error) {
	if !hold(d) {
		return nil, device.Error(device.Camera, device.ErrTaken)
	}
	s, err := device.Within(ctx, device.Camera, func() (*videoSource, error) {
		p, r, err := record(d, func(all []prop.Media) (prop.Media, bool) { return best(all, o) })
		if err != nil {
			letGo(d)
			return nil, err
		}
		return newVideoSource(d, r, o, videoKind{
			wide: p.FrameFormat == frame.FormatMJPEG, hardware: d.Info().DeviceType == driver.Camera,
		}, func() { letGo(d); free() }), nil
	}, func(s *videoSource) { s.Close() })
	if err != nil {
		return nil, err
	}
	return withTorch(s), nil
}

// record takes d from closed to running.
func record(d driver.Driver, choose func([]prop.Media) (prop.Media, bool)) (prop.Media, video.Reader, error) {
	if err := d.Open(); err != nil {
		return prop.Media{}, nil, err
	}
	p, ok := choose(d.Properties())
	if !ok {
		return p, nil, errors.Join(errors.New("capture: the camera has no picture format that we know"), d.Close())
	}
	r, err := d.(driver.VideoRecorder).VideoRecord(p) // closes d when it fails
	return p, r, err
}

// costs of a format: what it takes to bring a picture to I420, in parts of a hundred.
var costs = map[frame.Format]float64{
	frame.FormatI420: 0, frame.FormatNV12: 5, frame.FormatNV21: 5, frame.FormatYUYV: 5, frame.FormatUYVY: 5, frame.FormatYUY2: 5,
	frame.FormatMJPEG: 15,
}

// best picks the format that comes nearest to what is wanted: a slow picture is worse than a small one, and that worse
// than a large one.
func best(all []prop.Media, o CameraOptions) (prop.Media, bool) {
	var found prop.Media
	lowest := -1.0
	want := float64(o.Width * o.Height)
	for _, p := range all {
		cost, known := costs[p.FrameFormat]
		if !known || p.Width < 16 || p.Height < 16 {
			continue
		}
		switch area := float64(p.Width * p.Height); {
		case area < want:
			cost += 100 * (1 - area/want)
		default:
			cost += 30 * (area/want - 1)
		}
		if rate := float64(p.FrameRate); rate > 0 {
			if missing := 1 - rate/float64(o.FPS); missing > 0.02 {
				cost += 200 * missing
			} else {
				cost -= 5 * missing
			}
		}
		if lowest < 0 || cost < lowest {
			found, lowest = p, cost
		}
	}
	return found, lowest >= 0
}
