package call_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/turn/v5"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media/call"
)

// trusted is a certificate for 127.0.0.1 that this process trusts as it trusts those of the system. Go reads them once.
var trusted = sync.OnceValue(func() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	dir, err := os.MkdirTemp("", "kontakt-roots-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		panic(err)
	}
	os.Setenv("SSL_CERT_FILE", file)
	if _, err := x509.SystemCertPool(); err != nil { // now
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
})

// startSecureRelay runs a real TURN server that tablets reach over TLS only.
func startSecureRelay(t *testing.T) kontakt.Relay {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, err := turn.NewServer(turn.ServerConfig{
		Realm: "test",
		AuthHandler: func(a *turn.RequestAttributes) (string, []byte, bool) {
			return a.Username, turn.GenerateAuthKey(a.Username, a.Realm, "secret"), true
		},
		ListenerConfigs: []turn.ListenerConfig{{
			Listener:              tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{trusted()}}),
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1"},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return kontakt.Relay{ExpiresIn: time.Hour, Servers: []kontakt.ICEServer{{
		URLs: []string{"turns:" + l.Addr().String() + "?transport=tcp"}, Username: "tablet", Credential: "secret",
	}}}
}

// connectProxy is an HTTP proxy that connects to whatever it is asked for, for those who know the password.
type connectProxy struct {
	url     *url.URL
	opened  atomic.Int64
	refused atomic.Int64
	answer  string // instead of letting anybody through
	hangs   bool   // takes the connection, and that is all
	asked   atomic.Int64
}

func startProxy(t *testing.T, password string) *connectProxy {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &connectProxy{url: &url.URL{Scheme: "http", Host: l.Addr().String(), User: url.UserPassword("tavle", password)}}
	var wg sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	track := func(c net.Conn) net.Conn {
		mu.Lock()
		defer mu.Unlock()
		open[c] = true
		return c
	}
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			track(c)
			wg.Go(func() { p.serve(c, track) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for c := range open {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return p
}

func (p *connectProxy) serve(c net.Conn, track func(net.Conn) net.Conn) {
	defer c.Close()
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil || r.Method != http.MethodConnect {
		return
	}
	p.asked.Add(1)
	if p.hangs {
		io.Copy(io.Discard, c)
		return
	}
	if p.answer != "" {
		io.WriteString(c, p.answer)
		return
	}
	r.Header.Set("Authorization", r.Header.Get("Proxy-Authorization"))
	if user, password, ok := r.BasicAuth(); !ok || user != "tavle" || password != "rigtig" {
		p.refused.Add(1)
		io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
		return
	}
	to, err := net.Dial("tcp", r.Host)
	if err != nil {
		io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
		return
	}
	track(to)
	defer to.Close()
	p.opened.Add(1)
	io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() { io.Copy(to, c); to.Close() }()
	io.Copy(c, to)
}

func through(p *connectProxy) func(*call.Config) {
	return func(cfg *call.Config) {
		cfg.RelayOnly = true // as where UDP is blocked
		cfg.Proxy = func(*url.URL) (*url.URL, error) { return p.url, nil }
	}
}

// Where an institution lets nothing out but through its proxy, the call comes up through it: TURN over TLS in a CONNECT.
func TestProxy_callOverTLSThroughCONNECT(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	relay := startSecureRelay(t)
	proxy := startProxy(t, "rigtig")
	tab, c := newTablet(t, through(proxy)), newClinic(t)
	end := tab.call(c, relay)
	flows(t, tab, c)
	if s := tab.last(); s.Path != call.PathRelay || proxy.opened.Load() == 0 {
		t.Errorf("path = %q, and the proxy opened %d connections", s.Path, proxy.opened.Load())
	}
	end()
}

func TestProxy_callOverTLSWithoutOne(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	relay := startSecureRelay(t)
	tab, c := newTablet(t, func(cfg *call.Config) { cfg.RelayOnly = true }), newClinic(t)
	end := tab.call(c, relay)
	flows(t, tab, c)
	end()
}

// A proxy that takes the connection and says nothing holds up neither a call that has another way, nor its end.
func TestProxy_thatHangsHoldsNoCallUp(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	relay := startSecureRelay(t)
	proxy := startProxy(t, "rigtig")
	proxy.hangs = true
	tab, c := newTablet(t, func(cfg *call.Config) {
		cfg.Proxy = func(*url.URL) (*url.URL, error) { return proxy.url, nil }
	}), newClinic(t)
	end := tab.call(c, relay)
	flows(t, tab, c)
	if s := tab.last(); s.Path != call.PathDirect || proxy.asked.Load() == 0 {
		t.Errorf("path = %q, and the proxy was asked %d times", s.Path, proxy.asked.Load())
	}
	end()
}

// The device check tries the relay by the same way as a call, and says in time that it is not to be had.
func TestProxy_checkGoesThroughItToo(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	relay := startSecureRelay(t)
	long := "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		password, answer string
		hangs            bool
		want             call.CheckState
	}{
		"the right password":       {"rigtig", "", false, call.CheckGood},
		"a wrong password":         {"forkert", "", false, call.CheckBad},
		"a proxy that talks":       {"rigtig", "HTTP/1.1 200 OK\r\n\r\nwelcome", false, call.CheckBad},
		"a proxy that never stops": {"rigtig", long, false, call.CheckBad},
		"a proxy that is none":     {"rigtig", "220 mail.example ESMTP\r\n", false, call.CheckBad},
		"a proxy that hangs":       {"rigtig", "", true, call.CheckBad},
	} {
		t.Run(name, func(t *testing.T) {
			proxy := startProxy(t, c.password)
			proxy.answer, proxy.hangs = c.answer, c.hangs
			tab := newTablet(t, through(proxy))
			found := make(chan call.CheckItem, 1)
			ended := make(chan error, 1)
			go func() {
				ended <- tab.phone.Check(t.Context(), relay, func(r call.CheckReport) {
					if r.Relay.State != call.CheckRunning {
						select {
						case found <- r.Relay:
						default:
						}
					}
				})
			}()
			select {
			case got := <-found:
				if got.State != c.want {
					t.Errorf("state = %v, %v", got.State, got.Err)
				}
			case err := <-ended:
				t.Fatalf("the check ended: %v", err)
			}
			if c.password == "forkert" && proxy.refused.Load() == 0 {
				t.Error("the proxy was not asked")
			}
			tab.phone.Cool()
		})
	}
}
