package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// lab runs tests on the code as it would be.
type lab struct {
	root, temp string

	mu    sync.Mutex
	sound map[suite]*baseline
}

// baseline is a suite on the code as it is.
type baseline struct {
	once sync.Once
	took time.Duration
	err  error
}

func newLab() (*lab, error) {
	dir, err := root()
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "mutants-*")
	return &lab{root: dir, temp: temp, sound: map[suite]*baseline{}}, err
}

func (l *lab) close() { os.RemoveAll(l.temp) }

// try gives the test that notices a fault; "" where none does.
func (l *lab) try(f fault) (by string, err error) {
	text, err := f.apply(l.root)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(l.temp, "*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(l.root, f.file)
	overlay, err := writeOverlay(dir, file, text)
	if err == nil {
		err = writeLoader(dir, file, text)
	}
	if err != nil {
		return "", err
	}
	for _, s := range f.by {
		base := l.baseline(s)
		if base.err != nil {
			return "", fmt.Errorf("without the fault, %s: %w", s, base.err)
		}
		within := 4*base.took + 3*time.Minute // guards of tests that hang are of two minutes
		if f.hangs {
			within = 2*base.took + 20*time.Second
		}
		by, err := l.run(s, dir, overlay, within)
		if errors.Is(err, errHang) && f.hangs {
			return s.String() + ", which hangs", nil
		}
		if by != "" || err != nil {
			return by, err
		}
	}
	return "", nil
}

// writeOverlay gives the file that tells go to see another text in a file's place.
func writeOverlay(dir, file string, text []byte) (string, error) {
	instead := filepath.Join(dir, "mutant"+filepath.Ext(file))
	table, err := json.Marshal(map[string]any{"Replace": map[string]string{file: instead}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, errors.Join(os.WriteFile(instead, text, 0o600), os.WriteFile(overlay, table, 0o600))
}

// loader is the file of a fault's folder that has node see another text in a module's place: some tests of the pages
// import it from the tree, without kontaktd.
const loader = "loader.mjs"

func writeLoader(dir, file string, text []byte) error {
	module := url.URL{Scheme: "file", Path: filepath.ToSlash(file)}
	instead, err := json.Marshal([]string{module.String(), string(text)})
	if err != nil {
		return err
	}
	hook, err := json.Marshal("const [module, source] = " + string(instead) + `
export const load = (url, context, next) => (url === module ? { format: 'module', shortCircuit: true, source } : next(url, context))`)
	if err != nil {
		return err
	}
	register := "import { register } from 'node:module'\nregister('data:text/javascript,' + encodeURIComponent(" + string(hook) + "))\n"
	return os.WriteFile(filepath.Join(dir, loader), []byte(register), 0o600)
}

// slow is what no suite takes on any machine.
const slow = 15 * time.Minute

// baseline runs a suite without a fault, once: what is red already proves nothing.
func (l *lab) baseline(s suite) *baseline {
	l.mu.Lock()
	b := l.sound[s]
	if b == nil {
		b = &baseline{}
		l.sound[s] = b
	}
	l.mu.Unlock()
	b.once.Do(func() {
		dir, err := os.MkdirTemp(l.temp, "*")
		if err != nil {
			b.err = err
			return
		}
		defer os.RemoveAll(dir)
		began := time.Now()
		by, err := l.run(s, dir, "", slow)
		b.took, b.err = time.Since(began), err
		if by != "" {
			b.err = fmt.Errorf("red: %s", by)
		}
	})
	return b
}

// run gives the first test of a suite that fails; "" where all are green.
func (l *lab) run(s suite, dir, overlay string, within time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	if s.page == "" {
		return l.goTest(ctx, s, overlay)
	}
	kontaktd := filepath.Join(dir, "kontaktd")
	build := exec.CommandContext(ctx, "go", "build", "-tags=migrated_fynedo", "-overlay="+overlay, "-o", kontaktd, "./backend/cmd/kontaktd")
	build.Dir = l.root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("does not build: %w\n%s", err, out)
	}
	args := []string{"--test", "--test-concurrency=1", "--test-reporter=tap"}
	if s.run != "" {
		args = append(args, "--test-name-pattern="+regexp.QuoteMeta(s.run))
	}
	node := exec.CommandContext(ctx, "node", append(args, "web/"+s.page)...)
	node.Dir = filepath.Join(l.root, "e2e")
	node.Env = append(os.Environ(), "KONTAKTD="+kontaktd)
	if overlay != "" {
		node.Env = append(node.Env, "NODE_OPTIONS=--import="+filepath.Join(dir, loader))
	}
	return first(ctx, node, nodeFailed, nodeRan)
}

func (l *lab) goTest(ctx context.Context, s suite, overlay string) (string, error) {
	args := []string{"test", "-tags=migrated_fynedo", "-overlay=" + overlay, "-vet=off", "-count=1", "-failfast", "-v", "-timeout=0"}
	if s.race {
		args = append(args, "-race")
	}
	if s.short {
		args = append(args, "-short")
	}
	if s.run != "" {
		args = append(args, "-run", s.run)
	}
	args = append(args, "./"+s.pkg)
	if s.flag != "" {
		args = append(args, s.flag)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = l.root
	return first(ctx, cmd, goFailed, goRan)
}

// What a test runner prints of a test that failed, and of one that ran at all.
var (
	goFailed   = regexp.MustCompile(`^ *--- FAIL: (\S+)|^(panic: .*)|^(fatal error: .*)|^(WARNING: DATA RACE)|^(FAIL)\t\S+\t[\d.]+s`)
	goRan      = regexp.MustCompile(`^=== RUN `)
	nodeFailed = regexp.MustCompile(`^ *not ok \d+ - (.*)`)
	nodeRan    = regexp.MustCompile(`^ *ok \d+ - [^#]*$`)
)

var errHang = errors.New("timed out, which the fault would not explain")

// first runs tests up to the first that fails, and names it.
func first(ctx context.Context, cmd *exec.Cmd, failed, ran *regexp.Regexp) (string, error) {
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second // for what a killed browser or database holds open still
	if err := cmd.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		ended <- err
		w.Close()
	}()
	var by string
	var said strings.Builder
	some := false
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		said.WriteString(line)
		some = some || ran.MatchString(line)
		if m := failed.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil && by == "" {
			by = strings.Join(m[1:], "")
			if cmd.Cancel() == nil { // the rest is of no interest
				_, err := io.Copy(io.Discard, r)
				<-ended
				return by, err
			}
		}
		if err != nil {
			break
		}
	}
	err := <-ended
	switch {
	case by != "":
		return by, nil
	case ctx.Err() != nil:
		return "", errHang
	case err != nil:
		return "", fmt.Errorf("does not build: %w\n%s", err, said.String())
	case !some:
		return "", errors.New("runs no test")
	}
	return "", nil
}
