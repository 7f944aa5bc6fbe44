package kontakt_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
)

func TestTold_isOneShortLineEach(t *testing.T) {
	long := strings.Repeat("æ", kontakt.MaxReason)
	for reason, want := range map[string]string{"": "", "  sår på benet\t": "sår på benet", long: long} {
		if got, ok := (kontakt.Told{Reason: reason}).Trimmed(); !ok || got.Reason != want {
			t.Errorf("%q: %q, %v", reason, got.Reason, ok)
		}
	}
	for _, reason := range []string{long + "æ", "sår\nfeber", "sår\x00"} {
		if got, ok := (kontakt.Told{Reason: reason}).Trimmed(); ok {
			t.Errorf("%q passes as %q", reason, got.Reason)
		}
	}
}

// What is kept stays what it is when a line is added: a place outlives an upgrade, and the way back.
func TestTold_isReadAsItWasKept(t *testing.T) {
	told := kontakt.Told{Reason: "sår på benet"}
	if text := told.Text(); text != "sår på benet\n" || kontakt.ParseTold(text) != told {
		t.Errorf("kept as %q, read as %+v", text, kontakt.ParseTold(text))
	}
	if got := kontakt.ParseTold("sår på benet"); got != told {
		t.Errorf("without a line: %+v", got)
	}
	if got := kontakt.ParseTold("sår på benet\n\nof a line more"); got != told {
		t.Errorf("with a line more: %+v", got)
	}
	if got := kontakt.ParseTold(""); got != (kontakt.Told{}) {
		t.Errorf("nothing: %+v", got)
	}
}

// A line that is forgotten in one place would be lost between the nurse and the clinic.
func TestTold_everyLineIsKeptAndSent(t *testing.T) {
	var told kontakt.Told
	v := reflect.ValueOf(&told).Elem()
	for i := range v.NumField() {
		v.Field(i).SetString("about " + v.Type().Field(i).Name)
	}
	if got := kontakt.ParseTold(told.Text()); got != told {
		t.Errorf("kept: %+v", got)
	}
	if got, ok := told.Trimmed(); !ok || got != told {
		t.Errorf("checked: %+v", got)
	}
	text, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	var sent map[string]string
	if err := json.Unmarshal(text, &sent); err != nil {
		t.Fatal(err)
	}
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if sent[strings.ToLower(name)] != "about "+name {
			t.Errorf("%s is sent in %s", name, text)
		}
	}
}

// M11: who is in the room is told by role, each once and in one order, and never in words of somebody's own.
func TestTold_roomIsRoles(t *testing.T) {
	for room, want := range map[string]string{
		"": "", "relative": "relative", "colleague relative": "relative colleague", "relative relative": "relative", "hendes søn Bent": "", "clinician interpreter": "interpreter",
	} {
		if got := kontakt.RoomOf(kontakt.Told{Room: room}.InRoom()); got != want {
			t.Errorf("%q: %q, want %q", room, got, want)
		}
	}
}
