package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/test"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/widget"
)

var (
	enter  = &fyne.KeyEvent{Name: fyne.KeyReturn}
	lying  = form{"da", 1280, 800, 100, false}
	danish = app.DefaultSettings()
)

func named(t *testing.T, name string) situation {
	t.Helper()
	for _, s := range situations {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("no situation %q", name)
	return situation{}
}

func (w *shown) tap(t *testing.T, name string) {
	t.Helper()
	r, ok := w.Targets()[name]
	if !ok {
		t.Fatalf("%s is not on the screen", name)
	}
	test.TapCanvas(w.window.Canvas(), centre(r))
}

func (w *shown) to(t *testing.T, name string) {
	t.Helper()
	w.Show(named(t, name).state(danish))
}

func (w *shown) entry(t *testing.T) *widget.CPREntry {
	t.Helper()
	e, ok := w.window.Canvas().Focused().(*widget.CPREntry)
	if !ok {
		t.Fatalf("the focus is on %T, want the CPR entry", w.window.Canvas().Focused())
	}
	return e
}

func TestFindCitizen_sendsTheNumberAndNothingElse(t *testing.T) {
	w := show(t, named(t, "findcitizen"), lying)
	for _, k := range "2902004100" {
		w.tap(t, "Key"+string(k))
	}
	if got := w.entry(t).Shown(); got != "290200-4100" {
		t.Fatalf("the entry shows %q", got)
	}
	w.tap(t, "TapFind")
	want, err := kontakt.ParseCPR("290200-4100", kontakt.DateOf(now))
	if err != nil {
		t.Fatal(err)
	}
	if len(w.sent) != 1 || w.sent[0] != (app.TapFind{CPR: want}) {
		t.Errorf("sent %v", w.sent)
	}
}

func TestFindCitizen_focusStaysAfterEachKey(t *testing.T) {
	w := show(t, named(t, "findcitizen"), lying)
	for _, k := range []string{"Key2", "Key9", "KeyErase", "Key0"} {
		w.tap(t, k)
		w.entry(t)
	}
	if got := w.entry(t).Shown(); got != "20" {
		t.Errorf("keyed %q, want 20", got)
	}
}

func TestFindCitizen_digitsGoToTheEntryWhereverTheFocusIs(t *testing.T) {
	w := show(t, named(t, "findcitizen"), lying)
	c := w.window.Canvas()
	c.Unfocus()
	c.OnTypedRune()('2')
	c.FocusNext()
	c.FocusNext() // a button
	c.Focused().TypedRune('9')
	c.Focused().TypedRune('0')
	if got := w.entry(t).Text(); got != "290" {
		t.Errorf("keyed %q, want 290", got)
	}
}

func TestFindCitizen_saysWhatIsWrongUntilTheNumberChanges(t *testing.T) {
	w := show(t, named(t, "findcitizen-wrong"), lying)
	const wrong = "Datoen findes ikke"
	if !w.says(wrong) {
		t.Fatalf("does not say %q", wrong)
	}
	if len(w.sent) != 0 {
		t.Errorf("sent %v", w.sent)
	}
	w.tap(t, "KeyErase")
	if w.says(wrong) {
		t.Error("still says it after the number has changed")
	}
}

func TestRouter_aWrongCitizenBringsTheDigitsBack(t *testing.T) {
	w := show(t, named(t, "findcitizen"), lying)
	for _, k := range "2902004100" {
		w.tap(t, "Key"+string(k))
	}
	w.to(t, "readback")
	w.to(t, "findcitizen")
	if got := w.entry(t).Shown(); got != "290200-4100" {
		t.Errorf("the entry shows %q, want what was keyed", got)
	}
}

func TestRouter_nothingOfACitizenIsLeftOnceAnotherScreenTakesOver(t *testing.T) {
	w := show(t, named(t, "findcitizen"), lying)
	for _, k := range "2902004100" {
		w.tap(t, "Key"+string(k))
	}
	for _, s := range []string{"readback", "refused", "check", "waiting", "called", "incall", "ended"} {
		w.to(t, s)
		if !w.says("Karen Madsen") && s != "incall" {
			t.Errorf("%s does not name the citizen", s)
		}
	}
	w.to(t, "signedout")
	for kind, s := range w.router.screens {
		for _, secret := range []string{"Karen", "Madsen", "290200"} {
			if says(s.Object(), secret) {
				t.Errorf("%s still holds %q", kind.Name(), secret)
			}
		}
	}
	w.to(t, "findcitizen")
	if got := w.entry(t).Text(); got != "" {
		t.Errorf("the entry still holds %q", got)
	}
}

func TestRouter_backKeyAndEscapeGoOneScreenBackWhateverHasTheFocus(t *testing.T) {
	for _, key := range []fyne.KeyName{mobile.KeyBack, fyne.KeyEscape} {
		w := show(t, named(t, "readback"), lying)
		c := w.window.Canvas()
		c.OnTypedKey()(&fyne.KeyEvent{Name: key})
		c.FocusNext()
		c.Focused().TypedKey(&fyne.KeyEvent{Name: key})
		if len(w.sent) != 2 || w.sent[0] != (app.TapBack{}) || w.sent[1] != (app.TapBack{}) {
			t.Errorf("%s: sent %v, want TapBack twice", key, w.sent)
		}
	}
}

func TestRouter_aQuestionIsAnsweredBeforeAnythingElse(t *testing.T) {
	w := show(t, named(t, "waiting-leaving"), lying)
	c := w.window.Canvas()
	if b, ok := c.Focused().(*widget.Button); !ok || b.TargetName() != "TapLeaveNo" {
		t.Errorf("the focus is on %v, want the harmless answer", c.Focused())
	}
	for name := range w.Targets() {
		if name != "TapLeaveYes" && name != "TapLeaveNo" && name != "TapWithdraw" && name != "TapEmergency" && !strings.HasPrefix(name, "Screen:") {
			t.Errorf("%s can be tapped behind the question", name)
		}
	}
	test.TapCanvas(c, fyne.NewPos(20, 20))
	if len(w.sent) != 0 {
		t.Errorf("a tap beside the question sent %v", w.sent)
	}
	c.OnTypedKey()(&fyne.KeyEvent{Name: mobile.KeyBack})
	if len(w.sent) != 1 || w.sent[0] != (app.TapLeaveNo{}) {
		t.Errorf("back sent %v, want TapLeaveNo", w.sent)
	}
	w.to(t, "waiting")
	if c.Overlays().Top() != nil {
		t.Error("the question stands after it was answered")
	}
}

func TestSettings_theOtherLanguageIsOneTapAway(t *testing.T) {
	w := show(t, named(t, "signedout"), lying)
	if !w.says("Log ind") {
		t.Fatal("does not begin in Danish")
	}
	w.tap(t, "Language")
	want := danish
	want.Language = "en"
	if len(w.sent) != 1 || w.sent[0] != (app.TapSettings{Settings: want}) {
		t.Errorf("sent %v, want %v", w.sent, want)
	}
	w.Show(named(t, "signedout").state(want))
	if !w.says("Log in") {
		t.Error("the screen does not follow the settings")
	}
}

func TestInCall_volumeStaysWithinItsRange(t *testing.T) {
	w := show(t, named(t, "incall"), lying)
	w.tap(t, "More")
	w.tap(t, "TapVolumeUp")
	w.tap(t, "TapVolumeDown")
	for i, want := range []float64{0.8, 0.6} {
		if got := w.sent[i].(app.TapVolume).Volume; got < want-0.001 || got > want+0.001 {
			t.Errorf("tap %d asks for %v, want %v", i, got, want)
		}
	}
	full := show(t, named(t, "incall-muted"), lying)
	full.tap(t, "More")
	if _, ok := full.Targets()["TapVolumeUp"]; ok {
		t.Error("full volume can be turned up")
	}
	if _, ok := full.Targets()["TapVolumeDown"]; !ok {
		t.Error("full volume cannot be turned down")
	}
}

func TestWindow_titleNamesNobody(t *testing.T) {
	for _, s := range situations {
		if got := show(t, s, lying).window.Title(); got != windowTitle {
			t.Errorf("%s: the title is %q", s.name, got)
		}
	}
}

// says tells whether a text that is shown holds s.
func (w *shown) says(s string) bool { return visible(w.window.Canvas().Content(), s, true) }

// says tells whether any text below o holds s, shown or not.
func says(o fyne.CanvasObject, s string) bool { return visible(o, s, false) }

func visible(o fyne.CanvasObject, s string, only bool) bool {
	if o == nil || only && !o.Visible() {
		return false
	}
	plain := func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
	switch o := o.(type) {
	case *canvas.Text:
		return strings.Contains(plain(o.Text), s)
	case *widget.Text:
		return strings.Contains(plain(o.Text()), s)
	case *widget.Notice:
		return strings.Contains(plain(o.Text()), s)
	case *container.Scroll:
		return visible(o.Content, s, only)
	case *fyne.Container:
		for _, c := range o.Objects {
			if visible(c, s, only) {
				return true
			}
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			if visible(c, s, only) {
				return true
			}
		}
	}
	return false
}
