package app

import (
	"context"
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// E45: a restart in the middle of a delay says it no second time, and says the next one.
func TestE45_aRestartDoesNotSayADelayAgain(t *testing.T) {
	first := signedInWorld()
	first.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{late(3, 15*time.Minute, t0)}, nil
	}
	_, die := launch(t, first)
	first.fulfilled(func(log []string) bool { return slices.Contains(log, "late da 15m0s") })
	die()

	second := after(first)
	second.held = first.held
	m, _ := launch(t, second)
	until(t, m, func(w Waiting) bool { return w.Place.Clinic.Delay == 15*time.Minute })
	m.Send(PlaceFetched{ID: placeID, Entry: late(4, 30*time.Minute, t0.Add(time.Hour)), At: at})
	second.fulfilled(func(log []string) bool { return slices.Contains(log, "late da 30m0s") })
	if slices.Contains(second.noted(), "late da 15m0s") {
		t.Error("after the restart it was said once more")
	}
}

// E45: the last of two words is said when its time has come, whatever screen is shown by then.
func TestE45_aWordThatWaitsOutlastsASignOut(t *testing.T) {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{late(3, 15*time.Minute, t0)}, nil
	}
	asleep, due := make(chan time.Duration, 1), make(chan struct{})
	w.sleep = func(ctx context.Context, d time.Duration) error {
		asleep <- d
		select {
		case <-due:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	m, _ := launch(t, w)
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "late da 15m0s") })
	m.Send(PlaceFetched{ID: placeID, Entry: late(4, 30*time.Minute, t0.Add(20*time.Second)), At: at})
	if d := <-asleep; d != 40*time.Second {
		t.Errorf("waits %v", d)
	}
	m.Send(TapSignOut{})
	until(t, m, any1[SignedOut])
	close(due)
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "late da 30m0s") })
}
