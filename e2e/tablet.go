package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"kontaktlaege/ui/automation"
)

// Tablet is the tablet's real program in a window on a screen of its own.
type Tablet struct {
	Screen *Screen
	Taps   int // how often somebody has touched it, keys of the keypad and the keyboard not counted

	binary, dir string
	args        []string
	env         []string
	cmd         *exec.Cmd
	done        chan struct{}
	urls        *urlCatcher
	log         io.Writer
}

// TabletOptions say how it is started.
type TabletOptions struct {
	Binary  string
	Dir     string // its data; a second Start with the same Dir is the same tablet
	Backend string
	Args    []string
	Env     []string
	Log     io.Writer
	Width   int
	Height  int
}

// NewTablet gets a screen for a tablet; Start runs the program.
func NewTablet(o TabletOptions) (*Tablet, error) {
	screen, err := StartScreen(o.Dir, o.Width, o.Height)
	if err != nil {
		return nil, err
	}
	urls, err := newURLCatcher(o.Dir)
	if err != nil {
		screen.Close()
		return nil, err
	}
	t := &Tablet{Screen: screen, binary: o.Binary, dir: o.Dir, urls: urls, log: o.Log}
	t.args = append([]string{
		"--backend", o.Backend, "--data", filepath.Join(o.Dir, "tablet"), "--automation", t.socket(),
		"--width", fmt.Sprint(o.Width), "--height", fmt.Sprint(o.Height),
	}, o.Args...)
	// The system browser is what xdg-open opens: here a script that hands the address to the test's own Chromium.
	t.env = append(os.Environ(), "DISPLAY="+screen.Display, "WAYLAND_DISPLAY=", "FYNE_SCALE=1",
		"PATH="+urls.bin+":"+os.Getenv("PATH"), "LIBGL_ALWAYS_SOFTWARE=1")
	t.env = append(t.env, o.Env...)
	return t, nil
}

func (t *Tablet) socket() string { return filepath.Join(t.dir, "automation") }

// Start runs the program.
func (t *Tablet) Start() error {
	os.Remove(t.socket())
	t.cmd = exec.Command(t.binary, t.args...)
	t.cmd.Env = t.env
	t.cmd.Stdout, t.cmd.Stderr = t.log, t.log
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := t.cmd.Start(); err != nil {
		return err
	}
	done, cmd := make(chan struct{}), t.cmd
	t.done = done
	go func() {
		cmd.Wait()
		close(done)
	}()
	return nil
}

// Kill ends the program at once, as an empty battery does.
func (t *Tablet) Kill() {
	t.cmd.Process.Kill()
	<-t.done
}

// Pid is the running program.
func (t *Tablet) Pid() int { return t.cmd.Process.Pid }

// Close ends the program and its screen.
func (t *Tablet) Close() {
	if t.cmd != nil {
		t.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-t.done:
		case <-time.After(10 * time.Second):
			t.Kill()
		}
	}
	t.urls.close()
	t.Screen.Close()
}

// Snapshot asks the program where things are.
func (t *Tablet) Snapshot() (automation.Snapshot, error) {
	var s automation.Snapshot
	conn, err := net.DialTimeout("unix", t.socket(), time.Second)
	if err != nil {
		return s, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	err = json.NewDecoder(conn).Decode(&s)
	return s, err
}

// See waits until a target, such as "Screen:Waiting" or "TapAnswer", is shown, and gives its place.
func (t *Tablet) See(ctx context.Context, name string) (image.Rectangle, error) {
	var at image.Rectangle
	err := t.Await(ctx, name, func(s automation.Snapshot) bool {
		at = s.Targets[name]
		return !at.Empty()
	})
	return at, err
}

// Read waits until a sentence is shown, word for word, and something stands in the window where it says so.
func (t *Tablet) Read(ctx context.Context, sentence string) error {
	return t.Await(ctx, "the sentence "+sentence, func(s automation.Snapshot) bool {
		at := s.Sentences[automation.Fingerprint(sentence)]
		img, err := t.Screen.Look()
		return err == nil && inked(img.SubImage(at.Intersect(img.Bounds())))
	})
}

// inked says whether a picture is more than an empty ground.
func inked(img image.Image) bool {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if img.At(x, y) != img.At(b.Min.X, b.Min.Y) {
				return true
			}
		}
	}
	return false
}

// Await waits until what the tablet tells of its screen is as wanted; what names it in the error.
func (t *Tablet) Await(ctx context.Context, what string, wanted func(automation.Snapshot) bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var last automation.Snapshot
	for {
		if s, err := t.Snapshot(); err == nil {
			if wanted(s) {
				return nil
			}
			last = s
		}
		select {
		case <-t.done:
			return fmt.Errorf("e2e: the tablet's program ended while %s was awaited", what)
		case <-ctx.Done():
			return fmt.Errorf("e2e: the tablet never showed %s; it shows %v", what, keys(last.Targets))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func keys(m map[string]image.Rectangle) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

// Tap waits for a target and touches its middle.
func (t *Tablet) Tap(ctx context.Context, name string) error {
	r, err := t.See(ctx, name)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(name, "Key") {
		t.Taps++
	}
	return t.Screen.Tap(ctx, r.Min.Add(r.Size().Div(2)))
}

// TapDigits touches the keypad's keys one by one.
func (t *Tablet) TapDigits(ctx context.Context, digits string) error {
	for _, d := range digits {
		if err := t.Tap(ctx, "Key"+string(d)); err != nil {
			return err
		}
	}
	return nil
}

// URL waits for the address that the program asks the system browser to open.
func (t *Tablet) URL(ctx context.Context) (string, error) {
	select {
	case u := <-t.urls.got:
		return u, nil
	case <-ctx.Done():
		return "", errors.New("e2e: the tablet never opened a browser")
	}
}

// urlCatcher stands in as the system browser: a script that writes the address into a pipe.
type urlCatcher struct {
	bin  string // a folder with our xdg-open
	pipe *os.File
	got  chan string
}

func newURLCatcher(dir string) (*urlCatcher, error) {
	c := &urlCatcher{bin: filepath.Join(dir, "bin"), got: make(chan string, 8)}
	fifo := filepath.Join(dir, "browser.fifo")
	os.Remove(fifo)
	if err := os.MkdirAll(c.bin, 0o700); err != nil {
		return nil, err
	}
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(c.bin, "xdg-open"), []byte("#!/bin/sh\necho \"$1\" >'"+fifo+"'\n"), 0o700); err != nil {
		return nil, err
	}
	var err error
	// Open for writing too, so that reading goes on when a script closes its end.
	if c.pipe, err = os.OpenFile(fifo, os.O_RDWR, 0); err != nil {
		return nil, err
	}
	go func() {
		for lines := bufio.NewScanner(c.pipe); lines.Scan(); {
			c.got <- lines.Text()
		}
	}()
	return c, nil
}

func (c *urlCatcher) close() { c.pipe.Close() }
