package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"embed"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"time"

	"kontaktlaege/backend/turn"
	"kontaktlaege/backend/web"
	"kontaktlaege/internal/kontakt"
)

//go:embed page
var page embed.FS

// certify writes the lab's certificate, which the phone trusts by SSL_CERT_FILE and the browsers by a flag.
func certify(certFile, keyFile string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.ParseIP(serverAddress)}, NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		return err
	}
	return os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600)
}

// serve is the process in the server's namespace: the relay as kontaktd has it, over UDP, TCP and, on the port of the
// pages, over TLS; the page; the way of signals; and an HTTP proxy that knows nothing but CONNECT.
func serve(ctx context.Context, certFile, keyFile string) error {
	cert, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return err
	}
	var listen net.ListenConfig
	https, err := listen.Listen(ctx, "tcp", net.JoinHostPort(serverAddress, "443"))
	if err != nil {
		return err
	}
	pages, secure := turn.Share(https, &tls.Config{Certificates: []tls.Certificate{cert}})
	defer pages.Close()
	relay, err := turn.Open(turn.Config{
		Secret: "demo-secret-of-the-netlab", Listen: netip.MustParseAddrPort(serverAddress + ":3478"), Secure: secure,
		Allow: []netip.Prefix{netip.MustParsePrefix("10.77.0.0/16")}, Quota: 1000,
	})
	if err != nil {
		return err
	}
	defer relay.Close()
	proxy, err := listen.Listen(ctx, "tcp", net.JoinHostPort(proxyAddress, proxyPort))
	if err != nil {
		return err
	}
	defer proxy.Close()
	go passOn(proxy)

	files, err := fs.Sub(page, "page")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.Handle("GET /shared/", web.Shared())
	mux.HandleFunc("GET /relay", func(w http.ResponseWriter, r *http.Request) {
		got, err := relay.Relay(kontakt.WithActor(r.Context(), kontakt.Actor{Session: kontakt.SessionID(r.FormValue("as"))}))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		json.NewEncoder(w).Encode(got)
	})
	s := &signals{boxes: map[string]*box{}}
	mux.HandleFunc("POST /calls/{call}/{to}", s.put)
	mux.HandleFunc("GET /calls/{call}/{me}", s.get)
	srv := &http.Server{Handler: mux}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(pages) }()
	fmt.Println("ready")
	alone := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin) // ends with who started us, however that ends
		close(alone)
	}()
	select {
	case <-ctx.Done():
	case <-alone:
	case err := <-ended:
		return err
	}
	return srv.Close()
}

const (
	proxyPort = "3128"
	longPoll  = 5 * time.Second
)

// signals keeps what ends say to one another, by call and receiver.
type signals struct {
	mu    sync.Mutex
	boxes map[string]*box
}

type box struct {
	all   []kontakt.Signal
	fresh chan struct{} // closed at the next
}

func (s *signals) box(call, to string) *box {
	name := call + "/" + to
	b := s.boxes[name]
	if b == nil {
		b = &box{fresh: make(chan struct{})}
		s.boxes[name] = b
	}
	return b
}

func (s *signals) put(w http.ResponseWriter, r *http.Request) {
	var said []kontakt.Signal
	if err := json.NewDecoder(r.Body).Decode(&said); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.box(r.PathValue("call"), r.PathValue("to"))
	b.all = append(b.all, said...)
	close(b.fresh)
	b.fresh = make(chan struct{})
}

// get gives what is behind ?after=, and waits a while for it.
func (s *signals) get(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.Atoi(r.FormValue("after"))
	if err != nil || after < 0 {
		http.Error(w, "after is a number", http.StatusBadRequest)
		return
	}
	timeout := time.After(longPoll)
	for waiting := true; ; {
		s.mu.Lock()
		b := s.box(r.PathValue("call"), r.PathValue("me"))
		said, fresh := b.all[min(after, len(b.all)):], b.fresh
		s.mu.Unlock()
		if len(said) > 0 || !waiting {
			json.NewEncoder(w).Encode(said)
			return
		}
		select {
		case <-fresh:
		case <-timeout:
			waiting = false
		case <-r.Context().Done():
			return
		}
	}
}

// passOn is the proxy.
func passOn(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			r, err := http.ReadRequest(bufio.NewReader(c))
			if err != nil || r.Method != http.MethodConnect {
				io.WriteString(c, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
				return
			}
			to, err := net.DialTimeout("tcp", r.Host, 5*time.Second)
			if err != nil {
				io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
				return
			}
			defer to.Close()
			io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
			go func() { io.Copy(to, c); to.Close() }()
			io.Copy(c, to)
		}()
	}
}
