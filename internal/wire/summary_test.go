package wire_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func TestSummary_thereAndBack(t *testing.T) {
	today := kontakt.Date{Year: 2026, Month: time.November, Day: 23}
	w := read[wire.Summary](t, "summary")
	s, err := wire.ToSummary(w)
	if err != nil {
		t.Fatal(err)
	}
	if again := wire.FromSummary(s, today); !reflect.DeepEqual(again, w) {
		t.Errorf("got %+v\nwant %+v", again, w)
	}
	list, err := wire.ToSummaries(read[wire.Summaries](t, "summaries"))
	if err != nil {
		t.Fatal(err)
	}
	if again := wire.FromSummaries([]kontakt.Summary{s}, today); !reflect.DeepEqual(again, wire.FromSummaries(list, today)) {
		t.Errorf("a list says what she has written: %+v", again)
	}
}

func TestToNote_whatANurseMayWrite(t *testing.T) {
	for name, row := range map[string]struct {
		note wire.NoteRequest
		good bool
	}{
		"nothing":             {wire.NoteRequest{Version: 1}, true},
		"as long as it gets":  {wire.NoteRequest{Version: 1, Agreed: strings.Repeat("å", 2000), FollowUp: strings.Repeat("ø", 300)}, true},
		"too long":            {wire.NoteRequest{Version: 1, Agreed: strings.Repeat("å", 2001)}, false},
		"too long a contact":  {wire.NoteRequest{Version: 1, FollowUp: strings.Repeat("ø", 301)}, false},
		"lines and tabs":      {wire.NoteRequest{Version: 1, Agreed: "a\n\tb"}, true},
		"what steers":         {wire.NoteRequest{Version: 1, Agreed: "a\x1b[2Jb"}, false},
		"a word of no list":   {wire.NoteRequest{Version: 1, Went: "fine"}, false},
		"each word":           {wire.NoteRequest{Version: 1, Went: "partly"}, true},
		"without the version": {wire.NoteRequest{Agreed: "a"}, false},
	} {
		if _, err := wire.ToNote(row.note); (err == nil) != row.good || err != nil && kontakt.KindOf(err) != kontakt.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzToNote(f *testing.F) {
	f.Add("Såret skiftes hver anden dag.\nRing ved feber.", " Ny video ", "good")
	f.Add("\x00", "\u2028", "")
	f.Fuzz(func(t *testing.T, agreed, follow, went string) {
		n, err := wire.ToNote(wire.NoteRequest{Version: 1, Agreed: agreed, FollowUp: follow, Went: went})
		if err != nil {
			if n != (kontakt.Note{}) {
				t.Fatal("a note with its error")
			}
			return
		}
		if again, err := wire.ToNote(wire.FromNote(1, n)); err != nil || again != n {
			t.Fatalf("%+v, %v; want %+v", again, err, n)
		}
	})
}
