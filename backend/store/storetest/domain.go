package storetest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// World is a small municipality and a clinic, enough to wait in.
type World struct {
	Municipality store.Municipality
	Clinic       store.Clinic
	Device       store.Device
	Nurse        store.Employee
	Doctor       store.Employee
	Citizen      store.Citizen
}

// MustCPR parses a made-up number.
func MustCPR(t testing.TB, s string) kontakt.CPR {
	t.Helper()
	c, err := kontakt.ParseCPR(s, kontakt.DateOf(Noon))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Settle puts a World into a store.
func Settle(t testing.TB, db *store.DB) World {
	t.Helper()
	w := World{
		Municipality: store.Municipality{ID: kontakt.NewMunicipalityID(), Name: "Eksempel Kommune", CVR: "99999993"},
		Clinic:       store.Clinic{ID: kontakt.NewClinicID(), Name: "Lægerne Torvet", Town: "Eksempelby", Phone: "70000000", Ydernummer: "012345"},
	}
	w.Device = store.Device{
		Device:    kontakt.Device{ID: kontakt.NewDeviceID(), Name: "Tablet 7", Place: "Aftenlandet", Municipality: w.Municipality.ID, Organisation: w.Municipality.Name},
		PublicKey: bytes.Repeat([]byte{7}, 32), App: "1.0",
	}
	w.Nurse = store.Employee{
		ID: kontakt.NewEmployeeID(), Issuer: "https://idp.example", Subject: "nurse", Name: "Lone Lund", Title: "sygeplejerske",
		Role: kontakt.RoleNurse, Municipality: w.Municipality.ID,
	}
	w.Doctor = store.Employee{
		ID: kontakt.NewEmployeeID(), Issuer: "https://idp.example", Subject: "doctor", Name: "Dorte Dam", Title: "praktiserende læge",
		Role: kontakt.RoleClinician, Clinic: w.Clinic.ID,
	}
	w.Citizen = store.Citizen{ID: kontakt.NewCitizenID(), CPR: MustCPR(t, "290200-4100"), Name: "Karla Testesen", Clinic: w.Clinic.ID}
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		_, err1 := tx.SaveEmployee(w.Nurse)
		_, err2 := tx.SaveEmployee(w.Doctor)
		return errors.Join(err1, err2, tx.SaveMunicipality(w.Municipality), tx.SaveClinic(w.Clinic), tx.AddDevice(w.Device), saveCitizen(tx, w.Citizen))
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

func saveCitizen(tx *store.Tx, c store.Citizen) error {
	_, err := tx.SaveCitizen(c)
	return err
}

// entry is a place that the world's citizen could draw.
func (w World) entry(number int) store.Entry {
	return store.Entry{
		ID: kontakt.NewEntryID(), State: kontakt.EntryWaiting, Clinic: w.Clinic.ID, Citizen: w.Citizen.ID, Device: w.Device.ID,
		Municipality: w.Municipality.ID, Helper: w.Nurse.ID, Mode: kontakt.ModeConsultation, Source: kontakt.SourceTablet,
		Day: kontakt.DateOf(Noon), Number: number, Told: kontakt.Told{Reason: "sår på benet"}, JoinedAt: Noon,
	}
}

func oneOpenEntry(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	add := func(e store.Entry) error {
		return f.db.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.AddEntry(e); return err })
	}
	first := w.entry(1)
	if err := add(first); err != nil {
		t.Fatal(err)
	}
	if err := add(w.entry(2)); kontakt.KindOf(err) != kontakt.Conflict {
		t.Fatalf("a second open entry: %v, want Conflict", err)
	}
	f.update(t, func(tx *store.Tx) error {
		e, err := tx.Entry(first.ID)
		e.State, e.EndedAt = kontakt.EntryLeft, tx.Now()
		_, err2 := tx.SaveEntry(e)
		return errors.Join(err, err2)
	})
	if err := add(w.entry(2)); err != nil {
		t.Errorf("after leaving: %v", err)
	}
}

func versions(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	e := w.entry(1)
	f.update(t, func(tx *store.Tx) (err error) { e, err = tx.AddEntry(e); return err })
	stale := e
	e.State, e.Notice, e.NoAnswers, e.FrontAt = kontakt.EntryCalled, kontakt.MsgNoAnswer, 2, Noon.Add(time.Nanosecond)
	f.update(t, func(tx *store.Tx) (err error) { e, err = tx.SaveEntry(e); return err })
	stale.Kept = true
	err := f.db.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.SaveEntry(stale); return err })
	if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Conflict || msg != kontakt.MsgVersion {
		t.Errorf("a stale change: %v, want Conflict with %s", err, kontakt.MsgVersion)
	}
	f.update(t, func(tx *store.Tx) error {
		got, err := tx.Entry(e.ID)
		if got != e || got.Version != 2 || got.Reason != "sår på benet" {
			t.Errorf("stored = %+v, want %+v", got, e)
		}
		return err
	})
}

func drawsNumbers(t *testing.T, f fixture) {
	clinic, day := kontakt.NewClinicID(), kontakt.DateOf(Noon)
	got := make([]int, 20)
	atOnce(len(got), func(i int) {
		if err := f.db.Update(context.Background(), func(tx *store.Tx) (err error) {
			got[i], _, err = tx.DrawNumber(clinic, day)
			return err
		}); err != nil {
			t.Error(err)
		}
	})
	slices.Sort(got)
	for i, n := range got {
		if n != i+1 {
			t.Fatalf("numbers = %v", got)
		}
	}
	f.update(t, func(tx *store.Tx) error {
		next, _, err := tx.DrawNumber(clinic, kontakt.DateOf(Noon.Add(24*time.Hour)))
		if next != 1 {
			t.Errorf("the next day begins with %d", next)
		}
		return err
	})
	ranks := make([]int64, 4)
	for i := range ranks { // by nodes whose clocks differ
		f.update(t, func(tx *store.Tx) (err error) {
			if i%2 == 0 {
				_, ranks[i], err = tx.DrawNumber(clinic, day)
			} else {
				ranks[i], err = tx.DrawRank(clinic, day)
			}
			return err
		})
		f.clock.Add(-time.Second)
	}
	if !slices.IsSorted(ranks) || len(slices.Compact(slices.Clone(ranks))) != len(ranks) {
		t.Errorf("ranks = %v on clocks that run late, want each later than that before", ranks)
	}
}

func citizens(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	renamed := w.Citizen
	renamed.ID, renamed.Name = kontakt.NewCitizenID(), "Karla Nynavn"
	f.update(t, func(tx *store.Tx) error {
		got, err := tx.SaveCitizen(renamed)
		if got.ID != w.Citizen.ID {
			t.Error("the same CPR number got another id")
		}
		found, err2 := tx.CitizenByCPR(w.Citizen.CPR)
		if found.Name != "Karla Nynavn" || found.ID != w.Citizen.ID || found.CPR != w.Citizen.CPR || found.Clinic != w.Clinic.ID {
			t.Error("found another citizen than was saved")
		}
		if _, err := tx.CitizenByCPR(MustCPR(t, "300601-4100")); kontakt.KindOf(err) != kontakt.NotFound {
			t.Errorf("an unknown number: %v", err)
		}
		return errors.Join(err, err2)
	})
}

func secretsOnce(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	challenge := []byte("01234567890123456789012345678901")
	f.update(t, func(tx *store.Tx) error {
		return errors.Join(
			tx.AddEnrolCode(store.EnrolCode{Code: "ABCDEFGH", Municipality: w.Municipality.ID, Name: "Tablet 8", Place: "Syd", ExpiresAt: Noon.Add(time.Minute)}),
			tx.AddChallenge(w.Device.ID, challenge, Noon.Add(time.Minute)),
		)
	})
	f.update(t, func(tx *store.Tx) error {
		c, err := tx.EnrolCode("ABCDEFGH")
		if c.Name != "Tablet 8" || !c.UsedAt.IsZero() || !c.ExpiresAt.Equal(Noon.Add(time.Minute)) {
			t.Errorf("code = %+v", c)
		}
		first, err1 := tx.UseEnrolCode("ABCDEFGH", w.Device.ID)
		second, err2 := tx.UseEnrolCode("ABCDEFGH", w.Device.ID)
		if !first || second {
			t.Errorf("enrolment code: used %v, then %v", first, second)
		}
		other, err3 := tx.TakeChallenge(kontakt.NewDeviceID(), challenge)
		once, err4 := tx.TakeChallenge(w.Device.ID, challenge)
		twice, err5 := tx.TakeChallenge(w.Device.ID, challenge)
		if other || !once || twice {
			t.Errorf("challenge: another device %v, first %v, again %v", other, once, twice)
		}
		return errors.Join(err, err1, err2, err3, err4, err5, tx.AddChallenge(w.Device.ID, challenge, Noon.Add(time.Minute)))
	})
	f.clock.Add(time.Minute)
	f.update(t, func(tx *store.Tx) error {
		late, err := tx.TakeChallenge(w.Device.ID, challenge)
		if late {
			t.Error("a challenge that has run out was taken")
		}
		return err
	})
	s := store.Signin{ID: kontakt.NewSigninID(), State: store.SigninOpen, Device: w.Device.ID, Nonce: "n", Verifier: "v", ExpiresAt: Noon.Add(time.Hour)}
	f.update(t, func(tx *store.Tx) error {
		err := errors.Join(tx.AddSignin(s, "start", ""), tx.SetSigninState(s.ID, "state"), tx.SetSigninCode(s.ID, "code"))
		byStart, err1 := tx.SigninByStart("start")
		byState, err2 := tx.SigninByState("state")
		if byStart.ID != s.ID || byState.ID != s.ID || byState.Verifier != "v" {
			t.Error("the sign-in is not found by its secrets")
		}
		right, err3 := tx.SigninCode(s.ID, "code")
		wrong, err4 := tx.SigninCode(s.ID, "cod")
		if !right || wrong {
			t.Errorf("code: right %v, wrong %v", right, wrong)
		}
		s.State = store.SigninStarted
		first, err5 := tx.SaveSignin(s, store.SigninOpen)
		second, err6 := tx.SaveSignin(s, store.SigninOpen)
		if !first || second {
			t.Errorf("from open to started: %v, then %v", first, second)
		}
		return errors.Join(err, err1, err2, err3, err4, err5, err6)
	})
}

func sessions(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	s := store.Session{
		ID: kontakt.NewSessionID(), Role: kontakt.RoleNurse, Device: w.Device.ID, Employee: w.Nurse.ID, Municipality: w.Municipality.ID,
		Issuer: w.Nurse.Issuer, IDSession: "sid-1", ExpiresAt: Noon.Add(time.Hour),
	}
	f.update(t, func(tx *store.Tx) error {
		err := tx.AddSession(s, "secret")
		got, err1 := tx.SessionBySecret("secret")
		if a := got.Actor(); a.Name != w.Nurse.Name || a.Title != w.Nurse.Title || a.Device != w.Device.ID || a.Role != kontakt.RoleNurse || a.Session != s.ID {
			t.Errorf("actor = %+v", a)
		}
		open, err2 := tx.OpenSession(w.Device.ID, kontakt.RoleNurse)
		if open.ID != s.ID {
			t.Error("the open session is not found")
		}
		all, err3 := tx.ProviderSessions(w.Nurse.Issuer, "", "sid-1")
		bySubject, err4 := tx.ProviderSessions(w.Nurse.Issuer, w.Nurse.Subject, "")
		none, err5 := tx.ProviderSessions(w.Nurse.Issuer, "", "sid-2")
		if len(all) != 1 || len(bySubject) != 1 || len(none) != 0 {
			t.Errorf("by sid %d, by subject %d, by another sid %d", len(all), len(bySubject), len(none))
		}
		first, err6 := tx.EndSession(s.ID)
		second, err7 := tx.EndSession(s.ID)
		if !first || second {
			t.Errorf("ended %v, then %v", first, second)
		}
		if _, err := tx.OpenSession(w.Device.ID, kontakt.RoleNurse); kontakt.KindOf(err) != kontakt.NotFound {
			t.Errorf("an ended session is open: %v", err)
		}
		return errors.Join(err, err1, err2, err3, err4, err5, err6, err7)
	})
}

func employees(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	again := w.Nurse
	again.ID, again.Title = kontakt.NewEmployeeID(), "souschef"
	f.update(t, func(tx *store.Tx) error {
		got, err := tx.SaveEmployee(again)
		if got.ID != w.Nurse.ID {
			t.Error("the same person got another id")
		}
		found, err2 := tx.EmployeeBySubject(w.Nurse.Issuer, w.Nurse.Subject)
		if found.Title != "souschef" || found.ID != w.Nurse.ID {
			t.Errorf("found = %+v", found)
		}
		return errors.Join(err, err2)
	})
}

func refusals(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	ctx := kontakt.WithActor(t.Context(), kontakt.Actor{Role: kontakt.RoleNurse, Employee: w.Nurse.ID, Device: w.Device.ID})
	err := f.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.Audit(store.Audit{Action: "done"}); err != nil {
			return err
		}
		return errors.Join(f.db.Refused(tx.Context(), store.Audit{Action: "tried", Outcome: store.OutcomeRefused, Citizen: w.Citizen.ID}), errWanted)
	})
	if !errors.Is(err, errWanted) {
		t.Fatal(err)
	}
	f.update(t, func(tx *store.Tx) error {
		rows, err := tx.Unsealed(10)
		if len(rows) != 1 || rows[0].Action != "tried" || rows[0].Outcome != store.OutcomeRefused || rows[0].Employee != w.Nurse.ID ||
			rows[0].Citizen != f.db.CitizenMark(w.Citizen.CPR) || rows[0].Local != "2026-11-23T12:00:00+01:00" {
			t.Errorf("rows = %+v, want the refusal alone", rows)
		}
		return err
	})
}

func outlivesRestart(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	e := w.entry(1)
	f.update(t, func(tx *store.Tx) (err error) { e, err = tx.AddEntry(e); return err })
	if err := f.db.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := f.again()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Entry(e.ID)
		c, err2 := tx.Citizen(w.Citizen.ID)
		if got != e || c != w.Citizen {
			t.Error("not as before the restart")
		}
		return errors.Join(err, err2)
	}); err != nil {
		t.Fatal(err)
	}
}

func otherKeys(t *testing.T, f fixture) {
	f.db.Close()
	theirs := store.NewKeys()
	copy(f.keys.Lookup, theirs.Lookup) // the opened store and open share the slice
	if db, err := f.again(); err == nil {
		db.Close()
		t.Error("opened with another lookup key")
	}
}

func notThere(t *testing.T, f fixture) {
	for name, get := range map[string]func(tx *store.Tx) error{
		"device":  func(tx *store.Tx) error { _, err := tx.Device(kontakt.NewDeviceID()); return err },
		"entry":   func(tx *store.Tx) error { _, err := tx.Entry(kontakt.NewEntryID()); return err },
		"call":    func(tx *store.Tx) error { _, err := tx.Call(kontakt.NewCallID()); return err },
		"clinic":  func(tx *store.Tx) error { _, err := tx.Clinic(kontakt.NewClinicID()); return err },
		"session": func(tx *store.Tx) error { _, err := tx.SessionBySecret("no"); return err },
		"sign-in": func(tx *store.Tx) error { _, err := tx.SigninByState("no"); return err },
		"code":    func(tx *store.Tx) error { _, err := tx.EnrolCode("no"); return err },
		"setting": func(tx *store.Tx) error { _, err := tx.Setting("no"); return err },
	} {
		if err := f.db.View(t.Context(), get); kontakt.KindOf(err) != kontakt.NotFound {
			t.Errorf("%s: %v, want NotFound", name, err)
		}
	}
}
