package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Join is a change as backend/waiting makes it, of a place that has ended already, so that the citizen may have many.
func Join(db *store.DB, w World, clinic kontakt.ClinicID) error {
	ctx := kontakt.WithActor(context.Background(), kontakt.Actor{Role: kontakt.RoleNurse, Employee: w.Nurse.ID, Device: w.Device.ID})
	_, err := db.Do(ctx, "actor", kontakt.NewSecret(), "print", func(ctx context.Context) (kontakt.StoredReply, error) {
		return kontakt.StoredReply{Status: 201, Body: []byte("{}")}, db.Update(ctx, func(tx *store.Tx) error {
			if _, err := tx.Clinic(clinic); err != nil {
				return err
			}
			if _, err := tx.Citizen(w.Citizen.ID); err != nil {
				return err
			}
			if _, err := tx.OpenEntry(w.Citizen.ID, clinic); kontakt.KindOf(err) != kontakt.NotFound {
				return errors.Join(err, errors.New("the citizen waits already"))
			}
			n, rank, err := tx.DrawNumber(clinic, kontakt.DateOf(Noon))
			if err != nil {
				return err
			}
			e := w.entry(n)
			e.Clinic, e.Rank, e.State = clinic, rank, kontakt.EntryEnded
			if _, err := tx.AddEntry(e); err != nil {
				return err
			}
			for _, room := range []kontakt.Room{kontakt.EntryRoom(e.ID), kontakt.ClinicRoom(clinic), kontakt.LineRoom(clinic)} {
				if _, err := tx.Append(room, kontakt.EventEntryChanged, map[string]kontakt.EntryID{"entry": e.ID}); err != nil {
					return err
				}
			}
			return tx.Audit(store.Audit{Action: "entry.join", Citizen: w.Citizen.ID, Clinic: clinic, Entry: e.ID})
		})
	})
	return err
}

// CheckJoins says where a database is not one that many a Join, each whole, has made: entries of the World's clinic
// without their events, events without their entry, a number missing.
func CheckJoins(t testing.TB, db *store.DB, w World) {
	t.Helper()
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		room := kontakt.ClinicRoom(w.Clinic.ID)
		end, err := tx.Seq(room)
		if err != nil {
			return err
		}
		if end == 0 {
			t.Error("nobody has joined")
		}
		events, err := tx.Events(room, 0, int(end)+1)
		if err != nil {
			return err
		}
		if len(events) != int(end) {
			t.Errorf("%d events, the counter stands at %d", len(events), end)
		}
		for i, e := range events {
			var said struct{ Entry kontakt.EntryID }
			if err := json.Unmarshal(e.Data, &said); err != nil {
				return err
			}
			entry, err := tx.Entry(said.Entry)
			if err != nil {
				return err
			}
			own, err := tx.Events(kontakt.EntryRoom(entry.ID), 0, 2)
			if err != nil {
				return err
			}
			if entry.Number != i+1 || e.Seq != kontakt.Seq(i+1) || len(own) != 1 {
				t.Errorf("event %d is of number %d, whose room has %d events", e.Seq, entry.Number, len(own))
			}
		}
		line, err := tx.Seq(kontakt.LineRoom(w.Clinic.ID))
		if line != end {
			t.Errorf("the line's room stands at %d, the clinic's at %d", line, end)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}
