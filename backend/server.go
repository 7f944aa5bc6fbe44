package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"kontaktlaege/backend/httpapi"
	"kontaktlaege/backend/signin"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/turn"
)

// CallbackPath is where the sign-in provider sends browsers back to, below the base address.
const CallbackPath = signin.CallbackPath

// Server is a running backend.
type Server struct {
	cfg        Config
	log        *slog.Logger
	url        string
	metricsURL string
	db         *store.DB
	relay      *turn.Relay
	api        *httpapi.API
	meter      *meter
	relayIs    atomic.Pointer[relayState]
	writable   writable

	loops  sync.WaitGroup
	stop   context.CancelFunc
	failed chan error
	close  []func() error // in the order of opening
}

// Open starts everything and serves. ctx is for the start only.
func Open(ctx context.Context, cfg Config, log *slog.Logger) (_ *Server, err error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	background, stop := context.WithCancel(context.Background())
	s := &Server{cfg: cfg, log: log, stop: stop, failed: make(chan error, 4)}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	tlsConfig, err := cfg.certificate()
	if err != nil {
		return nil, err
	}
	listener, err := s.listen(ctx, "listen", cfg.Listen, cfg.HTTPListener)
	if err != nil {
		return nil, err
	}
	s.url = cfg.BaseURL
	if s.url == "" {
		scheme := "http://"
		if tlsConfig != nil {
			scheme = "https://"
		}
		s.url = scheme + listener.Addr().String()
	}
	if err := s.openStore(ctx); err != nil {
		return nil, err
	}
	pages, err := s.openRelay(ctx, listener, tlsConfig)
	if err != nil {
		return nil, err
	}
	s.close = append(s.close, func() error {
		s.stop()
		s.loops.Wait()
		return nil
	})
	handler, err := s.build(background)
	if err != nil {
		return nil, err
	}
	if err := s.serveMetrics(ctx); err != nil {
		return nil, err
	}
	s.run(background, "relay check", s.watchRelay)
	s.serve(pages, handler)
	log.Info("backend: serving", "url", s.url, "listen", listener.Addr().String(), "relay", s.relay.URLs())
	return s, nil
}

func (s *Server) listen(ctx context.Context, flag, address string, open net.Listener) (net.Listener, error) {
	if open == nil {
		var err error
		if open, err = (&net.ListenConfig{}).Listen(ctx, "tcp", address); err != nil {
			return nil, wrong(flag, "%w", err)
		}
	}
	s.close = append(s.close, func() error {
		if err := open.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	return open, nil
}

func (s *Server) openStore(ctx context.Context) error {
	unlock, err := s.cfg.lock()
	if err != nil {
		return err
	}
	s.close = append(s.close, unlock)
	if s.db, err = s.cfg.Storage.Open(ctx, s.cfg.Now); err != nil {
		return err
	}
	s.close = append(s.close, s.db.Close)
	if s.cfg.Vet != nil {
		return s.cfg.Vet(ctx, s.db)
	}
	return nil
}

func (s *Server) overTLS() bool { return s.cfg.TLSCert != "" || s.cfg.BehindProxy }

// run keeps a loop going until Close. One that ends by itself ends the server: half a backend is worse than none.
func (s *Server) run(ctx context.Context, name string, loop func(context.Context) error) {
	s.loops.Go(func() {
		err := loop(ctx)
		if ctx.Err() == nil {
			s.fail(fmt.Errorf("backend: %s ended: %w", name, errors.Join(err, errors.New("it never should"))))
		}
	})
}

// runAlone is run for what one of all the processes on the database does.
func (s *Server) runAlone(ctx context.Context, name string, loop func(context.Context) error) {
	s.run(ctx, name, func(ctx context.Context) error { return s.db.Lease(ctx, name, loop) })
}

func (s *Server) fail(err error) {
	select {
	case s.failed <- err:
	default: // one is enough to stop
	}
}

// URL is how clients reach the server.
func (s *Server) URL() string { return s.url }

// MetricsURL is where the figures are; "" for nowhere.
func (s *Server) MetricsURL() string { return s.metricsURL }

// RelayURLs are the relay's addresses.
func (s *Server) RelayURLs() []string { return s.relay.URLs() }

// RelayPort is the built-in relay's; 0 where it runs elsewhere.
func (s *Server) RelayPort() uint16 { return s.relay.Listen().Port() }

// Wait blocks until ctx ends or the server cannot go on, and says why it cannot.
func (s *Server) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.failed:
		return err
	}
}

// Close stops: streams end, requests finish, loops end, and the database closes last.
func (s *Server) Close() error {
	var errs []error
	for _, c := range slices.Backward(s.close) {
		errs = append(errs, c())
	}
	s.close = nil
	s.stop()
	return errors.Join(errs...)
}
