package engine_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
	"kontaktlaege/internal/testkit"
)

func each(t *testing.T, run func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { run(t, "sqlite:"+filepath.Join(t.TempDir(), "kontakt.db")) })
	t.Run("postgres", func(t *testing.T) { run(t, testkit.Postgres(t)) })
}

// After an update that went wrong the older program is started on what the newer one has changed.
func TestOpen_aDatabaseOfANewerVersionIsLeftAlone(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		keys := store.NewKeys()
		db, err := engine.Open(t.Context(), address, keys, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		_, raw, err := engine.Raw(address, true)
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		if _, err := raw.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (90001, $1)", true); err != nil {
			t.Fatal(err)
		}
		open := func(do func(context.Context, string, store.Keys, func() time.Time) (*store.DB, error)) error {
			db, err := do(t.Context(), address, keys, time.Now)
			if err == nil {
				db.Close()
			}
			return err
		}
		for name, try := range map[string]func() error{
			"open":      func() error { return open(engine.Open) },
			"open long": func() error { return open(engine.OpenLong) },
			"migrate":   func() error { _, _, err := engine.Migrate(t.Context(), address); return err },
		} {
			if err := try(); err == nil || !strings.Contains(err.Error(), "90001") || !strings.Contains(err.Error(), "newer") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if is, err := engine.Version(t.Context(), address); err != nil || is != 90001 {
			t.Errorf("afterwards it is of version %d, %v", is, err)
		}
	})
}

func TestSplit_noRefusalShowsAPassword(t *testing.T) {
	for _, address := range []string{
		"host=db user=kontakt password=hemmelig", "password=hemmelig", "mysql://kontakt:hemmelig@db/kontakt", "hemmelig", "",
		"postgres://kontakt:hemmelig@db:notaport/kontakt", "postgres://kontakt:hemmelig@db/kontakt?sslmode=nonsense",
		"postgres://db/kontakt?password=hemmelig&sslmode=nonsense", "postgres://kontakt:hemm%zzelig@db/kontakt",
		"postgres:hemmelig@db/kontakt", "postgres://kontakt:hemmelig@db/kontakt?pool_max_conns=mange", "postgress://kontakt:hemmelig@db/kontakt",
	} {
		_, _, err := engine.Split(address)
		if err == nil {
			t.Errorf("%q is taken for an address", address)
			continue
		}
		if strings.Contains(err.Error(), "hemmelig") || strings.Contains(err.Error(), "hemm%zz") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if got := engine.Name("postgres://kontakt:hemmelig@db:5432/kontakt?password=hemmelig"); got != "postgres://db:5432/kontakt" {
		t.Errorf("name = %q", got)
	}
}

func TestOpen_aServerThatWillNotHaveUsSaysWhyWithoutThePassword(t *testing.T) {
	there := testkit.Postgres(t)
	host := strings.TrimSuffix(strings.TrimPrefix(there[:strings.LastIndex(there, "/")], "postgres://kontakt@"), "/")
	for name, address := range map[string]string{
		"no such database": "postgres://kontakt:hemmelig@" + host + "/ingen?sslmode=disable",
		"no such role":     "postgres://ingen:hemmelig@" + host + "/postgres?sslmode=disable",
		"nobody answers":   "postgres://kontakt:hemmelig@127.0.0.1:1/kontakt?sslmode=disable",
	} {
		_, err := engine.Open(t.Context(), address, store.NewKeys(), time.Now)
		if err == nil || strings.Contains(err.Error(), "hemmelig") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		t.Log(name+":", err)
	}
}
