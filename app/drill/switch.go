package drill

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
)

// Machine is the real one.
type Machine interface {
	Send(app.Event)
	Subscribe(show func(app.State)) (stop func())
}

// Phone is a phone of a drill's own.
type Phone interface {
	app.Phone
	app.Scanner
	Close() error
}

// Ringer makes the sounds of the tablet, real or not.
type Ringer interface {
	app.Ringer
	app.Voice
	// SayDrill says aloud that what follows is a drill.
	SayDrill(language string)
}

// Config is what a Switch is made of. Now, Sleep and Log may be left out.
type Config struct {
	Real      Machine
	Show      func(app.State) // of the window; must not wait
	NewPhone  func() Phone    // for one drill; its other end is in this process
	Ringer    Ringer
	Clinician Clinician

	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	Log   *slog.Logger
}

// Switch stands between the window and the real machine. While there is a drill the window shows that and its taps go
// there; a real call takes the window back at once. The real machine runs on all the while.
type Switch struct {
	config Config
	work   sync.WaitGroup

	mu     sync.Mutex
	real   app.State
	screen app.Screen // DrillChoice or DrillResult, while no drill is under way; nil
	over   app.Screen // what lies over it
	run    *run       // nil: none is
	before chan struct{}
	ctx    context.Context
}

// run is one drill.
type run struct {
	machine *app.Machine
	sounds  *sounds
	record  *record
	end     context.CancelFunc
	state   app.State
}

// NewSwitch shows nothing of the real machine until Run.
func NewSwitch(c Config) *Switch {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = pause
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	over := make(chan struct{})
	close(over)
	return &Switch{config: c, real: app.First(), before: over, ctx: context.Background()}
}

// Run shows what is to be shown until ctx ends and every drill has ended.
func (s *Switch) Run(ctx context.Context) {
	s.mu.Lock()
	s.ctx = ctx
	s.mu.Unlock()
	stop := s.config.Real.Subscribe(s.heard)
	<-ctx.Done()
	stop()
	s.mu.Lock()
	s.leave()
	s.mu.Unlock()
	s.work.Wait()
}

// heard takes a state of the real machine. A call there ends the drill.
func (s *Switch) heard(real app.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.real = real
	switch real.Screen.(type) {
	case app.Called, app.InCall:
		s.leave()
	}
	if s.run == nil {
		s.show()
	}
}

// Send gives an event of the window to whom it is for. It never waits.
func (s *Switch) Send(e app.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch tap := e.(type) {
	case app.TapDrill:
		if s.drills() || mayBegin(s.real) {
			s.leave()
			s.screen = app.DrillChoice{}
			s.show()
		}
	case app.TapScenario:
		if _, known := lessons[tap.Scenario]; known && s.screen != nil {
			s.begin(tap.Scenario)
		}
	case app.TapDrillEnd:
		s.stop()
	case app.TapSettings: // they are the tablet's, in a drill too
		s.config.Real.Send(e)
	default:
		switch {
		case s.run != nil:
			s.run.machine.Send(e)
		case s.screen == nil:
			s.config.Real.Send(e)
		default: // the help and the settings lie over the choice and over the card too
			next, _ := app.Step(s.between(), e)
			s.over = next.Over
			s.show()
		}
	}
}

// mayBegin says whether the tablet can be spared: nobody is signed in. Places that it holds stay, and ring.
func mayBegin(real app.State) bool {
	switch real.Screen.(type) {
	case app.SignedOut, app.Starting, app.Enrol:
		return true
	}
	return false
}

// drills says whether the window shows anything of a drill. s.mu is held, as it is for all that follows.
func (s *Switch) drills() bool { return s.run != nil || s.screen != nil }

func (s *Switch) show() {
	state := s.real
	switch {
	case s.run != nil:
		state = s.run.state
		state.Settings, state.Voices = s.real.Settings, s.real.Voices
		state.Drill = &app.Drill{Task: s.run.record.task()}
	case s.screen != nil:
		state = s.between()
	}
	s.config.Show(state)
}

// between is the state before and after a drill.
func (s *Switch) between() app.State {
	return app.State{Settings: s.real.Settings, Voices: s.real.Voices, Screen: s.screen, Over: s.over, Drill: &app.Drill{}}
}

// stop ends a drill with its card, and drill mode where none is under way.
func (s *Switch) stop() {
	if s.run == nil {
		s.screen, s.over = nil, nil
	} else {
		s.finish()
	}
	s.show()
}

// finish ends the drill and leaves its card.
func (s *Switch) finish() {
	card := s.run.record.card(s.config.Now())
	s.leave()
	s.screen = card
}

// leave ends all that is not real, and waits for nothing.
func (s *Switch) leave() {
	s.screen, s.over = nil, nil
	if s.run != nil {
		s.run.sounds.end()
		s.run.end()
		s.run = nil
	}
}

// begin starts a drill as soon as the phone of the one before is put away.
func (s *Switch) begin(scenario app.Scenario) {
	s.leave()
	ctx, end := context.WithCancel(s.ctx)
	h := newHouse(scenario, s.config.Clinician, s.config.Now, s.config.Sleep)
	phone := s.config.NewPhone()
	r := &run{sounds: &sounds{ringer: s.config.Ringer, settings: s.settings}, record: newRecord(scenario, s.config.Now()), end: end}
	r.state = app.First()
	r.machine = app.NewMachine(s.ports(h, phone, r.sounds))
	before, over := s.before, make(chan struct{})
	s.run, s.before = r, over
	s.show()
	s.work.Go(func() {
		defer close(over)
		<-before
		stop := r.machine.Subscribe(func(state app.State) { s.played(r, state) })
		r.sounds.begin()
		r.machine.Run(ctx)
		stop()
		if err := phone.Close(); err != nil {
			s.config.Log.Warn("the drill's phone", "error", err)
		}
	})
}

// ports are what a drill's machine works with: a house, and nothing that leads out of it.
func (s *Switch) ports(h *house, phone Phone, sounds *sounds) app.Ports {
	return app.Ports{
		Handovers: h, Scanner: phone,
		Tablet: h, Signins: h, Line: h, Calls: h, Guests: h, Cards: h, Orders: h, Summaries: h, Records: h, Rounds: h, Stream: h, Phone: noNetwork{phone}, Browser: noBrowser{},
		Ringer: sounds, Voice: sounds, Memory: talkative(), Now: s.config.Now, Sleep: s.config.Sleep, NewKey: kontakt.NewSecret,
		Dialer: noDialer{},
		Log:    s.config.Log.With("drill", string(h.scenario)), Trace: func(string) {},
	}
}

// played takes a state of a drill's machine.
func (s *Switch) played(r *run, state app.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != r {
		return
	}
	r.state = state
	if r.record.see(state, s.config.Now()) {
		s.finish()
	}
	s.show()
}

// settings are the tablet's.
func (s *Switch) settings() app.Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.real.Settings
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sounds are a drill's share of the ringer: none once it is over, so that it never stops a real ring.
type sounds struct {
	ringer   Ringer
	settings func() app.Settings

	mu   sync.Mutex
	over bool
}

func (s *sounds) make(sound func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		sound()
	}
}

func (s *sounds) end() {
	s.make(func() { s.ringer.Ring(false) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
}

// Ring and its siblings implement app.Ringer.
func (s *sounds) Ring(on bool) { s.make(func() { s.ringer.Ring(on) }) }
func (s *sounds) Chime()       { s.make(s.ringer.Chime) }
func (s *sounds) SayLate(_ string, by time.Duration) {
	settings := s.settings()
	s.make(func() {
		if settings.Reads(true) {
			s.ringer.SayLate(settings.Language, by)
		} else {
			s.ringer.Chime()
		}
	})
}

// Speaks, Say and Hush implement app.Voice. What is read aloud follows the settings of the tablet, and says that it is a drill.
func (s *sounds) Speaks(language string) bool { return s.ringer.Speaks(language) }
func (s *sounds) Hush()                       { s.make(s.ringer.Hush) }
func (s *sounds) Say(w app.Spoken) {
	settings := s.settings()
	w.Language = settings.Language
	w.Words = append([]app.Sentence{{Key: "say.drill"}}, w.Words...)
	if settings.Reads(w.Vital) {
		s.make(func() { s.ringer.Say(w) })
	}
}

// begin says what follows.
func (s *sounds) begin() {
	if settings := s.settings(); settings.Reads(true) {
		s.make(func() { s.ringer.SayDrill(settings.Language) })
	}
}

// noNetwork is a phone whose way to the clinic is in this process: there is nothing to check of it.
type noNetwork struct{ Phone }

// Check implements app.Phone.
func (p noNetwork) Check(ctx context.Context, relay kontakt.Relay, report func(app.CheckReport)) error {
	return p.Phone.Check(ctx, relay, func(r app.CheckReport) {
		r.Network, r.Relay = app.CheckItem{State: app.CheckGood}, app.CheckItem{State: app.CheckGood}
		report(r)
	})
}

// noBrowser opens nothing: nobody signs in.
type noBrowser struct{}

func (noBrowser) Open(context.Context, string) error { return refused("Open", kontakt.MsgNotAllowed) }

// msgNoPhone: nobody is phoned in a drill, least of all 112.
const msgNoPhone kontakt.MsgKey = "emg.drill_no_phone"

// noDialer phones nobody.
type noDialer struct{}

func (noDialer) Dial(context.Context, string) error { return refused("Dial", msgNoPhone) }

// talkative is a memory by which the drill's machine asks for all to be read aloud: sounds knows how much of it is wanted.
func talkative() *memory {
	settings := app.DefaultSettings()
	settings.Aloud = app.AloudAll
	data, err := json.Marshal(settings)
	if err != nil {
		panic("drill: " + err.Error()) // a struct of strings and numbers
	}
	return &memory{notes: map[string][]byte{app.SettingsNote: data}}
}

// memory is forgotten with the drill.
type memory struct {
	mu    sync.Mutex
	notes map[string][]byte
}

func (m *memory) Load(name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.notes[name], nil
}

func (m *memory) Save(name string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.notes == nil {
		m.notes = map[string][]byte{}
	}
	m.notes[name] = data
	return nil
}
