package ui

import (
	"image"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/ui/widget"
)

// Each key leaves by itself, as T.140, whether the field has the focus or not.
func TestInCall_eachKeyOfTheLargeTextLeavesAtOnce(t *testing.T) {
	w := show(t, named(t, "incall"), lying)
	w.to(t, "incall-typing")
	c := w.window.Canvas()
	field, ok := c.Focused().(*widget.TypeField)
	if !ok {
		t.Fatalf("the focus is on %T", c.Focused())
	}
	field.TypedRune('h')
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	field.TypedRune('Å')
	field.TypedKey(enter)
	board := test.NewClipboard()
	board.SetContent("ja tak")
	field.TypedShortcut(&fyne.ShortcutPaste{Clipboard: board})
	c.Unfocus()
	c.OnTypedRune()('!')
	c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	want := []app.Event{
		app.TapType{Text: "h"},
		app.TapType{Text: "\u0008"},
		app.TapType{Text: "Å"},
		app.TapType{Text: "\u2028"},
		app.TapType{Text: "ja tak"},
		app.TapType{Text: "!"},
		app.TapType{Text: "\u0008"},
	}
	if !reflect.DeepEqual(w.sent, want) {
		t.Errorf("sent %q, want %q", w.sent, want)
	}
}

// What another writes is an inch high where there is room for it, at the left; what is written here stands at the right; both
// say whose it is.
func TestInCall_largeTextIsReadFromAfarAndToldApart(t *testing.T) {
	for _, f := range forms(named(t, "incall-typing")) {
		w := show(t, named(t, "incall-typing"), f)
		root := w.window.Canvas().Content()
		var theirs, mine fyne.Position
		var size float32
		letters(root, fyne.Position{}, func(o *canvas.Text, at fyne.Position) {
			switch {
			case strings.HasPrefix(o.Text, "Har"):
				theirs, size = at, o.TextSize
			case strings.HasPrefix(o.Text, "Hun"):
				mine = at
			}
		})
		want := float32(160)
		switch {
		case f == smallest:
			want = 80
		case f.scale > 100 || max(f.width, f.height) < 1280:
			want = 128 // so that all of it is seen
		}
		if size < want {
			t.Errorf("%s: the other's letters are %v high, want %v, an inch is 160", f, size, want)
		}
		if mine.X < theirs.X+float32(f.width)/5 {
			t.Errorf("%s: one's own line begins at %v, the other's at %v", f, mine.X, theirs.X)
		}
		if f.language == "da" && (!w.says("Lars Holm skriver") || !w.says("Du skriver")) {
			t.Errorf("%s: does not say who writes", f)
		}
		seen := w.Sentences()["Har du ondt i benet?"]
		if field := w.Targets()["EntryText"]; float32(seen.Dy()) < want*1.25 || seen.Max.Y > field.Min.Y {
			t.Errorf("%s: the newest line is at %v, the field at %v", f, seen, field)
		}
	}
}

// smallest is a small tablet with twice the text: keys, hint and field leave letters of half an inch room, and of a long
// line the end.
var smallest = form{"da", 1024, 640, 200, false}

// What is longer than an inch high letters show at once is still seen whole, also on a small tablet, in letters of half an
// inch at least, and no word is broken.
func TestInCall_aLongLineOfLargeTextIsSeenWhole(t *testing.T) {
	s := named(t, "incall-typing-long")
	for _, f := range append(forms(s), form{"da", 640, 1024, 100, false}, form{"da", 1024, 600, 150, false}) {
		w := show(t, s, f)
		area := w.Targets()["Transcript"]
		var lines []string
		letters(w.window.Canvas().Content(), fyne.Position{}, func(o *canvas.Text, at fyne.Position) {
			if !strings.Contains(longLine, o.Text) || len(o.Text) < 4 {
				return
			}
			if lines = append(lines, o.Text); o.TextSize < 80 {
				t.Errorf("%s: %q is %v high", f, o.Text, o.TextSize)
			}
			if top, foot := at.Y+o.TextSize*0.1, at.Y+o.TextSize*1.2; top < float32(area.Min.Y) && f != smallest || foot > float32(area.Max.Y) {
				t.Errorf("%s: %q stands from %v to %v, what is seen is %v", f, o.Text, top, foot, area)
			}
		})
		if got := strings.Join(lines, " "); got != longLine {
			t.Errorf("%s: shows %q", f, got)
		}
	}
}

// letters visits what is written and visible.
func letters(o fyne.CanvasObject, at fyne.Position, visit func(*canvas.Text, fyne.Position)) {
	if o == nil || !o.Visible() {
		return
	}
	p := at.Add(o.Position())
	switch o := o.(type) {
	case *canvas.Text:
		visit(o, p)
	case *fyne.Container:
		for _, c := range o.Objects {
			letters(c, p, visit)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			letters(c, p, visit)
		}
	}
}

func TestInCall_theCursorOfALongLineStaysInSight(t *testing.T) {
	w := show(t, named(t, "incall-typing"), lying)
	s := named(t, "incall-typing")
	v := s.screen.(app.InCall)
	v.Typing.Mine = strings.Repeat("hun siger at det gør mest ondt om natten ", 12) + "slut"
	s.screen = v
	w.Show(s.state(danish))
	if !w.says("slut") {
		t.Error("the end of the line that is being written is not shown")
	}
	if at := w.Targets()["EntryText"]; at.Dy() > 200 {
		t.Errorf("the field has grown to %v", at)
	}
}

// flat is a picture of one brightness.
func flat(luma byte) *media.Frame {
	var pool media.FramePool
	f := pool.Get(64, 36)
	for i := range f.Y {
		f.Y[i] = luma
	}
	for i := range f.U {
		f.U[i], f.V[i] = 128, 128
	}
	return f
}

func brightness(m image.Image, at image.Point) int {
	r, g, b, _ := m.At(at.X, at.Y).RGBA()
	return int(r+g+b) / 3 >> 8
}

func middle(r image.Rectangle) image.Point { return r.Min.Add(r.Size().Div(2)) }

// Everybody is seen in their own place, the clinic's the largest, and after the call no picture of anybody is kept.
func TestInCall_eachOfThreeIsSeenInTheirPlaceAndNobodyAfterwards(t *testing.T) {
	s := situation{name: "three", screen: talk(func(v *app.InCall) { v.Others = append(v.Others, amina, bent) })}
	for _, f := range forms(s) {
		w := show(t, s, f)
		for id, luma := range map[string]byte{kontakt.ParticipantClinic: 235, amina.ID: 120, bent.ID: 40} {
			w.remotes.Put(id, flat(luma))
		}
		at, m := w.Targets(), w.window.Canvas().Capture()
		clinic, second, third := at["VideoRemote"], at["VideoRemote2"], at["VideoRemote3"]
		if clinic.Empty() || second.Empty() || third.Empty() || clinic.Overlaps(second) || second.Overlaps(third) || at["VideoSelf"].Overlaps(third) {
			t.Fatalf("%s: %v, %v, %v, own %v", f, clinic, second, third, at["VideoSelf"])
		}
		if clinic.Dx()*clinic.Dy() < 2*second.Dx()*second.Dy() {
			t.Errorf("%s: the clinic is %v, a guest %v", f, clinic.Size(), second.Size())
		}
		for i, r := range []image.Rectangle{clinic, second, third} {
			if got, want := brightness(m, middle(r)), []int{255, 121, 28}[i]; got < want-2 || got > want+2 {
				t.Errorf("%s: place %d shows brightness %d, want %d", f, i+1, got, want)
			}
		}
		w.to(t, "ended")
		for _, id := range []string{kontakt.ParticipantClinic, amina.ID, bent.ID} {
			w.remotes.Put(id, flat(1))
			if w.remotes.Of(id).Take() != nil {
				t.Errorf("%s: a picture of %s is kept after the call", f, id)
			}
		}
	}
}

// With two others one's own picture lies over neither of them, and they are about as large as without it.
func TestInCall_onesOwnPictureCoversNoneOfTwo(t *testing.T) {
	s := named(t, "incall-two")
	for _, f := range append(forms(s), form{"da", 640, 1024, 100, false}) {
		w := show(t, s, f)
		at, m := w.Targets(), w.window.Canvas().Capture()
		clinic, guest, own := at["VideoRemote"], at["VideoRemote2"], at["VideoSelf"]
		if own.Empty() || own.Overlaps(clinic) || own.Overlaps(guest) || own.Dy() < 64 || own.Dy()*16-own.Dx()*9 > 16 || own.Dx()*9-own.Dy()*16 > 16 {
			t.Errorf("%s: one's own is at %v, the others at %v and %v", f, own, clinic, guest)
		}
		for _, r := range []image.Rectangle{clinic, guest} {
			if float32(r.Dy()*16) < float32(r.Dx()*9)*0.85 || !r.In(m.Bounds()) {
				t.Errorf("%s: a picture of 16 to 9 is cut in %v", f, r)
			}
		}
	}
}

// While a photo is aimed at, what the camera sees is the largest, with nothing over it, and what belongs in the photo is said.
func TestInCall_aimingShowsWhatTheCameraSees(t *testing.T) {
	for _, name := range []string{"incall-aiming", "incall-aiming-two", "incall-asked"} {
		for _, f := range forms(named(t, name)) {
			w := show(t, named(t, name), f)
			at := w.Targets()
			own, take := at["VideoSelf"], at["TapStillAsked"]
			if own.Empty() || take.Dy() < 56 || own.Overlaps(take) {
				t.Errorf("%s %s: one's own is at %v, the shutter at %v", name, f, own, take)
			}
			for _, other := range []string{"VideoRemote", "VideoRemote2"} {
				if r := at[other]; r.Overlaps(own) || r.Dx()*r.Dy() > own.Dx()*own.Dy()*2/3 && f.scale == 100 {
					t.Errorf("%s %s: one's own is at %v, %s at %v", name, f, own, other, r)
				}
			}
			if f.language == "da" && (f.scale == 100 || name != "incall-asked") && (!w.says("lineal") || !w.says("hvidt papir")) {
				t.Errorf("%s %s: does not say what belongs in the photo", name, f)
			}
		}
	}
	w := show(t, named(t, "incall-aiming"), lying)
	w.to(t, "incall")
	if at := w.Targets(); at["VideoSelf"].Dx() >= at["VideoRemote"].Dx() {
		t.Errorf("afterwards one's own is still the larger: %v", at["VideoSelf"])
	}
}

// An eight-inch tablet shows both fields and the button whole, and with its keyboard up the field that is typed in.
func TestInCall_theSheetsFieldsAreInSight(t *testing.T) {
	s := named(t, "incall-inviting")
	w := show(t, s, form{"da", 1024, 640, 100, false})
	at := w.Targets()
	for _, name := range []string{"EntryName", "EntryPhone", "TapInviteKind", "TapInviteClose"} {
		if at[name].Dy() < 56 || at[name].Max.Y > 640 {
			t.Errorf("%s is at %v", name, at[name])
		}
	}
	if at["EntryPhone"].Overlaps(at["TapInviteKind"]) {
		t.Errorf("the telephone at %v, the button at %v", at["EntryPhone"], at["TapInviteKind"])
	}
	w = show(t, s, form{"da", 1024, 320, 100, false})
	c := w.window.Canvas()
	for _, name := range []string{"EntryPhone", "EntryName", "EntryPhone"} {
		for range 40 {
			if e, ok := c.Focused().(*widget.LineEntry); ok && e.TargetName() == name {
				break
			}
			c.FocusNext()
		}
		at := w.Targets()
		if at[name].Dy() < 56 || at[name].Overlaps(at["TapInviteKind"]) {
			t.Errorf("with the keyboard up %s is at %v, the button at %v", name, at[name], at["TapInviteKind"])
		}
	}
}

// A guest goes: the others move up, and each place shows whom it now belongs to.
func TestInCall_whoGoesLeavesNoPictureBehind(t *testing.T) {
	both := situation{screen: talk(func(v *app.InCall) { v.Others = append(v.Others, amina, bent) })}
	one := situation{screen: talk(func(v *app.InCall) { v.Others = append(v.Others, bent) })}
	w := show(t, both, lying)
	w.remotes.Put(amina.ID, flat(120))
	w.remotes.Put(bent.ID, flat(40))
	w.Show(one.state(danish))
	if _, still := w.Targets()["VideoRemote2"]; still {
		t.Error("the place of who went still has a picture before the next one's has come")
	}
	w.remotes.Put(bent.ID, flat(40))
	m := w.window.Canvas().Capture()
	if got := brightness(m, middle(w.Targets()["VideoRemote2"])); got < 26 || got > 30 {
		t.Errorf("the place shows brightness %d, want Bent's", got)
	}
}

// A connection that is lost covers the picture that froze, and says so; the first picture of a new one needs no word.
func TestInCall_aFrozenPictureIsNeverShownWithoutAWord(t *testing.T) {
	w := show(t, named(t, "incall-lost"), lying)
	w.remotes.Put(kontakt.ParticipantClinic, flat(200))
	if _, seen := w.Targets()["VideoRemote"]; seen || !w.says("Forbindelsen er ved at komme tilbage") {
		t.Error("the frozen picture is shown, or nothing said")
	}
	w = show(t, named(t, "incall-connecting"), lying)
	if !w.says("Forbinder …") {
		t.Error("does not say that it connects")
	}
	w.remotes.Put(kontakt.ParticipantClinic, flat(200))
	if _, seen := w.Targets()["VideoRemote"]; !seen || w.says("Forbinder …") {
		t.Error("the first picture waits for a state")
	}
}

// However little room there is, the microphone, the camera and the end of the call are in the row; the rest is one tap
// away.
func TestInCall_theToolsThatMatterAreAlwaysInSight(t *testing.T) {
	closed := named(t, "incall-more")
	closed.more = false
	for _, f := range forms(closed) {
		w := show(t, closed, f)
		at := w.Targets()
		for _, name := range []string{"TapMute", "TapCamera", "More", "TapEnd"} {
			if r := at[name]; r.Dy() < 56 || !r.In(image.Rect(0, 0, f.width, f.height)) {
				t.Errorf("%s: %s is at %v", f, name, r)
			}
		}
		w.tap(t, "More")
		open := w.Targets()
		for _, name := range []string{"TapMute", "TapCamera", "TapEnd", "TapTyping", "TapStill", "TapVolumeUp", "TapVolumeDown"} {
			if open[name].Empty() {
				t.Errorf("%s: %s is nowhere", f, name)
			}
		}
		w.tap(t, "More")
		if !reflect.DeepEqual(w.Targets(), at) {
			t.Errorf("%s: the sheet does not close", f)
		}
	}
}

func TestInCall_deviceToolsAreThereOnlyWhereTheDeviceHasThem(t *testing.T) {
	w := show(t, named(t, "incall-more"), lying)
	w.tap(t, "TapZoom")
	w.tap(t, "TapTorch")
	w.tap(t, "TapMode")
	if want := []app.Event{app.TapZoom{Zoom: 4}, app.TapTorch{}, app.TapMode{Mode: kontakt.ModeConference}}; !reflect.DeepEqual(w.sent, want) {
		t.Errorf("sent %v, want %v", w.sent, want)
	}
	w = show(t, named(t, "incall-blind"), lying)
	w.tap(t, "More")
	for _, name := range []string{"TapZoom", "TapTorch", "TapFlip"} {
		if _, there := w.Targets()[name]; there {
			t.Errorf("%s on a tablet that has none", name)
		}
	}
}

func TestInCall_aTapOnThePhotoPointsAtIt(t *testing.T) {
	w := show(t, named(t, "incall-photo"), lying)
	at := w.Targets()["Photo"]
	for range 4 {
		w.tap(t, "ZoomIn")
	}
	c := w.window.Canvas()
	test.TapCanvas(c, centre(at))
	if len(w.sent) != 1 {
		t.Fatalf("sent %v", w.sent)
	}
	p, ok := w.sent[0].(app.TapPoint)
	if !ok || !p.On || p.X < 0.49 || p.X > 0.51 || p.Y < 0.49 || p.Y > 0.51 {
		t.Errorf("sent %v, want the middle", w.sent[0])
	}
	w.to(t, "incall")
	w.album.Clear()
	w.to(t, "incall-photo") // the album has it no more
	if _, shown := w.Targets()["Photo"]; shown {
		t.Error("a photo is shown that the album has dropped")
	}
}

// What is keyed into the sheet goes with the tap, and is gone once the link stands there.
func TestInCall_invitesWhomTheNurseKeyed(t *testing.T) {
	w := show(t, named(t, "incall-inviting"), lying)
	w.tap(t, "KindInterpreter")
	keyed := map[string]string{"EntryName": "Amina Yusuf", "EntryPhone": "20304050"}
	c := w.window.Canvas()
	for range 40 {
		c.FocusNext()
		if e, ok := c.Focused().(*widget.LineEntry); ok && keyed[e.TargetName()] != "" {
			for _, r := range keyed[e.TargetName()] {
				e.TypedRune(r)
			}
			delete(keyed, e.TargetName())
		}
	}
	w.tap(t, "TapInviteKind")
	if want := []app.Event{app.TapInviteKind{Kind: kontakt.GuestInterpreter, Name: "Amina Yusuf", Phone: "20304050"}}; !reflect.DeepEqual(w.sent, want) {
		t.Fatalf("sent %v, want %v", w.sent, want)
	}
	w.to(t, "incall-link")
	if _, shown := w.Targets()["QR"]; !shown || !w.says("inden for en time") {
		t.Error("the code or the time that it lives is not shown")
	}
	w.sent = nil
	w.to(t, "incall-inviting")
	w.tap(t, "TapInviteKind")
	if got := w.sent[0].(app.TapInviteKind); got.Name != "" || got.Phone != "" {
		t.Errorf("the next sheet still holds %q and %q", got.Name, got.Phone)
	}
	w.to(t, "signedout")
	for kind, s := range w.router.screens {
		if says(s.Object(), "Amina") {
			t.Errorf("%s still holds the guest's name", kind.Name())
		}
	}
}

// Whatever face the call has, the nurse hears of a guest outside, of what was written and of what goes wrong.
func TestInCall_eachFaceTellsWhatHappensBehindIt(t *testing.T) {
	for _, name := range []string{"incall", "incall-typing", "incall-photo", "incall-inviting", "incall-link"} {
		for want, change := range map[string]func(*app.InCall){
			"Bent Madsen venter udenfor": func(v *app.InCall) {
				v.News = app.GuestNews{Name: "Bent Madsen", State: kontakt.GuestLobby}
			},
			"Forbindelsen er væk": func(v *app.InCall) { v.Media = app.MediaLost },
			"Ring på 75 12 34 56": func(v *app.InCall) { // also while the connection is being fetched back
				v.Media, v.Rung = app.MediaLost, kontakt.RungPhone
				v.Net = app.Sentence{Key: "net.phone", Params: map[string]string{"tlf": "75 12 34 56"}}
			},
			"Der er inviteret 2": func(v *app.InCall) {
				v.Problem = app.Sentence{Key: kontakt.MsgGuestFull, Params: map[string]string{"n": "2"}}
			},
			"Lars Holm skriver: Hallo": func(v *app.InCall) {
				if !v.Typing.Open {
					v.Typing = app.Typing{Unread: true, Said: []app.TextLine{{From: kontakt.ParticipantClinic, Name: "Lars Holm", Text: "Hallo"}}}
				}
			},
		} {
			s := named(t, name)
			v := s.screen.(app.InCall)
			change(&v)
			s.screen = v
			if w := show(t, s, lying); !w.says(want) && !(v.Typing.Open && strings.HasSuffix(want, "Hallo")) {
				t.Errorf("%s: does not say %q", name, want)
			}
		}
	}
}

// One notice for each step of the ladder, and a word beside the bars.
func TestInCall_theLadderHasAWordForEachStep(t *testing.T) {
	for rung, want := range map[kontakt.Rung]string{
		kontakt.RungFull: "God", kontakt.RungLower: "Svag", kontakt.RungStill: "Svag", kontakt.RungSound: "Kun lyd", kontakt.RungText: "Kun tekst", kontakt.RungPhone: "Væk",
	} {
		ours := situation{screen: talk(func(v *app.InCall) { v.Rung = rung })}
		theirs := situation{screen: talk(func(v *app.InCall) { v.Others[0].Remote.Rung = rung })}
		for _, s := range []situation{ours, theirs} {
			if w := show(t, s, lying); !w.says(want) {
				t.Errorf("%s: does not say %q", rung, want)
			}
		}
	}
	if best := kontakt.Ladder[0].Bars; best != widget.SignalBars {
		t.Errorf("the best rung has %d bars, want all %d", best, widget.SignalBars)
	}
	if w := show(t, named(t, "incall-sound"), lying); !w.says("Dårligt net – vi bliver ved med at have lyd") || !w.says("Lars Holm") {
		t.Error("sound only: no word, or no name")
	}
}

// A conversation that another tablet ended is something to know, not something that went wrong.
func TestFindCitizen_aConversationThatIsOverIsNoWarning(t *testing.T) {
	over := named(t, "findcitizen-over")
	w := show(t, over, lying)
	for o := range notices(w.window.Canvas().Content()) {
		if o.Text() == "Samtalen er slut" && o.Mood == widget.Info {
			return
		}
	}
	t.Error("it is not told, or told as a warning")
}

// notices are those that are shown.
func notices(root fyne.CanvasObject) map[*widget.Notice]bool {
	found := map[*widget.Notice]bool{}
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		if n, ok := o.(*widget.Notice); ok {
			found[n] = true
			return
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, c := range o.Objects {
				look(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				look(c)
			}
		}
	}
	look(root)
	return found
}
