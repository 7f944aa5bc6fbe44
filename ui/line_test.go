package ui

import (
	"testing"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/screen"
	"kontaktlaege/ui/widget"
)

// The number that was keyed goes on to the look-up with the chosen clinic, and is wiped with the digits.
func TestChooseClinic_sendsTheNumberThatWasKeyed(t *testing.T) {
	w := show(t, named(t, "findcitizen"), lying)
	for _, k := range "2902004100" {
		w.tap(t, "Key"+string(k))
	}
	w.tap(t, "TapFind")
	w.to(t, "findcitizen-down")
	w.to(t, "chooseclinic")
	w.sent = nil
	w.tap(t, "TapClinic2")
	cpr, err := kontakt.ParseCPR("290200-4100", kontakt.DateOf(now))
	if err != nil {
		t.Fatal(err)
	}
	if want := (app.TapClinic{CPR: cpr, Clinic: torvet.ID}); len(w.sent) != 1 || w.sent[0] != want {
		t.Errorf("sent %v", w.sent)
	}
	w.to(t, "readback-unchecked")
	if *w.router.parts.Keyed == (screen.Keyed{}) {
		t.Error("the number is gone while the look-up goes on")
	}
	w.to(t, "waiting")
	if *w.router.parts.Keyed != (screen.Keyed{}) {
		t.Error("the number is still there when another screen has taken over")
	}
}

// search types into the field for it, which the keyboard comes to.
func (w *shown) search(t *testing.T, words string) {
	t.Helper()
	c := w.window.Canvas()
	for range 40 {
		c.FocusNext()
		if e, ok := c.Focused().(*widget.SearchEntry); ok {
			for _, r := range words {
				e.TypedRune(r)
			}
			return
		}
	}
	t.Fatal("the keyboard never comes to the search")
}

func TestChooseClinic_isSearched(t *testing.T) {
	for word, want := range map[string]string{"nord": "Klinik Nord", "NABO ådal": "Ådalens Klinik", "havne": "Lægerne Havnegade", "": "Lægerne Havnegade"} {
		w := show(t, named(t, "chooseclinic-many"), lying)
		w.search(t, word)
		if !w.says(want) {
			t.Errorf("%q does not find %s", word, want)
		}
		if _, more := w.Targets()["TapClinic2"]; more != (word == "") {
			t.Errorf("%q finds others too", word)
		}
	}
	w := show(t, named(t, "chooseclinic-many"), lying)
	w.search(t, "zz")
	if !w.says("Ingen klinik passer") {
		t.Error("does not say that nothing is found")
	}
}

// E41: the times that are said are the backend's, whatever the tablet's clock says; E11: a closing is told ten minutes
// before.
func TestWaiting_closingIsToldByTheBackendsClock(t *testing.T) {
	w := show(t, named(t, "waiting"), lying)
	backend := now
	w.router.config.Now = func() time.Time { return now.Add(-2 * time.Hour) }
	w.router.config.Clock = func() time.Time { return backend }
	w.router = newRouter(w.window.Canvas(), w.router.config)
	w.window.SetContent(w.router.root)
	w.to(t, "waiting")
	w.router.tick()
	if !w.says("10.42") || w.says("8.42") || w.says("lukker for video") {
		t.Error("the clock in the bar is not the backend's, or a closing is told too early")
	}
	for left, want := range map[time.Duration]string{
		10 * time.Minute: "lukker for video om 10 min.", 9*time.Minute + time.Second: "lukker for video om 10 min.", 59 * time.Second: "lukker for video om 1 min.",
	} {
		backend = havnegade.ClosesAt.Add(-left)
		w.router.tick()
		if !w.says(want) {
			t.Errorf("%v before closing it does not say %q", left, want)
		}
	}
	backend = havnegade.ClosesAt.Add(time.Second)
	w.router.tick()
	if w.says("lukker for video") {
		t.Error("says that it will close when it has")
	}
}

// A message of the full length is read to its end on every form of the tablet.
func TestWaiting_theLongestMessageCanBeReadToItsEnd(t *testing.T) {
	for _, f := range forms(named(t, "waiting-longest")) {
		w := show(t, named(t, "waiting-longest"), f)
		at, ok := w.Targets()["Message"]
		if !ok || at.Dy() < 3*30 {
			t.Errorf("%s: the message is at %v", f, at)
		}
		if !w.says("blodtryk og puls") {
			t.Errorf("%s: the message is not whole", f)
		}
		if _, ok := w.Targets()["TapRead"]; !ok {
			t.Errorf("%s: it cannot be put away", f)
		}
	}
}

// Nobody signed in: the place is there, a message is told of, and none of its words.
func TestSignedOut_tellsOfAMessageWithoutItsWords(t *testing.T) {
	w := show(t, named(t, "signedout-message"), lying)
	if !w.says("log ind for at læse") || w.says("Karen") {
		t.Error("does not tell of the message, or tells too much")
	}
}

func TestWaiting_anotherNursesPlaceIsTakenOverWithOneTap(t *testing.T) {
	w := show(t, named(t, "waiting-late"), form{"en", 1280, 800, 100, false})
	if !w.says("With the citizen: Mette Juhl") {
		t.Error("does not say whose place it is")
	}
	w.tap(t, "TapTakeOver")
	if len(w.sent) != 1 || w.sent[0] != (app.TapTakeOver{Reason: "Vagtskifte"}) {
		t.Errorf("sent %v, want the reason in Danish", w.sent)
	}
}
