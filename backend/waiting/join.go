package waiting

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Join draws a number for a citizen at their own clinic, or one that covers for it; or lets this tablet hold the place
// that the citizen has there already.
func (s *Service) Join(ctx context.Context, j kontakt.Join) (kontakt.Entry, error) {
	if _, fits := j.Trimmed(); !fits || j.Mode != kontakt.ModeConsultation && j.Mode != kontakt.ModeConference ||
		utf8.RuneCountInString(j.TakeOver) > kontakt.MaxReason {
		return kontakt.Entry{}, &kontakt.Error{Op: "waiting.Join", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	do := rights.Join
	if j.TakeOver != "" {
		do = rights.TakeOver
	}
	var joined kontakt.Entry
	err := s.change(ctx, do, store.Audit{Clinic: j.Clinic, Mode: j.Mode}, func(tx *store.Tx, a kontakt.Actor) error {
		p, err := s.join(tx, a, j)
		if err == nil && s.opt.Joined != nil && sideOf(a) == tablet {
			err = s.opt.Joined(tx, a, p.entry)
		}
		if err != nil {
			return err
		}
		if joined, err = s.view(tx, p, a); err != nil || !joined.Wait.Known || j.TakeOver != "" {
			return err
		}
		return tx.Told(p.entry.ID, tx.Now().Add(joined.Wait.To))
	})
	return joined, err
}

func (s *Service) join(tx *store.Tx, a kontakt.Actor, j kontakt.Join) (place, error) {
	if err := rights.Check(a, rights.Join, rights.Target{Citizen: j.Citizen}); err != nil {
		return place{}, err
	}
	if err := agreed(a, j); err != nil {
		return place{}, err
	}
	c, err := tx.Clinic(j.Clinic)
	if err != nil {
		return place{}, err
	}
	who, err := tx.Citizen(j.Citizen)
	if err != nil {
		return place{}, err
	}
	attached, notAttached := attachment(tx, who, j.Clinic)
	if notAttached != nil && (j.TakeOver == "" || kontakt.KindOf(notAttached) != kontakt.NotAttached) {
		return place{}, notAttached
	}
	wrong, err := s.correct(tx, a, j)
	if err != nil {
		return place{}, err
	}
	held, err := tx.OpenEntry(j.Citizen, j.Clinic)
	switch {
	case err == nil: // a place outlives the attachment that it was drawn by: a cover's last day, a change of doctor
		p, err := s.takeOver(tx, a, held, j)
		if err != nil && notAttached != nil {
			err = notAttached
		}
		return p, err
	case kontakt.KindOf(err) != kontakt.NotFound:
		return place{}, err
	case notAttached != nil:
		return place{}, notAttached
	case !c.At(tx.Now()).Open:
		return place{}, &kontakt.Error{Op: "waiting.Join", Kind: kontakt.Closed, Msg: kontakt.MsgClinicClosed}
	}
	e, err := s.draw(tx, a, j, c, wrong)
	if err != nil {
		return place{}, err
	}
	e.Attachment = attached
	return s.enter(tx, a, e, j)
}

// agreed says whether the citizen has agreed to stand in the queue. Who draws a number with a phone of their own agrees by
// that; a nurse states it, and who takes a place over goes on with what was stated for it, unless it is stated again.
func agreed(a kontakt.Actor, j kontakt.Join) error {
	if sideOf(a) == citizen || j.TakeOver != "" && j.Consent == (kontakt.Consent{}) {
		return nil
	}
	_, err := kontakt.ParseConsent(j.Consent)
	return err
}

// attachment says why a clinic may take a citizen in. That no registry could be asked goes before all else, for the
// clinic to see. The refusal names no other clinic.
func attachment(tx *store.Tx, who store.Citizen, at kontakt.ClinicID) (kontakt.Attachment, error) {
	why := kontakt.AttachmentOwn
	if who.Clinic != at {
		covers, err := tx.Covers(who.Clinic, kontakt.DateOf(tx.Now()))
		if err != nil {
			return "", err
		}
		if who.Clinic == "" || !slices.ContainsFunc(covers, func(c store.Cover) bool { return c.Clinic == at }) {
			return "", &kontakt.Error{Op: "waiting.Join", Kind: kontakt.NotAttached, Msg: kontakt.MsgNotAttached}
		}
		why = kontakt.AttachmentCover
	}
	if who.CheckedAt.IsZero() {
		why = kontakt.AttachmentUnchecked
	}
	return why, nil
}

// draw is a new entry with its number. It stands where it was drawn, where the booked time says, or, in place of one
// drawn for the wrong citizen a moment ago, where that one stood.
func (s *Service) draw(tx *store.Tx, a kontakt.Actor, j kontakt.Join, c store.Clinic, wrong *store.Entry) (store.Entry, error) {
	day := kontakt.DateOf(tx.Now())
	planned, err := booked(tx, j.Clinic, j.Citizen, day)
	if err != nil {
		return store.Entry{}, err
	}
	if planned.IsZero() && c.Booking == kontakt.BookingBlock {
		return store.Entry{}, &kontakt.Error{
			Op: "waiting.Join", Kind: kontakt.Conflict, Msg: kontakt.MsgNoBooking, Params: map[string]string{"klinik": c.Name},
		}
	}
	number, rank, err := tx.DrawNumber(j.Clinic, day)
	if err != nil {
		return store.Entry{}, err
	}
	e := store.Entry{
		ID: kontakt.NewEntryID(), State: kontakt.EntryWaiting, Clinic: j.Clinic, Citizen: j.Citizen, Device: a.Device,
		Municipality: a.Municipality, Helper: a.Employee, Mode: j.Mode, Source: kontakt.SourceTablet, Day: day, Number: number,
		Told: j.Told, JoinedAt: tx.Now(), Rank: rank, PlannedAt: planned, NoBooking: planned.IsZero() && c.Booking == kontakt.BookingFlag,
	}
	if sideOf(a) == citizen {
		e.Source = kontakt.SourceApp
	}
	if wrong != nil {
		e.JoinedAt, e.Rank = wrong.JoinedAt, wrong.Rank
		if !wrong.PlannedAt.IsZero() { // the other's booked time is no business of this one
			e.Rank = wrong.JoinedAt.UnixNano()
		}
	}
	if !planned.IsZero() {
		e.Rank = planned.UnixNano()
	}
	return e, nil
}

// booked gives the time that a citizen has booked at a clinic on a Danish day, the first that is not over; where all are,
// the last. Zero: none.
func booked(tx *store.Tx, at kontakt.ClinicID, who kontakt.CitizenID, on kontakt.Date) (time.Time, error) {
	day := func(plus int) time.Time {
		return time.Date(on.Year, on.Month, on.Day+plus, 0, 0, 0, 0, kontakt.Denmark)
	}
	all, err := tx.Bookings(at, who, day(0), day(1))
	if err != nil || len(all) == 0 {
		return time.Time{}, err
	}
	for _, b := range all {
		if b.At.Add(time.Duration(b.Minutes) * time.Minute).After(tx.Now()) {
			return b.At, nil
		}
	}
	return all[len(all)-1].At, nil
}

// enter keeps a new place, held by the tablet that drew it.
func (s *Service) enter(tx *store.Tx, a kontakt.Actor, e store.Entry, j kontakt.Join) (place, error) {
	line, err := tx.Line(e.Clinic)
	if err != nil {
		return place{}, err
	}
	ahead := slices.ContainsFunc(line, func(other store.Entry) bool { return order(e, other) < 0 })
	p := place{}
	if p.entry, err = tx.AddEntry(e); err != nil {
		return p, err
	}
	if err := tx.AddRecord(e.ID, recordedJoin(a, j)...); err != nil {
		return p, err
	}
	if sideOf(a) == tablet {
		h := store.Holder{Entry: e.ID, Device: a.Device, Since: tx.Now()}
		if err := tx.SaveHolder(h); err != nil {
			return p, err
		}
		p.holders = []store.Holder{h}
	}
	if err := tell(tx, p, change{line: ahead}); err != nil {
		return p, err
	}
	return p, tx.Audit(audit(rights.Join, p))
}

// takeOver lets a tablet hold a place that the citizen has already. Without a reason it is refused, and whoever asks is
// told which place that is and who stands by the citizen.
//
// A municipality answers for its own tablets: another's nurse takes a place over only where nobody of the first can be
// reached, and then those tablets hold it no longer. A place that the citizen holds with a phone of their own is taken
// over by whoever stands by them.
func (s *Service) takeOver(tx *store.Tx, a kontakt.Actor, e store.Entry, j kontakt.Join) (place, error) {
	p, err := withCall(tx, e)
	if err != nil {
		return p, err
	}
	foreign := sideOf(a) == tablet && e.Municipality != "" && e.Municipality != a.Municipality
	if j.TakeOver == "" || foreign && presence(p.holders) != kontakt.PresenceNoContact {
		h, err := s.viewer(tx, a).helperOf(e)
		if err != nil {
			return p, err
		}
		return p, &kontakt.Error{Op: "waiting.Join", Kind: kontakt.Conflict, Msg: kontakt.MsgAlreadyWaiting, Params: map[string]string{
			"n": strconv.Itoa(e.Number), "rolle": cmp.Or(h.Title, h.Municipality), "sted": h.Place,
		}}
	}
	if err := tx.AddRecord(e.ID, recordedConsent(a, j)...); err != nil {
		return p, err
	}
	act := actOf(a, moveTakeOver)
	act.reason = j.TakeOver
	return s.apply(tx, p, act, rights.TakeOver)
}

// correct ends the place that was drawn for the wrong citizen, and gives it where the right one is to stand in its
// stead: at the same clinic, a moment later. One that somebody else stands by goes on without this tablet, and nobody
// stands in its stead.
func (s *Service) correct(tx *store.Tx, a kontakt.Actor, j kontakt.Join) (*store.Entry, error) {
	if j.Corrects == "" {
		return nil, nil
	}
	p, err := load(tx, j.Corrects)
	if err != nil {
		return nil, err
	}
	if err := rights.Check(a, rights.Leave, target(p)); err != nil {
		return nil, err
	}
	if p.entry.Citizen == j.Citizen {
		return nil, &kontakt.Error{Op: "waiting.Join", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	act := actOf(a, moveCorrect)
	act.move = p.meant(act)
	if p, err = s.apply(tx, p, act, rights.Leave); err != nil {
		return nil, err
	}
	if act.move == moveLetGo || p.entry.Clinic != j.Clinic || tx.Now().Sub(p.entry.JoinedAt) > kontakt.CorrectWithin {
		return nil, nil
	}
	return &p.entry, nil
}
