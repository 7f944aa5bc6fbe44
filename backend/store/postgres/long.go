package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kontaktlaege/backend/store"
)

// OpenLong opens the database for one long change beside the nodes that serve, such as an import, and runs the
// migrations. Nothing but its context ends a transaction, and each statement sees what others have committed: what it
// writes is what the last writer decides.
func OpenLong(ctx context.Context, dsn string, keys store.Keys, now func() time.Time) (*store.DB, error) {
	if _, _, err := Migrate(ctx, dsn); err != nil {
		return nil, err
	}
	conn, err := Connect(dsn)
	if err != nil {
		return nil, err
	}
	db, err := store.New(ctx, store.Engine{Write: conn, Read: conn, Fault: fault}, keys, now)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("postgres: %w", err), conn.Close())
	}
	return db, nil
}
