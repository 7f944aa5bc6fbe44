package backend_test

import (
	"net/http"
	"strings"
	"testing"

	"kontaktlaege/backend/signin"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

const whatWasAgreed = "Såret skiftes hver anden dag"

// office signs an employee of a municipality in at a PC.
func (s *town) office(username string) who {
	s.t.Helper()
	b := testkit.NewBrowser(s.t, s.http)
	page := b.Open(s.url+"/sygepleje/login").Submit("accounts", map[string]string{"username": username})
	if page.URL.Path != "/sygepleje/" || page.URL.RawQuery != "" {
		s.t.Fatalf("%s ends at %s", username, page.URL)
	}
	for _, c := range b.Cookies(s.url) {
		if c.Name == signin.NurseCookie {
			return who{s, username + " at a PC", http.Header{"Cookie": {c.Name + "=" + c.Value}, "Origin": {s.url}, "Sec-Fetch-Site": {"same-origin"}}}
		}
	}
	s.t.Fatalf("%s has no session", username)
	return who{}
}

// talked gives the summary of a conversation that the matrix's place has had.
func (m *matrix) talked() string {
	m.t.Helper()
	m.startAndAnswer()
	ask[wire.Entry](m.nurseA, "POST", m.path("/entries/{id}/end"), wire.EndRequest{Reason: "done"}, 200)
	all := ask[wire.Summaries](m.nurseA, "GET", "/summaries", nil, 200).Summaries
	if len(all) != 1 || all[0].Entry != m.e.ID {
		m.t.Fatalf("summaries = %+v", all)
	}
	return "/summaries/" + all[0].ID
}

func (m *matrix) startAndAnswer() {
	m.t.Helper()
	seen := ask[wire.ClinicEntries](m.lars, "GET", "/clinic/entries", nil, 200).Entries[0]
	ask[wire.StartReply](m.lars, "POST", m.path("/clinic/entries/{id}/start"), wire.StartRequest{Version: seen.Version}, 200)
	ask[wire.Entry](m.nurseA, "POST", m.path("/entries/{id}/answer"), nil, 200)
}

// put writes a note under a key.
func (m *matrix) put(w who, path string, in wire.NoteRequest, key string) answer {
	m.t.Helper()
	r := w.request(http.MethodPut, path, in)
	r.Header.Set(wire.IdempotencyHeader, key)
	return m.do(r)
}

// M11, S16: what is written at the tablet is read at the PC and the other way round, by that nurse alone; a repeated request
// does nothing twice, and what she says to stand in the journal is gone, words and all.
func TestSummary_fromTheTabletToThePCAndIntoTheJournal(t *testing.T) {
	eachEngine(t, func(t *testing.T, m *matrix) {
		path := m.talked()
		sanne := m.office("sanne")
		s := ask[wire.Summary](sanne, "GET", path, nil, 200)
		if s.Clinician != (wire.Speaker{Name: "Lars Holm", Title: "praktiserende læge"}) || s.Clinic != "Lægerne Havnegade" || s.Helper.Name != "Sanne Ravn" ||
			s.Citizen.Name != "Karen Madsen" || s.EndReason != "done" || s.Consent == nil || s.Consent.Kind != string(kontakt.ConsentOral) || s.WithdrawnAt != nil || s.Code == "" || s.EndedBy != "tablet" || !strings.HasPrefix(s.URL, m.url+"/resume/res_") {
			t.Errorf("summary = %+v", s)
		}
		note := wire.NoteRequest{Version: s.Version, Agreed: whatWasAgreed, Went: "good"}
		first := m.put(sanne, path, note, "key-of-the-note")
		if again := m.put(sanne, path, note, "key-of-the-note"); first.status != 200 || again.status != 200 || string(again.body) != string(first.body) {
			t.Errorf("written: %d %s, and again %d %s", first.status, first.body, again.status, again.body)
		}
		if strings.Contains(string(first.body), whatWasAgreed) {
			t.Errorf("the answer, which is kept, says %s", first.body)
		}
		if stale := m.put(m.nurseA, path, note, "another-key-than-that"); stale.status != 409 || !strings.Contains(string(stale.body), string(kontakt.MsgVersion)) {
			t.Errorf("of the version before: %d %s", stale.status, stale.body)
		}
		if got := ask[wire.Summary](m.nurseA, "GET", path, nil, 200); got.Agreed != whatWasAgreed || got.Went != "good" || got.Version != 2 {
			t.Errorf("at the tablet: %+v", got)
		}
		if list := m.nurseA.try("GET", "/summaries", nil); strings.Contains(string(list.body), whatWasAgreed) {
			t.Errorf("the list says %s", list.body)
		}
		m.strangersOf(path)
		ask[struct{}](sanne, "POST", path+"/done", nil, 204)
		for _, w := range []who{sanne, m.nurseA} {
			if got := w.try("GET", path, nil); got.status != 404 {
				t.Errorf("%s afterwards: %d %s", w.name, got.status, got.body)
			}
		}
		if n := m.counted("summaries"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// strangersOf asks for a summary as everybody but its nurse: nothing happens, and no answer tells anything.
func (m *matrix) strangersOf(path string) {
	m.t.Helper()
	for _, w := range append(m.strangers, m.lars, m.birgit, m.nurseB, m.office("mette")) {
		for _, got := range []answer{
			w.try("GET", path, nil), m.put(w, path, wire.NoteRequest{Version: 2, Agreed: "x"}, kontakt.NewSecret()), w.try("POST", path+"/done", nil),
		} {
			if got.status != 401 && got.status != 403 && got.status != 404 {
				m.t.Errorf("%s: %d %s", w.name, got.status, got.body)
			}
			for _, word := range []string{"Karen", "Lars", "Sanne", whatWasAgreed} {
				if strings.Contains(string(got.body), word) {
					m.t.Errorf("%s reads %s", w.name, got.body)
				}
			}
		}
	}
}

// A PC is no tablet: with its session, of the very nurse, none of the waiting rooms' routes answers.
func TestOffice_reachesNoWaitingRoom(t *testing.T) {
	eachEngine(t, func(t *testing.T, m *matrix) {
		sanne := m.office("sanne")
		before := m.counted("events")
		tried := append(m.changes(),
			change{path: "/citizens/lookup", body: wire.LookupRequest{CPR: karen}}, change{path: "/signins"}, change{path: "/entries/{id}/answer"},
			change{path: "/entries/{id}/read", body: wire.ReadRequest{Messages: []string{string(kontakt.NewMessageID())}}})
		for _, c := range tried {
			c.as = sanne
			if got := m.post(c, kontakt.NewSecret()); got.status != 401 && got.status != 403 {
				t.Errorf("%s: %d %s", c.path, got.status, got.body)
			}
		}
		for _, path := range []string{"/entries/{id}", "/device/entries", "/clinic", "/clinic/entries", "/clinics", "/relay", "/stream?at=", "/guest", "/entries/{id}/guests"} {
			if got := sanne.try("GET", m.path(path), nil); got.status != 401 && got.status != 403 {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
		}
		if after := m.counted("events"); after != before {
			t.Errorf("%d new events", after-before)
		}
		if me := ask[wire.SessionReply](sanne, "GET", "/me", nil, 200); me.Employee.Name != "Sanne Ravn" || me.ExpiresIn > 3600 {
			t.Errorf("me = %+v", me)
		}
	})
}

// What the nurse wrote stands nowhere that it is not sealed.
func TestSummary_standsNowhereInTheOpen(t *testing.T) {
	eachEngine(t, func(t *testing.T, m *matrix) {
		path := m.talked()
		if got := m.put(m.nurseA, path, wire.NoteRequest{Version: 1, Agreed: whatWasAgreed, FollowUp: whatWasAgreed}, kontakt.NewSecret()); got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		eachCell(t, m.address, []string{"summaries", "events", "audit", "replies"}, func(where, text string) {
			for _, word := range []string{whatWasAgreed, "Lars Holm", "Sanne Ravn", "Karen Madsen"} {
				if strings.Contains(text, word) {
					t.Errorf("%q stands in %s", word, where)
				}
			}
		})
		if strings.Contains(m.log.String(), whatWasAgreed) {
			t.Error("the log has what she wrote")
		}
	})
}

// The QR code's address leads to the page and tells nothing; whoever may not sign in is told why.
func TestOffice_theWayIn(t *testing.T) {
	s := newStage(t)
	get := func(path string) answer {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s.do(r)
	}
	id := string(kontakt.NewSummaryID())
	for path, want := range map[string]string{"/resume/" + id: "/sygepleje/#" + id, "/resume/anything": "/sygepleje/", "/resume/%0d%0aX": "/sygepleje/"} {
		if got := get(path); got.status != 303 || got.header.Get("Location") != want {
			t.Errorf("%s: %d to %q", path, got.status, got.header.Get("Location"))
		}
	}
	for username, want := range map[string]kontakt.MsgKey{
		"lars": kontakt.MsgLoginNoAccess, "ulla": kontakt.MsgLoginNoAccess, "karen": kontakt.MsgLoginPrivate, "jonas": kontakt.MsgLoginLevelTooLow,
		"henrik": kontakt.MsgLoginNoAccess, // of a municipality that is none of ours
	} {
		page := testkit.NewBrowser(t, s.http).Open(s.url+"/sygepleje/login").Submit("accounts", map[string]string{"username": username})
		if page.URL.Path != "/sygepleje/" || page.URL.Query().Get("login") != string(want) {
			t.Errorf("%s ends at %s, want %s", username, page.URL, want)
		}
	}
}
