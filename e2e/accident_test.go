package e2e

import (
	"context"
	"path/filepath"
	"testing"
)

// Demo citizens who can't be put into a queue.
const (
	citizenWithoutClinic = "2308470101"
	citizenOfClosed      = "0511430102"
	impossibleDate       = "2902002100" // C17: 29 February 1900
)

// Each accident shows its sentence on the tablet (a target "Notice"), says what to do next, and loses nothing. The words
// themselves are pinned by the golden pictures of the screens and by the parts' own tests.
func TestAccidents_eachHasItsSentenceAndNothingIsLost(t *testing.T) {
	ctx, l := newTestLab(t, "accidents", LabOptions{TabletArgs: []string{"--camera", "none"}})
	tablet := l.Tablet
	see := func(name string) {
		t.Helper()
		_, err := tablet.See(ctx, name)
		must(t, err)
	}
	tap := func(names ...string) {
		t.Helper()
		for _, name := range names {
			must(t, tablet.Tap(ctx, name))
		}
	}
	picture := func(name string) {
		t.Helper()
		must(t, l.Picture(ctx, name, nil))
	}

	l.Say("No network at the start: the tablet says so and goes on by itself when it is back")
	l.Backend.Kill()
	must(t, tablet.Start())
	see("Screen:Enrol") // a tablet without a key asks for the code before it needs anybody
	must(t, tablet.Screen.Focus(ctx, "Kontakt Læge"))
	code, err := l.code(0)
	must(t, err)
	enter := func(code string) {
		t.Helper()
		tap("EntryCode")
		must(t, tablet.Screen.Key(ctx, "ctrl+a"))
		must(t, tablet.Screen.Type(ctx, code))
		tap("TapEnrol")
	}
	enter(code)
	see("Notice")
	picture("tilmeld-uden-net")
	must(t, l.Backend.Start(ctx))

	l.Say("A code that nobody made")
	enter("ZZZZ-9999")
	see("Notice")
	picture("forkert-kode")
	enter(code)
	see("Screen:SignedOut")
	tablet.Kill()
	l.Backend.Kill()
	must(t, tablet.Start())
	see("Screen:Starting")
	see("Notice")
	picture("start-uden-net")
	must(t, l.Backend.Start(ctx))
	see("Screen:SignedOut")

	l.Say("The same code on a second tablet")
	second, err := NewTablet(TabletOptions{
		Binary: tablet.binary, Dir: t.TempDir(), Backend: l.Backend.Demo.URL, Log: tablet.log, Width: 1280, Height: 800,
		Args: []string{"--camera", "none", "--microphone", "none", "--loudspeaker", "none"},
	})
	must(t, err)
	t.Cleanup(second.Close)
	must(t, second.Start())
	must(t, second.Tap(ctx, "EntryCode"))
	must(t, second.Screen.Focus(ctx, "Kontakt Læge"))
	must(t, second.Screen.Type(ctx, code))
	must(t, second.Tap(ctx, "TapEnrol"))
	_, err = second.See(ctx, "Notice")
	must(t, err)
	must(t, l.settle(ctx))
	must(t, second.Screen.Picture(filepath.Join(l.Out, "kode-brugt-tablet.png")))

	l.Say("A wrong password, a login that is too weak, and one that is given up")
	wrongPassword(ctx, t, l)
	refusedLogin(ctx, t, l, "jonas")
	refusedLogin(ctx, t, l, "henrik")

	must(t, l.SignIn(ctx, UserNurse, &Stopwatch{}))
	l.Say("A number that can't be, a citizen without a clinic here, a clinic that is closed")
	must(t, tablet.TapDigits(ctx, impossibleDate))
	tap("TapFind")
	see("Notice")
	picture("umuligt-cpr")
	for _, citizen := range []string{citizenWithoutClinic, citizenOfClosed} {
		for range len(citizen) {
			tap("KeyErase")
		}
		must(t, tablet.TapDigits(ctx, citizen))
		tap("TapFind", "TapConfirmCitizen")
		see("Screen:Refused")
		picture("afvist-" + citizen[:6])
		tap("TapBack")
		see("Screen:FindCitizen")
	}

	l.Say("No camera: it is said, and the citizen gets a number all the same")
	for range len(Karen) {
		if _, err := tablet.Snapshot(); err == nil {
			tap("KeyErase")
		}
	}
	must(t, l.FindCitizen(ctx, Karen, &Stopwatch{}))
	must(t, l.DrawNumber(ctx, &Stopwatch{}))

	l.Say("The network is lost while they wait: the place is kept and shown")
	l.Backend.Kill()
	see("Offline")
	picture("net-vaek")
	must(t, l.Backend.Start(ctx))
	see("Online")
	see("Screen:Waiting")
	picture("net-tilbage")
}

// openLogin taps Log ind and opens the provider's page on the tablet's screen.
func openLogin(ctx context.Context, t *testing.T, l *Lab) *Page {
	t.Helper()
	must(t, l.Tablet.Tap(ctx, "TapSignIn"))
	address, err := l.Tablet.URL(ctx)
	must(t, err)
	l.signin, err = l.Driver.LaunchChromium(ctx, l.Dir, BrowserOptions{Display: l.Tablet.Screen.Display, Width: 1280, Height: 800})
	must(t, err)
	page, err := l.signin.Open(ctx, address, false, 0, 0, "")
	must(t, err)
	must(t, page.See(ctx, "#username"))
	return page
}

func wrongPassword(ctx context.Context, t *testing.T, l *Lab) {
	t.Helper()
	page := openLogin(ctx, t, l)
	must(t, l.fillLogin(ctx, page, UserNurse, "forkert"))
	must(t, page.Click(ctx, "#login button"))
	must(t, page.See(ctx, ".wrong"))
	must(t, l.Picture(ctx, "forkert-adgangskode", nil))
	must(t, page.Click(ctx, "#cancel button"))
	_, err := l.Tablet.See(ctx, "Screen:SignedOut")
	must(t, err)
	must(t, l.closeSignIn())
	_, err = l.Tablet.See(ctx, "Notice")
	must(t, err)
	must(t, l.Picture(ctx, "login-afbrudt", nil))
}

// refusedLogin: the provider lets them in, the backend does not; the tablet says why.
func refusedLogin(ctx context.Context, t *testing.T, l *Lab, user string) {
	t.Helper()
	page := openLogin(ctx, t, l)
	must(t, l.fillLogin(ctx, page, user, "demo"))
	must(t, page.Click(ctx, "#login button"))
	_, err := l.Tablet.See(ctx, "Screen:SignedOut")
	must(t, err)
	must(t, l.closeSignIn())
	_, err = l.Tablet.See(ctx, "Notice")
	must(t, err)
	must(t, l.Picture(ctx, "afvist-"+user, nil))
}
