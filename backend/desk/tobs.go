package desk

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// TOBS is a municipality with its tables of TOBS.
type TOBS struct {
	Municipality store.Municipality
	Tables       []store.TOBSTable // those that begin last first
	Today        string            // version that counts today; "": none does, TOBS is off
}

// SetTOBS turns TOBS on with a table that bears the municipality's name, or changes the table. Cards that were scored
// before stay as they are, so what has stood under a version stays too: another table is another version.
func (d *Desk) SetTOBS(ctx context.Context, cvr string, text []byte) (tobs.Table, TOBS, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // what Windows writes before UTF-8
	table, err := tobs.Parse(text)
	if err != nil {
		return tobs.Table{}, TOBS{}, err
	}
	day, err := kontakt.ParseDate(table.ValidFrom)
	if err != nil {
		return tobs.Table{}, TOBS{}, err
	}
	var stands TOBS
	err = d.change(ctx, func(tx *store.Tx) (store.Audit, error) {
		m, err := municipality(tx, cvr)
		if err != nil {
			return store.Audit{}, err
		}
		if !strings.Contains(table.Owner, m.Name) {
			return store.Audit{}, fmt.Errorf("owner: %q does not name %s: a table counts under the name of the municipality that stands by it", table.Owner, m.Name)
		}
		if err := newVersion(tx, m.ID, table); err != nil {
			return store.Audit{}, err
		}
		if err := tx.SetTOBS(store.TOBSTable{Municipality: m.ID, Version: table.Version, ValidFrom: day, Text: string(text)}); err != nil {
			return store.Audit{}, err
		}
		stands, err = tobsOf(tx, m)
		return store.Audit{Action: actionTOBS, Reason: "set"}, err
	})
	return table, stands, err
}

// newVersion refuses another table under the name of one that was there.
func newVersion(tx *store.Tx, m kontakt.MunicipalityID, table tobs.Table) error {
	all, err := tx.TOBSTables(m)
	if err != nil {
		return err
	}
	for _, old := range all {
		if old.Version != table.Version {
			continue
		}
		was, err := tobs.Parse([]byte(old.Text))
		if err == nil && !reflect.DeepEqual(was, table) {
			err = fmt.Errorf("version: %q is another table already, and cards may have been scored with it: give this one a version of its own", table.Version)
		}
		return err
	}
	return nil
}

// StopTOBS turns TOBS off, tables included that would have begun later.
func (d *Desk) StopTOBS(ctx context.Context, cvr string) error {
	return d.change(ctx, func(tx *store.Tx) (store.Audit, error) {
		m, err := municipality(tx, cvr)
		if err != nil {
			return store.Audit{}, err
		}
		n, err := tx.StopTOBS(m.ID)
		if err == nil && n == 0 {
			err = fmt.Errorf("TOBS is off in %s already", m.Name)
		}
		return store.Audit{Action: actionTOBS, Reason: "off"}, err
	})
}

// TOBS gives a municipality's tables.
func (d *Desk) TOBS(ctx context.Context, cvr string) (t TOBS, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		m, err := municipality(tx, cvr)
		if err == nil {
			t, err = tobsOf(tx, m)
		}
		return err
	})
	return t, err
}

func tobsOf(tx *store.Tx, m store.Municipality) (TOBS, error) {
	all, err := tx.TOBSTables(m.ID)
	if err != nil {
		return TOBS{}, err
	}
	today, err := tx.TOBS(m.ID, kontakt.DateOf(tx.Now()))
	if kontakt.KindOf(err) == kontakt.NotFound {
		err = nil
	}
	return TOBS{m, all, today.Version}, err
}
