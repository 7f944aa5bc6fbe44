package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
	"kontaktlaege/internal/testkit"
)

// world is everything outside the machine, as functions that a test replaces.
type world struct {
	enrolled     func(context.Context) (bool, error)
	enrol        func(context.Context, string) error
	open         func(context.Context) (kontakt.Device, kontakt.Cursor, error)
	employee     func(context.Context) (kontakt.Person, error)
	beginSignIn  func(context.Context) (kontakt.SigninID, string, time.Duration, error)
	finishSignIn func(context.Context, kontakt.SigninID, string) (kontakt.Person, error)
	signOut      func(context.Context) error
	lookup       func(context.Context, kontakt.CPR, kontakt.ClinicID) (kontakt.Citizen, error)
	clinics      func(context.Context) ([]kontakt.Clinic, error)
	read         func(context.Context, kontakt.EntryID, []kontakt.MessageID, string) (kontakt.Entry, error)
	join         func(context.Context, kontakt.Join, string) (kontakt.Entry, error)
	held         func(context.Context) ([]kontakt.Entry, error)
	entry        func(context.Context, kontakt.EntryID) (kontakt.Entry, error)
	move         func(context.Context, kontakt.EntryID, kontakt.Move, string, string) (kontakt.Entry, error)
	call         func(context.Context, CallSetup) error
	warm         func(context.Context) error
	sleep        func(context.Context, time.Duration) error
	invite       func(context.Context, kontakt.Invite, string) (kontakt.Guest, string, bool, error)
	guests       func(context.Context) ([]kontakt.Guest, error)
	removeGuest  func(context.Context, kontakt.GuestID) error
	setMode      func(context.Context, kontakt.Mode) (kontakt.Entry, error)
	saveCard     func(context.Context, kontakt.Card, string) (kontakt.Card, error)
	orders       func() (kontakt.Orders, error)
	writeOrder   func(context.Context, kontakt.OrderText, string) (kontakt.Order, error)
	readBack     func(context.Context, kontakt.OrderID, string) (kontakt.Order, error)
	round        func(context.Context) (kontakt.Round, error)
	change       func(context.Context, string) (kontakt.Round, []kontakt.RowFault, error) // of the round: what, and to which visit
	missed       func(context.Context) ([]kontakt.RoundVisit, error)
	typed        func(string) error
	writeSummary func(context.Context, int, kontakt.Note, string) (int, error)
	summaries    []kontakt.Summary
	dial         func(string) error
	trace        func(string)

	mu      sync.Mutex
	log     []string
	changed chan struct{} // closed at the next note
	files   map[string][]byte
}

// note writes down what was asked of the outside.
func (w *world) note(s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, s)
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *world) noted() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.log)
}

func (w *world) Enrolled(ctx context.Context) (bool, error)           { return w.enrolled(ctx) }
func (w *world) Enrol(ctx context.Context, code string) error         { return w.enrol(ctx, code) }
func (w *world) Employee(ctx context.Context) (kontakt.Person, error) { return w.employee(ctx) }
func (w *world) Open(ctx context.Context) (kontakt.Device, kontakt.Cursor, error) {
	return w.open(ctx)
}

func (w *world) BeginSignIn(ctx context.Context) (kontakt.SigninID, string, time.Duration, error) {
	return w.beginSignIn(ctx)
}
func (w *world) CancelSignIn(context.Context, kontakt.SigninID) error { return nil }
func (w *world) FinishSignIn(ctx context.Context, id kontakt.SigninID, code string) (kontakt.Person, error) {
	return w.finishSignIn(ctx, id, code)
}
func (w *world) SignOut(ctx context.Context) error { return w.signOut(ctx) }
func (w *world) Lookup(ctx context.Context, c kontakt.CPR, own kontakt.ClinicID) (kontakt.Citizen, error) {
	return w.lookup(ctx, c, own)
}

func (w *world) Clinics(ctx context.Context) ([]kontakt.Clinic, error) { return w.clinics(ctx) }

func (w *world) Read(ctx context.Context, id kontakt.EntryID, messages []kontakt.MessageID, key string) (kontakt.Entry, error) {
	return w.read(ctx, id, messages, key)
}

func (w *world) Join(ctx context.Context, j kontakt.Join, key string) (kontakt.Entry, error) {
	return w.join(ctx, j, key)
}
func (w *world) Held(ctx context.Context) ([]kontakt.Entry, error) { return w.held(ctx) }
func (w *world) Entry(ctx context.Context, id kontakt.EntryID) (kontakt.Entry, error) {
	return w.entry(ctx, id)
}

func (w *world) Move(ctx context.Context, id kontakt.EntryID, m kontakt.Move, reason, key string) (kontakt.Entry, error) {
	return w.move(ctx, id, m, reason, key)
}

func (w *world) Relay(context.Context) (kontakt.Relay, error) {
	w.note("relay")
	return kontakt.Relay{ExpiresIn: time.Hour, Servers: []kontakt.ICEServer{{URLs: []string{"turn:relay.example"}}}}, nil
}

func (w *world) Signal(_ context.Context, _ kontakt.CallID, s []kontakt.Signal, _ string) error {
	w.note("signal " + string(s[0].Kind))
	return nil
}

func (w *world) TellMedia(_ context.Context, _ kontakt.CallID, live bool) error {
	w.note(map[bool]string{true: "media live", false: "media lost"}[live])
	return nil
}

func (w *world) Invite(ctx context.Context, _ kontakt.EntryID, i kontakt.Invite, key string) (kontakt.Guest, string, bool, error) {
	return w.invite(ctx, i, key)
}

func (w *world) Guests(ctx context.Context, _ kontakt.EntryID) ([]kontakt.Guest, error) {
	return w.guests(ctx)
}

func (w *world) RemoveGuest(ctx context.Context, _ kontakt.EntryID, g kontakt.GuestID, _ string) error {
	return w.removeGuest(ctx, g)
}

func (w *world) TOBS(context.Context) (tobs.Table, bool, error) { return tobs.Table{}, false, nil }

func (w *world) Card(context.Context, kontakt.EntryID) (kontakt.Card, error) {
	return kontakt.Card{}, nil
}

func (w *world) SaveCard(ctx context.Context, _ kontakt.EntryID, c kontakt.Card, key string) (kontakt.Card, error) {
	return w.saveCard(ctx, c, key)
}

func (w *world) SaveTold(context.Context, kontakt.EntryID, int, kontakt.Told, string) (kontakt.Card, error) {
	return kontakt.Card{}, nil
}

func (w *world) ExplainWrong(_ context.Context, id kontakt.EntryID, why kontakt.WrongWhy, _ string) error {
	w.note("wrong " + string(id) + " " + string(why))
	return nil
}

func (w *world) Orders(context.Context, kontakt.EntryID) (kontakt.Orders, error) { return w.orders() }

func (w *world) WriteOrder(ctx context.Context, _ kontakt.EntryID, text kontakt.OrderText, key string) (kontakt.Order, error) {
	return w.writeOrder(ctx, text, key)
}

func (w *world) ReadBack(ctx context.Context, _ kontakt.EntryID, id kontakt.OrderID, key string) (kontakt.Order, error) {
	return w.readBack(ctx, id, key)
}

func (w *world) WithdrawOrder(_ context.Context, _ kontakt.EntryID, id kontakt.OrderID, _ string) (kontakt.Order, error) {
	return kontakt.Order{ID: id, State: kontakt.OrderWithdrawn, Version: 9}, nil
}

func (w *world) Summaries(context.Context) ([]kontakt.Summary, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.summaries), nil
}

func (w *world) Summary(_ context.Context, id kontakt.SummaryID) (kontakt.Summary, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.summaries {
		if s.ID == id {
			return s, nil
		}
	}
	return kontakt.Summary{}, &kontakt.Error{Op: "world.Summary", Kind: kontakt.NotFound, Msg: kontakt.MsgNotFound}
}

func (w *world) WriteSummary(ctx context.Context, _ kontakt.SummaryID, version int, n kontakt.Note, key string) (int, error) {
	return w.writeSummary(ctx, version, n, key)
}

func (w *world) SummaryDone(_ context.Context, id kontakt.SummaryID, _ string) error {
	w.mu.Lock()
	w.summaries = slices.DeleteFunc(w.summaries, func(s kontakt.Summary) bool { return s.ID == id })
	w.mu.Unlock()
	w.note("dropped " + string(id))
	return nil
}

func (w *world) Record(context.Context, kontakt.EntryID) (kontakt.Record, error) {
	return kontakt.Record{Code: "K7QF-2M9X", Lines: []kontakt.RecordLine{{N: 1, What: kontakt.RecordConsent, Detail: "oral"}}}, nil
}

func (w *world) AddToRecord(_ context.Context, _ kontakt.EntryID, line kontakt.Addition, _ string) (kontakt.Record, error) {
	w.note("recorded " + string(line.What))
	return kontakt.Record{}, nil
}

func (w *world) SetMode(ctx context.Context, _ kontakt.EntryID, mode kontakt.Mode, _ string) (kontakt.Entry, error) {
	return w.setMode(ctx, mode)
}

func (w *world) Round(ctx context.Context) (kontakt.Round, error) { return w.round(ctx) }
func (w *world) MissedVisits(ctx context.Context) ([]kontakt.RoundVisit, error) {
	return w.missed(ctx)
}

func (w *world) AddVisit(ctx context.Context, p kontakt.VisitPlan, _ string) (kontakt.Round, error) {
	r, _, err := w.change(ctx, "add "+string(p.Citizen))
	return r, err
}

func (w *world) MoveVisit(ctx context.Context, id kontakt.VisitID, to int, _ string) (kontakt.Round, error) {
	r, _, err := w.change(ctx, fmt.Sprintf("move %s to %d", id, to))
	return r, err
}

func (w *world) EndVisit(ctx context.Context, id kontakt.VisitID, as kontakt.VisitState, _ string) (kontakt.Round, error) {
	r, _, err := w.change(ctx, fmt.Sprintf("%s is %s", id, as))
	return r, err
}

func (w *world) ImportRound(ctx context.Context, list []byte) (kontakt.Round, []kontakt.RowFault, error) {
	return w.change(ctx, "import "+string(list))
}

func (w *world) TakeVisit(ctx context.Context, id kontakt.VisitID, _ string) (kontakt.Round, error) {
	r, _, err := w.change(ctx, "take "+string(id))
	return r, err
}

// stream, phone, browser, ringer and memory are worlds of their own, since their methods have the same names.
type (
	stream  struct{ *world }
	phone   struct{ *world }
	browser struct{ *world }
	ringer  struct{ *world }
	memory  struct{ *world }
	dialer  struct{ *world }
)

func (s stream) Run(ctx context.Context, _ func(Event)) { <-ctx.Done() }
func (s stream) Follow(at kontakt.Cursor)               { s.note("follow") }

func (p phone) Check(ctx context.Context, _ kontakt.Relay, report func(CheckReport)) error {
	p.note("check")
	report(CheckReport{Camera: CheckItem{State: CheckGood}})
	<-ctx.Done()
	p.note("check over")
	return ctx.Err()
}

func (p phone) Warm(ctx context.Context, _ kontakt.Relay) error { p.note("warm"); return p.warm(ctx) }

func (p phone) Call(ctx context.Context, s CallSetup) error {
	p.note("call")
	defer p.note("call over")
	return p.call(ctx, s)
}
func (p phone) Set(c Controls)            { p.note("set") }
func (p phone) HangUp()                   { p.note("hang up") }
func (p phone) Type(text string) error    { return p.typed(text) }
func (p phone) TakeStill(context.Context) { p.note("still") }
func (p phone) DeclineStill(to string)    { p.note("decline still " + to) }
func (p phone) CloseStill(id string)      { p.note("close still " + id) }
func (p phone) DropStill(id string)       { p.note("drop still " + id) }
func (p phone) Point(id string, _, _ float64, on bool) {
	p.note(map[bool]string{true: "point ", false: "point no more "}[on] + id)
}
func (d dialer) Dial(_ context.Context, number string) error { return d.dial(number) }
func (b browser) Open(context.Context, string) error         { b.note("browser"); return nil }
func (r ringer) Chime()                                      { r.note("chime") }
func (r ringer) SayLate(language string, by time.Duration) {
	r.note("late " + language + " " + by.String())
}

func (r ringer) Ring(on bool) { r.note(map[bool]string{true: "ring", false: "quiet"}[on]) }

func (m memory) Load(name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.files[name], nil
}

func (m memory) Save(name string, data []byte) error {
	m.mu.Lock()
	m.files[name] = data
	m.mu.Unlock()
	m.note("saved " + string(data))
	return nil
}

// signedInWorld is one in which everything works and Sanne's session has lasted.
func signedInWorld() *world {
	w := &world{files: map[string][]byte{}, changed: make(chan struct{})}
	w.enrolled = func(context.Context) (bool, error) { return true, nil }
	w.open = func(context.Context) (kontakt.Device, kontakt.Cursor, error) {
		return kontakt.Device{ID: device, Name: "Tablet 7"}, kontakt.Cursor{kontakt.DeviceRoom(device): 0}, nil
	}
	w.employee = func(context.Context) (kontakt.Person, error) { return sanne, nil }
	w.held = func(context.Context) ([]kontakt.Entry, error) { return nil, nil }
	w.lookup = func(context.Context, kontakt.CPR, kontakt.ClinicID) (kontakt.Citizen, error) { return karen, nil }
	w.join = func(context.Context, kontakt.Join, string) (kontakt.Entry, error) {
		return entry(kontakt.EntryWaiting, 1), nil
	}
	w.signOut = func(context.Context) error { w.note("sign out"); return nil }
	w.warm = func(context.Context) error { return nil }
	w.orders = func() (kontakt.Orders, error) { return kontakt.Orders{}, nil }
	w.guests = func(context.Context) ([]kontakt.Guest, error) { return nil, nil }
	w.round = func(context.Context) (kontakt.Round, error) { return kontakt.Round{Now: t0}, nil }
	w.missed = func(context.Context) ([]kontakt.RoundVisit, error) { return nil, nil }
	w.typed = func(text string) error { w.note("typed " + text); return nil }
	w.call = func(ctx context.Context, _ CallSetup) error { <-ctx.Done(); return ctx.Err() }
	w.sleep = func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() }
	w.trace = func(string) {}
	return w
}

// run starts a machine in w; it ends with the test.
func run(t *testing.T, w *world) *Machine {
	t.Helper()
	return runLogged(t, w, slog.New(slog.DiscardHandler))
}

func runLogged(t *testing.T, w *world, log *slog.Logger) *Machine {
	t.Helper()
	testkit.Guard(t, 20*time.Second)
	m := NewMachine(w.ports(log))
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { defer close(over); m.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-over })
	return m
}

func (w *world) ports(log *slog.Logger) Ports {
	return Ports{
		Tablet: w, Signins: w, Line: w, Calls: w, Guests: w, Cards: w, Orders: w, Summaries: w, Records: w, Rounds: w, Stream: stream{w}, Phone: phone{w}, Browser: browser{w},
		Ringer: ringer{w}, Memory: memory{w}, Log: log, Dialer: dialer{w},
		Now:   func() time.Time { return t0 },
		Sleep: func(ctx context.Context, d time.Duration) error { return w.sleep(ctx, d) },
		Trace: func(step string) { w.trace(step) },
	}
}

// until waits for a screen of type S that is as wanted.
func until[S Screen](t *testing.T, m *Machine, wanted func(S) bool) S {
	t.Helper()
	found := make(chan S, 1)
	stop := m.Subscribe(func(s State) {
		if screen, ok := s.Screen.(S); ok && wanted(screen) {
			select {
			case found <- screen:
			default:
			}
		}
	})
	defer stop()
	return <-found // the guard ends a test that waits in vain
}

func any1[S Screen](S) bool { return true }

// fulfilled waits until what was asked of the outside is as wanted; the guard ends a test that waits in vain.
func (w *world) fulfilled(wanted func([]string) bool) {
	for {
		w.mu.Lock()
		log, changed := slices.Clone(w.log), w.changed
		w.mu.Unlock()
		if wanted(log) {
			return
		}
		<-changed
	}
}

func TestMachine_fromStartToSummary(t *testing.T) {
	w := signedInWorld()
	w.entry = func(context.Context, kontakt.EntryID) (kontakt.Entry, error) {
		return entry(kontakt.EntryCalled, 2), nil
	}
	w.move = func(_ context.Context, _ kontakt.EntryID, mv kontakt.Move, _, _ string) (kontakt.Entry, error) {
		if mv == kontakt.MoveAnswer {
			return entry(kontakt.EntryInCall, 3), nil
		}
		e := entry(kontakt.EntryEnded, 4)
		e.StartedAt, e.EndedAt = t0, t0.Add(7*time.Minute)
		return e, nil
	}
	w.call = func(ctx context.Context, s CallSetup) error {
		<-s.Answered
		s.Report(CallStatus{Media: MediaLive, Cameras: 2})
		<-ctx.Done()
		return ctx.Err()
	}
	m := run(t, w)
	until(t, m, any1[FindCitizen])
	m.Send(TapFind{someCPR()})
	until(t, m, any1[ReadBack])
	m.Send(TapConfirmCitizen{})
	m.Send(TapConsent{agreed})
	until(t, m, func(c Check) bool { return c.Report.Camera.State == CheckGood })
	m.Send(TapJoin{})
	until(t, m, any1[Waiting])
	m.Send(PlaceChanged{ID: placeID, Version: 2})
	called := until(t, m, any1[Called])
	if want := t0.Add(time.Minute); !called.RingUntil.Equal(want) {
		t.Errorf("rings until %v, want %v", called.RingUntil, want)
	}
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "call") }) // it is connected while it rings
	m.Send(TapAnswer{})
	m.Send(TapAnswer{})
	inCall := until(t, m, func(c InCall) bool { return c.Media == MediaLive })
	if inCall.Place.Call.Clinician.Name != holm.Name || inCall.Controls.Cameras != 2 {
		t.Errorf("in call with %+v, controls %+v", inCall.Place.Call, inCall.Controls)
	}
	m.Send(TapEnd{})
	m.Send(TapEndYes{})
	ended := until(t, m, func(e Ended) bool { return e.Summary.Lasted == 7*time.Minute })
	if s := ended.Summary; s.Clinician != holm.Name || s.Citizen != karen.Name || s.Clinic != clinic.Name {
		t.Errorf("summary %+v", s)
	}
	m.Send(TapDone{})
	until(t, m, any1[FindCitizen])
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "hang up") })
	var phoneLog []string
	for _, s := range w.noted() {
		if slices.Contains([]string{"check", "check over", "warm", "call", "call over", "hang up"}, s) {
			phoneLog = append(phoneLog, s)
		}
	}
	if got, want := strings.Join(phoneLog, ", "), "check, check over, hang up, call, call over, hang up"; got != want {
		t.Errorf("the phone was asked to %s; want %s", got, want)
	}
}

// TestMachine_noNetworkAtStart: the tablet says why and tries again by itself, later and later, until it is let in.
func TestMachine_noNetworkAtStart(t *testing.T) {
	w := signedInWorld()
	tries := 0
	open := w.open
	w.open = func(ctx context.Context) (kontakt.Device, kontakt.Cursor, error) {
		if tries++; tries <= 7 {
			return kontakt.Device{}, nil, &kontakt.Error{Op: "test", Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable}
		}
		return open(ctx)
	}
	var pauses []time.Duration
	w.sleep = func(_ context.Context, d time.Duration) error { pauses = append(pauses, d); return nil }
	var problems []Sentence
	m := run(t, w)
	stop := m.Subscribe(func(s State) {
		if st, ok := s.Screen.(Starting); ok && st.Attempt > 0 {
			problems = append(problems, st.Problem)
		}
	})
	until(t, m, any1[FindCitizen])
	stop()
	want := []time.Duration{1, 2, 4, 8, 16, 30, 30}
	for i := range want {
		want[i] *= time.Second
	}
	if !slices.Equal(pauses, want) {
		t.Errorf("paused %v, want %v", pauses, want)
	}
	for _, p := range problems {
		if p.Key != kontakt.MsgServerUnreachable {
			t.Errorf("said %q, want %q", p.Key, kontakt.MsgServerUnreachable)
		}
	}
}

// TestMachine_restartGoesOn: what the tablet held when it was killed is shown again, and a call is offered anew.
func TestMachine_restartGoesOn(t *testing.T) {
	for state, check := range map[kontakt.EntryState]func(*testing.T, *Machine, *world){
		kontakt.EntryWaiting: func(t *testing.T, m *Machine, _ *world) { until(t, m, any1[Waiting]) },
		kontakt.EntryCalled: func(t *testing.T, m *Machine, w *world) {
			until(t, m, any1[Called])
			w.fulfilled(func(log []string) bool { return slices.Contains(log, "ring") })
		},
		kontakt.EntryInterrupted: func(t *testing.T, m *Machine, w *world) {
			until(t, m, any1[InCall])
			w.fulfilled(func(log []string) bool { return slices.Contains(log, "call") })
		},
	} {
		t.Run(string(state), func(t *testing.T) {
			w := signedInWorld()
			w.held = func(context.Context) ([]kontakt.Entry, error) { return []kontakt.Entry{entry(state, 5)}, nil }
			check(t, run(t, w), w)
		})
	}
}

// TestMachine_clockOfACallOutlivesARestart: the call's clock goes on where it was.
func TestMachine_clockOfACallOutlivesARestart(t *testing.T) {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		e := entry(kontakt.EntryInCall, 5)
		e.StartedAt = t0.Add(-4 * time.Minute)
		return []kontakt.Entry{e}, nil
	}
	if c := until(t, run(t, w), any1[InCall]); !c.Since.Equal(t0.Add(-4 * time.Minute)) {
		t.Errorf("since %v, want four minutes before %v", c.Since, t0)
	}
}

// TestMachine_answerWaitsForNothing: the call is held before anybody answers it, and hears of the answer; one that has to
// be made again is an answered one with fresh credentials.
func TestMachine_answerWaitsForNothing(t *testing.T) {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryCalled, 5)}, nil
	}
	w.move = func(context.Context, kontakt.EntryID, kontakt.Move, string, string) (kontakt.Entry, error) {
		return entry(kontakt.EntryInCall, 6), nil
	}
	w.sleep = func(ctx context.Context, d time.Duration) error {
		if d == redialPause {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	}
	calls := 0
	w.call = func(ctx context.Context, s CallSetup) error {
		if len(s.Relay.Servers) == 0 {
			t.Error("a call without a relay")
		}
		if calls++; calls == 1 {
			select {
			case <-s.Answered:
				t.Error("answered by nobody")
			default:
			}
			w.note("rings")
			<-s.Answered
			if got := <-s.Others; !slices.Equal(got, []string{kontakt.ParticipantClinic}) {
				t.Errorf("with the answer %v take part, want the clinic", got)
			}
			return errors.New("broken")
		}
		select {
		case <-s.Answered:
		default:
			t.Error("made again, it rings again")
		}
		<-ctx.Done()
		return ctx.Err()
	}
	m := run(t, w)
	until(t, m, any1[Called])
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "rings") })
	m.Send(TapAnswer{})
	until(t, m, any1[InCall])
	w.fulfilled(func(log []string) bool {
		over := slices.Index(log, "call over")
		return over >= 0 && slices.Contains(log[over:], "call")
	})
	var got []string
	for _, s := range w.noted() {
		if slices.Contains([]string{"relay", "call", "rings"}, s) {
			got = append(got, s)
		}
	}
	if want := "relay, call, rings, relay, call"; strings.Join(got, ", ") != want {
		t.Errorf("asked for %s; want %s", strings.Join(got, ", "), want)
	}
}

// TestMachine_twoMinutesAreQuiet: who asks for two minutes is left in peace, and rung again before they are over.
func TestMachine_twoMinutesAreQuiet(t *testing.T) {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryCalled, 5)}, nil
	}
	w.move = func(context.Context, kontakt.EntryID, kontakt.Move, string, string) (kontakt.Entry, error) {
		e := entry(kontakt.EntryCalled, 6)
		e.Call.RingUntil = t0.Add(3 * time.Minute)
		return e, nil
	}
	nearlyOver := make(chan struct{})
	w.sleep = func(ctx context.Context, d time.Duration) error {
		if d == 150*time.Second {
			<-nearlyOver
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	}
	m := run(t, w)
	until(t, m, any1[Called])
	m.Send(TapWaitTwo{})
	until(t, m, func(c Called) bool { return c.Hushed && !c.Busy })
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "quiet") })
	close(nearlyOver)
	until(t, m, func(c Called) bool { return !c.Hushed })
	w.fulfilled(func(log []string) bool { return slices.Contains(log[slices.Index(log, "quiet"):], "ring") })
}

// TestMachine_sameJoinTwice: an answer that got lost must not become a second place.
func TestMachine_sameJoinTwice(t *testing.T) {
	w := signedInWorld()
	var keys []string
	w.join = func(_ context.Context, _ kontakt.Join, key string) (kontakt.Entry, error) {
		if keys = append(keys, key); len(keys) == 1 {
			return kontakt.Entry{}, &kontakt.Error{Op: "test", Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable}
		}
		return entry(kontakt.EntryWaiting, 1), nil
	}
	m := run(t, w)
	until(t, m, any1[FindCitizen])
	m.Send(TapFind{someCPR()})
	until(t, m, any1[ReadBack])
	m.Send(TapConfirmCitizen{})
	m.Send(TapConsent{agreed})
	until(t, m, any1[Check])
	m.Send(TapJoin{})
	m.Send(TapJoin{})
	until(t, m, func(c Check) bool { return c.Problem.Key == kontakt.MsgServerUnreachable })
	m.Send(TapJoin{})
	until(t, m, any1[Waiting])
	if len(keys) != 2 || keys[0] != keys[1] || keys[0] == "" {
		t.Errorf("joined with keys %q, want the same one twice", keys)
	}
}

// TestMachine_answerToALeftScreen: what comes back after its screen was left changes nothing.
func TestMachine_answerToALeftScreen(t *testing.T) {
	w := signedInWorld()
	asked, over := make(chan struct{}), make(chan struct{})
	w.lookup = func(ctx context.Context, _ kontakt.CPR, _ kontakt.ClinicID) (kontakt.Citizen, error) {
		close(asked)
		<-ctx.Done() // only the end of the screen ends it
		close(over)
		return karen, nil
	}
	m := run(t, w)
	until(t, m, any1[FindCitizen])
	m.Send(TapFind{someCPR()})
	<-asked
	m.Send(TapSignOut{})
	<-over
	until(t, m, any1[SignedOut])
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "sign out") })
	if s, ok := m.State().Screen.(SignedOut); !ok || s.Busy {
		t.Errorf("screen %+v after a late answer", m.State().Screen)
	}
}

// TestMachine_isReadWhileItSteps: the state is read from elsewhere between its being decided and its being told of.
func TestMachine_isReadWhileItSteps(t *testing.T) {
	w := signedInWorld()
	watched, decided, read := make(chan struct{}), make(chan struct{}), make(chan struct{})
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		<-watched
		return []kontakt.Entry{entry(kontakt.EntryCalled, 5)}, nil
	}
	w.trace = func(step string) {
		if step == "it rings" {
			close(decided)
		}
	}
	m := run(t, w)
	var found State
	go func() {
		defer close(read)
		<-decided
		found = m.State()
	}()
	stop := m.Subscribe(func(s State) {
		if _, rings := s.Screen.(Called); rings {
			<-read // the machine touches nothing between
		}
	})
	close(watched)
	until(t, m, any1[Called])
	stop()
	switch found.Screen.(type) {
	case Starting, Called:
	default:
		t.Errorf("read %+v, want the state of before or after", found)
	}
}

// TestMachine_answerThatMeetsALeftScreen: the answer comes in the very moment in which the nurse turns to another
// citizen, when what asked for it has not been told yet that it is over.
func TestMachine_answerThatMeetsALeftScreen(t *testing.T) {
	w := signedInWorld()
	asked, late := make(chan struct{}), make(chan struct{})
	lookups := []func() (kontakt.Citizen, error){
		func() (kontakt.Citizen, error) {
			return kontakt.Citizen{}, &kontakt.Error{Op: "test", Kind: kontakt.Unavailable, Msg: kontakt.MsgRegistryDown}
		},
		func() (kontakt.Citizen, error) { close(asked); <-late; return kontakt.Citizen{Name: "Otto Før"}, nil },
		func() (kontakt.Citizen, error) { return karen, nil },
	}
	asking := make(chan func() (kontakt.Citizen, error), len(lookups))
	for _, l := range lookups {
		asking <- l
	}
	w.lookup = func(context.Context, kontakt.CPR, kontakt.ClinicID) (kontakt.Citizen, error) { return (<-asking)() }
	w.clinics = func(context.Context) ([]kontakt.Clinic, error) { return nil, nil }
	m := run(t, w)
	until(t, m, any1[FindCitizen])
	m.Send(TapFind{someCPR()})
	until(t, m, func(s FindCitizen) bool { return s.Down })
	m.Send(TapChooseClinic{})
	until(t, m, func(s ChooseClinic) bool { return !s.Loading })
	m.Send(TapClinic{CPR: someCPR(), Clinic: kontakt.NewClinicID()})
	<-asked

	left, onward := make(chan struct{}), make(chan struct{})
	var once sync.Once
	stop := m.Subscribe(func(s State) {
		if _, turned := s.Screen.(FindCitizen); turned {
			once.Do(func() { close(left); <-onward }) // the machine is held in the middle of the step
		}
	})
	defer stop()
	m.Send(TapBack{})
	<-left
	m.Send(TapFind{someCPR()})
	close(late)
	for waits := 0; waits < 2; { // the tap, and behind it the answer
		runtime.Gosched()
		m.mu.Lock()
		waits = len(m.inbox)
		m.mu.Unlock()
	}
	close(onward)
	if s := until(t, m, any1[ReadBack]); s.Citizen.Name != karen.Name {
		t.Errorf("read back: %q, want whom the nurse looked up last", s.Citizen.Name)
	}
}

// TestMachine_endIsToldUntilHeard: the nurse is done at once; the clinic learns it when the network is back.
func TestMachine_endIsToldUntilHeard(t *testing.T) {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryInCall, 5)}, nil
	}
	told := make(chan string, 8)
	tries := 0
	w.sleep = func(context.Context, time.Duration) error { return nil }
	w.move = func(_ context.Context, _ kontakt.EntryID, mv kontakt.Move, _, key string) (kontakt.Entry, error) {
		told <- string(mv) + " " + key
		if tries++; tries < 4 {
			return kontakt.Entry{}, &kontakt.Error{Op: "test", Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable}
		}
		return entry(kontakt.EntryEnded, 6), nil
	}
	m := run(t, w)
	until(t, m, any1[InCall])
	m.Send(TapEnd{})
	m.Send(TapEndYes{})
	until(t, m, any1[Ended])
	m.Send(TapDone{})
	first := <-told
	for range 3 {
		if again := <-told; again != first {
			t.Errorf("told %q and then %q", first, again)
		}
	}
}

// TestMachine_callThatBreaks: the call is offered again, the screen stays, signals arrive in order.
func TestMachine_callThatBreaks(t *testing.T) {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryInCall, 5)}, nil
	}
	w.sleep = func(context.Context, time.Duration) error { return nil }
	calls := 0
	heard := make(chan string, 8)
	w.call = func(ctx context.Context, s CallSetup) error {
		if calls++; calls == 1 {
			s.Report(CallStatus{Media: MediaLive})
			return &kontakt.Error{Op: "test", Kind: kontakt.DeviceFault, Msg: kontakt.MsgCameraLost, Err: errors.New("gone")}
		}
		if err := s.Send(ctx, []kontakt.Signal{{Kind: kontakt.SignalOffer}}); err != nil {
			return err
		}
		for {
			select {
			case sig := <-s.Incoming:
				heard <- sig.Peer
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	m := run(t, w)
	lost := until(t, m, func(c InCall) bool { return c.Media == MediaLost })
	if lost.Notice.Key != kontakt.MsgCameraLost {
		t.Errorf("notice %q, want %q", lost.Notice.Key, kontakt.MsgCameraLost)
	}
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "signal offer") })
	for _, peer := range []string{"1", "2", "3"} {
		m.Send(SignalCame{Call: callID, Signal: kontakt.Signal{From: kontakt.ParticipantClinic, Kind: kontakt.SignalAnswer, Peer: peer}})
	}
	for _, want := range []string{"1", "2", "3"} {
		if got := <-heard; got != want {
			t.Errorf("heard %s, want %s", got, want)
		}
	}
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "media lost") })
}

func TestMachine_settingsOutliveARestart(t *testing.T) {
	w := signedInWorld()
	w.files["settings"] = []byte(`{"Language":"en","TextScale":150,"Look":"contrast","Still":true,"Aloud":"all"}`)
	m := run(t, w)
	until(t, m, any1[FindCitizen])
	if got, want := m.State().Settings, (Settings{Language: "en", TextScale: 150, Look: LookContrast, Still: true, Aloud: AloudAll}); got != want {
		t.Errorf("settings %+v, want %+v", got, want)
	}
	m.Send(TapSettings{Settings{Language: "xx", TextScale: 5}})
	w.fulfilled(func(log []string) bool {
		return slices.ContainsFunc(log, func(s string) bool { return strings.HasPrefix(s, "saved") })
	})
	if got := string(w.files["settings"]); !strings.Contains(got, `"da"`) || !strings.Contains(got, "100") {
		t.Errorf("saved %s, want what can be shown", got)
	}
}

func TestMachine_damagedSettings(t *testing.T) {
	w := signedInWorld()
	w.files["settings"] = []byte(`{"Lang`)
	m := run(t, w)
	until(t, m, any1[FindCitizen])
	if got := m.State().Settings; got != DefaultSettings() {
		t.Errorf("settings %+v, want the default", got)
	}
}

// TestMachine_logHoldsNobody: a failed look-up is logged by kind, and nothing of the citizen with it.
func TestMachine_logHoldsNobody(t *testing.T) {
	w := signedInWorld()
	w.lookup = func(context.Context, kontakt.CPR, kontakt.ClinicID) (kontakt.Citizen, error) {
		return kontakt.Citizen{}, &kontakt.Error{Op: "test", Kind: kontakt.NotFound, Msg: kontakt.MsgCitizenUnknown, Params: map[string]string{"navn": karen.Name}}
	}
	var out bytes.Buffer
	m := runLogged(t, w, slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	until(t, m, any1[FindCitizen])
	m.Send(TapFind{someCPR()})
	until(t, m, func(f FindCitizen) bool { return f.Problem.Key == kontakt.MsgCitizenUnknown })
	for _, secret := range []string{"290200", "4100", karen.Name} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, out.String())
		}
	}
	if !strings.Contains(out.String(), "effect=Find") || !strings.Contains(out.String(), "kind=not_found") {
		t.Errorf("the log does not say what failed:\n%s", out.String())
	}
}
