package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"kontaktlaege/auth"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// Options make a Client.
type Options struct {
	Base     string         // "https://kontakt.example"; http only to this very machine
	Identity *auth.Identity // who the tablet is
	App      string         // the app's version, told at enrolment
	HTTP     *http.Client   // nil: one of its own; it is copied, and follows no redirect
	Log      *slog.Logger   // nil: the default one

	Now func() time.Time // the tablet's own clock, which may be wrong; nil: time.Now
}

// Client speaks for one tablet. It is safe for use from everywhere at once, and many fit in one process.
type Client struct {
	base     *url.URL
	identity *auth.Identity
	app      string
	http     *http.Client
	log      *slog.Logger
	limits   limits
	wall     func() time.Time

	connections *connections // of our own http; empty where that was given

	session deviceSession
	online  wakeup

	clock struct { // the backend's, seen from here
		sync.Mutex
		ahead time.Duration
	}
}

// New checks the address: a token travels only encrypted, or not at all.
func New(o Options) (*Client, error) {
	base, err := url.Parse(o.Base)
	if err != nil || base.Host == "" || base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return nil, fmt.Errorf("client: %q is no address of a backend", o.Base)
	}
	if base.Scheme != "https" && (base.Scheme != "http" || !kontakt.Loopback(base.Hostname())) {
		return nil, fmt.Errorf("client: %q is not encrypted", o.Base)
	}
	open := newConnections()
	if o.HTTP == nil {
		o.HTTP = &http.Client{Transport: transport(open)}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	h := *o.HTTP
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	h.Timeout = 0 // each request has its own, and a stream none
	return &Client{
		base: base, identity: o.Identity, app: o.App, http: &h, connections: open, log: o.Log, limits: defaultLimits(), wall: o.Now,
		session: deviceSession{turn: make(chan struct{}, 1)},
	}, nil
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// limits are times; tests have shorter ones.
type limits struct {
	attempt   time.Duration // for one request
	retries   time.Duration // for all attempts at one
	firstWait time.Duration // before the second attempt; doubles
	longWait  time.Duration // between two attempts, at most
	silence   time.Duration // without a byte on the stream
	firstByte time.Duration // for the stream's first
	pollFor   time.Duration // how long the long poll is used before the stream is tried again
}

func defaultLimits() limits {
	return limits{
		attempt: 10 * time.Second, retries: 3 * time.Minute, firstWait: 250 * time.Millisecond, longWait: 10 * time.Second,
		silence: 38 * time.Second, firstByte: 10 * time.Second, pollFor: 10 * time.Minute,
	}
}

// as says with whose session a request goes.
type as int

const (
	asAnyone as = iota
	asDevice
	asNurse
	asEither // the employee's, so that the answer names the citizen; else the device's
)

// call is one request of the protocol.
type call struct {
	op     string // for errors and the log
	as     as
	method string
	path   string
	query  url.Values
	key    string // idempotency
	in     any    // nil: no body
	out    any    // nil: the answer's body is of no interest
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

// do sends a request until it is answered for good, ctx ends or patience does.
func (c *Client) do(ctx context.Context, r call) error {
	return c.retry(ctx, r.op, func(ctx context.Context) error { return c.once(ctx, r) })
}

// once sends a request one time; where only the device's session is missing, again with a new one.
func (c *Client) once(ctx context.Context, r call) error {
	ctx, cancel := context.WithTimeout(ctx, c.limits.attempt)
	defer cancel()
	token, ofDevice, err := c.token(ctx, r.as, "")
	if err != nil {
		return err
	}
	err = c.attempt(ctx, r, token)
	if kontakt.KindOf(err) != kontakt.Unauthenticated || token == "" {
		return err
	}
	if !ofDevice {
		if forgetErr := c.identity.Forget(token); forgetErr != nil {
			c.log.Warn("forget session", "err", forgetErr)
		}
		return err
	}
	if token, _, err = c.token(ctx, r.as, token); err != nil {
		return err
	}
	return c.attempt(ctx, r, token)
}

// token gives the secret to show; stale is one that the backend has just refused.
func (c *Client) token(ctx context.Context, who as, stale string) (token string, ofDevice bool, err error) {
	if who == asNurse || who == asEither {
		if token := c.identity.Session(); token != "" {
			return token, false, nil
		}
	}
	switch who {
	case asAnyone:
		return "", false, nil
	case asNurse:
		return "", false, &kontakt.Error{Op: "client.token", Kind: kontakt.Unauthenticated, Msg: kontakt.MsgSessionEnded}
	}
	token, err = c.deviceToken(ctx, stale)
	return token, true, err
}

func (c *Client) attempt(ctx context.Context, r call, token string) error {
	req, err := c.request(ctx, r, token)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return unreachable(r.op, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return unreachable(r.op, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return problem(r.op, resp, body)
	}
	if r.out == nil {
		return nil
	}
	if len(body) > maxAnswer {
		return unreachable(r.op, errors.New("the answer is too large"))
	}
	if err := json.Unmarshal(body, r.out); err != nil {
		// Some other machine on the way has answered, such as the login page of a guest network.
		return unreachable(r.op, errors.New("the answer is not JSON"))
	}
	return nil
}

func (c *Client) request(ctx context.Context, r call, token string) (*http.Request, error) {
	u := c.base.JoinPath("/api/v1", r.path)
	u.RawQuery = r.query.Encode()
	var body io.Reader
	if r.in != nil {
		data, err := json.Marshal(r.in)
		if err != nil {
			return nil, &kontakt.Error{Op: r.op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest, Err: errors.New("a request that is no JSON")}
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), body)
	if err != nil {
		return nil, &kontakt.Error{Op: r.op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest, Err: err}
	}
	if r.in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set(wire.VersionHeader, strconv.Itoa(wire.Version))
	if r.key != "" {
		req.Header.Set(wire.IdempotencyHeader, r.key)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return req, nil
}

// unreachable says that nothing sensible came back. The cause may quote an address but never a body.
func unreachable(op string, err error) error {
	return &kontakt.Error{Op: op, Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable, Err: err}
}

// problem gives the error that an answer tells. One that is not of the protocol comes from a machine on the way.
func problem(op string, resp *http.Response, body []byte) error {
	var p wire.Problem
	if json.Unmarshal(body, &p) != nil || p.Kind == "" || p.Msg == "" {
		kind, msg := foreign(resp.StatusCode)
		return paced(resp, &kontakt.Error{Op: op, Kind: kind, Msg: msg, Err: fmt.Errorf("status %d without a problem", resp.StatusCode)})
	}
	if p.Msg == string(kontakt.MsgUnknown) {
		p.Params = map[string]string{"kode": p.Request}
	}
	return paced(resp, wire.ToError(p, op))
}

func foreign(status int) (kontakt.Kind, kontakt.MsgKey) {
	switch {
	case status == http.StatusUnauthorized:
		return kontakt.Unauthenticated, kontakt.MsgSessionEnded
	case status == http.StatusTooManyRequests:
		return kontakt.TooMany, kontakt.MsgTooMany
	case status == http.StatusUpgradeRequired:
		return kontakt.Gone, kontakt.MsgUpdate
	}
	return kontakt.Unavailable, kontakt.MsgServerUnreachable
}
