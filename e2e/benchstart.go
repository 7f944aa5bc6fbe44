package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"kontaktlaege/media/capture"
)

// lookEvery is the pause between two looks at the tablet's screen: without one the looking takes a core from the call.
const lookEvery = 2 * time.Millisecond

// The steps of a start, as far as they are told: by the page's meter, and by the tablet's log.
var (
	pageSteps   = []string{"remote offer", "track video", "local description", "connecting", "connected"}
	tabletSteps = []string{
		"Svar pressed", "the backend has the answer", "offer made", "answer came", "path found (ICE)", "connected (DTLS)",
		"first packet of the picture", "first picture whole", "first picture decoded", "first picture at the window", "first picture drawn",
	}
)

// timeline is when each step of some starts came, after Svar.
type timeline map[string][]time.Duration

// add takes the first of each step after began.
func (t timeline) add(began time.Time, steps []pageStep) {
	seen := map[string]bool{}
	for _, s := range steps {
		if s.at.Before(began) || seen[s.what] {
			continue
		}
		seen[s.what] = true
		t[s.what] = append(t[s.what], s.at.Sub(began))
	}
}

// figures gives the medians.
func (t timeline) figures(where string, names []string) []Figure {
	var all []Figure
	for _, what := range names {
		if d := t[what]; len(d) > 0 {
			all = append(all, Figure{Name: "after Svar, " + where + ": " + what, Unit: "ms", Ours: float64(median(d).Milliseconds())})
		}
	}
	return all
}

// starts makes calls and ends all but the last.
func (b CallBench) starts(ctx context.Context, l *Lab, m *pageMeter) (r result, steps []Figure, err error) {
	b.Say("tablet and Chromium: %d starts", b.Calls)
	var onScreen, inPage []time.Duration
	page, tablet := timeline{}, timeline{}
	for i := range b.Calls {
		began, shown, err := b.answer(ctx, l, m)
		if err != nil {
			return r, nil, err
		}
		first, err := firstPicture(ctx, m, began)
		if err != nil {
			return r, nil, err
		}
		told, err := tabletTrace(filepath.Join(l.Out, "tablet.log"))
		if err != nil {
			return r, nil, err
		}
		onScreen, inPage = append(onScreen, shown), append(inPage, first)
		page.add(began, m.steps)
		tablet.add(began, told)
		b.Say("tablet's screen %v, clinic's page %v", shown.Round(time.Millisecond), first.Round(time.Millisecond))
		if i == b.Calls-1 {
			break
		}
		if err := errors.Join(l.EndFromTablet(ctx, m.page), m.page.Click(ctx, "[data-test=call-dismiss]")); err != nil {
			return r, nil, err
		}
	}
	r.start, r.startB = median(onScreen), median(inPage)
	return r, append(tablet.figures("on the tablet", tabletSteps), page.figures("in the page", pageSteps)...), nil
}

// answer goes from the lock screen to the moment when the clinic's picture stands on the tablet's screen.
func (b CallBench) answer(ctx context.Context, l *Lab, m *pageMeter) (began time.Time, shown time.Duration, err error) {
	for _, do := range []func() error{
		func() error { return l.FindCitizen(ctx, Karen, &Stopwatch{}) },
		func() error { return l.DrawNumber(ctx, &Stopwatch{}) },
		func() error { return l.StartFirst(ctx, m.page) },
	} {
		if err := do(); err != nil {
			return began, 0, err
		}
	}
	at, err := l.Tablet.See(ctx, "TapAnswer")
	if err != nil {
		return began, 0, err
	}
	if err := m.page.Eval(ctx, "meter.watch('remote', '[data-test=remote]', 0)", nil); err != nil {
		return began, 0, err
	}
	m.forget()
	began = time.Now()
	if err := l.Tablet.Screen.Tap(ctx, at.Min.Add(at.Size().Div(2))); err != nil {
		return began, 0, err
	}
	where := middle(image.Rect(0, 0, l.Tablet.Screen.Width, l.Tablet.Screen.Height))
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		img, err := l.Tablet.Screen.LookAt(where)
		if err != nil {
			return began, 0, err
		}
		if _, ok := capture.ReadTimecodeImage(img); ok {
			return began, time.Since(began), nil
		}
		select {
		case <-ctx.Done():
			return began, 0, ctx.Err()
		case <-look.C:
		}
	}
}

// traceLine is a step in the tablet's log, as slog's text has it.
var traceLine = regexp.MustCompile(`^time=(\S+) level=DEBUG msg="start of a call" step=(?:"([^"]*)"|(\S+))$`)

// tabletTrace reads the steps that the tablet has told so far.
func tabletTrace(log string) ([]pageStep, error) {
	f, err := os.Open(log)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var steps []pageStep
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		m := traceLine.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		at, err := time.Parse(time.RFC3339, m[1])
		if err != nil {
			return nil, fmt.Errorf("e2e: the tablet's log: %w", err)
		}
		steps = append(steps, pageStep{at, m[2] + m[3]})
	}
	return steps, lines.Err()
}
