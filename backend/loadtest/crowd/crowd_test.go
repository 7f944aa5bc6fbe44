package crowd_test

import (
	"slices"
	"testing"

	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/internal/kontakt"
)

// domain.md §3.3: a made-up number fails modulus 11 on a day other than 1 January.
func TestCPRs_areNobodys(t *testing.T) {
	today := kontakt.Date{Year: 2026, Month: 11, Day: 23}
	all := crowd.CPRs(30_000, today)
	seen := map[kontakt.CPR]bool{}
	for _, cpr := range all {
		born, ok := cpr.Born()
		if !ok || born.Month == 1 && born.Day == 1 || seen[cpr] || !slices.Contains(cpr.Warnings(today), kontakt.MsgCPRMod11) {
			t.Fatalf("a number born %v, known before: %v, is not made up by the rule", born, seen[cpr])
		}
		seen[cpr] = true
	}
	if len(all) != 30_000 {
		t.Errorf("%d numbers", len(all))
	}
}
