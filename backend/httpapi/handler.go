package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// Parts are what the handlers stand on.
type Parts struct {
	Queue    Queue
	Room     Room
	Messages Messages
	Calls    Calls
	Guests   Guests
	Citizens Citizens
	Relays   Relays
	Streams  Streams
	Once     Once
	Devices  Devices
	Signins  Signins
	Sessions Sessions
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

type reply = kontakt.StoredReply

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

// panicked tells of a panic. Its value may quote what a person wrote, so only its type is kept.
func (a *API) panicked(rt route, r *request, v any) error {
	if v == http.ErrAbortHandler {
		return http.ErrAbortHandler
	}
	a.log.Error("panic", "request", r.id, "route", rt.method+" "+rt.path, "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
	return &kontakt.Error{Op: "httpapi.panic", Kind: kontakt.Internal}
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
	fingerprint := hex.EncodeToString(sum.Sum(nil))
	if rt.number {
		fingerprint = kontakt.SecretPrint + fingerprint
	}
	return a.Once.Do(r.Context(), actorKey(r.actor()), key, fingerprint, func(ctx context.Context) (reply, error) {
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

// ok answers with v.
func ok(v any) (reply, error) { return answer(http.StatusOK, v) }

func answer(status int, v any) (reply, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return reply{}, &kontakt.Error{Op: "httpapi.answer", Kind: kontakt.Internal, Err: err}
	}
	return reply{Status: status, Body: body}, nil
}

func done() (reply, error) { return reply{Status: http.StatusNoContent}, nil }

// statusOf is the table from kinds to HTTP.
func statusOf(err error) int {
	if msg, _ := kontakt.MsgOf(err); msg == kontakt.MsgUpdate {
		return http.StatusUpgradeRequired
	}
	if errors.Is(err, errTooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	switch kontakt.KindOf(err) {
	case kontakt.Invalid:
		return http.StatusBadRequest
	case kontakt.Unauthenticated:
		return http.StatusUnauthorized
	case kontakt.Forbidden:
		return http.StatusForbidden
	case kontakt.NotFound, kontakt.Hidden:
		return http.StatusNotFound
	case kontakt.Conflict, kontakt.Closed, kontakt.NotAttached:
		return http.StatusConflict
	case kontakt.Gone:
		return http.StatusGone
	case kontakt.TooMany:
		return http.StatusTooManyRequests
	case kontakt.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// problem writes what the outside may know of err.
func (a *API) problem(w *writer, r *request, err error) {
	status := statusOf(err)
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	switch status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		h.Set("Retry-After", "2")
	}
	body, jsonErr := json.Marshal(wire.FromError(err, r.id))
	if jsonErr != nil {
		body = nil
	}
	w.send(status, body)
}

// record writes the line of the log and counts. A request that its sender gave up is no failure of ours.
func (a *API) record(rt route, w *writer, r *request, err error, took time.Duration) {
	route := rt.method + " " + rt.path
	kind := kontakt.KindOf(err)
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request", r.id), slog.String("route", route), slog.Int("status", w.status),
		slog.Duration("took", took), slog.Int64("bytes", w.bytes),
	}
	actor := r.actor()
	if actor.Role != "" {
		attrs = append(attrs, slog.String("role", string(actor.Role)))
	}
	if actor.Device != "" {
		attrs = append(attrs, slog.String("device", string(actor.Device)))
	}
	if actor.Employee != "" {
		attrs = append(attrs, slog.String("employee", string(actor.Employee)))
	}
	if actor.Guest != "" {
		attrs = append(attrs, slog.String("guest", string(actor.Guest)))
	}
	if id := r.PathValue("id"); id != "" && err == nil {
		attrs = append(attrs, slog.String("id", id)) // it parsed, so it is an identifier
	}
	if err != nil {
		attrs = append(attrs, slog.String("kind", string(kind)))
		if e, ok := errors.AsType[*kontakt.Error](err); ok {
			attrs = append(attrs, slog.String("op", e.Op), slog.String("msg", string(e.Msg)))
		}
		switch {
		case r.Request.Context().Err() != nil:
			attrs = append(attrs, slog.Bool("left", true))
		case kind == kontakt.Internal || kind == kontakt.Unavailable:
			level = slog.LevelError
			attrs = append(attrs, slog.String("err", err.Error()))
		}
	}
	a.log.LogAttrs(context.WithoutCancel(r.Context()), level, "request", attrs...)
	if a.cfg.Meter != nil {
		a.cfg.Meter.Answered(route, w.status, kind, took)
	}
}

// writer knows whether an answer has begun.
type writer struct {
	http.ResponseWriter
	once   sync.Once
	begun  bool
	status int
	bytes  int64
}

// Unwrap lets http.ResponseController reach what is below.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *writer) WriteHeader(status int) {
	w.once.Do(func() {
		w.begun, w.status = true, status
		w.ResponseWriter.WriteHeader(status)
	})
}

func (w *writer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// send writes a whole answer. That the other side has hung up shows in the log by its context alone.
func (w *writer) send(status int, body []byte) error {
	if len(body) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	if len(body) == 0 {
		return nil
	}
	_, err := w.Write(body)
	return err
}
