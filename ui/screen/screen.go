// Package screen draws what app.State says, one file for each type of app.Screen.
//
// Invariants: a screen gets the whole state and a send function; it decides nothing and remembers nothing of a citizen
// but the digits that are being keyed, which Forget wipes. All text comes by key. Show may be called any number of
// times with the same state.
package screen

import (
	"time"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/render"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Screen is one screen.
type Screen interface {
	// Object is the same for the life of the screen, so that focus and what was keyed last.
	Object() fyne.CanvasObject
	// Show draws s, whose Screen has the type that this screen is for.
	Show(s app.State)
	// Leave is called when another screen takes over.
	Leave()
}

// What some screens can, found by type assertion.
type (
	// Asking is a screen that can ask before something final; nil while it does not.
	Asking interface{ Question() *widget.Question }
	// Ticking is a screen with a clock of its own, moved on each second.
	Ticking interface{ Tick() }
	// Typing is a screen that takes the keyboard wherever the focus is.
	Typing interface {
		TypedRune(r rune)
		TypedKey(e *fyne.KeyEvent)
	}
	// Focusing is a screen with a place where typing starts.
	Focusing interface{ Focus() fyne.Focusable }
	// Covering is a screen that needs the status bar's room too, and offers "Ring 112" itself.
	Covering interface{ Covers() }
	// Reading is a screen that shows what is held before the camera, and takes what is read off it as if it were keyed.
	Reading interface {
		Card(number kontakt.CPR)
		Code(code string)
	}
	// Forgetting is a screen that holds something of a citizen.
	Forgetting interface{ Forget() }
)

// Parts are what every screen is built with.
type Parts struct {
	Send    func(app.Event)
	Touched func()           // a key that sends nothing yet
	Now     func() time.Time // the tablet's clock, for what lasts
	Clock   func() time.Time // the backend's, for times that are said
	Self    *widget.Video
	Remotes []*widget.Tile                           // of the others in a call, the clinic's first
	Mailbox func(participant string) *render.Mailbox // of one of the others
	Album   *render.Album                            // the stills of the call
	Scanned *widget.Video                            // what is held before the camera to be scanned
	Keyed   *Keyed

	// PickList has a person choose the file of a list. read is called on the UI thread, with nil, nil where none was chosen.
	PickList func(read func(list []byte, err error))
}

// Keyed is the CPR number of the look-up that is under way, for the screen that goes on with it. It lives as long as the
// digits in FindCitizen do.
type Keyed struct {
	cpr     kontakt.CPR
	scanned bool // and not yet shown where it would have been keyed
}

func (p Parts) sends(e app.Event) func() { return func() { p.Send(e) } }

// say gives a sentence of the state; none is no text.
func say(tr i18n.Lookup, s app.Sentence) string {
	if s.None() {
		return ""
	}
	return tr.Sentence(s.Key, s.Params)
}

// tell says what went wrong; a conversation that is over is something to know.
func tell(n *widget.Notice, tr i18n.Lookup, s app.Sentence) {
	n.SetMood(moodOf(s))
	n.SetText(say(tr, s))
}

// moodOf tells what is good to know from what went wrong.
func moodOf(s app.Sentence) widget.Mood {
	switch s.Key {
	case kontakt.MsgCallEnded, kontakt.MsgConsentNo, kontakt.MsgWithdrawn, kontakt.MsgWrongNext, kontakt.MsgWrongStopped,
		kontakt.MsgHandoverGot, kontakt.MsgHandoverLater, kontakt.MsgHandoverWent:
		return widget.Info
	}
	return widget.Warn
}

// Theme is how the tablet looks by its settings.
func Theme(s app.Settings) theme.Theme {
	looks := map[app.Look]theme.Look{app.LookDark: theme.Dark, app.LookContrast: theme.Contrast}
	return theme.Theme{Look: looks[s.Look], Scale: s.TextScale, Still: s.Still}
}

func lookup(s app.State) i18n.Lookup { return i18n.For(s.Settings.Language) }

// named joins what is known with commas.
func named(parts ...string) string {
	out := ""
	for _, p := range parts {
		if p == "" {
			continue
		}
		if out != "" {
			out += ", "
		}
		out += p
	}
	return out
}
