package stream_test

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/backend/stream"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// node is one of several processes on a database.
type node struct {
	db   *store.DB
	hub  *stream.Hub
	stop func()
}

func nodes(t *testing.T, address string, n int) []node {
	t.Helper()
	keys := store.NewKeys()
	all := make([]node, n)
	for i := range all {
		db, err := engine.Open(t.Context(), address, keys, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		d := &door{}
		hub := stream.New(db, d, d)
		ctx, cancel := context.WithCancel(context.Background())
		var run sync.WaitGroup
		run.Go(func() { hub.Run(ctx) })
		all[i] = node{db, hub, sync.OnceFunc(func() {
			cancel()
			run.Wait()
			db.Close()
		})}
		t.Cleanup(all[i].stop)
	}
	return all
}

// admin is the database past the store.
func admin(t *testing.T, address string) *sql.DB {
	t.Helper()
	_, db, err := engine.Raw(address, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// hangUpOn ends the sessions of this database whose last statement is like a pattern, and says how many.
func hangUpOn(t *testing.T, db *sql.DB, like string) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), `SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE $1`, like).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// follow reads until total events have come, and complains about one that is missing, doubled or out of order.
func follow(t *testing.T, hub *stream.Hub, at kontakt.Cursor, total int) {
	sub, err := hub.Subscribe(context.Background(), at)
	if err != nil {
		t.Error(err)
		return
	}
	defer sub.Close()
	for got := 0; got < total; {
		events, err := sub.Next(context.Background(), time.Hour)
		if err != nil {
			if kontakt.KindOf(err) == kontakt.Unavailable { // its connection was ended: as a client, it comes again
				continue
			}
			t.Error(err)
			return
		}
		for _, e := range events {
			if e.Seq != at[e.Room]+1 {
				t.Errorf("%s: after %d comes %d", e.Room, at[e.Room], e.Seq)
				return
			}
			at[e.Room] = e.Seq
			got++
		}
	}
}

func TestNodes_whatOneWritesTheOthersReadersGet(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	all := nodes(t, testkit.Postgres(t), 2)
	r := rooms(1)
	sub, err := all[1].hub.Subscribe(t.Context(), from(r...))
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	add(t, all[0].db, r...)
	events, err := sub.Next(t.Context(), time.Hour)
	if err != nil || len(events) != 1 || events[0].Seq != 1 {
		t.Errorf("events = %v, %v", events, err)
	}
	all[0].stop()
	all[1].stop()
}

// Nobody may tell: the slow look at the counters finds it.
func TestNodes_withoutNotifyThePollDelivers(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	address := testkit.Postgres(t)
	db := admin(t, address)
	if _, err := db.Exec(`CREATE ROLE clerk LOGIN; GRANT ALL ON SCHEMA public TO clerk; REVOKE EXECUTE ON FUNCTION pg_notify(text, text) FROM PUBLIC`); err != nil {
		t.Fatal(err)
	}
	all := nodes(t, strings.Replace(address, "kontakt@", "clerk@", 1), 2)
	var may bool
	if err := db.QueryRow(`SELECT has_function_privilege('clerk', 'pg_notify(text, text)', 'EXECUTE')`).Scan(&may); err != nil || may {
		t.Fatalf("it may still be told: %v, %v", may, err)
	}
	db.Close()
	r := rooms(1)
	add(t, all[0].db, r...)
	sub, err := all[1].hub.Subscribe(t.Context(), from(r...))
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	for want := kontakt.Seq(1); want <= 3; want++ { // the first is there; of the others only the counter tells
		events, err := sub.Next(t.Context(), time.Hour)
		if err != nil || len(events) != 1 || events[0].Seq != want {
			t.Fatalf("events = %v, %v; want number %d", events, err, want)
		}
		add(t, all[0].db, r...)
	}
	all[0].stop()
	all[1].stop()
}

// Writers and readers on three nodes, while listeners and tellers lose their connections and writers theirs.
func TestNodes_nothingIsLostDoubledOrOutOfOrderWhileConnectionsAreKilled(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	address := testkit.Postgres(t)
	all := nodes(t, address, 3)
	db := admin(t, address)
	const writers, each = 6, 60
	const total = writers * each * 2
	r := rooms(4)
	ctx, cancel := context.WithCancel(t.Context())
	var killer, run sync.WaitGroup
	killed := 0
	killer.Go(func() {
		for ctx.Err() == nil {
			for _, like := range []string{`LISTEN %`, `%pg_notify%`} {
				killed += hangUpOn(t, db, like)
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Duration(20+rand.IntN(80)) * time.Millisecond):
			}
		}
	})
	for w := range writers {
		run.Go(func() {
			for i := range each {
				add(t, all[w%3].db, r[(w+i)%4], r[(w+i+1)%4])
			}
		})
	}
	for i := range 6 {
		run.Go(func() { follow(t, all[i%3].hub, from(r...), total) })
	}
	run.Wait()
	cancel()
	killer.Wait()
	if killed == 0 {
		t.Error("no connection was killed")
	}
	db.Close()
	for _, n := range all {
		n.stop()
	}
}

// BenchmarkNodes_fanOut is the time from a commit on one node to a reader of another.
func BenchmarkNodes_fanOut(b *testing.B) {
	keys := store.NewKeys()
	opened := storetest.Postgres(b, keys, time.Now)
	writer, err := opened()
	if err != nil {
		b.Fatal(err)
	}
	defer writer.Close()
	reader, err := opened()
	if err != nil {
		b.Fatal(err)
	}
	defer reader.Close()
	d := &door{}
	hub := stream.New(reader, d, d)
	r := rooms(1)
	sub, err := hub.Subscribe(b.Context(), from(r...))
	if err != nil {
		b.Fatal(err)
	}
	defer sub.Close()
	for b.Loop() {
		b.StopTimer()
		add(b, writer, r...)
		b.StartTimer()
		if _, err := sub.Next(b.Context(), time.Hour); err != nil {
			b.Fatal(err)
		}
	}
}
