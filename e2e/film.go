package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"
)

// Film is a recording of a screen while the real programs run on it, in scenes: what is recorded between them is cut away.
// Each scene has a sentence, which stands below the picture for as long as it takes to read it.
type Film struct {
	rate   int
	camera *exec.Cmd
	raw    string
	begun  time.Time
	scenes []scene
}

type scene struct {
	says     string
	from, to time.Duration // of the recording
}

const (
	filmRate = 15 // pictures a second
	// filmMost is how long an introduction may last: whoever has a citizen waiting looks no longer.
	filmMost = 90 * time.Second
)

// StartFilm records a screen into dir with ffmpeg.
func StartFilm(dir string, s *Screen) (*Film, error) {
	f := &Film{rate: filmRate, raw: filepath.Join(dir, "film.mkv")}
	f.camera = exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-progress", "pipe:1", "-stats_period", "0.1", "-y",
		"-f", "x11grab", "-draw_mouse", "1", "-framerate", fmt.Sprint(filmRate), "-video_size", fmt.Sprintf("%dx%d", s.Width, s.Height), "-i", s.Display,
		"-c:v", "libx264", "-preset", "ultrafast", "-qp", "16", "-pix_fmt", "yuv420p", f.raw)
	f.camera.Stderr = os.Stderr
	f.camera.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	progress, err := f.camera.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := f.camera.Start(); err != nil {
		return nil, fmt.Errorf("e2e: ffmpeg (make intro installs it): %w", err)
	}
	if f.begun, err = filmBegan(progress); err != nil {
		f.camera.Process.Kill()
		f.camera.Wait()
	}
	return f, err
}

// filmBegan gives when the first picture was taken, by what ffmpeg says of its progress, which is read on to its end.
func filmBegan(progress io.Reader) (time.Time, error) {
	lines := bufio.NewScanner(progress)
	for lines.Scan() {
		if n, err := strconv.Atoi(strings.TrimPrefix(lines.Text(), "frame=")); err == nil && n > 0 {
			begun := time.Now().Add(-time.Duration(n) * time.Second / filmRate)
			go func() {
				for lines.Scan() { // else ffmpeg stands still
				}
			}()
			return begun, nil
		}
	}
	return time.Time{}, errors.New("e2e: ffmpeg records nothing")
}

// Scene lets something happen below a sentence. It lasts until the sentence has been read.
func (f *Film) Scene(ctx context.Context, says string, happen func() error) error {
	s := scene{says: says, from: time.Since(f.begun)}
	if err := happen(); err != nil {
		return err
	}
	select {
	case <-time.After(time.Until(f.begun.Add(s.from + reading(says)))):
	case <-ctx.Done():
		return ctx.Err()
	}
	s.to = time.Since(f.begun)
	f.scenes = append(f.scenes, s)
	return nil
}

// reading is how long it takes to read a sentence and to look at what it is about: fifteen letters a second, and a breath.
func reading(s string) time.Duration {
	return 1500*time.Millisecond + time.Duration(utf8.RuneCountInString(s))*time.Second/15
}

// Stop ends the recording.
func (f *Film) Stop() error {
	f.camera.Process.Signal(syscall.SIGINT)
	err := f.camera.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) { // ended by a signal, as asked
		err = nil
	}
	return err
}

// Cut writes the scenes as one film, path + ".mp4", with their sentences burned in, and as path + ".vtt" for a player that
// shows or reads them itself. fonts is the folder of the typeface.
func (f *Film) Cut(ctx context.Context, path, fonts string) (time.Duration, error) {
	captions, lasts := f.captions()
	if lasts > filmMost {
		return lasts, fmt.Errorf("e2e: the film lasts %.0f s, and may last %.0f", lasts.Seconds(), filmMost.Seconds())
	}
	if err := os.WriteFile(path+".vtt", []byte(captions), 0o644); err != nil {
		return lasts, err
	}
	style := "FontName=Noto Sans,Fontsize=12,PrimaryColour=&H00F4F2EA,OutlineColour=&H001E190D,Outline=1,Alignment=2,MarginV=5"
	filter := fmt.Sprintf("select='%s',setpts=N/(%d*TB),scale=1152:720:flags=lanczos,pad=1280:800:64:0:color=0x0D191E,subtitles=%s:fontsdir=%s:force_style='%s'",
		f.kept(), f.rate, path+".vtt", fonts, style)
	cut := exec.CommandContext(ctx, "ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", f.raw, "-vf", filter, "-r", fmt.Sprint(f.rate),
		"-c:v", "libx264", "-preset", "medium", "-crf", "23", "-pix_fmt", "yuv420p", "-movflags", "+faststart", path+".mp4")
	cut.Stderr = os.Stderr
	return lasts, cut.Run()
}

// kept is ffmpeg's expression for the pictures of the scenes.
func (f *Film) kept() string {
	var parts []string
	for _, s := range f.scenes {
		parts = append(parts, fmt.Sprintf("between(t,%.3f,%.3f)", s.from.Seconds(), s.to.Seconds()))
	}
	return strings.Join(parts, "+")
}

// captions gives the sentences with their times in the film that is cut, as WebVTT, and how long that lasts.
func (f *Film) captions() (string, time.Duration) {
	var b strings.Builder
	b.WriteString("WEBVTT\n")
	var at time.Duration
	for _, s := range f.scenes {
		end := at + s.to - s.from
		fmt.Fprintf(&b, "\n%s --> %s\n%s\n", stamp(at), stamp(end-50*time.Millisecond), s.says)
		at = end
	}
	return b.String(), at
}

func stamp(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%06.3f", int(d.Hours()), int(d.Minutes())%60, d.Seconds()-60*float64(int(d.Minutes())))
}
