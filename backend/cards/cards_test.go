package cards_test

import (
	"context"
	"testing"
	"time"

	"kontaktlaege/backend/cards"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

var noon = time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)

// rooms keep one card, as backend/waiting would.
type rooms struct {
	cards.Rooms
	card kontakt.Card
}

func (r *rooms) Card(context.Context, kontakt.EntryID) (kontakt.Card, error) { return r.card, nil }

func (r *rooms) SaveCard(_ context.Context, _ kontakt.EntryID, c kontakt.Card) (kontakt.Card, error) {
	r.card = c
	return c, nil
}

// tables are the one that counts now, if any.
type tables struct{ is *tobs.Table }

func (t *tables) Today(context.Context) (tobs.Table, bool, error) {
	if t.is == nil {
		return tobs.Table{}, false, nil
	}
	return *t.is, true, nil
}

func number(n int) tobs.Value { return tobs.Value{Number: &n} }

// table scores the pulse alone: so much from so high on.
func table(t *testing.T, version, from, points string) *tobs.Table {
	t.Helper()
	read, err := tobs.Parse([]byte(`{"id":"tobs","title":"TOBS","version":"` + version + `","owner":"Eksempel Kommune","valid_from":"2026-01-01","parameters":[
		{"key":"puls","label":"Puls","unit":"/min","decimals":0,"min":0,"max":300,"bands":[{"to":` + from + `,"score":0},{"score":` + points + `}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return &read
}

func save(s *cards.Service, values tobs.Values, situation string) (kontakt.Card, error) {
	c := kontakt.Card{ISBAR: kontakt.ISBAR{Situation: situation}}
	if values != nil {
		c.TOBS = &tobs.Scored{Values: values}
	}
	return s.SaveCard(context.Background(), kontakt.NewEntryID(), c)
}

// TOBS §2.9: a changed table does not rescore what stands; another value is scored by the table of now.
func TestTOBS_aLaterTableLeavesACardAsItWas(t *testing.T) {
	now := noon
	in := &tables{table(t, "2026-01", "90", "1")}
	s := cards.New(&rooms{}, in, func() time.Time { return now })
	first, err := save(s, tobs.Values{"puls": number(100)}, "")
	if err != nil || *first.TOBS.Result.Total != 1 || first.TOBS.Result.Version != "2026-01" || !first.TOBS.At.Equal(noon) {
		t.Fatalf("scored = %+v, %v", first.TOBS, err)
	}
	now = noon.Add(time.Hour)
	for name, change := range map[string]*tobs.Table{"another table": table(t, "2026-02", "50", "3"), "none any more": nil} {
		in.is = change
		again, err := save(s, tobs.Values{"puls": number(100)}, "Feber")
		if err != nil || *again.TOBS.Result.Total != 1 || again.TOBS.Result.Version != "2026-01" || !again.TOBS.At.Equal(noon) || again.Situation != "Feber" {
			t.Errorf("%s: %+v, %v", name, again, err)
		}
	}
	in.is = table(t, "2026-02", "50", "3")
	other, err := save(s, tobs.Values{"puls": number(101)}, "Feber")
	if err != nil || *other.TOBS.Result.Total != 3 || other.TOBS.Result.Version != "2026-02" || !other.TOBS.At.Equal(now) {
		t.Errorf("another value: %+v, %v", other.TOBS, err)
	}
	if none, err := save(s, nil, "Feber"); err != nil || none.TOBS != nil {
		t.Errorf("taken away: %+v, %v", none.TOBS, err)
	}
}

func TestTOBS_whatCannotBeIsRefusedWhole(t *testing.T) {
	for name, c := range map[string]struct {
		in     *tobs.Table
		values tobs.Values
		kind   kontakt.Kind
		msg    kontakt.MsgKey
		of     string
	}{
		"off":                     {nil, tobs.Values{"puls": number(80)}, kontakt.Conflict, kontakt.MsgTOBSOff, ""},
		"a pulse that nobody has": {table(t, "1", "90", "1"), tobs.Values{"puls": number(301)}, kontakt.Invalid, kontakt.MsgTOBSValue, "Puls"},
		"of another table":        {table(t, "1", "90", "1"), tobs.Values{"spo2": number(96)}, kontakt.Conflict, kontakt.MsgTOBSTable, ""},
		"not of its form":         {table(t, "1", "90", "1"), tobs.Values{"puls": {Choice: "habituel"}}, kontakt.Conflict, kontakt.MsgTOBSTable, ""},
	} {
		kept := &rooms{card: kontakt.Card{Version: 4}}
		_, err := save(cards.New(kept, &tables{c.in}, func() time.Time { return noon }), c.values, "Feber")
		msg, params := kontakt.MsgOf(err)
		if kontakt.KindOf(err) != c.kind || msg != c.msg || params["navn"] != c.of {
			t.Errorf("%s: %v %v", name, err, params)
		}
		if kept.card != (kontakt.Card{Version: 4}) {
			t.Errorf("%s: written in part: %+v", name, kept.card)
		}
	}
}
