package waiting

import (
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/waiting/estimate"
	"kontaktlaege/internal/kontakt"
)

// waitsOf reads how a clinic takes its calls, for the wait of each of those who hold a place there.
func waitsOf(tx *store.Tx, id kontakt.ClinicID, entries []store.Entry) (*estimate.Line, error) {
	recent, err := tx.RecentCalls(id, estimate.Recent)
	if err != nil {
		return nil, err
	}
	calls := make([]estimate.Call, len(recent))
	for i, c := range recent {
		calls[i] = estimate.Call{Clinician: c.Clinician, Joined: c.JoinedAt, Created: c.CreatedAt, Started: c.StartedAt, Ended: c.EndedAt}
	}
	return estimate.New(calls, waitingSince(entries), tx.Now()), nil
}

// waitingSince is when the longest waiting had drawn the number. Who did not answer may wait long beside an idle
// clinician, and tells nothing of how fast one comes.
func waitingSince(entries []store.Entry) (since time.Time) {
	for _, e := range entries {
		if e.State == kontakt.EntryWaiting && e.NoAnswers == 0 && (since.IsZero() || e.JoinedAt.Before(since)) {
			since = e.JoinedAt
		}
	}
	return since
}
