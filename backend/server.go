package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"kontaktlaege/assets"
	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/audit"
	"kontaktlaege/backend/httpapi"
	"kontaktlaege/backend/signin"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/stream"
	"kontaktlaege/backend/turn"
	"kontaktlaege/backend/waiting"
	"kontaktlaege/backend/web"
	"kontaktlaege/internal/kontakt"
)

// Limits of a connection. Streams replace the deadlines with their own.
const (
	headerWithin = 10 * time.Second
	readWithin   = 30 * time.Second
	writeWithin  = 45 * time.Second
	idleFor      = 2 * time.Minute
	headerBytes  = 16 << 10
	finishWithin = 10 * time.Second // what runs when told to stop
	freshWithin  = time.Second      // what has connected by then, to say what it wants
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

// streams gives the hub's readers as the handlers want them.
type streams struct{ *stream.Hub }

func (s streams) Subscribe(ctx context.Context, at kontakt.Cursor) (httpapi.Subscription, error) {
	sub, err := s.Hub.Subscribe(ctx, at)
	if err != nil {
		return nil, err
	}
	return sub, nil
}

// build makes the parts that stand on the database and everything that is served.
func (s *Server) build(background context.Context) (http.Handler, error) {
	letter, err := invitations()
	if err != nil {
		return nil, err
	}
	rooms := waiting.New(s.db, waiting.Options{GuestPage: s.url + guestPage, Letter: letter})
	hub := stream.New(s.db, rooms, rooms)
	s.meter = newMeter(s.relay, hub.Readers)
	citizens, err := s.openRegistry()
	if err != nil {
		return nil, err
	}
	people, err := s.openSignin()
	if err != nil {
		return nil, err
	}
	s.api, err = httpapi.New(httpapi.Parts{
		Queue: rooms, Room: rooms, Messages: rooms, Calls: rooms, Guests: rooms, Citizens: citizens, Relays: s.relay, Streams: streams{hub}, Once: s.db,
		Devices: people, Signins: people, Sessions: people,
	}, httpapi.Config{
		Cookie: signin.ClinicCookie, GuestCookie: guestCookie, BaseURL: s.url, BehindProxy: s.cfg.BehindProxy, TLS: s.overTLS(),
		Meter: s.meter, Now: s.cfg.Now, Log: s.log,
	})
	if err != nil {
		return nil, err
	}
	post, err := s.openOutbox()
	if err != nil {
		return nil, err
	}
	s.meter.outbox(post.Figures)
	s.run(background, "outbox", post.Run)
	s.runAlone(background, "waiting", rooms.Run)
	s.run(background, "stream", hub.Run)
	s.runAlone(background, "audit", audit.New(s.db).Run)

	issuer, err := url.Parse(s.cfg.OIDC.Issuer)
	if err != nil {
		return nil, wrong("oidc-issuer", "%w", err)
	}
	pages := http.NewServeMux()
	pages.Handle("/signin/", people.Browser())
	pages.Handle("GET /klinik/login", people.Browser())
	pages.Handle("POST /klinik/logout", people.Browser())
	pages.Handle("/klinik/", web.Clinic(issuer.Scheme+"://"+issuer.Host))
	pages.Handle("/gaest/", web.Guest())
	pages.Handle("/shared/", web.Shared())
	pages.Handle("GET /{$}", http.RedirectHandler("/klinik/", http.StatusSeeOther))
	pages.HandleFunc("GET /healthz", s.health)
	all := http.NewServeMux()
	all.Handle("/api/", s.api)
	all.Handle("/", s.page(pages))
	return all, nil
}

func (s *Server) openSignin() (*signin.Service, error) {
	secret, err := s.cfg.clientSecret()
	if err != nil {
		return nil, err
	}
	claims, _ := oidc.Preset(s.cfg.OIDC.Claims) // check has seen that it exists
	party, err := oidc.New(oidc.Config{
		Issuer: s.cfg.OIDC.Issuer, ClientID: s.cfg.OIDC.ClientID, ClientSecret: secret, Claims: claims, Now: s.cfg.Now,
		RedirectURL: s.url + CallbackPath, PostLogoutURL: s.url + "/klinik/",
	})
	if err != nil {
		return nil, wrong("oidc-issuer", "%w", err)
	}
	text, err := sentences()
	if err != nil {
		return nil, err
	}
	return signin.New(signin.Config{DB: s.db, Provider: party, BaseURL: s.url, Text: text, Log: s.log})
}

// sentences reads what a person may be told, by language and key.
func sentences() (func(language string, key kontakt.MsgKey) string, error) {
	all := map[string]map[kontakt.MsgKey]string{}
	for _, language := range []string{"da", "en"} {
		text, err := assets.Text.ReadFile("text/" + language + ".json")
		if err != nil {
			return nil, err
		}
		var said map[kontakt.MsgKey]string
		if err := json.Unmarshal(text, &said); err != nil {
			return nil, fmt.Errorf("text/%s.json: %w", language, err)
		}
		all[language] = said
	}
	return func(language string, key kontakt.MsgKey) string { return all[language][key] }, nil
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

// serve answers on l, which has taken TLS off where there is any.
func (s *Server) serve(l net.Listener, h http.Handler) {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true) // from a proxy of ours, or on loopback; it also has a decrypted connection be asked for HTTP/2
	var fresh newcomers
	srv := &http.Server{
		Handler: h, ConnState: fresh.changed, Protocols: protocols,
		ReadHeaderTimeout: headerWithin, ReadTimeout: readWithin, WriteTimeout: writeWithin, IdleTimeout: idleFor,
		MaxHeaderBytes: headerBytes, ConnContext: s.connected, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	ended := s.serving(func() error { return srv.Serve(l) })
	s.close = append(s.close, func() error {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		<-ended
		fresh.wait(freshWithin)
		s.api.EndStreams()
		ctx, cancel := context.WithTimeout(context.Background(), finishWithin)
		defer cancel()
		err := srv.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			s.log.Warn("backend: requests were cut off by the stop")
			err = srv.Close()
		}
		return err
	})
}

// connected makes a new connection one whose end is noticed.
func (s *Server) connected(ctx context.Context, c net.Conn) context.Context {
	if err := impatient(c); err != nil {
		s.log.Warn("backend: a dead connection will be noticed late", "err", err)
	}
	return ctx
}

// serving runs a server and closes what it returns once that has ended.
func (s *Server) serving(serve func() error) (ended chan struct{}) {
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		if err := serve(); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			s.fail(fmt.Errorf("backend: serve: %w", err))
		}
	}()
	return ended
}

// page adds to what is no API: the log line, and that browsers stay with TLS. The log has the route, never the path, in
// which a one-time secret may stand.
func (s *Server) page(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.overTLS() {
			w.Header().Set("Strict-Transport-Security", "max-age=63072000")
		}
		began := s.cfg.Now()
		defer func() {
			if v := recover(); v != nil && v != http.ErrAbortHandler {
				s.log.Error("panic", "route", r.Pattern, "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
				panic(http.ErrAbortHandler) // the browser sees a broken answer, not half a page
			} else if v != nil {
				panic(v)
			}
		}()
		h.ServeHTTP(w, r)
		s.log.Debug("page", "route", r.Pattern, "method", r.Method, "took", s.cfg.Now().Sub(began))
	})
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
