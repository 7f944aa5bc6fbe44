package sms_test

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/backend/outbox"
	"kontaktlaege/backend/sms"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// The node that is to be killed is this test program, started again with these in its environment.
const (
	nodeDatabase = "SMS_TEST_DATABASE"
	nodeKeys     = "SMS_TEST_KEYS"
	nodeGateway  = "SMS_TEST_GATEWAY"
)

func TestMain(m *testing.M) {
	if os.Getenv(nodeDatabase) == "" {
		os.Exit(m.Run())
	}
	if err := beNode(); err != nil {
		slog.Error("node", "err", err)
		os.Exit(1)
	}
}

// beNode sends what is due until it is killed.
func beNode() error {
	keys, err := store.ParseKeys([]byte(os.Getenv(nodeKeys)))
	if err != nil {
		return err
	}
	db, err := engine.Open(context.Background(), os.Getenv(nodeDatabase), keys, time.Now)
	if err != nil {
		return err
	}
	s, err := sms.Open(sms.Config{URL: os.Getenv(nodeGateway), Token: token, Sender: "Kontakt"})
	if err != nil {
		return err
	}
	return worker(db, s).Run(context.Background())
}

func worker(db *store.DB, s sms.Sender) *outbox.Worker {
	opt := outbox.Options{Poll: 5 * time.Millisecond}
	return outbox.New(db, opt, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})), outbox.Kind{Name: sms.Kind, Sender: s, AtOnce: 1})
}

// A node is killed with -9 when the gateway has taken a message and before the node can know: the node that goes on
// says the same reference, so a gateway that sends once a reference sends once. What was not under way is sent once.
func TestOutbox_aNodeKilledBetweenSendingAndNotingSendsOnceAReference(t *testing.T) {
	for _, name := range []string{"SQLite", "PostgreSQL"} {
		t.Run(name, func(t *testing.T) {
			address := "sqlite:" + filepath.Join(t.TempDir(), "kontakt.db")
			if name == "PostgreSQL" {
				address = testkit.Postgres(t)
			}
			testkit.Guard(t, 2*time.Minute)
			f, keys := newFar(t), store.NewKeys()
			var ahead atomic.Int64
			db, err := engine.Open(t.Context(), address, keys, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			ids := enqueue(t, db, 12)

			node := exec.CommandContext(t.Context(), os.Args[0])
			node.Env = append(os.Environ(), nodeDatabase+"="+address, nodeKeys+"="+string(keys.Text()), nodeGateway+"="+f.server.URL)
			node.Stderr = os.Stderr
			taken, killed := make(chan struct{}), make(chan struct{})
			f.answers(func(http.ResponseWriter, *http.Request) { // and the sender never hears of it
				close(taken)
				<-killed
				panic(http.ErrAbortHandler)
			})
			if err := node.Start(); err != nil {
				t.Fatal(err)
			}
			<-taken
			if err := node.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			close(killed)
			if err := node.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
				t.Fatalf("the node ended with %v", err)
			}
			f.answers(nil)
			under := f.counts()
			if len(under) != 1 {
				t.Fatalf("the gateway has %v, want the one that was under way", under)
			}

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ahead.Store(int64(time.Minute)) // the dead node's lease is over
			ended := make(chan error, 1)
			w := worker(db, f.open())
			go func() { ended <- w.Run(ctx) }()
			for left := len(ids); left > 0; {
				if err := db.View(ctx, func(tx *store.Tx) error {
					done, err := tx.Outgoing(store.OutboxDone, 100)
					left = len(ids) - len(done)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(5 * time.Millisecond)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			counts := f.counts()
			for _, id := range ids {
				if n, want := counts[string(id)], 1+under[string(id)]; n != want {
					t.Errorf("%s reached the gateway %d times, want %d", id, n, want)
				}
			}
			if len(counts) != len(ids) {
				t.Errorf("%d references for %d messages", len(counts), len(ids))
			}
		})
	}
}

// counts says how often each reference reached the gateway; one that sends once a reference sends len of them.
func (f *far) counts() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := map[string]int{}
	for reference, n := range f.taken {
		all[reference] = n
	}
	return all
}

func enqueue(t *testing.T, db *store.DB, n int) []kontakt.OutboxID {
	t.Helper()
	db.Sends(sms.Kind)
	var ids []kontakt.OutboxID
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		ids = nil
		for range n {
			id, err := tx.Enqueue(sms.Kind, message(t, "Lægen er klar"))
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return ids
}
