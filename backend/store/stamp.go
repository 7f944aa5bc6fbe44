package store

import "kontaktlaege/internal/kontakt"

// The stamps below are for DB.Stamp, or go along with a change of the same row. Each takes some hundreds of names.

// SawDevices notes that the tablets' streams stand now.
func (tx *Tx) SawDevices(ids ...kontakt.DeviceID) error {
	return stamp(tx, "store.SawDevices", `UPDATE devices SET seen_at = $1 WHERE `, ids)
}

// SawCalls notes that somebody's stream of each call's room stands now.
func (tx *Tx) SawCalls(ids ...kontakt.CallID) error {
	return stamp(tx, "store.SawCalls", `UPDATE calls SET seen_at = $1 WHERE ended_at = 0 AND `, ids)
}

// Staffed notes that somebody's page of each clinic's room stands now.
func (tx *Tx) Staffed(ids ...kontakt.ClinicID) error {
	return stamp(tx, "store.Staffed", `UPDATE clinics SET staffed_at = $1 WHERE `, ids)
}

func stamp[ID ~string](tx *Tx, op, update string, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	marks, args := list(2, ids)
	_, err := tx.exec(op, update+`id IN (`+marks+`)`, append([]any{nanos(tx.now)}, args...)...)
	return err
}
