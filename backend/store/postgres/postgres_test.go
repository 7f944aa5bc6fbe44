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

// A copy writes what it has read for as long as that takes, and reads nothing meanwhile: nobody may take it for dead.
func TestConnect_nothingEndsLongWork(t *testing.T) {
	db, err := postgres.Connect(testkit.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, limit := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "tcp_user_timeout"} {
		var is string
		if err := db.QueryRowContext(t.Context(), `SELECT current_setting($1)`, limit).Scan(&is); err != nil || is != "0" {
			t.Errorf("%s = %q, %v", limit, is, err)
		}
	}
}
