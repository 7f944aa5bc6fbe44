package registry

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// tell answers from the table, and leaves the audit row. After Down and Doubtful the table is believed while it
// remembers, and then the employee's word.
func (r *Registry) tell(ctx context.Context, cpr kontakt.CPR, own kontakt.ClinicID, asked string) (found kontakt.Citizen, outcome string, err error) {
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		outcome = failed
		c, err := tx.CitizenByCPR(cpr)
		if err != nil && kontakt.KindOf(err) != kontakt.NotFound {
			return err
		}
		is, audit := asked, store.Audit{Action: ActionLookup}
		switch {
		case asked != Down && asked != Doubtful:
			if c.Clinic == "" && c.CheckedAt.IsZero() { // not there, made for a booking alone, or taken off the register
				outcome = Unknown
				return errNone
			}
		case !c.CheckedAt.IsZero() && tx.Now().Sub(c.CheckedAt) < memory:
			is = Stale
			audit.Reason = "checked " + kontakt.DateOf(c.CheckedAt).String()
		case own == "":
			outcome = asked
			return errDown
		default:
			is = Unchecked
			audit.Reason = Unchecked
			if c, err = saidToBe(tx, c, cpr, own); err != nil {
				if kontakt.KindOf(err) == kontakt.NotFound { // a clinic that is none of ours
					outcome = Refused
				}
				return err
			}
		}
		if found, err = describe(tx, c); err != nil {
			return err
		}
		audit.Citizen, audit.Clinic = c.ID, c.Clinic
		if err := tx.Audit(audit); err != nil {
			return err
		}
		outcome = is
		return nil
	})
	return found, outcome, err
}

// saidToBe keeps a citizen on the employee's word.
func saidToBe(tx *store.Tx, c store.Citizen, cpr kontakt.CPR, own kontakt.ClinicID) (store.Citizen, error) {
	if _, err := tx.Clinic(own); err != nil {
		return store.Citizen{}, err
	}
	if c.ID == "" {
		c.ID = kontakt.NewCitizenID()
	}
	return tx.SaveCitizen(store.Citizen{ID: c.ID, CPR: cpr, Name: c.Name, Clinic: own})
}

// Describe is a citizen as a look-up tells.
func (r *Registry) Describe(tx *store.Tx, c store.Citizen) (kontakt.Citizen, error) {
	return describe(tx, c)
}

// describe is the citizen with the own clinic and who covers for it today.
func describe(tx *store.Tx, c store.Citizen) (kontakt.Citizen, error) {
	today := kontakt.DateOf(tx.Now())
	found := c.On(today)
	if c.Clinic == "" {
		return found, nil
	}
	clinic, err := tx.Clinic(c.Clinic)
	if err != nil {
		return kontakt.Citizen{}, err
	}
	own := clinic.At(tx.Now())
	found.Clinic = &own
	found.Cover, err = cover(tx, c.Clinic, today, tx.Now())
	return found, err
}

// cover gives the clinic that takes the clinic's citizens in today: of several, one that is open.
func cover(tx *store.Tx, of kontakt.ClinicID, today kontakt.Date, now time.Time) (*kontakt.Clinic, error) {
	covers, err := tx.Covers(of, today)
	if err != nil {
		return nil, err
	}
	var best *kontakt.Clinic
	for _, c := range covers {
		clinic, err := tx.Clinic(c.Clinic)
		if err != nil {
			return nil, err
		}
		if is := clinic.At(now); c.Clinic != of && (best == nil || is.Open && !best.Open) {
			best = &is
		}
	}
	return best, nil
}

// byName sorts clinics as a Danish reader looks for them: æ, ø, å last.
func byName(clinics []kontakt.Clinic) {
	danish := store.DanishOrder()
	slices.SortFunc(clinics, func(a, b kontakt.Clinic) int {
		return cmp.Or(danish(a.Name, b.Name), danish(a.Town, b.Town), cmp.Compare(a.ID, b.ID))
	})
}
