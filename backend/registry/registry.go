// Package registry tells who a citizen is and which clinic they are attached to, from a table of our own.
//
// Invariants: every look-up leaves an audit row, a fruitless one too; a replacement number is never looked up, since no
// register holds them; ten wrong look-ups in five minutes on one tablet raise a flag in the audit log (somebody may be
// looking for people); a clinic that we do not serve is not told apart from none.
package registry

import (
	"context"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Actions in the audit log.
const (
	ActionLookup  = "citizen.lookup"
	ActionSnoop   = "citizen.many_wrong_lookups"
	wrongLookups  = 10
	wrongLookupIn = 5 * time.Minute
)

// Registry looks citizens up.
type Registry struct {
	db  *store.DB
	may func(a kontakt.Actor) error
}

// New makes a registry on the store's own table. may says whether an actor may look a citizen up.
func New(db *store.DB, may func(a kontakt.Actor) error) *Registry { return &Registry{db, may} }

// Row is one citizen of the table.
type Row struct {
	CPR    kontakt.CPR
	Name   string
	Clinic kontakt.ClinicID // attached to; "": none that we serve
}

// Import puts rows into the table, all or none. A known CPR number gets the row's name and clinic.
func (r *Registry) Import(ctx context.Context, rows []Row) error {
	return r.db.Update(ctx, func(tx *store.Tx) error {
		for _, row := range rows {
			if _, err := tx.SaveCitizen(store.Citizen{ID: kontakt.NewCitizenID(), CPR: row.CPR, Name: row.Name, Clinic: row.Clinic, CheckedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Clinics gives all clinics, by name.
func (r *Registry) Clinics(ctx context.Context) ([]kontakt.Clinic, error) {
	var found []kontakt.Clinic
	err := r.db.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Clinics()
		for _, c := range all {
			found = append(found, c.At(tx.Now()))
		}
		return err
	})
	return found, err
}

// Lookup finds a citizen by CPR number.
func (r *Registry) Lookup(ctx context.Context, cpr kontakt.CPR, own kontakt.ClinicID) (kontakt.Citizen, error) {
	a, ok := kontakt.ActorFrom(ctx)
	if !ok {
		return kontakt.Citizen{}, &kontakt.Error{Op: "registry.Lookup", Kind: kontakt.Unauthenticated, Msg: kontakt.MsgSessionEnded}
	}
	var found kontakt.Citizen
	err := r.may(a)
	if err == nil {
		found, err = r.find(ctx, cpr)
	}
	switch kontakt.KindOf(err) {
	case "":
		return found, nil
	case kontakt.Internal, kontakt.Unavailable:
		return kontakt.Citizen{}, err
	}
	if auditErr := r.wrong(ctx, a, cpr, err); auditErr != nil {
		return kontakt.Citizen{}, auditErr
	}
	return kontakt.Citizen{}, err
}

func (r *Registry) find(ctx context.Context, cpr kontakt.CPR) (kontakt.Citizen, error) {
	const op = "registry.Lookup"
	if cpr == (kontakt.CPR{}) {
		return kontakt.Citizen{}, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgCPREmpty}
	}
	if cpr.Replacement() {
		return kontakt.Citizen{}, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgCPRReplacement}
	}
	var found kontakt.Citizen
	err := r.db.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.CitizenByCPR(cpr)
		if kontakt.KindOf(err) == kontakt.NotFound {
			return &kontakt.Error{Op: op, Kind: kontakt.NotFound, Msg: kontakt.MsgCitizenUnknown}
		}
		if err != nil {
			return err
		}
		found = c.On(kontakt.DateOf(tx.Now()))
		if c.Clinic != "" {
			clinic, err := tx.Clinic(c.Clinic)
			if err != nil {
				return err
			}
			own := clinic.At(tx.Now())
			found.Clinic = &own
		}
		return tx.Audit(store.Audit{Action: ActionLookup, Citizen: c.ID, Clinic: c.Clinic})
	})
	return found, err
}

// wrong leaves the row of a fruitless look-up, and the flag with every tenth in five minutes.
func (r *Registry) wrong(ctx context.Context, a kontakt.Actor, cpr kontakt.CPR, why error) error {
	msg, _ := kontakt.MsgOf(why)
	if err := r.db.Refused(ctx, store.Audit{Action: ActionLookup, Outcome: store.OutcomeRefused, CPR: cpr, Reason: string(msg)}); err != nil {
		return err
	}
	var n int
	if err := r.db.View(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.CountAudit(a.Device, ActionLookup, store.OutcomeRefused, tx.Now().Add(-wrongLookupIn))
		return err
	}); err != nil || a.Device == "" || n == 0 || n%wrongLookups != 0 {
		return err
	}
	return r.db.Refused(ctx, store.Audit{Action: ActionSnoop, Outcome: store.OutcomeFlag})
}
