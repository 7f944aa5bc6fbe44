package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// PlayWithoutScreen plays the whole path with the real programs on a virtual screen, says each step as it happens, and
// leaves the pictures in out.
func PlayWithoutScreen(ctx context.Context, root, out string) (err error) {
	start := time.Now()
	say := func(format string, args ...any) {
		fmt.Printf("%5.1f s  %s\n", time.Since(start).Seconds(), fmt.Sprintf(format, args...))
	}
	say("There is no screen here: a virtual one is started")
	l, err := NewLab(ctx, LabOptions{Root: root, Out: out, Say: say})
	if err != nil {
		return err
	}
	defer l.Close()
	defer func() {
		if err != nil { // the last thing that was seen
			err = errors.Join(err, l.Picture(ctx, "fejl", nil))
		}
	}()
	code, err := l.code(0)
	if err != nil {
		return err
	}
	var w Stopwatch
	if err := l.EnrolTablet(ctx, code); err != nil {
		return err
	}
	l.Tablet.Taps = 0
	if err := l.Picture(ctx, "log-ind", nil); err != nil {
		return err
	}
	if err := l.SignIn(ctx, UserNurse, &w); err != nil {
		return err
	}
	if err := l.FindCitizen(ctx, Karen, &w); err != nil {
		return err
	}
	if err := l.DrawNumber(ctx, &w); err != nil {
		return err
	}
	say("From the lock screen to the queue: %d taps plus the CPR number, %.1f s of machine time", l.Tablet.Taps, w.Machine.Seconds())
	page, err := l.ClinicSignIn(ctx, UserDoctor, "")
	if err != nil {
		return err
	}
	if err := l.StartFirst(ctx, page); err != nil {
		return err
	}
	if err := l.Answer(ctx, page); err != nil {
		return err
	}
	flow, err := l.watchBothWays(ctx, page, 8*time.Second)
	if err != nil {
		return err
	}
	say("They talk: the clinic's picture on the tablet's screen: %v", flow.onTablet)
	say("           the tablet's picture in the clinic's page: %v", flow.onClinic)
	if err := l.Picture(ctx, "samtale", page); err != nil {
		return err
	}
	if err := l.EndFromTablet(ctx, page); err != nil {
		return err
	}
	say("Done. The pictures are in %s", out)
	return nil
}

// OpenWindow runs the backend and the tablet's window for a person at a real screen, until the window is closed.
func OpenWindow(ctx context.Context, root, data string) error {
	ctx, cancel := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	backend := NewBackend(filepath.Join(root, "bin", "kontaktd"), data, os.Stdout)
	if err := backend.Start(ctx); err != nil {
		return err
	}
	defer backend.Stop()
	fmt.Printf("\nThe clinic opens %s in a browser.\n", backend.Demo.Clinic)
	if len(backend.Demo.Codes) > 0 {
		fmt.Printf("The tablet's window asks for a code: %s\n", backend.Demo.Codes[0])
	}
	tablet := exec.CommandContext(ctx, filepath.Join(root, "bin", "kontaktlaege"), "--backend", backend.Demo.URL,
		"--data", filepath.Join(data, "tablet"), "--camera", "timecode", "--microphone", "tone", "--loudspeaker", "none")
	tablet.Stdout, tablet.Stderr = os.Stdout, os.Stderr
	tablet.Cancel = func() error { return tablet.Process.Signal(syscall.SIGTERM) }
	if err := tablet.Run(); ctx.Err() == nil {
		return err
	}
	return nil // Ctrl-C is how one stops it
}
