package loadtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	readyWithin = time.Minute
	stopWithin  = 30 * time.Second
	tail        = 4 << 10 // of a log, shown when its process fails
)

// node is a process of our own: a backend, or the bare handler that it is held against.
type node struct {
	name    string
	url     string
	metrics string
	cmd     *exec.Cmd
	log     *os.File
	ended   chan struct{}
	err     error // how it ended; after ended
}

// launch starts the program and waits until it answers at url's path.
func launch(ctx context.Context, name, program string, args, env []string, dir, url, path, metrics string) (*node, error) {
	log, err := os.Create(filepath.Join(dir, name+".log"))
	if err != nil {
		return nil, err
	}
	n := &node{name: name, url: url, metrics: metrics, log: log, ended: make(chan struct{})}
	n.cmd = exec.Command(program, args...)
	n.cmd.Stdout, n.cmd.Stderr = log, log
	n.cmd.Env = append(ownEnvironment(), env...)
	tie(n.cmd)
	if err := n.cmd.Start(); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	go func() {
		n.err = n.cmd.Wait()
		close(n.ended)
	}()
	if err := n.ready(ctx, path); err != nil {
		return nil, errors.Join(err, n.stop())
	}
	return n, nil
}

// ownEnvironment leaves out what sets up somebody's real backend.
func ownEnvironment() []string {
	var env []string
	for _, one := range os.Environ() {
		if !strings.HasPrefix(one, "KONTAKT_") {
			env = append(env, one)
		}
	}
	return env
}

func (n *node) ready(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.metrics+path, nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			return nil
		}
		select {
		case <-n.ended:
			return fmt.Errorf("%s ended: %w\n%s", n.name, n.err, n.said())
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w\n%s", n.name, ctx.Err(), n.said())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// said is the end of what the process wrote.
func (n *node) said() string {
	text, err := os.ReadFile(n.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-tail):])
}

// stop ends the process as an operator does, and by force where it does not listen. Ending badly is an error.
func (n *node) stop() error {
	defer n.log.Close()
	n.cmd.Process.Signal(syscall.SIGTERM) // one that has ended is seen below
	select {
	case <-n.ended:
	case <-time.After(stopWithin):
		n.cmd.Process.Kill()
		<-n.ended
		return fmt.Errorf("%s did not stop when told to", n.name)
	}
	if n.err != nil {
		return fmt.Errorf("%s: %w\n%s", n.name, n.err, n.said())
	}
	return nil
}

// freeAddress finds a port that nobody listens on.
func freeAddress() (string, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// serve starts `kontaktd serve` on the run's database.
func (r *run) serve(ctx context.Context, name string, cert *certificate, env ...string) (*node, error) {
	var address [3]string
	for i := range address {
		var err error
		if address[i], err = freeAddress(); err != nil {
			return nil, err
		}
	}
	secret := filepath.Join(r.dir, "oidc.secret")
	if err := os.WriteFile(secret, []byte("nobody signs in here"), 0o600); err != nil {
		return nil, err
	}
	scheme := "http://"
	args := []string{
		"--log-level", "error", "serve", "--listen", address[0], "--metrics", address[1], "--relay-listen", address[2],
		"--data", r.data, "--database", r.database, "--keys-file", r.keysFile,
		"--oidc-issuer", "http://127.0.0.1:1", "--oidc-client-id", "loadtest", "--oidc-client-secret-file", secret,
	}
	if cert != nil {
		scheme = "https://"
		args = append(args, "--tls-cert", cert.file, "--tls-key", cert.key)
	}
	return launch(ctx, name, r.Program, args, env, r.dir, scheme+address[0], "/metrics", "http://"+address[1])
}
