package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
)

func TestSQLite_keepsTheContractOfTheStore(t *testing.T) {
	storetest.Run(t, storetest.SQLite)
}

func open(t *testing.T, keys store.Keys) (*store.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kontakt.db")
	db, err := sqlite.Open(t.Context(), path, keys, storetest.NewClock(storetest.Noon).Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, path
}

// raw opens the file past the store, as an attacker with the disk would.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestSQLite_theFileTellsNoNameNumberReasonOrSecret(t *testing.T) {
	db, path := open(t, store.NewKeys())
	w := storetest.Settle(t, db)
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.AddEntry(store.Entry{
			ID: kontakt.NewEntryID(), State: kontakt.EntryWaiting, Clinic: w.Clinic.ID, Citizen: w.Citizen.ID, Device: w.Device.ID,
			Helper: w.Nurse.ID, Day: kontakt.DateOf(storetest.Noon), Number: 1, Told: kontakt.Told{Reason: "meget hemmelig grund"},
		})
		return errors.Join(err, tx.AddSession(store.Session{ID: kontakt.NewSessionID()}, "sessionens-hemmelighed"),
			tx.Audit(store.Audit{By: &kontakt.Actor{}, Action: "x", CPR: w.Citizen.CPR}))
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Do(t.Context(), "s", "k", "p", func(context.Context) (kontakt.StoredReply, error) {
		return kontakt.StoredReply{Body: []byte("svar med Karla Testesen")}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatal("no file", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"Testesen", "2902004100", "290200-4100", "hemmelig grund", "sessionens-hemmelighed"} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s tells %q", filepath.Base(name), secret)
			}
		}
	}
}

func TestSQLite_aSealedValueMovedElsewhereDoesNotOpen(t *testing.T) {
	db, path := open(t, store.NewKeys())
	w := storetest.Settle(t, db)
	other := store.Citizen{ID: kontakt.NewCitizenID(), CPR: storetest.MustCPR(t, "300601-4100"), Name: "Anders Andet"}
	if err := db.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.SaveCitizen(other); return err }); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]string{
		"another row's name":     `UPDATE citizens SET name = (SELECT name FROM citizens WHERE id = $2) WHERE id = $1`,
		"another column's value": `UPDATE citizens SET name = cpr WHERE id = $1 AND id <> $2`,
		"a changed byte":         `UPDATE citizens SET name = substr(name, 1, length(name) - 1) || x'00' WHERE id = $1 AND id <> $2`,
		"a key that is not ours": `UPDATE citizens SET name = x'0132' || substr(name, 3) WHERE id = $1 AND id <> $2`,
		"nothing":                `UPDATE citizens SET name = x'' WHERE id = $1 AND id <> $2`,
	} {
		if _, err := raw(t, path).Exec(change, string(w.Citizen.ID), string(other.ID)); err != nil {
			t.Fatal(err)
		}
		err := db.View(t.Context(), func(tx *store.Tx) error { _, err := tx.Citizen(w.Citizen.ID); return err })
		if kontakt.KindOf(err) != kontakt.Internal {
			t.Errorf("%s: %v, want Internal", name, err)
		}
		if err := db.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.SaveCitizen(w.Citizen); return err }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpen_readersDoNotWaitForTheWriter(t *testing.T) {
	db, _ := open(t, store.NewKeys())
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.SetSetting("a", "1"); err != nil {
			return err
		}
		return db.View(t.Context(), func(tx *store.Tx) error { // outside of the transaction
			if _, err := tx.Setting("a"); kontakt.KindOf(err) != kontakt.NotFound {
				t.Errorf("a reader sees what is not committed: %v", err)
			}
			return nil
		})
	}); err != nil {
		t.Error(err)
	}
}

func TestMigrate_twiceIsOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kontakt.db")
	var latest int64
	for i := range 2 {
		was, err := sqlite.Version(t.Context(), path)
		if err != nil || was != latest {
			t.Fatalf("version = %d, %v; want %d", was, err, latest)
		}
		from, to, err := sqlite.Migrate(t.Context(), path)
		if err != nil || from != latest || i > 0 && to != latest || to == 0 {
			t.Fatalf("from %d to %d, %v; was %d", from, to, err, latest)
		}
		latest = to
	}
}

func TestOpen_aFolderThatIsNotThereIsAnError(t *testing.T) {
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "no", "kontakt.db"), store.NewKeys(), time.Now)
	if err == nil {
		db.Close()
		t.Fatal("opened")
	}
}

func TestKeysFile_isMadeOnceForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	first, err := store.KeysFile(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := store.KeysFile(path)
	if err != nil || !bytes.Equal(first.Lookup, again.Lookup) || !bytes.Equal(first.Seal[first.Current], again.Seal[again.Current]) {
		t.Errorf("read back: %v, or other keys", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != fs.FileMode(0o600) {
		t.Errorf("mode = %v, %v; want 0600", info.Mode(), err)
	}
}

func TestParseKeys_refusesWhatIsNoKeyFile(t *testing.T) {
	good := string(store.NewKeys().Text())
	for name, text := range map[string]string{
		"nothing": "", "lookup alone": "lookup AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "short": "lookup AAAA", "twice": good + good, "words": good + "hello there\n",
	} {
		if _, err := store.ParseKeys([]byte(text)); err == nil {
			t.Errorf("%s was taken for keys", name)
		}
	}
	if _, err := store.ParseKeys([]byte("# a comment\n\n" + good)); err != nil {
		t.Error(err)
	}
}

func TestKeys_aNewSealKeyOpensOldRows(t *testing.T) {
	keys := store.NewKeys()
	db, path := open(t, keys)
	w := storetest.Settle(t, db)
	db.Close()
	fresh := store.NewKeys()
	rotated := store.Keys{Current: "2", Lookup: keys.Lookup, Seal: map[string][]byte{"1": keys.Seal["1"], "2": fresh.Seal["1"]}}
	parsed, err := store.ParseKeys(rotated.Text())
	if err != nil || parsed.Current != "2" {
		t.Fatalf("current = %q, %v", parsed.Current, err)
	}
	db, err = sqlite.Open(t.Context(), path, parsed, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		c, err := tx.Citizen(w.Citizen.ID)
		if c.Name != w.Citizen.Name {
			t.Error("another name")
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

func BenchmarkSQLite(b *testing.B) {
	storetest.Bench(b, storetest.SQLite)
}
