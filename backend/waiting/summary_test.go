package waiting_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/waiting"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// summaries gives those of an employee, the newest first.
func (w *world) summaries(of kontakt.Actor) []store.Summary {
	w.t.Helper()
	var all []store.Summary
	if err := w.db.View(context.Background(), func(tx *store.Tx) (err error) { all, err = tx.Summaries(of.Employee); return err }); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// talk starts a call that is answered a quarter of a minute later.
func (w *world) talk(doctor, nurse kontakt.Actor, id kontakt.EntryID) {
	w.t.Helper()
	w.start(doctor, id)
	w.pass(15 * time.Second)
	w.move(nurse, id, kontakt.MoveAnswer, "")
}

// S16: whom the nurse talked with stands in it by name, and who else was there by what they were.
func TestSummary_saysWhoTalkedWithWhomHowAndHowItEnded(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := newWorld(t, 1)
	w.withLinks(new([]waiting.Letter))
	e := w.join(w.lone, 0)
	guest, token := w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestRelative, Name: "Mette Madsen"})
	stays, token2 := w.invite(w.dorte, e.ID, kontakt.Invite{Kind: kontakt.GuestInterpreter})
	w.comes(token, "Mette Madsen")
	w.comes(token2, "Amina")
	w.talk(w.dorte, w.lone, e.ID)
	from := w.clock.Now()
	for _, g := range []kontakt.Guest{guest, stays} {
		if _, err := w.rooms.Admit(w.as(w.dorte), e.ID, g.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.rooms.RemoveGuest(w.as(w.dorte), e.ID, guest.ID); err != nil { // was there all the same
		t.Fatal(err)
	}
	if _, err := w.rooms.SetMode(w.as(w.dorte), e.ID, kontakt.ModeConference); err != nil {
		t.Fatal(err)
	}
	w.pass(12 * time.Minute)
	if early := w.summaries(w.lone); len(early) != 0 {
		t.Errorf("while they talk: %+v", early)
	}
	w.move(w.dorte, e.ID, kontakt.MoveEnd, "done")
	all := w.summaries(w.lone)
	if len(all) != 1 {
		t.Fatalf("summaries = %+v", all)
	}
	got := all[0]
	want := kontakt.Conversation{
		Clinician: "Dorte Dam", ClinicianTitle: "praktiserende læge", Clinic: "Lægerne Torvet", Helper: "Lone Lund", HelperTitle: "sygeplejerske",
		Municipality: "Eksempel Kommune", Others: []kontakt.GuestKind{kontakt.GuestRelative, kontakt.GuestInterpreter}, Mode: kontakt.ModeConference,
		From: from, To: from.Add(12 * time.Minute), EndedBy: "clinic", EndReason: "done",
	}
	if !reflect.DeepEqual(got.Conversation, want) {
		t.Errorf("got  %+v\nwant %+v", got.Conversation, want)
	}
	if got.Entry != e.ID || got.Citizen != w.citizens[0] || got.Employee != w.lone.Employee || got.Municipality != w.lone.Municipality ||
		got.Version != 1 || got.Note != (kontakt.Note{}) || !got.ExpiresAt.Equal(want.To.Add(24*time.Hour)) {
		t.Errorf("summary = %+v", got)
	}
}

// A citizen who is handed over to a colleague has talked with two, and so has one whose call was lost and came again.
func TestSummary_eachConversationOfAPlaceHasOneAndARingHasNone(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := newWorld(t, 2)
	e := w.join(w.lone, 0)
	w.start(w.dorte, e.ID)
	w.move(w.lone, e.ID, kontakt.MoveNotNow, "")
	w.start(w.dorte, e.ID)
	w.move(w.dorte, e.ID, kontakt.MoveNoAnswer, "")
	w.talk(w.dorte, w.lone, e.ID)
	if _, err := w.rooms.Transfer(w.as(w.dorte), e.ID, w.palle.Employee); err != nil {
		t.Fatal(err)
	}
	w.talk(w.palle, w.lone, e.ID)
	w.move(w.lone, e.ID, kontakt.MoveLost, "")
	w.pass(11 * time.Minute)
	w.talk(w.palle, w.lone, e.ID)
	w.pass(time.Minute)
	w.move(w.lone, e.ID, kontakt.MoveEnd, "phone")
	left := w.join(w.lone, 1)
	w.move(w.lone, left.ID, kontakt.MoveLeave, "left")
	type end struct{ doctor, by, reason string }
	var got []end
	for _, s := range w.summaries(w.lone) {
		got = append(got, end{s.Clinician, s.EndedBy, s.EndReason})
	}
	if want := []end{{"Palle Pind", "tablet", "phone"}, {"Palle Pind", "system", "interrupted"}, {"Dorte Dam", "clinic", "transfer"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// It belongs to who was there at the end.
func TestSummary_isTheOneWhoTookOver(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	if _, err := w.rooms.Join(w.as(w.mona), kontakt.Join{Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation, TakeOver: "vagtskifte"}); err != nil {
		t.Fatal(err)
	}
	w.talk(w.dorte, w.mona, e.ID)
	w.move(w.mona, e.ID, kontakt.MoveEnd, "done")
	if hers, before := w.summaries(w.mona), w.summaries(w.lone); len(hers) != 1 || hers[0].Helper != "Mona Møller" || len(before) != 0 {
		t.Errorf("hers %+v, of the one before %+v", hers, before)
	}
}

// A day after its end a summary is not there any more, swept or not, and the sweeper of each node takes it off the disk once.
func TestSummary_isGoneAfterADay(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.talk(w.dorte, w.lone, e.ID)
	w.move(w.dorte, e.ID, kontakt.MoveEnd, "done")
	w.clock.Add(24*time.Hour - time.Second)
	w.sweep()
	id := w.summaries(w.lone)[0].ID
	w.clock.Add(time.Second)
	if late := w.summaries(w.lone); len(late) != 0 {
		t.Errorf("after a day: %+v", late)
	}
	node := waiting.New(w.db, w.opt)
	atOnce(4, func(i int) {
		s := []*waiting.Service{w.rooms, node}[i%2]
		if err := s.Sweep(context.Background()); err != nil {
			t.Error(err)
		}
	})
	w.clock.Add(-time.Hour) // where a row stood still, it would be shown again
	if err := w.db.View(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Summary(id)
		return err
	}); kontakt.KindOf(err) != kontakt.NotFound {
		t.Errorf("swept: %v", err)
	}
}
