package registry_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/registry"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// onBoth runs a test beside a server's database of each engine, opened a second time as the command does.
func onBoth(t *testing.T, test func(t *testing.T, serving, db *store.DB, w storetest.World)) {
	for _, kind := range []engine.Kind{engine.SQLite, engine.Postgres} {
		t.Run(string(kind), func(t *testing.T) {
			address := "sqlite:" + filepath.Join(t.TempDir(), "kontakt.db")
			if kind == engine.Postgres {
				address = testkit.Postgres(t)
			}
			keys, now := store.NewKeys(), func() time.Time { return storetest.Noon }
			serving, err := engine.Open(t.Context(), address, keys, now)
			if err != nil {
				t.Fatal(err)
			}
			defer serving.Close()
			w := storetest.Settle(t, serving)
			db, err := engine.OpenLong(t.Context(), address, keys, now)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			test(t, serving, db, w)
		})
	}
}

type importFunc func(context.Context, *store.DB, io.ReadSeeker, registry.ImportOptions) (registry.Report, error)

// counts is a report in one line.
func counts(r registry.Report) string {
	return fmt.Sprintf("%d rows %d new %d changed %d unchanged %d twice %d elsewhere %d unknown %d removed %d faulty",
		r.Rows, r.New, r.Changed, r.Unchanged, r.Twice, r.Elsewhere, r.Unknown, r.Removed, r.Faulty)
}

func imports(t *testing.T, do importFunc, db *store.DB, text string, o registry.ImportOptions, want string) registry.Report {
	t.Helper()
	r, err := do(t.Context(), db, strings.NewReader(text), o)
	if err != nil && !errors.Is(err, registry.ErrFaulty) || (err != nil) != (r.Faulty > 0) {
		t.Errorf("import: %v", err)
	}
	if got := counts(r); got != want {
		t.Errorf("import = %s, want %s (%v)", got, want, r.Faults)
	}
	return r
}

// roll is the table as it stands: name and clinic by number.
func roll(t *testing.T, db *store.DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		citizens, err := tx.CitizensAfter("")
		for _, c := range citizens {
			all[c.CPR.Reveal()] = c.Name + " " + string(c.Clinic)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestImportCitizens_onBothEnginesWhileAServerRuns(t *testing.T) { // SD-19
	onBoth(t, func(t *testing.T, serving, db *store.DB, w storetest.World) {
		const first = "CPR;Navn;Ydernr.\r\n290200-4100;Karla Testesen;12345\r\n1403450101;Ole Brandt;012345\r\n2106520100;Inger Friis;099999\r\n2106520100;Inger Friis;099999\r\n1110580101;Yusuf Demir;\r\n"
		imports(t, registry.ImportCitizens, db, first, registry.ImportOptions{DryRun: true}, "5 rows 3 new 1 changed 0 unchanged 1 twice 2 elsewhere 0 unknown 0 removed 0 faulty")
		if n := len(roll(t, serving)); n != 1 {
			t.Errorf("a dry run left %d citizens", n)
		}
		// Karla was known, and nobody had checked her.
		r := imports(t, registry.ImportCitizens, db, first, registry.ImportOptions{}, "5 rows 3 new 1 changed 0 unchanged 1 twice 2 elsewhere 0 unknown 0 removed 0 faulty")
		if r.Eaten.Ydernummer != 1 {
			t.Errorf("%+v", r.Eaten)
		}
		got := roll(t, serving)
		clinic := string(w.Clinic.ID)
		for cpr, want := range map[string]string{"2902004100": "Karla Testesen " + clinic, "1403450101": "Ole Brandt " + clinic, "2106520100": "Inger Friis ", "1110580101": "Yusuf Demir "} {
			if got[cpr] != want {
				t.Errorf("%q, want %q", got[cpr], want)
			}
		}
		imports(t, registry.ImportCitizens, db, first, registry.ImportOptions{}, "5 rows 0 new 0 changed 4 unchanged 1 twice 2 elsewhere 0 unknown 0 removed 0 faulty")
		second := "cpr,name,clinic\n1403450101,Ole Nynavn,012345\n2106520100,Inger Friis,012345\n2902004100,Karla Testesen,012345\n"
		imports(t, registry.ImportCitizens, db, second, registry.ImportOptions{}, "3 rows 0 new 2 changed 1 unchanged 0 twice 0 elsewhere 0 unknown 0 removed 0 faulty")
		if n := len(roll(t, serving)); n != 4 {
			t.Errorf("%d citizens: who is not in the table stays", n)
		}
		imports(t, registry.ImportCitizens, db, second, registry.ImportOptions{Replace: true, DryRun: true}, "3 rows 0 new 0 changed 3 unchanged 0 twice 0 elsewhere 0 unknown 1 removed 0 faulty")
		imports(t, registry.ImportCitizens, db, second, registry.ImportOptions{Replace: true}, "3 rows 0 new 0 changed 3 unchanged 0 twice 0 elsewhere 0 unknown 1 removed 0 faulty")
		if got := roll(t, serving); len(got) != 3 || got["1110580101"] != "" {
			t.Errorf("%d citizens: who is not in a table that replaces goes", len(got))
		}
		if _, err := registry.ImportCitizens(t.Context(), db, strings.NewReader("cpr;navn;yder\n1403450101;Ole Nynavn;012345\n"), registry.ImportOptions{Replace: true}); err == nil || len(roll(t, serving)) != 3 {
			t.Errorf("a table that would take most away: %v", err)
		}
	})
}

// Replaced, a citizen who waits or has a booked time is kept, attached to none, and is unknown to look-ups.
func TestImportCitizens_whoIsNamedElsewhereIsKept(t *testing.T) {
	f := setUp(t)
	ole := storetest.MustCPR(t, "1403450101")
	for i := range 3 {
		f.know(t, store.Citizen{CPR: storetest.MustCPR(t, []string{"1403450101", "2106520100", "0209380101"}[i]), Name: "Ole Brandt", Clinic: f.world.Clinic.ID})
	}
	imports(t, registry.ImportBookings, f.db, "yder;cpr;dato;kl\n012345;1403450101;24-11-2026;9:30\n", registry.ImportOptions{}, "1 rows 1 new 0 changed 0 unchanged 0 twice 0 elsewhere 0 unknown 0 removed 0 faulty")
	imports(t, registry.ImportCitizens, f.db, "cpr;navn;yder\n2106520100;Ole Brandt;012345\n0209380101;Ole Brandt;012345\n", registry.ImportOptions{Replace: true},
		"2 rows 0 new 0 changed 2 unchanged 0 twice 0 elsewhere 0 unknown 1 removed 0 faulty")
	_, err := f.reg.Lookup(f.nurse, ole, "")
	wantError(t, err, kontakt.NotFound, kontakt.MsgCitizenUnknown)
	if got := roll(t, f.db); got["1403450101"] != "Ole Brandt " {
		t.Errorf("%q", got["1403450101"])
	}
}

func TestImportCitizens_allOrNothing(t *testing.T) {
	f := setUp(t)
	text := "cpr;navn;ydernummer\n1403450101;Ole Brandt;012345\n2902002100;Karen;012345\n1403450101;Ole Andet;012345\n110580101;Yusuf;012345\n0209380101;Bent;012345\n"
	r := imports(t, registry.ImportCitizens, f.db, text, registry.ImportOptions{}, "4 rows 4 new 0 changed 0 unchanged 0 twice 0 elsewhere 0 unknown 0 removed 3 faulty")
	lines := []int{}
	for _, fault := range r.Faults {
		lines = append(lines, fault.Line)
	}
	if !slices.Equal(lines, []int{3, 4, 5}) { // no date; another name for the same; nine digits beside a kept zero
		t.Errorf("faults = %v", r.Faults)
	}
	if n := len(roll(t, f.db)); n != 1 {
		t.Errorf("%d citizens after a table with faults", n)
	}
	r = imports(t, registry.ImportCitizens, f.db, "cpr;navn;yder\n110580101;Yusuf;\n706320100;Ane;\n2902004100;Karen;\n", registry.ImportOptions{}, "3 rows 2 new 1 changed 0 unchanged 0 twice 0 elsewhere 0 unknown 0 removed 0 faulty")
	if r.Eaten.CPR != 2 || roll(t, f.db)["0706320100"] != "Ane " {
		t.Errorf("zeros put back: %+v", r.Eaten)
	}
	bad := "cpr;navn;ydernummer\n" + strings.Repeat("1;Ole;\n", 1000)
	if r, err := registry.ImportCitizens(t.Context(), f.db, strings.NewReader(bad), registry.ImportOptions{}); !errors.Is(err, registry.ErrFaulty) || r.Faulty != 1000 || len(r.Faults) != 100 {
		t.Errorf("%d faults, %d told, %v", r.Faulty, len(r.Faults), err)
	}
}

// A server's tablets write while a long import does: nothing is locked between its groups of rows, on SQLite either.
func TestImportCitizens_letsTabletsWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, serving, db *store.DB, w storetest.World) {
		const rows = 5000
		wrote := 0
		r, err := registry.ImportCitizens(t.Context(), db, bytes.NewReader(generated(rows)), registry.ImportOptions{Now: func(n int) {
			if err := serving.Update(t.Context(), func(tx *store.Tx) error { return tx.SetSetting("x", "y") }); err != nil {
				t.Errorf("at row %d: %v", n, err)
			}
			wrote++
		}})
		if err != nil || r.New != rows || wrote != 2*rows/store.CitizensAtOnce {
			t.Errorf("%s, %v; %d writes beside it", counts(r), err, wrote)
		}
	})
}

// Whoever stops it, or writes into the file, in the middle: what is written is right, and the same again does the rest.
func TestImportCitizens_stoppedInTheMiddleAndAgain(t *testing.T) {
	const rows = 9000
	onBoth(t, func(t *testing.T, serving, db *store.DB, w storetest.World) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		pass, before := 1, 0
		_, err := registry.ImportCitizens(ctx, db, bytes.NewReader(generated(rows)), registry.ImportOptions{Now: func(n int) {
			if n < before {
				pass = 2
			}
			if before = n; pass == 2 && n >= rows/2 {
				stop()
			}
		}})
		if err == nil || !strings.Contains(err.Error(), "4000 of 9000") {
			t.Errorf("stopped: %v", err)
		}
		imports(t, registry.ImportCitizens, db, string(generated(rows)), registry.ImportOptions{},
			"9000 rows 5000 new 0 changed 4000 unchanged 0 twice 0 elsewhere 0 unknown 0 removed 0 faulty")
		imports(t, registry.ImportCitizens, db, string(generated(rows)), registry.ImportOptions{},
			"9000 rows 0 new 0 changed 9000 unchanged 0 twice 0 elsewhere 0 unknown 0 removed 0 faulty")
	})
}

// shifting is a file that somebody writes to while it is read.
type shifting struct {
	*bytes.Reader
	seeks int
}

func (s *shifting) Seek(at int64, whence int) (int64, error) {
	if s.seeks++; s.seeks == 3 {
		s.Reset([]byte("cpr;navn;ydernummer\n1403450101;En Anden;012345\n"))
	}
	return s.Reader.Seek(at, whence)
}

func TestImportCitizens_aFileThatChangesMeanwhileIsRefused(t *testing.T) {
	f := setUp(t)
	file := &shifting{Reader: bytes.NewReader([]byte("cpr;navn;ydernummer\n1403450101;Ole Brandt;012345\n"))}
	if _, err := registry.ImportCitizens(t.Context(), f.db, file, registry.ImportOptions{}); err == nil || len(roll(t, f.db)) != 1 {
		t.Errorf("%v, %d citizens", err, len(roll(t, f.db)))
	}
}

func TestImportBookings_onBothEngines(t *testing.T) { // SD-07
	onBoth(t, func(t *testing.T, serving, db *store.DB, w storetest.World) {
		ours := func() (found []string) {
			t.Helper()
			if err := serving.View(t.Context(), func(tx *store.Tx) error {
				found = nil
				citizens, err := tx.CitizensAfter("")
				for _, c := range citizens {
					all, err := tx.Bookings(w.Clinic.ID, c.ID, storetest.Noon.AddDate(-1, 0, 0), storetest.Noon.AddDate(1, 0, 0))
					if err != nil {
						return err
					}
					for _, b := range all {
						found = append(found, fmt.Sprintf("%s %s %d %s", c.CPR.Reveal()[:4], b.At.In(kontakt.Denmark).Format("02-01 15:04"), b.Minutes, b.Clinician))
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			slices.Sort(found)
			return found
		}
		const text = "Ydernummer;CPR-nummer;Dato;Kl.;Varighed;Behandler\r\n12345;290200-4100;24-11-2026;9:30;15;Lars Holm\r\n12345;1403450101;24-11-2026;9.45;;\r\n12345;290200-4100;25-11-2026;10:00;;\r\n99999;2902004100;24-11-2026;8:00;;\r\n"
		imports(t, registry.ImportBookings, db, text, registry.ImportOptions{}, "4 rows 3 new 0 changed 0 unchanged 0 twice 1 elsewhere 1 unknown 0 removed 0 faulty")
		if got, want := ours(), []string{"1403 24-11 09:45 0 ", "2902 24-11 09:30 15 Lars Holm", "2902 25-11 10:00 0 "}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		moved := "yder;cpr;dato;kl;varighed\n12345;2902004100;24-11-2026;9:30;20\n12345;1403450101;24-11-2026;9:45;\n12345;1403450101;24-11-2026;11:00;\n"
		imports(t, registry.ImportBookings, db, moved, registry.ImportOptions{}, "3 rows 1 new 1 changed 1 unchanged 0 twice 0 elsewhere 0 unknown 0 removed 0 faulty")
		cancelled := "yder;cpr;dato;kl;varighed\n12345;2902004100;24-11-2026;9:30;20\n12345;1403450101;24-11-2026;12:00;\n"
		imports(t, registry.ImportBookings, db, cancelled, registry.ImportOptions{Replace: true, DryRun: true}, "2 rows 1 new 0 changed 1 unchanged 0 twice 0 elsewhere 0 unknown 2 removed 0 faulty")
		imports(t, registry.ImportBookings, db, cancelled, registry.ImportOptions{Replace: true}, "2 rows 1 new 0 changed 1 unchanged 0 twice 0 elsewhere 0 unknown 2 removed 0 faulty")
		if got, want := ours(), []string{"1403 24-11 12:00 0 ", "2902 24-11 09:30 20 ", "2902 25-11 10:00 0 "}; !slices.Equal(got, want) {
			t.Errorf("replaced: %v, want %v (another day stays)", got, want)
		}
	})
}

// generated is a table of n citizens.
func generated(n int) []byte {
	var b bytes.Buffer
	b.WriteString("cpr;navn;ydernummer\r\n")
	for i := range n { // 1858 to 1899: nobody is left of those years
		day := time.Date(1860, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%14000)
		fmt.Fprintf(&b, "%s%04d;Borger Nummer %d Testesen;012345\r\n", day.Format("020106"), 5000+i/14000, i)
	}
	return b.Bytes()
}

func BenchmarkImportCitizens(b *testing.B) {
	for _, kind := range []engine.Kind{engine.SQLite, engine.Postgres} {
		b.Run(string(kind), func(b *testing.B) {
			address := "sqlite:" + filepath.Join(b.TempDir(), "kontakt.db")
			if kind == engine.Postgres {
				address = testkit.Postgres(b)
			}
			db, err := engine.OpenLong(b.Context(), address, store.NewKeys(), time.Now)
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			file := generated(b.N)
			b.ResetTimer()
			r, err := registry.ImportCitizens(b.Context(), db, bytes.NewReader(file), registry.ImportOptions{})
			if err != nil || r.New != b.N {
				b.Fatal(counts(r), r.Faults, err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "new-rows/s")
			again := time.Now()
			if r, err = registry.ImportCitizens(b.Context(), db, bytes.NewReader(file), registry.ImportOptions{}); err != nil || r.Unchanged != b.N {
				b.Fatal(counts(r), err)
			}
			b.ReportMetric(float64(b.N)/time.Since(again).Seconds(), "unchanged-rows/s")
		})
	}
}
