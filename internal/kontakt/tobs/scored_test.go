package tobs_test

import (
	"testing"

	"kontaktlaege/internal/kontakt/tobs"
)

func TestScored_isOfTheValuesThatItWasMadeOf(t *testing.T) {
	number := func(n int) *int { return &n }
	s := &tobs.Scored{Values: tobs.Values{"puls": {Number: number(88)}, "bev": {Choice: "habituel"}}}
	for name, c := range map[string]struct {
		values tobs.Values
		want   bool
	}{
		"the same":       {tobs.Values{"bev": {Choice: "habituel"}, "puls": {Number: number(88)}}, true},
		"one more":       {tobs.Values{"bev": {Choice: "habituel"}, "puls": {Number: number(88)}, "rf": {Number: number(14)}}, false},
		"one less":       {tobs.Values{"bev": {Choice: "habituel"}}, false},
		"another":        {tobs.Values{"bev": {Choice: "habituel"}, "puls": {Number: number(89)}}, false},
		"another way":    {tobs.Values{"bev": {Choice: "habituel"}, "puls": {Number: number(88), Method: "oral"}}, false},
		"nothing at all": {nil, false},
	} {
		if got := s.Of(c.values); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if (*tobs.Scored)(nil).Of(tobs.Values{}) {
		t.Error("none is of something")
	}
}
