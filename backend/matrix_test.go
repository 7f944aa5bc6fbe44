package backend_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/desk"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// What people write in this test, and what nobody else may learn of it.
const (
	complaint = "hævet ben siden i går"
	whyMoved  = "kan ikke sidde længe"
	whyGone   = "kørt på skadestuen"
	letter    = "Mål temperaturen imens."
	whyHere   = "borgeren er flyttet"
	whoComes  = "Rigmor Testesen"
	situation = "Taler usammenhængende siden i nat"
	worse     = "hævet ben, nu også feber"
)

// change is one of the protocol's changes, as its own people ask for it.
type change struct {
	as   who
	path string // with its method in front, where that is no POST
	body any
	want int
}

// method and path of the change.
func (c change) route() (method, path string) {
	if method, path, other := strings.Cut(c.path, " "); other {
		return method, path
	}
	return http.MethodPost, c.path
}

// matrix is a stage on one of the engines with a place that two tablets hold, and everybody who has no business with it.
type matrix struct {
	*stage
	address   string
	e         wire.Entry
	strangers []who
	nurseA, nurseB,
	lars, birgit, anna who
	toPeter string
}

func newMatrix(t *testing.T, address string) *matrix {
	t.Helper()
	testkit.Guard(t, 2*time.Minute)
	m := &matrix{address: address}
	var nabo kontakt.EnrolCode
	m.stage = openStage(t, func(ctx context.Context, db *store.DB) error {
		d := desk.New(db)
		err := d.AddMunicipality(ctx, "Nabo Kommune", "90000004")
		if err == nil {
			nabo, err = d.Code(ctx, "90000004", "Tablet N", "Solsiden", time.Hour)
		}
		return err
	}, func(c *backend.Config) { c.Database = address })
	m.codes = append(m.codes, nabo.Text())
	tabA, tabB, tabC, tabN := m.enrol(0), m.enrol(1), m.enrol(2), m.enrol(len(m.codes)-1)
	m.nurseA, m.nurseB = tabA.signIn("sanne"), tabB.signIn("mette")
	m.lars, m.birgit, m.anna = m.staff("lars"), m.staff("birgit"), m.staff("anna")
	m.staff("peter") // who has never been here is nobody to hand over to
	gone, goneNurse := m.staff("lars"), tabC.signIn("sanne")
	for _, w := range []who{gone, goneNurse} {
		ask[struct{}](w, "DELETE", "/sessions/current", nil, 204)
	}
	goneNurse.name, gone.name = "a nurse who has signed out", "a doctor who has signed out"
	neighbour := tabN.signIn("henrik")
	neighbour.name = "another municipality's nurse"
	tabC.name, m.anna.name = "a tablet that does not hold it", "another clinic's doctor"
	m.strangers = []who{m.anna, neighbour, tabN.who, tabC.who, gone, goneNurse, m.nobody()}
	for _, p := range ask[wire.Staff](m.lars, "GET", "/clinic/staff", nil, 200).Staff {
		if p.Name == "Peter Lund" {
			m.toPeter = p.ID
		}
	}
	c := ask[wire.Citizen](m.nurseA, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	m.e = ask[wire.Entry](m.nurseA, "POST", "/entries", wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, Told: kontakt.Told{Reason: complaint}}, 201)
	return m
}

func (m *matrix) path(what string) string {
	return strings.ReplaceAll(what, "{id}", m.e.ID)
}

// changes are what the routes of the waiting room do to the place and its clinic, in an order in which each is allowed.
func (m *matrix) changes() []change {
	over := wire.JoinRequest{Citizen: m.e.Citizen.ID, Clinic: m.e.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, TakeOver: whyHere}
	return []change{
		{m.nurseB, "/entries", over, 201},
		{m.birgit, "/clinic/entries/{id}/place", wire.PlaceRequest{Reason: whyMoved}, 200},
		{m.birgit, "/clinic/entries/{id}/urgent", wire.UrgentRequest{Urgent: true, Reason: whyMoved}, 200},
		{m.birgit, "/clinic/entries/{id}/transfer", wire.TransferRequest{To: m.toPeter}, 200},
		{m.birgit, "/clinic/entries/{id}/message", wire.MessageRequest{Text: letter}, 200},
		{m.nurseA, "PUT /entries/{id}/card", wire.CardRequest{ISBAR: kontakt.ISBAR{Situation: situation}}, 200},
		{m.nurseB, "PUT /entries/{id}/told", wire.ToldRequest{Version: 1, Told: kontakt.Told{Reason: worse}}, 200},
		{m.lars, "/clinic/message", wire.MessageRequest{Text: letter}, 200},
		{m.birgit, "/clinic/entries/{id}/guests", wire.InviteRequest{Kind: "relative", Name: whoComes}, 201},
		{m.nurseA, "/entries/{id}/guests", wire.InviteRequest{Kind: "interpreter", Name: whoComes}, 201},
		{m.nurseB, "/entries/{id}/mode", wire.ModeRequest{Mode: string(kontakt.ModeConference)}, 200},
		{m.lars, "/clinic/entries/{id}/mode", wire.ModeRequest{Mode: string(kontakt.ModeConsultation)}, 200},
		{m.birgit, "/clinic/delay", wire.DelayRequest{Minutes: 20}, 200},
		{m.birgit, "/clinic/entries/{id}/remove", wire.RemoveRequest{Reason: whyGone}, 200},
		{m.birgit, "/clinic/entries/{id}/restore", nil, 200},
		{m.nurseB, "/entries/{id}/presence", wire.PresenceRequest{Presence: "away"}, 200},
		{m.nurseA, "/entries/{id}/leave", wire.LeaveRequest{Reason: "left"}, 200},
		{m.birgit, "/clinic/opening", wire.OpeningRequest{Reason: "kursus"}, 200},
		{m.birgit, "/clinic/opening", wire.OpeningRequest{Open: true}, 200},
	}
}

func eachEngine(t *testing.T, run func(t *testing.T, m *matrix)) {
	t.Run("sqlite", func(t *testing.T) { run(t, newMatrix(t, "sqlite:"+filepath.Join(t.TempDir(), "kontakt.db"))) })
	t.Run("postgres", func(t *testing.T) { run(t, newMatrix(t, testkit.Postgres(t))) })
}

// post asks under a key.
func (m *matrix) post(c change, key string) answer {
	m.t.Helper()
	method, path := c.route()
	r := c.as.request(method, m.path(path), c.body)
	r.Header.Set(wire.IdempotencyHeader, key)
	return m.do(r)
}

// counted is how many rows stand in a table.
func (m *matrix) counted(table string) (n int) {
	m.t.Helper()
	_, db, err := engine.Raw(m.address, false)
	if err != nil {
		m.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(m.t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
		m.t.Fatal(err)
	}
	return n
}

// Each change asked for by each who has no business with the place: nothing happens, and no answer tells anything.
func TestMatrix_strangersChangeAndLearnNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, m *matrix) {
		ask[wire.ClinicEntry](m.birgit, "POST", m.path("/clinic/entries/{id}/message"), wire.MessageRequest{Text: letter}, 200)
		own := map[string]bool{"/clinic/message": true, "/clinic/delay": true, "/clinic/opening": true, "/entries": true} // each does this at home
		never := []string{"Karen", "Madsen", "290200", "00 00 00 01", "Havnegade", "Sanne", "Lars", complaint, letter, whoComes, situation, m.e.Citizen.ID}
		before := m.counted("events")
		for _, c := range append(m.changes(), change{path: "/entries/{id}/read", body: wire.ReadRequest{Messages: []string{string(kontakt.NewMessageID())}}}) {
			if own[c.path] {
				continue
			}
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
	})
}

// Each change asked for twice under one key, as after an answer that was lost: done once, answered alike; and under the
// same key nothing else.
func TestMatrix_eachChangeUnderItsKeyIsDoneOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, m *matrix) {
		for n, c := range m.changes() {
			key := fmt.Sprintf("key-number-%d", n)
			first := m.post(c, key)
			if first.status != c.want {
				t.Fatalf("%s: %d %s", c.path, first.status, first.body)
			}
			events, rows := m.counted("events"), m.counted("audit")
			if again := m.post(c, key); again.status != first.status || string(again.body) != string(first.body) {
				t.Errorf("%s: first %s, then %d %s", c.path, first.body, again.status, again.body)
			}
			other := c
			other.path = "/clinic/delay"
			if c.path == other.path {
				other.path = "/clinic/opening"
			}
			if _, path := c.route(); strings.HasPrefix(path, "/entries") {
				other.path = "/entries/{id}/wait"
				other.body = nil
			}
			if got := m.post(other, key); got.status != 400 {
				t.Errorf("%s under the key of %s: %d %s", other.path, c.path, got.status, got.body)
			}
			if e, a := m.counted("events"), m.counted("audit"); e != events || a != rows {
				t.Errorf("%s: the second time made %d events and %d audit rows", c.path, e-events, a-rows)
			}
		}
	})
}

// What people wrote stands nowhere that it is not sealed: not in events, audit, stored replies or any other table, nor in
// the log or the figures.
func TestMatrix_whatPeopleWroteStandsNowhereInTheOpen(t *testing.T) {
	eachEngine(t, func(t *testing.T, m *matrix) {
		for n, c := range m.changes() {
			if got := m.post(c, fmt.Sprintf("key-number-%d", n)); got.status != c.want {
				t.Fatalf("%s: %d %s", c.path, got.status, got.body)
			}
		}
		eachCell(t, m.address, []string{"events", "audit", "entries", "holders", "messages", "replies", "calls", "outbox", "settings", "citizens", "guests", "guest_sessions", "cards"}, m.nothingWritten)
		m.nothingWritten("log", m.log.String())
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.srv.MetricsURL(), nil)
		if err != nil {
			t.Fatal(err)
		}
		m.nothingWritten("figures", string(m.do(r).body))
	})
}

// eachCell looks at what stands in some tables, as it is stored.
func eachCell(t *testing.T, address string, tables []string, look func(where, text string)) {
	t.Helper()
	_, db, err := engine.Raw(address, false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range tables {
		rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(table, err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			cells := make([]any, len(columns))
			for i := range cells {
				cells[i] = new([]byte)
			}
			if err := rows.Scan(cells...); err != nil {
				t.Fatal(table, err)
			}
			for i, cell := range cells {
				look(table+"."+columns[i], string(*cell.(*[]byte)))
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

func (m *matrix) nothingWritten(where, text string) {
	m.t.Helper()
	for _, word := range []string{complaint, worse, whyMoved, whyGone, letter, whyHere, whoComes, situation, karen, "Karen Madsen"} {
		if strings.Contains(text, word) {
			m.t.Errorf("%q stands in %s", word, where)
		}
	}
}
