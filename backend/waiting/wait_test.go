package waiting

import (
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

func TestLate_lengthensTheRangeAndCountsOnce(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	known := kontakt.Wait{Known: true, From: 10 * time.Minute, To: 20 * time.Minute}
	said := func(ago, delay time.Duration) kontakt.Clinic {
		return kontakt.Clinic{Delay: delay, DelayAt: now.Add(-ago)}
	}
	for name, c := range map[string]struct {
		wait   kontakt.Wait
		clinic kontakt.Clinic
		called time.Time
		want   kontakt.Wait
	}{
		"nothing said":           {known, kontakt.Clinic{}, time.Time{}, known},
		"not known stays so":     {kontakt.Wait{}, said(0, 15*time.Minute), time.Time{}, kontakt.Wait{}},
		"nobody called since":    {known, said(5*time.Minute, 15*time.Minute), now.Add(-time.Hour), kontakt.Wait{Known: true, From: 20 * time.Minute, To: 30 * time.Minute}},
		"nobody called ever":     {known, said(0, 15*time.Minute), time.Time{}, kontakt.Wait{Known: true, From: 25 * time.Minute, To: 35 * time.Minute}},
		"somebody called since":  {known, said(5*time.Minute, 15*time.Minute), now.Add(-time.Minute), kontakt.Wait{Known: true, From: 10 * time.Minute, To: 30 * time.Minute}},
		"the delay has run out":  {known, said(15*time.Minute, 15*time.Minute), time.Time{}, known},
		"the delay is long past": {known, said(2*time.Hour, 15*time.Minute), time.Time{}, known},
	} {
		if got := late(c.wait, c.clinic, c.called, now); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
