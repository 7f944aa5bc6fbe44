package waiting_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/backend/waiting"
	"kontaktlaege/internal/kontakt"
)

// spoken is what a nurse states of most citizens.
var spoken = kontakt.Consent{Kind: kontakt.ConsentOral}

// engine is what the worlds of this run stand on.
var engine struct {
	name string
	open storetest.Open
}

// TestMain runs every test once on each engine, or on the one that is named; in short, which the race detector is, where
// changes run at the same time.
func TestMain(m *testing.M) {
	only := flag.String("engine", "", "SQLite or PostgreSQL alone")
	flag.Parse()
	if testing.Short() {
		*only = "PostgreSQL"
	}
	code := 0
	if *only != "PostgreSQL" {
		engine.name, engine.open = "SQLite", storetest.SQLite
		code = m.Run()
	}
	if *only != "SQLite" {
		engine.name, engine.open = "PostgreSQL", storetest.Postgres
		code = max(code, m.Run())
	}
	os.Exit(code)
}

// world is two clinics, two tablets and as many made-up citizens as asked for, on a real database with a clock to turn.
type world struct {
	t     testing.TB
	clock *storetest.Clock
	node  func() (*store.DB, error)
	db    *store.DB
	opt   waiting.Options
	rooms *waiting.Service

	torvet, havnen         kontakt.ClinicID
	lone, mona, tove       kontakt.Actor // nurses, each at a tablet of her own; tove's is another municipality's
	tablet                 kontakt.Actor // lone's, with nobody signed in
	dorte, palle, secr, bo kontakt.Actor // at torvet: two doctors and a secretary; bo is a doctor at havnen
	citizens               []kontakt.CitizenID
}

func newWorld(t testing.TB, citizens int) *world {
	t.Helper()
	t.Log("on", engine.name)
	return newWorldOn(t, citizens, engine.open)
}

func newWorldOn(t testing.TB, citizens int, open storetest.Open) *world {
	t.Helper()
	w := &world{t: t, clock: storetest.NewClock(storetest.Noon)}
	w.node = open(t, store.NewKeys(), w.clock.Now)
	w.opt.StaffGrace = 10000 * time.Hour // the clinics' pages stand, where a test says nothing of them
	w.open()
	kommune := store.Municipality{ID: kontakt.NewMunicipalityID(), Name: "Eksempel Kommune", CVR: "99999993"}
	torvet := store.Clinic{ID: kontakt.NewClinicID(), Name: "Lægerne Torvet", Phone: "70000000", Ydernummer: "012345", RingTime: time.Minute}
	havnen := store.Clinic{ID: kontakt.NewClinicID(), Name: "Lægerne Havnen", Phone: "70000001", Ydernummer: "012346"}
	w.torvet, w.havnen = torvet.ID, havnen.ID
	nabo := store.Municipality{ID: kontakt.NewMunicipalityID(), Name: "Nabo Kommune", CVR: "99999985"}
	w.update(func(tx *store.Tx) error {
		w.citizens = nil
		errs := []error{tx.SaveMunicipality(kommune), tx.SaveMunicipality(nabo), tx.SaveClinic(torvet), tx.SaveClinic(havnen)}
		municipality := kommune
		staff := func(name, title string, role kontakt.Role, clinic kontakt.ClinicID) kontakt.Actor {
			e := store.Employee{ID: kontakt.NewEmployeeID(), Issuer: "idp", Subject: name, Name: name, Title: title, Role: role, Clinic: clinic}
			a := kontakt.Actor{Role: role, Employee: e.ID, Name: name, Title: title, Clinic: clinic, Session: kontakt.NewSessionID()}
			if role == kontakt.RoleNurse {
				d := store.Device{Device: kontakt.Device{ID: kontakt.NewDeviceID(), Name: "Tablet", Place: name + "s enhed", Municipality: municipality.ID}, PublicKey: []byte{1}}
				e.Municipality, a.Municipality, a.Device = municipality.ID, municipality.ID, d.ID
				errs = append(errs, tx.AddDevice(d))
			}
			_, err := tx.SaveEmployee(e)
			errs = append(errs, err)
			return a
		}
		w.lone = staff("Lone Lund", "sygeplejerske", kontakt.RoleNurse, "")
		w.mona = staff("Mona Møller", "SSA", kontakt.RoleNurse, "")
		w.dorte = staff("Dorte Dam", "praktiserende læge", kontakt.RoleClinician, w.torvet)
		w.palle = staff("Palle Pind", "praktiserende læge", kontakt.RoleClinician, w.torvet)
		w.secr = staff("Sanne Skriver", "lægesekretær", kontakt.RoleSecretary, w.torvet)
		w.bo = staff("Bo Berg", "speciallæge", kontakt.RoleClinician, w.havnen)
		municipality = nabo
		w.tove = staff("Tove Thy", "sygeplejerske", kontakt.RoleNurse, "")
		for i := range citizens {
			c, err := tx.SaveCitizen(store.Citizen{ID: kontakt.NewCitizenID(), CPR: madeUp(t, i), Name: fmt.Sprintf("Test Borger %d", i), Clinic: w.torvet, CheckedAt: tx.Now()})
			w.citizens = append(w.citizens, c.ID)
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
	w.tablet = kontakt.Actor{Role: kontakt.RoleDevice, Device: w.lone.Device, Municipality: kommune.ID}
	return w
}

// madeUp gives the i-th CPR number that is no living person's: it fails modulus 11 on a date that is not 1 January.
func madeUp(t testing.TB, i int) kontakt.CPR {
	t.Helper()
	today := kontakt.DateOf(storetest.Noon)
	for serial := 4000; serial < 5000; serial++ {
		c, err := kontakt.ParseCPR(fmt.Sprintf("150755%04d", serial), today)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(c.Warnings(today), kontakt.MsgCPRMod11) {
			if i--; i < 0 {
				return c
			}
		}
	}
	t.Fatal("no more made-up numbers")
	return kontakt.CPR{}
}

func (w *world) open() {
	w.t.Helper()
	db, err := w.node()
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { db.Close() })
	w.db, w.rooms = db, waiting.New(db, w.opt)
}

// goBy makes the rooms go by other times.
func (w *world) goBy(opt waiting.Options) {
	w.opt = opt
	w.rooms = waiting.New(w.db, opt)
}

// restart is a new process on the same database. Nothing is told to the old one: it might as well have been killed.
func (w *world) restart() {
	w.t.Helper()
	w.db.Close()
	w.open()
}

func (w *world) as(a kontakt.Actor) context.Context {
	return kontakt.WithActor(context.Background(), a)
}

func (w *world) update(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// pass turns the clock and lets the sweeper do what is due. The tablets are in contact all the time.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	for _, step := range []time.Duration{d - d/2, d / 2} {
		w.clock.Add(step)
		if err := w.rooms.Seen(context.Background(), []kontakt.DeviceID{w.lone.Device, w.mona.Device}); err != nil {
			w.t.Fatal(err)
		}
		w.attend()
		w.sweep()
	}
}

// attend says that the calls of both tablets are read.
func (w *world) attend() {
	w.t.Helper()
	var calls []kontakt.CallID
	for _, a := range []kontakt.Actor{w.lone, w.mona} {
		held, err := w.rooms.Held(w.as(a))
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range held {
			if e.Call != nil {
				calls = append(calls, e.Call.ID)
			}
		}
	}
	if err := w.rooms.Attended(context.Background(), calls); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) sweep() {
	w.t.Helper()
	if err := w.rooms.Sweep(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) join(a kontakt.Actor, citizen int) kontakt.Entry {
	w.t.Helper()
	e, err := w.rooms.Join(w.as(a), kontakt.Join{Citizen: w.citizens[citizen], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken, Told: kontakt.Told{Reason: "sår"}})
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *world) start(a kontakt.Actor, id kontakt.EntryID) kontakt.Entry {
	w.t.Helper()
	e, err := w.rooms.Start(w.as(a), id, w.entry(w.dorte, id).Version)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *world) move(a kontakt.Actor, id kontakt.EntryID, m kontakt.Move, reason string) kontakt.Entry {
	w.t.Helper()
	e, err := w.rooms.Move(w.as(a), id, m, reason)
	if err != nil {
		w.t.Fatalf("%s: %v", m, err)
	}
	return e
}

func (w *world) entry(a kontakt.Actor, id kontakt.EntryID) kontakt.Entry {
	w.t.Helper()
	e, err := w.rooms.Entry(w.as(a), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// list gives the numbers in torvet's list, as shown.
func (w *world) list() []int {
	w.t.Helper()
	all, _, err := w.rooms.List(w.as(w.dorte))
	if err != nil {
		w.t.Fatal(err)
	}
	numbers := []int{}
	for _, e := range all {
		numbers = append(numbers, e.Number)
	}
	return numbers
}

func (w *world) wantList(want ...int) {
	w.t.Helper()
	if got := w.list(); !slices.Equal(got, want) {
		w.t.Errorf("list = %v, want %v", got, want)
	}
}

func (w *world) wantState(id kontakt.EntryID, want kontakt.EntryState) kontakt.Entry {
	w.t.Helper()
	e := w.entry(w.dorte, id)
	if e.State != want {
		w.t.Errorf("state = %s, want %s", e.State, want)
	}
	return e
}

func (w *world) events(room kontakt.Room) []kontakt.Event {
	w.t.Helper()
	var all []kontakt.Event
	if err := w.db.View(context.Background(), func(tx *store.Tx) (err error) { all, err = tx.Events(room, 0, 10000); return err }); err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *world) types(room kontakt.Room) []kontakt.EventType {
	w.t.Helper()
	types := []kontakt.EventType{}
	for _, e := range w.events(room) {
		types = append(types, e.Type)
	}
	return types
}

// audited gives action and outcome of each audit row, in order.
func (w *world) audited() []string {
	w.t.Helper()
	rows := []string{}
	if err := w.db.View(context.Background(), func(tx *store.Tx) error {
		all, err := tx.Unsealed(10000)
		for _, r := range all {
			rows = append(rows, r.Action+" "+r.Outcome)
		}
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return rows
}

func wantError(t *testing.T, err error, kind kontakt.Kind, msg kontakt.MsgKey) {
	t.Helper()
	if got, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kind || got != msg {
		t.Errorf("error = %v, want %s (%s)", err, kind, msg)
	}
}

// dataOf reads an event's data as the other side does.
func dataOf[T any](t *testing.T, e kontakt.Event) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(e.Data, &v); err != nil {
		t.Fatal(err)
	}
	back, err := json.Marshal(v)
	if err != nil || string(back) != string(e.Data) {
		t.Errorf("%s says %s, internal/wire would say %s", e.Type, e.Data, back)
	}
	return v
}

// atOnce does something n times at the same moment.
func atOnce(n int, do func(i int)) {
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			do(i)
		})
	}
	done.Wait()
}
