package waiting

import (
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/waiting/estimate"
	"kontaktlaege/internal/kontakt"
)

// waitsOf reads how a clinic takes its calls, for the wait of each of those who hold a place there, and when it last
// called somebody.
func waitsOf(tx *store.Tx, id kontakt.ClinicID, entries []store.Entry) (line *estimate.Line, called time.Time, err error) {
	recent, err := tx.RecentCalls(id, estimate.Recent)
	if err != nil {
		return nil, called, err
	}
	calls := make([]estimate.Call, len(recent))
	for i, c := range recent {
		if c.CreatedAt.After(called) {
			called = c.CreatedAt
		}
		calls[i] = estimate.Call{Clinician: c.Clinician, Joined: c.JoinedAt, Created: c.CreatedAt, Started: c.StartedAt, Ended: c.EndedAt}
	}
	return estimate.New(calls, waitingSince(entries), tx.Now()), called, nil
}

// toldUntil is the end of the wait that was told with the number, and of a delay that was told after it.
func toldUntil(e store.Entry, c kontakt.Clinic) time.Time {
	if e.ToldUntil.IsZero() || !c.DelayAt.After(e.JoinedAt) {
		return e.ToldUntil
	}
	return e.ToldUntil.Add(c.Delay)
}

// late adds what is left of a delay that the clinic has told of. It may be over early, so it widens the range; only while
// the clinic has called nobody since is it sure to come first. After that its own pace carries it.
func late(w kontakt.Wait, c kontakt.Clinic, called, now time.Time) kontakt.Wait {
	rest := c.DelayAt.Add(c.Delay).Sub(now)
	if !w.Known || c.Delay == 0 || rest <= 0 {
		return w
	}
	w.To += rest
	if !called.After(c.DelayAt) {
		w.From += rest
	}
	return w
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
