package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// CallBench is how long a call is measured.
type CallBench struct {
	Root, Out string
	Warm      time.Duration // before a figure is taken: browsers' own estimate of the path needs about 25 s
	Measure   time.Duration // of each figure
	Long      time.Duration // of the call whose memory is watched; 0: none
	Calls     int           // of which the start is the median
	OnlyStart bool          // nothing else is measured
	Say       func(format string, args ...any)
	Print     func(Figure)
}

// result is all of one kind of call.
type result struct {
	there, back   oneWay // to the page (b), to the tablet (a)
	start, startB time.Duration
	load          twoWay
}

// Run measures our call and its peer, and prints each figure.
func (b CallBench) Run(ctx context.Context) error {
	if err := os.MkdirAll(b.Out, 0o755); err != nil {
		return err
	}
	peer, err := b.chromium(ctx)
	if err != nil {
		return fmt.Errorf("the peer, Chromium and Chromium: %w", err)
	}
	ours, steps, err := b.tablet(ctx)
	if err != nil {
		return fmt.Errorf("tablet and Chromium: %w", err)
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	starts := []Figure{
		{Name: "Svar (peer: call) to the first picture at the tablet's screen", Unit: "ms", Ours: ms(ours.start), Peer: ms(peer.start), Goal: 0.7, Ratio: true},
		{Name: "Svar (peer: call) to the first picture in the clinic's page", Unit: "ms", Ours: ms(ours.startB), Peer: ms(peer.startB), Goal: 0.7, Ratio: true},
	}
	for _, f := range append(starts, steps...) {
		b.Print(f)
	}
	if b.OnlyStart {
		return nil
	}
	for _, f := range []Figure{
		{Name: "glass to glass, tablet to clinic, p50", Unit: "ms", Ours: ms(ours.there.p50), Peer: ms(peer.there.p50), Goal: 1, Ratio: true},
		{Name: "glass to glass, tablet to clinic, p95", Unit: "ms", Ours: ms(ours.there.p95), Peer: ms(peer.there.p95), Goal: 1, Ratio: true},
		{Name: "glass to glass, clinic to tablet, p50", Unit: "ms", Ours: ms(ours.back.p50), Peer: ms(peer.there.p50), Goal: 1, Ratio: true},
		{Name: "glass to glass, clinic to tablet, p95", Unit: "ms", Ours: ms(ours.back.p95), Peer: ms(peer.there.p95), Goal: 1, Ratio: true},
		{Name: "mouth to ear, tablet to clinic, p50", Unit: "ms", Ours: ms(ours.there.ear), Peer: ms(peer.there.ear), Goal: 150},
		{Name: "sound before (−) or behind the picture, tablet to clinic", Unit: "ms", Ours: ms(ours.there.lipSync.Abs()), Peer: ms(peer.there.lipSync.Abs()), Goal: 100},
		{Name: "freezes in the clinic's page", Unit: "", Ours: float64(ours.there.freezes), Peer: float64(peer.there.freezes)},
		{Name: "pictures a second in the clinic's page", Unit: "fps", Ours: ours.there.fps, Peer: peer.there.fps},
		{Name: "height of the picture in the clinic's page", Unit: "px", Ours: float64(ours.there.height), Peer: float64(peer.there.height)},
		{Name: "CPU of our end, drawn by the CPU", Unit: "s/s", Ours: ours.load.cpu[0], Peer: peer.load.cpu[0], Goal: 0.6, Ratio: true},
		{Name: "CPU of our end without the drawing", Unit: "s/s", Ours: ours.load.work(0), Peer: peer.load.work(0), Goal: 0.6, Ratio: true},
		{Name: "CPU of the other processes meanwhile", Unit: "s/s", Ours: ours.load.other, Peer: peer.load.other},
		{Name: "memory of our end (PSS)", Unit: "MB", Ours: float64(ours.load.pss[0]) / 1e6, Peer: float64(peer.load.pss[0]) / 1e6, Goal: 200},
	} {
		b.Print(f)
	}
	return nil
}

// chromium measures the pair.
func (b CallBench) chromium(ctx context.Context) (r result, err error) {
	dir, err := os.MkdirTemp("", "kontakt-pair-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	video, audio := filepath.Join(dir, "own.y4m"), filepath.Join(dir, "own.wav")
	if err := writeSources(video, audio, TestPicture{1280, 720, 30}); err != nil {
		return r, err
	}
	d, err := StartDriver(filepath.Join(b.Root, "e2e"))
	if err != nil {
		return r, err
	}
	defer d.Close()
	p, err := NewPair(ctx, d, dir, video, audio)
	if err != nil {
		return r, err
	}
	defer p.Close()

	if !b.OnlyStart {
		b.Say("Chromium and Chromium, one way")
		if err := p.Open(ctx, false); err != nil {
			return r, err
		}
		if _, err := p.Call(ctx); err != nil {
			return r, err
		}
		if err := b.pause(ctx, "warming up", b.Warm); err != nil {
			return r, err
		}
		if r.there, err = b.watchOneWay(ctx, p.a, p.b, true); err != nil {
			return r, err
		}
		if err := p.HangUp(ctx); err != nil {
			return r, err
		}
	}

	if r.start, r.startB, err = b.pairStarts(ctx, p); err != nil || b.OnlyStart {
		return r, err
	}
	if err := errors.Join(p.a.page.Eval(ctx, "meter.unwatch('remote')", nil), p.b.page.Eval(ctx, "meter.unwatch('remote')", nil)); err != nil {
		return r, err
	}
	if _, err := p.Call(ctx); err != nil {
		return r, err
	}
	r.load, err = b.cost(ctx, p.pidA, p.pidB)
	return r, err
}

// pairStarts gives how long the pair's calls take to their first pictures.
func (b CallBench) pairStarts(ctx context.Context, p *Pair) (toA, toB time.Duration, err error) {
	b.Say("Chromium and Chromium, both ways: %d starts", b.Calls)
	if err := p.Open(ctx, true); err != nil {
		return 0, 0, err
	}
	var at, back []time.Duration
	for range b.Calls {
		if err := errors.Join(p.a.page.Eval(ctx, "meter.watch('remote', '#remote', 0)", nil), p.b.page.Eval(ctx, "meter.watch('remote', '#remote', 0)", nil)); err != nil {
			return 0, 0, err
		}
		p.a.forget()
		p.b.forget()
		began, err := p.Call(ctx)
		if err != nil {
			return 0, 0, err
		}
		a, err := firstPicture(ctx, p.a, began)
		if err != nil {
			return 0, 0, err
		}
		z, err := firstPicture(ctx, p.b, began)
		if err != nil {
			return 0, 0, err
		}
		at, back = append(at, a), append(back, z)
		if err := p.HangUp(ctx); err != nil {
			return 0, 0, err
		}
	}
	return median(at), median(back), nil
}

// tablet measures the real programs.
func (b CallBench) tablet(ctx context.Context) (r result, steps []Figure, err error) {
	l, err := NewLab(ctx, LabOptions{
		Root: b.Root, Out: b.Out, Say: func(string, ...any) {}, Camera: "timecode:1280x720@30", Picture: TestPicture{1280, 720, 30},
		Loudspeaker: "none", TabletArgs: []string{"--log-level=debug"},
	})
	if err != nil {
		return r, nil, err
	}
	defer l.Close()
	l.quiet, l.script = true, meterScript
	code, err := l.code(0)
	if err != nil {
		return r, nil, err
	}
	var page *Page
	for _, do := range []func() error{
		func() error { return l.EnrolTablet(ctx, code) },
		func() error { return l.SignIn(ctx, UserNurse, &Stopwatch{}) },
		func() error { page, err = l.ClinicSignIn(ctx, UserDoctor, ""); return err },
	} {
		if err := do(); err != nil {
			return r, nil, err
		}
	}
	m := newPageMeter(page)
	if r, steps, err = b.starts(ctx, l, m); err != nil || b.OnlyStart {
		return r, steps, err
	}
	browser, err := l.clinic.Pid(ctx)
	if err != nil {
		return r, nil, err
	}
	if r.load, err = b.cost(ctx, l.Tablet.Pid(), browser); err != nil {
		return r, nil, err
	}
	if err := b.memory(ctx, l.Tablet.Pid()); err != nil {
		return r, nil, err
	}
	b.Say("tablet to clinic alone")
	if err := page.Click(ctx, "[data-test=camera]"); err != nil {
		return r, nil, err
	}
	if err := b.pause(ctx, "warming up", b.Warm); err != nil {
		return r, nil, err
	}
	if r.there, err = b.watchOneWay(ctx, nil, m, false); err != nil {
		return r, nil, err
	}
	b.Say("clinic to tablet alone")
	if err := errors.Join(page.Click(ctx, "[data-test=camera]"), l.Tablet.Tap(ctx, "TapCamera")); err != nil {
		return r, nil, err
	}
	if err := b.pause(ctx, "warming up", b.Warm); err != nil {
		return r, nil, err
	}
	r.back, err = b.watchScreen(ctx, l, m)
	return r, steps, err
}
