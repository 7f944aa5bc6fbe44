package storetest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
	"kontaktlaege/internal/testkit"
)

// Each runs a test on every engine. On PostgreSQL what open gives may be called twice, for two nodes on one database.
func Each(t *testing.T, run func(t *testing.T, open Open)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, SQLite) })
	t.Run("postgres", func(t *testing.T) { run(t, Postgres) })
}

// SQLite opens the embedded engine, on a file whose name a careless address would trip over.
func SQLite(t testing.TB, keys store.Keys, now func() time.Time) func() (*store.DB, error) {
	return at("sqlite:"+filepath.Join(t.TempDir(), "kontakt æ?#%.db"), keys, now)
}

// Postgres opens the engine for many nodes.
func Postgres(t testing.TB, keys store.Keys, now func() time.Time) func() (*store.DB, error) {
	return at(testkit.Postgres(t), keys, now)
}

func at(address string, keys store.Keys, now func() time.Time) func() (*store.DB, error) {
	return func() (*store.DB, error) { return engine.Open(context.Background(), address, keys, now) }
}
