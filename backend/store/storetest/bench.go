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
					if err := Join(db, w, clinics[i%len(clinics)].ID); err != nil {
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
