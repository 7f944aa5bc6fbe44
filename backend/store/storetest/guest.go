package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// guestsOf puts a place and two guests into the store: one of the tablet's, one of the clinic's a minute later.
func guestsOf(t *testing.T, f fixture) (relative, interpreter store.Guest) {
	t.Helper()
	w := Settle(t, f.db)
	e := w.entry(1)
	relative = store.Guest{
		Guest: kontakt.Guest{
			ID: kontakt.NewGuestID(), Entry: e.ID, Name: "Mette Mådsen", Kind: kontakt.GuestRelative, State: kontakt.GuestInvited,
			By: kontakt.ParticipantTablet, InvitedAt: Noon, ExpiresAt: Noon.Add(time.Hour),
		},
		Employee: w.Nurse.ID,
	}
	interpreter = relative
	interpreter.ID, interpreter.Name, interpreter.Kind, interpreter.By = kontakt.NewGuestID(), "", kontakt.GuestInterpreter, kontakt.ParticipantClinic
	interpreter.InvitedAt, interpreter.ExpiresAt = Noon.Add(time.Minute), Noon.Add(61*time.Minute)
	f.update(t, func(tx *store.Tx) error {
		_, err := tx.AddEntry(e)
		return errors.Join(err, tx.AddGuest(interpreter, "link of the interpreter"), tx.AddGuest(relative, "link of the relative"))
	})
	return relative, interpreter
}

func guestsStored(t *testing.T, f fixture) {
	first, second := guestsOf(t, f)
	opened := first
	opened.State, opened.Name, opened.OpenedAt = kontakt.GuestLobby, "Mette Madsen", Noon.Add(time.Minute)
	opened.AdmittedAt, opened.AdmittedBy, opened.EndedAt = Noon.Add(2*time.Minute), first.Employee, Noon.Add(3*time.Minute)
	f.update(t, func(tx *store.Tx) error { return tx.SaveGuest(opened, kontakt.GuestInvited) })
	err := f.db.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveGuest(first, kontakt.GuestInvited) })
	if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Conflict || msg != kontakt.MsgVersion {
		t.Errorf("a stale change: %v, want Conflict with %s", err, kontakt.MsgVersion)
	}
	view(t, f, func(tx *store.Tx) error {
		all, err := tx.Guests(first.Entry)
		if want := []store.Guest{opened, second}; !slices.Equal(all, want) {
			t.Errorf("guests = %+v, want %+v", all, want)
		}
		found, err2 := tx.GuestByLink("link of the interpreter")
		if found != second {
			t.Errorf("by its link: %+v, want %+v", found, second)
		}
		if _, err := tx.GuestByLink("another"); kontakt.KindOf(err) != kontakt.NotFound {
			t.Errorf("a link that nobody has: %v", err)
		}
		for until, want := range map[time.Duration]int{time.Hour: 0, 61 * time.Minute: 1} { // the first was opened
			late, err := tx.LateGuests(Noon.Add(until))
			if err != nil || len(late) != want {
				t.Errorf("after %v: %d late, %v; want %d", until, len(late), err, want)
			}
		}
		return errors.Join(err, err2)
	})
}

func guestSessions(t *testing.T, f fixture) {
	guest, _ := guestsOf(t, f)
	secret := f.db.GuestSecret("link", "key-number-1")
	if secret != f.db.GuestSecret("link", "key-number-1") || secret == f.db.GuestSecret("link", "key-number-2") || secret == f.db.GuestSecret("lin", "kkey-number-1") {
		t.Error("the secret is not the same for the same link and key alone")
	}
	s := store.GuestSession{ID: kontakt.NewSessionID(), Guest: guest.ID, ExpiresAt: Noon.Add(time.Hour)}
	f.update(t, func(tx *store.Tx) error { return tx.AddGuestSession(s, secret) })
	find := func(secret string) (found store.GuestSession, err error) {
		err = f.db.View(t.Context(), func(tx *store.Tx) (err error) { found, err = tx.GuestSession(secret); return err })
		return found, err
	}
	if got, err := find(secret); err != nil || got != s {
		t.Errorf("session = %+v, %v; want %+v", got, err, s)
	}
	if got := s.Actor(); got != (kontakt.Actor{Role: kontakt.RoleGuest, Guest: guest.ID, Session: s.ID}) {
		t.Errorf("actor = %+v", got)
	}
	if _, err := find("another"); kontakt.KindOf(err) != kontakt.NotFound {
		t.Errorf("another secret: %v", err)
	}
	f.update(t, func(tx *store.Tx) error { return tx.ForgetGuestSessions() })
	if _, err := find(secret); err != nil {
		t.Errorf("forgotten before its time: %v", err)
	}
	f.clock.Add(time.Hour)
	if _, err := find(secret); kontakt.KindOf(err) != kontakt.NotFound {
		t.Errorf("after its time: %v", err)
	}
	f.update(t, func(tx *store.Tx) error { return tx.ForgetGuestSessions() })
}
