package backend

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/outbox"
	"kontaktlaege/backend/turn"
	"kontaktlaege/internal/kontakt"
)

// What docs/metrics.md tells an operator is what the backend gives, no more and no less.
func TestMeter_everyFigureIsDocumented(t *testing.T) {
	relay, err := turn.Open(turn.Config{Secret: "sixteen letters!", URLs: []string{"turn:relay.example:3478"}})
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	m := newMeter(relay, func() int { return 0 })
	m.outbox(func() []outbox.Figures { return []outbox.Figures{{Kind: "sms"}} })
	m.Answered("GET /me", 200, kontakt.Kind(""), time.Millisecond) // figures with labels show once they have been used
	m.Looked("found")
	m.Asked("found", time.Millisecond)
	m.watchRegistry(func() bool { return true })
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]bool{}
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "kontakt_") {
			given[f.GetName()] = true
		}
	}
	text, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(kontakt_[a-z_]+)`").FindAllStringSubmatch(string(text), -1) {
		told[row[1]] = true
	}
	if got, want := slices.Sorted(maps.Keys(told)), slices.Sorted(maps.Keys(given)); !slices.Equal(got, want) {
		t.Errorf("docs/metrics.md tells of %v, the backend gives %v", got, want)
	}
}
