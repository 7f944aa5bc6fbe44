package client_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/app/client"
	"kontaktlaege/app/drill"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// signedOut is a tablet's machine on which nothing happens.
type signedOut struct{}

func (signedOut) Send(app.Event) {}
func (signedOut) Subscribe(show func(app.State)) (stop func()) {
	show(app.State{Settings: app.DefaultSettings(), Screen: app.SignedOut{}})
	return func() {}
}

type drillPhone struct{ phone }

func (drillPhone) Close() error { return nil }

func (drillPhone) Scan(context.Context, app.ScanFor, func(app.ScanReport)) {}
func (drillPhone) Light(bool)                                              {}

type drillSounds struct{ silent }

func (drillSounds) SayDrill(string)    {}
func (drillSounds) Speaks(string) bool { return false }
func (drillSounds) Say(app.Spoken)     {}
func (drillSounds) Hush()              {}

type mute struct{}

func (mute) Talk(ctx context.Context, _ <-chan kontakt.Signal, _ func(kontakt.Signal), _ <-chan int) {
	<-ctx.Done()
}

// drilled plays a drill until its citizen waits, and gives the place with the number that was keyed.
func drilled(t *testing.T) (app.Place, kontakt.CPR) {
	t.Helper()
	var s *drill.Switch
	var cpr kontakt.CPR
	waiting := make(chan app.Place, 1)
	var once sync.Once
	show := func(state app.State) { // as a nurse would
		if state.Drill == nil {
			return
		}
		tap := func(e app.Event) { go s.Send(e) }
		switch screen := state.Screen.(type) {
		case app.FindCitizen:
			var err error
			if cpr, err = kontakt.ParseCPR(state.Drill.Task.Params["cpr"], kontakt.DateOf(time.Now())); err != nil {
				t.Error(err)
			}
			tap(app.TapFind{CPR: cpr})
		case app.ReadBack:
			tap(app.TapConfirmCitizen{})
		case app.Consent:
			tap(app.TapConsent{Consent: kontakt.Consent{Kind: kontakt.ConsentOral}})
		case app.Check:
			tap(app.TapJoin{})
		case app.Waiting:
			once.Do(func() { waiting <- screen.Place })
		}
	}
	s = drill.NewSwitch(drill.Config{
		Real: signedOut{}, Show: show, Ringer: drillSounds{}, Clinician: mute{}, Log: slog.New(slog.DiscardHandler),
		NewPhone: func() drill.Phone { return drillPhone{} },
	})
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { defer close(over); s.Run(ctx) }()
	defer func() { cancel(); <-over }()
	s.Send(app.TapDrill{})
	s.Send(app.TapScenario{Scenario: app.DrillGood})
	return <-waiting, cpr
}

// SD-18, E68: what a drill made is nothing to a real backend, not even for a tablet with a nurse signed in: its citizen, its
// clinic and its place answer as ones that never were.
func TestE68_nothingOfADrillIsKnownToTheRealBackend(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	place, cpr := drilled(t)
	base, people := realBackend(t)
	identity, err := people.Tablets[0].Identity()
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(client.Options{Base: base, Identity: identity, App: "test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	ctx := t.Context()
	if _, _, err := c.Open(ctx); err != nil {
		t.Fatal(err)
	}
	never, err := kontakt.ParseCPR("050505-4005", kontakt.DateOf(time.Now())) // nobody's either
	if err != nil {
		t.Fatal(err)
	}
	real, err := c.Lookup(ctx, people.Citizens[0].CPR, "")
	if err != nil {
		t.Fatal(err)
	}
	join := func(citizen kontakt.CitizenID, clinic kontakt.ClinicID) error {
		_, err := c.Join(ctx, kontakt.Join{
			Citizen: citizen, Clinic: clinic, Mode: kontakt.ModeConsultation, Consent: kontakt.Consent{Kind: kontakt.ConsentOral},
		}, kontakt.NewSecret())
		return err
	}
	entry := func(id kontakt.EntryID) error { _, err := c.Entry(ctx, id); return err }
	lookup := func(cpr kontakt.CPR) error { _, err := c.Lookup(ctx, cpr, ""); return err }
	for what, err := range map[string][2]error{
		"its number":  {lookup(cpr), lookup(never)},
		"its place":   {entry(place.ID), entry("plads_nobodys")},
		"its citizen": {join(place.Citizen.ID, real.Clinic.ID), join("bor_nobodys", real.Clinic.ID)},
		"its clinic":  {join(real.ID, place.Clinic.ID), join(real.ID, "kli_nobodys")},
	} {
		drills, nothings := err[0], err[1]
		msg, _ := kontakt.MsgOf(drills)
		asNothing, _ := kontakt.MsgOf(nothings)
		if drills == nil || kontakt.KindOf(drills) != kontakt.KindOf(nothings) || msg != asNothing {
			t.Errorf("%s answers %v, and nothing %v", what, drills, nothings)
		}
	}
	if held, err := c.Held(ctx); err != nil || len(held) != 0 {
		t.Errorf("the tablet holds %v, %v", held, err)
	}
	if _, err := c.Move(ctx, place.ID, kontakt.MoveAnswer, "", kontakt.NewSecret()); err == nil {
		t.Error("a place of a drill can be moved")
	}
}
