package postgres_test

import (
	"context"
	"database/sql"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/postgres"
	"kontaktlaege/internal/testkit"
)

// holder is a node that asks for a lease and says when it holds it and when it stops.
type holder struct {
	db    *store.DB
	began chan time.Time
	ended chan time.Time
	stop  func()
}

func holds(t *testing.T, address string, keys store.Keys) *holder {
	t.Helper()
	db, err := postgres.Open(t.Context(), address, keys, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	h := &holder{db: db, began: make(chan time.Time, 16), ended: make(chan time.Time, 16)}
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() {
		if err := db.Lease(ctx, "sweeper", func(ctx context.Context) error {
			h.began <- time.Now()
			<-ctx.Done()
			h.ended <- time.Now()
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	h.stop = sync.OnceFunc(func() {
		cancel()
		run.Wait()
		db.Close()
	})
	t.Cleanup(h.stop)
	return h
}

func admin(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := postgres.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// alone fails when somebody else begins while the holder holds on.
func (h *holder) alone(t *testing.T, while time.Duration) {
	t.Helper()
	select {
	case <-h.began:
		t.Error("a second one holds the lease")
	case <-time.After(while):
	}
}

func TestLease_aHolderThatEndsHandsOver(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	address, keys := testkit.Postgres(t), store.NewKeys()
	first := holds(t, address, keys)
	<-first.began
	second := holds(t, address, keys)
	second.alone(t, 3*time.Second) // longer than a ping: the first one's session stands and is not dropped by asking it
	if len(first.ended) > 0 {
		t.Error("the first one stopped while it held the lease")
	}
	first.stop()
	<-second.began
	second.stop()
}

func TestLease_aTerminatedSessionLosesItAtOnce(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	address, keys := testkit.Postgres(t), store.NewKeys()
	first := holds(t, address, keys)
	<-first.began
	second := holds(t, address, keys)
	db := admin(t, address)
	var n int
	if err := db.QueryRow(`SELECT COUNT(pg_terminate_backend(a.pid)) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
		WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()`).Scan(&n); err != nil || n != 1 {
		t.Fatalf("%d sessions ended, %v; want the holder's", n, err)
	}
	<-first.ended
	select { // whoever asks first
	case <-first.began:
	case <-second.began:
	}
	db.Close()
	first.stop()
	second.stop()
}

// The holder's network swallows everything: it stops before the server gives the name to the other.
func TestLease_aHolderThatIsCutOffStopsBeforeTheOtherBegins(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	address, keys := testkit.Postgres(t), store.NewKeys()
	p, through := between(t, address)
	first := holds(t, through, keys)
	<-first.began
	second := holds(t, address, keys)
	p.Freeze()
	frozen := time.Now()
	stopped, began := <-first.ended, <-second.began
	if began.Before(stopped) {
		t.Errorf("the second began %v before the first stopped", stopped.Sub(began))
	}
	t.Logf("the first stopped after %v, the second began after %v", stopped.Sub(frozen), began.Sub(frozen))
	p.Thaw()
	second.stop()
	<-first.began // it is there again
	first.stop()
	p.close()
}
