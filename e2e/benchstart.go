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
	"slices"
	"time"

	"kontaktlaege/media/capture"
)

// lookEvery is the pause between two looks at the tablet's screen: without one the looking takes a core from the call.
const lookEvery = 2 * time.Millisecond

// ringing is how long it rings before Svar is pressed: nobody is faster, and by then the connection stands.
const ringing = 2 * time.Second

// The steps of a start, as far as they are told: by the page's meter, and by the tablet's log.
var (
	ringsOnTablet = []string{"the clinic calls", "it rings", "offer made", "answer came", "path found (ICE)", "connected (DTLS)"}
	ringsInPage   = []string{"remote offer", "local description", "connecting", "connected"}
	talksOnTablet = []string{
		"Svar pressed", "the backend has the answer", "first packet of the picture", "first picture whole", "first picture decoded",
		"first picture at the window", "first picture drawn",
	}
	talksInPage = []string{"own video"}
)

// How long a picture may take to get to its full size, and how often the page's is looked at.
const (
	fullHeight   = 720
	fullWithin   = 3 * time.Second
	fullPatience = 15 * time.Second
	fullEvery    = 100 * time.Millisecond
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
			all = append(all, Figure{Name: where + ": " + what, Unit: "ms", Ours: float64(median(d).Milliseconds())})
		}
	}
	return all
}

// full is the line about how long after Svar pictures of full size came; one that never did within fullPatience took that long.
func full(where string, took []time.Duration) Figure {
	return Figure{
		Name: "full 720p after Svar, " + where, Unit: "ms", Ours: float64(median(took).Milliseconds()), Goal: float64(fullWithin.Milliseconds()),
	}
}

// starts makes calls and ends all but the last.
func (b CallBench) starts(ctx context.Context, l *Lab, m *pageMeter) (r result, steps []Figure, err error) {
	b.Say("tablet and Chromium: %d starts", b.Calls)
	var onScreen, inPage, fullOnTablet, fullInPage []time.Duration
	ringPage, ringTablet, page, tablet := timeline{}, timeline{}, timeline{}, timeline{}
	for i := range b.Calls {
		m.forget()
		called := time.Now()
		began, shown, err := b.answer(ctx, l, m)
		if err != nil {
			return r, nil, err
		}
		first, err := firstPicture(ctx, m, began)
		if err != nil {
			return r, nil, err
		}
		there, err := fullInPageAfter(ctx, m, began)
		if err != nil {
			return r, nil, err
		}
		here, told, err := fullOnTabletAfter(ctx, l, began)
		if err != nil {
			return r, nil, err
		}
		onScreen, inPage = append(onScreen, shown), append(inPage, first)
		fullOnTablet, fullInPage = append(fullOnTablet, here), append(fullInPage, there)
		called = firstOf(told, ringsOnTablet[0], called)
		ringPage.add(called, m.steps)
		ringTablet.add(called, told)
		page.add(began, m.steps)
		tablet.add(began, told)
		b.Say("tablet's screen %v, clinic's page %v; 720p %v, %v", shown.Round(time.Millisecond), first.Round(time.Millisecond),
			here.Round(time.Millisecond), there.Round(time.Millisecond))
		if i == b.Calls-1 {
			break
		}
		if err := errors.Join(l.EndFromTablet(ctx, m.page), m.page.Click(ctx, "[data-test=call-dismiss]")); err != nil {
			return r, nil, err
		}
	}
	r.start, r.startB = median(onScreen), median(inPage)
	const ring, talk = "after the clinic's call", "after Svar"
	return r, slices.Concat(
		[]Figure{full("on the tablet", fullOnTablet), full("in the clinic's page", fullInPage)},
		ringTablet.figures(ring+", on the tablet", ringsOnTablet), ringPage.figures(ring+", in the page", ringsInPage),
		tablet.figures(talk+", on the tablet", talksOnTablet), page.figures(talk+", in the page", talksInPage),
	), nil
}

// firstOf gives when a step first came after a moment.
func firstOf(steps []pageStep, what string, after time.Time) time.Time {
	for _, s := range steps {
		if s.what == what && s.at.After(after) {
			return s.at
		}
	}
	return after
}

// fullInPageAfter waits until the page gets pictures of full height.
func fullInPageAfter(ctx context.Context, m *pageMeter, began time.Time) (time.Duration, error) {
	tick := time.NewTicker(fullEvery)
	defer tick.Stop()
	for time.Since(began) < fullPatience {
		got, err := m.received(ctx)
		if err != nil || got.Height >= fullHeight {
			return time.Since(began), err
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-tick.C:
		}
	}
	return fullPatience, nil
}

// fullOnTabletAfter waits until the tablet tells of pictures of full height, and gives all that it has told.
func fullOnTabletAfter(ctx context.Context, l *Lab, began time.Time) (time.Duration, []pageStep, error) {
	tick := time.NewTicker(fullEvery)
	defer tick.Stop()
	for {
		told, err := tabletTrace(filepath.Join(l.Out, "tablet.log"))
		if err != nil {
			return 0, nil, err
		}
		if at := firstOf(told, fmt.Sprintf("a picture of %d lines", fullHeight), began); at.After(began) {
			return at.Sub(began), told, nil
		}
		if time.Since(began) > fullPatience {
			return fullPatience, told, nil
		}
		select {
		case <-ctx.Done():
			return 0, nil, ctx.Err()
		case <-tick.C:
		}
	}
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
	if err := b.pause(ctx, "it rings", ringing); err != nil {
		return began, 0, err
	}
	if err := errors.Join(m.page.Eval(ctx, "meter.watch('remote', '[data-test=remote]', 0)", nil), m.take(ctx)); err != nil {
		return began, 0, err
	}
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
