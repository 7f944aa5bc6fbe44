package audit_test

import (
	"context"
	"path/filepath"
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

// each runs a test on the address of an empty database of each engine.
func each(t *testing.T, run func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { run(t, "sqlite:"+filepath.Join(t.TempDir(), "kontakt.db")) })
	t.Run("postgres", func(t *testing.T) { run(t, testkit.Postgres(t)) })
}

func open(t *testing.T, address string, keys store.Keys) *store.DB {
	t.Helper()
	db, err := engine.Open(t.Context(), address, keys, storetest.NewClock(storetest.Noon).Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
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
		t.Error(err)
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

func TestLog_sealsEachRowOnceInOrder(t *testing.T) { each(t, sealsEachRowOnceInOrder) }

func sealsEachRowOnceInOrder(t *testing.T, address string) {
	db := open(t, address, store.NewKeys())
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
			each(t, func(t *testing.T, address string) {
				db := open(t, address, store.NewKeys())
				log := audit.New(db)
				write(t, db, 10)
				if _, err := log.Seal(t.Context()); err != nil {
					t.Fatal(err)
				}
				_, raw, err := engine.Raw(address, true)
				if err != nil {
					t.Fatal(err)
				}
				defer raw.Close()
				for statement := range strings.SplitSeq(row.sql, ";") {
					if _, err := raw.Exec(statement); err != nil {
						t.Fatal(err)
					}
				}
				if rep := verify(t, log); rep.Broken != row.broken {
					t.Errorf("broken at %d, want %d (%s)", rep.Broken, row.broken, rep)
				}
			})
		})
	}
}

// Two sealers at the same time, as when one that stood still comes back, on a log that many write.
func TestLog_twoSealersMakeOneChain(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	address, keys := testkit.Postgres(t), store.NewKeys()
	nodes := []*store.DB{open(t, address, keys), open(t, address, keys)}
	const writers, each = 6, 40
	ctx, cancel := context.WithCancel(t.Context())
	var run, seal sync.WaitGroup
	for _, db := range nodes {
		seal.Go(func() {
			for ctx.Err() == nil {
				if _, err := audit.New(db).Seal(ctx); err != nil && ctx.Err() == nil && kontakt.KindOf(err) != kontakt.Unavailable {
					t.Error(err)
				}
			}
		})
	}
	for i := range writers {
		run.Go(func() {
			for range each {
				write(t, nodes[i%2], 1)
			}
		})
	}
	run.Wait()
	cancel()
	seal.Wait()
	log := audit.New(nodes[0])
	if _, err := log.Seal(t.Context()); err != nil {
		t.Error(err)
	}
	if rep := verify(t, log); rep.Sealed != writers*each || rep.Broken != 0 || rep.Unsealed {
		t.Errorf("report = %+v, want %d rows", rep, writers*each)
	}
	for _, db := range nodes {
		db.Close()
	}
}

func TestRun_sealsUntilItIsTold(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	db := open(t, "sqlite:"+filepath.Join(t.TempDir(), "kontakt.db"), store.NewKeys())
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
