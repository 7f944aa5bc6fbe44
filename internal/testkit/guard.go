// Package testkit is what tests of several packages share. Only tests import it.
package testkit

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

// Guard stands on the first line of a test that starts goroutines: it fails the test when any of them is left at its
// end, and ends the process with all stacks when the test takes longer than limit. Not for parallel tests.
func Guard(t testing.TB, limit time.Duration) {
	t.Helper()
	before := goroutines()
	watchdog := time.AfterFunc(limit, func() {
		pprof.Lookup("goroutine").WriteTo(os.Stderr, 2)
		panic(fmt.Sprintf("testkit: %s is still running after %v", t.Name(), limit))
	})
	t.Cleanup(func() {
		watchdog.Stop()
		var left []string
		// What was told to end needs a moment to do so; idle waiting costs nothing when nothing is left.
		for deadline := time.Now().Add(5 * time.Second); ; {
			if left = newer(before, goroutines()); len(left) == 0 || time.Now().After(deadline) {
				break
			}
			runtime.Gosched()
			time.Sleep(5 * time.Millisecond)
		}
		if len(left) > 0 {
			t.Errorf("goroutines left behind:\n%s", strings.Join(left, "\n\n"))
		}
	})
}

// goroutines gives the stack of each goroutine by its id, without the runtime's own and the test runner's.
func goroutines() map[string]string {
	buf := make([]byte, 1<<20)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	all := map[string]string{}
	for _, stack := range bytes.Split(buf, []byte("\n\n")) {
		s := string(stack)
		id, _, ok := strings.Cut(strings.TrimPrefix(s, "goroutine "), " ")
		if !ok || strings.Contains(s, "testing.(*T).Run(") || strings.Contains(s, "testing.(*M).") ||
			strings.Contains(s, "os/signal.") || strings.Contains(s, "runtime.goexit0") {
			continue
		}
		all[id] = s
	}
	return all
}

func newer(before, now map[string]string) []string {
	var left []string
	for id, stack := range now {
		if _, was := before[id]; !was && !strings.Contains(stack, "testkit.goroutines") {
			left = append(left, stack)
		}
	}
	return left
}

// Seeds gives each file that matches pattern to a fuzz test, and fails when none does: a corpus that moved away must
// not pass unnoticed.
func Seeds(f *testing.F, pattern string) {
	f.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		f.Fatalf("no seed matches %s (%v)", pattern, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
}
