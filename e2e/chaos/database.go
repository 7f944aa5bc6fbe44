package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/e2e/cable"
	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
)

// database is what the nodes stand on.
type database interface {
	// open is for seeding.
	open(ctx context.Context, keys store.Keys) (*store.DB, error)
	// read gives a door of its own to look at the tables, past the code that is judged.
	read() (*sql.DB, error)
	// address is what a node is told, on its way to the database; "": its data folder is enough.
	address(way *cable.Link) string
	// host is where the ways lead; "": there are none.
	host() string
	halt(kill bool) error
	resume() error
	close() error
}

// file is SQLite in the one node's data folder.
type file struct{ path string }

func (f file) open(ctx context.Context, keys store.Keys) (*store.DB, error) {
	return sqlite.Open(ctx, f.path, keys, time.Now)
}

func (f file) read() (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+filepath.ToSlash(f.path)+"?mode=ro&_pragma=busy_timeout(10000)")
}
func (file) address(*cable.Link) string { return "" }
func (file) host() string               { return "" }
func (file) halt(bool) error            { return nil }
func (file) resume() error              { return nil }
func (file) close() error               { return nil }

// ends gives the number of the last event of every room.
func ends(ctx context.Context, db *sql.DB) (kontakt.Cursor, error) {
	at := kontakt.Cursor{}
	err := each(ctx, db, `SELECT room, seq FROM rooms`, func(scan func(...any) error) error {
		var room kontakt.Room
		var seq kontakt.Seq
		err := scan(&room, &seq)
		at[room] = seq
		return err
	})
	return at, err
}

// final reads what the database holds.
func final(ctx context.Context, db *sql.DB) (history.Final, error) {
	f := history.Final{Log: map[kontakt.Room][]history.Event{}}
	err := each(ctx, db, `SELECT id, version, state, number, call, clinic, citizen, device, day, ended_by FROM entries ORDER BY joined_at, id`,
		func(scan func(...any) error) error {
			var e history.Entry
			err := scan(&e.Entry, &e.Version, &e.State, &e.Number, &e.Call, &e.Clinic, &e.Citizen, &e.Device, &e.Day, &e.EndedBy)
			f.Entries = append(f.Entries, e)
			return err
		})
	if err != nil {
		return f, err
	}
	err = each(ctx, db, `SELECT id, entry, clinician FROM calls`, func(scan func(...any) error) error {
		var c history.Call
		err := scan(&c.ID, &c.Entry, &c.Staff)
		f.Calls = append(f.Calls, c)
		return err
	})
	if err != nil {
		return f, err
	}
	return f, each(ctx, db, `SELECT room, seq, type, data FROM events ORDER BY room, seq`, func(scan func(...any) error) error {
		var room kontakt.Room
		var e history.Event
		var data []byte
		if err := scan(&room, &e.Seq, &e.Type, &data); err != nil {
			return err
		}
		if kind, _ := room.Split(); kind == "call" {
			return nil
		}
		if e.Type == kontakt.EventEntryChanged || e.Type == kontakt.EventEntryCalled {
			if err := json.Unmarshal(data, &e); err != nil {
				return err
			}
		}
		f.Log[room] = append(f.Log[room], e)
		return nil
	})
}

func each(ctx context.Context, db *sql.DB, query string, row func(scan func(...any) error) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
