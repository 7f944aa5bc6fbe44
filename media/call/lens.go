package call

import (
	"log/slog"
	"math"
	"sync/atomic"

	"kontaktlaege/media"
)

// lens is what the nurse sets at the camera in use, where the device has it.
type lens struct {
	zoom           atomic.Uint64 // float bits
	torch          atomic.Bool
	zooms, torches atomic.Bool // the camera in use can
}

func (l *lens) set(c Controls) {
	zoom := 1.0
	if c.Zoom > 1 { // which a number that is none is not
		zoom = c.Zoom
	}
	l.zoom.Store(math.Float64bits(zoom))
	l.torch.Store(c.Torch)
}

// fitted is the lens on one open camera. Its owner is the goroutine that reads the camera.
type fitted struct {
	lens   *lens
	log    *slog.Logger
	zoomer media.Zoomer // nil: it can't
	lamp   media.Torch
	zoom   float64
	torch  bool
}

func (l *lens) fit(camera media.VideoSource, log *slog.Logger) *fitted {
	f := &fitted{lens: l, log: log, zoom: 1}
	f.zoomer, _ = camera.(media.Zoomer)
	f.lamp, _ = camera.(media.Torch)
	f.tell()
	return f
}

func (f *fitted) tell() {
	f.lens.zooms.Store(f.zoomer != nil)
	f.lens.torches.Store(f.lamp != nil)
}

// follow has the camera do what was set. What fails once is not tried again until the camera is opened anew.
func (f *fitted) follow() {
	if zoom := math.Float64frombits(f.lens.zoom.Load()); f.zoomer != nil && zoom != f.zoom {
		f.zoom = zoom
		if err := f.zoomer.SetZoom(zoom); err != nil {
			f.log.Warn("call: the camera does not zoom", "err", err)
			f.zoomer = nil
			f.tell()
		}
	}
	if torch := f.lens.torch.Load(); f.lamp != nil && torch != f.torch {
		f.torch = torch
		if err := f.lamp.SetTorch(torch); err != nil {
			f.log.Warn("call: the lamp does not follow", "err", err)
			f.lamp = nil
			f.tell()
		}
	}
}

func (f *fitted) remove() {
	f.zoomer, f.lamp = nil, nil
	f.tell()
}
