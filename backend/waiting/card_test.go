package waiting_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
	"kontaktlaege/internal/wire"
)

var letters = kontakt.ISBAR{Situation: "Feber siden i går", Request: "Besøg i dag?"}

func (w *world) saveCard(a kontakt.Actor, id kontakt.EntryID, seen int, written kontakt.ISBAR) (kontakt.Card, error) {
	w.t.Helper()
	return w.rooms.SaveCard(w.as(a), id, kontakt.Card{Version: seen, ISBAR: written})
}

func (w *world) card(a kontakt.Actor, id kontakt.EntryID) kontakt.Card {
	w.t.Helper()
	c, err := w.rooms.Card(w.as(a), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// cardEvents are the versions that a room was told of.
func (w *world) cardEvents(t *testing.T, room kontakt.Room, of kontakt.EntryID) []int {
	t.Helper()
	var versions []int
	for _, event := range w.events(room) {
		if event.Type != kontakt.EventCardChanged {
			continue
		}
		data := dataOf[wire.CardChanged](t, event)
		if data.Entry != string(of) {
			t.Errorf("told of %s", data.Entry)
		}
		versions = append(versions, data.Version)
	}
	return versions
}

// M4: what the nurse writes is the clinic's to read at once, through a restart and into the call; both rooms are told
// that there is another card, never what stands in it; the place itself does not change by it.
func TestM4_aCardIsTheClinicsToReadAndOutlivesARestart(t *testing.T) {
	w := newWorld(t, 2)
	e := w.join(w.lone, 0)
	if c := w.card(w.dorte, e.ID); c != (kontakt.Card{Told: kontakt.Told{Reason: "sår"}}) {
		t.Errorf("before anything is written: %+v", c)
	}
	saved, err := w.saveCard(w.lone, e.ID, 0, letters)
	if err != nil {
		t.Fatal(err)
	}
	want := kontakt.Card{
		Told: kontakt.Told{Reason: "sår"}, ISBAR: letters, Version: 1, At: w.clock.Now(),
		By: kontakt.Person{ID: w.lone.Employee, Name: "Lone Lund", Title: "sygeplejerske"},
	}
	if saved != want {
		t.Errorf("saved = %+v, want %+v", saved, want)
	}
	w.restart()
	if got := w.card(w.secr, e.ID); got != want {
		t.Errorf("the clinic reads %+v, want %+v", got, want)
	}
	w.start(w.dorte, e.ID)
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	inCall := letters
	inCall.Analysis = "Lungebetændelse?"
	if _, err := w.saveCard(w.lone, e.ID, 1, inCall); err != nil {
		t.Fatalf("in the call: %v", err)
	}
	if got := w.card(w.dorte, e.ID); got.ISBAR != inCall || got.Version != 2 {
		t.Errorf("in the call the clinic reads %+v", got)
	}
	for _, room := range []kontakt.Room{kontakt.EntryRoom(e.ID), kontakt.ClinicRoom(w.torvet)} {
		if got := w.cardEvents(t, room, e.ID); !slices.Equal(got, []int{1, 2}) {
			t.Errorf("%s was told of versions %v", room, got)
		}
	}
	if got := w.entry(w.dorte, e.ID).Version; got != 3 { // join, start, answer
		t.Errorf("the place's version = %d: a card is no reason to refuse a start", got)
	}
}

// Two tablets that hold the place do not write over each other: the second is told, and what stands stays. Who says the
// same again, as after an answer that was lost, changes nothing and tells nobody.
func TestM4_ofTwoTabletsTheSecondIsToldThatTheCardIsAnother(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	if _, err := w.rooms.Join(w.as(w.mona), kontakt.Join{Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken, TakeOver: "vagtskifte"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.saveCard(w.lone, e.ID, 0, letters); err != nil {
		t.Fatal(err)
	}
	other := kontakt.ISBAR{Situation: "Svimmel"}
	_, err := w.saveCard(w.mona, e.ID, 0, other)
	wantError(t, err, kontakt.Conflict, kontakt.MsgCardChanged)
	_, err = w.rooms.SaveTold(w.as(w.mona), e.ID, 0, kontakt.Told{Reason: "svimmel"})
	wantError(t, err, kontakt.Conflict, kontakt.MsgCardChanged)
	if got := w.card(w.mona, e.ID); got.ISBAR != letters || got.Reason != "sår" || got.Version != 1 {
		t.Errorf("after the refusals: %+v", got)
	}
	if got, err := w.saveCard(w.mona, e.ID, 1, other); err != nil || got.Version != 2 || got.By.Name != "Mona Møller" {
		t.Errorf("with the newer one in sight: %+v, %v", got, err)
	}
	if got, err := w.saveCard(w.mona, e.ID, 1, other); err != nil || got.Version != 2 {
		t.Errorf("the same again: %+v, %v", got, err)
	}
	if got := w.cardEvents(t, kontakt.ClinicRoom(w.torvet), e.ID); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("told of versions %v", got)
	}
}

// At the same moment: one of them is there, and the others know.
func TestM4_atTheSameMomentOneCardIsWritten(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	errs := make([]error, 6)
	atOnce(len(errs), func(i int) {
		_, errs[i] = w.saveCard(w.lone, e.ID, 0, kontakt.ISBAR{Situation: strings.Repeat("x", i+1)})
	})
	written := 0
	for i, err := range errs {
		if err == nil {
			written++
			if got := w.card(w.dorte, e.ID); len(got.Situation) != i+1 {
				t.Errorf("%d was told that it is written, and %q stands there", i, got.Situation)
			}
			continue
		}
		wantError(t, err, kontakt.Conflict, kontakt.MsgCardChanged)
	}
	if written != 1 {
		t.Errorf("%d were written", written)
	}
}

// The reason is changed afterwards: by the same rules, in the list too, and the letters stay.
func TestM4_theReasonIsChangedAfterwards(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	if _, err := w.saveCard(w.lone, e.ID, 0, letters); err != nil {
		t.Fatal(err)
	}
	told := kontakt.Told{Reason: "sår og feber"}
	got, err := w.rooms.SaveTold(w.as(w.lone), e.ID, 1, told)
	if err != nil || got.Told != told || got.ISBAR != letters || got.Version != 2 {
		t.Errorf("the card is %+v, %v", got, err)
	}
	if again, err := w.rooms.SaveTold(w.as(w.lone), e.ID, 1, told); err != nil || again != got {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	w.restart()
	if seen := w.entry(w.secr, e.ID); seen.Told != told || seen.Version != e.Version || seen.Card != (kontakt.CardMark{Version: 2, ISBAR: true}) {
		t.Errorf("the list has %+v, %+v, version %d", seen.Told, seen.Card, seen.Version)
	}
	_, err = w.rooms.SaveTold(w.as(w.lone), e.ID, 2, kontakt.Told{Reason: strings.Repeat("æ", kontakt.MaxReason+1)})
	wantError(t, err, kontakt.Invalid, kontakt.MsgBadRequest)
	_, err = w.saveCard(w.lone, e.ID, 2, kontakt.ISBAR{Background: strings.Repeat("æ", kontakt.MaxLetter+1)})
	wantError(t, err, kontakt.Invalid, kontakt.MsgBadRequest)
}

// Nobody but who holds the place writes, nobody but that nurse and the clinic reads, and nobody writes once it is over.
// The clinic reads for a day more; then the card is deleted, and no card of a place that stands.
func TestM4_whoMayWriteAndReadACardAndForHowLong(t *testing.T) {
	w := newWorld(t, 2)
	e, other := w.join(w.lone, 0), w.join(w.mona, 1)
	for _, id := range []kontakt.EntryID{e.ID, other.ID} {
		by := map[kontakt.EntryID]kontakt.Actor{e.ID: w.lone, other.ID: w.mona}[id]
		if _, err := w.saveCard(by, id, 0, letters); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		as         kontakt.Actor
		write, see kontakt.Kind
	}{
		"another tablet's nurse":       {w.mona, kontakt.Hidden, kontakt.Hidden},
		"another municipality's nurse": {w.tove, kontakt.Hidden, kontakt.Hidden},
		"another clinic":               {w.bo, kontakt.Hidden, kontakt.Hidden},
		"nobody signed in":             {w.tablet, kontakt.Forbidden, kontakt.Forbidden},
		"the clinic":                   {w.dorte, kontakt.Forbidden, ""},
		"its secretary":                {w.secr, kontakt.Forbidden, ""},
	} {
		_, err := w.saveCard(c.as, e.ID, 1, kontakt.ISBAR{Situation: name})
		_, err2 := w.rooms.SaveTold(w.as(c.as), e.ID, 1, kontakt.Told{Reason: name})
		seen, err3 := w.rooms.Card(w.as(c.as), e.ID)
		if kontakt.KindOf(err) != c.write || kontakt.KindOf(err2) != c.write || kontakt.KindOf(err3) != c.see {
			t.Errorf("%s: writes %v, %v, reads %v", name, err, err2, err3)
		}
		if c.see != "" && seen != (kontakt.Card{}) {
			t.Errorf("%s has got %+v", name, seen)
		}
	}
	w.start(w.dorte, e.ID)
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	w.move(w.lone, e.ID, kontakt.MoveEnd, "done")
	_, err := w.saveCard(w.lone, e.ID, 1, kontakt.ISBAR{Situation: "for sent"})
	wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
	_, err = w.rooms.SaveTold(w.as(w.lone), e.ID, 1, kontakt.Told{Reason: "for sent"})
	wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
	_, err = w.rooms.Card(w.as(w.lone), e.ID)
	wantError(t, err, kontakt.NotFound, kontakt.MsgNotFound)
	w.clock.Add(24*time.Hour - time.Nanosecond)
	w.sweep()
	if got := w.card(w.dorte, e.ID); got.ISBAR != letters {
		t.Errorf("before a day has passed: %+v", got)
	}
	w.clock.Add(time.Nanosecond)
	w.sweep()
	if got := w.card(w.dorte, e.ID); got.ISBAR != (kontakt.ISBAR{}) || got.Version != 0 {
		t.Errorf("a day after the end: %+v", got)
	}
	if got := w.card(w.mona, other.ID); got.ISBAR != letters {
		t.Errorf("of a place that stands: %+v", got)
	}
}

// The audit tells that a card was shared and by whom it was seen; a nurse's look at her own is nobody's news.
func TestM4_sharingAndSeeingACardIsAudited(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.card(w.dorte, e.ID)
	if _, err := w.saveCard(w.lone, e.ID, 0, letters); err != nil {
		t.Fatal(err)
	}
	w.card(w.lone, e.ID)
	w.card(w.dorte, e.ID)
	if _, err := w.rooms.SaveTold(w.as(w.lone), e.ID, 1, kontakt.Told{Reason: "feber"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.saveCard(w.lone, e.ID, 1, kontakt.ISBAR{}); err == nil {
		t.Error("a stale card was written")
	}
	audited := slices.DeleteFunc(w.audited(), func(row string) bool {
		return !strings.HasPrefix(row, "card.") && !strings.HasPrefix(row, "entry.told")
	})
	if want := []string{"card.write ok", "card.see ok", "entry.told ok", "card.write refused"}; !slices.Equal(audited, want) {
		t.Errorf("audit = %v, want %v", audited, want)
	}
}

// A score puts nobody before another, however high.
func TestTOBS_neverReordersTheLine(t *testing.T) {
	w := newWorld(t, 3)
	total := 15
	for i := range 3 {
		e := w.join(w.lone, i)
		if i == 1 {
			continue
		}
		scored := &tobs.Scored{Values: tobs.Values{}, Result: tobs.Result{Total: &total}}
		if i == 2 {
			scored.Result.Total = nil
		}
		if _, err := w.rooms.SaveCard(w.as(w.lone), e.ID, kontakt.Card{TOBS: scored}); err != nil {
			t.Fatal(err)
		}
	}
	w.wantList(1, 2, 3)
	all, _, err := w.rooms.List(w.as(w.dorte))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []kontakt.CardMark{{Version: 1, TOBS: true, Complete: true, Total: 15}, {}, {Version: 1, TOBS: true}} {
		if all[i].Card != want {
			t.Errorf("row %d: %+v, want %+v", i, all[i].Card, want)
		}
	}
}

// What is written is in nobody's reach who reads the file.
func TestM4_aCardIsSealedAtRest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kontakt.db")
	w := newWorldOn(t, 1, func(_ testing.TB, keys store.Keys, now func() time.Time) func() (*store.DB, error) {
		return func() (*store.DB, error) { return sqlite.Open(context.Background(), file, keys, now) }
	})
	e := w.join(w.lone, 0)
	scored := &tobs.Scored{Values: tobs.Values{}, Result: tobs.Result{Title: "Hemmelig TOBS", Action: "Ring til lægen"}}
	if _, err := w.rooms.SaveCard(w.as(w.lone), e.ID, kontakt.Card{ISBAR: letters, TOBS: scored}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.rooms.SaveTold(w.as(w.lone), e.ID, 1, kontakt.Told{Reason: "meget ondt"}); err != nil {
		t.Fatal(err)
	}
	w.db.Close() // all is in the file now
	found := false
	for _, path := range []string{file, file + "-wal"} {
		raw, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		found = found || bytes.Contains(raw, []byte("card.write"))
		for _, word := range []string{letters.Situation, letters.Request, "Hemmelig TOBS", "Ring til", "meget ondt"} {
			if bytes.Contains(raw, []byte(word)) {
				t.Errorf("%q stands in %s", word, filepath.Base(path))
			}
		}
	}
	if !found {
		t.Error("the audit row was not found either: this test looks in the wrong place")
	}
}
