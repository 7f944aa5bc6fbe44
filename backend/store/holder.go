package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Holder is a tablet that holds an entry, with its own presence.
type Holder struct {
	Entry     kontakt.EntryID
	Device    kontakt.DeviceID
	Since     time.Time
	Away      bool
	NoContact bool
	Reason    string // sealed at rest: why it took the place over
	// NextDevice and NextHelper are whom the hold was handed over to in the middle of a call: it goes there when that ends.
	NextDevice kontakt.DeviceID
	NextHelper kontakt.EmployeeID
}

// SaveHolder makes a tablet hold an entry, or changes its presence there.
func (tx *Tx) SaveHolder(h Holder) error {
	const op = "store.SaveHolder"
	reason := tx.db.keys.seal("holders.reason", h.row(), h.Reason)
	_, err := tx.exec(op, `INSERT INTO holders (entry, device, since, away, no_contact, reason, next_device, next_helper)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (entry, device) DO UPDATE SET away = excluded.away, no_contact = excluded.no_contact, reason = excluded.reason,
			next_device = excluded.next_device, next_helper = excluded.next_helper`,
		h.Entry, h.Device, nanos(h.Since), h.Away, h.NoContact, reason, h.NextDevice, h.NextHelper)
	return err
}

// row is what the sealed columns are bound to.
func (h Holder) row() string { return string(h.Entry) + " " + string(h.Device) }

// DropHolder lets a tablet hold an entry no longer.
func (tx *Tx) DropHolder(h Holder) error {
	_, err := tx.exec("store.DropHolder", `DELETE FROM holders WHERE entry = $1 AND device = $2`, h.Entry, h.Device)
	return err
}

// Holders gives the tablets that hold an entry, the first first.
func (tx *Tx) Holders(id kontakt.EntryID) ([]Holder, error) {
	return tx.holders("store.Holders", `entry = $1 ORDER BY since, device`, id)
}

// ClinicHolders gives those of a clinic's open places, in the same order within each.
func (tx *Tx) ClinicHolders(clinic kontakt.ClinicID) ([]Holder, error) {
	return tx.holders("store.ClinicHolders", `entry IN (SELECT id FROM entries WHERE clinic = $1 AND `+open+`) ORDER BY since, device`, clinic)
}

// SilentHolders gives those of open places whose tablet was last seen at a time or earlier and that are not marked so
// yet.
func (tx *Tx) SilentHolders(since time.Time) ([]Holder, error) {
	return tx.holders("store.SilentHolders", `NOT no_contact AND since <= $1 AND entry IN (SELECT id FROM entries WHERE `+open+`)
		AND device IN (SELECT id FROM devices WHERE seen_at <= $1) ORDER BY entry, device`, nanos(since))
}

// LostHolders gives those of open places that are marked out of contact and whose tablet is one of some hundreds. Each
// stream that opens asks for its own, so it goes by the tablets' index: SQLite would begin with all open places.
func (tx *Tx) LostHolders(devices ...kontakt.DeviceID) ([]Holder, error) {
	if len(devices) == 0 {
		return nil, nil
	}
	marks, args := list(1, devices)
	return tx.holders("store.LostHolders", `no_contact AND device IN (`+marks+`)
		AND EXISTS (SELECT 1 FROM entries WHERE id = holders.entry AND `+open+`) ORDER BY entry, device`, args...)
}

func (tx *Tx) holders(op, where string, args ...any) ([]Holder, error) {
	return collect(tx, op, `SELECT entry, device, since, away, no_contact, reason, next_device, next_helper FROM holders WHERE `+where, args, func(scan scan) (h Holder, err error) {
		var reason []byte
		err = scan(&h.Entry, &h.Device, when{&h.Since}, &h.Away, &h.NoContact, &reason, &h.NextDevice, &h.NextHelper)
		if err == nil && len(reason) > 0 {
			h.Reason, err = tx.db.keys.open("holders.reason", h.row(), reason)
		}
		return h, err
	})
}

// HeldAt says whether a tablet holds a place at a clinic, or held one that ended after a time.
func (tx *Tx) HeldAt(device kontakt.DeviceID, clinic kontakt.ClinicID, after time.Time) (bool, error) {
	return tx.one("store.HeldAt", `SELECT 1 FROM entries WHERE id IN (SELECT entry FROM holders WHERE device = $1) AND clinic = $2
		AND (`+open+` OR ended_at > $3) LIMIT 1`, []any{device, clinic, nanos(after)}, new(int))
}
