package waiting

import (
	"cmp"
	"slices"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// participant is who the actor is in a call.
func participant(a kontakt.Actor) string {
	switch sideOf(a) {
	case clinic:
		return kontakt.ParticipantClinic
	case guest:
		return string(a.Guest)
	}
	return kontakt.ParticipantTablet
}

// admitted gives those who are in the call, in the order in which they were let in.
func admitted(all []store.Guest) []store.Guest {
	in := slices.DeleteFunc(slices.Clone(all), func(g store.Guest) bool { return g.State != kontakt.GuestAdmitted })
	slices.SortFunc(in, func(a, b store.Guest) int {
		return cmp.Or(a.AdmittedAt.Compare(b.AdmittedAt), cmp.Compare(a.ID, b.ID))
	})
	return in
}

// openGuests gives those who are in the call, stand outside or can still come.
func openGuests(all []store.Guest) []store.Guest {
	return slices.DeleteFunc(slices.Clone(all), func(g store.Guest) bool { return !g.State.Open() })
}

// participants are those of a call in the order of offering: of two the first offers.
type participants []string

func participantsOf(all []store.Guest) participants {
	p := participants{kontakt.ParticipantTablet, kontakt.ParticipantClinic}
	for _, g := range admitted(all) {
		p = append(p, string(g.ID))
	}
	return p
}

// fits says whether a signal of one of them may go to whom it is for.
func (p participants) fits(s kontakt.Signal, from string) bool {
	i, j := slices.Index(p, from), slices.Index(p, s.To)
	if i < 0 || j < 0 || i == j {
		return i >= 0 && s.Kind == kontakt.SignalState && s.To == ""
	}
	switch s.Kind {
	case kontakt.SignalOffer:
		return i < j
	case kontakt.SignalAnswer, kontakt.SignalReady:
		return j < i
	case kontakt.SignalCandidates, kontakt.SignalState:
		return true
	}
	return false
}
