package postgres

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"kontaktlaege/backend/store"
)

// fault says what an error means. What does not come from the server comes from the way there or from our own clock, unless
// it is of values that do not fit: those errors have no type to be known by.
func fault(err error) store.Fault {
	said, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		for _, ours := range []string{"sql: Scan error", "sql: expected ", "failed to encode args"} {
			if strings.Contains(err.Error(), ours) {
				return store.Broken
			}
		}
		return store.Gone
	}
	switch said.Code {
	case "23505": // unique_violation
		return store.Refused
	case "40001", // serialization_failure
		"40P01", // deadlock_detected
		"55P03", // lock_not_available: waited for lock_timeout
		"0A000": // feature_not_supported: a cached plan from before a migration
		return store.Raced
	case "25P03", // idle_in_transaction_session_timeout
		"25006", // read_only_sql_transaction: this machine follows another now
		"57014", // query_canceled: statement_timeout
		"53300", // too_many_connections
		"53400": // configuration_limit_exceeded
		return store.Gone
	}
	switch said.Code[:2] {
	case "08", // connection exception
		"57": // operator intervention: shuts down, starts up, was restarted after a crash
		return store.Gone
	}
	return store.Broken
}
