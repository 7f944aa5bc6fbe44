package app

import (
	"fmt"
	"slices"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// cardSituations are the states of what is written that its own events are tried in.
func cardSituations(call InCall) map[string]State {
	tell := func(w Writing) State { return on(Tell{Place: shown(kontakt.EntryWaiting), Writing: w}) }
	beside := func(w Writing) State {
		c := call
		c.Card = &w
		return on(c)
	}
	written := Writing{Known: cardOf("sår"), Draft: cardOf("sår på hælen"), due: true}
	saving := Writing{Known: cardOf("sår"), Draft: cardOf("sår på hælen"), Saving: true}
	keying, wrong, filled := measuring("puls"), measuring("puls"), measuring("")
	keying.Keyed = map[string]Keyed{"puls": {Text: "10"}}
	wrong.Keyed = map[string]Keyed{"puls": {Text: "999", Wrong: true}}
	filled.Known = scored(3, tobs.Values{"puls": reading(104), "bev": {Choice: "habituel"}})
	filled.Draft = filled.Known
	ending := call
	ending.Card, ending.Ending = &written, true
	return map[string]State{
		"Tell(measures)":       tell(measuring("")),
		"Tell(temperature)":    tell(measuring("temp")),
		"Tell(consciousness)":  tell(measuring("bev")),
		"Tell(keying)":         tell(keying),
		"Tell(wrong)":          tell(wrong),
		"Tell(scored)":         tell(filled),
		"InCall(card)":         beside(Writing{Known: cardOf("sår"), Draft: cardOf("sår")}),
		"InCall(card loading)": beside(Writing{Loading: true}),
		"InCall(card written)": beside(written),
		"InCall(card saving)":  beside(saving),
		"InCall(card keying)":  beside(keying),
		"InCall(card ending)":  on(ending),
	}
}

// cardHappenings are the events of what is written: at least one of each type.
func cardHappenings() map[string]Event {
	theirs := scored(7, tobs.Values{"rf": reading(14)})
	theirs.Analysis = "rødme"
	return map[string]Event{
		"CardFetched(scores)":  CardFetched{ID: placeID, Card: theirs, Table: tableOf("1"), Scores: true},
		"CardFetched(table)":   CardFetched{ID: placeID, Card: theirs, Table: tableOf("2"), Scores: true},
		"CardSaved(table)":     CardSaved{ID: placeID, Failure: Failure{Kind: kontakt.Conflict, Say: Sentence{Key: kontakt.MsgTOBSTable}}},
		"CardChanged":          CardChanged{ID: placeID, Version: 7},
		"CardChanged(known)":   CardChanged{ID: placeID},
		"CardChanged(another)": CardChanged{ID: "plads_b", Version: 7},
		"TapCard":              TapCard{},
		"TapCardClose":         TapCardClose{},
		"TapISBAR":             TapISBAR{},
		"TapTOBS":              TapTOBS{},
		"TapMeasure":           TapMeasure{"temp"},
		"TapMeasure(unknown)":  TapMeasure{"hb"},
		"TapMeasures":          TapMeasures{},
		"TapMeasureNext":       TapMeasureNext{},
		"TapDigit":             TapDigit{'4'},
		"TapDigit(letter)":     TapDigit{'x'},
		"TapErase":             TapErase{},
		"TapMethod":            TapMethod{"oral"},
		"TapChoice":            TapChoice{"tiltale"},
		"TapChoice(unknown)":   TapChoice{"vågen"},
	}
}

// cardNotes tell what is written.
func cardNotes(w Writing) []string {
	var notes []string
	for _, flag := range []struct {
		on   bool
		note string
	}{
		{w.Loading, "Loading"},
		{w.Saving, "Saving"},
		{w.Measures, "Measures"},
		{w.due, "due"},
		{w.Unsaved(), "unsaved"},
		{!w.Problem.None(), "Problem " + string(w.Problem.Key)},
		{!w.News.None(), "News " + string(w.News.Key)},
		{w.Field != "", "at " + w.Field},
	} {
		if flag.on {
			notes = append(notes, flag.note)
		}
	}
	var keys []string
	for key, v := range valuesOf(w.Draft) {
		if v.Number != nil {
			key += fmt.Sprintf(" %d", *v.Number)
		}
		keys = append(keys, key+v.Method+v.Choice)
	}
	for key, k := range w.Keyed {
		keys = append(keys, fmt.Sprintf("%s %q%s", key, k.Text, k.Method))
	}
	slices.Sort(keys)
	return append(notes, keys...)
}
