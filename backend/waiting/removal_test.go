package waiting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// rows gives torvet's whole list.
func (w *world) rows() []kontakt.Entry {
	w.t.Helper()
	all, _, err := w.rooms.List(w.as(w.dorte))
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestE44_theClinicRemovesWithAReasonAndTakesItBackWithinHalfAMinute(t *testing.T) {
	for _, state := range []kontakt.EntryState{kontakt.EntryWaiting, kontakt.EntryCalled} {
		t.Run(string(state), func(t *testing.T) {
			w := newWorld(t, 3)
			first, e, last := w.join(w.lone, 0), w.join(w.mona, 1), w.join(w.tove, 2)
			w.urgent(w.dorte, e.ID, true, "Ondt")
			if state == kontakt.EntryCalled {
				w.start(w.dorte, e.ID)
			}
			_, err := w.rooms.Move(w.as(w.secr), e.ID, kontakt.MoveRemove, "")
			wantError(t, err, kontakt.Invalid, kontakt.MsgBadRequest)
			gone := w.move(w.secr, e.ID, kontakt.MoveRemove, "Er kørt på skadestuen")
			if gone.State != kontakt.EntryLeft || !gone.Restorable || gone.EndReason != "removed" || gone.EndWords != "Er kørt på skadestuen" || gone.EndedBy != "clinic" {
				t.Errorf("removed = %+v", gone)
			}
			seen := w.entry(w.mona, e.ID)
			if seen.Notice != kontakt.MsgRemoved || seen.Clinic.Phone != "70000000" || seen.EndWords != "Er kørt på skadestuen" || seen.Call != nil {
				t.Errorf("the tablet reads %q, %q, phone %q", seen.Notice, seen.EndWords, seen.Clinic.Phone)
			}
			bare := w.mona
			bare.Role, bare.Employee = kontakt.RoleDevice, ""
			if got := w.entry(bare, e.ID); got.EndWords != "" || got.Notice != kontakt.MsgRemoved {
				t.Errorf("with nobody signed in it reads %q, %q", got.EndWords, got.Notice)
			}
			list := w.rows()
			if len(list) != 3 || list[2].ID != e.ID || !list[2].Restorable || list[2].EndWords == "" || list[0].Restorable {
				t.Fatalf("the list = %+v", list)
			}
			w.pass(30 * time.Second)
			back := w.move(w.palle, e.ID, kontakt.MoveRestore, "")
			if back.State != kontakt.EntryWaiting || back.Number != e.Number || !back.Urgent || back.EndReason != "" || back.EndWords != "" || !back.EndedAt.IsZero() || back.Restorable {
				t.Errorf("restored = %+v", back)
			}
			w.wantList(e.Number, first.Number, last.Number)
			if seen := w.entry(w.mona, e.ID); seen.Notice != "" || seen.State != kontakt.EntryWaiting || seen.Before != 0 {
				t.Errorf("the tablet reads %q, %s, before %d", seen.Notice, seen.State, seen.Before)
			}
			got := slices.DeleteFunc(w.audited(), func(row string) bool {
				return !strings.HasPrefix(row, "entry.remove") && !strings.HasPrefix(row, "entry.restore")
			})
			if !slices.Equal(got, []string{"entry.remove ok", "entry.restore ok"}) {
				t.Errorf("audit = %v", got)
			}
		})
	}
}

func TestE44_aRemovalStandsAfterHalfAMinuteOrOnceTheCitizenHasDrawnAgain(t *testing.T) {
	w := newWorld(t, 2)
	e := w.join(w.lone, 0)
	w.move(w.secr, e.ID, kontakt.MoveRemove, "Forkert klinik")
	w.pass(30*time.Second + time.Millisecond)
	if list := w.rows(); len(list) != 0 {
		t.Errorf("the list still shows %+v", list)
	}
	_, err := w.rooms.Move(w.as(w.secr), e.ID, kontakt.MoveRestore, "")
	wantError(t, err, kontakt.Conflict, kontakt.MsgNotRemoved)

	e = w.join(w.lone, 0)
	w.move(w.secr, e.ID, kontakt.MoveRemove, "Forkert klinik")
	again := w.join(w.lone, 0)
	if list := w.rows(); len(list) != 1 || list[0].ID != again.ID {
		t.Errorf("the list = %+v", list)
	}
	_, err = w.rooms.Move(w.as(w.secr), e.ID, kontakt.MoveRestore, "")
	wantError(t, err, kontakt.Conflict, kontakt.MsgNotRemoved)
	w.wantList(again.Number)

	left := w.join(w.mona, 1)
	w.move(w.mona, left.ID, kontakt.MoveLeave, "left")
	_, err = w.rooms.Move(w.as(w.secr), left.ID, kontakt.MoveRestore, "") // who left by themselves is not taken back
	wantError(t, err, kontakt.Conflict, kontakt.MsgNotRemoved)
	for name, a := range map[string]kontakt.Actor{"the nurse": w.lone, "another clinic": w.bo} {
		if _, err := w.rooms.Move(w.as(a), again.ID, kontakt.MoveRemove, "x"); err == nil {
			t.Errorf("%s may remove", name)
		}
	}
	w.start(w.dorte, again.ID)
	w.move(w.lone, again.ID, kontakt.MoveAnswer, "")
	_, err = w.rooms.Move(w.as(w.secr), again.ID, kontakt.MoveRemove, "x") // a conversation ends, it is not removed
	wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
}

func (w *world) correct(a kontakt.Actor, wrong kontakt.EntryID, citizen int, at kontakt.ClinicID) (kontakt.Entry, error) {
	return w.rooms.Join(w.as(a), kontakt.Join{Citizen: w.citizens[citizen], Clinic: at, Mode: kontakt.ModeConsultation, Consent: spoken, Corrects: wrong})
}

func TestE25_theRightCitizenStandsWhereTheWrongOneStood(t *testing.T) {
	w := newWorld(t, 4)
	wrong, other := w.join(w.lone, 0), w.join(w.mona, 1)
	w.pass(2 * time.Minute)
	right, err := w.correct(w.lone, wrong.ID, 2, w.torvet)
	if err != nil {
		t.Fatal(err)
	}
	if !right.JoinedAt.Equal(wrong.JoinedAt) || right.Before != 0 || right.Number != 3 || right.ID == wrong.ID {
		t.Errorf("corrected = joined %v, before %d, number %d", right.JoinedAt, right.Before, right.Number)
	}
	w.wantList(right.Number, other.Number)
	if gone := w.wantState(wrong.ID, kontakt.EntryLeft); gone.EndReason != "corrected" || gone.EndedBy != "tablet" {
		t.Errorf("the wrong one = %+v", gone)
	}
	w.pass(time.Millisecond)
	late, err := w.correct(w.lone, right.ID, 3, w.torvet)
	if err != nil || late.Before != 1 || late.JoinedAt.Equal(right.JoinedAt) {
		t.Errorf("corrected after two minutes = before %d, joined %v, %v; want last", late.Before, late.JoinedAt, err)
	}
	if got := w.audited(); !slices.Equal(got, []string{"entry.join ok", "entry.join ok", "entry.leave ok", "entry.join ok", "entry.leave ok", "entry.join ok"}) {
		t.Errorf("audit = %v", got)
	}
}

func TestE25_aCorrectionThatCannotBeLeavesThePlaceAsItWas(t *testing.T) {
	w := newWorld(t, 4)
	wrong, other := w.join(w.lone, 0), w.join(w.mona, 1)
	for name, row := range map[string]struct {
		by      kontakt.Actor
		wrong   kontakt.EntryID
		citizen int
		at      kontakt.ClinicID
		kind    kontakt.Kind
	}{
		"the same citizen":   {w.lone, wrong.ID, 0, w.torvet, kontakt.Invalid},
		"one who waits":      {w.lone, wrong.ID, 1, w.torvet, kontakt.Conflict},
		"not the own clinic": {w.lone, wrong.ID, 2, w.havnen, kontakt.NotAttached},
		"another tablet's":   {w.lone, other.ID, 2, w.torvet, kontakt.Hidden},
		"nobody's":           {w.lone, kontakt.NewEntryID(), 2, w.torvet, kontakt.NotFound},
	} {
		if _, err := w.correct(row.by, row.wrong, row.citizen, row.at); kontakt.KindOf(err) != row.kind {
			t.Errorf("%s: %v, want %s", name, err, row.kind)
		}
		w.wantList(wrong.Number, other.Number)
	}
	w.start(w.dorte, wrong.ID)
	w.move(w.lone, wrong.ID, kontakt.MoveAnswer, "")
	_, err := w.correct(w.lone, wrong.ID, 2, w.torvet) // in a call it is "forkert patient" that ends it
	wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
}

func TestE25_atAnotherClinicTheNewOneStandsLast(t *testing.T) {
	w := newWorld(t, 2)
	wrong := w.join(w.lone, 0)
	w.update(func(tx *store.Tx) error {
		c, err := tx.Citizen(w.citizens[1])
		if err != nil {
			return err
		}
		c.Clinic = w.havnen
		_, err = tx.SaveCitizen(c)
		return err
	})
	w.pass(time.Minute)
	right, err := w.correct(w.lone, wrong.ID, 1, w.havnen)
	if err != nil || !right.JoinedAt.Equal(w.clock.Now()) || right.Clinic.ID != w.havnen {
		t.Errorf("corrected = %+v, %v", right, err)
	}
	w.wantList()
}

func TestE25_aBookedTimeIsTheCitizensOwn(t *testing.T) {
	w := newWorld(t, 3)
	w.book(0, w.clock.Now().Add(time.Hour), 10)
	wrong, other := w.join(w.lone, 0), w.join(w.mona, 1)
	w.wantList(other.Number, wrong.Number)
	right, err := w.correct(w.lone, wrong.ID, 2, w.torvet)
	if err != nil || !right.PlannedAt.IsZero() || right.Before != 0 {
		t.Errorf("corrected = planned %v, before %d, %v", right.PlannedAt, right.Before, err)
	}
}

func TestE57_noLongerRelevantEndsThePlaceAndNothingFollows(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	left := w.move(w.lone, e.ID, kontakt.MoveLeave, "not_relevant")
	if left.State != kontakt.EntryLeft || left.EndReason != "not_relevant" || left.Notice != "" {
		t.Errorf("left = %+v", left)
	}
	entry, clinic := len(w.events(kontakt.EntryRoom(e.ID))), len(w.events(kontakt.ClinicRoom(w.torvet)))
	w.pass(24 * time.Hour)
	if a, b := len(w.events(kontakt.EntryRoom(e.ID))), len(w.events(kontakt.ClinicRoom(w.torvet))); a != entry || b != clinic {
		t.Errorf("afterwards %d and %d more events", a-entry, b-clinic)
	}
	w.wantList()
}
