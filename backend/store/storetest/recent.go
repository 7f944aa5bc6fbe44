package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// callsRecent has one call under way, one unanswered and three conversations, and another clinic's.
func callsRecent(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	e := w.entry(1)
	call := func(began, started, ended time.Duration) store.Call {
		at := func(d time.Duration) time.Time {
			if d < 0 {
				return time.Time{}
			}
			return Noon.Add(d * time.Minute)
		}
		return store.Call{
			ID: kontakt.NewCallID(), Entry: e.ID, Clinic: w.Clinic.ID, Device: w.Device.ID, Clinician: w.Doctor.ID,
			CreatedAt: at(began), StartedAt: at(started), EndedAt: at(ended),
		}
	}
	all := []store.Call{call(0, 1, 10), call(12, -1, 13), call(14, 15, 20), call(21, 22, 30), call(31, 32, -1)}
	elsewhere := call(31, 32, 40)
	elsewhere.Clinic = kontakt.NewClinicID()
	f.update(t, func(tx *store.Tx) error {
		_, err := tx.AddEntry(e)
		for _, c := range append(slices.Clone(all), elsewhere) {
			err = errors.Join(err, tx.AddCall(c))
		}
		return err
	})
	var got []store.RecentCall
	view(t, f, func(tx *store.Tx) (err error) { got, err = tx.RecentCalls(w.Clinic.ID, 3); return err })
	var want []store.RecentCall
	for _, i := range []int{4, 3, 2, 1} { // under way, and the last three that ended
		c := all[i]
		want = append(want, store.RecentCall{Clinician: c.Clinician, JoinedAt: e.JoinedAt, CreatedAt: c.CreatedAt, StartedAt: c.StartedAt, EndedAt: c.EndedAt})
	}
	if !slices.EqualFunc(got, want, func(a, b store.RecentCall) bool {
		return a.Clinician == b.Clinician && a.JoinedAt.Equal(b.JoinedAt) && a.CreatedAt.Equal(b.CreatedAt) && a.StartedAt.Equal(b.StartedAt) && a.EndedAt.Equal(b.EndedAt)
	}) {
		t.Errorf("recent = %+v, want %+v", got, want)
	}
}
