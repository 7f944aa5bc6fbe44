package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"kontaktlaege/e2e"
)

// end is one end of a call, and what it has seen.
type end interface {
	// seen gives all samples so far, and the letters that were typed there and that came.
	seen(ctx context.Context) (samples []sample, sent, received []typed, err error)
	// ready says whether it waits for "call".
	ready(ctx context.Context) (bool, error)
	// do is "call", "network", or "type" with letters.
	do(ctx context.Context, what, letters string) error
	close()
}

// phoneEnd is the tablet's phone in a process of its own.
type phoneEnd struct {
	*process
	mu      sync.Mutex
	samples []sample
	sent    []typed
	warm    bool
	gone    chan struct{}
}

func (s *stage) startPhone(name string, proxied bool, others []string) (*phoneEnd, error) {
	env := []string{"SSL_CERT_FILE=" + s.cert}
	if proxied {
		env = append(env, "HTTPS_PROXY="+proxyURL)
	}
	p, err := s.self(s.tablet, "phone.log", env, append([]string{rolePhone, name}, others...)...)
	if err != nil {
		return nil, err
	}
	e := &phoneEnd{process: p, gone: make(chan struct{})}
	go e.read()
	return e, nil
}

func (e *phoneEnd) read() {
	defer close(e.gone)
	for lines := bufio.NewScanner(e.out); lines.Scan(); {
		var l line
		if json.Unmarshal(lines.Bytes(), &l) != nil {
			continue
		}
		e.mu.Lock()
		e.warm = e.warm || l.Warm
		if l.Sample != nil {
			e.samples = append(e.samples, *l.Sample)
		}
		if l.Typed != nil {
			e.sent = append(e.sent, *l.Typed)
		}
		e.mu.Unlock()
	}
}

var errPhoneEnded = errors.New("the phone has ended: out/netlab/phone.log says why")

func (e *phoneEnd) seen(context.Context) ([]sample, []typed, []typed, error) {
	select {
	case <-e.gone:
		return nil, nil, nil, errPhoneEnded
	default:
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]sample(nil), e.samples...), append([]typed(nil), e.sent...), nil, nil
}

func (e *phoneEnd) ready(ctx context.Context) (bool, error) {
	_, _, _, err := e.seen(ctx)
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.warm, err
}

func (e *phoneEnd) do(_ context.Context, what, letters string) error {
	_, err := fmt.Fprintln(e.in, what, letters)
	return err
}

func (e *phoneEnd) close() {
	e.process.in.Close()
	within(e.gone)
	e.process.close()
}

// within waits some seconds for an end.
func within(ended <-chan struct{}) bool {
	select {
	case <-ended:
		return true
	case <-time.After(5 * time.Second):
		return false
	}
}

// pageEnd is a page in a browser.
type pageEnd struct {
	page           *e2e.Page
	samples        []sample
	sent, received []typed
}

func (b *browser) open(ctx context.Context, name, me string) (*pageEnd, error) {
	page, err := b.Open(ctx, serverURL+"/?call="+name+"&me="+me, true, 640, 360, "")
	return &pageEnd{page: page}, err
}

func (e *pageEnd) seen(ctx context.Context) ([]sample, []typed, []typed, error) {
	var taken struct {
		Samples         []sample
		Typed, Received []typed
		Error, State    string
	}
	if err := e.page.Eval(ctx, "lab.take()", &taken); err != nil {
		return nil, nil, nil, err
	}
	if taken.Error != "" {
		return nil, nil, nil, fmt.Errorf("the page says %s", taken.Error)
	}
	e.samples = append(e.samples, taken.Samples...)
	e.sent = append(e.sent, taken.Typed...)
	e.received = append(e.received, taken.Received...)
	return e.samples, e.sent, e.received, nil
}

func (e *pageEnd) ready(ctx context.Context) (ready bool, err error) {
	err = e.page.Eval(ctx, "lab.ready", &ready)
	return ready, err
}

func (e *pageEnd) do(ctx context.Context, what, letters string) error {
	switch what {
	case "call":
		return e.page.Eval(ctx, "void lab.start()", nil)
	case "network":
		return nil // a browser sees by itself that it is another
	}
	text, err := json.Marshal(letters)
	if err != nil {
		return err
	}
	return e.page.Eval(ctx, fmt.Sprintf("void lab.type(%s)", text), nil)
}

func (e *pageEnd) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = e.page.Close(ctx) // the browser may be gone already
}
