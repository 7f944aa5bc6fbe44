package audit_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/audit"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

func open(t *testing.T) (*store.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kontakt.db")
	db, err := sqlite.Open(t.Context(), path, store.NewKeys(), storetest.NewClock(storetest.Noon).Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, path
}

func write(t *testing.T, db *store.DB, n int) {
	t.Helper()
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		for range n {
			if err := tx.Audit(store.Audit{By: &kontakt.Actor{Role: kontakt.RoleNurse}, Action: "entry.join", Reason: "x"}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func verify(t *testing.T, log *audit.Log) audit.Report {
	t.Helper()
	rep, err := log.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func TestLog_sealsEachRowOnceInOrder(t *testing.T) {
	db, _ := open(t)
	log := audit.New(db)
	if rep := verify(t, log); rep.Sealed != 0 || rep.Broken != 0 || rep.Unsealed {
		t.Errorf("empty log: %+v", rep)
	}
	write(t, db, 1203) // more than two batches
	if rep := verify(t, log); rep.Sealed != 0 || !rep.Unsealed {
		t.Errorf("before sealing: %+v", rep)
	}
	for _, want := range []int{1203, 0} {
		if n, err := log.Seal(t.Context()); n != want || err != nil {
			t.Errorf("sealed %d, %v; want %d", n, err, want)
		}
	}
	first := verify(t, log)
	write(t, db, 1)
	if _, err := log.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	rep := verify(t, log)
	if rep.Sealed != 1204 || rep.Broken != 0 || rep.Unsealed || string(rep.Head) == string(first.Head) {
		t.Errorf("report = %+v", rep)
	}
	if !strings.HasPrefix(rep.String(), "1204 rows, chain whole") {
		t.Errorf("said %q", rep)
	}
}

func TestVerify_namesTheRowThatSomebodyTouched(t *testing.T) {
	for name, row := range map[string]struct {
		sql    string
		broken int64
	}{
		"a changed outcome":         {`UPDATE audit SET outcome = 'refused' WHERE id = 4`, 4},
		"a changed time":            {`UPDATE audit SET at = at + 1 WHERE id = 9`, 9},
		"text moved between fields": {`UPDATE audit SET action = 'entry.joinx', reason = '' WHERE id = 2`, 2},
		"a removed row":             {`DELETE FROM audit WHERE id = 5`, 6},
		"the first row removed":     {`DELETE FROM audit WHERE id = 1`, 2},
		"two rows that changed places": {
			`UPDATE audit SET seal = 100 WHERE id = 3; UPDATE audit SET seal = 3 WHERE id = 4; UPDATE audit SET seal = 4 WHERE id = 3`, 4,
		},
		"a row pushed in": {
			`INSERT INTO audit SELECT 99, at, local, role, employee, session, device, municipality, org_clinic, action, outcome, citizen, clinic,
			 entry, call, mode, reason, 11, hash FROM audit WHERE id = 10`, 99,
		},
	} {
		t.Run(name, func(t *testing.T) {
			db, path := open(t)
			log := audit.New(db)
			write(t, db, 10)
			if _, err := log.Seal(t.Context()); err != nil {
				t.Fatal(err)
			}
			raw, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer raw.Close()
			if _, err := raw.Exec(row.sql); err != nil {
				t.Fatal(err)
			}
			if rep := verify(t, log); rep.Broken != row.broken {
				t.Errorf("broken at %d, want %d (%s)", rep.Broken, row.broken, rep)
			}
		})
	}
}

func TestRun_sealsUntilItIsTold(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	db, _ := open(t)
	log := audit.New(db)
	write(t, db, 3)
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() {
		if err := log.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	for verify(t, log).Sealed != 3 { // the guard ends a test that never gets there
		<-time.After(time.Millisecond)
	}
	cancel()
	run.Wait()
	db.Close()
}
