package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Bench measures what a join or a claim costs: a reply under its key, some reads, a number, an entry, three events and an
// audit row. It is done by one, by fifty at as many clinics, and by fifty at one clinic.
func Bench(b *testing.B, open Open) {
	for _, c := range []struct{ people, clinics int }{{1, 1}, {50, 50}, {50, 1}} {
		b.Run(fmt.Sprintf("people=%d/clinics=%d", c.people, c.clinics), func(b *testing.B) {
			db, err := open(b, store.NewKeys(), time.Now)()
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			w := Settle(b, db)
			clinics := moreClinics(b, db, c.clinics)
			var next atomic.Int64
			var mu sync.Mutex
			var took []time.Duration
			b.ResetTimer()
			began := time.Now()
			atOnce(c.people, func(i int) {
				for next.Add(1) <= int64(b.N) {
					start := time.Now()
					if err := join(db, w, clinics[i%len(clinics)]); err != nil {
						b.Error(err)
					}
					mu.Lock()
					took = append(took, time.Since(start))
					mu.Unlock()
				}
			})
			b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "commits/s")
			slices.Sort(took)
			for _, p := range []int{50, 99} {
				b.ReportMetric(float64(took[(len(took)-1)*p/100].Microseconds())/1000, fmt.Sprintf("p%d-ms", p))
			}
		})
	}
}

func moreClinics(b *testing.B, db *store.DB, n int) []store.Clinic {
	b.Helper()
	all := make([]store.Clinic, n)
	if err := db.Update(context.Background(), func(tx *store.Tx) error {
		var errs []error
		for i := range all {
			all[i] = store.Clinic{ID: kontakt.NewClinicID(), Name: "Klinik", Ydernummer: kontakt.Ydernummer(fmt.Sprintf("%06d", 100+i)), Booking: "off"}
			errs = append(errs, tx.SaveClinic(all[i]))
		}
		return errors.Join(errs...)
	}); err != nil {
		b.Fatal(err)
	}
	return all
}

// join is a change as backend/waiting makes it, of a place that has ended already, so that the citizen may have many.
func join(db *store.DB, w World, clinic store.Clinic) error {
	ctx := kontakt.WithActor(context.Background(), kontakt.Actor{Role: kontakt.RoleNurse, Employee: w.Nurse.ID, Device: w.Device.ID})
	_, err := db.Do(ctx, "actor", kontakt.NewSecret(), "print", func(ctx context.Context) (kontakt.StoredReply, error) {
		return kontakt.StoredReply{Status: 201, Body: []byte("{}")}, db.Update(ctx, func(tx *store.Tx) error {
			if _, err := tx.Clinic(clinic.ID); err != nil {
				return err
			}
			if _, err := tx.Citizen(w.Citizen.ID); err != nil {
				return err
			}
			if _, err := tx.OpenEntry(w.Citizen.ID, clinic.ID); kontakt.KindOf(err) != kontakt.NotFound {
				return errors.Join(err, errors.New("the citizen waits already"))
			}
			n, rank, err := tx.DrawNumber(clinic.ID, kontakt.DateOf(Noon))
			if err != nil {
				return err
			}
			e := w.entry(n)
			e.Clinic, e.Rank, e.State = clinic.ID, rank, kontakt.EntryEnded
			if _, err := tx.AddEntry(e); err != nil {
				return err
			}
			for _, room := range []kontakt.Room{kontakt.EntryRoom(e.ID), kontakt.ClinicRoom(clinic.ID), kontakt.LineRoom(clinic.ID)} {
				if _, err := tx.Append(room, kontakt.EventEntryChanged, nil); err != nil {
					return err
				}
			}
			return tx.Audit(store.Audit{Action: "entry.join", Citizen: w.Citizen.ID, Clinic: clinic.ID, Entry: e.ID})
		})
	})
	return err
}
