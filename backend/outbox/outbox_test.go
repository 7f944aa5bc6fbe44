package outbox_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/outbox"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// box is an outbox in a real database, with a clock to turn.
type box struct {
	t       *testing.T
	address string
	keys    store.Keys
	clock   *storetest.Clock
	db      *store.DB
}

// onBoth runs a test on both engines.
func onBoth(t *testing.T, test func(t *testing.T, b *box)) {
	for _, name := range []string{"SQLite", "PostgreSQL"} {
		t.Run(name, func(t *testing.T) {
			address := "sqlite:" + filepath.Join(t.TempDir(), "kontakt.db")
			if name == "PostgreSQL" {
				address = testkit.Postgres(t)
			}
			testkit.Guard(t, 2*time.Minute)
			b := &box{t: t, address: address, keys: store.NewKeys(), clock: storetest.NewClock(storetest.Noon)}
			b.db = b.node()
			test(t, b)
		})
	}
}

// node is another node on the same database.
func (b *box) node() *store.DB {
	b.t.Helper()
	db, err := engine.Open(context.Background(), b.address, b.keys, b.clock.Now)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { db.Close() })
	return db
}

func (b *box) update(fn func(tx *store.Tx) error) {
	b.t.Helper()
	if err := b.db.Update(context.Background(), fn); err != nil {
		b.t.Fatal(err)
	}
}

// sql does to the database what no code of ours does.
func (b *box) sql(statement string, args ...any) {
	b.t.Helper()
	driver, source := "pgx", b.address
	if path, ok := strings.CutPrefix(b.address, "sqlite:"); ok {
		driver, source = "sqlite", path
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		b.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(b.t.Context(), statement, args...); err != nil {
		b.t.Fatal(err)
	}
}

// put enqueues and gives the references.
func (b *box) put(kind string, payloads ...string) []string {
	b.t.Helper()
	var ids []string
	b.update(func(tx *store.Tx) error {
		ids = nil
		for _, p := range payloads {
			id, err := tx.Enqueue(kind, []byte(p))
			if err != nil {
				return err
			}
			ids = append(ids, string(id))
		}
		return nil
	})
	return ids
}

// in gives what is in a state.
func (b *box) in(state store.OutboxState) []store.Outgoing {
	b.t.Helper()
	var all []store.Outgoing
	if err := b.db.View(context.Background(), func(tx *store.Tx) (err error) { all, err = tx.Outgoing(state, 1000); return err }); err != nil {
		b.t.Fatal(err)
	}
	return all
}

// take begins an attempt at a node, as its worker does.
func (b *box) take(db *store.DB) (taken []store.Outgoing) {
	b.t.Helper()
	if err := db.Stamp(b.t.Context(), func(tx *store.Tx) (err error) {
		taken, err = tx.TakeOutgoing("test", 10, lease)
		return err
	}); err != nil {
		b.t.Fatal(err)
	}
	return taken
}

// until waits for something that is bound to happen; the guard ends a wait for what does not.
func (b *box) until(what string, there func() bool) {
	b.t.Helper()
	for !there() {
		select {
		case <-b.t.Context().Done():
			b.t.Fatal("never: " + what)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// lease is that of an attempt of the default length.
const lease = 40 * time.Second

// fast looks often, so that a clock that is turned is noticed.
var fast = outbox.Options{Poll: 5 * time.Millisecond}

// run keeps a worker going until the test ends or stop is called.
func (b *box) run(db *store.DB, opt outbox.Options, kinds ...outbox.Kind) (w *outbox.Worker, stop func()) {
	w = outbox.New(db, opt, slog.New(slog.NewTextHandler(io.Discard, nil)), kinds...)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := w.Run(ctx); err != nil {
			b.t.Error(err)
		}
	}()
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	b.t.Cleanup(stop)
	return w, stop
}

// receiver is the far side: it counts what it got by reference, and sees two attempts at once.
type receiver struct {
	mu      sync.Mutex
	got     map[string][]string // payloads by reference
	inside  map[string]bool
	doubled int
	answer  func(reference, payload string, n int) error // nil: takes everything
}

func (r *receiver) Send(_ context.Context, reference string, payload []byte) error {
	r.mu.Lock()
	if r.got == nil {
		r.got, r.inside = map[string][]string{}, map[string]bool{}
	}
	if r.inside[reference] {
		r.doubled++
	}
	r.inside[reference] = true
	r.got[reference] = append(r.got[reference], string(payload))
	n := len(r.got[reference])
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.inside[reference] = false
	}()
	if r.answer == nil {
		return nil
	}
	return r.answer(reference, string(payload), n)
}

func (r *receiver) times(reference string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.got[reference])
}

func (r *receiver) all() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, times := range r.got {
		n += len(times)
	}
	return n
}

var (
	away    = &kontakt.Error{Op: "test", Kind: kontakt.Unavailable}
	refused = &kontakt.Error{Op: "test", Kind: kontakt.Invalid}
)

// What a change enqueued is sent when it committed, at once, and leaves nothing behind but that it was.
func TestWorker_sendsWhatCommittedAndNothingElse(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		r := &receiver{}
		w, _ := b.run(b.db, outbox.Options{Poll: time.Hour}, outbox.Kind{Name: "test", Sender: r}) // found without a poll
		gone := errors.New("the change fails")
		if err := b.db.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Enqueue("test", []byte("never"))
			return errors.Join(err, gone)
		}); !errors.Is(err, gone) {
			t.Fatal(err)
		}
		ids := b.put("test", "Hej Karen", "")
		b.until("sent", func() bool { return len(b.in(store.OutboxDone)) == 2 })
		if got := r.got[ids[0]]; !slices.Equal(got, []string{"Hej Karen"}) || r.all() != 2 || r.times(ids[1]) != 1 {
			t.Errorf("received %v", r.got)
		}
		if f := w.Figures(); len(f) != 1 || f[0].Kind != "test" || f[0].Sent != 2 || f[0].Attempts != 2 || f[0].GivenUp != 0 {
			t.Errorf("figures = %+v", f)
		}
		b.clock.Add(73 * time.Hour)
		if err := w.Forget(t.Context()); err != nil || len(b.in(store.OutboxDone)) != 0 {
			t.Errorf("kept for ever: %v, %v", b.in(store.OutboxDone), err)
		}
	})
}

func TestEnqueue_refusesWhatNobodyHereCanSend(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		err := b.db.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Enqueue("sms", []byte("x")); return err })
		if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Conflict || msg != kontakt.MsgNoSender {
			t.Errorf("err = %v", err)
		}
	})
}

// Many nodes on one database: each thing is sent once, and never by two at the same time.
func TestWorker_twoNodesSendEachOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		const things = 150
		r := &receiver{}
		kind := outbox.Kind{Name: "test", Sender: r, AtOnce: 8}
		other := b.node()
		w1, _ := b.run(b.db, fast, kind)
		w2, _ := b.run(other, fast, kind)
		var ids []string
		for i := range things / 10 {
			payloads := make([]string, 10)
			for j := range payloads {
				payloads[j] = fmt.Sprint(i, " ", j)
			}
			ids = append(ids, b.put("test", payloads...)...)
		}
		b.until("all sent", func() bool { return len(b.in(store.OutboxDone)) == things })
		for _, id := range ids {
			if n := r.times(id); n != 1 {
				t.Errorf("%s was sent %d times", id, n)
			}
		}
		if r.doubled != 0 {
			t.Errorf("%d attempts met another of the same thing", r.doubled)
		}
		if a, b := w1.Figures()[0].Sent, w2.Figures()[0].Sent; a+b != things {
			t.Errorf("the nodes count %d and %d", a, b)
		}
	})
}

// A node that dies, or stands still, in the middle of an attempt keeps nothing: when its lease is over another node
// makes the next attempt, with the same reference, and the first one's late word changes nothing.
func TestWorker_anotherNodeGoesOnWhenTheLeaseIsOver(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		b.db.Sends("test")
		id := b.put("test", "x")[0]
		stale := b.take(b.db)
		if len(stale) != 1 || string(stale[0].Payload) != "x" {
			t.Fatalf("taken = %+v", stale)
		}
		r := &receiver{}
		w, _ := b.run(b.node(), fast, outbox.Kind{Name: "test", Sender: r})
		b.clock.Add(lease - time.Second)
		if err := w.Forget(t.Context()); err != nil { // the database has been asked after the clock was turned
			t.Fatal(err)
		}
		b.put("test", "y")
		b.until("what came later is sent", func() bool { return len(b.in(store.OutboxDone)) == 1 })
		if n := r.times(id); n != 0 {
			t.Fatalf("sent %d times under another's lease", n)
		}
		b.clock.Add(time.Second)
		b.until("the other is sent", func() bool { return len(b.in(store.OutboxDone)) == 2 })
		b.update(func(tx *store.Tx) error { return tx.FailedOutgoing(stale[0], kontakt.Unavailable, b.clock.Now()) })
		if n := r.times(id); n != 1 || len(b.in(store.OutboxDue)) != 0 {
			t.Errorf("sent %d times, due %+v", n, b.in(store.OutboxDue))
		}
	})
}

// The late word of an attempt whose lease ran out says nothing of the one that another node has begun meanwhile.
func TestStore_aLateFailureLeavesTheNewAttemptAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		b.db.Sends("test")
		b.put("test", "x")
		stale := b.take(b.db)
		b.clock.Add(lease)
		now := b.take(b.node())
		if len(stale) != 1 || len(now) != 1 || now[0].Attempts != 2 {
			t.Fatalf("taken %+v and then %+v, want the same one twice", stale, now)
		}
		for what, next := range map[string]time.Time{"is to be tried again": b.clock.Now(), "is given up": {}} {
			b.update(func(tx *store.Tx) error { return tx.FailedOutgoing(stale[0], kontakt.Unavailable, next) })
			if again := b.take(b.db); len(again) != 0 {
				t.Errorf("the first attempt %s: what is being sent is sent again", what)
			}
			if due := b.in(store.OutboxDue); len(due) != 1 || !due[0].NextAt.Equal(now[0].NextAt) || due[0].Error != "" {
				t.Errorf("the first attempt %s: due %+v, want the second as it was", what, due)
			}
		}
	})
}

// Each failure doubles the pause up to the longest, with up to half of it taken off by chance.
func TestWorker_backsOff(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		const failures = 9
		r := &receiver{answer: func(_, _ string, n int) error {
			if n <= failures {
				return away
			}
			return nil
		}}
		opt := fast
		opt.First, opt.Longest = 4*time.Second, time.Minute
		b.run(b.db, opt, outbox.Kind{Name: "test", Sender: r})
		b.put("test", "x")
		jitter := map[time.Duration]bool{}
		for n := range failures {
			var o store.Outgoing
			b.until("the failure is noted, and with it the end of the lease", func() bool {
				due := b.in(store.OutboxDue)
				if len(due) != 1 {
					return false
				}
				o = due[0]
				return o.Attempts == n+1 && o.NextAt.Sub(b.clock.Now()) != lease
			})
			longest := min(4*time.Second<<n, time.Minute)
			pause := o.NextAt.Sub(b.clock.Now())
			if pause < longest/2 || pause > longest {
				t.Errorf("after failure %d: %v, want %v to %v", n+1, pause, longest/2, longest)
			}
			jitter[pause] = true
			b.clock.Add(pause)
		}
		b.until("sent", func() bool { return len(b.in(store.OutboxDone)) == 1 })
		if len(jitter) < failures-2 {
			t.Errorf("the pauses are not by chance: %v", jitter)
		}
	})
}

// later is a receiver that says when to come again.
type later struct {
	error
	after time.Duration
}

func (l later) Unwrap() error             { return l.error }
func (l later) RetryAfter() time.Duration { return l.after }

// What a receiver asks for is done, by all of its kind and by no other.
func TestWorker_leavesAReceiverAloneThatAsksForIt(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		busy := &receiver{answer: func(_, payload string, n int) error {
			if payload == "1" && n == 1 {
				return later{&kontakt.Error{Op: "test", Kind: kontakt.TooMany}, 10 * time.Minute}
			}
			return nil
		}}
		other := &receiver{}
		b.run(b.db, fast, outbox.Kind{Name: "busy", Sender: busy, AtOnce: 1}, outbox.Kind{Name: "other", Sender: other})
		first := b.put("busy", "1")[0]
		b.until("the wish is noted", func() bool {
			due := b.in(store.OutboxDue)
			return len(due) == 1 && due[0].Error == kontakt.TooMany
		})
		if o := b.in(store.OutboxDue)[0]; o.NextAt.Before(b.clock.Now().Add(10 * time.Minute)) {
			t.Errorf("due again at %v, sooner than asked for", o.NextAt)
		}
		b.put("busy", "2")
		b.clock.Add(10*time.Minute - time.Second)
		b.put("other", "3")
		b.until("the other kind is sent", func() bool { return len(b.in(store.OutboxDone)) == 1 })
		if busy.all() != 1 {
			t.Errorf("asked %d times although it wants to be left alone", busy.all())
		}
		b.clock.Add(time.Second)
		b.until("all sent", func() bool { return len(b.in(store.OutboxDone)) == 3 })
		if busy.times(first) != 2 {
			t.Errorf("%s was tried %d times", first, busy.times(first))
		}
	})
}

// What can't be sent is given up, each in its own way, and keeps nobody waiting.
func TestWorker_givesUpAndNobodyWaitsForIt(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		opt := fast
		opt.Attempts, opt.First, opt.Longest = 3, time.Millisecond, time.Millisecond
		r := &receiver{answer: func(_, payload string, _ int) error {
			switch payload {
			case "refused":
				return fmt.Errorf("wrapped: %w", refused)
			case "panics":
				panic("poison")
			case "fails":
				return errors.New("no kind: ours, so transient")
			}
			return nil
		}}
		w, stop := b.run(b.db, opt, outbox.Kind{Name: "test", Sender: r, AtOnce: 1})
		ids := b.put("test", "refused", "panics", "fails")
		b.put("test", "good")
		b.until("the good one is sent", func() bool { return len(b.in(store.OutboxDone)) == 1 })
		b.until("the others are given up", func() bool {
			b.clock.Add(time.Second)
			return len(b.in(store.OutboxDead)) == 3
		})
		for i, want := range []struct {
			times int
			why   kontakt.Kind
		}{{1, kontakt.Invalid}, {3, kontakt.Internal}, {3, kontakt.Internal}} {
			dead := b.in(store.OutboxDead)
			at := slices.IndexFunc(dead, func(o store.Outgoing) bool { return string(o.ID) == ids[i] })
			if r.times(ids[i]) != want.times || dead[at].Error != want.why || dead[at].Attempts != want.times || dead[at].DoneAt.IsZero() {
				t.Errorf("%s: %d times, %+v; want %+v", ids[i], r.times(ids[i]), dead[at], want)
			}
		}
		if f := w.Figures()[0]; f.GivenUp != 3 || f.Sent != 1 {
			t.Errorf("figures = %+v", f)
		}
		stop()

		// a person looks at them: one is tried again, one is thrown away
		b.update(func(tx *store.Tx) error {
			return errors.Join(tx.RetryOutgoing(kontakt.OutboxID(ids[2])), tx.DropOutgoing(kontakt.OutboxID(ids[0])))
		})
		err := b.db.Update(t.Context(), func(tx *store.Tx) error { return tx.RetryOutgoing(kontakt.OutboxID(ids[0])) })
		if kontakt.KindOf(err) != kontakt.NotFound {
			t.Errorf("retry of what was dropped: %v", err)
		}
		r2 := &receiver{}
		b.run(b.db, fast, outbox.Kind{Name: "test", Sender: r2})
		b.until("sent after all", func() bool { return len(b.in(store.OutboxDone)) == 2 })
		if r2.times(ids[2]) != 1 || r2.all() != 1 || len(b.in(store.OutboxDead)) != 1 {
			t.Errorf("after a person looked: %v, dead %+v", r2.got, b.in(store.OutboxDead))
		}
	})
}

// One whose attempts never come to an end, since it kills its process, is given up by the count alone; one that is too
// old is not sent any more.
func TestWorker_whatKillsItsProcessOrIsTooOldIsGivenUp(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		b.db.Sends("test")
		id := b.put("test", "deadly")[0]
		opt := fast
		opt.Attempts = 2
		for range 2 { // two processes that never came back
			if err := b.db.Stamp(t.Context(), func(tx *store.Tx) error {
				taken, err := tx.TakeOutgoing("test", 1, time.Minute)
				if len(taken) != 1 {
					t.Errorf("taken = %v", taken)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			b.clock.Add(time.Minute)
		}
		r := &receiver{}
		_, stop := b.run(b.db, opt, outbox.Kind{Name: "test", Sender: r})
		b.until("given up", func() bool { return len(b.in(store.OutboxDead)) == 1 })
		stop()
		b.put("test", "old")
		b.clock.Add(25 * time.Hour)
		w, _ := b.run(b.db, opt, outbox.Kind{Name: "test", Sender: r})
		b.until("too old", func() bool { return len(b.in(store.OutboxDead)) == 2 })
		if r.all() != 0 || r.times(id) != 0 {
			t.Errorf("sent %v", r.got)
		}
		b.until("counted", func() bool { f := w.Figures()[0]; return f.GivenUp == 1 })
		b.clock.Add(31 * 24 * time.Hour)
		if err := w.Forget(t.Context()); err != nil || len(b.in(store.OutboxDead)) != 0 {
			t.Errorf("kept for ever: %v", err)
		}
	})
}

// What would be too old at its next attempt is given up with this one: whoever looks sees it at once.
func TestWorker_givesUpWhatWouldBeTooOldNextTime(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		opt := fast
		opt.First, opt.Longest, opt.Expire = 2*time.Hour, 2*time.Hour, time.Minute // a pause is half of that at least
		r := &receiver{answer: func(string, string, int) error { return away }}
		b.run(b.db, opt, outbox.Kind{Name: "test", Sender: r})
		b.put("test", "x")
		var noted []store.Outgoing
		b.until("the failure is noted", func() bool {
			noted = slices.Concat(b.in(store.OutboxDead), b.in(store.OutboxDue))
			return len(noted) == 1 && noted[0].Error == kontakt.Unavailable
		})
		if noted[0].State != store.OutboxDead {
			t.Errorf("%+v, want it given up", noted[0])
		}
	})
}

// A row that does not open, as after a restore with other keys would be, is given up alone.
func TestWorker_aDamagedRowIsGivenUpAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		b.db.Sends("test")
		ids := b.put("test", "a", "b", "c")
		b.sql(`UPDATE outbox SET payload = (SELECT payload FROM outbox WHERE id = $2) WHERE id = $1`, ids[0], ids[1]) // the seal is bound to its row
		r := &receiver{}
		b.run(b.db, fast, outbox.Kind{Name: "test", Sender: r})
		b.until("settled", func() bool { return len(b.in(store.OutboxDue)) == 0 })
		if r.times(ids[0]) != 0 || r.times(ids[1]) != 1 || r.times(ids[2]) != 1 || len(b.in(store.OutboxDead)) != 1 {
			t.Errorf("sent %v, dead %+v", r.got, b.in(store.OutboxDead))
		}
	})
}

// A stop lets an attempt under way end and notes it; one that does not end is cut off and will be repeated.
func TestWorker_stopsGracefully(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		begun, end := make(chan struct{}), make(chan struct{})
		slow := &receiver{answer: func(string, string, int) error {
			close(begun)
			<-end
			return nil
		}}
		_, stop := b.run(b.db, fast, outbox.Kind{Name: "test", Sender: slow})
		b.put("test", "slow")
		<-begun
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		b.put("test", "comes too late for this worker")
		close(end)
		<-stopped
		if done, due := b.in(store.OutboxDone), b.in(store.OutboxDue); len(done)+len(due) != 2 || len(done) == 0 {
			t.Errorf("after a stop: done %+v, due %+v", done, due)
		}
	})
}

type hangs struct{ begun chan struct{} }

func (h hangs) Send(ctx context.Context, _ string, _ []byte) error {
	close(h.begun)
	<-ctx.Done()
	return ctx.Err()
}

func TestWorker_cutsOffWhatHangs(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		h := hangs{make(chan struct{})}
		opt := fast
		opt.Grace = 10 * time.Millisecond
		_, stop := b.run(b.db, opt, outbox.Kind{Name: "test", Sender: h})
		b.put("test", "x")
		<-h.begun
		stop()
		if due := b.in(store.OutboxDue); len(due) != 1 || due[0].Error != kontakt.Internal || due[0].Attempts != 1 {
			t.Errorf("due = %+v", due)
		}
	})
}

// The figures tell of what waits, also of a kind that nobody here can send.
func TestWorker_figures(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		b.db.Sends("elsewhere")
		b.put("elsewhere", "1", "2")
		b.clock.Add(time.Minute)
		w, _ := b.run(b.db, outbox.Options{Poll: time.Hour}, outbox.Kind{Name: "test", Sender: &receiver{answer: func(string, string, int) error { return refused }}})
		b.until("counted", func() bool { return len(w.Figures()) == 2 })
		if f := w.Figures()[1]; f.Kind != "elsewhere" || f.Due != 2 || f.Oldest != time.Minute || f.Dead != 0 {
			t.Errorf("figures = %+v", f)
		}
	})
}

// Nothing of what is sent is in the log.
func TestWorker_logsNothingOfWhatIsSent(t *testing.T) {
	onBoth(t, func(t *testing.T, b *box) {
		var mu sync.Mutex
		var text bytes.Buffer
		log := slog.New(slog.NewTextHandler(writer(func(p []byte) (int, error) { mu.Lock(); defer mu.Unlock(); return text.Write(p) }), nil))
		r := &receiver{answer: func(_, payload string, _ int) error {
			if payload == "hemmelig 1" {
				panic(payload)
			}
			return fmt.Errorf("the far side says %s", payload)
		}}
		w := outbox.New(b.db, outbox.Options{Poll: 5 * time.Millisecond, Attempts: 1}, log, outbox.Kind{Name: "test", Sender: r})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.Run(ctx); close(ended) }()
		b.put("test", "hemmelig 1", "hemmelig 2")
		b.until("given up", func() bool { return len(b.in(store.OutboxDead)) == 2 })
		cancel()
		<-ended
		if logged := text.String(); strings.Contains(logged, "hemmelig") || !strings.Contains(logged, "given up") {
			t.Errorf("log:\n%s", logged)
		}
	})
}

type writer func(p []byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }
