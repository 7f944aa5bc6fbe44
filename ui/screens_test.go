package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"image"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"kontaktlaege/app"
	"kontaktlaege/ui/widget"
)

// TestScreens_thereIsOneForEveryTypeOfState reads app/state.go, so that a new screen cannot be forgotten here.
func TestScreens_thereIsOneForEveryTypeOfState(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../app/state.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	shownTypes := map[string]bool{}
	for _, s := range situations {
		shownTypes[reflect.TypeOf(s.screen).Name()] = true
	}
	n := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "screen" || f.Recv == nil {
			continue
		}
		n++
		if name := f.Recv.List[0].Type.(*ast.Ident).Name; !shownTypes[name] {
			t.Errorf("no situation shows app.%s", name)
		}
	}
	if n < 12 {
		t.Fatalf("found only %d screens in app/state.go: has it moved?", n)
	}
}

type box struct{ x1, y1, x2, y2 float32 }

func (b box) cut(o box) box {
	return box{max(b.x1, o.x1), max(b.y1, o.y1), min(b.x2, o.x2), min(b.y2, o.y2)}
}

func (b box) empty() bool { return b.x2-b.x1 < 1 || b.y2-b.y1 < 1 }

type drawn struct {
	text string
	ink  box // the letters themselves
	seen box // what the scrolls above it show of them
}

// texts gives all that is written, with what the widget around it leaves room for.
func texts(t *testing.T, o fyne.CanvasObject, at fyne.Position, room, clip box, out *[]drawn) {
	t.Helper()
	if !o.Visible() {
		return
	}
	p := at.Add(o.Position())
	own := box{p.X, p.Y, p.X + o.Size().Width, p.Y + o.Size().Height}
	switch o := o.(type) {
	case *canvas.Text:
		if o.Text == "" {
			return
		}
		size := fyne.MeasureText(o.Text, o.TextSize, o.TextStyle)
		x := p.X
		switch o.Alignment {
		case fyne.TextAlignCenter:
			x += (o.Size().Width - size.Width) / 2
		case fyne.TextAlignTrailing:
			x += o.Size().Width - size.Width
		}
		ink := box{x, p.Y, x + size.Width, p.Y + size.Height}
		if ink.x1 < room.x1-1 || ink.x2 > room.x2+1 || ink.y1 < room.y1-1 || ink.y2 > room.y2+1 {
			t.Errorf("%q stands over: it is at %v, with room for %v", o.Text, ink, room)
		}
		*out = append(*out, drawn{o.Text, ink, ink.cut(clip)})
	case *container.Scroll:
		texts(t, o.Content, p, box{own.x1, -1e6, own.x2, 1e6}, clip.cut(own), out)
	case *fyne.Container:
		for _, c := range o.Objects {
			texts(t, c, p, room, clip, out)
		}
	case fyne.Widget:
		inner := own
		if room.y2 >= 1e6 {
			inner = box{own.x1, own.y1, own.x2, own.y2}
		}
		for _, c := range test.WidgetRenderer(o).Objects() {
			texts(t, c, p, inner, clip, out)
		}
	}
}

func TestScreens_noTextIsCutOrCoversAnother(t *testing.T) {
	each(t, func(t *testing.T, s situation, f form) {
		c := show(t, s, f).window.Canvas()
		whole := box{0, 0, c.Size().Width, c.Size().Height}
		root := c.Content()
		if top := c.Overlays().Top(); top != nil {
			root = top
		}
		var all []drawn
		texts(t, root, fyne.Position{}, whole, whole, &all)
		if len(all) == 0 {
			t.Fatal("nothing is written")
		}
		for i, a := range all {
			if strings.Contains(a.text, "{") || strings.Contains(a.text, "–.") {
				t.Errorf("%q has a parameter that nobody gave", a.text)
			}
			for _, b := range all[i+1:] {
				if over := a.seen.cut(b.seen); !over.empty() && over.y2-over.y1 > 6 {
					t.Errorf("%q covers %q", a.text, b.text)
				}
			}
		}
	})
}

// tapEvents maps the names whose event is not of their own name.
var tapEvents = map[string]string{
	"TapVolumeUp": "TapVolume", "TapVolumeDown": "TapVolume",
	"TapTypingNews": "TapTyping", "TapStillAsked": "TapStill", "TapOrderList": "TapOrders", "TapOrderFixed": "TapOrder",
	"TapMistakenWhyNumber": "TapMistakenWhy", "TapMistakenWhyPerson": "TapMistakenWhy", "TapMistakenWhyOther": "TapMistakenWhy",
	"TapConsentOral": "TapConsent", "TapConsentTacit": "TapConsent", "TapConsentGuardian": "TapConsent", "TapConsentWhy": "TapConsent",
	"TapTakeOverHere": "TapTakeOver", "TapTakeOverTablet": "TapTakeOver", "TapTakeOverShift": "TapTakeOver",
}

// eventOf gives the event that a button is named after.
func eventOf(name string) string {
	if other := tapEvents[name]; other != "" {
		return other
	}
	return strings.TrimRight(name, "0123456789") // a row of several
}

func centre(r image.Rectangle) fyne.Position {
	return fyne.NewPos(float32(r.Min.X+r.Max.X)/2, float32(r.Min.Y+r.Max.Y)/2)
}

func TestScreens_eachTapSendsTheEventThatItIsNamedAfter(t *testing.T) {
	for _, s := range ours() {
		for _, f := range tapForms {
			t.Run(s.name+"-"+f.String(), func(t *testing.T) {
				w := show(t, s, f)
				first := w.Targets()
				for _, name := range slices.Sorted(maps.Keys(first)) {
					if !strings.HasPrefix(name, "Tap") || strings.HasPrefix(s.name, "findcitizen") && name == "TapFind" || name == "TapAccept" {
						continue // without a right number or code it says what is wrong instead
					}
					if !maps.Equal(w.Targets(), first) {
						w = show(t, s, f) // the tap before has changed what is there
					}
					w.sent = nil
					test.TapCanvas(w.window.Canvas(), centre(first[name]))
					if want := eventOf(name); len(w.sent) != 1 || reflect.TypeOf(w.sent[0]).Name() != want {
						t.Errorf("%s sent %v, want one app.%s", name, w.sent, want)
					}
				}
			})
		}
	}
}

// tapForms are those in which everything is tapped.
var tapForms = []form{{"da", 1280, 800, 100, false}, {"en", 800, 1280, 100, false}}

// What the nurse can do is somewhere on a screen.
func TestEvents_eachIsOfferedByAScreen(t *testing.T) {
	offered := map[string]bool{}
	for _, s := range situations {
		for _, f := range tapForms {
			for name := range show(t, s, f).Targets() {
				offered[eventOf(name)] = true
			}
		}
	}
	for _, must := range []string{
		"TapEnrol", "TapRetry", "TapSignIn", "TapCancelSignIn", "TapSignOut", "TapConfirmCitizen", "TapBack", "TapJoin", "TapLeave",
		"TapLeaveYes", "TapLeaveNo", "TapAnswer", "TapNotNow", "TapWaitTwo", "TapMute", "TapCamera", "TapFlip", "TapVolume", "TapEnd",
		"TapEndYes", "TapEndNo", "TapDone", "TapChooseClinic", "TapClinic", "TapConfirmCover", "TapTakeOver", "TapRead", "TapMessages",
		"TapMoreClose", "TapOut", "TapUnlock", "TapPadClose", "TapStaff", "TapStaffStop", "TapUnlockSignIn", "TapQuit", "TapWrong", "TapWrongYes", "TapWrongNo", "TapDismiss", "TapTyping", "TapTypingClose", "TapStill", "TapStillClose", "TapStillDrop",
		"TapScan", "TapScanOffer", "TapLight", "TapHandOver",
		"TapConsent", "TapConsentCannot", "TapConsentNo", "TapWithdraw",
		"TapPoint", "TapInvite", "TapInviteClose", "TapInviteKind", "TapInviteAgain", "TapRemoveGuest", "TapMode", "TapZoom", "TapTorch",
		"TapDrill", "TapScenario", "TapDrillEnd",
		"TapCard", "TapCardClose", "TapISBAR", "TapTOBS", "TapMeasure", "TapMeasures", "TapMeasureNext", "TapMethod", "TapChoice",
		"TapEmergency", "TapEmergencyClose", "TapEmergencyDial", "TapEmergencyCalled", "TapMoot", "TapMootYes", "TapMootNo",
		"TapMistaken", "TapMistakenYes", "TapMistakenNo", "TapMistakenWhy",
		"TapOrders", "TapOrdersClose", "TapOrderNew", "TapOrderSend", "TapOrder", "TapOrderRead", "TapOrderWithdraw",
	} {
		if !offered[must] {
			t.Errorf("no screen offers %s", must)
		}
	}
}

func TestScreens_everyTapCanBeReachedAndPressedByKeyboard(t *testing.T) {
	for _, s := range ours() {
		f := form{"da", 1280, 800, 100, false}
		w := show(t, s, f)
		c := w.window.Canvas()
		reached := map[string]bool{}
		for range 120 { // more than any screen has
			c.FocusNext()
			b, ok := c.Focused().(interface {
				fyne.Focusable
				widget.Target
			})
			if !ok {
				continue
			}
			name := b.TargetName()
			if !strings.HasPrefix(name, "Tap") || reached[name] {
				continue
			}
			reached[name] = true
			w.sent = nil
			b.TypedKey(enter)
			if len(w.sent) == 0 && name != "TapFind" && name != "TapAccept" {
				t.Errorf("%s: Enter on %s sends nothing", s.name, name)
			}
		}
		for name := range w.Targets() {
			if strings.HasPrefix(name, "Tap") && !reached[name] {
				t.Errorf("%s: Tab never comes to %s", s.name, name)
			}
		}
	}
}

// forFingers tells what is tapped from what is only looked at.
func forFingers(name string) bool {
	for _, p := range []string{"Tap", "Key", "Entry", "Language", "TextSize", "Look", "Motion", "Aloud", "More", "Kind", "Zoom"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

func TestScreens_whatIsTappedIsLargeAndKeepsItsDistance(t *testing.T) {
	const small = 48 // wide enough for a short word
	each(t, func(t *testing.T, s situation, f form) {
		if f.dark {
			return
		}
		w := show(t, s, f)
		at, cut := w.Targets(), map[int]bool{}
		edges(w.window.Canvas().Content(), fyne.Position{}, cut)
		for name, r := range at {
			if !forFingers(name) {
				continue
			}
			if half := cut[r.Min.Y] || cut[r.Max.Y]; f.scale == 100 && !half && (r.Dy() < 56 || r.Dx() < small) {
				t.Errorf("%s is %v", name, r.Size())
			}
			for other, o := range at {
				if other != name && forFingers(other) && r.Overlaps(o) {
					t.Errorf("%s lies over %s", name, other)
				}
			}
		}
	})
}

// edges notes where scrolls begin and end: what lies on such a line may go on beyond it.
func edges(o fyne.CanvasObject, at fyne.Position, cut map[int]bool) {
	if !o.Visible() {
		return
	}
	p := at.Add(o.Position())
	switch o := o.(type) {
	case *container.Scroll:
		if o.Content.Size().Height > o.Size().Height+1 {
			cut[int(p.Y)], cut[int(p.Y+o.Size().Height)] = true, true
		}
		edges(o.Content, p, cut)
	case *fyne.Container:
		for _, c := range o.Objects {
			edges(c, p, cut)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			edges(c, p, cut)
		}
	}
}

// What decides the screen is in sight without scrolling, also upright and at 200 per cent.
func TestScreens_theMainActionIsAlwaysInSight(t *testing.T) {
	main := map[string]string{
		"locked": "TapStaff", "locked-calls": "TapUnlock", "locked-pad": "TapUnlockSignIn", "locked-called": "TapAnswer", "locked-incall": "TapStaff",
		"enrol": "TapEnrol", "signedout": "TapSignIn", "signedout-held": "TapSignIn", "signingin": "TapCancelSignIn", "findcitizen": "TapFind",
		"readback": "TapConfirmCitizen", "readback-doubt": "TapConfirmCitizen", "readback-cover": "TapConfirmCover", "readback-holiday": "TapConfirmCitizen", "readback-unchecked": "TapConfirmCitizen",
		"refused": "TapBack", "refused-waiting": "TapTakeOverHere", "refused-nobooking": "TapBack", "findcitizen-down": "TapFind",
		"chooseclinic": "TapClinic1", "chooseclinic-many": "EntrySearch", "waiting-message": "TapRead", "waiting-longest": "TapRead",
		"waiting-elsewhere": "TapDismiss", "waiting-wrong": "TapWrongNo", "ended-removed": "TapDone", "called-signedout": "TapAnswer",
		"consent": "TapConsentOral", "consent-cannot": "TapConsentWhy",
		"tell-tobs-number": "TapMeasureNext", "tell-tobs-temperature": "TapMeasureNext", "tell-tobs-choice": "TapMeasureNext", "tell-tobs-whole": "TapBack",
		"incall-card": "TapCardClose", "incall-card-tobs": "TapCardClose", "incall-card-number": "TapMeasureNext", "incall-card-sound": "TapCardClose",
		"check": "TapJoin", "check-bad": "TapJoin",
		"waiting": "More", "waiting-noanswer": "More", "waiting-more": "TapLeave", "waiting-leaving": "TapLeaveNo", "called": "TapAnswer", "incall": "TapEnd", "ended": "TapDone",
		"incall-two": "TapEnd", "incall-three": "TapEnd", "incall-four-words": "TapEnd", "incall-more": "TapEnd", "incall-written": "TapTypingNews",
		"incall-asked": "TapStillAsked", "incall-coming": "TapStillClose", "incall-photo": "TapStillClose", "incall-typing": "TapTypingClose",
		"incall-inviting": "TapInviteKind", "incall-link": "QR", "incall-full": "TapInviteClose", "findcitizen-over": "TapFind",
		"urgent": "TapEmergencyCalled", "urgent-called": "TapAnswer", "urgent-readback": "TapEmergencyClose", "waiting-moot": "TapMootNo",
		"drill-choice": "TapScenario1", "findcitizen-drill": "TapFind", "drill-called": "TapAnswer", "drill-incall": "TapEnd", "drill-result": "TapScenario",
	}
	each(t, func(t *testing.T, s situation, f form) {
		name := main[s.name]
		if name == "" {
			return
		}
		r, ok := show(t, s, f).Targets()[name]
		if !ok || r.Dy() < 56 || !r.In(image.Rect(0, 0, f.width, f.height)) {
			t.Errorf("%s is at %v", name, r)
		}
	})
}

func TestScreens_zeroStatesAreDrawnToo(t *testing.T) {
	for _, s := range ours() {
		state := app.State{Screen: reflect.Zero(reflect.TypeOf(s.screen)).Interface().(app.Screen)}
		w := show(t, s, form{"da", 1280, 800, 100, false})
		w.Show(state) // zero values: no name, no call, no clinic
		if w.window.Canvas().Capture() == nil {
			t.Errorf("%s: nothing is drawn", s.name)
		}
	}
}
