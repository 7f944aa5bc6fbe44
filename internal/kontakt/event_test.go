package kontakt_test

import (
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

func someRooms() []kontakt.Room {
	return []kontakt.Room{
		kontakt.ClinicRoom(kontakt.NewClinicID()), kontakt.LineRoom(kontakt.NewClinicID()), kontakt.EntryRoom(kontakt.NewEntryID()),
		kontakt.CallRoom(kontakt.NewCallID()), kontakt.DeviceRoom(kontakt.NewDeviceID()),
	}
}

func TestRoom_isWhatItsParserAccepts(t *testing.T) {
	for _, r := range someRooms() {
		if got, err := kontakt.ParseRoom(string(r)); err != nil || got != r {
			t.Errorf("%s: %v", r, err)
		}
		kind, id := r.Split()
		if kind+":"+id != string(r) {
			t.Errorf("%s splits into %s and %s", r, kind, id)
		}
	}
	clinic := string(kontakt.NewClinicID())
	for _, bad := range []string{"", ":", "clinic", "clinic:", "clinic:" + clinic + "x", "entry:" + clinic, "Clinic:" + clinic, "clinic:" + clinic + ":", " clinic:" + clinic} {
		if got, err := kontakt.ParseRoom(bad); kontakt.KindOf(err) != kontakt.Invalid || got != "" {
			t.Errorf("%q accepted as %q", bad, got)
		}
	}
}

func TestCursor_isWrittenOneWayAndReadBack(t *testing.T) {
	c := kontakt.Cursor{}
	for i, r := range someRooms() {
		c[r] = kontakt.Seq(i * 1000)
	}
	text := c.String()
	back, err := kontakt.ParseCursor(text)
	if err != nil || back.String() != text || len(back) != len(c) {
		t.Errorf("%s came back as %s, %v", text, back, err)
	}
	if empty, err := kontakt.ParseCursor(""); err != nil || len(empty) != 0 || empty.String() != "" {
		t.Errorf("empty = %v, %v", empty, err)
	}
	var many []string
	for range kontakt.MaxRooms + 1 {
		many = append(many, string(kontakt.EntryRoom(kontakt.NewEntryID()))+"=1")
	}
	room := string(kontakt.ClinicRoom(kontakt.NewClinicID()))
	for name, bad := range map[string]string{
		"no number": room, "empty number": room + "=", "negative": room + "=-1", "plus": room + "=+1", "leading zero": room + "=01", "twice": room + "=1," + room + "=2",
		"too large": room + "=9223372036854775808", "trailing comma": room + "=1,", "no room": "=1", "too many": strings.Join(many, ","),
	} {
		if got, err := kontakt.ParseCursor(bad); kontakt.KindOf(err) != kontakt.Invalid || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if got, err := kontakt.ParseCursor(strings.Join(many[:kontakt.MaxRooms], ",")); err != nil || len(got) != kontakt.MaxRooms {
		t.Errorf("as many as are allowed: %d, %v", len(got), err)
	}
}

func FuzzParseCursor(f *testing.F) {
	testkit.Seeds(f, "testdata/cursor/*.txt")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := kontakt.ParseCursor(s)
		if err != nil {
			if c != nil {
				t.Fatal("value with error")
			}
			return
		}
		back, err := kontakt.ParseCursor(c.String())
		if err != nil || back.String() != c.String() || len(c) > kontakt.MaxRooms {
			t.Fatalf("not canonical: %v", err)
		}
	})
}

func FuzzParseRoom(f *testing.F) {
	testkit.Seeds(f, "testdata/room/*.txt")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := kontakt.ParseRoom(s)
		if err != nil {
			if r != "" {
				t.Fatal("value with error")
			}
			return
		}
		if string(r) != s || strings.ContainsAny(s, ",= \n") {
			t.Fatal("not canonical, or unfit for a cursor")
		}
	})
}
