package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/internal/kontakt"
)

// killRoom is where the process that is to be killed writes.
const killRoom = kontakt.Room("clinic:kli_aaaaaaaaaaaaaaaaaaaaaaaaaa")

// TestMain is that process, when the environment says so: it acknowledges each committed event on standard output.
func TestMain(m *testing.M) {
	dir := os.Getenv("KONTAKT_TEST_WRITE")
	if dir == "" {
		os.Exit(m.Run())
	}
	keys, err := store.KeysFile(filepath.Join(dir, "keys"))
	if err != nil {
		panic(err)
	}
	db, err := sqlite.Open(context.Background(), filepath.Join(dir, "kontakt.db"), keys, time.Now)
	if err != nil {
		panic(err)
	}
	for {
		var seq kontakt.Seq
		if err := db.Update(context.Background(), func(tx *store.Tx) (err error) {
			seq, err = tx.Append(killRoom, kontakt.EventClinicChanged, nil)
			return err
		}); err != nil {
			panic(err)
		}
		fmt.Println(seq)
	}
}

// E16: whatever was acknowledged before kill -9 is there afterwards, in order, without a hole.
func TestSQLite_aKilledWriterLosesNothingThatItAcknowledged(t *testing.T) {
	dir := t.TempDir()
	var acknowledged kontakt.Seq
	for round := range 4 {
		writer := exec.CommandContext(t.Context(), os.Args[0])
		writer.Env = append(os.Environ(), "KONTAKT_TEST_WRITE="+dir)
		writer.Stderr = os.Stderr
		out, err := writer.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			seq, err := strconv.Atoi(lines.Text())
			if err != nil || kontakt.Seq(seq) <= acknowledged {
				t.Fatalf("acknowledged %q after %d", lines.Text(), acknowledged)
			}
			acknowledged = kontakt.Seq(seq)
			if n == 20+7*round {
				if err := writer.Process.Kill(); err != nil { // SIGKILL, in the middle of the next
					t.Fatal(err)
				}
			}
		}
		if writer.Wait() == nil {
			t.Fatal("the writer ended by itself")
		}
	}
	keys, err := store.KeysFile(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "kontakt.db"), keys, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		events, err := tx.Events(killRoom, 0, 100000)
		for i, e := range events {
			if e.Seq != kontakt.Seq(i+1) {
				t.Fatalf("after %d comes %d", i, e.Seq)
			}
		}
		if last := kontakt.Seq(len(events)); last < acknowledged {
			t.Errorf("%d events, %d were acknowledged", last, acknowledged)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
