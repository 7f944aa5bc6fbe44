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
	storetest.Run(t, func(t testing.TB, keys store.Keys, now func() time.Time) func() (*store.DB, error) {
		dsn := testkit.Postgres(t)
		return func() (*store.DB, error) { return postgres.Open(context.Background(), dsn, keys, now) }
	})
}
