package app

import (
	"context"
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// M4: what the nurse writes leaves by itself when her hands rest, one at a time, and what she writes meanwhile after it.
func TestM4_whatIsWrittenLeavesByItself(t *testing.T) {
	s, effects := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), TapTell{})
	if got := asks[FetchCard](effects); len(got) != 1 || got[0].ID != placeID {
		t.Fatalf("asks %v", effects)
	}
	s, effects = play(s, CardFetched{ID: placeID, Card: kontakt.Card{Version: 2}}, Wrote{ISBAR: cardOf("så").ISBAR}, Wrote{ISBAR: cardOf("sår").ISBAR})
	if got := asks[After](effects); len(got) != 1 || len(asks[SaveCard](effects)) != 0 {
		t.Fatalf("each key leaves: %v", effects)
	}
	s, effects = play(s, SaveDue{}, Wrote{ISBAR: cardOf("sår på hælen").ISBAR}, SaveDue{})
	if got := asks[SaveCard](effects); len(got) != 1 || got[0].Draft.Situation != "sår" || got[0].Base.Version != 2 {
		t.Fatalf("saves %+v", got)
	}
	saved := cardOf("sår")
	saved.Version = 3
	s, effects = play(s, CardSaved{ID: placeID, Sent: cardOf("sår"), Card: saved}, SaveDue{})
	if got := asks[SaveCard](effects); len(got) != 1 || got[0].Draft.Situation != "sår på hælen" || got[0].Base.Version != 3 {
		t.Errorf("what was written meanwhile: %+v", got)
	}
	screenOf[Tell](t, s)
}

// M4: nothing of it is lost when the nurse goes back, and when a call takes the screen.
func TestM4_whatIsWrittenIsSavedWhateverTakesTheScreen(t *testing.T) {
	for name, e := range map[string]Event{
		"back": TapBack{}, "her own call": PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at},
		"another's call": PlaceFetched{ID: "plads_o", Entry: oles(kontakt.EntryCalled, 4), At: at},
	} {
		t.Run(name, func(t *testing.T) {
			s := on(Tell{Place: shown(kontakt.EntryWaiting), Writing: Writing{Known: cardOf("sår"), Draft: cardOf("sår på hælen")}}).keep(placeOf(oles(kontakt.EntryWaiting, 3)))
			s, effects := play(s, e)
			if got := asks[SaveCard](effects); len(got) != 1 || got[0].Draft.Situation != "sår på hælen" {
				t.Errorf("saves %+v", got)
			}
			if !livesOf(s)[placeLife(placeID)] {
				t.Error("the place that it is about is let go")
			}
		})
	}
}

// M4, E24: another tablet has written too. What either has changed stands there.
func TestM4_twoTabletsWrite(t *testing.T) {
	of := func(situation, analysis string) kontakt.Card {
		return kontakt.Card{ISBAR: kontakt.ISBAR{Situation: situation, Analysis: analysis}}
	}
	for name, row := range map[string]struct{ base, mine, theirs, want kontakt.Card }{
		"another letter":          {of("", ""), of("sår", ""), of("", "rødme"), of("sår", "rødme")},
		"nothing of mine":         {of("sår", ""), of("sår", ""), of("sår og feber", ""), of("sår og feber", "")},
		"the same letter":         {of("", ""), of("sår", ""), of("feber", ""), of("feber\nsår", "")},
		"mine goes on from there": {of("", ""), of("sår på hælen", ""), of("sår", ""), of("sår på hælen", "")},
		"theirs goes on":          {of("", ""), of("sår", ""), of("sår på hælen", ""), of("sår på hælen", "")},
		"taken back by me":        {of("sår", ""), of("", ""), of("sår", "rødme"), of("", "rødme")},
	} {
		if got := merged(row.base, row.mine, row.theirs); got.ISBAR != row.want.ISBAR {
			t.Errorf("%s: %+v", name, got.ISBAR)
		}
	}
	n := 379
	mine := kontakt.Card{TOBS: scoredOf(tobs.Values{"temp": {Number: &n}})}
	if got := merged(kontakt.Card{}, mine, cardOf("sår")); !sameValues(got, mine) || got.Situation != "sår" {
		t.Errorf("%+v", got)
	}
}

// M4: over a bad network it is sent until it is there, under one key; where another tablet was first, with what that one
// has written.
func TestMachine_aCardIsSavedOverABadNetworkAndBesideAnother(t *testing.T) {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryWaiting, 3)}, nil
	}
	w.sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	type try struct{ key, situation, analysis string }
	var tries []try
	w.saveCard = func(_ context.Context, c kontakt.Card, key string) (kontakt.Card, error) {
		tries = append(tries, try{key, c.Situation, c.Analysis})
		switch len(tries) {
		case 1:
			return kontakt.Card{}, &kontakt.Error{Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable}
		case 2:
			return kontakt.Card{Version: 7, ISBAR: kontakt.ISBAR{Analysis: "rødme"}}, &kontakt.Error{Kind: kontakt.Conflict, Msg: kontakt.MsgCardChanged}
		}
		c.Version++
		return c, nil
	}
	m := run(t, w)
	until(t, m, any1[Waiting])
	m.Send(TapTell{})
	until(t, m, func(s Tell) bool { return !s.Loading })
	m.Send(Wrote{ISBAR: cardOf("sår").ISBAR})
	until(t, m, func(s Tell) bool {
		return s.Known.Version == 8 && s.Draft.Analysis == "rødme" && s.Draft.Situation == "sår"
	})
	if len(tries) != 3 || tries[0].key != tries[1].key || tries[1].key == tries[2].key || tries[2].analysis != "rødme" || slices.ContainsFunc(tries, func(t try) bool { return t.situation != "sår" }) {
		t.Errorf("tries %+v", tries)
	}
}
