package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// Parts are what the handlers stand on.
type Parts struct {
	Queue     Queue
	Room      Room
	Messages  Messages
	Cards     Cards
	Calls     Calls
	Guests    Guests
	Orders    Orders
	Records   Records
	Citizens  Citizens
	TOBS      TOBS
	Rounds    Rounds
	Handovers Handovers
	Relays    Relays
	Streams   Streams
	Once      Once
	Devices   Devices
	Signins   Signins
	Sessions  Sessions

	Summaries Summaries
}

// Meter counts what was answered.
type Meter interface {
	// Answered is called once a request; kind is "" for a success.
	Answered(route string, status int, kind kontakt.Kind, took time.Duration)
	// Streams is called with 1 and -1 as streams come and go.
	Streams(delta int)
}

// Config is how the handlers behave.
type Config struct {
	Cookie      string // name of the clinic's session cookie
	GuestCookie string // name of a guest's
	PCCookie    string // name of a nurse's at a PC
	BaseURL     string // where browsers reach us: an origin that may post with the cookie
	BehindProxy bool   // a proxy of ours says where a request comes from
	TLS         bool   // everyone reaches us over TLS
	Meter       Meter
	Now         func() time.Time
	Log         *slog.Logger
}

// API serves the protocol.
type API struct {
	Parts
	cfg     Config
	log     *slog.Logger
	now     func() time.Time
	limiter *limiter
	origins *http.CrossOriginProtection
	streams streams
	mux     *http.ServeMux
}

// request is a request whose actor is known to fit its route, with its body.
type request struct {
	*http.Request
	ctx    context.Context // knows the actor; here, since a copy of the whole request would be kept by each stream
	id     string
	secret string
	body   []byte
	cookie *http.Cookie // that the answer sets
}

// New makes the handlers. A route without an access rule, a limit or a handler is an error.
func New(p Parts, cfg Config) (*API, error) {
	a := &API{
		Parts: p, cfg: cfg, log: cfg.Log, now: cfg.Now, limiter: newLimiter(),
		origins: http.NewCrossOriginProtection(), streams: streams{open: map[string][]*openStream{}}, mux: http.NewServeMux(),
	}
	if cfg.BaseURL != "" {
		if err := a.origins.AddTrustedOrigin(cfg.BaseURL); err != nil {
			return nil, fmt.Errorf("httpapi: %w", err)
		}
	}
	for _, rt := range routes {
		if !rt.complete() {
			return nil, fmt.Errorf("httpapi: %s %s has no access rule, no limit or no handler", rt.method, rt.path)
		}
		a.mux.Handle(rt.method+" "+prefix+rt.path, a.handler(rt))
	}
	a.mux.Handle("/api/", a.handler(route{method: "*", path: "/", who: anyone, limit: perAddress, do: (*API).unknown}))
	return a, nil
}

// Context is for all that is done for the request. A stream's outlives the hang-up, of which Request.Context tells: what
// it asks the database is short, and a transaction leaves what it could be cancelled by a map for the stream's life.
func (r *request) Context() context.Context { return r.ctx }

// entry is the one that the path names.
func (r *request) entry() (kontakt.EntryID, error) { return kontakt.ParseEntryID(r.PathValue("id")) }

// actor is who asks; nobody on a route for anyone.
func (r *request) actor() kontakt.Actor {
	a, _ := kontakt.ActorFrom(r.ctx)
	return a
}

func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// unknown answers for addresses and methods that are none of the protocol's.
func (a *API) unknown(*request) (reply, error) {
	return reply{}, &kontakt.Error{Op: "httpapi.unknown", Kind: kontakt.NotFound, Msg: kontakt.MsgNotFound}
}

// handler is the one place that answers: whatever a route returns or does ends here.
func (a *API) handler(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		began := a.now()
		ctx := hr.Context()
		if rt.stream != nil {
			ctx = context.WithoutCancel(ctx)
		}
		r := &request{Request: hr, ctx: ctx, id: kontakt.NewSecret()[:16]}
		out := &writer{ResponseWriter: w}
		err := a.guarded(rt, out, r)
		if err != nil && !out.begun {
			a.problem(out, r, err)
		}
		a.record(rt, out, r, err, a.now().Sub(began))
		if errors.Is(err, http.ErrAbortHandler) {
			panic(http.ErrAbortHandler)
		}
	})
}

// guarded turns a panic into an error.
func (a *API) guarded(rt route, w *writer, r *request) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = a.panicked(rt, r, v)
		}
	}()
	a.headers(w, r)
	return a.serve(rt, w, r)
}

func (a *API) headers(w *writer, r *request) {
	h := w.Header()
	h.Set("Request-Id", r.id)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	if a.cfg.TLS {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
}

// serve lets the route answer what has been let in. A stream stays in here for hours: what it needs only at first lives
// in frames of its own, since the stack counts for each of thousands.
func (a *API) serve(rt route, w *writer, r *request) error {
	if err := a.admit(rt, w, r); err != nil {
		return err
	}
	if rt.stream != nil {
		return rt.stream(a, w, r)
	}
	return a.reply(rt, w, r)
}

// admit checks everything that does not depend on the route's own meaning.
func (a *API) admit(rt route, w *writer, r *request) error {
	if v := r.Header.Get(wire.VersionHeader); v != "" && v != strconv.Itoa(wire.Version) {
		return &kontakt.Error{Op: "httpapi.version", Kind: kontakt.Gone, Msg: kontakt.MsgUpdate}
	}
	if err := a.origins.Check(r.Request); err != nil {
		return &kontakt.Error{Op: "httpapi.origin", Kind: kontakt.Forbidden, Msg: kontakt.MsgNotAllowed, Err: err}
	}
	if err := a.identify(rt.who, r); err != nil {
		return err
	}
	key := a.address(r.Request)
	if !rt.limit.byAddress {
		key = actorKey(r.actor())
	}
	if err := a.pace(rt.limit, key); err != nil {
		return err
	}
	var err error
	r.body, err = readBody(w, r.Request, rt.body)
	return err
}

// reply writes what the route answers.
func (a *API) reply(rt route, w *writer, r *request) error {
	answer, err := a.run(rt, r)
	if err != nil {
		return err
	}
	if r.cookie != nil {
		http.SetCookie(w, r.cookie)
	}
	w.Header().Set("Content-Type", "application/json")
	return w.send(answer.Status, answer.Body)
}

// run calls the route, a change inside the transaction that also keeps its reply.
func (a *API) run(rt route, r *request) (reply, error) {
	if !rt.once {
		return rt.do(a, r)
	}
	key := r.Header.Get(wire.IdempotencyHeader)
	if !goodKey(key) {
		return reply{}, badRequest("key", errors.New("no Idempotency-Key of 8 to 64 characters"))
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s\n", r.Method, r.URL.Path)
	sum.Write(r.body)
	return a.Once.Do(r.Context(), actorKey(r.actor()), key, hex.EncodeToString(sum.Sum(nil)), func(ctx context.Context) (reply, error) {
		again := *r
		again.ctx = ctx
		return rt.do(a, &again)
	})
}

// goodKey is what wire.IdempotencyHeader asks for.
func goodKey(s string) bool {
	if len(s) < 8 || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

// actorKey tells actors apart: a person by session, a tablet by itself.
func actorKey(a kontakt.Actor) string {
	if a.Role == kontakt.RoleDevice {
		return string(a.Device)
	}
	return string(a.Session)
}
