// Package relaydial opens the connections to the relay that are not UDP: directly or through an HTTP proxy, with TLS where
// the relay's address asks for it.
//
// Invariants: nobody waits for a network that stands still. A write to such a connection never waits, since ICE writes from
// the loop in which it also notices that a path is gone; what does not fit is dropped, a whole message at a time, as UDP would.
// What is being dialled is given up at Close. What a proxy says is bounded, and no error names its password.
package relaydial

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http/httpproxy"

	"kontaktlaege/internal/kontakt"
)

const (
	// dialLimit is for the whole way to the relay, proxy and TLS included: a firewall that swallows everything answers nothing.
	dialLimit = 10 * time.Second
	// maxProxyAnswer bounds what a proxy may say before it lets us through.
	maxProxyAnswer = 32 << 10
)

var errProxyTalks = errors.New("relaydial: the proxy said more than that it lets us through")

// environmentProxy is the proxy that HTTPS_PROXY and NO_PROXY name, as for the requests to the backend.
func environmentProxy(to *url.URL) (*url.URL, error) {
	return httpproxy.FromEnvironment().ProxyFunc()(to)
}

// Dialer is what pion dials the relay with. It goes through the CONNECT of an HTTP proxy (RFC 9110 §9.3.6) where there is
// one, and speaks TLS: pion leaves that to its proxy dialer, and tells it no more than the address.
type Dialer struct {
	proxy  func(*url.URL) (*url.URL, error)
	ctx    context.Context // pion dials without one, and waits for it where a connection closes
	cancel context.CancelFunc

	mu     sync.Mutex
	secure map[string]bool // addresses that are spoken to over TLS
}

// New makes one for a relay. proxy names the HTTP proxy by whose CONNECT an https address is reached, nil for none; a nil
// proxy asks the environment (HTTPS_PROXY, NO_PROXY).
func New(proxy func(*url.URL) (*url.URL, error), relay kontakt.Relay) *Dialer {
	d := &Dialer{proxy: proxy}
	if d.proxy == nil {
		d.proxy = environmentProxy
	}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	d.Learn(relay)
	return d
}

// Close gives up what is being dialled. What is connected stays.
func (d *Dialer) Close() { d.cancel() }

// Learn notes what the relay's addresses say of TLS.
func (d *Dialer) Learn(relay kontakt.Relay) {
	secure := map[string]bool{}
	for _, s := range relay.Servers {
		for _, u := range s.URLs {
			if rest, ok := strings.CutPrefix(u, "turns:"); ok {
				secure[withPort(rest, "5349")] = true
			}
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.secure = secure
}

// withPort gives the address in a TURN URI (RFC 7065) without its scheme.
func withPort(rest, otherwise string) string {
	address, _, _ := strings.Cut(rest, "?")
	if host, port, err := net.SplitHostPort(address); err == nil {
		return net.JoinHostPort(host, port)
	}
	return net.JoinHostPort(strings.Trim(address, "[]"), otherwise)
}

// Dial makes it what pion asks for.
func (d *Dialer) Dial(network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(d.ctx, dialLimit)
	defer cancel()
	d.mu.Lock()
	secure := d.secure[address]
	d.mu.Unlock()
	proxy, err := d.proxy(&url.URL{Scheme: "https", Host: address})
	if err != nil {
		return nil, err
	}
	at := address
	if proxy != nil {
		if at, err = proxyAddress(proxy); err != nil {
			return nil, err
		}
	}
	base, err := (&net.Dialer{}).DialContext(ctx, network, at)
	if err != nil {
		return nil, err
	}
	if t, ok := base.(*net.TCPConn); ok {
		if err := t.SetWriteBuffer(promptBuffer); err != nil {
			return nil, errors.Join(err, base.Close())
		}
	}
	c := base
	if proxy != nil {
		c, err = connectThrough(ctx, c, at, proxy, address)
	}
	if err == nil && secure {
		c, err = overTLS(ctx, c, address)
	}
	if err != nil {
		return nil, err
	}
	return newPromptConn(c, base), nil
}

func overTLS(ctx context.Context, c net.Conn, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	t := tls.Client(c, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return t, nil
}

// proxyAddress is where a proxy listens.
func proxyAddress(proxy *url.URL) (string, error) {
	port := "80"
	switch proxy.Scheme {
	case "http":
	case "https":
		port = "443"
	default:
		return "", fmt.Errorf("relaydial: proxies of kind %q are not known; http and https are", proxy.Scheme)
	}
	if proxy.Port() == "" {
		return net.JoinHostPort(proxy.Hostname(), port), nil
	}
	return proxy.Host, nil
}

// connectThrough has the proxy at the other end of c connect us to address. No error names the proxy's password.
func connectThrough(ctx context.Context, c net.Conn, at string, proxy *url.URL, address string) (net.Conn, error) {
	if proxy.Scheme == "https" {
		var err error
		if c, err = overTLS(ctx, c, at); err != nil {
			return nil, err
		}
	}
	if err := askThrough(ctx, c, proxy.User, address); err != nil {
		return nil, errors.Join(fmt.Errorf("relaydial: proxy %s: %w", proxy.Host, err), c.Close())
	}
	return c, nil
}

// askThrough says CONNECT and reads the answer.
func askThrough(ctx context.Context, c net.Conn, user *url.Userinfo, address string) error {
	end, _ := ctx.Deadline()
	if err := c.SetDeadline(end); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) }) // it has passed: what waits gives up
	defer stop()
	ask := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if user != nil {
		password, _ := user.Password()
		ask.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)))
	}
	if err := ask.Write(c); err != nil {
		return errors.Join(ctx.Err(), err)
	}
	answers := bufio.NewReader(io.LimitReader(c, maxProxyAnswer))
	answer, err := http.ReadResponse(answers, ask)
	switch {
	case err != nil:
		return errors.Join(ctx.Err(), err)
	case answer.StatusCode/100 != 2: // any of them lets through
		return fmt.Errorf("says %s", answer.Status)
	case answers.Buffered() > 0:
		return errProxyTalks
	}
	if !stop() {
		return ctx.Err()
	}
	return c.SetDeadline(time.Time{})
}
