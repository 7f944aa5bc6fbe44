package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
)

// M4, as a municipality's IT does it: a table to begin with, filled in, set, changed, turned off.
func TestTOBS_fromTheCommandLine(t *testing.T) {
	testkit.Guard(t, time.Minute)
	data, path := t.TempDir(), filepath.Join(t.TempDir(), "tobs.json")
	run := func(wantCode int, args []string, want ...string) (out string) {
		t.Helper()
		code, out, errs := call(t, args...)
		if code != wantCode {
			t.Fatalf("%v: code %d, want %d: %s%s", args, code, wantCode, out, errs)
		}
		for _, w := range want {
			if !strings.Contains(out+errs, w) {
				t.Errorf("%v: %q does not say %q", args, out+errs, w)
			}
		}
		return out
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	on := func(args ...string) []string {
		return append(append([]string{"municipality"}, args...), "--data", data)
	}
	const cvr = "99999993"
	run(0, on("add", cvr, "Eksempel Kommune"))
	run(0, on("tobs", "show", cvr), "Today TOBS is off.")

	write(run(0, []string{"municipality", "tobs", "template"}))
	run(1, on("tobs", "set", cvr, "--file", path), path, "line 4", "version", "is empty")
	filled := run(0, []string{"municipality", "tobs", "template", "--owner=Eksempel Kommune", "--version=2026-01", "--valid-from=2026-01-01"})
	write(strings.Replace(filled, `{"to": 11, "score": 1}`, `{"to": 21, "score": 1}`, 1))
	run(1, on("tobs", "set", cvr, "--file", path), path, "line 10", "parameters[0].bands[2]", "ascend")
	run(0, on("tobs", "show", cvr), "Today TOBS is off.")
	write(filled)
	run(0, on("tobs", "set", cvr, "--file", path), "Eksempel Kommune: TOBS version 2026-01 counts from 2026-01-01. Today version 2026-01 counts.")

	write(strings.NewReplacer(`"2026-01"`, `"2999-01"`, `"2026-01-01"`, `"2999-01-01"`).Replace(filled))
	run(0, on("tobs", "set", cvr, "--file", path), "version 2999-01 counts from 2999-01-01.", "Today version 2026-01 counts.")
	run(0, on("tobs", "show", cvr), "2999-01", "from 2999-01-01", "Today version 2026-01 counts.")
	if out := run(0, on("tobs", "show", cvr, "2026-01")); out != filled {
		t.Errorf("what was set is not what is shown:\n%s", out)
	}
	run(1, on("tobs", "show", cvr, "1"), `no version "1"`)
	run(0, on("tobs", "off", cvr))
	run(0, on("tobs", "show", cvr), "turned off", "Today TOBS is off.")
	run(1, on("tobs", "off", cvr), "off", "already")
	run(1, on("tobs", "off", "12345678"), "12345678")
	run(2, on("tobs", "set", cvr), "--file")
	run(1, on("tobs", "set", cvr, "--file", path+"x"), "--file", path+"x")
	run(0, []string{"municipality", "tobs", "set", "--help"}, "--file=FILE", "Turn TOBS on")
}
