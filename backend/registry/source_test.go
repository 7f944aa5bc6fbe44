package registry_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/fhir"
	"kontaktlaege/backend/registry"
	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// upstream is a FHIR server whose mood a test sets.
type upstream struct {
	*httptest.Server
	mu     sync.Mutex
	down   bool
	stuck  chan struct{} // not nil: answers once it is closed
	people map[string]string
	asked  int
}

func newUpstream(t *testing.T) *upstream {
	t.Helper()
	u := &upstream{people: map[string]string{}}
	u.Server = httptest.NewServer(http.HandlerFunc(u.serve))
	t.Cleanup(u.Close)
	return u
}

func (u *upstream) serve(w http.ResponseWriter, r *http.Request) {
	form := r.FormValue("identifier")
	u.mu.Lock()
	u.asked++
	down, stuck, person := u.down, u.stuck, u.people[strings.TrimPrefix(form, "urn:oid:1.2.208.176.1.2|")]
	u.mu.Unlock()
	if stuck != nil {
		<-stuck
	}
	if down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/fhir+json")
	io.WriteString(w, `{"resourceType":"Bundle","type":"searchset","entry":[`+person+`]}`)
}

func (u *upstream) set(change func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	change()
}

func (u *upstream) questions() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.asked
}

func entryOf(cpr, name, yder string) string {
	return `{"resource":{"resourceType":"Patient","identifier":[{"system":"urn:oid:1.2.208.176.1.2","value":"` + cpr + `"}],"name":[{"text":"` + name +
		`"}],"generalPractitioner":[{"identifier":{"system":"urn:oid:1.2.208.176.1.4","value":"` + yder + `"}}]}}`
}

// counted is what the figures tell.
type counted struct {
	mu            sync.Mutex
	looked, asked map[string]int
}

func (c *counted) Looked(outcome string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looked[outcome]++
}

func (c *counted) Asked(outcome string, _ time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked[outcome]++
}

// withSource is a fixture whose registry asks upstream.
func withSource(t *testing.T) (fixture, *upstream, *counted) {
	t.Helper()
	f, u := setUp(t), newUpstream(t)
	c, err := fhir.New(fhir.Config{BaseURL: u.URL, Within: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	n := &counted{looked: map[string]int{}, asked: map[string]int{}}
	f.reg = registry.New(f.db, func(a kontakt.Actor) error { return rights.Check(a, rights.FindCitizen, rights.Target{}) },
		registry.Options{Source: c, Fresh: 12 * time.Hour, Meter: n, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	t.Cleanup(func() {
		f.reg.Close()
		c.Close()
	})
	return f, u, n
}

const anders = "300601-4100"

func TestLookup_whatTheSourceToldIsKeptForHours(t *testing.T) {
	testkit.Guard(t, time.Minute)
	f, u, n := withSource(t)
	u.people["3006014100"] = entryOf("3006014100", "Anders Andet", "12345") // 012345 without its zero
	cpr := storetest.MustCPR(t, anders)
	look := func(questions int, name string) kontakt.Citizen {
		t.Helper()
		c, err := f.reg.Lookup(f.nurse, cpr, "")
		if err != nil || c.Name != name || c.Unchecked || u.questions() != questions {
			t.Errorf("citizen = %+v, %v; %d questions, want %d", c, err, u.questions(), questions)
		}
		return c
	}
	first := look(1, "Anders Andet")
	if first.Clinic == nil || first.Clinic.ID != f.world.Clinic.ID {
		t.Errorf("clinic = %+v", first.Clinic)
	}
	f.clock.Add(12*time.Hour - time.Second)
	look(1, "Anders Andet")
	u.set(func() { u.people["3006014100"] = entryOf("3006014100", "Anders Nynavn", "099999") })
	f.clock.Add(time.Second)
	if moved := look(2, "Anders Nynavn"); moved.ID != first.ID || moved.Clinic != nil {
		t.Errorf("after the move: %+v", moved)
	}
	if !maps.Equal(n.looked, map[string]int{registry.Found: 2, registry.Cached: 1}) || !maps.Equal(n.asked, map[string]int{registry.Found: 2}) {
		t.Errorf("figures = %v, %v", n.looked, n.asked)
	}
}

func TestLookup_nobodyIsAskedForOnceAMinuteHalf(t *testing.T) {
	testkit.Guard(t, time.Minute)
	f, u, _ := withSource(t)
	cpr := storetest.MustCPR(t, anders)
	for range 3 {
		_, err := f.reg.Lookup(f.nurse, cpr, f.world.Clinic.ID) // the employee's word does not count while the source answers
		wantError(t, err, kontakt.NotFound, kontakt.MsgCitizenUnknown)
	}
	if u.questions() != 1 || len(f.audited(t)) != 3 {
		t.Errorf("%d questions, %d audit rows", u.questions(), len(f.audited(t)))
	}
	u.set(func() { u.people["3006014100"] = entryOf("3006014100", "Anders Andet", "012345") })
	f.clock.Add(30 * time.Second)
	if c, err := f.reg.Lookup(f.nurse, cpr, ""); err != nil || c.Name != "Anders Andet" {
		t.Errorf("once there: %+v, %v", c, err)
	}
}

// Down: what is remembered, then the employee's word, and when it is up again the truth.
func TestLookup_downThenRememberedThenSaidThenChecked(t *testing.T) {
	testkit.Guard(t, time.Minute)
	f, u, n := withSource(t)
	u.people["3006014100"] = entryOf("3006014100", "Anders Andet", "012345")
	cpr := storetest.MustCPR(t, anders)
	if _, err := f.reg.Lookup(f.nurse, cpr, ""); err != nil {
		t.Fatal(err)
	}
	u.set(func() { u.down = true })
	f.clock.Add(24 * time.Hour)
	if c, err := f.reg.Lookup(f.nurse, cpr, ""); err != nil || c.Name != "Anders Andet" || c.Unchecked || c.Clinic == nil {
		t.Errorf("checked yesterday: %+v, %v", c, err)
	}
	rows := f.audited(t)
	if last := rows[len(rows)-1]; last.Reason != "checked "+kontakt.DateOf(storetest.Noon).String() || last.Outcome != store.OutcomeOK {
		t.Errorf("audit = %+v", last)
	}
	unknown := storetest.MustCPR(t, "140345-0101")
	_, err := f.reg.Lookup(f.nurse, unknown, "")
	wantError(t, err, kontakt.Unavailable, kontakt.MsgRegistryDown)
	_, err = f.reg.Lookup(f.nurse, unknown, kontakt.NewClinicID())
	wantError(t, err, kontakt.NotFound, kontakt.MsgNotFound)
	said, err := f.reg.Lookup(f.nurse, unknown, f.world.Clinic.ID)
	if err != nil || !said.Unchecked || said.Name != "" || said.Clinic == nil || said.Clinic.ID != f.world.Clinic.ID {
		t.Errorf("by the employee's word: %+v, %v", said, err)
	}
	f.clock.Add(30 * 24 * time.Hour) // beyond memory: the name stays, the attachment is the employee's word
	_, err = f.reg.Lookup(f.nurse, cpr, "")
	wantError(t, err, kontakt.Unavailable, kontakt.MsgRegistryDown)
	if c, err := f.reg.Lookup(f.nurse, cpr, f.world.Clinic.ID); err != nil || !c.Unchecked || c.Name != "Anders Andet" {
		t.Errorf("checked a month ago: %+v, %v", c, err)
	}
	u.set(func() { u.down = false; u.people["1403450101"] = entryOf("1403450101", "Ole Brandt", "099999") })
	f.clock.Add(time.Hour)
	c, err := f.reg.Lookup(f.nurse, unknown, f.world.Clinic.ID)
	if err != nil || c.ID != said.ID || c.Unchecked || c.Name != "Ole Brandt" || c.Clinic != nil {
		t.Errorf("up again: %+v, %v", c, err)
	}
	downs := 0
	for _, row := range f.audited(t) {
		if row.Outcome == store.OutcomeDown {
			downs++
		}
	}
	if downs != 2 || n.looked[registry.Down] != 2 || n.looked[registry.Stale] != 1 || n.looked[registry.Unchecked] != 2 {
		t.Errorf("%d rows of what could not be asked; figures = %v", downs, n.looked)
	}
}

// A dead registry is waited for once; then the answer comes at once, and a probe now and then finds it alive again.
func TestLookup_aDeadRegistryIsWaitedForOnce(t *testing.T) {
	testkit.Guard(t, time.Minute)
	f, u, _ := withSource(t)
	u.set(func() { u.down = true })
	numbers := []string{anders, "140345-0101", "210652-0100", "020938-0101"}
	for range 3 {
		for _, cpr := range numbers {
			_, err := f.reg.Lookup(f.nurse, storetest.MustCPR(t, cpr), "")
			wantError(t, err, kontakt.Unavailable, kontakt.MsgRegistryDown)
		}
	}
	if u.questions() != 1 || f.reg.Up() {
		t.Errorf("%d questions while it is known to be down, up = %v", u.questions(), f.reg.Up())
	}
	for i, rest := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute, time.Minute} {
		f.clock.Add(rest - time.Nanosecond)
		f.reg.Lookup(f.nurse, storetest.MustCPR(t, anders), "")
		if u.questions() != i+1 {
			t.Errorf("rest %v: asked before it is over", rest)
		}
		f.clock.Add(time.Nanosecond)
		f.reg.Lookup(f.nurse, storetest.MustCPR(t, anders), "")
		if u.questions() != i+2 {
			t.Errorf("rest %v: %d questions, want %d", rest, u.questions(), i+2)
		}
	}
	u.set(func() { u.down = false; u.people["3006014100"] = entryOf("3006014100", "Anders Andet", "012345") })
	f.clock.Add(time.Minute)
	if c, err := f.reg.Lookup(f.nurse, storetest.MustCPR(t, anders), ""); err != nil || c.Name != "Anders Andet" || !f.reg.Up() {
		t.Errorf("alive again: %+v, %v", c, err)
	}
}

// The probe of a registry that hangs holds a person up for a second, not for the time limit; its answer still counts.
func TestLookup_aProbeIsNotWaitedForLong(t *testing.T) {
	testkit.Guard(t, time.Minute)
	f, u, _ := withSource(t)
	u.set(func() { u.down = true })
	cpr := storetest.MustCPR(t, anders)
	f.reg.Lookup(f.nurse, cpr, "")
	free := make(chan struct{})
	u.set(func() {
		u.down, u.stuck = false, free
		u.people["3006014100"] = entryOf("3006014100", "Anders Andet", "012345")
	})
	f.clock.Add(5 * time.Second)
	_, err := f.reg.Lookup(f.nurse, cpr, "")
	wantError(t, err, kontakt.Unavailable, kontakt.MsgRegistryDown)
	close(free)
	for !f.reg.Up() {
		time.Sleep(time.Millisecond)
	}
	if c, err := f.reg.Lookup(f.nurse, cpr, ""); err != nil || c.Name != "Anders Andet" {
		t.Errorf("%+v, %v", c, err)
	}
}

// Ten tablets that ask for one citizen at once are one question; who goes away takes it from nobody.
func TestLookup_oneQuestionForAllWhoAskAtOnce(t *testing.T) {
	testkit.Guard(t, time.Minute)
	f, u, _ := withSource(t)
	free := make(chan struct{})
	u.set(func() {
		u.stuck = free
		u.people["3006014100"] = entryOf("3006014100", "Anders Andet", "012345")
	})
	cpr := storetest.MustCPR(t, anders)
	gone, leave := context.WithCancel(f.nurse)
	left := make(chan error)
	go func() {
		_, err := f.reg.Lookup(gone, cpr, "")
		left <- err
	}()
	for u.questions() == 0 {
		time.Sleep(time.Millisecond)
	}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if c, err := f.reg.Lookup(f.nurse, cpr, ""); err != nil || c.Name != "Anders Andet" {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
	leave()
	if err := <-left; err == nil {
		t.Error("who went away was answered")
	}
	close(free)
	wg.Wait()
	if n := u.questions(); n != 1 {
		t.Errorf("%d questions", n)
	}
}

func TestLookup_anAnswerInDoubtIsForTheClinicToDecide(t *testing.T) {
	testkit.Guard(t, time.Minute)
	f, u, n := withSource(t)
	u.people["3006014100"] = entryOf("3006014100", "Anders Andet", "012345") + "," + entryOf("3006014100", "Bodil Anden", "099999")
	cpr := storetest.MustCPR(t, anders)
	_, err := f.reg.Lookup(f.nurse, cpr, "")
	wantError(t, err, kontakt.Unavailable, kontakt.MsgRegistryDown)
	if c, err := f.reg.Lookup(f.nurse, cpr, f.world.Clinic.ID); err != nil || !c.Unchecked || c.Name != "" {
		t.Errorf("%+v, %v", c, err)
	}
	if !f.reg.Up() || n.looked[registry.Doubtful] != 1 {
		t.Errorf("up = %v, figures = %v: one bad record is no outage", f.reg.Up(), n.looked)
	}
}

// The whole way to a FHIR server that is not ours.
func TestLookup_inMedplum(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	f := setUp(t)
	server := testkit.StartFHIR(t, "")
	org := server.Put("", map[string]any{"resourceType": "Organization", "name": "Lægerne Torvet", "identifier": []map[string]any{{"system": "urn:oid:1.2.208.176.1.4", "value": "012345"}}})
	server.Put("", map[string]any{
		"resourceType": "Patient", "identifier": []map[string]any{{"system": "urn:oid:1.2.208.176.1.2", "value": "3006014100"}},
		"name":                []map[string]any{{"use": "usual", "given": []string{"Andy"}}, {"use": "official", "given": []string{"Anders", "Bo"}, "family": "Åkær"}},
		"generalPractitioner": []map[string]any{{"reference": "Organization/" + org}},
	})
	c, err := fhir.New(fhir.Config{BaseURL: server.URL, Within: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	defer http.DefaultClient.CloseIdleConnections()
	reg := registry.New(f.db, func(kontakt.Actor) error { return nil }, registry.Options{Source: c, Fresh: time.Hour})
	defer reg.Close()
	got, err := reg.Lookup(f.nurse, storetest.MustCPR(t, anders), "")
	if err != nil || got.Name != "Anders Bo Åkær" || got.Clinic == nil || got.Clinic.ID != f.world.Clinic.ID || got.Unchecked {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = reg.Lookup(f.nurse, storetest.MustCPR(t, "140345-0101"), "")
	wantError(t, err, kontakt.NotFound, kontakt.MsgCitizenUnknown)
}

// Holiday cover is shown beside the own clinic, which stays first; an open one goes before a closed one.
func TestLookup_tellsWhoCoversToday(t *testing.T) { // SD-08
	f := setUp(t)
	today := kontakt.DateOf(storetest.Noon)
	shut := store.Clinic{ID: "kli_" + kontakt.ClinicID(strings.Repeat("a", 26)), Name: "Lukket", Ydernummer: "000001", Opening: kontakt.Opening{Closed: true}}
	open := store.Clinic{ID: "kli_" + kontakt.ClinicID(strings.Repeat("b", 25)) + "a", Name: "Åben", Ydernummer: "000002"}
	if err := f.db.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.SaveClinic(shut), tx.SaveClinic(open),
			tx.SaveCover(store.Cover{Clinic: shut.ID, For: f.world.Clinic.ID, From: today, To: today}),
			tx.SaveCover(store.Cover{Clinic: open.ID, For: f.world.Clinic.ID, From: today, To: today}))
	}); err != nil {
		t.Fatal(err)
	}
	c, err := f.reg.Lookup(f.nurse, f.world.Citizen.CPR, "")
	if err != nil || c.Clinic.ID != f.world.Clinic.ID || c.Cover == nil || c.Cover.ID != open.ID || !c.Cover.Open {
		t.Errorf("%+v, cover %+v, %v", c, c.Cover, err)
	}
	f.clock.Add(24 * time.Hour)
	if c, err := f.reg.Lookup(f.nurse, f.world.Citizen.CPR, ""); err != nil || c.Cover != nil {
		t.Errorf("the day after: %+v, %v", c.Cover, err)
	}
	all, err := f.reg.Clinics(f.nurse)
	names := []string{}
	for _, c := range all {
		names = append(names, c.Name)
	}
	if err != nil || !slices.Equal(names, []string{"Lukket", "Lægerne Torvet", "Åben"}) {
		t.Errorf("clinics = %v, %v", names, err)
	}
}
