package postgres_test

import (
	"context"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/postgres"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/testkit"
)

func TestPostgres_keepsTheContractOfTheStore(t *testing.T) {
	storetest.Run(t, storetest.Postgres)
}

// On a disk that is waited for, as in production.
func BenchmarkPostgres(b *testing.B) {
	server := testkit.NewPostgres(b)
	server.Exec(b, `ALTER SYSTEM SET fsync = on`)
	server.Exec(b, `SELECT pg_reload_conf()`)
	storetest.Bench(b, func(t testing.TB, keys store.Keys, now func() time.Time) func() (*store.DB, error) {
		dsn := server.Database(t)
		return func() (*store.DB, error) { return postgres.Open(context.Background(), dsn, keys, now) }
	})
}
