package registry_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/registry"
	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
)

type fixture struct {
	clock *storetest.Clock
	db    *store.DB
	reg   *registry.Registry
	world storetest.World
	nurse context.Context
}

func setUp(t *testing.T) fixture {
	t.Helper()
	f := fixture{clock: storetest.NewClock(storetest.Noon)}
	var err error
	if f.db, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "kontakt.db"), store.NewKeys(), f.clock.Now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.db.Close() })
	f.world = storetest.Settle(t, f.db)
	f.reg = registry.New(f.db, func(a kontakt.Actor) error { return rights.Check(a, rights.FindCitizen, rights.Target{}) }, registry.Options{})
	f.nurse = kontakt.WithActor(t.Context(), kontakt.Actor{Role: kontakt.RoleNurse, Employee: f.world.Nurse.ID, Device: f.world.Device.ID})
	return f
}

// know puts a citizen into the table.
func (f fixture) know(t *testing.T, c store.Citizen) {
	t.Helper()
	if err := f.db.Update(t.Context(), func(tx *store.Tx) error {
		c.ID, c.CheckedAt = kontakt.NewCitizenID(), tx.Now()
		_, err := tx.SaveCitizen(c)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func (f fixture) audited(t *testing.T) []store.AuditRow {
	t.Helper()
	var rows []store.AuditRow
	if err := f.db.View(t.Context(), func(tx *store.Tx) (err error) { rows, err = tx.Unsealed(1000); return err }); err != nil {
		t.Fatal(err)
	}
	return rows
}

func wantError(t *testing.T, err error, kind kontakt.Kind, msg kontakt.MsgKey) {
	t.Helper()
	if got, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kind || got != msg {
		t.Errorf("error = %v, want %s (%s)", err, kind, msg)
	}
}

func TestLookup_findsTheCitizenAndTheirOwnClinic(t *testing.T) { // SD-19
	f := setUp(t)
	c, err := f.reg.Lookup(f.nurse, f.world.Citizen.CPR, "")
	if err != nil {
		t.Fatal(err)
	}
	born := kontakt.Date{Year: 2000, Month: time.February, Day: 29}
	if c.ID != f.world.Citizen.ID || c.Name != "Karla Testesen" || c.Masked != "290200-••••" || c.Born != born ||
		!slices.Equal(c.Warnings, []kontakt.MsgKey{kontakt.MsgCPRMod11}) || c.Clinic == nil || c.Clinic.Name != "Lægerne Torvet" || !c.Clinic.Open {
		t.Errorf("citizen = %+v", c)
	}
	rows := f.audited(t)
	if len(rows) != 1 || rows[0].Action != registry.ActionLookup || rows[0].Outcome != store.OutcomeOK || rows[0].Citizen != f.db.CitizenMark(f.world.Citizen.CPR) {
		t.Errorf("audit = %+v", rows)
	}
}

func TestLookup_whoIsAttachedToNoneWeServeHasNoClinic(t *testing.T) {
	f := setUp(t)
	cpr := storetest.MustCPR(t, "300601-4100")
	f.know(t, store.Citizen{CPR: cpr, Name: "Anders Andet"})
	if c, err := f.reg.Lookup(f.nurse, cpr, ""); err != nil || c.Clinic != nil || c.Name != "Anders Andet" {
		t.Errorf("citizen = %+v, %v", c, err)
	}
}

func TestLookup_moveToAnotherClinicKeepsTheCitizen(t *testing.T) {
	f := setUp(t)
	f.know(t, store.Citizen{CPR: f.world.Citizen.CPR, Name: "Karla Nynavn"})
	if c, err := f.reg.Lookup(f.nurse, f.world.Citizen.CPR, ""); err != nil || c.ID != f.world.Citizen.ID || c.Name != "Karla Nynavn" || c.Clinic != nil {
		t.Errorf("citizen = %+v, %v", c, err)
	}
}

func TestLookup_refusesInWordsAndAuditsIt(t *testing.T) {
	f := setUp(t)
	device := kontakt.WithActor(t.Context(), kontakt.Actor{Role: kontakt.RoleDevice, Device: f.world.Device.ID})
	_, err := f.reg.Lookup(f.nurse, storetest.MustCPR(t, "300601-4100"), "")
	wantError(t, err, kontakt.NotFound, kontakt.MsgCitizenUnknown)
	for _, replacement := range []string{"6702703105", "1204701AB3", "1204700AB1"} { // C47, C53, C55
		_, err = f.reg.Lookup(f.nurse, storetest.MustCPR(t, replacement), "")
		wantError(t, err, kontakt.Invalid, kontakt.MsgCPRReplacement)
	}
	_, err = f.reg.Lookup(f.nurse, kontakt.CPR{}, "")
	wantError(t, err, kontakt.Invalid, kontakt.MsgCPREmpty)
	_, err = f.reg.Lookup(device, f.world.Citizen.CPR, "")
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
	_, err = f.reg.Lookup(context.Background(), f.world.Citizen.CPR, "")
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	for _, row := range f.audited(t) {
		if row.Outcome != store.OutcomeRefused || row.Reason == "" {
			t.Errorf("audit = %+v", row)
		}
	}
	if n := len(f.audited(t)); n != 6 {
		t.Errorf("%d audit rows, want one for each of six", n)
	}
}

func TestLookup_tenWrongInFiveMinutesRaiseAFlag(t *testing.T) { // domain.md §3.3 (g)
	f := setUp(t)
	unknown := storetest.MustCPR(t, "300601-4100")
	flags := func() (n int) {
		for _, row := range f.audited(t) {
			if row.Action == registry.ActionSnoop && row.Outcome == store.OutcomeFlag && row.Device == f.world.Device.ID {
				n++
			}
		}
		return n
	}
	for range 9 {
		f.reg.Lookup(f.nurse, unknown, "")
	}
	f.clock.Add(5*time.Minute + time.Nanosecond)
	for range 9 {
		f.reg.Lookup(f.nurse, unknown, "")
	}
	if _, err := f.reg.Lookup(f.nurse, f.world.Citizen.CPR, ""); err != nil || flags() != 0 {
		t.Errorf("nine, a pause, nine: %d flags, %v; want none", flags(), err)
	}
	f.reg.Lookup(f.nurse, unknown, "")
	if flags() != 1 {
		t.Errorf("the tenth within five minutes: %d flags, want 1", flags())
	}
}
