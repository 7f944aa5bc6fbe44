package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"kontaktlaege/e2e/cable"
	"kontaktlaege/media/capture"
)

// The looping picture and sound that Chromium takes for its camera and microphone.
const (
	// ClinicLoop is the length of the clinic's looping picture.
	ClinicLoop = 8 * time.Second
	clinicTone = 660.0 // Hz
	tabletTone = 440.0 // Hz
)

// Lab is one stage: a backend, a tablet on its own screen, browsers. Close ends all of it.
type Lab struct {
	Dir     string // everything that the programs write, thrown away
	Out     string // pictures and logs, kept
	Backend *Backend
	Tablet  *Tablet
	Cable   *cable.Link // between the tablet and the backend; nil: none
	Driver  *Driver
	Say     func(format string, args ...any)

	signin   *Browser // on the tablet's screen
	clinic   *Browser
	pictures int
	quiet    bool   // no pictures
	root     string // of the checkout
	script   string // runs in the clinic's page before its own
	closers  []func()
}

// LabOptions say what the stage needs to know.
type LabOptions struct {
	Root        string // of the checkout
	Out         string
	Say         func(format string, args ...any)
	Cable       bool // the tablet reaches the backend by a link that can be broken, and that counts
	TabletArgs  []string
	TabletEnv   []string
	BackendArgs []string
	Microphone  string // of the tablet; "" is the tone
	Loudspeaker string // of the tablet; "" writes a WAV file, see Heard
	Width       int    // of the tablet's screen; 0 is 1280
	Height      int    // 0 is 800
	Camera      string // of the tablet; "" is a small test picture, which leaves the machine to the rest
	Picture     TestPicture
}

// TestPicture is the form of the clinic's looping picture; the zero one is 640×360, 25 a second.
type TestPicture struct{ Width, Height, FPS int }

// NewLab starts the backend, gets the tablet's screen and starts the browsers; the tablet's program is not running yet.
func NewLab(ctx context.Context, o LabOptions) (lab *Lab, err error) {
	l := &Lab{Out: o.Out, Say: o.Say, root: o.Root}
	defer func() {
		if err != nil {
			l.Close()
		}
	}()
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return nil, err
	}
	if l.Dir, err = os.MkdirTemp("", "kontakt-lab-"); err != nil {
		return nil, err
	}
	l.closers = append(l.closers, func() { os.RemoveAll(l.Dir) })

	backendLog, err := l.logFile("backend.log")
	if err != nil {
		return nil, err
	}
	l.Backend = NewBackend(filepath.Join(o.Root, "bin", "kontaktd"), l.Dir, backendLog, o.BackendArgs...)
	if err := l.Backend.Start(ctx); err != nil {
		return nil, err
	}
	l.closers = append(l.closers, func() { l.Backend.Kill() })

	tabletLog, err := l.logFile("tablet.log")
	if err != nil {
		return nil, err
	}
	camera := o.Camera
	if camera == "" {
		camera = "timecode:640x360@20"
	}
	microphone, loudspeaker := o.Microphone, o.Loudspeaker
	if microphone == "" {
		microphone = fmt.Sprintf("tone:%g", tabletTone)
	}
	if loudspeaker == "" {
		loudspeaker = "wav:" + l.Heard()
	}
	backend := l.Backend.Demo.URL
	if o.Cable {
		if backend, err = l.lay(backend); err != nil {
			return nil, err
		}
	}
	l.Tablet, err = NewTablet(TabletOptions{
		Binary: filepath.Join(o.Root, "bin", "kontaktlaege"), Dir: l.Dir, Backend: backend, Log: tabletLog,
		Width: or(o.Width, 1280), Height: or(o.Height, 800), Env: o.TabletEnv,
		Args: append([]string{"--camera", camera, "--microphone", microphone, "--loudspeaker", loudspeaker}, o.TabletArgs...),
	})
	if err != nil {
		return nil, err
	}
	l.closers = append(l.closers, l.Tablet.Close)

	if l.Driver, err = StartDriver(filepath.Join(o.Root, "e2e")); err != nil {
		return nil, err
	}
	l.closers = append(l.closers, func() { l.Driver.Close() })
	video, audio := filepath.Join(l.Dir, "clinic.y4m"), filepath.Join(l.Dir, "clinic.wav")
	if err := writeSources(video, audio, o.Picture); err != nil {
		return nil, err
	}
	l.clinic, err = l.Driver.LaunchChromium(ctx, l.Dir, BrowserOptions{FakeCamera: video, FakeMic: audio, Width: 1280, Height: 800})
	return l, err
}

// lay puts a cable before an address, and gives where the tablet finds it then.
func (l *Lab) lay(backend string) (string, error) {
	at, err := url.Parse(backend)
	if err != nil {
		return "", err
	}
	host := at.Host
	if l.Cable, err = cable.New(func() []string { return []string{host} }); err != nil {
		return "", err
	}
	l.closers = append(l.closers, l.Cable.Close)
	at.Host = l.Cable.Address
	return at.String(), nil
}

func or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// Heard is the WAV file of what the tablet's loudspeaker played.
func (l *Lab) Heard() string { return filepath.Join(l.Dir, "heard.wav") }

func (l *Lab) logFile(name string) (io.Writer, error) {
	f, err := os.Create(filepath.Join(l.Out, name))
	if err == nil {
		l.closers = append(l.closers, func() { f.Close() })
	}
	return f, err
}

func writeSources(video, audio string, p TestPicture) error {
	v, err := os.Create(video)
	if err != nil {
		return err
	}
	a, err := os.Create(audio)
	if err != nil {
		return errors.Join(err, v.Close())
	}
	return errors.Join(
		capture.WriteTimecodeY4M(v, or(p.Width, 640), or(p.Height, 360), or(p.FPS, 25), int(ClinicLoop.Seconds())), v.Close(),
		capture.WriteToneWAV(a, clinicTone, int(ClinicLoop.Seconds())), a.Close(),
	)
}

// Close ends all that the lab started, newest first.
func (l *Lab) Close() {
	for i := len(l.closers) - 1; i >= 0; i-- {
		l.closers[i]()
	}
	l.closers = nil
}

// Picture keeps a numbered picture of the tablet's screen and, where there is one, of the clinic's page.
func (l *Lab) Picture(ctx context.Context, name string, clinic *Page) error {
	if l.quiet {
		return nil
	}
	l.pictures++
	if err := l.settle(ctx); err != nil {
		return err
	}
	err := l.Tablet.Screen.Picture(filepath.Join(l.Out, fmt.Sprintf("%02d-%s-tablet.png", l.pictures, name)))
	if clinic != nil {
		err = errors.Join(err, clinic.Picture(ctx, filepath.Join(l.Out, fmt.Sprintf("%02d-%s-klinik.png", l.pictures, name))))
	}
	return err
}

// settle lets what has just been set in motion come to rest, so that a picture shows what a person would see. Nothing
// is asserted on it.
func (l *Lab) settle(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(700 * time.Millisecond):
		return nil
	}
}
