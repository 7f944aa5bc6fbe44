package handset

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"image"
	"image/jpeg"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/call"
	"kontaktlaege/media/call/still"
)

// Album keeps the stills of the call for the screen: render.Album is one.
type Album interface {
	// Put decodes a picture, which takes its time, and says when it can't be shown.
	Put(id string, jpeg []byte) error
	Drop(id string)
	Clear()
}

const (
	stillLimit   = 10 * time.Second // for the camera to take one, and the call to begin with it
	callPause    = 100 * time.Millisecond
	stillQuality = 92
	stillType    = "image/jpeg"
)

// shoot gives a picture in the sensor's full resolution where the camera can, else the next one.
func shoot(ctx context.Context, source media.VideoSource) (*media.Frame, error) {
	if full, ok := source.(media.StillSource); ok {
		return full.Still(ctx)
	}
	return source.Read(ctx)
}

// TakeStill implements app.Phone. The picture has no EXIF: neither place nor device go with it.
func (h *Handset) TakeStill(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, stillLimit)
	defer cancel()
	picture, err := h.takeStill(ctx)
	if err == nil {
		err = h.album.Put(picture.ID, picture.Data)
	}
	if err == nil {
		err = h.sendStill(ctx, picture)
	}
	if err != nil {
		h.album.Drop(picture.ID)
		h.log.Warn("no still picture", "err", err)
		h.stills.say(app.StillChange{Stage: app.StillFailed, Problem: stillProblem(err)})
		return
	}
	h.stills.say(app.StillChange{
		Stage: app.StillTaken, ID: picture.ID, From: kontakt.ParticipantTablet, Width: picture.Width, Height: picture.Height,
	})
}

// sendStill waits for the call where it is made anew just now.
func (h *Handset) sendStill(ctx context.Context, picture still.Picture) error {
	offer, err := still.NewOffer(picture)
	if err != nil {
		return err
	}
	again := time.NewTicker(callPause)
	defer again.Stop()
	for {
		err := h.phone.SendStill(offer)
		if !errors.Is(err, call.ErrNoCall) {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return err
		}
	}
}

func (h *Handset) takeStill(ctx context.Context) (still.Picture, error) {
	f, err := h.lens.take(ctx, int(h.camera.Load()))
	if err != nil {
		return still.Picture{}, err
	}
	defer f.Release()
	data, err := jpegOf(f)
	if err != nil {
		return still.Picture{}, err
	}
	var id [16]byte
	rand.Read(id[:]) // never fails
	return still.Picture{ID: hex.EncodeToString(id[:]), Type: stillType, Width: f.Width, Height: f.Height, Data: data}, nil
}

// jpegOf gives a picture as JPEG, which is of full range.
func jpegOf(f *media.Frame) ([]byte, error) {
	picture := image.NewYCbCr(f.Bounds(), image.YCbCrSubsampleRatio420)
	for i, y := range f.Y {
		picture.Y[i] = lumaOf[y]
	}
	for i := range f.U {
		picture.Cb[i], picture.Cr[i] = chromaOf[f.U[i]], chromaOf[f.V[i]]
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: stillQuality})
	return out.Bytes(), err
}

// lumaOf and chromaOf take limited range to full range.
var lumaOf, chromaOf = ranges()

func ranges() (luma, chroma [256]byte) {
	for v := range 256 {
		luma[v] = clampByte(((v-16)*255 + 109) / 219)
		chroma[v] = clampByte((v*2-256)*255/448 + 128)
	}
	return luma, chroma
}

func clampByte(v int) byte { return byte(min(max(v, 0), 255)) }
