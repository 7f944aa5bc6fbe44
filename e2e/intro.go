package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// PlayIntro plays the whole path with the real programs, as a person would who is shown it, records the tablet's screen and
// cuts the introduction film out of it (SD-21): name + ".mp4" and name + ".vtt", at most a minute and a half, in Danish.
func PlayIntro(ctx context.Context, root, out, name string) error {
	start := time.Now()
	say := func(format string, args ...any) {
		fmt.Printf("%5.1f s  %s\n", time.Since(start).Seconds(), fmt.Sprintf(format, args...))
	}
	l, err := NewLab(ctx, LabOptions{Root: root, Out: out, Say: func(string, ...any) {}, Camera: "timecode:1280x720@15"})
	if err != nil {
		return err
	}
	defer l.Close()
	l.quiet = true
	code, err := l.code(0)
	if err != nil {
		return err
	}
	say("The programs start, and the tablet is made known")
	if err := l.EnrolTablet(ctx, code); err != nil {
		return err
	}
	page, err := l.ClinicSignIn(ctx, UserDoctor, "")
	if err != nil {
		return err
	}
	film, err := StartFilm(l.Dir, l.Tablet.Screen)
	if err != nil {
		return err
	}
	for i, s := range l.intro(ctx, page) {
		say("Scene %d: %s", i+1, s.says)
		if err := s.before(); err != nil {
			return err
		}
		if err := film.Scene(ctx, s.says, s.happen); err != nil {
			return err
		}
	}
	if err := film.Stop(); err != nil {
		return err
	}
	say("The film is cut")
	lasts, err := film.Cut(ctx, name, filepath.Join(root, "assets", "fonts"))
	if err == nil {
		say("Done: %s.mp4, %.0f s, and its captions in %s.vtt", name, lasts.Seconds(), name)
	}
	return err
}

// take is a scene, and what has to happen before it and is not shown.
type take struct {
	says           string
	before, happen func() error
}

// intro is the script.
func (l *Lab) intro(ctx context.Context, page *Page) []take {
	nothing := func() error { return nil }
	taps := func(see string, names ...string) func() error {
		return func() error {
			for _, name := range names {
				if err := l.Tablet.Tap(ctx, name); err != nil {
					return err
				}
			}
			_, err := l.Tablet.See(ctx, see)
			return err
		}
	}
	types := func(entry, text string) func() error {
		return func() error {
			if err := l.Tablet.Tap(ctx, entry); err != nil {
				return err
			}
			if err := l.Tablet.Screen.Focus(ctx, "Kontakt Læge"); err != nil {
				return err
			}
			return l.Tablet.Screen.Type(ctx, text)
		}
	}
	clicks := func(selector, see string) func() error {
		return func() error {
			if err := page.See(ctx, selector); err != nil {
				return err
			}
			if err := page.Click(ctx, selector); err != nil {
				return err
			}
			_, err := l.Tablet.See(ctx, see)
			return err
		}
	}
	var w Stopwatch
	return []take{
		{"Kontakt Læge: du hjælper en borger til en videosamtale med egen læge.", nothing, nothing},
		{"Log ind med dit medarbejder-login. Bagefter finder du borgeren.", func() error { return l.SignIn(ctx, UserNurse, &w) }, nothing},
		{"Tast CPR-numret på de store taster.", nothing, func() error { return l.Tablet.TapDigits(ctx, Karen) }},
		{"Læs navn og fødselsdag højt. Er det den rigtige borger?", nothing, taps("TapConfirmCitizen", "TapFind")},
		{"Spørg, om I må kontakte lægen, og tryk på det, borgeren svarer.", nothing, taps("TapConsentOral", "TapConfirmCitizen")},
		{"Se, at billede og lyd virker. Så trækker du et nummer.", nothing, taps("TapJoin", "TapConsentOral")},
		{"Nu er I i kø. Pladsen er jeres, også hvis tabletten går ud.", nothing, taps("Screen:Waiting", "TapJoin")},
		{"Skriv til lægen, mens I venter. Lægen ser det med det samme.", taps("Entryis.s", "TapTell"), types("Entryis.s", "Feber 39,2 siden fredag. Ondt i benet")},
		{"Når klinikken ringer, fylder det hele skærmen. Tryk Svar.", taps("Screen:Waiting", "TapBack"), clicks("[data-test=start]", "TapAnswer")},
		{"Lægen er på. Lyd, kamera og billede af et sår er altid nederst.", taps("VideoRemote", "TapAnswer"), nothing},
		{"Hører borgeren dårligt, så tryk Vis stort, og skriv.", nothing, taps("EntryText", "TapTyping")},
		{"Tryk Afslut, når I er færdige.", taps("VideoRemote", "TapTypingClose"), taps("TapEndYes", "TapEnd")},
		{"Resuméet siger, hvem borgeren talte med. Skriv det i journalen.", nothing, taps("Screen:Ended", "TapEndYes")},
		{"Øv dig først: tryk Øvelse, før nogen er logget ind. God arbejdslyst.", taps("TapDrill", "TapDone", "TapSignOut"), taps("Screen:DrillChoice", "TapDrill")},
	}
}
