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
	var all []Booking
	err := tx.each("store.Bookings", `SELECT clinic, citizen, at, minutes, clinician FROM bookings
		WHERE clinic = $1 AND citizen = $2 AND at >= $3 AND at < $4 ORDER BY at`, []any{clinic, citizen, nanos(from), nanos(to)},
		func(scan func(...any) error) error {
			var b Booking
			err := scan(&b.Clinic, &b.Citizen, when{&b.At}, &b.Minutes, &b.Clinician)
			all = append(all, b)
			return err
		})
	return all, err
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
	var all []Cover
	err := tx.each("store.Covers", `SELECT clinic, for_clinic, from_day, to_day FROM covers
		WHERE for_clinic = $1 AND from_day <= $2 AND to_day >= $2 ORDER BY clinic`, []any{forClinic, day.String()},
		func(scan func(...any) error) error {
			var c Cover
			var from, to string
			if err := scan(&c.Clinic, &c.For, &from, &to); err != nil {
				return err
			}
			var err error
			if c.From, err = kontakt.ParseDate(from); err != nil {
				return err
			}
			c.To, err = kontakt.ParseDate(to)
			all = append(all, c)
			return err
		})
	return all, err
}
