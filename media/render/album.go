package render

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"slices"
	"sync"

	"golang.org/x/image/draw"
)

// What a still may be. The bytes come from another person's device: the size that it says of itself is looked at before
// anything is decoded, since a progressive JPEG takes up to sixteen bytes a pixel while it is.
const (
	maxStillBytes  = 20 << 20
	maxStillPixels = 20_000_000
	maxStillSide   = 4096 // what every tablet's graphics take as one texture
	maxStills      = 3    // the oldest makes room
)

// ErrStill is what Album.Put says of a picture that is none, or too large.
var ErrStill = errors.New("render: not a still picture that can be shown")

// Album holds the stills of the call that runs, decoded. The zero Album is ready; all of it may be used by any goroutine.
type Album struct {
	mu     sync.Mutex
	stills []still // oldest first
}

type still struct {
	id      string
	picture image.Image
}

// Put decodes a JPEG and keeps it under its id, scaled down where it is larger than a texture. It takes as long as that
// takes.
func (a *Album) Put(id string, data []byte) error {
	picture, err := decoded(data)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.drop(id)
	if len(a.stills) == maxStills {
		a.stills = slices.Delete(a.stills, 0, 1)
	}
	a.stills = append(a.stills, still{id, picture})
	return nil
}

func decoded(data []byte) (image.Image, error) {
	if len(data) > maxStillBytes {
		return nil, ErrStill
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width*size.Height > maxStillPixels {
		return nil, ErrStill
	}
	picture, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, ErrStill
	}
	longest := max(size.Width, size.Height)
	if longest <= maxStillSide {
		return picture, nil
	}
	small := image.NewRGBA(image.Rect(0, 0, max(size.Width*maxStillSide/longest, 1), max(size.Height*maxStillSide/longest, 1)))
	draw.ApproxBiLinear.Scale(small, small.Rect, picture, picture.Bounds(), draw.Src, nil)
	return small, nil
}

// Get gives a still, or nil.
func (a *Album) Get(id string) image.Image {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.stills {
		if s.id == id {
			return s.picture
		}
	}
	return nil
}

// Drop forgets one.
func (a *Album) Drop(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.drop(id)
}

// Clear forgets all: the call is over.
func (a *Album) Clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stills = nil
}

func (a *Album) drop(id string) {
	a.stills = slices.DeleteFunc(a.stills, func(s still) bool { return s.id == id })
}
