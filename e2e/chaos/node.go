package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"kontaktlaege/e2e/cable"
)

// node is one kontaktd, run as an operator runs it, behind a link of its own.
type node struct {
	name    string
	binary  string
	args    []string
	address string
	front   *cable.Link
	log     *os.File
	gaveUp  func()

	mu     sync.Mutex
	cmd    *exec.Cmd
	done   chan struct{}
	wanted bool // it is to run
	served bool // it has answered since it was started
}

// newNode describes a node whose files lie in dir; start runs it.
func newNode(name, binary, dir, database, keys, base string) (*node, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	relay, err := freeAddress()
	if err != nil {
		return nil, err
	}
	secret := filepath.Join(dir, "oidc.secret")
	if err := os.WriteFile(secret, []byte("nobody signs in here"), 0o600); err != nil {
		return nil, err
	}
	n := &node{name: name, binary: binary, address: address, args: []string{
		"--log-level", "warn", "serve", "--listen", address, "--base-url", base, "--metrics", "off", "--data", dir, "--keys-file", keys,
		"--relay-listen", relay, "--oidc-issuer", "http://127.0.0.1:1", "--oidc-client-id", "chaos", "--oidc-client-secret-file", secret,
	}}
	if database != "" {
		n.args = append(n.args, "--database", database)
	}
	if n.log, err = os.OpenFile(filepath.Join(dir, "kontaktd.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	n.front, err = cable.New(func() []string { return []string{address} })
	return n, err
}

func freeAddress() (string, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// start runs the program; it does not wait. One that ends by itself is started again, as systemd does: where that was
// not on the start, such as without a database, gaveUp is told.
func (n *node) start() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	cmd := exec.Command(n.binary, n.args...)
	cmd.Stdout, cmd.Stderr = n.log, n.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	n.cmd, n.done, n.wanted, n.served = cmd, done, true, false
	go n.mind(cmd, done)
	go n.ready(context.Background()) // notes that it served
	return nil
}

func (n *node) mind(cmd *exec.Cmd, done chan struct{}) {
	cmd.Wait()
	close(done)
	time.Sleep(200 * time.Millisecond)
	n.mu.Lock()
	again := n.wanted && n.cmd == cmd
	served := n.served
	n.mu.Unlock()
	if !again {
		return
	}
	if served {
		n.gaveUp()
	}
	if err := n.start(); err != nil {
		n.gaveUp()
	}
}

// ready waits until it answers over HTTP.
func (n *node) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.address+"/healthz", nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			n.mu.Lock()
			defer n.mu.Unlock()
			n.served = true
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer; %s may say why", n.name, n.log.Name())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (n *node) ended() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.done
}

func (n *node) signal(s syscall.Signal) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cmd.Process.Signal(s) // one that has ended is found by ready
}

// kill ends it with -9 and waits until it is gone.
func (n *node) kill() {
	n.leave()
	n.signal(syscall.SIGKILL)
	<-n.ended()
}

// leave lets it be gone.
func (n *node) leave() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wanted = false
}

// stop ends it as an operator does.
func (n *node) stop() error {
	n.leave()
	n.signal(syscall.SIGTERM)
	select {
	case <-n.ended():
	case <-time.After(30 * time.Second):
		n.kill()
		return fmt.Errorf("%s does not stop when it is told to", n.name)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.cmd.ProcessState.Success() {
		return fmt.Errorf("%s ended with %v", n.name, n.cmd.ProcessState)
	}
	return nil
}

func (n *node) close() error {
	if n.cmd != nil {
		n.kill()
	}
	n.front.Close()
	return n.log.Close()
}

var errNoBinary = errors.New("there is no kontaktd: make build makes it")
