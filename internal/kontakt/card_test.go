package kontakt_test

import (
	"reflect"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

func TestISBAR_isTextOfAtMostMaxLetterEach(t *testing.T) {
	long := strings.Repeat("æ", kontakt.MaxLetter)
	for text, want := range map[string]string{
		"": "", "  Feber siden i går.\n\nSpiser ikke. \n": "Feber siden i går.\n\nSpiser ikke.", long: long, long + " \n": long,
	} {
		for i := range reflect.TypeFor[kontakt.ISBAR]().NumField() {
			var card, expected kontakt.ISBAR
			reflect.ValueOf(&card).Elem().Field(i).SetString(text)
			reflect.ValueOf(&expected).Elem().Field(i).SetString(want)
			if got, ok := card.Trimmed(); !ok || got != expected {
				t.Errorf("letter %d, %q: %+v, %v", i, text, got, ok)
			}
		}
	}
	for _, text := range []string{long + "æ", "feber\x00", "\x1b[31mfeber", "feber\r\nhoste"} {
		for i := range reflect.TypeFor[kontakt.ISBAR]().NumField() {
			card := kontakt.ISBAR{Situation: "feber"}
			reflect.ValueOf(&card).Elem().Field(i).SetString(text)
			if got, ok := card.Trimmed(); ok || got != (kontakt.ISBAR{}) {
				t.Errorf("letter %d, %q passes as %+v", i, text, got)
			}
		}
	}
}

// An incomplete score has no total that could be taken for one.
func TestMark_saysWhatThereIs(t *testing.T) {
	scored := func(total int) *tobs.Scored { return &tobs.Scored{Result: tobs.Result{Total: &total}} }
	for name, c := range map[string]struct {
		card kontakt.Card
		want kontakt.CardMark
	}{
		"nothing":         {kontakt.Card{}, kontakt.CardMark{}},
		"the reason":      {kontakt.Card{Version: 2, Told: kontakt.Told{Reason: "sår"}}, kontakt.CardMark{Version: 2}},
		"one letter":      {kontakt.Card{Version: 1, ISBAR: kontakt.ISBAR{Request: "Besøg"}}, kontakt.CardMark{Version: 1, ISBAR: true}},
		"TOBS of nothing": {kontakt.Card{Version: 1, TOBS: scored(0)}, kontakt.CardMark{Version: 1, TOBS: true, Complete: true}},
		"TOBS of five":    {kontakt.Card{Version: 1, TOBS: scored(5)}, kontakt.CardMark{Version: 1, TOBS: true, Complete: true, Total: 5}},
		"half a TOBS":     {kontakt.Card{Version: 1, TOBS: &tobs.Scored{}}, kontakt.CardMark{Version: 1, TOBS: true}},
	} {
		if got := c.card.Mark(); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
