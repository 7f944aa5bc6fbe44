package summary_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/backend/summary"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

const agreed = "Såret skiftes hver anden dag"

// desk is a conversation's summary in a real database, its nurse, and the service.
type desk struct {
	t     *testing.T
	clock *storetest.Clock
	db    *store.DB
	*summary.Service
	id   kontakt.SummaryID
	lone kontakt.Actor // whose it is, at a PC
}

// eachEngine plays a test on both.
func eachEngine(t *testing.T, run func(t *testing.T, d *desk)) {
	for name, open := range map[string]storetest.Open{"SQLite": storetest.SQLite, "PostgreSQL": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			testkit.Guard(t, time.Minute)
			d := &desk{t: t, clock: storetest.NewClock(storetest.Noon), id: kontakt.NewSummaryID()}
			db, err := open(t, store.NewKeys(), d.clock.Now)()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			w := storetest.Settle(t, db)
			d.db, d.Service = db, summary.New(db, "https://kontakt.example/resume/")
			d.lone = kontakt.Actor{Role: kontakt.RoleNursePC, Employee: w.Nurse.ID, Municipality: w.Municipality.ID, Session: kontakt.NewSessionID()}
			d.add(store.Summary{ID: d.id, Citizen: w.Citizen.ID, Conversation: kontakt.Conversation{Clinician: "Dorte Dam", To: storetest.Noon}})
			run(t, d)
		})
	}
}

// add keeps a summary of lone's.
func (d *desk) add(s store.Summary) {
	d.t.Helper()
	s.Entry, s.Call, s.Employee, s.Municipality = kontakt.NewEntryID(), kontakt.NewCallID(), d.lone.Employee, d.lone.Municipality
	s.ExpiresAt = s.To.Add(kontakt.SummaryKept)
	if err := d.db.Update(context.Background(), func(tx *store.Tx) error { return tx.AddSummary(s) }); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) as(a kontakt.Actor) context.Context { return kontakt.WithActor(context.Background(), a) }

// audited gives what was done to the citizen's data, and what was refused.
func (d *desk) audited() string {
	d.t.Helper()
	var rows []string
	if err := d.db.View(context.Background(), func(tx *store.Tx) error {
		all, err := tx.Unsealed(100)
		rows = nil
		for _, r := range all {
			row := r.Action + " " + r.Outcome
			if r.Citizen != "" {
				row += " of somebody"
			}
			rows = append(rows, row)
		}
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
	return strings.Join(rows, ", ")
}

func TestSummary_isReadAndWrittenByWhoseItIsAndExistsForNobodyElse(t *testing.T) {
	eachEngine(t, func(t *testing.T, d *desk) {
		tablet := d.lone
		tablet.Role, tablet.Device = kontakt.RoleNurse, kontakt.NewDeviceID() // any of her municipality's
		for _, a := range []kontakt.Actor{d.lone, tablet} {
			s, err := d.Summary(d.as(a), d.id)
			if err != nil || s.Clinician != "Dorte Dam" || s.Citizen.Name != "Karla Testesen" || s.URL != "https://kontakt.example/resume/"+string(d.id) {
				t.Errorf("%s: %+v, %v", a.Role, s, err)
			}
		}
		stranger, elsewhere, device := d.lone, d.lone, tablet
		stranger.Employee, elsewhere.Municipality = kontakt.NewEmployeeID(), kontakt.NewMunicipalityID()
		device.Role, device.Employee = kontakt.RoleDevice, ""
		for name, a := range map[string]kontakt.Actor{"a colleague": stranger, "herself for another municipality": elsewhere, "the tablet alone": device, "nobody": {}} {
			_, readErr := d.Summary(d.as(a), d.id)
			_, writeErr := d.WriteSummary(d.as(a), d.id, 1, kontakt.Note{Agreed: agreed})
			dropErr := d.SummaryDone(d.as(a), d.id)
			for _, err := range []error{readErr, writeErr, dropErr} {
				if kontakt.KindOf(err) != kontakt.Hidden {
					t.Errorf("%s: %v", name, err)
				}
			}
			if list, err := d.Summaries(d.as(a)); len(list) != 0 || err != nil && kontakt.KindOf(err) != kontakt.Forbidden {
				t.Errorf("%s lists %+v, %v", name, list, err)
			}
		}
		if s, err := d.Summary(d.as(d.lone), d.id); err != nil || s.Version != 1 || s.Agreed != "" {
			t.Errorf("strangers have changed it: %+v, %v", s, err)
		}
	})
}

func TestSummary_isWrittenInTurnAndGoneOnceItStandsInTheJournal(t *testing.T) {
	eachEngine(t, func(t *testing.T, d *desk) {
		ctx := d.as(d.lone)
		note := kontakt.Note{Agreed: agreed, FollowUp: "ny video", FollowUpAt: storetest.Noon.Add(168 * time.Hour), Went: kontakt.WentPartly}
		if v, err := d.WriteSummary(ctx, d.id, 1, note); err != nil || v != 2 {
			t.Fatalf("version %d, %v", v, err)
		}
		_, err := d.WriteSummary(ctx, d.id, 1, kontakt.Note{Agreed: "another"})
		if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Conflict || msg != kontakt.MsgVersion {
			t.Errorf("of a version that is past: %v", err)
		}
		if s, err := d.Summary(ctx, d.id); err != nil || s.Version != 2 || s.Note != note {
			t.Errorf("read %+v, %v", s, err)
		}
		if err := d.SummaryDone(ctx, d.id); err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{errOf(d.Summary(ctx, d.id)), errOf(d.WriteSummary(ctx, d.id, 2, note)), d.SummaryDone(ctx, d.id)} {
			if kontakt.KindOf(err) != kontakt.NotFound {
				t.Errorf("afterwards: %v", err)
			}
		}
		if got, want := d.audited(), "summary.write ok of somebody, summary.write refused, summary.read ok of somebody, summary.done ok of somebody"; got != want {
			t.Errorf("audit: %s, want %s", got, want)
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

func TestSummaries_areTheNewestFirstForADay(t *testing.T) {
	eachEngine(t, func(t *testing.T, d *desk) {
		s, err := d.Summary(d.as(d.lone), d.id)
		if err != nil {
			t.Fatal(err)
		}
		d.add(store.Summary{ID: kontakt.NewSummaryID(), Citizen: s.Citizen.ID, Conversation: kontakt.Conversation{Clinician: "Palle Pind", To: storetest.Noon.Add(time.Hour)}})
		for at, want := range map[time.Duration]string{time.Hour: "Palle Pind Dorte Dam", 24 * time.Hour: "Palle Pind", 25 * time.Hour: ""} {
			d.clock.Add(at)
			all, err := d.Summaries(d.as(d.lone))
			var got []string
			for _, s := range all {
				got = append(got, s.Clinician)
			}
			if err != nil || strings.Join(got, " ") != want {
				t.Errorf("after %v: %v, %v; want %s", at, got, err, want)
			}
			d.clock.Add(-at)
		}
		if _, err := d.Summaries(context.Background()); kontakt.KindOf(err) != kontakt.Unauthenticated {
			t.Errorf("asked by nobody: %v", err)
		}
	})
}

// Of two pages that write at the same time one is told that the other was first.
func TestWriteSummary_atOnceOneIsTold(t *testing.T) {
	eachEngine(t, func(t *testing.T, d *desk) {
		errs := make(chan error, 4)
		for range cap(errs) {
			go func() {
				_, err := d.WriteSummary(d.as(d.lone), d.id, 1, kontakt.Note{Agreed: agreed})
				errs <- err
			}()
		}
		var all []error
		for range cap(errs) {
			if err := <-errs; err != nil {
				all = append(all, err)
				if kontakt.KindOf(err) != kontakt.Conflict {
					t.Error(err)
				}
			}
		}
		if len(all) != cap(errs)-1 {
			t.Errorf("refused: %v", errors.Join(all...))
		}
	})
}

// M5, E55: what the doctor ordered stands in it as it stands now, and says whether it was confirmed; what was ordered in the
// place's next conversation, with another doctor, does not.
func TestSummary_hasTheOrdersOfItsConversation(t *testing.T) {
	eachEngine(t, func(t *testing.T, d *desk) {
		var one store.Summary
		from := storetest.Noon.Add(-10 * time.Minute)
		order := func(what string, at time.Duration, state kontakt.OrderState) store.Order {
			o := store.Order{ID: kontakt.NewOrderID(), Entry: one.Entry, State: state, OrderText: kontakt.OrderText{What: what}, WrittenAt: from.Add(at)}
			if state == kontakt.OrderConfirmed {
				o.ConfirmedAt = o.WrittenAt.Add(time.Minute)
			}
			return o
		}
		if err := d.db.Update(t.Context(), func(tx *store.Tx) (err error) {
			if one, err = tx.Summary(d.id); err != nil {
				return err
			}
			e, err := place(tx, one.Citizen, d.lone)
			if err != nil {
				return err
			}
			errs := []error{tx.DropSummary(d.id)}
			one.Entry, one.From = e.ID, from
			errs = append(errs, tx.AddSummary(one))
			for began := range map[time.Duration]bool{0: true, 15 * time.Minute: true} {
				errs = append(errs, tx.AddCall(store.Call{ID: kontakt.NewCallID(), Entry: e.ID, Clinic: e.Clinic, Clinician: d.lone.Employee, StartedAt: from.Add(began)}))
			}
			for _, o := range []store.Order{
				order("før", -time.Minute, kontakt.OrderConfirmed), order("Digoxin", time.Minute, kontakt.OrderConfirmed), order("rettet", 2*time.Minute, kontakt.OrderCorrected),
				order("fortrudt", 3*time.Minute, kontakt.OrderWithdrawn), order("Panodil", 11*time.Minute, kontakt.OrderReadBack), order("en andens", 16*time.Minute, kontakt.OrderConfirmed),
			} {
				_, err := tx.AddOrder(o)
				errs = append(errs, err)
			}
			return errors.Join(errs...)
		}); err != nil {
			t.Fatal(err)
		}
		s, err := d.Summary(d.as(d.lone), d.id)
		if err != nil || len(s.Orders) != 2 || s.Orders[0].What != "Digoxin" || s.Orders[0].ConfirmedAt.IsZero() || s.Orders[1].What != "Panodil" || !s.Orders[1].ConfirmedAt.IsZero() {
			t.Errorf("orders = %+v, %v", s.Orders, err)
		}
	})
}

// place is one that the nurse drew for the citizen.
func place(tx *store.Tx, citizen kontakt.CitizenID, by kontakt.Actor) (store.Entry, error) {
	c, err := tx.Citizen(citizen)
	if err != nil {
		return store.Entry{}, err
	}
	return tx.AddEntry(store.Entry{
		ID: kontakt.NewEntryID(), State: kontakt.EntryEnded, Clinic: c.Clinic, Citizen: citizen, Helper: by.Employee, Municipality: by.Municipality,
		Mode: kontakt.ModeConsultation, Source: kontakt.SourceTablet, Day: kontakt.DateOf(storetest.Noon), Number: 1, JoinedAt: storetest.Noon,
	})
}
