// Package sqlite is the embedded engine of backend/store: modernc's SQLite, in this process, in one file.
//
// Invariants: the file is in WAL mode with synchronous=FULL, so what was committed outlives a power cut; there is one
// writing connection, which takes the write lock when a transaction begins, so writers queue here and never fail busy;
// readers are other connections that can't write; the migrations have run before Open returns.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"kontaktlaege/backend/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// readers is how many connections read at once.
const readers = 8

// Open opens the database in the file at path, making it where it is missing, and runs the migrations. now is the
// backend's clock.
func Open(ctx context.Context, path string, keys store.Keys, now func() time.Time) (*store.DB, error) {
	write, err := connect(path, "immediate", 1, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)")
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, write); err != nil {
		write.Close()
		return nil, fmt.Errorf("sqlite: %s: %w", path, err)
	}
	read, err := connect(path, "deferred", readers, "query_only(1)")
	if err != nil {
		write.Close()
		return nil, err
	}
	db, err := store.New(ctx, store.Engine{Write: write, Read: read, Fault: fault}, keys, now)
	if err != nil {
		read.Close()
		write.Close()
		return nil, err
	}
	return db, nil
}

// Migrate runs the migrations on the file at path and nothing else.
func Migrate(ctx context.Context, path string) error {
	db, err := connect(path, "immediate", 1, "journal_mode(WAL)", "synchronous(FULL)")
	if err != nil {
		return err
	}
	return errors.Join(migrate(ctx, db), db.Close())
}

// Version gives the number of the last migration that has run on the file at path; 0 for a database with none.
func Version(ctx context.Context, path string) (int64, error) {
	db, err := connect(path, "deferred", 1)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	p, err := provider(db)
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}

func connect(path, lock string, conns int, pragmas ...string) (*sql.DB, error) {
	q := url.Values{"_txlock": {lock}, "_pragma": append([]string{"busy_timeout(10000)"}, pragmas...)}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

func provider(db *sql.DB) (*goose.Provider, error) {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, sub)
}

func migrate(ctx context.Context, db *sql.DB) error {
	p, err := provider(db)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// fault says what an error means. Writers stand in line, so nothing races; a file that stays locked is held by another
// program.
func fault(err error) store.Fault {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return store.Gone
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch code := e.Code(); {
		case code == sqlite3.SQLITE_CONSTRAINT_UNIQUE, code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
			return store.Refused
		case code&0xff == sqlite3.SQLITE_BUSY, code&0xff == sqlite3.SQLITE_INTERRUPT:
			return store.Gone
		}
	}
	return store.Broken
}
