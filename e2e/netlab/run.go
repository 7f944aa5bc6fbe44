package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

const (
	upWithin = time.Minute // a call that has not come up by then has failed
	upPoll   = 200 * time.Millisecond
	// tail is how much longer the ends may say what they saw.
	tail = time.Second
)

// pair is who calls the clinic's Chromium.
type pair string

const (
	ours   pair = "ours"
	theirs pair = "Chromium"
)

// lab is one run.
type lab struct {
	*stage
	options
	say    func(format string, args ...any)
	number int
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	chosen := o.chosen()
	if len(chosen) == 0 {
		return errors.New("no such case; --list names them")
	}
	began := time.Now()
	l := &lab{options: o}
	l.say = func(format string, args ...any) {
		fmt.Fprintf(out, "%4.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
	}
	l.say("%d cases; making networks, sources and browsers", len(chosen))
	if l.stage, err = newStage(ctx, o.Out); err != nil {
		return err
	}
	defer l.close()
	var rows []row
	for i, c := range chosen {
		r := row{name: c.name, only: c.only || o.Ours}
		for _, who := range []pair{theirs, ours} {
			if who == theirs && r.only {
				continue
			}
			l.say("%d of %d: %s, %s", i+1, len(chosen), c.name, who)
			got, err := l.measure(ctx, c, who)
			if err != nil {
				return err
			}
			l.say("%s (%s)", got, load())
			if who == ours {
				r.ours = got
			} else {
				r.theirs = got
			}
		}
		r.want, r.met = c.goal(r.ours, r.theirs)
		r.met = r.met && r.ours.Failed == ""
		rows = append(rows, r)
	}
	return table(out, rows)
}

// load tells how busy the machine was, without which no figure says anything.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "load unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return fmt.Sprintf("load %s on %d cores", first, runtime.NumCPU())
}

// measure makes one call and says what it was like. Its error is the lab's own; what befalls the call is its outcome.
func (l *lab) measure(ctx context.Context, c netCase, who pair) (o outcome, err error) {
	l.number++
	name := fmt.Sprintf("%d", l.number)
	l.router.set(c.from)
	if c.up > 0 {
		l.router.up.set(limited(c.up))
	}
	defer l.router.set(access)
	there, err := l.clinicBrowser.open(ctx, name, kontakt.ParticipantClinic)
	if err != nil {
		return o, err
	}
	defer there.close()
	here, err := l.caller(ctx, name, who, c)
	if err != nil {
		return o, err
	}
	defer here.close()
	call := &running{there: there, here: here}
	for _, guest := range c.more {
		page, err := l.clinicBrowser.open(ctx, name, guest)
		if err != nil {
			return o, err
		}
		defer page.close()
		call.guests = append(call.guests, page)
	}
	defer func() { err = errors.Join(err, l.keep(c.name, who, call)) }()
	if failed, err := call.ready(ctx); failed != "" || err != nil {
		return outcome{Failed: failed}, err
	}
	began := time.Now()
	if err := here.do(ctx, "call", ""); err != nil {
		return o, err
	}
	if failed, err := call.comesUp(ctx); failed != "" || err != nil {
		return outcome{Failed: failed}, err
	}
	up := time.Since(began)
	if !pause(ctx, c.warm) {
		return o, ctx.Err()
	}
	from := milliseconds(time.Now())
	healed, err := l.play(ctx, c, call)
	if err != nil {
		return o, err
	}
	if l.Short {
		o, err = call.works(ctx, max(from, healed), c.goal)
	} else {
		o, err = call.after(ctx, from, milliseconds(time.Now()), healed)
	}
	o.Up = up
	if c.moves {
		err = errors.Join(err, l.moveBack())
	}
	return o, err
}

// after says what the stretch was like that ends at to (ms), which is now.
func (r *running) after(ctx context.Context, from, to, healed float64) (outcome, error) {
	if !pause(ctx, tail) {
		return outcome{}, ctx.Err()
	}
	if err := r.look(ctx); err != nil {
		return outcome{Failed: err.Error()}, ctx.Err()
	}
	o := outcome{There: between(r.arrived, from, to), Here: between(r.came, from, to), Path: r.arrived[len(r.arrived)-1].Path}
	for _, g := range r.guests {
		seen, _, _, err := g.seen(ctx)
		if err != nil {
			return outcome{Failed: err.Error()}, ctx.Err()
		}
		o.Others = append(o.Others, between(seen, from, to))
	}
	o.Letters, o.LettersP95 = letters(r.typed, r.read)
	if healed > 0 {
		o.Back = r.back(healed)
	}
	return o, nil
}

// works waits until the call since from (ms) is as it is to be, and says what it is like then, or in the end.
func (r *running) works(ctx context.Context, from float64, goal func(ours, theirs outcome) (string, bool)) (outcome, error) {
	for end := time.Now().Add(upWithin); ; {
		o, err := r.after(ctx, from, milliseconds(time.Now()), 0)
		if err != nil || o.Failed != "" {
			return o, err
		}
		if _, met := goal(o, outcome{}); met || time.Now().After(end) {
			return o, nil
		}
	}
}

func (l *lab) caller(ctx context.Context, name string, who pair, c netCase) (end, error) {
	if who == ours {
		return l.startPhone(name, c.proxy, c.more)
	}
	b, err := l.tabletsBrowser(ctx, c.proxy)
	if err != nil {
		return nil, err
	}
	return b.open(ctx, name, kontakt.ParticipantTablet)
}

// play lets happen what the case says, and tells when the network was whole again (ms), 0 for never broken.
func (l *lab) play(ctx context.Context, c netCase, call *running) (healed float64, err error) {
	began := time.Now()
	if c.typed != "" {
		if err := call.here.do(ctx, "type", c.typed); err != nil {
			return 0, err
		}
	}
	for i, e := range c.then {
		if !pause(ctx, time.Until(began.Add(e.after))) {
			return 0, ctx.Err()
		}
		if c.moves && i == 0 {
			if err := l.move(ctx, call); err != nil {
				return 0, err
			}
		}
		l.router.set(e.to)
		if e.heals {
			healed = milliseconds(time.Now())
		}
	}
	if !pause(ctx, time.Until(began.Add(c.long))) {
		return 0, ctx.Err()
	}
	return healed, nil
}

// move gives the tablet another address in another network, as from Wi-Fi to mobile. Android tells the app of it.
func (l *lab) move(ctx context.Context, call *running) error {
	if err := errors.Join(l.tablet.leave(tabletAddress+"/24"), l.tablet.join(tabletMoved+"/24")); err != nil {
		return err
	}
	return call.here.do(ctx, "network", "")
}

func (l *lab) moveBack() error {
	return errors.Join(l.tablet.leave(tabletMoved+"/24"), l.tablet.join(tabletAddress+"/24"))
}

// running is a call and all that its ends have seen.
type running struct {
	there, here   end
	guests        []*pageEnd
	arrived, came []sample // at the clinic, at the tablet
	typed, read   []typed  // at the tablet, at the clinic
}

func (r *running) look(ctx context.Context) (err error) {
	if r.arrived, _, r.read, err = r.there.seen(ctx); err != nil {
		return err
	}
	r.came, r.typed, _, err = r.here.seen(ctx)
	return err
}

// ready waits until both ends are as they are before somebody presses a button: devices open, candidates found.
func (r *running) ready(ctx context.Context) (failed string, err error) {
	for end := time.Now().Add(upWithin); ; {
		one, err := r.there.ready(ctx)
		two, err2 := r.here.ready(ctx)
		if err := errors.Join(err, err2); err != nil {
			return err.Error(), ctx.Err()
		}
		if one && two {
			return "", nil
		}
		if time.Now().After(end) {
			return fmt.Sprintf("not ready within %.0f s", upWithin.Seconds()), nil
		}
		if !pause(ctx, upPoll) {
			return "", ctx.Err()
		}
	}
}

// comesUp waits until sound comes both ways, and a picture here.
func (r *running) comesUp(ctx context.Context) (failed string, err error) {
	for end := time.Now().Add(upWithin); ; {
		if err := r.look(ctx); err != nil {
			return err.Error(), ctx.Err()
		}
		if flows(r.arrived) && flows(r.came) {
			return "", nil
		}
		if time.Now().After(end) {
			return fmt.Sprintf("not up within %.0f s", upWithin.Seconds()), nil
		}
		if !pause(ctx, upPoll) {
			return "", ctx.Err()
		}
	}
}

func flows(all []sample) bool {
	if len(all) == 0 {
		return false
	}
	last := all[len(all)-1]
	return last.Frames > 10 && last.Sound > last.Concealed
}

// back is how long after healed the picture moved again at both ends; negative: at one of them it never did.
func (r *running) back(healed float64) time.Duration {
	var last float64
	for _, all := range [][]sample{r.arrived, r.came} {
		at, ok := movesAgain(all, healed)
		if !ok {
			return -1
		}
		last = max(last, at)
	}
	return time.Duration((last - healed) * float64(time.Millisecond))
}

// keep leaves what was seen, to look at when a figure surprises.
func (l *lab) keep(name string, who pair, r *running) error {
	text, err := json.Marshal(map[string]any{"there": r.arrived, "here": r.came, "typed": r.typed, "read": r.read})
	if err != nil {
		return err
	}
	plain := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, name)
	return os.WriteFile(filepath.Join(l.Out, plain+"-"+string(who)+".json"), text, 0o644)
}
