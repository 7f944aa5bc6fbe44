package engine

import (
	"context"
	"fmt"
	"strings"
)

// Check looks whether a database is whole and keeps what it acknowledges. The first answer says what is not as it should
// be, "" for nothing.
func Check(ctx context.Context, address string) (said string, err error) {
	kind, db, err := Raw(address, false)
	if err != nil {
		return "", err
	}
	defer db.Close()
	if kind == SQLite {
		var whole string
		if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&whole); err != nil {
			return "", err
		}
		if whole != "ok" {
			return "", fmt.Errorf("the file is damaged: %s", whole)
		}
		return "", nil
	}
	var off []string
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var is string
		if err := db.QueryRowContext(ctx, "SELECT current_setting($1)", name).Scan(&is); err != nil {
			return "", err
		}
		if is == "off" {
			off = append(off, name)
		}
	}
	if len(off) > 0 {
		return "PostgreSQL has " + strings.Join(off, " and ") + " off", nil
	}
	return "", nil
}
