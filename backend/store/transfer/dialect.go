package transfer

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"kontaktlaege/backend/store/engine"
)

// kind is what a column holds, on both engines.
type kind string

const (
	text    kind = "text"
	integer kind = "integer"
	boolean kind = "boolean"
	octets  kind = "octets"
)

type column struct {
	name     string
	kind     kind
	identity bool
}

type table struct {
	name    string
	columns []column // by name
	refers  []string // to tables
}

// dialect is what differs between the engines when one looks at all of a database.
type dialect struct {
	snapshot   sql.IsolationLevel
	kinds      map[string]kind
	names      string // query: all tables of ours
	columns    string // query of a table: name, type and whether it counts by itself, by name
	references string // query of a table: those that it refers to
	lock       func(ctx context.Context, tx *sql.Tx, tables []table) error
	count      func(ctx context.Context, tx *sql.Tx, table, column string) error // goes on behind the copied rows
}

var dialects = map[engine.Kind]dialect{
	engine.SQLite: {
		kinds: map[string]kind{"TEXT": text, "BIGINT": integer, "INTEGER": integer, "BOOLEAN": boolean, "BLOB": octets},
		names: `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name <> 'goose_db_version' ORDER BY name`,
		// AUTOINCREMENT counts on behind what was inserted without being told.
		columns:    `SELECT name, type, FALSE FROM pragma_table_info($1) ORDER BY name`,
		references: `SELECT DISTINCT "table" FROM pragma_foreign_key_list($1)`,
	},
	engine.Postgres: {
		snapshot: sql.LevelRepeatableRead,
		kinds:    map[string]kind{"text": text, "bigint": integer, "boolean": boolean, "bytea": octets},
		names:    `SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'goose_db_version' ORDER BY tablename COLLATE "C"`,
		columns: `SELECT column_name::text, data_type::text, is_identity = 'YES' FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 ORDER BY column_name COLLATE "C"`,
		references: `SELECT DISTINCT f.relname::text FROM pg_constraint c JOIN pg_class f ON f.oid = c.confrelid
			WHERE c.contype = 'f' AND c.conrelid = to_regclass(quote_ident($1))`,
		lock: func(ctx context.Context, tx *sql.Tx, tables []table) error {
			if _, err := tx.ExecContext(ctx, `SET LOCAL lock_timeout = '5s'`); err != nil {
				return err
			}
			names := make([]string, len(tables))
			for i, t := range tables {
				names[i] = quote(t.name)
			}
			_, err := tx.ExecContext(ctx, `LOCK TABLE `+strings.Join(names, ", ")+` IN ACCESS EXCLUSIVE MODE`)
			return err
		},
		count: func(ctx context.Context, tx *sql.Tx, table, column string) error {
			_, err := tx.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence(quote_ident($1), $2), COALESCE(last, 1), last IS NOT NULL)
				FROM (SELECT MAX(`+quote(column)+`) AS last FROM `+quote(table)+`) AS t`, table, column)
			return err
		},
	},
}

// tables reads what there is.
func (d dialect) tables(ctx context.Context, tx *sql.Tx) ([]table, error) {
	names, err := words(ctx, tx, d.names)
	if err != nil {
		return nil, err
	}
	all := make([]table, len(names))
	for i, name := range names {
		all[i].name = name
		if all[i].columns, err = d.columnsOf(ctx, tx, name); err != nil {
			return nil, err
		}
		if all[i].refers, err = words(ctx, tx, d.references, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (d dialect) columnsOf(ctx context.Context, tx *sql.Tx, name string) ([]column, error) {
	rows, err := tx.QueryContext(ctx, d.columns, name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []column
	for rows.Next() {
		var c column
		var declared string
		if err := rows.Scan(&c.name, &declared, &c.identity); err != nil {
			return nil, err
		}
		var known bool
		if c.kind, known = d.kinds[declared]; !known {
			return nil, fmt.Errorf("%s.%s is of a type that cannot be copied: %s", name, c.name, declared)
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

func (d dialect) finish(ctx context.Context, tx *sql.Tx, tables []table) error {
	for _, t := range tables {
		for _, c := range t.columns {
			if c.identity && d.count != nil {
				if err := d.count(ctx, tx, t.name, c.name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func words(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
