package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// SaveHolder makes a tablet hold an entry, or changes its presence there.
func (tx *Tx) SaveHolder(h Holder) error {
	_, err := tx.exec("store.SaveHolder", `INSERT INTO holders (entry, device, since, away, no_contact) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (entry, device) DO UPDATE SET away = excluded.away, no_contact = excluded.no_contact`,
		h.Entry, h.Device, nanos(h.Since), h.Away, h.NoContact)
	return err
}

// Holders gives the tablets that hold an entry, the first first.
func (tx *Tx) Holders(id kontakt.EntryID) ([]Holder, error) {
	return tx.holders("store.Holders", `entry = $1 ORDER BY since, device`, id)
}

// SilentHolders gives those of open places whose tablet was last seen at a time or earlier and that are not marked so
// yet.
func (tx *Tx) SilentHolders(since time.Time) ([]Holder, error) {
	return tx.holders("store.SilentHolders", `NOT no_contact AND since <= $1 AND entry IN (SELECT id FROM entries WHERE `+open+`)
		AND device IN (SELECT id FROM devices WHERE seen_at <= $1) ORDER BY entry, device`, nanos(since))
}

// LostHolders gives those of open places that are marked out of contact and whose tablet is one of some hundreds.
func (tx *Tx) LostHolders(devices ...kontakt.DeviceID) ([]Holder, error) {
	if len(devices) == 0 {
		return nil, nil
	}
	marks, args := list(1, devices)
	return tx.holders("store.LostHolders", `no_contact AND device IN (`+marks+`) AND entry IN (SELECT id FROM entries WHERE `+open+`)
		ORDER BY entry, device`, args...)
}

func (tx *Tx) holders(op, where string, args ...any) ([]Holder, error) {
	var all []Holder
	err := tx.each(op, `SELECT entry, device, since, away, no_contact FROM holders WHERE `+where, args, func(scan func(...any) error) error {
		var h Holder
		err := scan(&h.Entry, &h.Device, when{&h.Since}, &h.Away, &h.NoContact)
		all = append(all, h)
		return err
	})
	return all, err
}
