package e2e

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"kontaktlaege/media/capture"
)

// BenchmarkAnswer_toFirstPicture measures what a citizen waits: from the tap on Svar to the first pixel picture of the
// clinic in the tablet's window, with the real programs and Chromium. Median of several calls.
func BenchmarkAnswer_toFirstPicture(b *testing.B) {
	const calls = 7
	root, err := filepath.Abs("..")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	l, err := NewLab(ctx, LabOptions{Root: root, Out: filepath.Join(root, "out", "bench"), Say: b.Logf})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	l.quiet = true
	step := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	code, err := l.code(0)
	step(err)
	step(l.EnrolTablet(ctx, code))
	step(l.SignIn(ctx, UserNurse, &Stopwatch{}))
	page, err := l.ClinicSignIn(ctx, UserDoctor, "")
	step(err)
	for b.Loop() {
		var waited []time.Duration
		for range calls {
			step(l.FindCitizen(ctx, Karen, &Stopwatch{}))
			step(l.DrawNumber(ctx, &Stopwatch{}))
			step(l.StartFirst(ctx, page))
			at, err := l.Tablet.See(ctx, "TapAnswer")
			step(err)
			start := time.Now()
			step(l.Tablet.Screen.Tap(ctx, at.Min.Add(at.Size().Div(2))))
			for shown := false; !shown; {
				step(ctx.Err())
				img, err := l.Tablet.Screen.Look()
				step(err)
				_, shown = capture.ReadTimecodeImage(img.SubImage(middle(img.Bounds())))
			}
			waited = append(waited, time.Since(start))
			step(l.EndFromTablet(ctx, page))
			step(page.Click(ctx, "[data-test=call-dismiss]"))
		}
		b.ReportMetric(float64(median(waited).Milliseconds()), "ms-to-picture")
	}
}
