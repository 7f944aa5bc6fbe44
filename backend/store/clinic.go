package store

import (
	"cmp"
	"encoding/json"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Clinic is a clinic with its settings, as stored.
type Clinic struct {
	ID         kontakt.ClinicID
	Name       string
	Town       string
	Phone      string
	CVR        string
	Ydernummer kontakt.Ydernummer
	RingTime   time.Duration
	Opening    kontakt.Opening
	Booking    kontakt.BookingPolicy // "": off
	MayKeep    bool
	ClosedAt   time.Time     // by the clinic's own word
	Delay      time.Duration // as it was said, over or not: At knows
	DelayAt    time.Time
	StaffedAt  time.Time // when somebody's page of the room last stood; written by Staffed alone
}

// At is the clinic as it stands at a time.
func (c Clinic) At(now time.Time) kontakt.Clinic {
	k := kontakt.Clinic{
		ID: c.ID, Name: c.Name, Town: c.Town, Phone: c.Phone, Ydernummer: c.Ydernummer,
		Booking: cmp.Or(c.Booking, kontakt.BookingOff), MayKeep: c.MayKeep,
	}
	k.Delay, k.DelayAt = c.late(now)
	k.Open, k.Closed, k.OpensAt, k.ClosesAt = c.Opening.At(now)
	return k
}

// late gives how late the clinic says that it is, and when it said so: nothing once the room has closed since, or the
// Danish day is over. What was said before the first opening of a day holds until that closing.
func (c Clinic) late(now time.Time) (time.Duration, time.Time) {
	if c.Delay == 0 || !now.Before(c.lateUntil()) {
		return 0, time.Time{}
	}
	return c.Delay, c.DelayAt
}

// lateUntil is when the clinic's word on its delay ends by itself.
func (c Clinic) lateUntil() time.Time {
	said := c.DelayAt
	_, _, opens, closes := c.Opening.At(said)
	if !opens.IsZero() {
		_, _, _, closes = c.Opening.At(opens)
	}
	day := kontakt.DateOf(said)
	midnight := time.Date(day.Year, day.Month, day.Day+1, 0, 0, 0, 0, kontakt.Denmark).UTC()
	if closes.IsZero() || closes.After(midnight) {
		return midnight
	}
	return closes
}

// SaveClinic makes or changes one.
func (tx *Tx) SaveClinic(c Clinic) error {
	const op = "store.SaveClinic"
	opening, err := json.Marshal(c.Opening)
	if err != nil {
		return internal(op, err)
	}
	_, err = tx.exec(op, `INSERT INTO clinics (id, name, town, phone, cvr, ydernummer, ring_time, opening, booking, may_keep, closed_at, delay, delay_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, town = excluded.town, phone = excluded.phone, cvr = excluded.cvr,
			ydernummer = excluded.ydernummer, ring_time = excluded.ring_time, opening = excluded.opening,
			booking = excluded.booking, may_keep = excluded.may_keep, closed_at = excluded.closed_at, delay = excluded.delay, delay_at = excluded.delay_at`,
		c.ID, c.Name, c.Town, c.Phone, c.CVR, c.Ydernummer, int64(c.RingTime), string(opening), cmp.Or(c.Booking, kontakt.BookingOff), c.MayKeep,
		nanos(c.ClosedAt), int64(c.Delay/time.Minute), nanos(c.DelayAt))
	return err
}

// Clinic gives one.
func (tx *Tx) Clinic(id kontakt.ClinicID) (Clinic, error) {
	return tx.clinic("store.Clinic", `id = $1`, id)
}

// ClinicByYdernummer finds the clinic that has the number now.
func (tx *Tx) ClinicByYdernummer(y kontakt.Ydernummer) (Clinic, error) {
	return tx.clinic("store.ClinicByYdernummer", `ydernummer = $1`, y)
}

// Clinics gives all of them, in no order of meaning.
func (tx *Tx) Clinics() ([]Clinic, error) {
	return tx.clinics("store.Clinics", `TRUE ORDER BY id`)
}

func (tx *Tx) clinic(op, where string, arg any) (Clinic, error) {
	all, err := tx.clinics(op, where+` LIMIT 1`, arg)
	return first(op, all, err)
}

func (tx *Tx) clinics(op, where string, args ...any) ([]Clinic, error) {
	return collect(tx, op, `SELECT id, name, town, phone, cvr, ydernummer, ring_time, opening, booking, may_keep, closed_at, delay, delay_at, staffed_at FROM clinics WHERE `+where, args,
		func(scan scan) (c Clinic, err error) {
			var opening string
			var minutes int64
			if err = scan(&c.ID, &c.Name, &c.Town, &c.Phone, &c.CVR, &c.Ydernummer, (*int64)(&c.RingTime), &opening, &c.Booking, &c.MayKeep,
				when{&c.ClosedAt}, &minutes, when{&c.DelayAt}, when{&c.StaffedAt}); err != nil {
				return c, err
			}
			c.Delay = time.Duration(minutes) * time.Minute
			err = json.Unmarshal([]byte(opening), &c.Opening)
			return c, err
		})
}
