package transfer

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/audit"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

func file(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "kontakt.db") }

func migrated(t *testing.T, address string) string {
	t.Helper()
	if _, _, err := engine.Migrate(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	return address
}

func within(t *testing.T, address string, do func(s side, tx *sql.Tx)) {
	t.Helper()
	s, err := open(address, true)
	if err != nil {
		t.Fatal(err)
	}
	defer s.db.Close()
	tx, err := s.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	do(s, tx)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// fill puts rows into every table that there is, with what engines like to treat differently.
func fill(t *testing.T, address string, rows int) {
	t.Helper()
	within(t, address, func(s side, tx *sql.Tx) {
		tables, err := s.tables(t.Context(), tx)
		if err == nil {
			tables, err = inOrder(tables)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			for i := range rows {
				values := make([]any, len(table.columns))
				for c, column := range table.columns {
					switch {
					case column.identity || column.name == "id" && column.kind == integer:
						values[c] = int64(3*i + 1) // with gaps
					case column.kind == text:
						values[c] = fmt.Sprintf("æ'\"%%\\-%d", i) // the same everywhere, so that what refers finds its row
					case column.kind == integer && column.name == "seal" && i%2 == 0:
						values[c] = nil
					case column.kind == integer:
						values[c] = int64(i) - 1<<62
					case column.kind == boolean:
						values[c] = i%2 == 0
					case column.kind == octets:
						values[c] = bytes.Repeat([]byte{0, 0xff, byte(i)}, i%3)
						if strings.Contains(column.name, "hash") || column.name == "cpr_lookup" {
							values[c] = []byte{byte(i), byte(i >> 8), 0}
						}
					}
				}
				if _, err := tx.ExecContext(t.Context(), insert(table, 1), values...); err != nil {
					t.Fatalf("%s: %v", table.name, err)
				}
			}
		}
	})
}

// dump reads everything past the digests.
func dump(t *testing.T, address string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	within(t, address, func(s side, tx *sql.Tx) {
		tables, err := s.tables(t.Context(), tx)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			if err := eachRow(t.Context(), tx, table, func(values []any) error {
				all[table.name] = append(all[table.name], fmt.Sprintf("%#v", values))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			slices.Sort(all[table.name])
		}
	})
	return all
}

func TestCopy_thereAndBackIsEqualRowByRow(t *testing.T) {
	rows := 1203         // more than two batches
	if testing.Short() { // the race detector makes an embedded database slow, and there is nothing more for it to see
		rows = 103
	}
	first, second, third := migrated(t, file(t)), testkit.Postgres(t), file(t)
	fill(t, first, rows)
	last := map[string]Progress{}
	there, err := Copy(t.Context(), first, second, func(p Progress) { last[p.Table] = p })
	if err != nil {
		t.Fatal(err)
	}
	back, err := Copy(t.Context(), second, third, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(there, back) {
		t.Errorf("there %+v\nback %+v", there, back)
	}
	was, is := dump(t, first), dump(t, third)
	if len(was) < 20 {
		t.Fatalf("%d tables, want all", len(was))
	}
	for name, rows := range was {
		if !slices.Equal(rows, is[name]) {
			t.Errorf("%s: %d rows became %d others", name, len(rows), len(is[name]))
		}
		if p := last[name]; p.Done != p.Total || p.Total != int64(len(rows)) {
			t.Errorf("%s: progress ended with %+v of %d", name, p, len(rows))
		}
	}
	if there.Rows() != int64(len(was)*rows) {
		t.Errorf("%d rows in all, want %d", there.Rows(), len(was)*rows)
	}
}

func TestCopy_rowNumbersGoOnBehindTheCopy(t *testing.T) {
	for name, to := range map[string]string{"sqlite": file(t), "postgres": testkit.Postgres(t)} {
		from := migrated(t, file(t))
		keys := store.NewKeys()
		write := func(address string) (ids []int64) {
			db, err := engine.Open(t.Context(), address, keys, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := db.Update(t.Context(), func(tx *store.Tx) error {
				err := tx.Audit(store.Audit{By: &kontakt.Actor{}, Action: "x"})
				rows, err2 := tx.Unsealed(10)
				ids = nil
				for _, r := range rows {
					ids = append(ids, r.ID)
				}
				return errors.Join(err, err2)
			}); err != nil {
				t.Fatal(err)
			}
			return ids
		}
		write(from)
		write(from)
		if _, err := Copy(t.Context(), from, to, nil); err != nil {
			t.Fatal(err)
		}
		if ids := write(to); !slices.Equal(ids, []int64{1, 2, 3}) {
			t.Errorf("%s: ids = %v, want 1 to 3", name, ids)
		}
	}
}

func TestCopy_refusesWhatWouldHarm(t *testing.T) {
	full, empty, pg := migrated(t, file(t)), migrated(t, file(t)), migrated(t, testkit.Postgres(t))
	fill(t, full, 2)
	newer := migrated(t, file(t))
	within(t, newer, func(_ side, tx *sql.Tx) {
		if _, err := tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`); err != nil {
			t.Fatal(err)
		}
	})
	pgFull := migrated(t, testkit.Postgres(t))
	fill(t, pgFull, 1)
	for name, row := range map[string]struct {
		from, to string
		want     error
	}{
		"a target with rows":              {empty, full, ErrNotEmpty},
		"a PostgreSQL with rows":          {full, pgFull, ErrNotEmpty},
		"a newer source":                  {newer, pg, ErrVersion},
		"a newer target":                  {full, newer, ErrVersion},
		"itself":                          {full, full, ErrSame},
		"a source that is not there":      {file(t), pg, ErrNothing},
		"a source that nobody has set up": {testkit.Postgres(t), file(t), ErrNothing},
	} {
		if _, err := Copy(t.Context(), row.from, row.to, nil); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
	}
	if _, err := Copy(t.Context(), full, "mysql://root:secret@host/db", nil); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("an address that is none: %v", err)
	}
	for name, rows := range dump(t, pg) {
		if len(rows) > 0 {
			t.Errorf("a refused copy left %d rows in %s", len(rows), name)
		}
	}
}

// A copy that fails half way leaves nothing.
func TestCopy_isAllOrNothing(t *testing.T) {
	from, to := migrated(t, file(t)), migrated(t, testkit.Postgres(t))
	fill(t, from, 600)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Copy(ctx, from, to, func(p Progress) {
		if p.Table == "sessions" && p.Done > 0 {
			cancel()
		}
	})
	if err == nil {
		t.Fatal("went through although it was told to stop")
	}
	for name, rows := range dump(t, to) {
		if len(rows) > 0 {
			t.Errorf("%d rows were left in %s", len(rows), name)
		}
	}
	if _, err := Copy(t.Context(), from, to, nil); err != nil {
		t.Errorf("tried again: %v", err)
	}
}

func TestVerify_findsADifference(t *testing.T) {
	address := migrated(t, file(t))
	fill(t, address, 3)
	within(t, address, func(s side, tx *sql.Tx) {
		tables, err := s.tables(t.Context(), tx)
		if err != nil {
			t.Fatal(err)
		}
		settings := tables[slices.IndexFunc(tables, func(t table) bool { return t.name == "settings" })]
		sum := func() (d Table) {
			var of digest
			if err := eachRow(t.Context(), tx, settings, func(v []any) error { of.add(settings, v); d.Rows++; return nil }); err != nil {
				t.Fatal(err)
			}
			d.Name, d.Digest = settings.name, of.String()
			return d
		}
		before := sum()
		if err := verify(t.Context(), tx, settings, before); err != nil {
			t.Errorf("the same: %v", err)
		}
		for _, change := range []string{
			`UPDATE settings SET value = value || ' ' WHERE name LIKE '%-1'`,
			`DELETE FROM settings WHERE name LIKE '%-2'`,
		} {
			if _, err := tx.Exec(change); err != nil {
				t.Fatal(err)
			}
			if err := verify(t.Context(), tx, settings, before); !errors.Is(err, ErrDiffers) {
				t.Errorf("%s: %v", change, err)
			}
			before = sum()
		}
	})
}

func TestAlike_aColumnThatOneSideLacks(t *testing.T) {
	a := []table{{name: "t", columns: []column{{name: "a", kind: text}, {name: "b", kind: octets}}}}
	for name, b := range map[string][]table{
		"missing":       {{name: "t", columns: []column{{name: "a", kind: text}}}},
		"more":          {{name: "t", columns: []column{{name: "a", kind: text}, {name: "b", kind: octets}, {name: "c", kind: text}}}},
		"of other kind": {{name: "t", columns: []column{{name: "a", kind: text}, {name: "b", kind: text}}}},
		"no table":      {},
	} {
		if alike(a, b) == nil {
			t.Errorf("%s: taken for the same", name)
		}
	}
	if err := alike(a, a); err != nil {
		t.Error(err)
	}
}

// While nurses and the sealer write, the copy is one moment: the audit chain holds and every entry has its events.
func TestCopy_whileOthersWriteIsOneMoment(t *testing.T) {
	for name, from := range map[string]string{"sqlite": file(t), "postgres": testkit.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			testkit.Guard(t, 5*time.Minute)
			keys := store.NewKeys()
			db, err := engine.Open(t.Context(), from, keys, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			w := storetest.Settle(t, db)
			log := audit.New(db)
			ctx, stop := context.WithCancel(t.Context())
			wrote := make(chan struct{}, 1)
			var run sync.WaitGroup
			run.Go(func() {
				for ctx.Err() == nil {
					if _, err := log.Seal(ctx); err != nil && ctx.Err() == nil {
						t.Error(err)
					}
				}
			})
			for range 3 {
				run.Go(func() {
					for ctx.Err() == nil {
						if err := storetest.Join(db, w, w.Clinic.ID); err != nil {
							t.Error(err)
							return
						}
						select {
						case wrote <- struct{}{}:
						default:
						}
					}
				})
			}
			for range 60 {
				<-wrote
			}
			to := file(t)
			rep, err := Copy(t.Context(), from, to, func(Progress) { <-wrote }) // writers are at it between any two tables
			stop()
			run.Wait()
			if err := errors.Join(err, db.Close()); err != nil {
				t.Fatal(err)
			}
			there, err := engine.Open(t.Context(), to, keys, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer there.Close()
			storetest.CheckJoins(t, there, w)
			if r, err := audit.New(there).Verify(t.Context()); err != nil || r.Broken != 0 {
				t.Errorf("audit: %+v, %v", r, err)
			}
			t.Logf("%d rows while others wrote", rep.Rows())
		})
	}
}
