package transfer

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"kontaktlaege/backend/store/engine"
	"kontaktlaege/internal/testkit"
)

// rulesOf are queries for what a schema forbids: one line a column that may not be empty, a unique index with its
// columns, a reference. Names of indexes are left out where an engine makes them up.
var rulesOf = map[engine.Kind]string{
	engine.SQLite: `
		SELECT t.name || '.' || c.name || ' not null' FROM sqlite_schema t JOIN pragma_table_info(t.name) c
			WHERE t.type = 'table' AND (c."notnull" OR c.pk > 0)
		UNION ALL SELECT t.name || ' unique (' || (SELECT group_concat(name, ',') FROM (SELECT x.name FROM pragma_index_info(i.name) x ORDER BY x.name)) || ')' || CASE WHEN i.partial THEN ' where' ELSE '' END
			FROM sqlite_schema t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND i."unique"
		UNION ALL SELECT t.name || ' unique (' || c.name || ')' FROM sqlite_schema t JOIN pragma_table_info(t.name) c
			WHERE t.type = 'table' AND c.type = 'INTEGER' AND c.pk = 1 -- the row's own number needs no index
		UNION ALL SELECT t.name || '.' || f."from" || ' refers to ' || f."table" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
		UNION ALL SELECT t.name || ' index ' || i.name || ' (' || (SELECT group_concat(x.name, ',') FROM pragma_index_info(i.name) x) || ')' || CASE WHEN i.partial THEN ' where' ELSE '' END
			FROM sqlite_schema t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin = 'c'`,
	engine.Postgres: `
		SELECT c.relname || '.' || a.attname || ' not null' FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
			WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped
		UNION ALL SELECT c.relname || ' unique (' || (SELECT string_agg(a.attname, ',' ORDER BY a.attname COLLATE "C") FROM pg_attribute a
				WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey)) || ')' || CASE WHEN i.indpred IS NULL THEN '' ELSE ' where' END
			FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE i.indisunique AND c.relnamespace = current_schema()::regnamespace
		UNION ALL SELECT c.relname || '.' || a.attname || ' refers to ' || f.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
			JOIN pg_class f ON f.oid = k.confrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey) WHERE k.contype = 'f'
		UNION ALL SELECT c.relname || ' index ' || n.relname || ' (' || (SELECT string_agg(a.attname, ',' ORDER BY array_position(i.indkey::int2[], a.attnum)) FROM pg_attribute a
				WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey)) || ')' || CASE WHEN i.indpred IS NULL THEN '' ELSE ' where' END
			FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid
			WHERE c.relnamespace = current_schema()::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))`,
}

// The two engines' migrations are written by hand: they must forbid the same.
func TestSchemas_areTheSame(t *testing.T) {
	all := map[engine.Kind][]string{}
	for kind, address := range map[engine.Kind]string{engine.SQLite: file(t), engine.Postgres: testkit.Postgres(t)} {
		within(t, migrated(t, address), func(_ side, tx *sql.Tx) {
			lines, err := words(t.Context(), tx, rulesOf[kind])
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range lines {
				if !strings.HasPrefix(line, goose.DefaultTablename) {
					all[kind] = append(all[kind], line)
				}
			}
		})
	}
	if len(all[engine.SQLite]) < 150 {
		t.Fatalf("%d rules, want all", len(all[engine.SQLite]))
	}
	for kind, other := range map[engine.Kind]engine.Kind{engine.SQLite: engine.Postgres, engine.Postgres: engine.SQLite} {
		for _, line := range all[kind] {
			if !slices.Contains(all[other], line) {
				t.Errorf("%s alone has: %s", kind, line)
			}
		}
	}
}
