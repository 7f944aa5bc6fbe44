package round_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// M1: several citizens in one list, in the order of their times, each as a look-up tells.
func TestRound_byTheTimeThenAsTheyCame(t *testing.T) {
	each(t, 5, func(t *testing.T, w *world) {
		w.wantRound(w.lone, "")
		w.add(w.lone, 0, 0)
		w.add(w.lone, 1, 60)
		w.add(w.lone, 2, 30)
		w.add(w.lone, 3, 0)
		r := w.add(w.lone, 4, 45)
		w.wantRound(w.lone, "0 planned, 2 planned, 4 planned, 1 planned, 3 planned")
		v := r.Visits[1]
		if v.Position != 2 || v.Place != "stue 2" || v.Citizen.Name != "Test Borger 2" || v.Citizen.Clinic == nil || v.Citizen.Clinic.Phone != "70000000" ||
			v.Citizen.Born.Year != 1955 || v.Nurse.Name != "Lone Lund" || !v.PlannedAt.Equal(w.clock.Now().Add(30*time.Minute)) {
			t.Errorf("visit = %+v", v)
		}
		if n := w.count(kontakt.RoundRoom(w.lone.Employee), kontakt.EventRoundChanged); n != 5 || r.Cursor[kontakt.RoundRoom(w.lone.Employee)] != 5 {
			t.Errorf("%d events, cursor %v; want one for each change", n, r.Cursor)
		}
		w.wantRound(w.mona, "")
	})
}

func TestRound_whatCantBePutOnIt(t *testing.T) {
	each(t, 32, func(t *testing.T, w *world) {
		add := func(citizen kontakt.CitizenID, at time.Time) error {
			_, err := w.rounds.Add(w.as(w.lone), kontakt.VisitPlan{Citizen: citizen, PlannedAt: at})
			return err
		}
		wantError(t, add(kontakt.NewCitizenID(), time.Time{}), kontakt.NotFound, kontakt.MsgCitizenUnknown)
		wantError(t, add(w.citizens[0], w.clock.Now().Add(25*time.Hour)), kontakt.Invalid, kontakt.MsgBadRequest)
		w.add(w.lone, 0, 60)
		wantError(t, add(w.citizens[0], w.clock.Now().Add(time.Hour)), kontakt.Conflict, kontakt.MsgVisitThere)
		for i := 1; i < kontakt.MaxVisits; i++ {
			w.add(w.lone, i, 0)
		}
		wantError(t, add(w.citizens[30], time.Time{}), kontakt.Conflict, kontakt.MsgRoundFull)
		id := w.round(w.lone).Visits[3].ID
		must[kontakt.Round](t)(w.rounds.End(w.as(w.lone), id, kontakt.VisitDone))
		if err := add(w.citizens[30], time.Time{}); err != nil {
			t.Errorf("with one done: %v", err)
		}
	})
}

// M1, M2: a round is the nurse's, not the tablet's, and outlives the process.
func TestRound_onAnotherTabletAndAfterARestart(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		w.add(w.lone, 0, 10)
		w.add(w.lone, 1, 20)
		w.db.Close()
		w.node = w.start()
		elsewhere := w.lone
		elsewhere.Device, elsewhere.Session = w.mona.Device, kontakt.NewSessionID()
		w.wantRound(elsewhere, "0 planned, 1 planned")
		elsewhere.Municipality = w.neighbor
		w.wantRound(elsewhere, "") // she works for two
	})
}

// A visit follows the place that its nurse draws: under way, and done when the conversation has ended; a place that was
// given up leaves it to come.
func TestRound_followsThePlace(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		w.add(w.lone, 0, 0)
		w.add(w.lone, 1, 0)
		e := w.join(w.lone, 1)
		w.wantRound(w.lone, "0 planned, 1 under_way")
		if v := w.visit(w.round(w.lone), 1); v.Entry != e.ID {
			t.Errorf("tied to %q, want %q", v.Entry, e.ID)
		}
		id := w.visit(w.round(w.lone), 1).ID
		for _, as := range []kontakt.VisitState{kontakt.VisitDone, kontakt.VisitMissed, kontakt.VisitDropped} {
			_, err := w.rounds.End(w.as(w.lone), id, as)
			wantError(t, err, kontakt.Conflict, kontakt.MsgVisitUnderWay)
		}
		w.move(w.lone, e.ID, kontakt.MoveLeave, "left")
		w.wantRound(w.lone, "0 planned, 1 planned")
		if v := w.visit(w.round(w.lone), 1); v.Entry != "" {
			t.Errorf("tied to a place that was given up: %s", v.Entry)
		}
		e = w.join(w.lone, 1)
		w.call(e.ID)
		w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
		w.wantRound(w.lone, "0 planned, 1 under_way")
		w.move(w.lone, e.ID, kontakt.MoveEnd, "done")
		w.wantRound(w.lone, "0 planned | 1 done")
		_, err := w.rounds.Move(w.as(w.lone), id, 1)
		wantError(t, err, kontakt.Conflict, kontakt.MsgVersion)
	})
}

// A citizen who waits at the tablet already is under way as soon as the nurse puts them on the round.
func TestRound_whoWaitsAlreadyIsUnderWay(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		w.join(w.lone, 0)
		w.add(w.lone, 0, 0)
		w.wantRound(w.lone, "0 under_way")
	})
}

// Nobody else's place ties itself to a nurse's visit.
func TestRound_aColleaguesPlaceIsNotHers(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		w.add(w.lone, 0, 0)
		w.join(w.mona, 0)
		w.wantRound(w.lone, "0 planned")
	})
}

// Each may change her own round and learn of no other.
func TestRound_isNobodyElses(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.add(w.lone, 0, 0).Visits[0].ID
		device := kontakt.Actor{Role: kontakt.RoleDevice, Device: w.lone.Device, Municipality: w.kommune, Session: kontakt.NewSessionID()}
		for _, a := range []kontakt.Actor{w.mona, w.vera, w.tove, w.dorte, device} {
			_, moved := w.rounds.Move(w.as(a), id, 1)
			_, ended := w.rounds.End(w.as(a), id, kontakt.VisitDropped)
			_, taken := w.rounds.Take(w.as(a), id)
			for _, err := range []error{moved, ended} {
				if kind := kontakt.KindOf(err); kind != kontakt.Hidden && kind != kontakt.Forbidden {
					t.Errorf("by %s %s: %v", a.Role, a.Name, err)
				}
			}
			if taken == nil {
				t.Errorf("%s %s took a visit that is not missed", a.Role, a.Name)
			}
			if err := w.rooms.MayRead(w.as(a), []kontakt.Room{kontakt.RoundRoom(w.lone.Employee)}); err == nil {
				t.Errorf("%s %s may read the round's room", a.Role, a.Name)
			}
		}
		if err := w.rooms.MayRead(w.as(w.lone), []kontakt.Room{kontakt.RoundRoom(w.lone.Employee)}); err != nil {
			t.Errorf("her own: %v", err)
		}
		if _, err := w.rounds.Round(w.as(w.dorte)); err == nil {
			t.Error("a doctor has a round")
		}
		w.wantRound(w.lone, "0 planned")
	})
}

// Whatever is done in whatever order, the open visits stand at 1 to n and each that was moved where it was asked to.
func TestRound_positionsAreOneToN(t *testing.T) {
	each(t, 8, func(t *testing.T, w *world) {
		for seed := range uint64(3) {
			dice := rand.New(rand.NewPCG(seed, 6))
			nurse := []kontakt.Actor{w.lone, w.mona, w.vera}[seed]
			for range 60 {
				r := w.round(nurse)
				open := slices.IndexFunc(r.Visits, func(v kontakt.RoundVisit) bool { return !v.State.Open() })
				if open < 0 {
					open = len(r.Visits)
				}
				what := dice.IntN(6)
				switch {
				case open == 0 || what < 3:
					r, _ = w.rounds.Add(w.as(nurse), kontakt.VisitPlan{Citizen: w.citizens[dice.IntN(len(w.citizens))], PlannedAt: w.clock.Now().Add(time.Duration(dice.IntN(4)) * time.Hour)})
				case what < 5:
					v, to := r.Visits[dice.IntN(open)], 1+dice.IntN(open+2)
					r = must[kontakt.Round](t)(w.rounds.Move(w.as(nurse), v.ID, to))
					if got := r.Visits[min(to, open)-1].ID; got != v.ID {
						t.Fatalf("seed %d: moved to %d of %d, and another stands there", seed, to, open)
					}
				default:
					as := []kontakt.VisitState{kontakt.VisitDone, kontakt.VisitMissed, kontakt.VisitDropped}[dice.IntN(3)]
					must[kontakt.Round](t)(w.rounds.End(w.as(nurse), r.Visits[dice.IntN(open)].ID, as))
				}
				for i, v := range w.round(nurse).Visits {
					if v.State.Open() && v.Position != i+1 || !v.State.Open() && v.Position != 0 {
						t.Fatalf("seed %d: visit %d stands at %d", seed, i, v.Position)
					}
				}
			}
		}
	})
}

// What a place is called stands nowhere in the open, and who the citizen is not at all.
func TestRound_theDatabaseTellsNoPlaceAndNoName(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		must[kontakt.Round](t)(w.rounds.Add(w.as(w.lone), kontakt.VisitPlan{Citizen: w.citizens[0], Place: "Hemmelighedsvej 4"}))
		for _, row := range w.audited() {
			if strings.Contains(row, "Hemmelig") {
				t.Error(row)
			}
		}
		w.update(func(tx *store.Tx) error {
			events, err := tx.Events(kontakt.RoundRoom(w.lone.Employee), 0, 10)
			for _, e := range events {
				if string(e.Data) != "{}" {
					t.Errorf("event %s", e.Data)
				}
			}
			return err
		})
	})
}

// The stream is the tablet's own: it hears of the round of whoever is signed in there, for as long as she is.
func TestRound_theTabletHearsOfItWhileItsNurseIsSignedIn(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		tablet := kontakt.Actor{Role: kontakt.RoleDevice, Device: w.lone.Device, Municipality: w.kommune}
		may := func(nurse kontakt.Actor) bool {
			return w.rooms.MayRead(w.as(tablet), []kontakt.Room{kontakt.RoundRoom(nurse.Employee)}) == nil
		}
		if may(w.lone) {
			t.Error("with nobody signed in")
		}
		signedIn := store.Session{
			ID: kontakt.NewSessionID(), Role: kontakt.RoleNurse, Device: w.lone.Device, Employee: w.lone.Employee, Municipality: w.kommune,
			ExpiresAt: w.db.Now().Add(time.Hour),
		}
		w.update(func(tx *store.Tx) error { return tx.AddSession(signedIn, "hemmelig") })
		if !may(w.lone) || may(w.mona) {
			t.Errorf("signed in: her own %v, another's %v", may(w.lone), may(w.mona))
		}
		w.update(func(tx *store.Tx) error { _, err := tx.EndSession(signedIn.ID); return err })
		if may(w.lone) {
			t.Error("after she has signed out")
		}
	})
}
