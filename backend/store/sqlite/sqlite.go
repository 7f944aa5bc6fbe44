// Package sqlite is the embedded engine of backend/store: modernc's SQLite, in this process, in one file.
//
// Invariants: the file is in WAL mode with synchronous=FULL, so what was committed outlives a power cut; there is one
// writing connection, which takes the write lock when a transaction begins, so writers queue here and never fail busy;
// readers are other connections that can't write; the migrations have run before Open returns, and
// a file of a newer version is left alone.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
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
	write, err := Connect(path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	if _, _, err := migrate(ctx, write); err != nil {
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

// Migrate runs the migrations on the file at path and nothing else, and says its version before and after.
func Migrate(ctx context.Context, path string) (from, to int64, err error) {
	db, err := Connect(path)
	if err != nil {
		return 0, 0, err
	}
	from, to, err = migrate(ctx, db)
	if err := errors.Join(err, db.Close()); err != nil {
		return 0, 0, fmt.Errorf("sqlite: %s: %w", path, err)
	}
	return from, to, nil
}

// Version gives the number of the last migration that has run on the file at path; 0 for a database with none, and for no
// file.
func Version(ctx context.Context, path string) (int64, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	db, err := connect(path, "deferred", 1, "query_only(1)")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	var version int64
	err = db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema WHERE name = $1`, goose.DefaultTablename).Scan(&version)
	if err == nil && version > 0 {
		err = db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+goose.DefaultTablename+` WHERE is_applied`).Scan(&version)
	}
	if err != nil {
		return 0, fmt.Errorf("sqlite: %s: %w", path, err)
	}
	return version, nil
}

// Connect opens one connection for long work, such as a copy of everything. A file that is made is its owner's alone.
func Connect(path string) (*sql.DB, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return connect(path, "immediate", 1, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)")
}

// Read opens one connection that can't write, for the same.
func Read(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	return connect(path, "deferred", 1, "query_only(1)")
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

func migrate(ctx context.Context, db *sql.DB) (from, to int64, err error) {
	p, err := provider(db)
	if err != nil {
		return 0, 0, err
	}
	known := p.ListSources()
	if from, err = p.GetDBVersion(ctx); err == nil {
		err = store.Fits(from, known[len(known)-1].Version)
	}
	if err != nil {
		return 0, 0, err
	}
	if _, err = p.Up(ctx); err != nil {
		return from, from, err
	}
	to, err = p.GetDBVersion(ctx)
	return from, to, err
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
