package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// RecentCall is what a call tells of how fast a clinic takes those who wait.
type RecentCall struct {
	Clinician kontakt.EmployeeID
	JoinedAt  time.Time // when the citizen had drawn the number
	CreatedAt time.Time
	StartedAt time.Time // zero: not answered
	EndedAt   time.Time // zero: under way
}

// RecentCalls gives a clinic's calls that are under way and the last that have ended, unanswered ones among them.
func (tx *Tx) RecentCalls(clinic kontakt.ClinicID, limit int) ([]RecentCall, error) {
	var all []RecentCall
	for _, where := range []string{`calls.ended_at = 0`, `calls.ended_at > 0 ORDER BY calls.ended_at DESC`} { // each by the index
		err := tx.each("store.RecentCalls", `SELECT calls.clinician, entries.joined_at, calls.created_at, calls.started_at, calls.ended_at
			FROM calls JOIN entries ON entries.id = calls.entry WHERE calls.clinic = $1 AND `+where+` LIMIT $2`, []any{clinic, limit},
			func(scan func(...any) error) error {
				var c RecentCall
				err := scan(&c.Clinician, when{&c.JoinedAt}, when{&c.CreatedAt}, when{&c.StartedAt}, when{&c.EndedAt})
				all = append(all, c)
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
