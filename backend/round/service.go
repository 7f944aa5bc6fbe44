package round

import (
	"context"
	"errors"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Options are the times that a round goes by; zero fields take the default, which New has.
type Options struct {
	MissedAfter time.Duration // late before a visit goes on the unit's list
}

// Citizens tells who a citizen is (backend/registry).
type Citizens interface {
	Lookup(ctx context.Context, cpr kontakt.CPR, own kontakt.ClinicID) (kontakt.Citizen, error)
	// Describe is a citizen as a look-up tells.
	Describe(tx *store.Tx, c store.Citizen) (kontakt.Citizen, error)
}

// Places are the places in the waiting rooms (backend/waiting).
type Places interface {
	// Held gives the open ones of the actor's tablet.
	Held(ctx context.Context) ([]kontakt.Entry, error)
	// HandOver gives all that a tablet holds to another nurse and her tablet, those in a call when it has ended.
	HandOver(tx *store.Tx, from kontakt.DeviceID, to kontakt.Actor) (now, later int, err error)
	// TakeIn gives one to a nurse and her tablet, whoever holds it.
	TakeIn(tx *store.Tx, id kontakt.EntryID, to kontakt.Actor) error
}

// Service is the rounds of all nurses.
type Service struct {
	db       *store.DB
	citizens Citizens
	places   Places
	opt      Options
	forgot   time.Time // when this process last deleted what has ended
}

// New makes the service over a store, whose clock it goes by. Run is its sweeper.
func New(db *store.DB, citizens Citizens, places Places, opt Options) *Service {
	if opt.MissedAfter == 0 {
		opt.MissedAfter = 30 * time.Minute
	}
	return &Service{db: db, citizens: citizens, places: places, opt: opt}
}

func actor(ctx context.Context) (kontakt.Actor, error) {
	a, ok := kontakt.ActorFrom(ctx)
	if !ok {
		return a, &kontakt.Error{Op: "round", Kind: kontakt.Unauthenticated, Msg: kontakt.MsgSessionEnded}
	}
	return a, nil
}

// of is what rights ask about a nurse's round, visit or hand-over.
func of(nurse kontakt.EmployeeID, at kontakt.MunicipalityID) rights.Target {
	return rights.Target{Helper: rights.Helper{Employee: nurse, Municipality: at}}
}

// own is the actor, where the action is allowed on the actor's own round.
func own(ctx context.Context, do rights.Action) (kontakt.Actor, error) {
	a, err := actor(ctx)
	if err != nil {
		return a, err
	}
	return a, rights.Check(a, do, of(a.Employee, a.Municipality))
}

// change runs fn in a transaction, gives the actor's round as it stands then, and audits a refusal, which rolls fn back. fn
// may run several times.
func (s *Service) change(ctx context.Context, do rights.Action, fn func(tx *store.Tx, a kontakt.Actor) error) (kontakt.Round, error) {
	var changed kontakt.Round
	a, err := actor(ctx)
	if err != nil {
		return changed, err
	}
	mine := of(a.Employee, a.Municipality)
	mine.Devices = []kontakt.DeviceID{a.Device}
	if err := rights.Check(a, do, mine); err != nil {
		return changed, err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		if err := fn(tx, a); err != nil {
			return err
		}
		var err error
		changed, err = s.round(tx, a)
		return err
	})
	return changed, s.refused(ctx, do, err)
}

// refused writes the audit row of what was refused, and gives the refusal on.
func (s *Service) refused(ctx context.Context, do rights.Action, err error) error {
	switch kontakt.KindOf(err) {
	case kontakt.Forbidden, kontakt.Hidden, kontakt.Conflict, kontakt.Gone:
		msg, _ := kontakt.MsgOf(err)
		if auditErr := s.db.Refused(ctx, store.Audit{Action: string(do), Outcome: store.OutcomeRefused, Reason: string(msg)}); auditErr != nil {
			return errors.Join(auditErr, err)
		}
	}
	return err
}

// tell says to whoever shows a nurse's round that it has changed. Of a citizen at a tablet that was revoked it may not be
// known who stood there.
func tell(tx *store.Tx, nurse kontakt.EmployeeID) error {
	if nurse == "" {
		return nil
	}
	_, err := tx.Append(kontakt.RoundRoom(nurse), kontakt.EventRoundChanged, nil)
	return err
}

// visitMissed is the data of an event; its JSON is that of internal/wire, which a test compares.
type visitMissed struct {
	Visit kontakt.VisitID `json:"visit"`
}

// tellUnit says to the tablets of a visit's unit that their list has changed.
func tellUnit(tx *store.Tx, v store.Visit) error {
	unit, err := tx.Unit(v.Device)
	if err != nil {
		return err
	}
	for _, d := range unit {
		if _, err := tx.Append(kontakt.DeviceRoom(d), kontakt.EventVisitMissed, visitMissed{v.ID}); err != nil {
			return err
		}
	}
	return nil
}
