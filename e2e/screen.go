package e2e

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Screen is a virtual X11 screen (Xvfb) whose frame buffer is a file, so that its pixels can be read at any rate without
// asking the server.
type Screen struct {
	Display       string
	Width, Height int

	cmd *exec.Cmd
	fb  *os.File
	raw []byte
}

// StartScreen starts a screen of its own, 24 bits deep, under dir.
func StartScreen(dir string, width, height int) (*Screen, error) {
	fbdir, err := os.MkdirTemp(dir, "screen-")
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s := &Screen{Width: width, Height: height}
	s.cmd = exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height),
		"-fbdir", fbdir, "-nolisten", "tcp", "-noreset")
	s.cmd.ExtraFiles = []*os.File{w}
	s.cmd.Stderr = io.Discard // it complains of keyboard symbols that nobody needs
	err = s.cmd.Start()
	w.Close()
	if err != nil {
		return nil, fmt.Errorf("e2e: Xvfb: %w", err)
	}
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("e2e: Xvfb did not start: %w", err)
	}
	s.Display = ":" + strings.TrimSpace(number)
	if s.fb, err = os.Open(filepath.Join(fbdir, "Xvfb_screen0")); err != nil {
		return nil, err
	}
	return s, nil
}

// Close ends the screen and whatever is on it.
func (s *Screen) Close() error {
	s.fb.Close()
	s.cmd.Process.Kill()
	s.cmd.Wait()
	return nil
}

// Look gives what is on the screen now. The image is good until the next Look.
func (s *Screen) Look() (*image.RGBA, error) { return s.LookAt(image.Rect(0, 0, s.Width, s.Height)) }

// LookAt gives a part of it, and costs only that.
func (s *Screen) LookAt(where image.Rectangle) (*image.RGBA, error) {
	const fields = 25 // of an XWD header: X.org's XWDFile.h, all big-endian 32 bit
	var header [fields * 4]byte
	if _, err := s.fb.ReadAt(header[:], 0); err != nil {
		return nil, fmt.Errorf("e2e: the frame buffer is no XWD file: %w", err)
	}
	field := func(i int) int { return int(binary.BigEndian.Uint32(header[4*i:])) }
	begin, width, height, bits, stride, colours := field(0), field(4), field(5), field(11), field(12), field(19)
	if bits != 32 || width != s.Width || height != s.Height {
		return nil, fmt.Errorf("e2e: the frame buffer is %d×%d with %d bits a pixel", width, height, bits)
	}
	where = where.Intersect(image.Rect(0, 0, width, height))
	s.raw = slices.Grow(s.raw[:0], stride*where.Dy())[:stride*where.Dy()]
	if _, err := s.fb.ReadAt(s.raw, int64(begin+12*colours+stride*where.Min.Y)); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	img := image.NewRGBA(where)
	for y := range where.Dy() {
		src, dst := s.raw[y*stride+4*where.Min.X:], img.Pix[y*img.Stride:]
		for x := range where.Dx() {
			dst[4*x], dst[4*x+1], dst[4*x+2], dst[4*x+3] = src[4*x+2], src[4*x+1], src[4*x], 255 // BGRX
		}
	}
	return img, nil
}

// Picture writes the screen as a PNG.
func (s *Screen) Picture(path string) error {
	img, err := s.Look()
	if err != nil {
		return err
	}
	return writePNG(path, img)
}

func writePNG(path string, img image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, img)
	return errors.Join(err, f.Close())
}

// Tap moves the pointer to a place and presses its button.
func (s *Screen) Tap(ctx context.Context, at image.Point) error {
	return s.xdotool(ctx, "mousemove", strconv.Itoa(at.X), strconv.Itoa(at.Y), "click", "1")
}

// Focus gives the keyboard to the window with this title: there is no window manager here that would.
func (s *Screen) Focus(ctx context.Context, title string) error {
	return s.xdotool(ctx, "search", "--onlyvisible", "--name", title, "windowfocus", "--sync")
}

// Type presses keys as a keyboard does.
func (s *Screen) Type(ctx context.Context, text string) error {
	return s.xdotool(ctx, "type", "--delay", "20", text)
}

// Key presses one key by its X11 name ("Return").
func (s *Screen) Key(ctx context.Context, name string) error { return s.xdotool(ctx, "key", name) }

func (s *Screen) xdotool(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.Display)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("e2e: xdotool %s: %w: %s", args[0], err, out)
	}
	return nil
}
