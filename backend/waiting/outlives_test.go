package waiting_test

import (
	"errors"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// What one hand built may take a place away that another keeps.

func TestE25_aCorrectionTakesNobodyElsesPlace(t *testing.T) {
	w := newWorld(t, 3)
	theirs := w.join(w.mona, 0)
	w.mustTakeOver(w.lone, 0, "Jeg troede, at det var min borger")
	mine, err := w.correct(w.lone, theirs.ID, 1, w.torvet)
	if err != nil {
		t.Fatal(err)
	}
	got := w.wantState(theirs.ID, kontakt.EntryWaiting)
	if got.Number != theirs.Number || got.Holders != 1 || got.Device != w.mona.Device || got.Helper.Name != "" || got.Helper.Place != "Mona Møllers enhed" {
		t.Errorf("the other's place = %+v, helper %+v", got, got.Helper)
	}
	if mine.Before != 1 || !mine.JoinedAt.Equal(w.clock.Now()) {
		t.Errorf("the right one: before %d, joined %v", mine.Before, mine.JoinedAt)
	}
	w.wantList(theirs.Number, mine.Number)
	if _, err := w.rooms.Entry(w.as(w.lone), theirs.ID); kontakt.KindOf(err) != kontakt.Hidden {
		t.Errorf("the tablet that let go reads on: %v", err)
	}
	_, err = w.takeOver(w.tove, 0, "")
	wantError(t, err, kontakt.Conflict, kontakt.MsgAlreadyWaiting)
	if _, params := kontakt.MsgOf(err); params["rolle"] != "Eksempel Kommune" || params["sted"] != "Mona Møllers enhed" {
		t.Errorf("told %v", params)
	}
	w.start(w.dorte, theirs.ID)
	if got := w.move(w.mona, theirs.ID, kontakt.MoveAnswer, ""); got.Helper.Name != "Mona Møller" {
		t.Errorf("answered by %+v", got.Helper)
	}
}

func TestE25_aCorrectionLeavesThePlaceOfTheCitizensOwnPhone(t *testing.T) {
	w := newWorld(t, 2)
	phone := w.join(w.self(0), 0)
	w.mustTakeOver(w.lone, 0, "Jeg troede, at det var min borger")
	if _, err := w.correct(w.lone, phone.ID, 1, w.torvet); err != nil {
		t.Fatal(err)
	}
	if got := w.entry(w.self(0), phone.ID); got.State != kontakt.EntryWaiting || got.Number != phone.Number || got.Holders != 0 || got.Helper != (kontakt.Helper{}) {
		t.Errorf("the phone reads %+v", got)
	}
}

// E18 and the last day of a cover, E18 and a change of doctor: a place outlives the attachment that it was drawn by.
func TestE18_aPlaceIsTakenOverAlsoWhenTheCitizenWouldGetNoneAnyMore(t *testing.T) {
	for name, change := range map[string]func(w *world){
		"the cover has ended": func(w *world) { w.clock.Add(24 * time.Hour) },
		"another doctor": func(w *world) {
			w.update(func(tx *store.Tx) error {
				c, err := tx.Citizen(w.citizens[0])
				if err != nil {
					return err
				}
				c.Clinic = ""
				_, err = tx.SaveCitizen(c)
				_, err2 := tx.DropCover(w.havnen, w.torvet, kontakt.DateOf(w.clock.Now()))
				return errors.Join(err, err2)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			today := kontakt.DateOf(w.clock.Now())
			w.update(func(tx *store.Tx) error {
				return tx.SaveCover(store.Cover{Clinic: w.havnen, For: w.torvet, From: today, To: today})
			})
			e, err := w.tryJoin(w.lone, 0, w.havnen)
			if err != nil {
				t.Fatal(err)
			}
			change(w)
			at := kontakt.Join{Citizen: w.citizens[0], Clinic: w.havnen, Mode: kontakt.ModeConsultation, Consent: spoken}
			for who, a := range map[string]kontakt.Actor{"without a reason": w.mona, "of another municipality": w.tove} {
				at.TakeOver = map[string]string{"of another municipality": "Borgeren er hos os"}[who]
				_, err := w.rooms.Join(w.as(a), at) // whether somebody waits at a clinic that is not theirs is nobody's business
				wantError(t, err, kontakt.NotAttached, kontakt.MsgNotAttached)
			}
			at.TakeOver = "Vagtskifte"
			got, err := w.rooms.Join(w.as(w.mona), at)
			if err != nil || got.ID != e.ID || got.Number != e.Number {
				t.Fatalf("taken over = %+v, %v", got, err)
			}
			w.move(w.mona, e.ID, kontakt.MoveLeave, "left")
			_, err = w.rooms.Join(w.as(w.mona), at)
			wantError(t, err, kontakt.NotAttached, kontakt.MsgNotAttached)
		})
	}
}

// E09, E44: whoever is removed by mistake comes back to what the clinic has said meanwhile of those who wait.
func TestE44_aRemovalTakenBackGoesByTheClosing(t *testing.T) {
	for name, row := range map[string]struct {
		before, after func(w *world) // the removal
		left          bool           // in the end
	}{
		"closed meanwhile, places kept": {after: func(w *world) { w.setOpening(false, true) }},
		"closed meanwhile":              {after: func(w *world) { w.setOpening(false, false) }, left: true},
		"opened and closed meanwhile": {
			before: func(w *world) { w.setOpening(false, true) },
			after:  func(w *world) { w.setOpening(true, false); w.setOpening(false, false) }, left: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 2)
			w.set(func(c *store.Clinic) { c.MayKeep = true })
			e, other := w.join(w.lone, 0), w.join(w.mona, 1)
			if row.before != nil {
				row.before(w)
			}
			w.move(w.secr, e.ID, kontakt.MoveRemove, "Ved en fejl")
			row.after(w)
			w.move(w.secr, e.ID, kontakt.MoveRestore, "")
			w.pass(time.Hour)
			want := kontakt.EntryWaiting
			if row.left {
				want = kontakt.EntryLeft
			}
			w.wantState(e.ID, want)
			w.wantState(other.ID, want)
		})
	}
}
