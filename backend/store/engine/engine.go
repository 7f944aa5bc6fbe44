// Package engine says which engine of backend/store a database's address means, and opens it. An address is
// "sqlite:PATH" or "postgres://…"; one that is neither is refused before anything is touched, and what is shown of one
// never has the password in it.
package engine

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/postgres"
	"kontaktlaege/backend/store/sqlite"
)

// Kind is an engine.
type Kind string

// The engines.
const (
	SQLite   Kind = "sqlite"
	Postgres Kind = "postgres"
)

// Split reads an address: the path of a file, or all of PostgreSQL's.
func Split(address string) (Kind, string, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch {
	case scheme == "sqlite" && rest != "":
		return SQLite, rest, nil
	case scheme == "postgres" || scheme == "postgresql":
		return Postgres, address, postgres.Check(address)
	}
	return "", "", fmt.Errorf("%q is not the address of a database, such as sqlite:data/kontakt.db or postgres://user@host/kontakt", Name(address))
}

// Name is an address for people and logs. What is neither a file nor the address of a server may hold a password
// anywhere, as "host=… password=…" does.
func Name(address string) string {
	if strings.HasPrefix(address, "sqlite:") {
		return address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "(unreadable)"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// Open opens the database at an address and runs the migrations. now is the backend's clock.
func Open(ctx context.Context, address string, keys store.Keys, now func() time.Time) (*store.DB, error) {
	kind, place, err := Split(address)
	if err != nil {
		return nil, err
	}
	if kind == SQLite {
		return sqlite.Open(ctx, place, keys, now)
	}
	return postgres.Open(ctx, place, keys, now)
}

// Migrate runs the migrations and nothing else, and says the version before and after.
func Migrate(ctx context.Context, address string) (from, to int64, err error) {
	kind, place, err := Split(address)
	if err != nil {
		return 0, 0, err
	}
	if kind == SQLite {
		return sqlite.Migrate(ctx, place)
	}
	return postgres.Migrate(ctx, place)
}

// Version is the number of the last migration that has run; 0: none.
func Version(ctx context.Context, address string) (int64, error) {
	kind, place, err := Split(address)
	if err != nil {
		return 0, err
	}
	if kind == SQLite {
		return sqlite.Version(ctx, place)
	}
	return postgres.Version(ctx, place)
}

// Raw opens one connection past the store, for reading everything or writing everything.
func Raw(address string, write bool) (Kind, *sql.DB, error) {
	kind, place, err := Split(address)
	if err != nil {
		return "", nil, err
	}
	var db *sql.DB
	switch {
	case kind == Postgres:
		db, err = postgres.Connect(place)
	case write:
		db, err = sqlite.Connect(place)
	default:
		db, err = sqlite.Read(place)
	}
	return kind, db, err
}
