package handset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

const scannedCPR = "2902004100" // made up (domain.md §3.4)

// shown is what a played camera sees: pictures of one brightness with a code in the middle.
type shown struct {
	words  string
	format gozxing.BarcodeFormat
	light  byte // of the card
	table  byte // around it
	fails  error

	mu     sync.Mutex
	clock  time.Duration
	lit    []bool
	closed bool
}

func (c *shown) Read(ctx context.Context) (*media.Frame, error) {
	if c.fails != nil {
		return nil, c.fails
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(5 * time.Millisecond):
	}
	const width, height = 1280, 720
	f := new(media.FramePool).Get(width, height)
	copy(f.Y, bytes.Repeat([]byte{c.table}, width*height))
	c.mu.Lock()
	c.clock += 130 * time.Millisecond
	f.Time = c.clock
	c.mu.Unlock()
	if c.words != "" {
		c.draw(f)
	}
	return f, nil
}

// draw lays a card into the middle with the code on it.
func (c *shown) draw(f *media.Frame) {
	var m *gozxing.BitMatrix
	var err error
	wide, high := 700, 60
	if c.format == gozxing.BarcodeFormat_QR_CODE {
		wide, high = 400, 400
		m, err = qrcode.NewQRCodeWriter().Encode(c.words, c.format, wide, high, nil)
	} else {
		m, err = oned.NewCode128Writer().Encode(c.words, c.format, wide, high, nil)
	}
	if err != nil {
		panic(err)
	}
	for y := range 540 {
		for x := range 860 {
			at := (90+y)*f.Width + 210 + x
			f.Y[at] = c.light
			if u, v := x-80, y-70; u >= 0 && v >= 0 && u < m.GetWidth() && v < m.GetHeight() && m.Get(u, v) {
				f.Y[at] = 20
			}
		}
	}
}

func (c *shown) SetTorch(on bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lit = append(c.lit, on)
	return nil
}

func (c *shown) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	return nil
}

// scanning is a handset before whose camera something is held.
type scanning struct {
	*Handset
	cards chan kontakt.CPR
	codes chan string
}

func scanningWith(t *testing.T, camera media.VideoSource, fails error) scanning {
	t.Helper()
	testkit.Guard(t, 2*time.Minute)
	s := scanning{cards: make(chan kontakt.CPR, 1), codes: make(chan string, 1)}
	s.Handset = New(Config{
		Camera: "none", Microphone: "none", Loudspeaker: "none", Log: slog.New(slog.DiscardHandler),
		Scanned: func(f *media.Frame) { f.Release() },
		Card:    func(c kontakt.CPR) { s.cards <- c }, Code: func(c string) { s.codes <- c },
	})
	t.Cleanup(func() { s.Close() })
	s.lens.open = func(context.Context, int) (media.VideoSource, error) { return camera, fails }
	return s
}

// until scans until the camera is reported to fare so.
func (s scanning) until(t *testing.T, what app.ScanFor, wanted func(app.ScanReport) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	met := false
	s.Scan(ctx, what, func(r app.ScanReport) {
		if wanted(r) {
			met = true
			cancel()
		}
	})
	if !met {
		t.Error("it was never reported")
	}
}

// C63: the number of a health card, whatever its printer set before it, is found, and the camera is closed then.
func TestScan_findsTheNumberOfAHealthCard(t *testing.T) {
	camera := &shown{words: "CPR" + scannedCPR, format: gozxing.BarcodeFormat_CODE_128, light: 200, table: 110}
	s := scanningWith(t, camera, nil)
	s.Scan(t.Context(), app.ScanCard, func(r app.ScanReport) {
		if r.Other || r.Dark || !r.Problem.None() {
			t.Errorf("reported %+v", r)
		}
	})
	want, err := kontakt.ParseCPR(scannedCPR, kontakt.DateOf(time.Now()))
	if got := <-s.cards; err != nil || got != want {
		t.Error("another number")
	}
	if !camera.closed {
		t.Error("the camera is open still")
	}
}

// M9: a colleague's code is found by its mark, and nothing else is.
func TestScan_findsTheCodeOfAHandover(t *testing.T) {
	code := kontakt.NewSecret()
	s := scanningWith(t, &shown{words: kontakt.HandoverText(code), format: gozxing.BarcodeFormat_QR_CODE, light: 200, table: 110}, nil)
	s.Scan(t.Context(), app.ScanOffer, func(app.ScanReport) {})
	if got := <-s.codes; got != code {
		t.Errorf("read %q", got)
	}
	other := scanningWith(t, &shown{words: "https://example.dk/", format: gozxing.BarcodeFormat_QR_CODE, light: 200, table: 110}, nil)
	other.until(t, app.ScanOffer, func(r app.ScanReport) bool { return r.Other })
}

func TestScan_saysWhatIsWrong(t *testing.T) {
	loyal := &shown{words: "LOYAL-1234-AB", format: gozxing.BarcodeFormat_CODE_128, light: 200, table: 110}
	scanningWith(t, loyal, nil).until(t, app.ScanCard, func(r app.ScanReport) bool { return r.Other })

	dark := &shown{table: 20}
	s := scanningWith(t, dark, nil)
	s.until(t, app.ScanCard, func(r app.ScanReport) bool {
		if r.Dark && r.Torches {
			s.Light(true)
		}
		dark.mu.Lock()
		defer dark.mu.Unlock()
		return r.Dark
	})

	busy := &media.DeviceError{Device: "camera", Problem: media.DeviceBusy}
	scanningWith(t, nil, busy).until(t, app.ScanCard, func(r app.ScanReport) bool { return r.Problem.Key == kontakt.MsgCameraBusy })
	lost := fmt.Errorf("read: %w", &media.DeviceError{Device: "camera", Problem: media.DeviceLost, Err: errors.New("unplugged")})
	scanningWith(t, &shown{fails: lost}, nil).until(t, app.ScanCard, func(r app.ScanReport) bool { return r.Problem.Key == kontakt.MsgCameraLost })
}

// The lamp is turned by who reads the camera, and begins dark.
func TestScan_lamp(t *testing.T) {
	camera := &shown{table: 110}
	s := scanningWith(t, camera, nil)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s.Light(true) // of an earlier scan
	frames := 0
	s.scanned = func(f *media.Frame) {
		f.Release()
		switch frames++; frames {
		case 2:
			s.Light(true)
		case 4:
			s.Light(false)
		case 6:
			cancel()
		}
	}
	s.Scan(ctx, app.ScanCard, func(r app.ScanReport) {
		if !r.Torches {
			t.Error("the camera has a lamp")
		}
	})
	if len(camera.lit) != 2 || !camera.lit[0] || camera.lit[1] {
		t.Errorf("the lamp was turned %v", camera.lit)
	}
}
