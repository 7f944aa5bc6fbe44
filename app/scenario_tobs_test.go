package app

import (
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// tableOf is a municipality's table: the template, under its name.
func tableOf(version string) tobs.Table {
	t, err := tobs.Parse(tobs.Template("Aftenlandet Kommune", version, "2026-01-01"))
	if err != nil {
		panic(err)
	}
	return t
}

// measuring is a card on which TOBS is open.
func measuring(field string) Writing {
	return Writing{Table: tableOf("1"), Scores: true, Measures: true, Field: field}
}

// scored is a card whose values the backend has scored.
func scored(version int, values tobs.Values) kontakt.Card {
	r, err := tobs.Score(tableOf("1"), values)
	if err != nil {
		panic(err)
	}
	return kontakt.Card{Version: version, TOBS: &tobs.Scored{Values: values, At: t0, Result: r}}
}

func reading(n int) tobs.Value { return tobs.Value{Number: &n} }

func measured(n int, method string) tobs.Value { return tobs.Value{Number: &n, Method: method} }

// digits are the taps that key a number.
func digits(text string) (taps []Event) {
	for _, r := range text {
		taps = append(taps, TapDigit{r})
	}
	return taps
}

// M4, TOBS: keyed with gloves, value by value; nothing counts before the nurse goes on from it, and the total stands there when
// all of it does.
func TestM4_tobsIsKeyedAndLeavesValueByValue(t *testing.T) {
	s := on(Tell{Place: shown(kontakt.EntryWaiting), Writing: Writing{Table: tableOf("1"), Scores: true}})
	s, _ = play(s, append([]Event{TapTOBS{}, TapMeasure{"rf"}}, digits("22")...)...)
	w := screenOf[Tell](t, s).Writing
	if p, _ := w.Table.Parameter("rf"); w.Shown(p) != "22" || !w.Pending() || w.Unsaved() {
		t.Fatalf("while it is keyed: %q, unsaved %v", w.Shown(p), w.Unsaved())
	}
	p, _ := w.Table.Parameter("rf")
	if part, ok := w.Would(p); !ok || *part.Points != 2 {
		t.Errorf("22 would score %+v", part)
	}
	s, effects := play(s, TapMeasureNext{})
	if w = screenOf[Tell](t, s).Writing; w.Field != "puls" || len(asks[After](effects)) != 1 || w.Pending() {
		t.Fatalf("goes on to %q, %v", w.Field, effects)
	}
	events := append(digits("104"), TapMeasureNext{})
	events = append(append(events, digits("118")...), TapMeasureNext{}, TapMethod{"rektal"})
	events = append(append(events, digits("385")...), TapMeasureNext{}, TapChoice{"habituel"})
	s, _ = play(s, events...)
	w = screenOf[Tell](t, s).Writing
	if r := w.Result(); r.Total == nil || *r.Total != 4 {
		t.Fatalf("the total is %+v", r)
	}
	s, _ = play(s, TapMeasureNext{})
	if w = screenOf[Tell](t, s).Writing; w.Field != "" || !w.Measures {
		t.Errorf("after the last it shows %q", w.Field)
	}
	_, effects = play(s, SaveDue{})
	if got := asks[SaveCard](effects); len(got) != 1 || *got[0].Draft.TOBS.Values["temp"].Number != 385 || got[0].Draft.TOBS.Values["temp"].Method != "rektal" {
		t.Errorf("saves %+v", got)
	}
}

// M4, TOBS: a number that can't be is said, keeps the nurse where she is and never leaves; what is missing is named.
func TestM4_aMeasurementThatCannotBeLeavesNot(t *testing.T) {
	s := on(Tell{Place: shown(kontakt.EntryWaiting), Writing: measuring("puls")})
	s, effects := play(s, append(digits("999"), TapMeasureNext{})...)
	w := screenOf[Tell](t, s).Writing
	if w.Field != "puls" || !w.Keyed["puls"].Wrong || w.Unsaved() || len(effects) != 0 {
		t.Fatalf("%+v, %v", w.Keyed, effects)
	}
	if r := w.Result(); r.Total != nil || len(r.Missing) != 5 {
		t.Errorf("%+v", r)
	}
	s, _ = play(s, append([]Event{TapErase{}}, TapMeasureNext{})...)
	if w = screenOf[Tell](t, s).Writing; w.Field != "sys" || *w.Draft.TOBS.Values["puls"].Number != 99 {
		t.Errorf("corrected: %q %+v", w.Field, w.Draft.TOBS)
	}
}

// M4, TOBS: a temperature without a way to measure has no points; 3, 7, 9 is 37,9; a new number replaces the old one.
func TestM4_aTemperatureNeedsItsMethod(t *testing.T) {
	s := on(Tell{Place: shown(kontakt.EntryWaiting), Writing: measuring("temp")})
	s, _ = play(s, append(digits("379"), TapMeasures{})...)
	w := screenOf[Tell](t, s).Writing
	temp, _ := w.Table.Parameter("temp")
	if w.Shown(temp) != "37,9" || *w.Draft.TOBS.Values["temp"].Number != 379 {
		t.Fatalf("shows %q, has %+v", w.Shown(temp), w.Draft.TOBS)
	}
	if part, _ := w.Would(temp); part.Points != nil || !part.Unsaid {
		t.Errorf("without a method: %+v", part)
	}
	s, _ = play(s, TapMeasure{"temp"}, TapMethod{"axil"})
	if part, _ := screenOf[Tell](t, s).Would(temp); part.Points == nil || *part.Points != 1 || part.Counts != "38,9" {
		t.Errorf("under the arm: %+v", part)
	}
	s, _ = play(s, append(digits("40"), TapMeasures{})...)
	w = screenOf[Tell](t, s).Writing
	if v := w.Draft.TOBS.Values["temp"]; *v.Number != 400 || v.Method != "axil" {
		t.Errorf("measured again: %+v", v)
	}
	s, _ = play(s, TapMeasure{"temp"}, TapErase{}, TapErase{}, TapErase{}, TapErase{}, TapMeasures{})
	if w = screenOf[Tell](t, s).Writing; w.Draft.TOBS != nil {
		t.Errorf("erased: %+v", w.Draft.TOBS)
	}
}

// M4, TOBS: what is chosen by mistake is taken back by the same tap; saturation is noted and counts for nothing.
func TestM4_choicesAndWhatDoesNotCount(t *testing.T) {
	s := on(Tell{Place: shown(kontakt.EntryWaiting), Writing: measuring("bev")})
	s, _ = play(s, TapChoice{"ingen"}, TapChoice{"ingen"})
	if w := screenOf[Tell](t, s).Writing; w.Draft.TOBS != nil {
		t.Errorf("taken back: %+v", w.Draft.TOBS)
	}
	s, _ = play(s, append(append([]Event{TapChoice{"ingen"}, TapChoice{"agiteret"}, TapMeasure{"spo2"}}, digits("91")...), TapMeasureNext{}, TapChoice{"uden"})...)
	r := screenOf[Tell](t, s).Result()
	if *r.Parts[4].Points != 1 || len(r.Unscored) != 2 || r.Unscored[0].Points != nil || r.Total != nil {
		t.Errorf("%+v", r)
	}
}

// M4, SD: where the municipality has it off nothing of it is there, and letters leave what another wrote of it alone.
func TestM4_withoutATableThereIsNoTOBS(t *testing.T) {
	old := scored(3, tobs.Values{"puls": reading(104)})
	s, effects := play(on(Tell{Place: shown(kontakt.EntryWaiting), Writing: Writing{Loading: true}}),
		CardFetched{ID: placeID, Card: old}, TapTOBS{}, TapMeasure{"puls"}, TapDigit{'7'}, TapMeasureNext{})
	w := screenOf[Tell](t, s).Writing
	if w.Measures || w.Field != "" || len(effects) != 0 || w.Unsaved() {
		t.Errorf("%+v %v", w, effects)
	}
	_, effects = play(s, Wrote{ISBAR: cardOf("sår").ISBAR}, SaveDue{})
	if got := asks[SaveCard](effects); len(got) != 1 || *got[0].Draft.TOBS.Values["puls"].Number != 104 {
		t.Errorf("saves %+v", got)
	}
}

// M4: another tablet, or the same nurse elsewhere, has written: it is taken in per letter and per value, and what is being
// written or keyed stays.
func TestM4_whatAnotherWritesComesIn(t *testing.T) {
	mine := measuring("temp")
	mine.Known = scored(3, tobs.Values{"puls": reading(104)})
	mine.Draft = mine.Known
	mine.Draft.ISBAR = cardOf("sår på hælen").ISBAR
	theirs := scored(4, tobs.Values{"puls": reading(88), "rf": reading(14)})
	theirs.Analysis = "rødme"
	call := screenOf[InCall](t, situations()["InCall"])
	call.Card = &mine
	for name, s := range map[string]State{"waiting": on(Tell{Place: shown(kontakt.EntryWaiting), Writing: mine}), "in the call": on(call)} {
		t.Run(name, func(t *testing.T) {
			s, effects := play(s, TapDigit{'3'}, CardChanged{ID: placeID, Version: 4})
			if got := asks[FetchCard](effects); len(got) != 1 || got[0].ID != placeID {
				t.Fatalf("asks %v", effects)
			}
			s, _ = play(s, CardFetched{ID: placeID, Card: theirs, Table: mine.Table, Scores: true}, TapDigit{'7'})
			w, _ := writes(s)
			temp, _ := w.Table.Parameter("temp")
			if w.Draft.Situation != "sår på hælen" || w.Draft.Analysis != "rødme" || *w.Draft.TOBS.Values["puls"].Number != 88 || w.Shown(temp) != "37" || w.Field != "temp" {
				t.Errorf("%+v, keyed %q", w.Draft, w.Shown(temp))
			}
			if _, effects = play(s, CardChanged{ID: placeID, Version: 4}); len(effects) != 0 {
				t.Errorf("the own change again: %v", effects)
			}
		})
	}
}

// M4: the word of the own change may come before its answer; one of another's, meanwhile, is fetched after it.
func TestM4_whatAnotherWroteWhileOnesOwnWasOnItsWay(t *testing.T) {
	w := Writing{Known: cardOf("sår"), Draft: cardOf("sår på hælen"), Saving: true}
	w.Known.Version = 3
	s, effects := play(on(Tell{Place: shown(kontakt.EntryWaiting), Writing: w}), CardChanged{ID: placeID, Version: 4})
	if len(effects) != 0 {
		t.Fatalf("asks %v", effects)
	}
	saved := cardOf("sår på hælen")
	saved.Version = 4
	if _, effects = play(s, CardSaved{ID: placeID, Sent: w.Draft, Card: saved}); len(effects) != 0 {
		t.Errorf("it was its own: %v", effects)
	}
	if _, effects = play(s, CardChanged{ID: placeID, Version: 5}, CardSaved{ID: placeID, Sent: w.Draft, Card: saved}); len(asks[FetchCard](effects)) != 1 {
		t.Errorf("another's is not fetched: %v", effects)
	}
}

// M4: the table changes while it is filled in, or is turned off: it is said, and nothing that was measured is lost.
func TestM4_anotherTableWhileItIsFilledIn(t *testing.T) {
	smaller := tableOf("2")
	smaller.Parameters = smaller.Parameters[:3]
	for name, row := range map[string]struct {
		table tobs.Table
		on    bool
		says  kontakt.MsgKey
		kept  int
		words []string
	}{
		"the same values":   {tableOf("2"), true, kontakt.MsgTOBSNewTable, 2, nil},
		"without one":       {smaller, true, kontakt.MsgTOBSMoved, 1, []string{"Temperatur 38,5 °C rektalt"}},
		"turned off by now": {tobs.Table{}, false, kontakt.MsgTOBSStopped, 0, []string{"Puls 104 /min", "Temperatur 38,5 °C rektalt"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := measuring("temp")
			w.Draft = kontakt.Card{ISBAR: kontakt.ISBAR{Analysis: "Lungebetændelse?"}, TOBS: scoredOf(tobs.Values{"puls": reading(104), "temp": measured(385, "rektal")})}
			w.Saving = true
			s := on(Tell{Place: shown(kontakt.EntryWaiting), Writing: w})
			s, effects := play(s, CardSaved{ID: placeID, Sent: w.Draft, Failure: Failure{Kind: kontakt.Conflict, Say: Sentence{Key: kontakt.MsgTOBSTable}}})
			if len(asks[FetchCard](effects)) != 1 {
				t.Fatalf("asks %v", effects)
			}
			s, effects = play(s, CardFetched{ID: placeID, Table: row.table, Scores: row.on})
			got := screenOf[Tell](t, s).Writing
			if got.News.Key != row.says || len(valuesOf(got.Draft)) != row.kept || !strings.HasPrefix(got.Draft.Analysis, "Lungebetændelse?") {
				t.Errorf("%+v", got)
			}
			for _, words := range row.words {
				if !strings.Contains(got.Draft.Analysis, words) {
					t.Errorf("%q is lost: %q", words, got.Draft.Analysis)
				}
			}
			if len(asks[After](effects)) != 1 {
				t.Errorf("what is left does not leave: %v", effects)
			}
		})
	}
}

// M4, TOBS: the backend has scored by a newer table than the tablet's: the tablet fetches it and says so.
func TestM4_aCardThatWasScoredByANewerTable(t *testing.T) {
	w := measuring("")
	w.Draft, w.Saving = kontakt.Card{TOBS: scoredOf(tobs.Values{"puls": reading(104)})}, true
	saved := scored(4, w.Draft.TOBS.Values)
	saved.TOBS.Result.Version = "2"
	s, effects := play(on(Tell{Place: shown(kontakt.EntryWaiting), Writing: w}), CardSaved{ID: placeID, Sent: w.Draft, Card: saved})
	if len(asks[FetchCard](effects)) != 1 {
		t.Fatalf("asks %v", effects)
	}
	s, effects = play(s, CardFetched{ID: placeID, Card: saved, Table: tableOf("2"), Scores: true})
	if got := screenOf[Tell](t, s); got.News.Key != kontakt.MsgTOBSNewTable || len(effects) != 0 || got.Result().Version != "2" {
		t.Errorf("%+v, %v", got.News, effects)
	}
}

// M4: in the call "Kort" opens the same card beside the pictures; what is written is saved when it is put away, before the
// call is ended, and when the clinic ends it.
func TestM4_theCardInTheCall(t *testing.T) {
	s, effects := play(situations()["InCall"], TapCard{})
	if got := asks[FetchCard](effects); len(got) != 1 || got[0].ID != placeID || screenOf[InCall](t, s).Card == nil {
		t.Fatalf("asks %v", effects)
	}
	s, effects = play(s, CardFetched{ID: placeID, Card: cardOf("sår"), Table: tableOf("1"), Scores: true}, Wrote{Seq: 1, ISBAR: cardOf("sår på hælen").ISBAR})
	if len(asks[After](effects)) != 1 {
		t.Fatalf("nothing leaves: %v", effects)
	}
	for name, e := range map[string]Event{
		"put away": TapCardClose{}, "back": TapBack{}, "asked to end": TapEnd{}, "ended by the clinic": CallEnded{callID},
		"back in the queue": PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 5), At: at},
	} {
		next, effects := play(s, e)
		if got := asks[SaveCard](effects); len(got) != 1 || got[0].Draft.Situation != "sår på hælen" {
			t.Errorf("%s: saves %+v", name, got)
		}
		if !livesOf(next)[placeLife(placeID)] {
			t.Errorf("%s: the place is let go", name)
		}
	}
	back, _ := play(s, TapTOBS{}, TapMeasure{"puls"}, TapDigit{'7'}, TapBack{})
	if c := screenOf[InCall](t, back).Card; c == nil || c.Field != "" || *c.Draft.TOBS.Values["puls"].Number != 7 {
		t.Errorf("back from a measurement: %+v", c)
	}
	if c := screenOf[InCall](t, back); c.Card.Measures && c.Ending {
		t.Error("back asks about the end")
	}
}
