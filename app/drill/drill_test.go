package drill

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

var t0 = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// clock stands still until a test turns it.
type clock struct {
	mu      sync.Mutex
	now     time.Time
	asleep  []*sleeper
	changed chan struct{}
}

type sleeper struct {
	lasts time.Duration
	until time.Time
	wake  chan struct{}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	s := &sleeper{d, c.now.Add(d), make(chan struct{})}
	c.asleep = append(c.asleep, s)
	c.stir()
	c.mu.Unlock()
	select {
	case <-s.wake:
		return nil
	case <-ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		c.asleep = slices.DeleteFunc(c.asleep, func(o *sleeper) bool { return o == s })
		return ctx.Err()
	}
}

func (c *clock) stir() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// awaits waits until somebody sleeps for just that long, and gives until when; c.mu is held after it.
func (c *clock) awaits(d time.Duration) time.Time {
	c.mu.Lock()
	for {
		for _, s := range c.asleep {
			if s.lasts == d {
				return s.until
			}
		}
		changed := c.changed
		c.mu.Unlock()
		<-changed // the guard ends a test that waits in vain
		c.mu.Lock()
	}
}

// pass waits until somebody sleeps for just that long, and lets the time pass.
func (c *clock) pass(d time.Duration) {
	c.now = c.awaits(d)
	defer c.mu.Unlock()
	c.asleep = slices.DeleteFunc(c.asleep, func(s *sleeper) bool {
		due := !s.until.After(c.now)
		if due {
			close(s.wake)
		}
		return due
	})
}

// tablet is a window with nobody before it, a real machine that is played, and what a drill is given.
type tablet struct {
	t     *testing.T
	clock *clock
	*Switch
	log *noises

	mu     sync.Mutex
	heard  func(app.State) // of the real machine
	real   app.State
	shown  app.State
	seen   []app.State
	sent   []app.Event // to the real machine
	woken  chan struct{}
	phones []*phone
	rates  chan int // that the path between the two carries
}

// Send and Subscribe are the real machine.
type realMachine struct{ *tablet }

func (r realMachine) Send(e app.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent = append(r.sent, e)
}

func (r realMachine) Subscribe(show func(app.State)) func() {
	r.mu.Lock()
	r.heard = show
	now := r.real
	r.mu.Unlock()
	show(now)
	return func() {}
}

func (b *tablet) show(s app.State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shown = s
	b.seen = append(b.seen, s)
	close(b.woken)
	b.woken = make(chan struct{})
}

// until waits for a shown state.
func (b *tablet) until(what string, wanted func(app.State) bool) app.State {
	b.t.Helper()
	for {
		b.mu.Lock()
		s, woken := b.shown, b.woken
		b.mu.Unlock()
		if wanted(s) {
			return s
		}
		<-woken // the guard ends a test that waits in vain
	}
}

func until[S app.Screen](b *tablet, wanted func(S) bool) S {
	b.t.Helper()
	s := b.until("", func(s app.State) bool {
		screen, ok := s.Screen.(S)
		return ok && wanted(screen)
	})
	return s.Screen.(S)
}

func any1[S app.Screen](S) bool { return true }

// turnReal has the real machine come to another screen.
func (b *tablet) turnReal(s app.State) {
	b.mu.Lock()
	heard := b.heard
	b.mu.Unlock()
	heard(s)
}

// phone is one without media: it tells how its call fares.
type phone struct {
	*tablet
	mu     sync.Mutex
	report func(app.CallStatus)
	closed bool
}

func (p *phone) Check(ctx context.Context, _ kontakt.Relay, report func(app.CheckReport)) error {
	report(app.CheckReport{Camera: app.CheckItem{State: app.CheckGood}, Relay: app.CheckItem{State: app.CheckBad}})
	<-ctx.Done()
	return ctx.Err()
}
func (p *phone) Warm(context.Context, kontakt.Relay) error { return nil }
func (p *phone) Call(ctx context.Context, s app.CallSetup) error {
	select {
	case <-s.Answered:
	case <-ctx.Done():
		return ctx.Err()
	}
	p.mu.Lock()
	p.report = s.Report
	p.mu.Unlock()
	s.Report(app.CallStatus{Media: app.MediaLive, Rung: kontakt.RungFull})
	<-ctx.Done()
	return ctx.Err()
}
func (p *phone) Set(app.Controls)                     {}
func (p *phone) Type(string) error                    { return nil }
func (p *phone) TakeStill(context.Context)            {}
func (p *phone) DeclineStill(string)                  {}
func (p *phone) CloseStill(string)                    {}
func (p *phone) DropStill(string)                     {}
func (p *phone) Point(string, float64, float64, bool) {}
func (p *phone) HangUp()                              {}
func (p *phone) Light(bool)                           {}
func (p *phone) Scan(ctx context.Context, _ app.ScanFor, _ func(app.ScanReport)) {
	<-ctx.Done()
}

func (p *phone) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	return nil
}

// noises are what the tablet was asked to sound.
type noises struct {
	mu   sync.Mutex
	all  []string
	more chan struct{} // closed at the next
}

func (n *noises) note(s string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, s)
	close(n.more)
	n.more = make(chan struct{})
}

// until waits for a sound.
func (n *noises) until(want string) {
	for {
		n.mu.Lock()
		heard, more := slices.Contains(n.all, want), n.more
		n.mu.Unlock()
		if heard {
			return
		}
		<-more // the guard ends a test that waits in vain
	}
}

func (n *noises) noted() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.all)
}

func (n *noises) Ring(on bool)                       { n.note(map[bool]string{true: "ring", false: "quiet"}[on]) }
func (n *noises) Chime()                             { n.note("chime") }
func (n *noises) SayLate(l string, by time.Duration) { n.note("late " + l + " " + by.String()) }
func (n *noises) Speaks(string) bool                 { return true }
func (n *noises) Hush()                              {}
func (n *noises) Say(s app.Spoken) {
	said := "say " + s.Language
	for _, w := range s.Words {
		said += " " + string(w.Key)
	}
	n.note(said)
}
func (n *noises) SayDrill(l string) { n.note("drill " + l) }

// clinician says nothing, and notes what the path carries.
type clinician struct{ *tablet }

func (c clinician) Talk(ctx context.Context, in <-chan kontakt.Signal, _ func(kontakt.Signal), rate <-chan int) {
	for {
		select {
		case <-in:
		case r := <-rate:
			c.rates <- r
		case <-ctx.Done():
			return
		}
	}
}

var signedOut = app.State{Settings: app.DefaultSettings(), Screen: app.SignedOut{}}

func newTablet(t *testing.T) *tablet {
	t.Helper()
	testkit.Guard(t, 20*time.Second)
	b := &tablet{
		t: t, clock: &clock{now: t0, changed: make(chan struct{})}, real: signedOut, woken: make(chan struct{}), log: &noises{more: make(chan struct{})}, rates: make(chan int, 8),
	}
	b.Switch = NewSwitch(Config{
		Real: realMachine{b}, Show: b.show, Ringer: b.log, Clinician: clinician{b}, Now: b.clock.Now, Sleep: b.clock.Sleep,
		NewPhone: func() Phone {
			p := &phone{tablet: b}
			b.phones = append(b.phones, p)
			return p
		},
		Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { defer close(over); b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-over
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, s := range b.seen {
			_, mine := s.Screen.(app.SignedOut)
			if _, called := s.Screen.(app.Called); s.Drill == nil && !mine && !(called && s.Device.ID != deviceID) {
				t.Errorf("%T of a drill does not say that it is one", s.Screen)
			}
		}
	})
	until(b, any1[app.SignedOut])
	return b
}

func (b *tablet) drill(scenario app.Scenario) {
	b.t.Helper()
	b.Send(app.TapDrill{})
	until(b, any1[app.DrillChoice])
	b.Send(app.TapScenario{Scenario: scenario})
	until(b, any1[app.FindCitizen])
	b.log.until("drill da")
}

func (b *tablet) finds(p person) app.ReadBack {
	b.t.Helper()
	cpr, err := kontakt.ParseCPR(p.cpr, kontakt.DateOf(t0))
	if err != nil {
		b.t.Fatal(err)
	}
	b.Send(app.TapFind{CPR: cpr})
	return until(b, func(r app.ReadBack) bool { return r.Citizen.Name == p.name })
}

// queues draws a number for a person.
func (b *tablet) queues(p person) app.Waiting {
	b.t.Helper()
	b.finds(p)
	b.Send(app.TapConfirmCitizen{})
	until(b, any1[app.Consent])
	b.Send(app.TapConsent{Consent: kontakt.Consent{Kind: kontakt.ConsentOral}})
	check := until(b, func(c app.Check) bool { return c.Report.Camera.State == app.CheckGood })
	if check.Report.Relay.State != app.CheckGood {
		b.t.Error("the check of a drill asks for a relay")
	}
	b.Send(app.TapJoin{})
	return until(b, func(w app.Waiting) bool { return p.is(w.Place) })
}

// talks answers, ends the talk and leaves its summary.
func (b *tablet) answers(p person) {
	b.t.Helper()
	until(b, func(c app.Called) bool { return p.is(c.Place) })
	b.Send(app.TapAnswer{})
	until(b, func(c app.InCall) bool { return p.is(c.Place) && c.Media == app.MediaLive })
}

func (b *tablet) ends(p person) {
	b.t.Helper()
	b.Send(app.TapEnd{})
	b.Send(app.TapEndYes{})
	until(b, func(e app.Ended) bool { return e.Summary.Citizen == p.name })
	b.Send(app.TapDone{})
	b.until("the end of the summary", func(s app.State) bool {
		_, still := s.Screen.(app.Ended)
		return !still
	})
}

// carries waits until the path carries so much.
func (b *tablet) carries(want int) {
	b.t.Helper()
	if got := <-b.rates; got != want {
		b.t.Errorf("the path carries %d, want %d", got, want)
	}
}

// done gives the keys of the card's steps, those that were missed with a mark.
func done(r app.DrillResult) string {
	var all []string
	for _, s := range r.Steps {
		mark := ""
		if !s.Done {
			mark = "!"
		}
		all = append(all, mark+strings.TrimPrefix(string(s.Says), "drill.step."))
	}
	return strings.Join(all, " ")
}

func (b *tablet) card(want string) app.DrillResult {
	b.t.Helper()
	card := until(b, any1[app.DrillResult])
	if got := done(card); got != want {
		b.t.Errorf("the card says %q, want %q", got, want)
	}
	return card
}

// M14, SD-18: from signed out, without a sign-in, to the card.
func TestDrill_asItShouldGo(t *testing.T) {
	b := newTablet(t)
	b.drill(app.DrillGood)
	if w := b.queues(agnes); w.Place.Before != 2 || w.Place.Number != 1 {
		t.Errorf("waits as %+v", w.Place)
	}
	b.clock.pass(aWhile)
	until(b, func(w app.Waiting) bool { return w.Place.Before == 1 })
	b.clock.pass(aWhile)
	until(b, func(w app.Waiting) bool { return w.Place.Clinic.Delay == delay })
	b.log.until("late da 10m0s")
	b.clock.pass(aWhile)
	until(b, func(w app.Waiting) bool { return len(w.Place.Unread()) == 1 })
	b.log.until("chime")
	b.Send(app.TapRead{})
	until(b, func(w app.Waiting) bool { return len(w.Place.Seen()) == 1 })
	b.clock.pass(aWhile)
	b.clock.pass(aWhile)
	b.log.until("ring")
	b.answers(agnes)
	b.ends(agnes)
	card := b.card("found confirmed agreed drawn read answered heard ended written")
	if card.Lasted != 5*aWhile || card.Missed() != 0 {
		t.Errorf("the card says %v, and %d missed", card.Lasted, card.Missed())
	}
	b.Send(app.TapDrillEnd{})
	until(b, any1[app.SignedOut])
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.sent) > 0 {
		t.Errorf("the real machine was sent %v", b.sent)
	}
}

// The clinic writes and nobody reads it: the card says so, and nothing stops for it.
func TestDrill_whatWasMissedStandsOnTheCard(t *testing.T) {
	b := newTablet(t)
	b.drill(app.DrillGood)
	b.queues(agnes)
	for range 5 {
		b.clock.pass(aWhile)
	}
	b.answers(agnes)
	b.ends(agnes)
	b.card("found confirmed agreed drawn !read answered heard ended written")
}

func TestDrill_noAnswerKeepsThePlace(t *testing.T) {
	b := newTablet(t)
	b.drill(app.DrillNoAnswer)
	b.queues(agnes)
	b.clock.pass(aWhile)
	until(b, any1[app.Called])
	b.clock.pass(ringShort)
	kept := until(b, any1[app.Waiting])
	if kept.Place.Number != 1 || kept.Place.Notice.Key != kontakt.MsgNoAnswer {
		t.Errorf("after the ring: %+v", kept.Place)
	}
	b.clock.pass(ringsAgain)
	b.answers(agnes)
	b.ends(agnes)
	b.card("found confirmed drawn kept answered ended written")
}

// M6 in a drill: the path carries less and then all again, and whoever stays in the call has done it right.
func TestDrill_badNetwork(t *testing.T) {
	b := newTablet(t)
	b.drill(app.DrillBadNetwork)
	b.queues(agnes)
	b.clock.pass(aWhile)
	b.answers(agnes)
	b.clock.pass(goodTalk)
	b.carries(rateWeak)
	b.clock.pass(badSpell)
	b.carries(rateSound)
	b.phones[0].report(app.CallStatus{Media: app.MediaLive, Rung: kontakt.RungSound})
	until(b, func(c app.InCall) bool { return c.Rung == kontakt.RungSound && c.Net.Key == "net.audio" })
	b.clock.pass(badSpell)
	b.carries(rateFull)
	b.phones[0].report(app.CallStatus{Media: app.MediaLive, Rung: kontakt.RungFull})
	until(b, func(c app.InCall) bool { return c.Rung == kontakt.RungFull })
	b.clock.pass(longest) // the doctor ends it
	until(b, func(e app.Ended) bool { return e.Summary.How.Key == kontakt.MsgCallEndedByClinic })
	b.Send(app.TapDone{})
	b.card("found confirmed drawn answered heard down up ended written")
}

// M1 in a drill: the second clinic rings during the first call, and again after it.
func TestDrill_twoCalls(t *testing.T) {
	b := newTablet(t)
	b.drill(app.DrillTwoCalls)
	b.queues(agnes)
	b.Send(app.TapNew{})
	until(b, any1[app.FindCitizen])
	b.queues(carla)
	b.clock.pass(aWhile)
	b.answers(agnes)
	b.clock.pass(goodTalk)
	b.until("the other one that rings", func(s app.State) bool {
		return len(s.Aside) == 1 && s.Aside[0].State == kontakt.EntryCalled
	})
	b.clock.pass(ringShort)
	b.until("the other one that waits on", func(s app.State) bool {
		return len(s.Aside) == 1 && s.Aside[0].State == kontakt.EntryWaiting
	})
	b.ends(agnes)
	b.clock.pass(ringsAgain)
	b.answers(carla)
	b.ends(carla)
	b.card("found drawn found_too drawn answered written answered written")
}

// M11 in a drill: the wrong citizen is noticed at the read-back …
func TestDrill_wrongCitizenAtTheReadBack(t *testing.T) {
	b := newTablet(t)
	b.drill(app.DrillWrong)
	b.finds(børge)
	b.Send(app.TapBack{})
	s := b.until("the task with the right number", func(s app.State) bool {
		_, ok := s.Screen.(app.FindCitizen)
		return ok && s.Drill.Task.Params["cpr"] == bent.cpr
	})
	if s.Drill.Task.Params["navn"] != bent.name {
		t.Errorf("the task is %+v", s.Drill.Task)
	}
	b.queues(bent)
	b.clock.pass(toNotice)
	b.answers(bent)
	b.ends(bent)
	b.card("found noticed found drawn answered ended written")
}

// … or when the number is drawn already (E25), and not at all.
func TestDrill_wrongCitizenInTheQueue(t *testing.T) {
	b := newTablet(t)
	b.drill(app.DrillWrong)
	b.queues(børge)
	b.clock.awaits(toNotice)
	b.clock.mu.Unlock()
	b.Send(app.TapWrong{})
	b.Send(app.TapWrongYes{})
	until(b, any1[app.FindCitizen])
	b.queues(bent)
	b.clock.pass(aWhile)
	b.answers(bent)
	b.ends(bent)
	b.card("found noticed found drawn answered ended written")
}

func TestDrill_wrongCitizenTalkedWith(t *testing.T) {
	b := newTablet(t)
	b.drill(app.DrillWrong)
	b.queues(børge)
	b.clock.pass(toNotice)
	b.answers(børge)
	b.ends(børge)
	until(b, any1[app.FindCitizen])
	b.Send(app.TapDrillEnd{})
	b.card("found !noticed !found !drawn !answered !ended !written")
}

// A real ring takes the screen at once, and the drill is over, wherever it stands; it makes no sound any more.
func TestDrill_givesWayToARealCall(t *testing.T) {
	b := newTablet(t)
	b.drill(app.DrillGood)
	b.queues(agnes)
	for range 5 {
		b.clock.pass(aWhile)
	}
	b.answers(agnes)
	real := signedOut
	real.Device.ID = "dev_real"
	real.Screen = app.Called{RingUntil: t0.Add(time.Hour)}
	b.turnReal(real)
	b.mu.Lock()
	shown := b.shown
	b.mu.Unlock()
	if screen, ok := shown.Screen.(app.Called); !ok || shown.Drill != nil || !screen.RingUntil.Equal(t0.Add(time.Hour)) {
		t.Fatalf("shows %T, drill %v", shown.Screen, shown.Drill)
	}
	before := len(b.log.noted())
	b.Send(app.TapAnswer{})
	b.Switch.work.Wait() // the drill's machine and its phone have ended
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.sent) != 1 || b.sent[0] != (app.TapAnswer{}) {
		t.Errorf("the real machine was sent %v", b.sent)
	}
	if !b.phones[0].closed {
		t.Error("the drill holds the camera")
	}
	if after := b.log.noted(); len(after) != before {
		t.Errorf("it still sounds: %v", after[before:])
	}
	if b.shown.Drill != nil {
		t.Error("the drill came back")
	}
}

// A tablet in a nurse's hands is no place for a drill.
func TestDrill_beginsWhereNobodyIsSignedIn(t *testing.T) {
	b := newTablet(t)
	busy := app.State{Screen: app.FindCitizen{}, Drill: nil}
	b.turnReal(busy)
	b.Send(app.TapDrill{})
	b.mu.Lock()
	if b.shown.Drill != nil {
		t.Error("a drill over a nurse's work")
	}
	b.seen = nil
	b.mu.Unlock()
	b.turnReal(app.State{Screen: app.Starting{Attempt: 2}}) // E62: no backend
	b.Send(app.TapDrill{})
	until(b, any1[app.DrillChoice])
	b.mu.Lock()
	b.seen = nil
	b.mu.Unlock()
}

// A port that the machine gets and a drill lacks would end the program.
func TestDrill_hasEveryPort(t *testing.T) {
	b := newTablet(t)
	ports := reflect.ValueOf(b.ports(newHouse(app.DrillGood, nil, nil, nil), &phone{}, &sounds{}))
	for i := range ports.NumField() {
		if ports.Field(i).IsNil() {
			t.Errorf("a drill has no %s", ports.Type().Field(i).Name)
		}
	}
}

// Nobody is invited to what is not real, and there is no way to sign in to it.
func TestDrill_reachesNobody(t *testing.T) {
	h := newHouse(app.DrillGood, nil, func() time.Time { return t0 }, nil)
	ctx := t.Context()
	_, _, _, invited := h.Invite(ctx, "plads_ovelse_1", kontakt.Invite{}, "")
	_, _, _, began := h.BeginSignIn(ctx)
	if kontakt.KindOf(invited) != kontakt.Forbidden || kontakt.KindOf(began) != kontakt.Forbidden {
		t.Errorf("invited: %v, signed in: %v", invited, began)
	}
	if relay, err := h.Relay(ctx); err != nil || len(relay.Servers) > 0 {
		t.Errorf("relay %+v, %v", relay, err)
	}
}

// domain.md §3.3: no number of a drill can be a living person's, and SD-18, E68: no id is one that a backend takes.
func TestDrill_numbersAndIDsAreNobodys(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range people {
		cpr, citizen, err := p.citizen(kontakt.DateOf(t0))
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		if !slices.Contains(cpr.Warnings(kontakt.DateOf(t0)), kontakt.MsgCPRMod11) {
			t.Errorf("%s has a number that somebody may have", p.name)
		}
		if _, err := kontakt.ParseCitizenID(string(citizen.ID)); err == nil {
			t.Errorf("%s is an id", citizen.ID)
		}
		if _, err := kontakt.ParseClinicID(string(citizen.Clinic.ID)); err == nil {
			t.Errorf("%s is an id", citizen.Clinic.ID)
		}
		if seen[p.cpr] {
			t.Errorf("%s shares a number", p.name)
		}
		seen[p.cpr] = true
	}
	h := newHouse(app.DrillGood, nil, func() time.Time { return t0 }, nil)
	e, err := h.Join(t.Context(), kontakt.Join{
		Citizen: agnes.id, Clinic: north.ID, Mode: kontakt.ModeConsultation, Consent: kontakt.Consent{Kind: kontakt.ConsentOral},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kontakt.ParseEntryID(string(e.ID)); err == nil {
		t.Errorf("%s is an id", e.ID)
	}
	if _, err := kontakt.ParseDeviceID(string(e.Device)); err == nil {
		t.Errorf("%s is an id", e.Device)
	}
	for _, s := range []kontakt.Source{kontakt.SourceApp, kontakt.SourceTablet, kontakt.SourceSMS, kontakt.SourcePassant} {
		if e.Source == s {
			t.Errorf("a place of a drill was made by %s", s)
		}
	}
}

// The help and the settings lie over the choice of drills, too, and are gone when a drill begins.
func TestDrill_helpLiesOverTheChoice(t *testing.T) {
	b := newTablet(t)
	b.Send(app.TapDrill{})
	until(b, any1[app.DrillChoice])
	b.Send(app.TapHelp{})
	shows := func(over app.Screen) {
		t.Helper()
		b.mu.Lock()
		defer b.mu.Unlock()
		if got := b.seen[len(b.seen)-1].Over; got != over {
			t.Errorf("over the choice lies %v, want %v", got, over)
		}
	}
	shows(app.Help{Page: app.HelpDrill})
	b.Send(app.TapBack{})
	shows(nil)
	b.Send(app.TapPreferences{})
	shows(app.Preferences{})
	b.Send(app.TapDrillEnd{})
	shows(nil)
}

// What is read aloud in a drill says that it is one, in the tablet's language and as much as its settings want.
func TestDrill_whatIsReadAloudSaysThatItIsOne(t *testing.T) {
	heard := &noises{more: make(chan struct{})}
	settings := app.Settings{Language: "en", Aloud: app.AloudVital}
	s := &sounds{ringer: heard, settings: func() app.Settings { return settings }}
	say := func(vital bool) {
		s.Say(app.Spoken{Language: "da", Vital: vital, Words: []app.Sentence{{Key: "say.turn"}}})
	}
	say(true)
	say(false)
	settings.Aloud = app.AloudOff
	say(true)
	s.SayLate("da", time.Minute)
	s.begin()
	if got, want := heard.noted(), []string{"say en say.drill say.turn", "chime"}; !slices.Equal(got, want) {
		t.Errorf("heard %v, want %v", got, want)
	}
}
