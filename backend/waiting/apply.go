package waiting

import (
	"cmp"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// actOf is what an actor does.
func actOf(a kontakt.Actor, m kontakt.Move) act {
	return act{move: m, by: sideOf(a), device: a.Device, who: a.Employee, municipality: a.Municipality}
}

func sideOf(a kontakt.Actor) side {
	switch a.Role {
	case kontakt.RoleDevice, kontakt.RoleNurse:
		return tablet
	case kontakt.RoleCitizen:
		return citizen
	case kontakt.RoleClinician, kontakt.RoleSecretary:
		return clinic
	case kontakt.RoleGuest:
		return guest
	}
	return system
}

// apply makes a move, stores what it changed, tells the rooms and writes the audit row.
func (s *Service) apply(tx *store.Tx, p place, a act, do rights.Action) (place, error) {
	c, err := tx.Clinic(p.entry.Clinic)
	if err != nil {
		return p, err
	}
	a.now, a.limits = tx.Now(), limits{ring: cmp.Or(c.RingTime, s.opt.RingTime), prolong: s.opt.Prolong}
	next, ch, err := p.move(a)
	if err != nil || ch.none {
		return p, err
	}
	if next, err = save(tx, p, next, a.move == moveStart); err != nil {
		return p, err
	}
	if err := tell(tx, next, ch); err != nil {
		return p, err
	}
	if err := tx.AddRecord(next.entry.ID, recorded(p, next, a)...); err != nil {
		return p, err
	}
	row := audit(do, next)
	row.Reason = auditWord(next, a)
	if err := tx.Audit(row); err != nil {
		return p, err
	}
	if ch.ended && isWrong(next.entry) {
		if err := voidOrders(tx, next, a); err != nil {
			return p, err
		}
	} else if ch.ended && !next.call.StartedAt.IsZero() {
		if err := summarise(tx, next, a); err != nil {
			return p, err
		}
	}
	if err := guestsFollow(tx, next, ch.ended); err != nil {
		return p, err
	}
	if ch.ended {
		next.call = nil
	}
	return next, nil
}

// save stores what a move has changed.
func save(tx *store.Tx, was, is place, newCall bool) (place, error) {
	var err error
	if is.entry, err = tx.SaveEntry(is.entry); err != nil {
		return is, err
	}
	for _, h := range is.holders {
		if before, held := was.holder(h.Device); held && before == h {
			continue
		}
		if err := tx.SaveHolder(h); err != nil {
			return is, err
		}
	}
	for _, h := range was.holders {
		if _, holds := is.holder(h.Device); holds {
			continue
		}
		if err := tx.DropHolder(h); err != nil {
			return is, err
		}
	}
	switch {
	case newCall:
		err = tx.AddCall(*is.call)
	case is.call != nil:
		err = tx.SaveCall(*is.call)
	}
	return is, err
}

func audit(do rights.Action, p place) store.Audit {
	a := store.Audit{Action: string(do), Citizen: p.entry.Citizen, Clinic: p.entry.Clinic, Entry: p.entry.ID, Mode: p.entry.Mode}
	if p.call != nil {
		a.Call = p.call.ID
	}
	return a
}

// auditWord is what the audit says about a move beyond the action: a word, never what somebody wrote.
func auditWord(p place, a act) string {
	switch a.move {
	case kontakt.MoveLeave, kontakt.MoveEnd:
		return a.reason
	case kontakt.MoveLost, kontakt.MoveLive, kontakt.MoveAway, kontakt.MoveHere, moveLetGo, moveCorrect:
		return string(a.move)
	case moveSilent, moveSeen:
		return string(presence(p.holders))
	case kontakt.MoveUrgent:
		if !a.urgent {
			return "no"
		}
	}
	return ""
}
