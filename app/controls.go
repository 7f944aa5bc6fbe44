package app

import "math"

// Controls are what the nurse has set in the call.
type Controls struct {
	Muted     bool
	CameraOff bool
	Camera    int     // index of the camera in use
	Cameras   int     // how many there are
	Volume    float64 // 0–1
	Zoom      float64 // from 1, which is none, to MaxZoom
	Torch     bool
	Zooms     bool // the camera in use can zoom
	Torches   bool // it has a torch
}

// MaxZoom is how far a camera is zoomed.
const MaxZoom = 4.0

// after gives the controls after a tap; those of before where e is none that changes them.
func (c Controls) after(e Event) Controls {
	switch e := e.(type) {
	case TapMute:
		c.Muted = !c.Muted
	case TapCamera:
		c.CameraOff = !c.CameraOff
	case TapFlip:
		if c.Cameras > 1 {
			c.Camera = (c.Camera + 1) % c.Cameras
			c.Zoom, c.Torch = 1, false // another camera
		}
	case TapVolume:
		c.Volume = fraction(e.Volume)
	case TapZoom:
		if c.Zooms && !math.IsNaN(e.Zoom) {
			c.Zoom = min(max(e.Zoom, 1), MaxZoom)
		}
	case TapTorch:
		if c.Torches {
			c.Torch = !c.Torch
		}
	}
	return c
}

// firstControls are those of a call's beginning.
var firstControls = Controls{Cameras: 1, Volume: 0.8, Zoom: 1}
