package waiting

import (
	"cmp"
	"slices"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// summarise keeps what the nurse beside the citizen is to write into the care journal of the conversation that a has ended.
// It is hers who was there at the end; where nobody was, as with a citizen's own phone, there is none.
func summarise(tx *store.Tx, p place, a act) error {
	if p.entry.Helper == "" {
		return nil
	}
	talk, err := conversation(tx, p)
	if err != nil {
		return err
	}
	talk.EndedBy, talk.EndReason = string(a.by), callReason(a)
	if a.move == kontakt.MoveEnd {
		talk.EndReason = a.reason
	}
	return tx.AddSummary(store.Summary{
		ID: kontakt.NewSummaryID(), Entry: p.entry.ID, Call: p.call.ID, Citizen: p.entry.Citizen, Employee: p.entry.Helper,
		Municipality: p.entry.Municipality, Conversation: talk, ExpiresAt: talk.To.Add(kontakt.SummaryKept),
	})
}

// conversation tells of a call that has ended, but how.
func conversation(tx *store.Tx, p place) (kontakt.Conversation, error) {
	talk := kontakt.Conversation{Mode: p.entry.Mode, From: p.call.StartedAt, To: p.call.EndedAt}
	clinic, err := tx.Clinic(p.entry.Clinic)
	if err != nil {
		return talk, err
	}
	doctor, err := tx.Employee(p.call.Clinician)
	if err != nil {
		return talk, err
	}
	nurse, err := tx.Employee(p.entry.Helper)
	if err != nil {
		return talk, err
	}
	employer, err := tx.Municipality(p.entry.Municipality)
	if err != nil {
		return talk, err
	}
	guests, err := tx.Guests(p.entry.ID)
	if err != nil {
		return talk, err
	}
	talk.Clinic, talk.Municipality = clinic.Name, employer.Name
	talk.Clinician, talk.ClinicianTitle = doctor.Name, doctor.Title
	talk.Helper, talk.HelperTitle = nurse.Name, nurse.Title
	talk.Others = append(inRoom(p.entry.Told), tookPart(guests, *p.call)...)
	return talk, nil
}

// kindsInRoom are what a summary calls those who are in the room.
var kindsInRoom = map[kontakt.RecordRole]kontakt.GuestKind{
	kontakt.RoleInRelative: kontakt.GuestRelative, kontakt.RoleInColleague: kontakt.GuestNurse, kontakt.RoleInInterpreter: kontakt.GuestInterpreter,
}

// inRoom gives what those were who sat beside the citizen.
func inRoom(t kontakt.Told) []kontakt.GuestKind {
	var kinds []kontakt.GuestKind
	for _, role := range t.InRoom() {
		kinds = append(kinds, kindsInRoom[role])
	}
	return kinds
}

// tookPart gives what those were who had been let in to a call, also where they have gone since, in the order of that. It
// has to look before the end puts them outside again.
func tookPart(guests []store.Guest, c store.Call) []kontakt.GuestKind {
	slices.SortStableFunc(guests, func(a, b store.Guest) int {
		return cmp.Or(a.AdmittedAt.Compare(b.AdmittedAt), cmp.Compare(a.ID, b.ID))
	})
	var kinds []kontakt.GuestKind
	for _, g := range guests {
		if !g.AdmittedAt.IsZero() && !g.AdmittedAt.Before(c.CreatedAt) {
			kinds = append(kinds, g.Kind)
		}
	}
	return kinds
}
