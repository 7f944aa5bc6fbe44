package desk_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/desk"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
)

func p[T any](v T) *T { return &v }

// open gives a desk on an empty database, and what it stands on.
func open(t *testing.T) (*desk.Desk, *store.DB, *storetest.Clock) {
	t.Helper()
	clock := storetest.NewClock(storetest.Noon)
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "kontakt.db"), store.NewKeys(), clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return desk.New(db), db, clock
}

// refused wants an error that names each of the words, and nothing changed.
func refused(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("taken, want a refusal that names %s", words)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not name %s", err, w)
		}
	}
}

func full(name string) desk.Clinic {
	return desk.Clinic{Name: p(name), Town: p("Eksempelby"), Phone: p("00 00 00 01"), CVR: p("99000001")}
}

func audits(t *testing.T, db *store.DB, action string) (n int) {
	t.Helper()
	if err := db.View(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Unsealed(1000)
		for _, r := range rows {
			if r.Action == action && r.Role == kontakt.RoleIT {
				n++
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMunicipality_isMadeOnceAndItsTabletsGetCodes(t *testing.T) {
	d, db, clock := open(t)
	ctx := t.Context()
	if err := d.AddMunicipality(ctx, "Eksempel Kommune", "99999999"); err != nil {
		t.Fatal(err)
	}
	refused(t, d.AddMunicipality(ctx, "En anden", "99999999"), "99999999", "Eksempel Kommune")
	refused(t, d.AddMunicipality(ctx, "", "99999998"), "name")
	refused(t, d.AddMunicipality(ctx, "Kort", "123"), "123", "eight")
	refused(t, d.AddMunicipality(ctx, "Bogstaver", "1234567x"), "eight")
	if all, err := d.Municipalities(ctx); err != nil || len(all) != 1 || all[0].Name != "Eksempel Kommune" {
		t.Errorf("municipalities = %+v, %v", all, err)
	}

	code, err := d.Code(ctx, "99999999", "Tablet 7", "Aftenlandet", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.View(ctx, func(tx *store.Tx) error {
		c, err := tx.EnrolCode(string(code))
		if c.Name != "Tablet 7" || c.Place != "Aftenlandet" || !c.ExpiresAt.Equal(clock.Now().Add(time.Hour)) {
			t.Errorf("code = %+v", c)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		cvr, name, place string
		life             time.Duration
		word             string
	}{
		{"99999998", "T", "A", time.Hour, "99999998"},
		{"99999999", "", "A", time.Hour, "name"},
		{"99999999", "T", "", time.Hour, "place"},
		{"99999999", "T", "A", 0, "days"},
		{"99999999", "T", "A", desk.MaxCodeLife + 1, "30 days"},
	} {
		_, err := d.Code(ctx, c.cvr, c.name, c.place, c.life)
		refused(t, err, c.word)
	}
	if n := audits(t, db, "desk.enrol_code"); n != 1 {
		t.Errorf("%d audit rows of codes", n)
	}
}

func TestClinic_isMadeChangedAndTellsItsRoom(t *testing.T) {
	d, db, _ := open(t)
	ctx := t.Context()
	refused(t, d.AddClinic(ctx, "099001", desk.Clinic{Name: p("Lægerne")}), "town")
	if err := d.AddClinic(ctx, "099001", full("Lægerne Havnegade")); err != nil {
		t.Fatal(err)
	}
	refused(t, d.AddClinic(ctx, "099001", full("En anden")), "099001", "Lægerne Havnegade")
	refused(t, d.SetClinic(ctx, "099002", desk.Clinic{}), "099002")
	refused(t, d.SetClinic(ctx, "099001", desk.Clinic{RingTime: p(time.Second)}), "15s")
	refused(t, d.SetClinic(ctx, "099001", desk.Clinic{Booking: p(kontakt.BookingPolicy("måske"))}), "måske")

	christmas, err := desk.ParseDay("2026-12-24 lukket ferie")
	if err != nil {
		t.Fatal(err)
	}
	hours, err := desk.ParseHours("man-fre 8-15")
	if err != nil {
		t.Fatal(err)
	}
	other := christmas
	other.Reason = "kursus"
	for _, c := range []desk.Clinic{
		{Hours: &hours, RingTime: p(90 * time.Second), Booking: p(kontakt.BookingFlag), MayKeep: p(true), Holidays: p(true), Days: []kontakt.Day{christmas}},
		{Days: []kontakt.Day{other}},
		{Phone: p("00 00 00 02")},
	} {
		if err := d.SetClinic(ctx, "099001", c); err != nil {
			t.Fatal(err)
		}
	}
	all, err := d.Clinics(ctx)
	if err != nil || len(all) != 1 {
		t.Fatalf("clinics = %+v, %v", all, err)
	}
	got := all[0]
	if got.Opening.Hours != hours || !got.Opening.Holidays || len(got.Opening.Days) != 1 || got.Opening.Days[0] != other ||
		got.RingTime != 90*time.Second || got.Booking != kontakt.BookingFlag || !got.MayKeep || got.Phone != "00 00 00 02" || got.Name != "Lægerne Havnegade" {
		t.Errorf("clinic = %+v", got)
	}
	if err := d.SetClinic(ctx, "099001", desk.Clinic{ForgetDays: []kontakt.Date{christmas.Date}}); err != nil {
		t.Error(err)
	}
	if err := db.View(ctx, func(tx *store.Tx) error {
		events, err := tx.Events(kontakt.ClinicRoom(got.ID), 0, 10)
		if len(events) != 4 {
			t.Errorf("the clinic's room was told %d times, want 4", len(events))
		}
		c, cErr := tx.Clinic(got.ID)
		if len(c.Opening.Days) != 0 {
			t.Errorf("days = %+v", c.Opening.Days)
		}
		if cErr != nil {
			return cErr
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

func TestCover_needsTwoClinicsAndDaysInOrder(t *testing.T) {
	d, db, _ := open(t)
	ctx := t.Context()
	for _, y := range []kontakt.Ydernummer{"099001", "099002"} {
		if err := d.AddClinic(ctx, y, full("Klinik "+string(y))); err != nil {
			t.Fatal(err)
		}
	}
	from, to := kontakt.DateOf(storetest.Noon), kontakt.DateOf(storetest.Noon.AddDate(0, 0, 4))
	refused(t, d.Cover(ctx, "099001", "099001", from, to), "itself")
	refused(t, d.Cover(ctx, "099001", "099003", from, to), "099003")
	refused(t, d.Cover(ctx, "099001", "099002", to, from), from.String())
	if err := d.Cover(ctx, "099001", "099002", from, to); err != nil {
		t.Fatal(err)
	}
	holds := func() (n int) {
		if err := db.View(ctx, func(tx *store.Tx) error {
			other, err := tx.ClinicByYdernummer("099002")
			if err != nil {
				return err
			}
			all, err := tx.Covers(other.ID, to)
			n = len(all)
			return err
		}); err != nil {
			t.Error(err)
		}
		return n
	}
	if holds() != 1 {
		t.Error("the cover does not hold on its last day")
	}
	refused(t, d.DropCover(ctx, "099001", "099002", to), "does not cover")
	if err := d.DropCover(ctx, "099001", "099002", from); err != nil || holds() != 0 {
		t.Errorf("dropped: %v, %d left", err, holds())
	}
}

func TestStaff_anAppointmentGoesBeforeTheProvider(t *testing.T) {
	d, db, _ := open(t)
	ctx := t.Context()
	const issuer = "https://login.example"
	if err := d.AddClinic(ctx, "099001", full("Lægerne Havnegade")); err != nil {
		t.Fatal(err)
	}
	refused(t, d.Appoint(ctx, "099001", issuer, "s1", "Lars Holm", "læge", kontakt.RoleNurse), "nurse")
	refused(t, d.Appoint(ctx, "099001", "login", "s1", "Lars Holm", "læge", kontakt.RoleClinician), "issuer")
	refused(t, d.Appoint(ctx, "099001", issuer, "", "Lars Holm", "læge", kontakt.RoleClinician), "subject")
	refused(t, d.Appoint(ctx, "099009", issuer, "s1", "Lars Holm", "læge", kontakt.RoleClinician), "099009")
	refused(t, d.Dismiss(ctx, issuer, "s1"), "nobody")
	if err := d.Appoint(ctx, "099001", issuer, "s1", "Lars Holm", "læge", kontakt.RoleClinician); err != nil {
		t.Fatal(err)
	}
	signIn := func() (e store.Employee) { // as backend/signin does, with what the provider tells
		if err := db.Update(ctx, func(tx *store.Tx) (err error) {
			e, err = tx.SaveEmployee(store.Employee{ID: kontakt.NewEmployeeID(), Issuer: issuer, Subject: "s1", Name: "Lars B. Holm", Role: kontakt.RoleSecretary})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return e
	}
	if e := signIn(); e.Role != kontakt.RoleClinician || e.Clinic == "" || !e.Appointed {
		t.Errorf("after the sign-in: %+v", e)
	}
	all, err := d.Staff(ctx, "099001")
	if err != nil || len(all) != 1 || all[0].Name != "Lars B. Holm" || all[0].Role != kontakt.RoleClinician {
		t.Errorf("staff = %+v, %v", all, err)
	}
	session := store.Session{ID: kontakt.NewSessionID(), Role: kontakt.RoleClinician, Employee: all[0].ID, Clinic: all[0].Clinic, Issuer: issuer, ExpiresAt: storetest.Noon.Add(time.Hour)}
	if err := db.Update(ctx, func(tx *store.Tx) error { return tx.AddSession(session, "hemmelig") }); err != nil {
		t.Fatal(err)
	}
	if err := d.Dismiss(ctx, issuer, "s1"); err != nil {
		t.Fatal(err)
	}
	refused(t, d.Dismiss(ctx, issuer, "s1"), "no appointment")
	if err := db.View(ctx, func(tx *store.Tx) error {
		s, err := tx.Session(session.ID)
		if s.EndedAt.IsZero() {
			t.Error("the session of a dismissed person stands")
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	if e := signIn(); e.Role != kontakt.RoleSecretary || e.Appointed {
		t.Errorf("after the dismissal the provider tells: %+v", e)
	}
}
