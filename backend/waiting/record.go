package waiting

import (
	"context"
	"slices"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// recorded is what a move adds to the record of its place.
func recorded(was, is place, a act) []kontakt.RecordLine {
	lines := recordedMove(was, is, a)
	talked := was.call != nil && slices.Contains(talking, was.entry.State)
	switch {
	case is.entry.State.Open() && talked && is.entry.State == kontakt.EntryWaiting:
		lines = append(lines, kontakt.RecordLine{What: kontakt.RecordCallOver, Detail: callReason(a)})
	case was.entry.State.Open() && !is.entry.State.Open():
		lines = append(lines, kontakt.RecordLine{What: kontakt.RecordEnd, Detail: is.entry.EndReason})
	}
	return by(a.by, append(lines, recordedHandOver(was, is, a)...))
}

func recordedMove(was, is place, a act) []kontakt.RecordLine {
	line := func(what kontakt.RecordWhat) []kontakt.RecordLine { return []kontakt.RecordLine{{What: what}} }
	beside := a.device == was.entry.Device
	switch a.move {
	case kontakt.MoveAnswer:
		lines := []kontakt.RecordLine{{What: kontakt.RecordCall, Who: kontakt.RoleInClinician, Employee: is.call.Clinician}}
		if !beside {
			lines = append(lines, kontakt.RecordLine{What: kontakt.RecordIn, Who: kontakt.RoleInNurse})
		}
		return lines
	case moveTakeOver:
		if a.by == tablet && (!beside || a.who != was.entry.Helper) {
			return []kontakt.RecordLine{{What: kontakt.RecordIn, Who: kontakt.RoleInNurse}}
		}
	case moveMode:
		return []kontakt.RecordLine{{What: kontakt.RecordMode, Detail: string(a.mode)}}
	case kontakt.MoveAway:
		if beside {
			return line(kontakt.RecordAlone)
		}
	case kontakt.MoveHere:
		if beside {
			return line(kontakt.RecordAloneOver)
		}
	case kontakt.MoveWithdraw, moveWithdrawCall:
		return line(kontakt.RecordWithdrawn)
	case kontakt.MoveEmergency:
		return line(kontakt.RecordEmergency)
	case kontakt.MoveRestore:
		return line(kontakt.RecordRestored)
	}
	return nil
}

// recordedHandOver is that one goes and the next comes, when the place goes over: what was handed over in a call, when that
// has ended.
func recordedHandOver(was, is place, a act) []kontakt.RecordLine {
	helper := is.entry.Helper
	if a.move == moveTakeOver || is.entry.State != kontakt.EntryWaiting || helper == "" || helper == was.entry.Helper {
		return nil
	}
	in := kontakt.RecordLine{What: kontakt.RecordIn, Who: kontakt.RoleInNurse}
	if was.entry.Helper == "" {
		return []kontakt.RecordLine{in}
	}
	return []kontakt.RecordLine{{What: kontakt.RecordOut, Who: kontakt.RoleInNurse}, in}
}

func by(who side, lines []kontakt.RecordLine) []kontakt.RecordLine {
	for i := range lines {
		lines[i].By = string(who)
	}
	return lines
}

// recordedJoin begins a record: how the citizen agreed, who is there, and what kind of call it is to be.
func recordedJoin(a kontakt.Actor, j kontakt.Join) []kontakt.RecordLine {
	lines := recordedConsent(a, j)
	if sideOf(a) == tablet {
		lines = append(lines, kontakt.RecordLine{What: kontakt.RecordIn, Who: kontakt.RoleInNurse})
	}
	lines = append(lines, kontakt.RecordLine{What: kontakt.RecordIn, Who: kontakt.RoleInCitizen})
	if sideOf(a) == tablet {
		lines = append(lines, recordedRoom(kontakt.Told{}, j.Told)...)
	}
	return by(sideOf(a), append(lines, kontakt.RecordLine{What: kontakt.RecordMode, Detail: string(j.Mode)}))
}

// recordedRoom is who has come into the room, and who has gone, since the nurse told of it last.
func recordedRoom(was, is kontakt.Told) []kontakt.RecordLine {
	var lines []kontakt.RecordLine
	for _, role := range kontakt.RoomRoles {
		before, now := slices.Contains(was.InRoom(), role), slices.Contains(is.InRoom(), role)
		switch {
		case now && !before:
			lines = append(lines, kontakt.RecordLine{What: kontakt.RecordIn, Who: role})
		case before && !now:
			lines = append(lines, kontakt.RecordLine{What: kontakt.RecordOut, Who: role})
		}
	}
	return lines
}

// recordedConsent is none where a take-over goes on with the one that was stated.
func recordedConsent(a kontakt.Actor, j kontakt.Join) []kontakt.RecordLine {
	if sideOf(a) != tablet || j.Consent == (kontakt.Consent{}) {
		return nil
	}
	return by(sideOf(a), []kontakt.RecordLine{{What: kontakt.RecordConsent, Detail: string(j.Consent.Kind), Words: j.Consent.Reason}})
}

// rolesOfGuests are what the record says of those who come by a link.
var rolesOfGuests = map[kontakt.GuestKind]kontakt.RecordRole{
	kontakt.GuestNurse: kontakt.RoleInColleague, kontakt.GuestRelative: kontakt.RoleInRelative, kontakt.GuestInterpreter: kontakt.RoleInInterpreter,
	kontakt.GuestOther: kontakt.RoleInOther,
}

// recordedGuest is a guest who comes into the call, or goes.
func recordedGuest(was, is store.Guest, a guestAct) []kontakt.RecordLine {
	line := kontakt.RecordLine{What: kontakt.RecordIn, Who: rolesOfGuests[is.Kind]}
	switch kontakt.GuestAdmitted {
	case is.State:
	case was.State:
		line.What = kontakt.RecordOut
	default:
		return nil
	}
	return by(a.by, []kontakt.RecordLine{line})
}

// Record gives what happened at a place as far as consent and presence go, to both sides alike.
func (s *Service) Record(ctx context.Context, id kontakt.EntryID) (kontakt.Record, error) {
	var found kontakt.Record
	a, err := actor(ctx)
	if err != nil {
		return found, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		p, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := rights.Check(a, rights.SeeRecord, target(p)); err != nil {
			return err
		}
		found, err = s.recordOf(tx, a, id)
		return err
	})
	return found, err
}

// recordOf puts the clinicians' names to the lines.
func (s *Service) recordOf(tx *store.Tx, a kontakt.Actor, id kontakt.EntryID) (kontakt.Record, error) {
	rec, err := tx.Record(id)
	if err != nil {
		return rec, err
	}
	v := s.viewer(tx, a)
	for i, l := range rec.Lines {
		who, err := v.person(l.Employee)
		if err != nil {
			return rec, err
		}
		if who != nil {
			rec.Lines[i].Name = who.Name
		}
	}
	return rec, nil
}

// maxLines is how many lines a record may come to have by notes: more than a long visit has, and no end of them.
const maxLines = 200

// AddToRecord adds a line that no move brings about. Who is in the room the tablet tells, while the place is open; what was shared
// either side may; and either may set a line right as long as the record is kept, by another line.
func (s *Service) AddToRecord(ctx context.Context, id kontakt.EntryID, n kontakt.Addition) (kontakt.Record, error) {
	const op = "waiting.AddToRecord"
	var after kontakt.Record
	n, err := kontakt.ParseAddition(n)
	if err != nil {
		return after, err
	}
	err = s.change(ctx, rights.AddToRecord, store.Audit{Entry: id}, func(tx *store.Tx, a kontakt.Actor) error {
		p, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := rights.Check(a, rights.AddToRecord, target(p)); err != nil {
			return err
		}
		rec, err := tx.Record(id)
		if err != nil {
			return err
		}
		room := n.What == kontakt.RecordIn || n.What == kontakt.RecordOut
		switch {
		case room && sideOf(a) != tablet:
			return &kontakt.Error{Op: op, Kind: kontakt.Forbidden, Msg: kontakt.MsgNotAllowed}
		case n.What != kontakt.RecordCorrection && !p.entry.State.Open():
			return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgWrongState}
		case n.Corrects > len(rec.Lines):
			return &kontakt.Error{Op: op, Kind: kontakt.NotFound, Msg: kontakt.MsgNotFound}
		case len(rec.Lines) >= maxLines:
			return &kontakt.Error{Op: op, Kind: kontakt.TooMany, Msg: kontakt.MsgTooMany}
		}
		line := kontakt.RecordLine{What: n.What, Who: n.Who, Detail: n.Detail, Words: n.Words, Corrects: n.Corrects}
		if err := tx.AddRecord(id, by(sideOf(a), []kontakt.RecordLine{line})...); err != nil {
			return err
		}
		row := audit(rights.AddToRecord, p)
		row.Reason = string(n.What)
		if err := tx.Audit(row); err != nil {
			return err
		}
		after, err = s.recordOf(tx, a, id)
		return err
	})
	return after, err
}
