package e2e

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"kontaktlaege/media/capture"
)

// benchLab is a stage for measuring: a tablet that is enrolled.
func benchLab(b *testing.B, o LabOptions) (context.Context, *Lab) {
	root, err := filepath.Abs("..")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	b.Cleanup(cancel)
	o.Root, o.Out, o.Say = root, filepath.Join(root, "out", "bench"), b.Logf
	l, err := NewLab(ctx, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(l.Close)
	l.quiet = true
	code, err := l.code(0)
	step(b, err)
	step(b, l.EnrolTablet(ctx, code))
	return ctx, l
}

func step(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAnswer_toFirstPicture measures what a citizen waits: from the tap on Svar to the first pixel picture of the
// clinic in the tablet's window, with the real programs and Chromium. Median of several calls.
func BenchmarkAnswer_toFirstPicture(b *testing.B) {
	const calls = 7
	ctx, l := benchLab(b, LabOptions{})
	step(b, l.SignIn(ctx, UserNurse, &Stopwatch{}))
	page, err := l.ClinicSignIn(ctx, UserDoctor, "")
	step(b, err)
	for b.Loop() {
		var waited []time.Duration
		for range calls {
			step(b, l.FindCitizen(ctx, Karen, &Stopwatch{}))
			step(b, l.DrawNumber(ctx, &Stopwatch{}))
			step(b, l.StartFirst(ctx, page))
			at, err := l.Tablet.See(ctx, "TapAnswer")
			step(b, err)
			start := time.Now()
			step(b, l.Tablet.Screen.Tap(ctx, at.Min.Add(at.Size().Div(2))))
			for shown := false; !shown; {
				step(b, ctx.Err())
				img, err := l.Tablet.Screen.Look()
				step(b, err)
				_, shown = capture.ReadTimecodeImage(img.SubImage(middle(img.Bounds())))
			}
			waited = append(waited, time.Since(start))
			step(b, l.EndFromTablet(ctx, page))
			step(b, page.Click(ctx, "[data-test=call-dismiss]"))
		}
		b.ReportMetric(float64(median(waited).Milliseconds()), "ms-to-picture")
	}
}

// How long is looked at a tablet with nothing to do, and how long one may take to settle before.
const (
	restFor   = time.Minute
	restAfter = 10 * time.Second
)

// BenchmarkTablet_atRest measures what a tablet costs its battery while nobody touches it: from a cold start, on the screen
// that asks for a citizen, and while one waits in a queue.
func BenchmarkTablet_atRest(b *testing.B) {
	ctx, l := benchLab(b, LabOptions{Cable: true})
	for b.Loop() {
		var cold []time.Duration
		for range 5 {
			l.Tablet.Kill()
			start := time.Now()
			step(b, l.Tablet.Start())
			_, err := l.Tablet.See(ctx, "Screen:SignedOut")
			step(b, err)
			cold = append(cold, time.Since(start))
		}
		b.ReportMetric(float64(median(cold).Milliseconds()), "ms-to-first-screen")
		pss, err := pssOf(l.Tablet.Pid())
		step(b, err)
		b.ReportMetric(float64(pss)/1e6, "MB-signed-out")

		step(b, l.SignIn(ctx, UserNurse, &Stopwatch{}))
		idle := l.rest(ctx, b, l.Tablet.Pid())
		b.ReportMetric(100*idle.cpu, "%-core-idle")
		step(b, l.FindCitizen(ctx, Karen, &Stopwatch{}))
		step(b, l.DrawNumber(ctx, &Stopwatch{}))
		waiting := l.rest(ctx, b, l.Tablet.Pid())
		b.ReportMetric(100*waiting.cpu, "%-core-waiting")
		b.ReportMetric(waiting.wakeups, "wake-ups/s")
		b.ReportMetric(waiting.bytes*3600/1e3, "kB/h-waiting")
		pss, err = pssOf(l.Tablet.Pid())
		step(b, err)
		b.ReportMetric(float64(pss)/1e6, "MB-waiting")

		l.Tablet.Kill()
		bare := l.rest(ctx, b, l.bareWindow(b))
		b.ReportMetric(idle.cpu/bare.cpu, "idle-to-bare")
		b.ReportMetric(waiting.cpu/bare.cpu, "waiting-to-bare")
		b.ReportMetric(waiting.wakeups/bare.wakeups, "wake-ups-to-bare")
	}
}

// rested is what a program did a second while nobody touched it.
type rested struct{ cpu, wakeups, bytes float64 }

func (l *Lab) rest(ctx context.Context, b *testing.B, pid int) rested {
	b.Helper()
	pause := func(d time.Duration) {
		select {
		case <-ctx.Done():
			b.Fatal(ctx.Err())
		case <-time.After(d):
		}
	}
	pause(restAfter)
	read := func() (cpu time.Duration, wakeups int, passed int64) {
		cpu, err := cpuOf(pid)
		step(b, err)
		wakeups, err = wakeupsOf(pid)
		step(b, err)
		return cpu, wakeups, l.Cable.Bytes()
	}
	began := time.Now()
	cpu0, wakeups0, bytes0 := read()
	pause(restFor)
	cpu1, wakeups1, bytes1 := read()
	s := time.Since(began).Seconds()
	return rested{(cpu1 - cpu0).Seconds() / s, float64(wakeups1-wakeups0) / s, float64(bytes1-bytes0) / s}
}

// bareWindow shows a window of the toolkit with nothing in it on the tablet's screen, and gives its process.
func (l *Lab) bareWindow(b *testing.B) int {
	b.Helper()
	binary := filepath.Join(l.Dir, "bare")
	build := exec.Command("go", "build", "-tags=migrated_fynedo", "-o", binary, "./e2e/bare")
	build.Dir = l.root
	step(b, build.Run())
	bare := exec.Command(binary)
	bare.Env = l.Tablet.env
	step(b, bare.Start())
	b.Cleanup(func() {
		bare.Process.Kill()
		bare.Wait()
	})
	return bare.Process.Pid
}
