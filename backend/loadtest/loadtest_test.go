package loadtest

import (
	"database/sql"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

func fits() Options {
	return Options{
		Nodes: 1, Tablets: 1, Clinicians: 1, Clinics: 1, Rooms: 1, Rivals: 1, For: time.Second,
		Out: io.Discard, Progress: io.Discard,
	}
}

func TestCheck_refusesWhatCannotRun(t *testing.T) {
	if err := (&run{Options: fits()}).check(); err != nil {
		t.Fatal(err)
	}
	for flag, change := range map[string]func(*Options){
		"--nodes":      func(o *Options) { o.Nodes = 3 },
		"SQLite":       func(o *Options) { o.Database = "sqlite:/var/lib/kontaktd/kontakt.db" },
		"--database":   func(o *Options) { o.Database = "mysql://x" },
		"--clinicians": func(o *Options) { o.Clinics = 2 },
		"at least 1":   func(o *Options) { o.Tablets = 0 },
		"--for":        func(o *Options) { o.For = 0 },
	} {
		o := fits()
		change(&o)
		if err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}

// Somebody may name the real database by mistake: nothing in it may change.
func TestRun_leavesADatabaseWithTablesAlone(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	address := testkit.Postgres(t)
	if err := refuseUsed(t.Context(), address); err != nil {
		t.Fatalf("an empty database is refused: %v", err)
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE somebodys (id INT)`); err != nil {
		t.Fatal(err)
	}
	o := fits()
	o.Database = address
	if err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "1 tables") {
		t.Errorf("err = %v", err)
	}
	var tables int
	if err := db.QueryRow(`SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'`).Scan(&tables); err != nil || tables != 1 {
		t.Errorf("%d tables are in it afterwards: %v", tables, err)
	}
}

func TestBook_tellsTwiceAndLost(t *testing.T) {
	b := newBook()
	whole, twice, lost := kontakt.NewEntryID(), kontakt.NewEntryID(), kontakt.NewEntryID()
	for _, id := range []kontakt.EntryID{whole, twice, lost} {
		b.has(id)
		b.claim(id)
	}
	b.claim(twice)
	b.ended(whole)
	b.ended(twice)
	b.fail("tablet 1", errors.New("no answer"))
	if l, two, failed := b.sum(); l != 1 || two != 1 || failed != 1 {
		t.Errorf("lost %d, twice %d, failed %d", l, two, failed)
	}
}

func TestVerdict_failsForWhatMustNeverHappenAndNotForSpeed(t *testing.T) {
	var out strings.Builder
	r := &run{Options: Options{Out: &out}}
	r.within("slow", 80*time.Millisecond, 50*time.Millisecond)
	r.within("quick", time.Millisecond, 50*time.Millisecond)
	r.never("lost", 0)
	if err := r.verdict(); err != nil {
		t.Errorf("a missed goal of speed is an error: %v", err)
	}
	for line, want := range map[string]string{"slow": "NO", "quick": "yes", "lost": "yes"} {
		i := strings.Index(out.String(), line)
		if met, _, _ := strings.Cut(out.String()[i:], "\n"); !strings.HasSuffix(met, want) {
			t.Errorf("%q does not end in %s", met, want)
		}
	}
	r.never("claimed twice", 1)
	if err := r.verdict(); err == nil || !strings.Contains(err.Error(), "claimed twice: 1") {
		t.Errorf("err = %v", err)
	}
}

func TestQuantile(t *testing.T) {
	s := &series{}
	for i := range 200 {
		s.note(time.Duration(200-i)*time.Millisecond, nil)
	}
	s.note(time.Hour, errors.New("failed: its time says nothing"))
	for q, want := range map[float64]time.Duration{0: 1, 0.5: 101, 0.99: 199, 1: 200} {
		if got := s.quantile(q); got != want*time.Millisecond {
			t.Errorf("%v: %v, want %v ms", q, got, int(want))
		}
	}
	if s.count() != 200 || s.bad != 1 || (&series{}).quantile(0.5) != 0 {
		t.Errorf("%d, %d failed", s.count(), s.bad)
	}
}

// A shell that is set up for the real backend must not lead the test's own backends to its database.
func TestOwnEnvironment_leavesTheCallersBackendOut(t *testing.T) {
	t.Setenv("KONTAKT_DATABASE", "postgres://real")
	t.Setenv("KONTAKTLESS", "1")
	env := ownEnvironment()
	if slices.Contains(env, "KONTAKT_DATABASE=postgres://real") || !slices.Contains(env, "KONTAKTLESS=1") {
		t.Error(env)
	}
}
