package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/testkit"
)

func TestFault_ofWhatTheServerSays(t *testing.T) {
	for code, want := range map[string]store.Fault{
		"23505": store.Refused, "40001": store.Raced, "40P01": store.Raced, "55P03": store.Raced,
		"57P01": store.Gone, "57P03": store.Gone, "57P05": store.Gone, "25P03": store.Gone, "08006": store.Gone, "57014": store.Gone, "25006": store.Gone,
		"23503": store.Broken, "22021": store.Broken, "42P01": store.Broken, "53100": store.Broken, "25P02": store.Broken,
	} {
		if got := fault(fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code})); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
	for _, err := range []error{io.ErrUnexpectedEOF, context.DeadlineExceeded, sql.ErrConnDone} {
		if got := fault(err); got != store.Gone {
			t.Errorf("%v: %d, want Gone", err, got)
		}
	}
}

func TestFault_ofValuesThatDoNotFit(t *testing.T) {
	db, err := Connect(testkit.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	for name, err := range map[string]error{
		"NULL into a number": db.QueryRow(`SELECT NULL::bigint`).Scan(&n),
		"a column too many":  db.QueryRow(`SELECT 1, 2`).Scan(&n),
		"a word as a number": db.QueryRow(`SELECT $1::bigint`, "word").Scan(&n),
	} {
		if err == nil || fault(err) != store.Broken {
			t.Errorf("%s: %v is %d, want Broken", name, err, fault(err))
		}
	}
}
