package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Booking is a time that a citizen has booked at a clinic, as its journal tells.
type Booking struct {
	Clinic    kontakt.ClinicID
	Citizen   kontakt.CitizenID
	At        time.Time
	Minutes   int
	Clinician string // name, or ""
}

// SaveBooking makes or changes one.
func (tx *Tx) SaveBooking(b Booking) error {
	_, err := tx.exec("store.SaveBooking", `INSERT INTO bookings (clinic, citizen, at, minutes, clinician) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (clinic, citizen, at) DO UPDATE SET minutes = excluded.minutes, clinician = excluded.clinician`,
		b.Clinic, b.Citizen, nanos(b.At), b.Minutes, b.Clinician)
	return err
}

// Bookings gives a citizen's at a clinic from a time on and before another, the first first.
func (tx *Tx) Bookings(clinic kontakt.ClinicID, citizen kontakt.CitizenID, from, to time.Time) ([]Booking, error) {
	return collect(tx, "store.Bookings", `SELECT clinic, citizen, at, minutes, clinician FROM bookings
		WHERE clinic = $1 AND citizen = $2 AND at >= $3 AND at < $4 ORDER BY at`, []any{clinic, citizen, nanos(from), nanos(to)},
		func(scan scan) (b Booking, err error) {
			err = scan(&b.Clinic, &b.Citizen, when{&b.At}, &b.Minutes, &b.Clinician)
			return b, err
		})
}

// CountBookings counts a clinic's booked times from a time on and before another.
func (tx *Tx) CountBookings(clinic kontakt.ClinicID, from, to time.Time) (n int, err error) {
	_, err = tx.one("store.CountBookings", `SELECT COUNT(*) FROM bookings WHERE clinic = $1 AND at >= $2 AND at < $3`, []any{clinic, nanos(from), nanos(to)}, &n)
	return n, err
}

// ClearBookings deletes a clinic's from a time on and before another, for an import that tells all of them anew.
func (tx *Tx) ClearBookings(clinic kontakt.ClinicID, from, to time.Time) error {
	_, err := tx.exec("store.ClearBookings", `DELETE FROM bookings WHERE clinic = $1 AND at >= $2 AND at < $3`, clinic, nanos(from), nanos(to))
	return err
}

// Cover lets a clinic take another's patients in, on the Danish days From to To, both included (ferieafløser).
type Cover struct {
	Clinic, For kontakt.ClinicID
	From, To    kontakt.Date
}

// SaveCover makes one, or changes its last day.
func (tx *Tx) SaveCover(c Cover) error {
	_, err := tx.exec("store.SaveCover", `INSERT INTO covers (clinic, for_clinic, from_day, to_day) VALUES ($1, $2, $3, $4)
		ON CONFLICT (clinic, for_clinic, from_day) DO UPDATE SET to_day = excluded.to_day`, c.Clinic, c.For, c.From.String(), c.To.String())
	return err
}

// DropCover ends one; false where there was none.
func (tx *Tx) DropCover(clinic, forClinic kontakt.ClinicID, from kontakt.Date) (bool, error) {
	n, err := tx.exec("store.DropCover", `DELETE FROM covers WHERE clinic = $1 AND for_clinic = $2 AND from_day = $3`, clinic, forClinic, from.String())
	return n == 1, err
}

// Covers gives those for a clinic that hold on a day.
func (tx *Tx) Covers(forClinic kontakt.ClinicID, day kontakt.Date) ([]Cover, error) {
	return collect(tx, "store.Covers", `SELECT clinic, for_clinic, from_day, to_day FROM covers
		WHERE for_clinic = $1 AND from_day <= $2 AND to_day >= $2 ORDER BY clinic`, []any{forClinic, day.String()},
		func(scan scan) (c Cover, err error) {
			var from, to string
			if err = scan(&c.Clinic, &c.For, &from, &to); err != nil {
				return c, err
			}
			if c.From, err = kontakt.ParseDate(from); err != nil {
				return c, err
			}
			c.To, err = kontakt.ParseDate(to)
			return c, err
		})
}
