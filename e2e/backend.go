package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Demo is what `kontaktd demo` says of itself in its ready file.
type Demo struct {
	URL      string   `json:"url"`
	Clinic   string   `json:"clinic"`
	Provider string   `json:"provider"`
	Metrics  string   `json:"metrics"`
	Codes    []string `json:"codes"` // for enrolling tablets
}

// Backend is a running kontaktd.
type Backend struct {
	Demo Demo

	binary, dir string
	args        []string
	log         io.Writer
	cmd         *exec.Cmd
	done        chan struct{}
}

// NewBackend describes a `kontaktd demo` with its data under dir; Start runs it.
func NewBackend(binary, dir string, log io.Writer, args ...string) *Backend {
	return &Backend{binary: binary, dir: dir, args: args, log: log}
}

// Start runs the program and waits until it is ready. The first start picks free ports, every later one the same again.
func (b *Backend) Start(ctx context.Context) error {
	ready := filepath.Join(b.dir, "ready.json")
	os.Remove(ready)
	b.cmd = exec.Command(b.binary, append([]string{
		"demo", "--data", filepath.Join(b.dir, "data"), "--ready-file", ready,
		"--port", "0", "--provider-port", "0", "--relay-port", "0", "--metrics-port", "0",
	}, b.args...)...)
	b.cmd.Stdout, b.cmd.Stderr = b.log, b.log
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := b.cmd.Start(); err != nil {
		return err
	}
	done, cmd := make(chan struct{}), b.cmd
	b.done = done
	go func() {
		cmd.Wait()
		close(done)
	}()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if text, err := os.ReadFile(ready); err == nil && json.Unmarshal(text, &b.Demo) == nil && b.healthy(ctx) {
			return nil
		}
		select {
		case <-done:
			return errors.New("e2e: kontaktd ended before it was ready; its log says why")
		case <-ctx.Done():
			return errors.New("e2e: kontaktd is not ready in time")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (b *Backend) healthy(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.Demo.URL+"/healthz", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// Command runs another kontaktd beside it on the same data, as its operator does.
func (b *Backend) Command(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, b.binary, append(args, "--data", filepath.Join(b.dir, "data"))...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("e2e: kontaktd %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}

// Kill ends the program at once (SIGKILL).
func (b *Backend) Kill() {
	b.cmd.Process.Kill()
	<-b.done
}

// Stop ends it as an operator does, and says when it did not end well.
func (b *Backend) Stop() error {
	b.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-b.done:
		if code := b.cmd.ProcessState.ExitCode(); code != 0 {
			return fmt.Errorf("e2e: kontaktd ended with %d", code)
		}
		return nil
	case <-time.After(20 * time.Second):
		b.Kill()
		return errors.New("e2e: kontaktd did not stop when told to")
	}
}
