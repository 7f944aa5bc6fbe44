package waiting

import (
	"context"
	"errors"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Options are the times that the waiting room goes by; zero fields take the default, which New has.
type Options struct {
	RingTime     time.Duration // to answer, where the clinic has not set its own (kontaktd clinic set --ring)
	Prolong      time.Duration // what "Vent 2 min." gives: the texts say so
	ContactGrace time.Duration // without a stream before a tablet is shown as out of contact
	CallGrace    time.Duration // without media, or without anybody there, before a call is given up
	CloseGrace   time.Duration // after the clinic has closed before those who still wait lose their places
	HoursGrace   time.Duration // the same after the end of its hours
	StaffGrace   time.Duration // without anybody's page of an open room before those who wait are told so
	LogKept      time.Duration // a call's log after its end
	ReplyKept    time.Duration // a stored reply
	WordsKept    time.Duration // what was agreed at a place, after its end

	// Joined is told of each place that an employee's tablet has drawn, or holds from now on too, in the same transaction;
	// nil: nobody is.
	Joined func(tx *store.Tx, by kontakt.Actor, e store.Entry) error

	GuestPage string // address at which a link opens, up to its token
	// Letter makes of a link what the outbox is to send, and says as which kind; nil: links are sent to nobody.
	Letter func(Letter) (kind string, payload []byte, err error)
}

// Service is the waiting rooms of all clinics.
type Service struct {
	db    *store.DB
	opt   Options
	born  time.Time // nobody's page can have been told to this process before
	start time.Time // no tablet can have been seen by this process before
	hours hours
}

// New makes the service over a store, whose clock it goes by. Run is its sweeper.
func New(db *store.DB, opt Options) *Service {
	def := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	def(&opt.RingTime, time.Minute)
	def(&opt.Prolong, 2*time.Minute)
	def(&opt.ContactGrace, 45*time.Second)
	def(&opt.CallGrace, 10*time.Minute)
	def(&opt.CloseGrace, 15*time.Minute)
	def(&opt.HoursGrace, 4*time.Hour)
	def(&opt.StaffGrace, 10*time.Minute)
	def(&opt.LogKept, time.Minute)
	def(&opt.ReplyKept, 24*time.Hour)
	def(&opt.WordsKept, 24*time.Hour)
	return &Service{db: db, opt: opt, born: db.Now(), start: db.Now()}
}

func actor(ctx context.Context) (kontakt.Actor, error) {
	a, ok := kontakt.ActorFrom(ctx)
	if !ok {
		return a, &kontakt.Error{Op: "waiting", Kind: kontakt.Unauthenticated, Msg: kontakt.MsgSessionEnded}
	}
	return a, nil
}

// target is what rights ask about an entry and its call.
func target(p place) rights.Target {
	t := rights.Target{Clinic: p.entry.Clinic, Citizen: p.entry.Citizen}
	for _, h := range p.holders {
		t.Devices = append(t.Devices, h.Device)
	}
	if p.call != nil {
		t.Clinician = p.call.Clinician
	}
	return t
}

func load(tx *store.Tx, id kontakt.EntryID) (place, error) {
	e, err := tx.Entry(id)
	if err != nil {
		return place{}, err
	}
	return withCall(tx, e)
}

func withCall(tx *store.Tx, e store.Entry) (place, error) {
	holders, err := tx.Holders(e.ID)
	if err != nil || e.Call == "" {
		return place{entry: e, holders: holders}, err
	}
	call, err := tx.Call(e.Call)
	return place{entry: e, holders: holders, call: &call}, err
}

// change runs fn for an actor in a transaction and audits a refusal, which rolls fn back. fn may run several times.
func (s *Service) change(ctx context.Context, do rights.Action, row store.Audit, fn func(tx *store.Tx, a kontakt.Actor) error) error {
	a, err := actor(ctx)
	if err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error { return fn(tx, a) })
	switch kontakt.KindOf(err) {
	case kontakt.Forbidden, kontakt.Hidden, kontakt.Conflict, kontakt.Closed, kontakt.NotAttached:
		msg, _ := kontakt.MsgOf(err)
		row.Action, row.Outcome, row.Reason = string(do), store.OutcomeRefused, string(msg)
		if auditErr := s.db.Refused(ctx, row); auditErr != nil {
			return errors.Join(auditErr, err)
		}
	}
	return err
}

// changeEntry is change for one entry on which the actor may act so: fn gives how it stands then.
func (s *Service) changeEntry(ctx context.Context, id kontakt.EntryID, do rights.Action,
	fn func(tx *store.Tx, p place, a kontakt.Actor) (place, error),
) (kontakt.Entry, error) {
	var changed kontakt.Entry
	err := s.change(ctx, do, store.Audit{Entry: id}, func(tx *store.Tx, a kontakt.Actor) error {
		p, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := rights.Check(a, do, target(p)); err != nil {
			return err
		}
		if p, err = fn(tx, p, a); err != nil {
			return err
		}
		changed, err = s.view(tx, p, a)
		return err
	})
	return changed, err
}

// changeClinic is change for the actor's own clinic: fn gives how it stands then.
func (s *Service) changeClinic(ctx context.Context, do rights.Action, fn func(tx *store.Tx, c store.Clinic) (store.Clinic, error)) (kontakt.Clinic, error) {
	var changed kontakt.Clinic
	err := s.change(ctx, do, store.Audit{}, func(tx *store.Tx, a kontakt.Actor) error {
		if err := rights.Check(a, do, rights.Target{Clinic: a.Clinic}); err != nil {
			return err
		}
		c, err := tx.Clinic(a.Clinic)
		if err != nil {
			return err
		}
		if c, err = fn(tx, c); err != nil {
			return err
		}
		changed, err = s.shown(tx, c)
		return err
	})
	return changed, err
}

// Entry gives a place to who may see it.
func (s *Service) Entry(ctx context.Context, id kontakt.EntryID) (kontakt.Entry, error) {
	var found kontakt.Entry
	a, err := actor(ctx)
	if err != nil {
		return found, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		p, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := rights.Check(a, rights.SeeEntry, target(p)); err != nil {
			return err
		}
		found, err = s.view(tx, p, a)
		return err
	})
	return found, err
}

// Held gives the open entries of the actor's device, oldest first.
func (s *Service) Held(ctx context.Context) ([]kontakt.Entry, error) {
	held := []kontakt.Entry{}
	a, err := actor(ctx)
	if err != nil {
		return nil, err
	}
	if err := rights.Check(a, rights.SeeDevice, rights.Target{Devices: []kontakt.DeviceID{a.Device}}); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		all, err := tx.DeviceEntries(a.Device)
		if err != nil {
			return err
		}
		held, err = s.views(tx, all, a)
		return err
	})
	return held, err
}

// actions of the moves that a person can ask for.
var actions = map[kontakt.Move]rights.Action{
	kontakt.MoveLeave: rights.Leave, kontakt.MoveAnswer: rights.Answer, kontakt.MoveNotNow: rights.NotNow, kontakt.MoveWait: rights.Wait,
	kontakt.MoveNoAnswer: rights.NoAnswer, kontakt.MoveEnd: rights.End, kontakt.MoveHere: rights.Presence, kontakt.MoveAway: rights.Presence,
	kontakt.MoveLost: rights.Media, kontakt.MoveLive: rights.Media, kontakt.MoveRemove: rights.Remove, kontakt.MoveRestore: rights.Restore,
	kontakt.MoveWithdraw: rights.WithdrawConsent, kontakt.MoveEmergency: rights.Emergency,
}

// Move moves an entry from the actor's side. Reason is a word from the move's list; of a removal, the clinic's own words.
func (s *Service) Move(ctx context.Context, id kontakt.EntryID, m kontakt.Move, reason string) (kontakt.Entry, error) {
	do, known := actions[m]
	if !known {
		return kontakt.Entry{}, &kontakt.Error{Op: "waiting.Move", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	var gone time.Time
	moved, err := s.changeEntry(ctx, id, do, func(tx *store.Tx, p place, a kontakt.Actor) (place, error) {
		act := actOf(a, m)
		act.reason, act.move = reason, p.meant(act)
		if act.move == kontakt.MoveWithdraw {
			if err := rights.Check(a, rights.Leave, target(p)); err != nil {
				return p, err
			}
		}
		gone = time.Time{}
		if act.move == moveLetGo {
			gone = tx.Now()
		}
		if m == kontakt.MoveRestore {
			if err := drawnAgain(tx, p.entry); err != nil {
				return p, err
			}
		}
		return s.apply(tx, p, act, do)
	})
	if err == nil && !gone.IsZero() { // for this tablet the place has ended
		moved.State, moved.EndedAt, moved.EndedBy, moved.EndReason = kontakt.EntryLeft, gone, string(tablet), reason
		moved.Call, moved.Cursor = nil, kontakt.Cursor{}
	}
	return moved, err
}

// SetMode chooses between the two agreed kinds of call.
func (s *Service) SetMode(ctx context.Context, id kontakt.EntryID, mode kontakt.Mode) (kontakt.Entry, error) {
	if !mode.Valid() {
		return kontakt.Entry{}, &kontakt.Error{Op: "waiting.SetMode", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return s.changeEntry(ctx, id, rights.SetMode, func(tx *store.Tx, p place, a kontakt.Actor) (place, error) {
		act := actOf(a, moveMode)
		act.mode = mode
		return s.apply(tx, p, act, rights.SetMode)
	})
}
