package app

import (
	"testing"

	"kontaktlaege/internal/kontakt"
)

// Help opens at the page of what is shown, and never stands before a call.
func TestHelp_opensWhereItHelpsAndMakesWay(t *testing.T) {
	waiting := on(Waiting{Place: shown(kontakt.EntryWaiting)})
	s, effects := play(waiting, TapHelp{})
	if s.Top() != (Help{HelpQueue}) || len(effects) != 0 {
		t.Fatalf("over it stands %v, asks for %v", s.Over, effects)
	}
	if s, _ = play(s, TapHelpPage{HelpCall}); s.Over != (Help{HelpCall}) {
		t.Errorf("the page is %v", s.Over)
	}
	if back, _ := play(s, TapBack{}); back.Over != nil {
		t.Error("back does not come to what was shown")
	}
	rung, _ := play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	if rung.Over != nil {
		t.Error("the help stands before the ring")
	}
	if again, _ := play(rung, TapHelp{}, TapPreferences{}); again.Over != nil {
		t.Error("it can be opened before the ring")
	}
	offline := waiting
	offline.Net.Offline = true
	if s, _ = play(offline, TapHelp{}); s.Over != (Help{HelpNetwork}) {
		t.Errorf("without a network it helps with %v", s.Over)
	}
}

// The settings that are chosen over a screen are in force there.
func TestPreferences_areInForceAtOnce(t *testing.T) {
	s, _ := play(on(SignedOut{}), TapPreferences{}, TapSettings{Settings{Language: "en", TextScale: 200, Look: LookContrast, Aloud: AloudAll}})
	if s.Over != (Preferences{}) || s.Settings.Look != LookContrast || s.Settings.TextScale != 200 {
		t.Errorf("%+v over %v", s.Settings, s.Over)
	}
}
