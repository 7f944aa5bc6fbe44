package e2e

import (
	"context"
	"fmt"
	"time"
)

// Karen is the demo's citizen of Lægerne Havnegade whom the plays are about.
const Karen = "2902004100"

// Users of the demo provider; all have the password "demo".
const (
	UserNurse     = "sanne"
	UserAssistant = "mette"
	UserDoctor    = "lars"
	UserColleague = "peter"
)

// EnrolTablet starts the tablet's program for the first time and gives it IT's code.
func (l *Lab) EnrolTablet(ctx context.Context, code string) error {
	l.Say("The tablet starts for the first time and asks for IT's code")
	if err := l.Tablet.Start(); err != nil {
		return err
	}
	if _, err := l.Tablet.See(ctx, "Screen:Enrol"); err != nil {
		return err
	}
	if err := l.Picture(ctx, "tilmeld", nil); err != nil {
		return err
	}
	if err := l.Tablet.Tap(ctx, "EntryCode"); err != nil {
		return err
	}
	if err := l.Tablet.Screen.Focus(ctx, "Kontakt Læge"); err != nil {
		return err
	}
	if err := l.Tablet.Screen.Type(ctx, code); err != nil {
		return err
	}
	if err := l.Tablet.Tap(ctx, "TapEnrol"); err != nil {
		return err
	}
	_, err := l.Tablet.See(ctx, "Screen:SignedOut")
	return err
}

// Stopwatch adds up the machine's own time: from a tap to the moment when the next thing can be tapped.
type Stopwatch struct{ Machine time.Duration }

func (w *Stopwatch) time(step func() error) error {
	start := time.Now()
	err := step()
	w.Machine += time.Since(start)
	return err
}

// SignIn signs an employee in on the tablet, by the system browser on the tablet's own screen.
func (l *Lab) SignIn(ctx context.Context, user string, w *Stopwatch) error {
	l.Say("%s signs in with the employee's login in the system browser", user)
	var page *Page
	var address string
	err := w.time(func() error {
		if err := l.Tablet.Tap(ctx, "TapSignIn"); err != nil {
			return err
		}
		var err error
		address, err = l.Tablet.URL(ctx)
		return err
	})
	if err != nil {
		return err
	}
	// The browser's own start is the system's time, and on a tablet it is warm.
	if l.signin == nil {
		l.signin, err = l.Driver.LaunchChromium(ctx, l.Dir, BrowserOptions{Display: l.Tablet.Screen.Display, Width: l.Tablet.Screen.Width, Height: l.Tablet.Screen.Height})
		if err != nil {
			return err
		}
	}
	err = w.time(func() error {
		if page, err = l.signin.Open(ctx, address, false, 0, 0, ""); err != nil {
			return err
		}
		return page.See(ctx, "#username")
	})
	if err != nil {
		return err
	}
	if err := l.Picture(ctx, "login", nil); err != nil {
		return err
	}
	if err := l.fillLogin(ctx, page, user, "demo"); err != nil {
		return err
	}
	l.Tablet.Taps += 3 // both fields and the button
	err = w.time(func() error {
		if err := page.Click(ctx, "#login button"); err != nil {
			return err
		}
		_, err := l.Tablet.See(ctx, "Screen:FindCitizen")
		return err
	})
	if err != nil {
		return err
	}
	if err := l.Picture(ctx, "logget-ind-browser", nil); err != nil {
		return err
	}
	return l.closeSignIn()
}

func (l *Lab) fillLogin(ctx context.Context, page *Page, user, password string) error {
	if err := page.Fill(ctx, "#username", user); err != nil {
		return err
	}
	return page.Fill(ctx, "#password", password)
}

// closeSignIn ends the sign-in browser: the person is back in the app.
func (l *Lab) closeSignIn() error {
	err := l.signin.Close()
	l.signin = nil
	return err
}

// FindCitizen keys a CPR number and confirms who it is.
func (l *Lab) FindCitizen(ctx context.Context, cpr string, w *Stopwatch) error {
	l.Say("The nurse keys the citizen's CPR number, reads name, age and clinic aloud, and confirms")
	if _, err := l.Tablet.See(ctx, "Screen:FindCitizen"); err != nil {
		return err
	}
	if err := l.Tablet.TapDigits(ctx, cpr); err != nil {
		return err
	}
	if err := l.Picture(ctx, "cpr", nil); err != nil {
		return err
	}
	err := w.time(func() error {
		if err := l.Tablet.Tap(ctx, "TapFind"); err != nil {
			return err
		}
		_, err := l.Tablet.See(ctx, "TapConfirmCitizen")
		return err
	})
	if err != nil {
		return err
	}
	return l.Picture(ctx, "er-det-rigtigt", nil)
}

// DrawNumber confirms the citizen, states the consent, checks the devices and puts the citizen into the queue.
func (l *Lab) DrawNumber(ctx context.Context, w *Stopwatch) error {
	l.Say("The nurse reads the question aloud, and the citizen says yes")
	err := w.time(func() error {
		if err := l.Tablet.Tap(ctx, "TapConfirmCitizen"); err != nil {
			return err
		}
		_, err := l.Tablet.See(ctx, "TapConsentOral")
		return err
	})
	if err != nil {
		return err
	}
	if err := l.Picture(ctx, "samtykke", nil); err != nil {
		return err
	}
	l.Say("Camera, microphone and the way to the relay are checked; a number is drawn")
	err = w.time(func() error {
		if err := l.Tablet.Tap(ctx, "TapConsentOral"); err != nil {
			return err
		}
		_, err := l.Tablet.See(ctx, "TapJoin")
		return err
	})
	if err != nil {
		return err
	}
	if err := l.Picture(ctx, "tjek", nil); err != nil {
		return err
	}
	err = w.time(func() error {
		if err := l.Tablet.Tap(ctx, "TapJoin"); err != nil {
			return err
		}
		_, err := l.Tablet.See(ctx, "Screen:Waiting")
		return err
	})
	if err != nil {
		return err
	}
	return l.Picture(ctx, "i-koe", nil)
}

// ClinicSignIn opens the clinic module in a cookie jar of its own and signs a clinician in.
func (l *Lab) ClinicSignIn(ctx context.Context, user, query string) (*Page, error) {
	l.Say("%s opens the clinic module in Chromium and signs in", user)
	page, err := l.clinic.Open(ctx, l.Backend.Demo.Clinic+query, true, 1280, 800, timecodeScript+probeScript+l.script)
	if err != nil {
		return nil, err
	}
	if err := page.Click(ctx, "[data-test=login]"); err != nil {
		return nil, err
	}
	if err := page.See(ctx, "#username"); err != nil {
		return nil, err
	}
	if err := l.fillLogin(ctx, page, user, "demo"); err != nil {
		return nil, err
	}
	if err := page.Click(ctx, "#login button"); err != nil {
		return nil, err
	}
	return page, page.See(ctx, "[data-test=opening]")
}

// StartFirst presses Start on the first row of the clinic's list.
func (l *Lab) StartFirst(ctx context.Context, page *Page) error {
	l.Say("The clinic sees the citizen on the list and presses Start")
	if err := page.See(ctx, "[data-test=start]"); err != nil {
		return err
	}
	if err := l.Picture(ctx, "klinikkens-liste", page); err != nil {
		return err
	}
	return page.Click(ctx, "[data-test=start]")
}

// Answer lets the tablet ring and answers.
func (l *Lab) Answer(ctx context.Context, page *Page) error {
	l.Say("The tablet calls out: det er jeres tur. The nurse answers")
	if _, err := l.Tablet.See(ctx, "TapAnswer"); err != nil {
		return err
	}
	if err := l.Picture(ctx, "jeres-tur", page); err != nil {
		return err
	}
	if err := l.Tablet.Tap(ctx, "TapAnswer"); err != nil {
		return err
	}
	_, err := l.Tablet.See(ctx, "VideoRemote")
	return err
}

// EndFromTablet hangs up on the tablet and leaves the summary.
func (l *Lab) EndFromTablet(ctx context.Context, page *Page) error {
	l.Say("The nurse ends the call; the summary says whom the citizen spoke with; back to the start")
	for _, tap := range []string{"TapEnd", "TapEndYes"} {
		if err := l.Tablet.Tap(ctx, tap); err != nil {
			return err
		}
	}
	if _, err := l.Tablet.See(ctx, "Screen:Ended"); err != nil {
		return err
	}
	if err := l.Picture(ctx, "resume", page); err != nil {
		return err
	}
	if err := l.Tablet.Tap(ctx, "TapDone"); err != nil {
		return err
	}
	if _, err := l.Tablet.See(ctx, "Screen:FindCitizen"); err != nil {
		return err
	}
	return nil
}

// code gives the n-th enrolment code that the demo printed.
func (l *Lab) code(n int) (string, error) {
	if n >= len(l.Backend.Demo.Codes) {
		return "", fmt.Errorf("e2e: the demo printed %d enrolment codes", len(l.Backend.Demo.Codes))
	}
	return l.Backend.Demo.Codes[n], nil
}
