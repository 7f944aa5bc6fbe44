package postgres_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/postgres"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

func open(t *testing.T, address string, keys store.Keys) *store.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), address, keys, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func set(db *store.DB, value string) error {
	return db.Update(context.Background(), func(tx *store.Tx) error { return tx.SetSetting("a", value) })
}

func get(t *testing.T, db *store.DB) (v string) {
	t.Helper()
	if err := db.View(context.Background(), func(tx *store.Tx) (err error) { v, err = tx.Setting("a"); return err }); err != nil {
		t.Error(err)
	}
	return v
}

// A database that is away is Unavailable, and is there again without anybody's help.
func TestPostgres_restarts(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	server := testkit.NewPostgres(t)
	db := open(t, server.Database(t), store.NewKeys())
	for name, end := range map[string]func(testing.TB){"stopped": server.Stop, "killed": server.Kill} {
		if err := set(db, "before "+name); err != nil {
			t.Fatal(err)
		}
		end(t)
		if err := set(db, "meanwhile"); kontakt.KindOf(err) != kontakt.Unavailable {
			t.Errorf("%s: a change: %v, want Unavailable", name, err)
		}
		err := db.View(t.Context(), func(tx *store.Tx) error { _, err := tx.Setting("a"); return err })
		if kontakt.KindOf(err) != kontakt.Unavailable {
			t.Errorf("%s: a view: %v, want Unavailable", name, err)
		}
		server.Start(t)
		if got := get(t, db); got != "before "+name {
			t.Errorf("%s: %q is there", name, got)
		}
		if err := set(db, "after"); err != nil {
			t.Errorf("%s: afterwards: %v", name, err)
		}
	}
	db.Close()
}

// A node that stands still in the middle of a change holds its rows for seconds, not for ever.
func TestPostgres_aNodeThatStandsStillBlocksNobody(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	address, keys := testkit.Postgres(t), store.NewKeys()
	p, through := between(t, address)
	still, lively := open(t, through, keys), open(t, address, keys)
	inside, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		first := true
		ended <- still.Update(context.Background(), func(tx *store.Tx) error {
			err := tx.SetSetting("a", "still")
			if first {
				first = false
				p.Freeze()
				close(inside)
				time.Sleep(time.Second) // it computes; the row is its own
			}
			return err
		})
	}()
	<-inside
	if err := set(lively, "lively"); err != nil {
		t.Errorf("the other node: %v", err)
	}
	if err := <-ended; kontakt.KindOf(err) != kontakt.Unavailable {
		t.Errorf("the node that stands still: %v, want Unavailable", err)
	}
	if got := get(t, lively); got != "lively" {
		t.Errorf("%q is there", got)
	}
	p.Thaw()
	still.Close()
	lively.Close()
	p.close()
}

// The connection breaks while COMMIT is under way. Under its key the change is made once; without, it is Unavailable.
func TestPostgres_aCommitOfUnknownOutcome(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	address, keys := testkit.Postgres(t), store.NewKeys()
	p, through := between(t, address)
	db := open(t, through, keys)
	room := kontakt.ClinicRoom(kontakt.NewClinicID())
	tell := func(tx *store.Tx) error {
		_, err := tx.Append(room, kontakt.EventClinicChanged, nil)
		return err
	}
	seq := func() (seq kontakt.Seq) {
		if err := db.View(t.Context(), func(tx *store.Tx) (err error) { seq, err = tx.Seq(room); return err }); err != nil {
			t.Fatal(err)
		}
		return seq
	}
	var woken atomic.Int32
	defer db.Watch(func(rooms []kontakt.Room) {
		if slices.Contains(rooms, room) {
			woken.Add(1)
		}
	})()
	want := kontakt.Seq(0)
	for name, arrives := range map[string]bool{"arrived": true, "was lost": false} {
		on := func(pass func()) {
			if arrives {
				pass()
			}
		}
		p.OnCommit(on)
		reply, err := db.Do(t.Context(), "actor", name, "print", func(ctx context.Context) (kontakt.StoredReply, error) {
			return kontakt.StoredReply{Status: 201, Body: []byte(name)}, db.Update(ctx, tell)
		})
		if want++; err != nil || string(reply.Body) != name || seq() != want {
			t.Errorf("the commit %s: reply %q, %v; %d changes, want %d", name, reply.Body, err, seq(), want)
		}
		p.OnCommit(on)
		before := woken.Load()
		if err := db.Update(t.Context(), tell); kontakt.KindOf(err) != kontakt.Unavailable {
			t.Errorf("the commit %s, without a key: %v, want Unavailable", name, err)
		}
		if woken.Load() == before {
			t.Errorf("the commit %s: nobody is told to look", name)
		}
		if arrives {
			for want++; seq() < want; { // the server may still be at it
				runtime.Gosched()
			}
		}
	}
	db.Close()
	p.close()
}

func TestOpen_saysWhatIsWrongWithoutThePassword(t *testing.T) {
	for _, address := range []string{
		"postgres://u:geheim@127.0.0.1:1/x?sslmode=disable", "postgres://u:geheim@127.0.0.1:notaport/x", "postgres://u:geheim@h/x?pool_max_conns=many",
	} {
		db, err := postgres.Open(t.Context(), address, store.NewKeys(), time.Now)
		if err == nil {
			db.Close()
			t.Fatalf("%s: opened", address)
		}
		if msg := err.Error(); strings.Contains(msg, "geheim") {
			t.Errorf("told the password: %s", msg)
		}
	}
}
