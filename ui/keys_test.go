package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/widget"
)

// byKeys is a window that is used with keys alone, as Fyne's desktop driver hands them on.
type byKeys struct {
	*shown
	t   *testing.T
	now time.Time
}

func withKeys(t *testing.T, s situation, f form) *byKeys {
	w := &byKeys{shown: show(t, s, f), t: t, now: now}
	w.router.config.Now = func() time.Time { return w.now }
	return w
}

func (w *byKeys) press(key fyne.KeyName) {
	c, e := w.window.Canvas(), &fyne.KeyEvent{Name: key}
	if c.Focused() == nil {
		w.router.keyDown(e) // which Fyne's canvas for tests does not do
	}
	if key == fyne.KeyTab {
		if f, ok := c.Focused().(fyne.Tabbable); !ok || !f.AcceptsTab() {
			c.FocusNext()
			return
		}
	}
	if f := c.Focused(); f != nil {
		f.TypedKey(e)
		return
	}
	c.OnTypedKey()(e)
}

// at gives the name of what has the focus.
func (w *byKeys) at() string {
	if f, ok := w.window.Canvas().Focused().(widget.Target); ok {
		return f.TargetName()
	}
	return ""
}

// tabTo goes on until that has the focus.
func (w *byKeys) tabTo(name string) {
	w.t.Helper()
	for range 60 {
		w.press(fyne.KeyTab)
		if w.at() == name {
			return
		}
	}
	w.t.Fatalf("%s: Tab never comes to %s", w.router.name, name)
}

// TestKeys_tabReachesEachThingOnceInReadingOrder: whoever sees the ring go on is never led back up (E66, SD-19).
func TestKeys_tabReachesEachThingOnceInReadingOrder(t *testing.T) {
	for _, s := range ours() {
		for _, f := range []form{{"da", 1280, 800, 100, false}, {"da", 800, 1280, 200, false}} {
			if s.look != "" {
				continue
			}
			t.Run(s.name+"-"+f.String(), func(t *testing.T) {
				w := withKeys(t, s, f)
				c := w.window.Canvas()
				all := widget.Reachable(c)
				for name := range w.Targets() {
					if forFingers(name) && !held(all, name) {
						t.Errorf("%s can be tapped and not reached", name)
					}
				}
				if len(all) == 0 {
					return
				}
				c.Focus(all[len(all)-1])
				var before *spot
				for i, want := range all {
					w.press(fyne.KeyTab)
					if c.Focused() != want {
						t.Fatalf("Tab %d comes to %s, want %s", i+1, w.at(), nameOf(want))
					}
					is := placeOf(want)
					if before != nil && is.foot <= before.top && is.left < before.right {
						t.Errorf("after %s the ring goes back up to %s", before.name, is.name)
					}
					before = is
				}
			})
		}
	}
}

type spot struct {
	name                   string
	top, foot, left, right float32
}

func placeOf(f fyne.Focusable) *spot {
	o := f.(fyne.CanvasObject)
	p := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	return &spot{nameOf(f), p.Y, p.Y + o.Size().Height, p.X, p.X + o.Size().Width}
}

func nameOf(f fyne.Focusable) string {
	if t, ok := f.(widget.Target); ok {
		return t.TargetName()
	}
	return ""
}

func held(all []fyne.Focusable, name string) bool {
	for _, f := range all {
		if nameOf(f) == name {
			return true
		}
	}
	return false
}

// What was being typed when the clinic called answers nothing: a fresh screen takes the first key as the wish to begin.
func TestKeys_aCallThatComesWhileSomebodyTypesIsNotAnswered(t *testing.T) {
	w := withKeys(t, named(t, "tell"), lying)
	w.tabTo("Entryis.s")
	w.to(t, "called")
	w.sent = nil
	for range 6 { // words go on for a moment
		w.now = w.now.Add(breath / 5)
		w.window.Canvas().OnTypedRune()('r')
		w.press(fyne.KeySpace)
		w.press(fyne.KeyReturn)
	}
	if len(w.sent) != 0 || w.at() != "" {
		t.Fatalf("what was typed sent %v and stands at %q", w.sent, w.at())
	}
	w.now = w.now.Add(breath)
	w.press(fyne.KeyReturn)
	if len(w.sent) != 0 || w.at() != "TapAnswer" {
		t.Fatalf("the first key sent %v and stands at %q, want it to come to the answer", w.sent, w.at())
	}
	w.press(fyne.KeyReturn)
	if len(w.sent) != 1 || w.sent[0] != (app.TapAnswer{}) {
		t.Errorf("the second key sent %v, want the answer", w.sent)
	}
}

func TestKeys_tabBeginsAtTheMainAction(t *testing.T) {
	for name, want := range map[string]string{
		"signedout": "TapSignIn", "check-advice": "TapJoin", "called": "TapAnswer", "ended": "TapDone", "findcitizen": "EntryCPR", "waiting-leaving": "TapLeaveNo",
	} {
		w := withKeys(t, named(t, name), lying)
		if w.at() == "" {
			w.press(fyne.KeyTab)
		}
		if got := w.at(); got != want {
			t.Errorf("%s begins at %q, want %s", name, got, want)
		}
	}
}

// A question keeps the focus, and gives it back.
func TestKeys_aQuestionKeepsTheFocusAndGivesItBack(t *testing.T) {
	w := withKeys(t, named(t, "waiting"), lying)
	w.press(fyne.KeyTab)
	was := w.at()
	w.to(t, "waiting-leaving")
	seen := map[string]bool{}
	for range 8 {
		w.press(fyne.KeyTab)
		seen[w.at()] = true
	}
	for _, name := range []string{was, "TapLeave", "More"} {
		if seen[name] {
			t.Errorf("Tab leaves the question for %s", name)
		}
	}
	if !seen["TapLeaveYes"] || !seen["TapLeaveNo"] {
		t.Errorf("the answers are not all reached: %v", seen)
	}
	w.press(fyne.KeyEscape)
	w.to(t, "waiting")
	if got := w.at(); got != was {
		t.Errorf("after the question the focus is at %q, want %q", got, was)
	}
}

// Arrows go to what lies that way: on the keypad as on a telephone.
func TestKeys_arrowsGoTheirWay(t *testing.T) {
	w := withKeys(t, named(t, "findcitizen"), lying)
	w.tabTo("Key5")
	for _, step := range []struct {
		key  fyne.KeyName
		want string
	}{{fyne.KeyUp, "Key2"}, {fyne.KeyRight, "Key3"}, {fyne.KeyDown, "Key6"}, {fyne.KeyDown, "Key9"}, {fyne.KeyLeft, "Key8"}, {fyne.KeyDown, "Key0"}} {
		if w.press(step.key); w.at() != step.want {
			t.Fatalf("%s comes to %s, want %s", step.key, w.at(), step.want)
		}
	}
	w.press(fyne.KeyReturn)
	w.press(fyne.KeySpace)
	if w.at() != "Key0" || !w.says("00") {
		t.Errorf("two presses of 0 leave the focus at %s", w.at())
	}
}

// What has the focus is in sight, also where it has to be scrolled to.
func TestKeys_whatHasTheFocusIsInSight(t *testing.T) {
	for _, s := range situations {
		if s.look != "" {
			continue
		}
		w := withKeys(t, s, form{"da", 1024, 640, 200, false})
		c := w.window.Canvas()
		for range widget.Reachable(c) {
			w.press(fyne.KeyTab)
			if name := w.at(); name != "" {
				if _, seen := w.Targets()[name]; !seen {
					t.Errorf("%s: %s has the focus out of sight", s.name, name)
				}
			}
		}
	}
}
