package waiting

import (
	"context"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// lineKept is how long after its place ended a tablet may still read the line: a stream that resumes names it.
const lineKept = 24 * time.Hour

// MayRead says whether the actor may read every one of the rooms; the answer for one that is not there is the same as
// for one that is another's.
func (s *Service) MayRead(ctx context.Context, rooms []kontakt.Room) error {
	a, err := actor(ctx)
	if err != nil {
		return err
	}
	return s.db.View(ctx, func(tx *store.Tx) error {
		for _, room := range rooms {
			if err := mayRead(tx, a, room); err != nil {
				return err
			}
		}
		return nil
	})
}

func mayRead(tx *store.Tx, a kontakt.Actor, room kontakt.Room) error {
	kind, id := room.Split()
	switch kind {
	case "clinic":
		return rights.Check(a, rights.SeeClinic, rights.Target{Clinic: kontakt.ClinicID(id)})
	case "line":
		on := rights.Target{Clinic: kontakt.ClinicID(id)}
		held, err := tx.HeldAt(a.Device, on.Clinic, tx.Now().Add(-lineKept))
		if err != nil {
			return err
		}
		if held {
			on.Devices = []kontakt.DeviceID{a.Device}
		}
		return rights.Check(a, rights.SeeLine, on)
	case "entry":
		p, err := load(tx, kontakt.EntryID(id))
		if err != nil {
			return err
		}
		return rights.Check(a, rights.SeeEntry, target(p))
	case "call":
		c, err := tx.Call(kontakt.CallID(id))
		if err != nil {
			return err
		}
		return maySignal(tx, a, c)
	case "guest":
		return rights.Check(a, rights.BeGuest, rights.Target{Guests: []kontakt.GuestID{kontakt.GuestID(id)}})
	case "round":
		return mayReadRound(tx, a, kontakt.EmployeeID(id))
	case "device":
		return rights.Check(a, rights.SeeDevice, rights.Target{Devices: []kontakt.DeviceID{kontakt.DeviceID(id)}})
	}
	return &kontakt.Error{Op: "waiting.MayRead", Kind: kontakt.Hidden, Msg: kontakt.MsgNotFound}
}

// mayReadRound lets a nurse read her round's room, and the tablet at which she is signed in: a tablet's stream outlives the
// sessions of its nurses, so it goes by the tablet's own.
func mayReadRound(tx *store.Tx, a kontakt.Actor, nurse kontakt.EmployeeID) error {
	if a.Role == kontakt.RoleDevice {
		s, err := tx.OpenSession(a.Device, kontakt.RoleNurse)
		if err != nil && kontakt.KindOf(err) != kontakt.NotFound {
			return err
		}
		if err == nil {
			a = s.Actor()
		}
	}
	return rights.Check(a, rights.SeeRound, rights.Target{Helper: rights.Helper{Employee: nurse, Municipality: a.Municipality}})
}
