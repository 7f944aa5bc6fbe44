package fhir

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

const (
	answerBytes = 1 << 20
	headerBytes = 64 << 10
	deepest     = 64 // levels of an answer's JSON
	connections = 16
)

// ErrDoubtful is in an error's chain where the server has answered and the answer cannot be used: two people with one
// number, a practice that nobody can name.
var ErrDoubtful = errors.New("the answer is in doubt")

// errRefused is in the chain where the server said that it does not do what it was asked.
var errRefused = errors.New("the server refuses")

// Config is what a Client needs.
type Config struct {
	BaseURL string        // such as https://fhir.example.dk/r4
	Within  time.Duration // for one question, whatever it takes to answer
	Token   Token         // nil: the server asks for none
	// SOR names practices whose ydernummer the server does not tell, by their SOR code.
	SOR map[string]kontakt.Ydernummer
}

// Client asks one server.
type Client struct {
	base   *url.URL
	within time.Duration
	token  Token
	sor    map[string]kontakt.Ydernummer
	http   *http.Client
}

// New makes a client. It does not ask anything yet.
func New(c Config) (*Client, error) {
	base, err := safeURL(c.BaseURL)
	if err != nil {
		return nil, err
	}
	return &Client{base: base, within: c.Within, token: c.Token, sor: c.SOR, http: newHTTP()}, nil
}

// safeURL reads an address to which secrets may be sent.
func safeURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("fhir: %q is not an address such as https://fhir.example.dk/r4", s)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !kontakt.Loopback(u.Hostname())) {
		return nil, fmt.Errorf("fhir: %q: CPR numbers are sent over https only", s)
	}
	return u, nil
}

func newHTTP() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second,
			MaxConnsPerHost: connections, MaxIdleConnsPerHost: connections, MaxResponseHeaderBytes: headerBytes,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Close lets go of idle connections.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// down is the error of a server that does not answer, or not sensibly. cause holds nothing of what it said.
func down(cause error) error {
	return &kontakt.Error{Op: "fhir", Kind: kontakt.Unavailable, Msg: kontakt.MsgRegistryDown, Err: cause}
}

func doubtful(why string) error { return down(fmt.Errorf("%s: %w", why, ErrDoubtful)) }

// search asks for resources by a form in the body.
func (c *Client) search(ctx context.Context, resource string, form url.Values) (bundle, error) {
	var b bundle
	err := c.ask(ctx, http.MethodPost, resource+"/_search", form, &b)
	if err == nil && b.ResourceType != "Bundle" {
		err = down(errors.New("a search was answered with no Bundle"))
	}
	return b, err
}

// read fetches one resource that a search named.
func (c *Client) read(ctx context.Context, resource, id string) (found practice, err error) {
	err = c.ask(ctx, http.MethodGet, resource+"/"+id, nil, &found)
	return found, err
}

func (c *Client) ask(ctx context.Context, method, path string, form url.Values, into any) error {
	status, text, err := c.send(ctx, method, path, form)
	if err == nil && status == http.StatusUnauthorized && c.token != nil {
		c.token.Refused()
		status, text, err = c.send(ctx, method, path, form)
	}
	switch {
	case err != nil:
		return err
	case status >= 400 && status < 500 && status != http.StatusTooManyRequests:
		return down(fmt.Errorf("%s %s: status %d: %w", method, path, status, errRefused))
	case status != http.StatusOK:
		return down(fmt.Errorf("%s %s: status %d", method, path, status))
	case !shallow(text, deepest):
		return down(errors.New("an answer is nested too deep"))
	}
	if err := json.Unmarshal(text, into); err != nil {
		return down(errors.New("an answer is no FHIR JSON")) // the decoder's words may quote it
	}
	return nil
}

func (c *Client) send(ctx context.Context, method, path string, form url.Values) (int, []byte, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base.JoinPath(path).String(), body)
	if err != nil {
		return 0, nil, down(err)
	}
	r.Header.Set("Accept", "application/fhir+json")
	r.Header.Set("Prefer", "handling=lenient") // a server that can't include says so by leaving out
	r.Header.Set("Cache-Control", "no-store")
	r.Header["Idempotency-Key"] = nil // not sent; a search may be sent anew where an idle connection was found closed
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c.token != nil {
		token, err := c.token.Bearer(ctx)
		if err != nil {
			return 0, nil, down(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return 0, nil, down(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return answer.StatusCode, nil, nil
	}
	if kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type")); err != nil || !strings.Contains(kind, "json") {
		return 0, nil, down(errors.New("an answer is no JSON by its own word"))
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, answerBytes+1))
	if err != nil {
		return 0, nil, down(err)
	}
	if len(text) > answerBytes {
		return 0, nil, down(fmt.Errorf("an answer is longer than %d bytes", answerBytes))
	}
	return answer.StatusCode, bytes.TrimPrefix(text, []byte("\ufeff")), nil
}

// shallow says whether no value of a JSON text stands deeper than limit.
func shallow(text []byte, limit int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > limit {
				return false
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return true
}
