package round_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/registry"
	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/round"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/backend/waiting"
	"kontaktlaege/internal/kontakt"
)

// node is one process of the backend.
type node struct {
	db     *store.DB
	rooms  *waiting.Service
	rounds *round.Service
}

// world is a clinic, nurses with a tablet each, and made-up citizens, on a real database with a clock to turn.
type world struct {
	t     *testing.T
	clock *storetest.Clock
	open  func() (*store.DB, error)
	node
	clinic            kontakt.ClinicID
	lone, mona, tove  kontakt.Actor // lone and mona are of one unit; tove's is another municipality's
	vera, dorte       kontakt.Actor // vera is of another unit of lone's municipality; dorte is a doctor
	citizens          []kontakt.CitizenID
	numbers           []string
	kommune, neighbor kontakt.MunicipalityID
}

// each runs a test on either engine.
func each(t *testing.T, citizens int, run func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, open storetest.Open) { run(t, newWorld(t, citizens, open)) })
}

func newWorld(t *testing.T, citizens int, open storetest.Open) *world {
	t.Helper()
	w := &world{t: t, clock: storetest.NewClock(storetest.Noon)}
	w.open = open(t, store.NewKeys(), w.clock.Now)
	w.node = w.start()
	w.kommune, w.neighbor, w.clinic = kontakt.NewMunicipalityID(), kontakt.NewMunicipalityID(), kontakt.NewClinicID()
	w.update(func(tx *store.Tx) error {
		w.citizens, w.numbers = nil, nil
		errs := []error{
			tx.SaveMunicipality(store.Municipality{ID: w.kommune, Name: "Eksempel Kommune", CVR: "99999993"}),
			tx.SaveMunicipality(store.Municipality{ID: w.neighbor, Name: "Nabo Kommune", CVR: "99999985"}),
			tx.SaveClinic(store.Clinic{ID: w.clinic, Name: "Lægerne Torvet", Phone: "70000000", Ydernummer: "012345", RingTime: time.Minute}),
		}
		nurse := func(name, unit string, of kontakt.MunicipalityID) kontakt.Actor {
			e := store.Employee{ID: kontakt.NewEmployeeID(), Issuer: "idp", Subject: name, Name: name, Title: "sygeplejerske", Role: kontakt.RoleNurse, Municipality: of}
			d := store.Device{Device: kontakt.Device{ID: kontakt.NewDeviceID(), Name: "Tablet", Place: unit, Municipality: of}, PublicKey: []byte{1}}
			_, err := tx.SaveEmployee(e)
			errs = append(errs, err, tx.AddDevice(d))
			return kontakt.Actor{
				Role: kontakt.RoleNurse, Employee: e.ID, Name: name, Title: e.Title, Municipality: of, Device: d.ID, Session: kontakt.NewSessionID(),
			}
		}
		w.lone, w.mona = nurse("Lone Lund", "Aftenlandet", w.kommune), nurse("Mona Møller", "Aftenlandet", w.kommune)
		w.vera, w.tove = nurse("Vera Vind", "Solsiden", w.kommune), nurse("Tove Thy", "Aftenlandet", w.neighbor)
		dorte := store.Employee{ID: kontakt.NewEmployeeID(), Issuer: "idp", Subject: "Dorte Dam", Name: "Dorte Dam", Title: "læge", Role: kontakt.RoleClinician, Clinic: w.clinic}
		_, err := tx.SaveEmployee(dorte)
		errs = append(errs, err)
		w.dorte = kontakt.Actor{Role: kontakt.RoleClinician, Employee: dorte.ID, Name: dorte.Name, Clinic: w.clinic, Session: kontakt.NewSessionID()}
		for serial := 4000; len(w.citizens) < citizens; serial++ {
			number := fmt.Sprintf("150755%04d", serial)
			cpr, err := kontakt.ParseCPR(number, kontakt.DateOf(storetest.Noon))
			if err != nil || !slices.Contains(cpr.Warnings(kontakt.DateOf(storetest.Noon)), kontakt.MsgCPRMod11) {
				continue // somebody's
			}
			c, err := tx.SaveCitizen(store.Citizen{ID: kontakt.NewCitizenID(), CPR: cpr, Name: fmt.Sprintf("Test Borger %d", len(w.citizens)), Clinic: w.clinic, CheckedAt: tx.Now()})
			errs = append(errs, err)
			w.citizens, w.numbers = append(w.citizens, c.ID), append(w.numbers, number)
		}
		return errors.Join(errs...)
	})
	return w
}

// start opens one more process on the database.
func (w *world) start() node {
	w.t.Helper()
	db, err := w.open()
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { db.Close() })
	n := node{db: db, rooms: waiting.New(db, waiting.Options{StaffGrace: 10000 * time.Hour, Joined: round.Tie})}
	citizens := registry.New(db, func(a kontakt.Actor) error { return rights.Check(a, rights.FindCitizen, rights.Target{}) }, registry.Options{})
	n.rounds = round.New(db, citizens, n.rooms, round.Options{})
	return n
}

func (w *world) as(a kontakt.Actor) context.Context { return kontakt.WithActor(w.t.Context(), a) }

func (w *world) update(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// pass turns the clock and sweeps.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	w.clock.Add(d)
	w.sweep()
}

func (w *world) sweep() {
	w.t.Helper()
	if err := errors.Join(w.rooms.Sweep(w.t.Context()), w.rounds.Sweep(w.t.Context())); err != nil {
		w.t.Fatal(err)
	}
}

// must gives a value, or ends the test.
func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// add puts a citizen on a nurse's round, so many minutes from now; 0: without a time.
func (w *world) add(a kontakt.Actor, citizen, minutes int) kontakt.Round {
	w.t.Helper()
	p := kontakt.VisitPlan{Citizen: w.citizens[citizen], Place: fmt.Sprintf("stue %d", citizen)}
	if minutes != 0 {
		p.PlannedAt = w.clock.Now().Add(time.Duration(minutes) * time.Minute)
	}
	return must[kontakt.Round](w.t)(w.rounds.Add(w.as(a), p))
}

func (w *world) round(a kontakt.Actor) kontakt.Round {
	w.t.Helper()
	return must[kontakt.Round](w.t)(w.rounds.Round(w.as(a)))
}

func (w *world) missed(a kontakt.Actor) []kontakt.RoundVisit {
	w.t.Helper()
	return must[[]kontakt.RoundVisit](w.t)(w.rounds.Missed(w.as(a)))
}

// visit gives the visit of a citizen.
func (w *world) visit(r kontakt.Round, citizen int) kontakt.RoundVisit {
	w.t.Helper()
	for _, v := range r.Visits {
		if v.Citizen.ID == w.citizens[citizen] {
			return v
		}
	}
	w.t.Fatalf("citizen %d is not on the round", citizen)
	return kontakt.RoundVisit{}
}

// says is a round as "0 planned, 2 under_way | 1 done": open ones in their order, then the others.
func (w *world) says(visits []kontakt.RoundVisit) string {
	s, closed := "", false
	for i, v := range visits {
		switch {
		case !closed && !v.State.Open():
			s, closed = s+" | ", true
		case i > 0:
			s += ", "
		}
		s += fmt.Sprintf("%d %s", slices.Index(w.citizens, v.Citizen.ID), v.State)
	}
	return s
}

func (w *world) wantRound(a kontakt.Actor, want string) {
	w.t.Helper()
	if got := w.says(w.round(a).Visits); got != want {
		w.t.Errorf("%s's round is %q, want %q", a.Name, got, want)
	}
}

func (w *world) join(a kontakt.Actor, citizen int) kontakt.Entry {
	w.t.Helper()
	return must[kontakt.Entry](w.t)(w.rooms.Join(w.as(a), kontakt.Join{Citizen: w.citizens[citizen], Clinic: w.clinic, Mode: kontakt.ModeConsultation, Consent: kontakt.Consent{Kind: kontakt.ConsentOral}}))
}

func (w *world) entry(a kontakt.Actor, id kontakt.EntryID) kontakt.Entry {
	w.t.Helper()
	return must[kontakt.Entry](w.t)(w.rooms.Entry(w.as(a), id))
}

func (w *world) move(a kontakt.Actor, id kontakt.EntryID, m kontakt.Move, reason string) {
	w.t.Helper()
	must[kontakt.Entry](w.t)(w.rooms.Move(w.as(a), id, m, reason))
}

// call has the clinic call a citizen in.
func (w *world) call(id kontakt.EntryID) {
	w.t.Helper()
	must[kontakt.Entry](w.t)(w.rooms.Start(w.as(w.dorte), id, w.entry(w.dorte, id).Version))
}

func (w *world) types(room kontakt.Room) (all []kontakt.EventType) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		events, err := tx.Events(room, 0, 1000)
		all = nil
		for _, e := range events {
			all = append(all, e.Type)
		}
		return err
	})
	return all
}

// count says how many events of a type a room has.
func (w *world) count(room kontakt.Room, typ kontakt.EventType) (n int) {
	w.t.Helper()
	for _, t := range w.types(room) {
		if t == typ {
			n++
		}
	}
	return n
}

// audited gives the rows as "action outcome reason by role".
func (w *world) audited() (all []string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		rows, err := tx.Unsealed(10_000)
		all = nil
		for _, r := range rows {
			all = append(all, fmt.Sprintf("%s %s %s %s", r.Action, r.Outcome, r.Reason, r.Role))
		}
		return err
	})
	return all
}

// recorded gives the last lines of a place's record, as both sides see it.
func (w *world) recorded(id kontakt.EntryID, n int) (all []string) {
	w.t.Helper()
	lines := must[kontakt.Record](w.t)(w.rooms.Record(w.as(w.dorte), id)).Lines
	for _, l := range lines[max(0, len(lines)-n):] {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s", l.What, l.Who)))
	}
	return all
}

func wantError(t *testing.T, err error, kind kontakt.Kind, msg kontakt.MsgKey) {
	t.Helper()
	if got, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kind || got != msg {
		t.Errorf("err = %v, want %s (%s)", err, kind, msg)
	}
}
