package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// TOBSTable is one version of a municipality's table of TOBS. What stands in it, internal/kontakt/tobs reads.
type TOBSTable struct {
	Municipality kontakt.MunicipalityID
	Version      string
	ValidFrom    kontakt.Date
	Text         string    // JSON, as the municipality gave it
	SetAt        time.Time // written by SetTOBS alone
	Stopped      bool      // by StopTOBS
}

// SetTOBS keeps a version, which counts from its day on, until one that begins later does or all are stopped.
func (tx *Tx) SetTOBS(t TOBSTable) error {
	_, err := tx.exec("store.SetTOBS", `INSERT INTO tobs_tables (municipality, version, valid_from, text, set_at, stopped) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (municipality, version) DO UPDATE SET valid_from = excluded.valid_from, text = excluded.text, set_at = excluded.set_at, stopped = excluded.stopped`,
		t.Municipality, t.Version, t.ValidFrom.String(), t.Text, nanos(tx.now), false)
	return err
}

// StopTOBS turns it off for a municipality and gives how many versions that stopped.
func (tx *Tx) StopTOBS(m kontakt.MunicipalityID) (int64, error) {
	return tx.exec("store.StopTOBS", `UPDATE tobs_tables SET stopped = $2 WHERE municipality = $1 AND NOT stopped`, m, true)
}

// TOBSTables gives all versions of a municipality, those that begin last first.
func (tx *Tx) TOBSTables(m kontakt.MunicipalityID) ([]TOBSTable, error) {
	return tx.tobsTables("store.TOBSTables", `municipality = $1`, m)
}

// TOBS gives the version that counts on a day; NotFound where none does: then it is off.
func (tx *Tx) TOBS(m kontakt.MunicipalityID, day kontakt.Date) (TOBSTable, error) {
	const op = "store.TOBS"
	all, err := tx.tobsTables(op, `municipality = $1 AND NOT stopped AND valid_from <= $2`, m, day.String())
	return first(op, all, err)
}

func (tx *Tx) tobsTables(op, where string, args ...any) ([]TOBSTable, error) {
	return collect(tx, op, `SELECT municipality, version, valid_from, text, set_at, stopped FROM tobs_tables WHERE `+where+`
		ORDER BY valid_from DESC, set_at DESC, version DESC`, args, func(scan scan) (t TOBSTable, err error) {
		var day string
		if err = scan(&t.Municipality, &t.Version, &day, &t.Text, when{&t.SetAt}, &t.Stopped); err != nil {
			return t, err
		}
		t.ValidFrom, err = kontakt.ParseDate(day)
		return t, err
	})
}
