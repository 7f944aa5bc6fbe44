package engine

import (
	"context"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/postgres"
	"kontaktlaege/backend/store/sqlite"
)

// OpenLong opens the database at an address for one long change, such as an import, beside servers that run on it.
func OpenLong(ctx context.Context, address string, keys store.Keys, now func() time.Time) (*store.DB, error) {
	kind, place, err := Split(address)
	if err != nil {
		return nil, err
	}
	if kind == SQLite {
		return sqlite.Open(ctx, place, keys, now)
	}
	return postgres.OpenLong(ctx, place, keys, now)
}
