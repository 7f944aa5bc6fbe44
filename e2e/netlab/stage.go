package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"

	"kontaktlaege/e2e"
	"kontaktlaege/media/capture"
)

// stage is everything that runs while there are calls.
type stage struct {
	dir                    string // thrown away
	out                    string // kept
	cert, key              string
	video, sound           string
	tablet, clinic, server *namespace
	router                 *router
	clinicBrowser          *browser
	tabletBrowser          *browser // as the case needs it; nil: none yet
	tabletProxied          bool
	closers                []func()
}

// loop is the length of the browsers' looping picture.
const loop = 4

func newStage(ctx context.Context, out string) (s *stage, err error) {
	s = &stage{out: out}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "kontakt-netlab-"); err != nil {
		return nil, err
	}
	s.closers = append(s.closers, func() { os.RemoveAll(s.dir) })
	if err := s.networks(); err != nil {
		return s, err
	}
	s.cert, s.key = filepath.Join(s.dir, "cert.pem"), filepath.Join(s.dir, "key.pem")
	if err := certify(s.cert, s.key); err != nil {
		return s, err
	}
	if err := s.startServer(ctx); err != nil {
		return s, err
	}
	if err := s.writeSources(); err != nil {
		return s, err
	}
	s.clinicBrowser, err = s.browse(ctx, s.clinic)
	return s, err
}

func (s *stage) networks() error {
	for _, n := range []struct {
		to            **namespace
		name, address string
	}{{&s.tablet, "tablet", tabletAddress}, {&s.clinic, "clinic", clinicAddress}, {&s.server, "server", serverAddress}} {
		made, err := newNamespace(n.name, n.address+"/24")
		if err != nil {
			return err
		}
		*n.to = made
		s.closers = append(s.closers, made.close)
	}
	if err := s.server.join(proxyAddress + "/24"); err != nil {
		return err
	}
	s.router = newRouter(s.tablet, s.clinic, s.server)
	s.closers = append(s.closers, func() {
		for _, n := range []*namespace{s.tablet, s.clinic, s.server} {
			n.tun.Close() // ends the router's readers
		}
		s.router.close()
	})
	return nil
}

// self is this program in a role, in a namespace. It ends with us, however we end.
func (s *stage) self(in *namespace, logName string, env []string, args ...string) (*process, error) {
	log, err := os.OpenFile(filepath.Join(s.out, logName), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command("/proc/self/exe", args...), log: log, ended: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = log
	if p.in, err = p.cmd.StdinPipe(); err == nil {
		p.out, err = p.cmd.StdoutPipe()
	}
	if err == nil {
		err = in.inside(p.cmd.Start)
	}
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	return p, nil
}

// process is a running role. Its input ending tells it to end.
type process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   io.ReadCloser
	log   *os.File
	once  sync.Once
	ended chan struct{}
}

func (p *process) close() {
	p.once.Do(func() {
		p.in.Close()
		p.cmd.Process.Signal(syscall.SIGTERM)
		go func() {
			p.cmd.Wait()
			close(p.ended)
		}()
		if !within(p.ended) {
			p.cmd.Process.Kill()
			<-p.ended
		}
		p.log.Close()
	})
}

func (s *stage) startServer(ctx context.Context) error {
	p, err := s.self(s.server, "server.log", nil, roleServer, s.cert, s.key)
	if err != nil {
		return err
	}
	s.closers = append(s.closers, p.close)
	said := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(p.out).ReadString('\n')
		said <- line
	}()
	select {
	case line := <-said:
		if line != "ready\n" {
			return fmt.Errorf("the server did not start: see %s", filepath.Join(s.out, "server.log"))
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *stage) writeSources() error {
	s.video, s.sound = filepath.Join(s.dir, "720p30.y4m"), filepath.Join(s.dir, "tone.wav")
	v, err := os.Create(s.video)
	if err != nil {
		return err
	}
	a, err := os.Create(s.sound)
	if err != nil {
		return errors.Join(err, v.Close())
	}
	return errors.Join(capture.WriteTimecodeY4M(v, 1280, 720, 30, loop), v.Close(), capture.WriteToneWAV(a, 660, loop), a.Close())
}

// browser is a Chromium in a namespace, with the process that drives it.
type browser struct {
	driver *e2e.Driver
	*e2e.Browser
}

func (s *stage) browse(ctx context.Context, in *namespace, args ...string) (*browser, error) {
	b := &browser{}
	err := in.inside(func() error {
		var err error
		b.driver, err = e2e.StartDriver("e2e")
		return err
	})
	if err != nil {
		return nil, err
	}
	s.closers = append(s.closers, func() { b.driver.Close() })
	b.Browser, err = b.driver.LaunchChromium(ctx, s.dir, e2e.BrowserOptions{
		FakeCamera: s.video, FakeMic: s.sound,
		ExtraArgs: append([]string{"--ignore-certificate-errors"}, args...),
	})
	return b, err
}

// tabletsBrowser gives a Chromium beside the phone, which knows of the proxy or does not.
func (s *stage) tabletsBrowser(ctx context.Context, proxied bool) (*browser, error) {
	if s.tabletBrowser != nil && s.tabletProxied == proxied {
		return s.tabletBrowser, nil
	}
	if s.tabletBrowser != nil {
		s.tabletBrowser.driver.Close()
	}
	var args []string
	if proxied {
		args = append(args, "--proxy-server="+proxyURL)
	}
	var err error
	s.tabletBrowser, err = s.browse(ctx, s.tablet, args...)
	s.tabletProxied = proxied
	return s.tabletBrowser, err
}

const proxyURL = "http://" + proxyAddress + ":" + proxyPort

// close ends all, newest first.
func (s *stage) close() {
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
	s.closers = nil
}
