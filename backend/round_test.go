package backend_test

import (
	"net/http"
	"strings"
	"testing"

	"kontaktlaege/backend/demo"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// where the nurse goes, which nobody else may learn.
const whereTo = "Hemmelighedsvej 4"

// M1, M9, E65, through the outermost door on either engine: a round and its hand-over change once under a key; whoever has
// no business with them changes and learns nothing; the clinic sees the next nurse; and what was written, who the citizens
// are and the code stand nowhere in the open.
func TestRound_throughTheDoor(t *testing.T) {
	eachEngine(t, func(t *testing.T, m *matrix) {
		list := "cpr;sted\n"
		for _, p := range demo.People()[:3] {
			list += p.CPR + ";" + whereTo + "\n"
		}
		imported := ask[wire.RoundImportReply](m.nurseA, "POST", "/round/import", wire.RoundImportRequest{List: []byte(list)}, 200)
		if imported.Round == nil || len(imported.Round.Visits) != 3 {
			t.Fatalf("imported %+v", imported)
		}
		var planned wire.RoundVisit
		for _, v := range imported.Round.Visits {
			if waits := v.Citizen.ID == m.e.Citizen.ID; waits != (v.State == string(kontakt.VisitUnderWay)) || waits != (v.Entry == m.e.ID) {
				t.Errorf("visit %+v", v)
			} else if !waits {
				planned = v
			}
		}
		offer := change{m.nurseA, "/handovers", nil, 201}
		first := m.post(offer, "key-of-an-offer")
		if again := m.post(offer, "key-of-an-offer"); first.status != 201 || string(again.body) != string(first.body) {
			t.Fatalf("offered %d %s, then %s", first.status, first.body, again.body)
		}
		code := read[wire.HandoverReply](t, "offer", first, 201).Code

		never := []string{"Karen", "Madsen", "290200", "Sanne", whereTo, string(m.e.Citizen.ID)}
		before := m.counted("events")
		for _, c := range []change{
			{path: "/round/visits/" + planned.ID + "/move", body: wire.VisitMoveRequest{To: 1}},
			{path: "/round/visits/" + planned.ID + "/done"},
			{path: "/round/visits/" + planned.ID + "/missed"},
			{path: "/round/visits/" + planned.ID + "/drop"},
			{path: "/round/missed/" + planned.ID + "/take"},
			{path: "/handovers/" + read[wire.HandoverReply](t, "offer", first, 201).Handover.ID + "/withdraw"},
			{path: "/handovers/accept", body: wire.AcceptRequest{Code: code}},
		} {
			for _, w := range m.strangers {
				c.as = w
				got := m.post(c, kontakt.NewSecret())
				if got.status != 401 && got.status != 403 && got.status != 404 {
					t.Errorf("%s, by %s: %d %s", c.path, w.name, got.status, got.body)
				}
				for _, word := range never {
					if strings.Contains(string(got.body), word) {
						t.Errorf("%s, by %s: %q is in %s", c.path, w.name, word, got.body)
					}
				}
			}
		}
		if after := m.counted("events"); after != before {
			t.Errorf("%d new events", after-before)
		}

		accept := change{m.nurseB, "/handovers/accept", wire.AcceptRequest{Code: code}, 200}
		got := m.post(accept, "key-of-an-acceptance")
		if again := m.post(accept, "key-of-an-acceptance"); string(again.body) != string(got.body) {
			t.Errorf("accepted %s, then %s", got.body, again.body)
		}
		accepted := read[wire.AcceptReply](t, "accepted", got, 200)
		if len(accepted.Entries) != 1 || accepted.Entries[0].ID != m.e.ID || accepted.Entries[0].Number != m.e.Number || len(accepted.Round.Visits) != 3 {
			t.Errorf("accepted %+v", accepted)
		}
		for _, e := range ask[wire.ClinicEntries](m.lars, "GET", "/clinic/entries", nil, 200).Entries {
			if e.ID == m.e.ID && !strings.HasPrefix(e.Helper.Name, "Mette") {
				t.Errorf("the clinic sees %+v", e.Helper)
			}
		}
		if held := ask[wire.Entries](m.nurseA, "GET", "/device/entries", nil, 200).Entries; len(held) != 0 {
			t.Errorf("the old tablet holds %+v", held)
		}
		if r := ask[wire.Round](m.nurseA, "GET", "/round", nil, 200); len(r.Visits) != 0 {
			t.Errorf("her round is %+v", r.Visits)
		}

		nowhere := func(where, text string) {
			for _, word := range []string{whereTo, code, karen, "Karen Madsen"} {
				if strings.Contains(text, word) {
					t.Errorf("%q stands in %s", word, where)
				}
			}
		}
		eachCell(t, m.address, []string{"visits", "handovers", "holders", "replies", "events", "audit"}, nowhere)
		nowhere("log", m.log.String())
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.srv.MetricsURL(), nil)
		if err != nil {
			t.Fatal(err)
		}
		nowhere("figures", string(m.do(r).body))
	})
}
