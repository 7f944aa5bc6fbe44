package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
)

// beKontaktd makes this test's binary the program: the load test starts its own.
const beKontaktd = "TEST_BE_KONTAKTD"

func TestMain(m *testing.M) {
	if os.Getenv(beKontaktd) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// stage lets the load test find the program, and whatever it leaves behind be found.
func stage(t *testing.T) (left func() []string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv(beKontaktd, "1")
	return func() []string {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range files {
			names = append(names, f.Name())
		}
		return names
	}
}

var small = []string{"loadtest", "--tablets=4", "--clinicians=3", "--clinics=2", "--for=1s", "--pause=0s", "--rooms=6", "--rivals=4", "--idle=8", "--settle=0s"}

func TestLoadtest_worksOnRealBackendsAndLeavesNothing(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	left := stage(t)
	code, out, errs := call(t, small...)
	if code != 0 {
		t.Fatalf("code = %d: %s\n%s", code, errs, out)
	}
	for _, want := range []string{
		"whole round", "start, taken", "event to the reader of one of 6 rooms, p99", "race: start, p99", "8 of them, HTTP/1.1, to a bare handler's",
		"8 of them, TLS with HTTP/2, to a bare handler's",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("nothing is said of %q:\n%s", want, out)
		}
	}
	for line := range strings.Lines(out) {
		for _, step := range []string{"join", "answer", "signal", "end", "event"} {
			if f := strings.Fields(line); len(f) > 1 && f[0] == step && f[1] == "0" {
				t.Errorf("there was none: %s", line)
			}
		}
	}
	if names := left(); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
}

func TestLoadtest_onPostgresWithMoreThanOneBackend(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	args := append(append([]string{}, small...), "--idle=0", "--nodes=2", "--database="+testkit.Postgres(t))
	stage(t)
	if code, out, errs := call(t, args...); code != 0 || !strings.Contains(out, "PostgreSQL, 2 backend(s)") {
		t.Errorf("code = %d: %s\n%s", code, errs, out)
	}
}

func TestLoadtest_stopsWhenToldTo(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	left := stage(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil { // until a backend of its own runs
			if logs, _ := filepath.Glob(filepath.Join(os.TempDir(), "*", "backend-1.log")); len(logs) > 0 {
				cancel()
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	code, _, errs := callUntil(ctx, append(append([]string{}, small...), "--for=1h"))
	if code == 0 || !strings.Contains(errs, "canceled") {
		t.Errorf("code = %d: %s", code, errs)
	}
	if names := left(); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
}
