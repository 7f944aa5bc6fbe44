// Command mutants asks the tests whether they would notice: it puts one fault at a time into the code, as a tired
// colleague might, and runs the tests that ought to fail. The last line is "mutants N killed M"; below 95 % it fails.
//
// Invariants: the work tree is never touched (go's -overlay shows the compiler a changed file, an embedded one too, and a
// loader shows it to node). Only a test that failed is a kill: a fault that does not compile, that no longer fits the
// code, whose tests are red without it, or that hangs where it ought not to, is an error of the table. A fault that
// nothing notices counts as alive even where the table says why that is right.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

func main() {
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "mutants puts faults into the code, one at a time, and says which test notices\n\nflags:\n")
		flag.PrintDefaults()
	}
	only := flag.String("only", "", "faults whose name or file matches this regular expression")
	list := flag.Bool("list", false, "print the faults and why they would hurt")
	jobs := flag.Int("jobs", 1, "faults at the same time; a test that waits for real media wants the machine alone")
	flag.Parse()
	ok, err := run(*only, *list, *jobs, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

func run(only string, list bool, jobs int, out io.Writer) (bool, error) {
	match, err := regexp.Compile(only)
	if err != nil {
		return false, err
	}
	chosen := make([]fault, 0, len(faults))
	for _, f := range faults {
		if match.MatchString(f.name) || match.MatchString(f.file) {
			chosen = append(chosen, f)
		}
	}
	if list {
		for _, f := range chosen {
			fmt.Fprintf(out, "%-58s %s\n", f.name, f.hurt)
		}
		return true, nil
	}
	if len(chosen) == 0 || jobs < 1 {
		return false, errors.New("no fault to try")
	}
	l, err := newLab()
	if err != nil {
		return false, err
	}
	defer l.close()
	t := tally{out: out}
	work := make(chan fault)
	var done sync.WaitGroup
	for range jobs {
		done.Go(func() {
			for f := range work {
				began := time.Now()
				v, err := l.try(f)
				t.tell(f, v, err, time.Since(began))
			}
		})
	}
	for _, f := range chosen {
		work <- f
	}
	close(work)
	done.Wait()
	return t.end()
}

// tally prints each fault as it ends, and counts.
type tally struct {
	mu            sync.Mutex
	out           io.Writer
	tried, killed int
	broken        []error
}

func (t *tally) tell(f fault, by string, err error, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	what := "killed by " + by
	switch {
	case err != nil:
		t.broken = append(t.broken, fmt.Errorf("%s: %w", f.name, err))
		what = "ERROR: " + strings.SplitN(err.Error(), "\n", 2)[0]
	case by == "" && f.alive != "":
		what = "SURVIVED, as it may: " + f.alive
	case by == "":
		what = "SURVIVED, which hurts: " + f.hurt
	}
	t.tried++
	if err == nil && by != "" {
		t.killed++
	}
	fmt.Fprintf(t.out, "%-58s %4.0fs  %s\n", f.name, took.Seconds(), what)
}

// enough is the share of the faults that the tests are to notice.
const enough = 0.95

func (t *tally) end() (bool, error) {
	fmt.Fprintf(t.out, "mutants %d killed %d\n", t.tried, t.killed)
	return float64(t.killed) >= enough*float64(t.tried), errors.Join(t.broken...)
}

// root is the folder of the module.
func root() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("go list -m: %w", err)
	}
	return filepath.FromSlash(strings.TrimSpace(string(out))), nil
}
