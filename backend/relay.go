package backend

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"net/url"
	"strconv"

	"kontaktlaege/backend/turn"
)

// openRelay opens the relay, and gives the listener of the pages with TLS taken off: the port itself, or its share where
// pages and relay are on one port of TLS.
func (s *Server) openRelay(ctx context.Context, port net.Listener, pages *tls.Config) (net.Listener, error) {
	secret, err := s.cfg.relaySecret()
	if err != nil {
		return nil, err
	}
	c := s.cfg.Relay
	at := turn.Config{
		Secret: secret, URLs: c.URLs, Listen: c.Listen, Public: c.Public, Host: c.Host, SecureAt: s.cfg.secureRelay(port.Addr().String()),
		MinPort: c.MinPort, MaxPort: c.MaxPort, Allow: c.Allow, Now: s.cfg.Now, Log: s.log,
	}
	if c.TLSListen.IsValid() {
		if at.Secure, err = s.listenRelayTLS(ctx); err != nil {
			return nil, err
		}
	}
	switch {
	case pages == nil:
	case len(c.URLs) > 0 || at.Secure != nil:
		pages.NextProtos = []string{"h2", "http/1.1"}
		port = tls.NewListener(port, pages)
	default:
		port, at.Secure = turn.Share(port, pages)
	}
	if s.relay, err = turn.Open(at); err != nil {
		return nil, wrong("relay-listen", "%w", err)
	}
	s.close = append(s.close, s.relay.Close)
	return port, nil
}

func (s *Server) listenRelayTLS(ctx context.Context) (net.Listener, error) {
	config, err := s.cfg.relayCertificate()
	if err != nil {
		return nil, err
	}
	l, err := s.listen(ctx, "relay-tls-listen", s.cfg.Relay.TLSListen.String(), nil)
	if err != nil {
		return nil, err
	}
	return tls.NewListener(l, config), nil
}

// secureRelay is where clients reach the built-in relay over TLS, the host as in its certificate; "" where they can't. web is
// where the pages are served.
func (c Config) secureRelay(web string) string {
	port := 0
	switch own := c.Relay.TLSListen; {
	case len(c.Relay.URLs) > 0:
		return ""
	case own.IsValid():
		port = int(own.Port())
	case c.TLSCert == "":
		return ""
	}
	base := &url.URL{Scheme: "https", Host: web}
	if u, err := url.Parse(c.BaseURL); err == nil && u.Host != "" {
		base = u
	}
	host := base.Hostname()
	if port != 0 && c.Relay.Host != "" {
		host = c.Relay.Host
	}
	if port == 0 {
		port, _ = strconv.Atoi(base.Port())
	}
	if port == 0 {
		port = 443 // a base URL without a port
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// relayCertificate is that of --relay-tls-listen: its own, or that of the pages.
func (c Config) relayCertificate() (*tls.Config, error) {
	if c.Relay.TLSCert == "" {
		return c.certificate()
	}
	return readCertificate("relay-tls-cert", c.Relay.TLSCert, c.Relay.TLSKey)
}

// checkRelayTLS finds what cannot work with the relay over TLS.
func (c Config) checkRelayTLS() error {
	own := c.Relay.TLSListen != netip.AddrPort{}
	switch {
	case (c.Relay.TLSCert == "") != (c.Relay.TLSKey == ""):
		return wrong("relay-tls-cert", "certificate and key (--relay-tls-key) come together")
	case c.Relay.TLSCert != "" && !own:
		return wrong("relay-tls-cert", "is for --relay-tls-listen; on the port of the pages the relay has their certificate")
	case own && len(c.Relay.URLs) > 0:
		return wrong("relay-tls-listen", "is the built-in relay's, and --relay-urls says that it runs elsewhere")
	case own && c.Relay.TLSCert == "" && c.TLSCert == "":
		return wrong("relay-tls-listen", "needs a certificate: --relay-tls-cert and --relay-tls-key")
	}
	return nil
}
