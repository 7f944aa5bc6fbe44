package waiting

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Options are the times that the waiting room goes by; zero fields take the default.
type Options struct {
	RingTime     time.Duration // to answer, where the clinic has not set it: 60 s
	Prolong      time.Duration // what "Vent 2 min." gives: 2 min
	ContactGrace time.Duration // without a stream before a tablet is shown as out of contact: 45 s
	CallGrace    time.Duration // without media, or without anybody there, before a call is given up: 10 min
	LogKept      time.Duration // a call's log after its end: 1 min
	ReplyKept    time.Duration // a stored reply: 24 h
}

// Service is the waiting rooms of all clinics.
type Service struct {
	db    *store.DB
	opt   Options
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
	def(&opt.LogKept, time.Minute)
	def(&opt.ReplyKept, 24*time.Hour)
	return &Service{db: db, opt: opt, start: db.Now()}
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

// change runs fn for an actor in a transaction and audits a refusal, which rolls fn back.
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

// Join draws a number for a citizen at their own clinic.
func (s *Service) Join(ctx context.Context, j kontakt.Join) (kontakt.Entry, error) {
	const op = "waiting.Join"
	if j.Mode != kontakt.ModeConsultation && j.Mode != kontakt.ModeConference || utf8.RuneCountInString(j.Reason) > kontakt.MaxReason {
		return kontakt.Entry{}, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	var joined kontakt.Entry
	err := s.change(ctx, rights.Join, store.Audit{Clinic: j.Clinic, Mode: j.Mode}, func(tx *store.Tx, a kontakt.Actor) error {
		if err := rights.Check(a, rights.Join, rights.Target{}); err != nil {
			return err
		}
		c, err := tx.Clinic(j.Clinic)
		if err != nil {
			return err
		}
		citizen, err := tx.Citizen(j.Citizen)
		if err != nil {
			return err
		}
		if citizen.Clinic != j.Clinic {
			return &kontakt.Error{Op: op, Kind: kontakt.NotAttached, Msg: kontakt.MsgNotAttached}
		}
		if err := alreadyWaiting(tx, j); err != nil {
			return err
		}
		if !c.At(tx.Now()).Open {
			return &kontakt.Error{Op: op, Kind: kontakt.Closed, Msg: kontakt.MsgClinicClosed}
		}
		day := kontakt.DateOf(tx.Now())
		number, rank, err := tx.DrawNumber(j.Clinic, day)
		if err != nil {
			return err
		}
		e, err := tx.AddEntry(store.Entry{
			ID: kontakt.NewEntryID(), State: kontakt.EntryWaiting, Clinic: j.Clinic, Citizen: j.Citizen, Device: a.Device,
			Municipality: a.Municipality, Helper: a.Employee, Mode: j.Mode, Source: kontakt.SourceTablet, Day: day, Number: number,
			Reason: j.Reason, JoinedAt: tx.Now(), Rank: rank, Attachment: kontakt.AttachmentOwn,
		})
		if err != nil {
			return err
		}
		h := store.Holder{Entry: e.ID, Device: a.Device, Since: tx.Now()}
		if err := tx.SaveHolder(h); err != nil {
			return err
		}
		p := place{entry: e, holders: []store.Holder{h}}
		if err := tell(tx, p, change{}); err != nil {
			return err
		}
		if err := tx.Audit(audit(rights.Join, p)); err != nil {
			return err
		}
		joined, err = view(tx, p, a)
		return err
	})
	return joined, err
}

// alreadyWaiting refuses a second place, and says which the first is and who stands by the citizen.
func alreadyWaiting(tx *store.Tx, j kontakt.Join) error {
	e, err := tx.OpenEntry(j.Citizen, j.Clinic)
	if kontakt.KindOf(err) == kontakt.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	h, err := helper(tx, e)
	if err != nil {
		return err
	}
	return &kontakt.Error{Op: "waiting.Join", Kind: kontakt.Conflict, Msg: kontakt.MsgAlreadyWaiting, Params: map[string]string{
		"n": strconv.Itoa(e.Number), "rolle": h.Title, "sted": h.Place,
	}}
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
		found, err = view(tx, p, a)
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
		held, err = views(tx, all, a)
		return err
	})
	return held, err
}

// actions of the moves that a person can ask for.
var actions = map[kontakt.Move]rights.Action{
	kontakt.MoveLeave: rights.Leave, kontakt.MoveAnswer: rights.Answer, kontakt.MoveNotNow: rights.NotNow, kontakt.MoveWait: rights.Wait,
	kontakt.MoveNoAnswer: rights.NoAnswer, kontakt.MoveEnd: rights.End, kontakt.MoveHere: rights.Presence, kontakt.MoveAway: rights.Presence,
	kontakt.MoveLost: rights.Media, kontakt.MoveLive: rights.Media,
}

// Move moves an entry from the actor's side.
func (s *Service) Move(ctx context.Context, id kontakt.EntryID, m kontakt.Move, reason string) (kontakt.Entry, error) {
	do, known := actions[m]
	if !known {
		return kontakt.Entry{}, &kontakt.Error{Op: "waiting.Move", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	var moved kontakt.Entry
	err := s.change(ctx, do, store.Audit{Entry: id}, func(tx *store.Tx, a kontakt.Actor) error {
		p, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := rights.Check(a, do, target(p)); err != nil {
			return err
		}
		said := true
		if m == kontakt.MoveHere || m == kontakt.MoveAway {
			if p, said, err = present(tx, p, m, a.Device); err != nil {
				return err
			}
		}
		if !said {
			moved, err = view(tx, p, a)
			return err
		}
		if p, err = s.apply(tx, p, m, sideOf(a), reason, do); err != nil {
			return err
		}
		moved, err = view(tx, p, a)
		return err
	})
	return moved, err
}

func sideOf(a kontakt.Actor) side {
	switch a.Role {
	case kontakt.RoleDevice, kontakt.RoleNurse:
		return tablet
	case kontakt.RoleClinician, kontakt.RoleSecretary:
		return clinic
	}
	return system
}

// apply makes a move, stores what it changed, tells the rooms and writes the audit row.
func (s *Service) apply(tx *store.Tx, p place, m kontakt.Move, by side, reason string, do rights.Action) (place, error) {
	c, err := tx.Clinic(p.entry.Clinic)
	if err != nil {
		return p, err
	}
	l := limits{ring: s.opt.RingTime, prolong: s.opt.Prolong}
	if c.RingTime > 0 {
		l.ring = c.RingTime
	}
	next, ch, err := p.move(m, by, reason, tx.Now(), l)
	if err != nil || ch.none {
		return p, err
	}
	if next.entry, err = tx.SaveEntry(next.entry); err != nil {
		return p, err
	}
	switch {
	case m == moveStart:
		err = tx.AddCall(*next.call)
	case next.call != nil:
		err = tx.SaveCall(*next.call)
	}
	if err != nil {
		return p, err
	}
	if err := tell(tx, next, ch); err != nil {
		return p, err
	}
	row := audit(do, next)
	row.Reason = reason
	if row.Reason == "" && (m == kontakt.MoveLost || m == kontakt.MoveLive || m == kontakt.MoveAway || m == kontakt.MoveHere) {
		row.Reason = string(m)
	}
	if err := tx.Audit(row); err != nil {
		return p, err
	}
	if ch.ended {
		next.call = nil
	}
	return next, nil
}

func audit(do rights.Action, p place) store.Audit {
	a := store.Audit{Action: string(do), Citizen: p.entry.Citizen, Clinic: p.entry.Clinic, Entry: p.entry.ID, Mode: p.entry.Mode}
	if p.call != nil {
		a.Call = p.call.ID
	}
	return a
}

// List gives the open entries in the order in which they are to be seen, and the cursor of the clinic's room.
func (s *Service) List(ctx context.Context) ([]kontakt.Entry, kontakt.Cursor, error) {
	a, err := s.staff(ctx, rights.SeeClinic)
	if err != nil {
		return nil, nil, err
	}
	var list []kontakt.Entry
	var at kontakt.Cursor
	err = s.db.View(ctx, func(tx *store.Tx) error {
		if at, err = tx.Cursor(kontakt.ClinicRoom(a.Clinic)); err != nil {
			return err
		}
		all, err := tx.OpenEntries(a.Clinic)
		if err != nil {
			return err
		}
		slices.SortFunc(all, order)
		list, err = views(tx, all, a)
		return err
	})
	return list, at, err
}

// staff gives the actor where they may do the action at their own clinic.
func (s *Service) staff(ctx context.Context, do rights.Action) (kontakt.Actor, error) {
	a, err := actor(ctx)
	if err != nil {
		return a, err
	}
	return a, rights.Check(a, do, rights.Target{Clinic: a.Clinic})
}

// Start claims the entry and calls the citizen in. The same clinician again gets the same call; another is told who was
// first.
func (s *Service) Start(ctx context.Context, id kontakt.EntryID, version int) (kontakt.Entry, error) {
	const op = "waiting.Start"
	var started kontakt.Entry
	err := s.change(ctx, rights.Start, store.Audit{Entry: id}, func(tx *store.Tx, a kontakt.Actor) error {
		p, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := rights.Check(a, rights.Start, target(p)); err != nil {
			return err
		}
		if p.call != nil {
			if p.call.Clinician != a.Employee {
				return claimedBy(tx, p.call.Clinician)
			}
			started, err = view(tx, p, a)
			return err
		}
		if p.entry.State != kontakt.EntryWaiting {
			return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgWrongState}
		}
		if p.entry.Version != version {
			return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgVersion}
		}
		busy, err := tx.Busy(p.entry)
		if err != nil {
			return err
		}
		if busy {
			return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgBusy}
		}
		p.call = &store.Call{
			ID: kontakt.NewCallID(), Entry: id, Clinic: p.entry.Clinic, Device: p.entry.Device, Clinician: a.Employee, CreatedAt: tx.Now(),
		}
		if p, err = s.apply(tx, p, moveStart, clinic, "", rights.Start); err != nil {
			return err
		}
		started, err = view(tx, p, a)
		return err
	})
	return started, err
}

func claimedBy(tx *store.Tx, id kontakt.EmployeeID) error {
	who, err := tx.Employee(id)
	if err != nil {
		return err
	}
	return &kontakt.Error{Op: "waiting.Start", Kind: kontakt.Conflict, Msg: kontakt.MsgAlreadyClaimed, Params: map[string]string{"navn": who.Name}}
}

// Clinic gives the actor's own clinic.
func (s *Service) Clinic(ctx context.Context) (kontakt.Clinic, error) {
	a, err := s.staff(ctx, rights.SeeClinic)
	if err != nil {
		return kontakt.Clinic{}, err
	}
	var found kontakt.Clinic
	err = s.db.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Clinic(a.Clinic)
		found = s.clinic(c, tx.Now())
		return err
	})
	return found, err
}

func (s *Service) clinic(c store.Clinic, now time.Time) kontakt.Clinic {
	if c.RingTime == 0 {
		c.RingTime = s.opt.RingTime
	}
	return c.At(now)
}

// SetOpening opens or closes the actor's clinic for new numbers. Those who wait stay, and are told.
func (s *Service) SetOpening(ctx context.Context, open, keep bool, reason string) (kontakt.Clinic, error) {
	if utf8.RuneCountInString(reason) > kontakt.MaxReason {
		return kontakt.Clinic{}, &kontakt.Error{Op: "waiting.SetOpening", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	var set kontakt.Clinic
	err := s.change(ctx, rights.SetOpening, store.Audit{}, func(tx *store.Tx, a kontakt.Actor) error {
		if err := rights.Check(a, rights.SetOpening, rights.Target{Clinic: a.Clinic}); err != nil {
			return err
		}
		c, err := tx.Clinic(a.Clinic)
		if err != nil {
			return err
		}
		c.Opening = c.Opening.Set(open, reason, tx.Now())
		if !open {
			c.Delay, c.DelayAt = 0, time.Time{}
		}
		if err := tx.SaveClinic(c); err != nil {
			return err
		}
		if err := tellOpening(tx, c.ID); err != nil {
			return err
		}
		word := "closed"
		if open {
			word = "open"
		}
		set = s.clinic(c, tx.Now())
		return tx.Audit(store.Audit{Action: string(rights.SetOpening), Clinic: c.ID, Reason: word})
	})
	return set, err
}
