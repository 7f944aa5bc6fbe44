package client_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"kontaktlaege/app/client"
	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// nurseAt is the client of one of the crowd's tablets, with its nurse signed in.
func nurseAt(t *testing.T, base string, tablet crowd.Tablet) *client.Client {
	t.Helper()
	identity, err := tablet.Identity()
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(client.Options{Base: base, Identity: identity, App: "test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// M1, M8, M9, through the backend itself: a nurse plans her morning from a list, puts it in her order, draws a number, and
// hands all over to the next, who takes a missed visit of the unit's too.
func TestM9_aRoundAndItsHandoverThroughTheRealBackend(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	base, people := realBackendOf(t, crowd.Size{Municipalities: 1, Clinics: 1, Tablets: 2, Clinicians: 1, Citizens: 4})
	lone, mona := nurseAt(t, base, people.Tablets[0]), nurseAt(t, base, people.Tablets[1])
	ctx := t.Context()
	round := func(r kontakt.Round, err error) kontakt.Round {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := round(lone.Round(ctx)); len(r.Visits) != 0 || r.Now.IsZero() || len(r.Cursor) != 1 {
		t.Errorf("an empty round is %+v", r)
	}
	list := "cpr;sted\n"
	for _, c := range people.Citizens[:3] {
		list += c.CPR.Reveal() + ";stue 4\n"
	}
	if _, faults, err := lone.ImportRound(ctx, []byte(list+"1;\n")); err != nil || len(faults) != 1 || faults[0].Line != 5 || faults[0].Msg != kontakt.MsgCPRLength {
		t.Fatalf("a list with a fault: %v, %v", faults, err)
	}
	r, faults, err := lone.ImportRound(ctx, []byte(list))
	if err != nil || len(faults) > 0 || len(r.Visits) != 3 || r.Visits[0].Place != "stue 4" || r.Visits[0].Citizen.Clinic == nil {
		t.Fatalf("imported %+v, %v, %v", r, faults, err)
	}
	at := time.Now().Add(time.Hour)
	r = round(lone.AddVisit(ctx, kontakt.VisitPlan{Citizen: people.Citizens[3].ID, PlannedAt: at}, kontakt.NewSecret()))
	if v := r.Visits[3]; v.Position != 4 || !v.PlannedAt.Equal(at) {
		t.Errorf("added %+v", v)
	}
	key := kontakt.NewSecret()
	first := r.Visits[2].ID
	for range 2 { // the answer was lost
		if r = round(lone.MoveVisit(ctx, first, 1, key)); r.Visits[0].ID != first {
			t.Errorf("moved: %+v", r.Visits)
		}
	}
	r = round(lone.EndVisit(ctx, r.Visits[1].ID, kontakt.VisitMissed, kontakt.NewSecret()))
	r = round(lone.EndVisit(ctx, r.Visits[1].ID, kontakt.VisitDone, kontakt.NewSecret()))
	if len(r.Visits) != 3 || r.Visits[2].State != kontakt.VisitDone {
		t.Errorf("ended: %+v", r.Visits)
	}
	if _, err := lone.EndVisit(ctx, first, kontakt.VisitUnderWay, kontakt.NewSecret()); kontakt.KindOf(err) != kontakt.Invalid {
		t.Errorf("ended as under way: %v", err)
	}
	place, err := lone.Join(ctx, kontakt.Join{
		Citizen: r.Visits[0].Citizen.ID, Clinic: people.Clinics[0].ID, Mode: kontakt.ModeConsultation, Consent: kontakt.Consent{Kind: kontakt.ConsentOral},
	}, kontakt.NewSecret())
	if err != nil {
		t.Fatal(err)
	}
	if r = round(lone.Round(ctx)); r.Visits[0].State != kontakt.VisitUnderWay || r.Visits[0].Entry != place.ID {
		t.Errorf("under way: %+v", r.Visits[0])
	}

	offer, code, err := lone.HandOver(ctx, kontakt.NewSecret())
	if left := time.Until(offer.ExpiresAt); err != nil || left <= 0 || left > time.Minute || strings.Contains(string(offer.ID), code) {
		t.Fatalf("offered %+v, %v", offer, err)
	}
	if _, err := lone.AcceptHandover(ctx, code, kontakt.NewSecret()); kontakt.KindOf(err) != kontakt.Conflict {
		t.Errorf("her own: %v", err)
	}
	got, err := mona.AcceptHandover(ctx, code, kontakt.NewSecret())
	if err != nil || len(got.Places) != 1 || got.Places[0].ID != place.ID || got.Places[0].Number != place.Number || len(got.Round.Visits) != 2 || got.Later != 0 {
		t.Fatalf("accepted %+v, %v", got, err)
	}
	if told, err := lone.Handover(ctx, offer.ID); err != nil || told.AcceptedBy == nil || told.AcceptedBy.Name != people.Tablets[1].Nurse {
		t.Errorf("told %+v, %v", told, err)
	}
	missed, err := mona.MissedVisits(ctx)
	if err != nil || len(missed) != 1 {
		t.Fatalf("the unit's list: %+v, %v", missed, err)
	}
	if r = round(mona.TakeVisit(ctx, missed[0].ID, kontakt.NewSecret())); len(r.Visits) != 3 || r.Visits[2].Position != 3 {
		t.Errorf("taken: %+v", r.Visits)
	}
}
