package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

var unreachable = &kontakt.Error{Op: "test", Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable}

// launch starts a machine that a test ends before its own end, as a battery does.
func launch(t *testing.T, w *world) (m *Machine, die func()) {
	t.Helper()
	testkit.Guard(t, 20*time.Second)
	m = NewMachine(Ports{
		Tablet: w, Signins: w, Line: w, Calls: w, Guests: w, Orders: w, Summaries: w, Records: w, Rounds: w, Stream: stream{w}, Phone: phone{w}, Browser: browser{w},
		Ringer: ringer{w}, Memory: memory{w}, Log: slog.New(slog.DiscardHandler),
		Now:   func() time.Time { return t0 },
		Sleep: func(ctx context.Context, d time.Duration) error { return w.sleep(ctx, d) },
	})
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { defer close(over); m.Run(ctx) }()
	die = func() { cancel(); <-over }
	t.Cleanup(die)
	return m, die
}

// kept gives the errands that a restart would find.
func (w *world) kept(t *testing.T) []errand {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []errand
	if data := w.files[unsentName]; data != nil {
		if err := json.Unmarshal(data, &all); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// after gives a world in which only what was saved is left of another.
func after(w *world) *world {
	next := signedInWorld()
	w.mu.Lock()
	defer w.mu.Unlock()
	next.files = maps.Clone(w.files)
	return next
}

// TestMachine_restartInMidJoin: the app dies while nobody knows whether a number was drawn. The key was saved before the
// request left, and the next run asks for the very same place.
func TestMachine_restartInMidJoin(t *testing.T) {
	w := signedInWorld()
	asked := make(chan string, 1)
	told := kontakt.Told{Reason: "hævet ben"}
	w.join = func(ctx context.Context, j kontakt.Join, key string) (kontakt.Entry, error) {
		if kept := w.kept(t); len(kept) != 1 || kept[0].Key != key || kept[0].Join.Told != (kontakt.Told{}) {
			t.Errorf("sent with %q while %+v was saved", key, kept)
		}
		if j.Told != told {
			t.Errorf("told %+v", j.Told)
		}
		asked <- key
		<-ctx.Done()
		return kontakt.Entry{}, ctx.Err()
	}
	m, die := launch(t, w)
	until(t, m, any1[FindCitizen])
	m.Send(TapFind{someCPR()})
	until(t, m, any1[ReadBack])
	m.Send(TapConfirmCitizen{})
	m.Send(TapConsent{agreed})
	until(t, m, any1[Check])
	m.Send(TapJoin{Told: told})
	key := <-asked
	die()

	next := after(w)
	again := make(chan string, 1)
	answer := make(chan struct{})
	next.join = func(_ context.Context, j kontakt.Join, key string) (kontakt.Entry, error) {
		if j.Citizen != karen.ID || j.Clinic != clinic.ID || j.Consent != agreed {
			t.Errorf("after the restart %+v is asked for", j)
		}
		again <- key
		<-answer
		return entry(kontakt.EntryWaiting, 1), nil
	}
	m, _ = launch(t, next)
	if got := <-again; got != key {
		t.Errorf("the second run joins with %q, the first with %q", got, key)
	}
	until(t, m, func(c Check) bool { return c.Joining && c.Problem.Key == kontakt.MsgStillTrying })
	close(answer)
	until(t, m, any1[Waiting])
	if kept := next.kept(t); len(kept) != 0 {
		t.Errorf("%+v is kept though it was answered", kept)
	}
}

// TestMachine_restartJoinsNobodyBySurprise: a join of another day, of another nurse, or that the backend has heard, is
// not sent again.
func TestMachine_restartJoinsNobodyBySurprise(t *testing.T) {
	for name, row := range map[string]struct {
		errand errand
		held   []kontakt.Entry
	}{
		"old":            {errand: errand{At: t0.Add(-11 * time.Minute), By: sanne.ID}},
		"another nurse":  {errand: errand{At: t0, By: holm.ID}},
		"nobody":         {errand: errand{At: t0}},
		"clock set back": {errand: errand{At: t0.Add(time.Hour), By: sanne.ID}},
		"heard":          {errand: errand{At: t0, By: sanne.ID}, held: []kontakt.Entry{entry(kontakt.EntryWaiting, 1)}},
	} {
		t.Run(name, func(t *testing.T) {
			w := signedInWorld()
			row.errand.Key, row.errand.Join = "key-0", &kontakt.Join{Citizen: karen.ID, Clinic: clinic.ID}
			data, err := json.Marshal([]errand{row.errand})
			if err != nil {
				t.Fatal(err)
			}
			w.files[unsentName] = data
			w.held = func(context.Context) ([]kontakt.Entry, error) { return row.held, nil }
			w.join = func(context.Context, kontakt.Join, string) (kontakt.Entry, error) {
				t.Error("joined")
				return kontakt.Entry{}, unreachable
			}
			m := run(t, w)
			if row.held != nil {
				until(t, m, any1[Waiting])
			} else {
				until(t, m, any1[FindCitizen])
			}
			if kept := w.kept(t); len(kept) != 0 {
				t.Errorf("%+v is kept still", kept)
			}
		})
	}
}

// TestMachine_restartInMidMove: what the nurse has asked for is done under the same key, before the tablet asks what it
// holds; while the backend is out of reach the start says so and tries again.
func TestMachine_restartInMidMove(t *testing.T) {
	for move, state := range map[kontakt.Move]kontakt.EntryState{
		kontakt.MoveLeave: kontakt.EntryWaiting, kontakt.MoveEnd: kontakt.EntryInCall, "read": kontakt.EntryWaiting,
	} {
		t.Run(string(move), func(t *testing.T) {
			w := signedInWorld()
			w.held = func(context.Context) ([]kontakt.Entry, error) {
				e := entry(state, 5)
				e.Messages = []kontakt.Message{words}
				return []kontakt.Entry{e}, nil
			}
			asked := make(chan string, 8)
			w.move = func(ctx context.Context, _ kontakt.EntryID, mv kontakt.Move, _, key string) (kontakt.Entry, error) {
				asked <- string(mv) + " " + key
				<-ctx.Done()
				return kontakt.Entry{}, ctx.Err()
			}
			w.read = func(ctx context.Context, _ kontakt.EntryID, ids []kontakt.MessageID, key string) (kontakt.Entry, error) {
				return w.move(ctx, "", "read", "", key)
			}
			m, die := launch(t, w)
			switch move {
			case kontakt.MoveLeave:
				until(t, m, any1[Waiting])
				m.Send(TapLeave{})
				m.Send(TapLeaveYes{})
			case kontakt.MoveEnd:
				until(t, m, any1[InCall])
				m.Send(TapEnd{})
				m.Send(TapEndYes{})
			default:
				until(t, m, any1[Waiting])
				m.Send(TapRead{})
			}
			first := <-asked
			die()

			next := after(w)
			tries := 0
			next.sleep = func(ctx context.Context, d time.Duration) error {
				if d <= 2*time.Second {
					return nil
				}
				<-ctx.Done()
				return ctx.Err()
			}
			done := false
			next.move = func(_ context.Context, _ kontakt.EntryID, mv kontakt.Move, _, key string) (kontakt.Entry, error) {
				asked <- string(mv) + " " + key
				if tries++; tries == 1 {
					return kontakt.Entry{}, unreachable
				}
				done = true
				return entry(kontakt.EntryLeft, 6), nil
			}
			next.read = func(ctx context.Context, _ kontakt.EntryID, ids []kontakt.MessageID, key string) (kontakt.Entry, error) {
				if !slices.Equal(ids, []kontakt.MessageID{words.ID}) {
					t.Errorf("read %v", ids)
				}
				return next.move(ctx, "", "read", "", key)
			}
			next.held = func(context.Context) ([]kontakt.Entry, error) {
				if !done {
					t.Error("asked what it holds before it has told")
				}
				return nil, nil
			}
			m, _ = launch(t, next)
			until(t, m, any1[FindCitizen])
			for range 2 {
				if again := <-asked; again != first || !strings.HasPrefix(first, string(move)) {
					t.Errorf("the first run asked %q, the second %q", first, again)
				}
			}
			if kept := next.kept(t); len(kept) != 0 {
				t.Errorf("%+v is kept though it was answered", kept)
			}
		})
	}
}

// TestMachine_damagedUnsent: what can't be read stops nobody.
func TestMachine_damagedUnsent(t *testing.T) {
	w := signedInWorld()
	w.files[unsentName] = []byte(`[{"Key":`)
	until(t, run(t, w), any1[FindCitizen])
}

// TestMachine_joinSaysThatItIsStillTrying, and the nurse may turn back; then nothing is sent again after a restart.
func TestMachine_joinSaysThatItIsStillTrying(t *testing.T) {
	w := signedInWorld()
	w.sleep = func(ctx context.Context, d time.Duration) error {
		if d == saySoon.Delay {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	}
	asked, over := make(chan struct{}), make(chan struct{})
	w.join = func(ctx context.Context, _ kontakt.Join, _ string) (kontakt.Entry, error) {
		close(asked)
		<-ctx.Done()
		close(over)
		return kontakt.Entry{}, ctx.Err()
	}
	m := run(t, w)
	until(t, m, any1[FindCitizen])
	m.Send(TapFind{someCPR()})
	until(t, m, any1[ReadBack])
	m.Send(TapConfirmCitizen{})
	m.Send(TapConsent{agreed})
	until(t, m, any1[Check])
	m.Send(TapJoin{})
	until(t, m, func(c Check) bool { return c.Joining && c.Problem.Key == kontakt.MsgStillTrying })
	if !m.State().Slow() {
		t.Error("the connection is said to be good meanwhile")
	}
	<-asked
	m.Send(TapBack{})
	until(t, m, any1[Consent])
	<-over
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "saved []") })
	if kept := w.kept(t); len(kept) != 0 {
		t.Errorf("%+v is kept though the nurse has turned back", kept)
	}
}
