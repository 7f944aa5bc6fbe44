package turn_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	pion "github.com/pion/turn/v5"

	"kontaktlaege/backend/turn"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// certificate makes one for 127.0.0.1, and who trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// port is one TLS port with pages and a relay behind it.
type port struct {
	address string
	relay   *turn.Relay
	roots   *x509.CertPool
	pages   net.Listener
	ended   chan error
}

func openPort(t *testing.T) *port {
	t.Helper()
	config, roots := certificate(t)
	raw, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	pages, secure := turn.Share(raw, config)
	p := &port{address: raw.Addr().String(), roots: roots, pages: pages, ended: make(chan error, 1)}
	p.relay = open(t, func(c *turn.Config) { c.Secure = secure })
	srv := &http.Server{
		ErrorLog: log.New(io.Discard, "", 0),
		Handler:  http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }),
	}
	go func() { p.ended <- srv.Serve(pages) }()
	t.Cleanup(func() {
		pages.Close()
		if err := <-p.ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("the pages ended with %v", err)
		}
		srv.Close()
	})
	return p
}

// get asks for a page, saying by ALPN what protos say.
func (p *port) get(t *testing.T, protos ...string) string {
	t.Helper()
	transport := &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: p.roots, NextProtos: protos},
		ForceAttemptHTTP2: len(protos) > 0, DisableKeepAlives: true,
	}
	if len(protos) == 0 {
		transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{} // no ALPN at all
	}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get("https://" + p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// secureClient is a TURN client over TLS.
func (p *port) secureClient(t *testing.T, c kontakt.ICEServer, protos ...string) *pion.Client {
	t.Helper()
	conn, err := (&tls.Dialer{Config: &tls.Config{RootCAs: p.roots, NextProtos: protos}}).DialContext(t.Context(), "tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	cl, err := pion.NewClient(&pion.ClientConfig{
		TURNServerAddr: p.address, Username: c.Username, Password: c.Credential, Conn: pion.NewSTUNConn(conn),
		RequestedAddressFamily: pion.RequestedAddressFamilyIPv4,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := cl.Listen(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cl.Close(); conn.Close() })
	return cl
}

// Where a firewall lets nothing but 443 out, pages and relay are both there.
func TestShare_pagesAndRelayOnOnePort(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	p := openPort(t)
	for want, protos := range map[string][]string{"HTTP/2.0": {"h2", "http/1.1"}, "HTTP/1.1": nil} {
		if got := p.get(t, protos...); got != want {
			t.Errorf("a page with ALPN %v came by %s, want %s", protos, got, want)
		}
	}
	a, b := credentials(t, p.relay, kontakt.NewDeviceID()), credentials(t, p.relay, kontakt.NewDeviceID())
	if last := a.URLs[len(a.URLs)-1]; last != "turns:"+p.address+"?transport=tcp" {
		t.Errorf("clients are told %v", a.URLs)
	}
	one, two := allocate(t, p.secureClient(t, a)), allocate(t, p.secureClient(t, b, "stun.turn"))
	exchange(t, one, two, one.LocalAddr(), two.LocalAddr())
	if got := p.get(t, "h2"); got != "HTTP/2.0" {
		t.Errorf("pages after the relay: %s", got)
	}
}

// A stranger who says nothing, or nothing that TLS knows, keeps nobody from anything.
func TestShare_silentAndRudeClients(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	p := openPort(t)
	var dialer net.Dialer
	for range 20 {
		silent, err := dialer.DialContext(t.Context(), "tcp", p.address)
		if err != nil {
			t.Fatal(err)
		}
		defer silent.Close()
	}
	rude, err := dialer.DialContext(t.Context(), "tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer rude.Close()
	rude.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
	rude.SetReadDeadline(time.Now().Add(10 * time.Second))
	if answer, _ := io.ReadAll(rude); bytes.Contains(answer, []byte("200")) {
		t.Errorf("answered without TLS: %q", answer)
	}
	if got := p.get(t); got != "HTTP/1.1" {
		t.Errorf("a page beside them: %s", got)
	}
}

// Who opens connections and says nothing shuts others of the same address out at most.
func TestShare_oneAddressHasNotAllPlaces(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	p := openPort(t)
	from := func(host byte) *net.Dialer {
		return &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, host)}}
	}
	dial := func(host byte) net.Conn {
		c, err := from(host).DialContext(t.Context(), "tcp", p.address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	for range turn.MaxHelloAddress {
		dial(2)
	}
	more := dial(2)
	more.SetReadDeadline(time.Now().Add(5 * time.Second)) // who is taken in has twice as long
	if _, err := more.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("one more of the same address: %v", err)
	}
	conn, err := (&tls.Dialer{NetDialer: from(3), Config: &tls.Config{RootCAs: p.roots}}).DialContext(t.Context(), "tcp", p.address)
	if err != nil {
		t.Fatalf("of another address: %v", err)
	}
	conn.Close()
}

// A restart serves those who have connected, and the relay may end before the pages.
func TestShare_closingServesWhoHasConnected(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	p := openPort(t)
	raw, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	p.get(t) // a later connection was served, so that ours is taken
	if err := p.relay.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.pages.Close(); err != nil {
		t.Fatal(err)
	}
	c := tls.Client(raw, &tls.Config{RootCAs: p.roots, ServerName: "127.0.0.1"})
	if err := c.HandshakeContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(c, "GET / HTTP/1.0\r\n\r\n")
	answer, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.0 200") {
		t.Errorf("who had connected got %q, %v", answer, err)
	}
}
