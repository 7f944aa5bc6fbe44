package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"kontaktlaege/internal/kontakt"
)

// fakeRounds reads any list as so many rows, and imports it.
type fakeRounds struct {
	Rounds
	rows, imported int
}

func (f *fakeRounds) ReadList(context.Context, []byte) ([]kontakt.RoundRow, []kontakt.RowFault, error) {
	return make([]kontakt.RoundRow, f.rows), nil, nil
}

func (f *fakeRounds) Import(_ context.Context, rows []kontakt.RoundRow) (kontakt.Round, []kontakt.RowFault, error) {
	f.imported += len(rows)
	return kontakt.Round{}, nil, nil
}

// A list of thirty costs what thirty look-ups do: it can be brought in one go, and whoever brings it may look nobody up in
// the same moment; who has looked somebody up just now waits a moment with a whole list.
func TestImportRound_countsAsLookups(t *testing.T) {
	for _, before := range []int{0, 1} {
		rounds := &fakeRounds{rows: kontakt.MaxVisits}
		a := newAPI(t, Parts{Rounds: rounds, Citizens: fakeCitizens{func(context.Context, kontakt.CPR) (kontakt.Citizen, error) {
			return kontakt.Citizen{ID: kontakt.NewCitizenID()}, nil
		}}}, nil)
		lookup := func() int {
			return ask(a, "POST", prefix+"/citizens/lookup", "nurse-secret", `{"cpr":"290200-4100"}`).Code
		}
		for range before {
			if code := lookup(); code != http.StatusOK {
				t.Fatalf("a look-up: %d", code)
			}
		}
		code := ask(a, "POST", prefix+"/round/import", "nurse-secret", `{"list":"Y3By"}`).Code
		want := fmt.Sprint(http.StatusOK, kontakt.MaxVisits)
		if before > 0 {
			want = fmt.Sprint(http.StatusTooManyRequests, 0)
		}
		if got := fmt.Sprint(code, rounds.imported); got != want {
			t.Errorf("after %d look-ups: %s, want %s", before, got, want)
		}
		if code := lookup(); before == 0 && code != http.StatusTooManyRequests {
			t.Errorf("a look-up after it: %d", code)
		}
	}
}
