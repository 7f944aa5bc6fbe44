// Package registry tells who a citizen is and which clinic they are attached to: from a table of our own, which imports
// fill, or, where there is a Source, from it, with the table as what is remembered of its answers.
//
// Invariants: every look-up leaves an audit row, a fruitless one too; a replacement number is never looked up, since no
// register holds them; ten wrong look-ups in five minutes on one tablet raise a flag in the audit log (somebody may be
// looking for people); a clinic that we do not serve is not told apart from none. No transaction is open while a Source
// is asked; one that does not answer costs a person its time limit once and then nothing (breaker); only where it cannot
// be asked, and nothing younger than a month is remembered, does the word of the employee stand for the attachment, and
// the citizen is then Unchecked until a registry has told.
package registry

import (
	"context"
	"io"
	"log/slog"
	"time"

	"kontaktlaege/backend/fhir"
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

// memory is how old an answer may be that stands in for a registry that can't be asked. Few change their doctor within a
// month, and the clinic sees who comes.
const memory = 30 * 24 * time.Hour

// Outcomes of a look-up, for the figures.
const (
	Found     = "found"     // in the table, or told by the source just now
	Cached    = "cached"    // told by the source not long ago
	Stale     = "stale"     // remembered, since the source can't be asked
	Unchecked = "unchecked" // nobody knows: the employee's word
	Unknown   = "unknown"   // there is nobody with the number
	Down      = "down"      // the source can't be asked, and nothing is remembered
	Doubtful  = "doubtful"  // the source's answer can't be used
	Refused   = "refused"   // not asked for: no right to, or a number that no register holds
	failed    = "failed"    // our own fault
)

// Source is a registry elsewhere. Patient answers as fhir.Client does.
type Source interface {
	Patient(ctx context.Context, cpr kontakt.CPR) (fhir.Patient, error)
}

// Meter counts.
type Meter interface {
	// Looked counts a look-up by its outcome.
	Looked(outcome string)
	// Asked counts a question to the source that was answered, or not, within a time.
	Asked(outcome string, took time.Duration)
}

// Options of a Registry. The zero Options are those of a table alone.
type Options struct {
	Source Source        // nil: the table is the registry
	Fresh  time.Duration // how long the table answers for the source
	Meter  Meter         // nil: nobody counts
	Log    *slog.Logger  // nil: none
	// Now is the clock of what is not stored; nil: the store's.
	Now func() time.Time
}

// Registry looks citizens up.
type Registry struct {
	db    *store.DB
	may   func(a kontakt.Actor) error
	fresh time.Duration
	meter Meter
	line  *line // to the source; nil: none
}

// New makes a registry. may says whether an actor may look a citizen up. Close ends it.
func New(db *store.DB, may func(a kontakt.Actor) error, o Options) *Registry {
	if o.Meter == nil {
		o.Meter = unmetered{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if o.Now == nil {
		o.Now = db.Now
	}
	r := &Registry{db: db, may: may, fresh: o.Fresh, meter: o.Meter}
	if o.Source != nil {
		r.line = newLine(o.Source, r.remember, o)
	}
	return r
}

type unmetered struct{}

func (unmetered) Looked(string)               {}
func (unmetered) Asked(string, time.Duration) {}

// Close waits for questions that are under way; they end soon.
func (r *Registry) Close() error {
	if r.line != nil {
		r.line.close()
	}
	return nil
}

// Up says whether the source answered when it was last asked. A table always does.
func (r *Registry) Up() bool { return r.line == nil || r.line.breaker.closed() }

// Clinics gives all clinics, by name.
func (r *Registry) Clinics(ctx context.Context) ([]kontakt.Clinic, error) {
	var found []kontakt.Clinic
	err := r.db.View(ctx, func(tx *store.Tx) error {
		found = nil
		all, err := tx.Clinics()
		for _, c := range all {
			found = append(found, c.At(tx.Now()))
		}
		return err
	})
	byName(found)
	return found, err
}

// Lookup finds a citizen by CPR number. own is the clinic that the citizen says to be attached to; it counts only where
// the source can't be asked.
func (r *Registry) Lookup(ctx context.Context, cpr kontakt.CPR, own kontakt.ClinicID) (kontakt.Citizen, error) {
	a, ok := kontakt.ActorFrom(ctx)
	if !ok {
		return kontakt.Citizen{}, &kontakt.Error{Op: "registry.Lookup", Kind: kontakt.Unauthenticated, Msg: kontakt.MsgSessionEnded}
	}
	found, outcome, err := r.find(ctx, a, cpr, own)
	r.meter.Looked(outcome)
	switch {
	case err == nil:
		return found, nil
	case outcome == failed:
		return kontakt.Citizen{}, err
	case outcome == Down || outcome == Doubtful:
		msg, _ := kontakt.MsgOf(err)
		if auditErr := r.db.Refused(ctx, store.Audit{Action: ActionLookup, Outcome: store.OutcomeDown, CPR: cpr, Reason: string(msg)}); auditErr != nil {
			return kontakt.Citizen{}, auditErr
		}
		return kontakt.Citizen{}, err
	}
	if auditErr := r.wrong(ctx, a, cpr, err); auditErr != nil {
		return kontakt.Citizen{}, auditErr
	}
	return kontakt.Citizen{}, err
}

// find gives the citizen, or the outcome with its error.
func (r *Registry) find(ctx context.Context, a kontakt.Actor, cpr kontakt.CPR, own kontakt.ClinicID) (kontakt.Citizen, string, error) {
	if err := r.allowed(a, cpr); err != nil {
		return kontakt.Citizen{}, Refused, err
	}
	outcome := Found
	if r.line != nil {
		var err error
		if outcome, err = r.ask(ctx, cpr); outcome == Unknown || outcome == failed {
			return kontakt.Citizen{}, outcome, err
		}
	}
	return r.tell(ctx, cpr, own, outcome)
}

// allowed says why a number is not even looked up.
func (r *Registry) allowed(a kontakt.Actor, cpr kontakt.CPR) error {
	const op = "registry.Lookup"
	if err := r.may(a); err != nil {
		return err
	}
	if cpr == (kontakt.CPR{}) {
		return &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgCPREmpty}
	}
	if cpr.Replacement() {
		return &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgCPRReplacement}
	}
	return nil
}

// ask brings what the table knows up to date: Cached where that was not needed, Found where the source told, and Down or
// Doubtful where the table is all that there is.
func (r *Registry) ask(ctx context.Context, cpr kontakt.CPR) (string, error) {
	known, err := r.known(ctx, cpr)
	if err != nil {
		return failed, err
	}
	if age := r.db.Now().Sub(known.CheckedAt); !known.CheckedAt.IsZero() && 0 <= age && age < r.fresh {
		return Cached, nil
	}
	err = r.line.ask(ctx, r.db.CitizenMark(cpr), cpr)
	outcome := answerOf(err)
	if outcome == Unknown {
		return Unknown, errNone
	}
	return outcome, nil
}

// known is what the table has of a citizen; zero for nothing.
func (r *Registry) known(ctx context.Context, cpr kontakt.CPR) (c store.Citizen, err error) {
	err = r.db.View(ctx, func(tx *store.Tx) error {
		c, err = tx.CitizenByCPR(cpr)
		if kontakt.KindOf(err) == kontakt.NotFound {
			return nil
		}
		return err
	})
	return c, err
}

// remember keeps what a source has told. Of several practices the first that we serve counts.
func (r *Registry) remember(ctx context.Context, cpr kontakt.CPR, p fhir.Patient) error {
	return r.db.Update(ctx, func(tx *store.Tx) error {
		c := store.Citizen{ID: kontakt.NewCitizenID(), CPR: cpr, Name: p.Name, CheckedAt: tx.Now()}
		for _, yder := range p.Practices {
			clinic, err := tx.ClinicByYdernummer(yder)
			if err == nil {
				c.Clinic = clinic.ID
				break
			}
			if kontakt.KindOf(err) != kontakt.NotFound {
				return err
			}
		}
		_, err := tx.SaveCitizen(c)
		return err
	})
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
