package app

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"kontaktlaege/internal/kontakt"
)

// TestStep_longWalks goes through a call by chance, whatever order things happen in: what the screen relies on holds at
// each step.
func TestStep_longWalks(t *testing.T) {
	states, events := situations(), happenings()
	var starts, names []string
	for name, s := range states {
		if _, talks := s.Screen.(InCall); talks {
			starts = append(starts, name)
		}
	}
	for name := range events {
		names = append(names, name)
	}
	slices.Sort(starts)
	slices.Sort(names)
	talk := 0
	for seed := range uint64(1500) {
		rng := rand.New(rand.NewPCG(seed, 4))
		start := starts[rng.IntN(len(starts))]
		s, way := states[start], []string{start}
		for range 150 {
			if _, talks := s.Screen.(InCall); !talks {
				break
			}
			name := names[rng.IntN(len(names))]
			s, _ = Step(s, events[name])
			way = append(way, name)
			talk++
			if wrong := wrongWith(s); wrong != "" {
				t.Fatalf("seed %d: %s after %q", seed, wrong, way)
			}
		}
	}
	if talk < 10_000 {
		t.Errorf("only %d steps in a call", talk)
	}
}

// wrongWith says what of a call can't be shown.
func wrongWith(s State) string {
	c, talks := s.Screen.(InCall)
	if !talks {
		return ""
	}
	inside := 1
	for _, g := range c.Guests {
		if !g.State.Open() {
			return fmt.Sprintf("a guest who is %s", g.State)
		}
		if g.State == kontakt.GuestAdmitted {
			inside++
		}
	}
	switch still, invite := c.Still, c.Inviting; {
	case len(c.Others) != inside || c.Others[0].ID != kontakt.ParticipantClinic:
		return fmt.Sprintf("%d guests inside, and with %v", inside-1, idsOf(c.Others))
	case still != nil && still.Taking && still.ID != "":
		return "a still that is taken and has a name"
	case still != nil && len(still.Pointers) > 0 && still.ID == "":
		return "a pointer at nothing"
	case invite != nil && (invite.Busy && invite.Link != "" || !s.Employee.SignedIn() && invite.Busy):
		return fmt.Sprintf("an invitation %+v", *invite)
	case c.over && (!reflect.DeepEqual(c.Typing, Typing{}) || still != nil || invite != nil):
		return "something of a conversation that is over"
	case !c.over && lasts(c.Rung) && c.Net.None():
		return fmt.Sprintf("nothing to say on rung %s", c.Rung)
	}
	return ""
}
