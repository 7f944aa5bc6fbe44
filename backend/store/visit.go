package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Visit is one citizen on a nurse's round, as stored. backend/round says what it means and is the only writer.
type Visit struct {
	ID           kontakt.VisitID
	Municipality kontakt.MunicipalityID
	Employee     kontakt.EmployeeID // whose round it is
	Device       kontakt.DeviceID   // by which it came there; its unit sees the visit once it is missed
	Citizen      kontakt.CitizenID
	Place        string // sealed at rest
	PlannedAt    time.Time
	Rank         int                // orders the open ones of a round
	State        kontakt.VisitState // as stored: what the entry says comes on top (Now)
	Entry        kontakt.EntryID
	PutAt        time.Time // when it came into this round
	ClosedAt     time.Time

	// EntryState and EntryEnded are read with the visit: how the place stands that it is tied to.
	EntryState kontakt.EntryState
	EntryEnded time.Time
}

// Now is how far the visit has come: while it is planned, its place says so.
func (v Visit) Now() kontakt.VisitState {
	switch {
	case v.State != kontakt.VisitPlanned || v.EntryState == "":
		return v.State
	case v.EntryState.Open():
		return kontakt.VisitUnderWay
	case v.EntryState == kontakt.EntryEnded:
		return kontakt.VisitDone
	}
	return kontakt.VisitPlanned
}

// AddVisit keeps a new one.
func (tx *Tx) AddVisit(v Visit) error {
	const op = "store.AddVisit"
	place := tx.db.keys.seal("visits.place", string(v.ID), v.Place)
	_, err := tx.exec(op, `INSERT INTO visits (id, municipality, employee, device, citizen, place, planned_at, rank, state, entry, put_at, closed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		v.ID, v.Municipality, v.Employee, v.Device, v.Citizen, place, nanos(v.PlannedAt), v.Rank, v.State, v.Entry, nanos(v.PutAt), nanos(v.ClosedAt))
	return err
}

// SaveVisit writes what changes of a visit.
func (tx *Tx) SaveVisit(v Visit) error {
	_, err := tx.exec("store.SaveVisit", `UPDATE visits SET employee = $2, device = $3, rank = $4, state = $5, entry = $6, put_at = $7, closed_at = $8
		WHERE id = $1`, v.ID, v.Employee, v.Device, v.Rank, v.State, v.Entry, nanos(v.PutAt), nanos(v.ClosedAt))
	return err
}

// Visit gives one.
func (tx *Tx) Visit(id kontakt.VisitID) (Visit, error) {
	const op = "store.Visit"
	all, err := tx.visits(op, `v.id = $1`, id)
	return first(op, all, err)
}

// Visits gives those of a municipality's nurse, whatever their state, by rank.
func (tx *Tx) Visits(employee kontakt.EmployeeID, of kontakt.MunicipalityID) ([]Visit, error) {
	return tx.visits("store.Visits", `v.employee = $1 AND v.municipality = $2 ORDER BY v.rank, v.id`, employee, of)
}

// unit are the tablets that have a place with one of them, within its municipality.
const unit = `(SELECT o.id FROM devices o JOIN devices d ON d.municipality = o.municipality AND d.place = o.place WHERE d.id = $1)`

// MissedVisits gives those on the list of a tablet's unit, the one that waits longest first.
func (tx *Tx) MissedVisits(device kontakt.DeviceID) ([]Visit, error) {
	return tx.visits("store.MissedVisits", `v.state = 'missed' AND v.device IN `+unit+` ORDER BY v.closed_at, v.id`, device)
}

// Unit gives the tablets of a tablet's unit that may be used, itself included.
func (tx *Tx) Unit(device kontakt.DeviceID) ([]kontakt.DeviceID, error) {
	return collect(tx, "store.Unit", `SELECT id FROM devices WHERE revoked_at = 0 AND id IN `+unit+` ORDER BY id`, []any{device}, value[kontakt.DeviceID])
}

// LateVisits gives planned ones whose time, and whose coming into the round, were at a time or earlier, and whose citizen
// stands in no waiting room for it.
func (tx *Tx) LateVisits(until time.Time) ([]Visit, error) {
	return tx.visits("store.LateVisits", `v.state = 'planned' AND v.planned_at > 0 AND v.planned_at <= $1 AND v.put_at <= $1
		AND (e.id IS NULL OR e.state = 'left') ORDER BY v.planned_at, v.id`, nanos(until))
}

// OrphanEntries gives the places whose citizen waits and whose every tablet may not be used any more, but those on a
// unit's list already.
func (tx *Tx) OrphanEntries() ([]Entry, error) {
	return tx.entries("store.OrphanEntries", `id IN (SELECT h.entry FROM devices d JOIN holders h ON h.device = d.id WHERE d.revoked_at > 0)
		AND state = 'waiting' AND NOT EXISTS (SELECT 1 FROM holders h JOIN devices d ON d.id = h.device WHERE h.entry = entries.id AND d.revoked_at = 0)
		AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.entry = entries.id AND v.state = 'missed') ORDER BY id`)
}

// EntryVisits gives the open ones that are tied to a place.
func (tx *Tx) EntryVisits(entry kontakt.EntryID) ([]Visit, error) {
	return tx.visits("store.EntryVisits", `v.entry = $1 AND v.entry <> '' AND v.state = 'planned' ORDER BY v.id`, entry)
}

// ForgetVisits deletes those that ended before a time; and, of those that nobody ended, each whose time and last change
// are older than another, unless its citizen stands in a waiting room for it.
func (tx *Tx) ForgetVisits(ended, old time.Time) error {
	const open = `(SELECT id FROM entries WHERE ` + open + `)`
	_, err := tx.exec("store.ForgetVisits", `DELETE FROM visits WHERE state IN ('done', 'dropped') AND closed_at < $1
		OR state = 'planned' AND entry <> '' AND EXISTS (SELECT 1 FROM entries e WHERE e.id = visits.entry AND e.state = 'ended' AND e.ended_at < $1)
		OR state = 'planned' AND planned_at < $2 AND put_at < $2 AND entry NOT IN `+open+`
		OR state = 'missed' AND closed_at < $2 AND entry NOT IN `+open, nanos(ended), nanos(old))
	return err
}

func (tx *Tx) visits(op, where string, args ...any) ([]Visit, error) {
	return collect(tx, op, `SELECT v.id, v.municipality, v.employee, v.device, v.citizen, v.place, v.planned_at, v.rank, v.state, v.entry, v.put_at,
		v.closed_at, COALESCE(e.state, ''), COALESCE(e.ended_at, 0) FROM visits v LEFT JOIN entries e ON e.id = v.entry WHERE `+where, args,
		func(scan scan) (v Visit, err error) {
			var place []byte
			err = scan(&v.ID, &v.Municipality, &v.Employee, &v.Device, &v.Citizen, &place, when{&v.PlannedAt}, &v.Rank, &v.State, &v.Entry,
				when{&v.PutAt}, when{&v.ClosedAt}, &v.EntryState, when{&v.EntryEnded})
			if err == nil {
				v.Place, err = tx.db.keys.open("visits.place", string(v.ID), place)
			}
			return v, err
		})
}
