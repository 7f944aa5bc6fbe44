package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// fault is one mistake that somebody could make.
type fault struct {
	name string // the part and what is wrong there
	hurt string // what it would do to whom
	file string
	old  string // stands in the file exactly once; short, so that it bears a move
	new  string
	by   []suite // what ought to notice, the quickest first

	hangs bool   // what it does is to wait for ever: a time-out is a test that noticed
	alive string // why it is right that nothing notices
}

// suite is a selection of tests.
type suite struct {
	pkg   string // a Go package; "": pages
	run   string // as of go test -run; of a page's file: part of the test's name
	race  bool
	short bool
	flag  string // of the package's own tests
	page  string // a file of e2e/web, played in a real browser against a built kontaktd
}

func (s suite) String() string {
	words := []string{s.pkg + s.page}
	if s.run != "" {
		words = append(words, "-run "+s.run)
	}
	if s.race {
		words = append(words, "-race")
	}
	return strings.Join(words, " ")
}

// tests are all tests of some packages.
func tests(pkgs ...string) []suite {
	all := make([]suite, len(pkgs))
	for i, p := range pkgs {
		all[i].pkg = p
	}
	return all
}

// some are those tests of a package that a pattern names, where all of them take too long.
func some(pkg, run string) []suite { return []suite{{pkg: pkg, run: run}} }

// rooms are all of the waiting room's on the quicker engine: what they say does not depend on it.
var rooms = []suite{{pkg: "backend/waiting", flag: "-engine=SQLite"}}

// hubs are the streams' of one process: those of several nodes take long and ask the same of the log.
var hubs = some("backend/stream", "TestSub|TestNext|TestHub|TestCutSlow|TestTellSeen|TestPoll|TestRun")

// raced are the same under the race detector, in short.
func raced(pkg, run string) []suite { return []suite{{pkg: pkg, run: run, race: true, short: true}} }

// page are those tests of a file of e2e/web whose name holds the words.
func page(file, words string) []suite { return []suite{{page: file, run: words}} }

// faults is the whole table, part by part.
var faults = slices.Concat(rules, stores, streams, signIns, calls, steps, doors, pages)

// apply gives the file's text with the fault in it.
func (f fault) apply(root string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, f.file))
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(text), f.old); n != 1 {
		return nil, fmt.Errorf("%s: %q stands there %d times", f.file, f.old, n)
	}
	return []byte(strings.Replace(string(text), f.old, f.new, 1)), nil
}
