package backend_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/internal/testkit"
)

// working is a configuration that starts; nobody needs to answer at the issuer for that.
func working(t *testing.T) backend.Config {
	return backend.Config{
		Listen: "127.0.0.1:0", Metrics: "off", Storage: backend.Storage{Data: t.TempDir()},
		OIDC:  backend.OIDC{Issuer: "https://login.example", ClientID: "id", ClientSecret: "secret", Claims: "broker"},
		Relay: backend.Relay{Listen: netip.MustParseAddrPort("127.0.0.1:0")},
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpen_whatCannotWorkIsNamedByItsFlag(t *testing.T) {
	taken := listen(t)
	defer taken.Close()
	notADir := write(t, "file", "")
	for name, c := range map[string]struct {
		change func(*backend.Config)
		want   []string
	}{
		"no provider":                 {func(c *backend.Config) { c.OIDC.Issuer = "" }, []string{"--oidc-issuer"}},
		"a provider without TLS":      {func(c *backend.Config) { c.OIDC.Issuer = "http://login.example" }, []string{"--oidc-issuer"}},
		"a registry without TLS":      {func(c *backend.Config) { c.Registry.FHIR = "http://fhir.example/r4" }, []string{"--registry-fhir", "https"}},
		"a registry's settings alone": {func(c *backend.Config) { c.Registry.TokenFile = "/nowhere/token" }, []string{"--registry-fhir"}},
		"a registry's token's file": {func(c *backend.Config) {
			c.Registry.FHIR, c.Registry.TokenFile = "https://fhir.example", "/nowhere/token"
		}, []string{"--registry-token-file", "/nowhere/token"}},
		"half of a registry's sign-in": {func(c *backend.Config) {
			c.Registry.FHIR, c.Registry.TokenURL = "https://fhir.example", "https://login.example/token"
		}, []string{"--registry-client-id"}},
		"a SOR code of no clinic": {func(c *backend.Config) {
			c.Registry.FHIR, c.Registry.SOR = "https://fhir.example", map[string]string{"487341000016005": "12"}
		}, []string{"--registry-sor"}},
		"nothing configured":            {func(c *backend.Config) { c.OIDC = backend.OIDC{} }, []string{"--oidc-issuer, --oidc-client-id, --oidc-client-secret-file", "demo"}},
		"a proxy's address unknown":     {func(c *backend.Config) { c.BehindProxy = true }, []string{"--base-url"}},
		"an address that is every one":  {func(c *backend.Config) { c.TLSCert, c.TLSKey, c.Listen = "c", "k", ":0" }, []string{"--base-url"}},
		"every address by number":       {func(c *backend.Config) { c.TLSCert, c.TLSKey, c.Listen = "c", "k", "[::]:0" }, []string{"--base-url"}},
		"no name at the provider":       {func(c *backend.Config) { c.OIDC.ClientID = "" }, []string{"--oidc-client-id"}},
		"no secret at the provider":     {func(c *backend.Config) { c.OIDC.ClientSecret = "" }, []string{"--oidc-client-secret-file"}},
		"a secret's file that is not":   {func(c *backend.Config) { c.OIDC.ClientSecret, c.OIDC.ClientSecretFile = "", "/nowhere/secret" }, []string{"--oidc-client-secret-file", "/nowhere/secret"}},
		"an empty secret":               {func(c *backend.Config) { c.OIDC.ClientSecret, c.OIDC.ClientSecretFile = "", write(t, "empty", " \n") }, []string{"--oidc-client-secret-file", "empty"}},
		"an unknown preset":             {func(c *backend.Config) { c.OIDC.Claims = "brokr" }, []string{"--oidc-claims", `"brokr"`, "keycloak"}},
		"reachable without TLS":         {func(c *backend.Config) { c.Listen = "0.0.0.0:0" }, []string{"--listen", "--tls-cert", "--behind-proxy"}},
		"every address without TLS":     {func(c *backend.Config) { c.Listen = ":0" }, []string{"--listen", "--tls-cert"}},
		"no port":                       {func(c *backend.Config) { c.Listen = "127.0.0.1" }, []string{"--listen"}},
		"a port that is taken":          {func(c *backend.Config) { c.Listen = taken.Addr().String() }, []string{"--listen", taken.Addr().String()}},
		"figures on a port taken":       {func(c *backend.Config) { c.Metrics = taken.Addr().String() }, []string{"--metrics", taken.Addr().String()}},
		"a relay on a foreign address":  {func(c *backend.Config) { c.Relay.Listen = netip.MustParseAddrPort("192.0.2.77:0") }, []string{"--relay-listen", "192.0.2.77"}},
		"a key without a certificate":   {func(c *backend.Config) { c.TLSKey = "key.pem" }, []string{"--tls-cert", "--tls-key"}},
		"a certificate that is not":     {func(c *backend.Config) { c.TLSCert, c.TLSKey = "/nowhere/c.pem", "/nowhere/k.pem" }, []string{"--tls-cert", "/nowhere/c.pem"}},
		"TLS twice":                     {func(c *backend.Config) { c.TLSCert, c.TLSKey, c.BehindProxy = "c", "k", true }, []string{"--behind-proxy"}},
		"a base address with a path":    {func(c *backend.Config) { c.BaseURL = "https://kontakt.example/x" }, []string{"--base-url"}},
		"a base address without TLS":    {func(c *backend.Config) { c.BaseURL = "http://kontakt.example" }, []string{"--base-url", "https"}},
		"a data folder that is a file":  {func(c *backend.Config) { c.Data = notADir }, []string{"--data", notADir}},
		"keys that are none":            {func(c *backend.Config) { c.KeysFile = write(t, "keys", "rubbish") }, []string{"--keys-file", "line 1"}},
		"a relay's TLS, no certificate": {func(c *backend.Config) { c.Relay.TLSListen = netip.MustParseAddrPort("127.0.0.1:0") }, []string{"--relay-tls-listen", "--relay-tls-cert"}},
		"a relay's half certificate":    {func(c *backend.Config) { c.Relay.TLSCert = "c" }, []string{"--relay-tls-cert", "--relay-tls-key"}},
		"a relay's certificate unused":  {func(c *backend.Config) { c.Relay.TLSCert, c.Relay.TLSKey = "c", "k" }, []string{"--relay-tls-cert", "--relay-tls-listen"}},
		"TLS of a relay elsewhere": {func(c *backend.Config) {
			c.Relay.URLs, c.Relay.SecretFile, c.Relay.TLSListen = []string{"turn:relay.example"}, "s", netip.MustParseAddrPort("127.0.0.1:0")
		}, []string{"--relay-tls-listen", "--relay-urls"}},
		"a foreign relay, no secret": {func(c *backend.Config) { c.Relay.URLs = []string{"turn:relay.example"} }, []string{"--relay-secret-file"}},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Guard(t, 20*time.Second)
			cfg := working(t)
			c.change(&cfg)
			srv, err := backend.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
			if err == nil {
				srv.Close()
				t.Fatal("it started")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not name %s", err, want)
				}
			}
		})
	}
}

func TestOpen_keysOfAnotherDatabase(t *testing.T) {
	testkit.Guard(t, 20*time.Second)
	cfg := working(t)
	srv, err := backend.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(cfg.Data, "keys")); err != nil {
		t.Fatal(err)
	}
	srv, err = backend.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err == nil {
		srv.Close()
		t.Fatal("it started with keys that open nothing")
	}
}

func TestOpen_twiceOnOneFolder(t *testing.T) {
	testkit.Guard(t, 20*time.Second)
	cfg := working(t)
	srv, err := backend.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	second, err := backend.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err == nil {
		second.Close()
		t.Error("a second one runs on the same folder")
	} else if !strings.Contains(err.Error(), "--data") || !strings.Contains(err.Error(), filepath.Join(cfg.Data, "kontakt.db")+": another kontaktd") {
		t.Errorf("%q does not say why", err)
	}
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	third, err := backend.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	third.Close()
}

func TestReadConfig_strict(t *testing.T) {
	known := []string{"listen", "behind-proxy", "relay-allow"}
	got, err := backend.ReadConfig(write(t, "ok.json", `{"listen": "127.0.0.1:1", "behind-proxy": true, "relay-allow": ["10.0.0.0/8"]}`), known)
	if err != nil || len(got) != 3 || got["listen"] != "127.0.0.1:1" || got["behind-proxy"] != true {
		t.Errorf("%v, %v", got, err)
	}
	for name, text := range map[string]string{
		"unknown":  `{"listn": "127.0.0.1:1"}`,
		"twice":    `{"listen": "a", "listen": "b"}`,
		"nested":   `{"listen": {"host": "a"}}`,
		"array":    `["listen"]`,
		"empty":    ``,
		"half":     `{"listen": "a"`,
		"trailing": `{"listen": "a"} {}`,
		"capitals": `{"Listen": "a"}`,
		"comment":  "{\n// no\n\"listen\": \"a\"}",
	} {
		path := write(t, name+".json", text)
		if got, err := backend.ReadConfig(path, known); err == nil || !strings.Contains(err.Error(), path) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := backend.ReadConfig(write(t, "x.json", `{"listn": 1}`), known); err == nil || !strings.Contains(err.Error(), `"listn"`) {
		t.Errorf("the unknown name is not told: %v", err)
	}
}

// certificate makes one for 127.0.0.1 that lives an hour.
func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, b []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}))
	}
	roots = x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(block("CERTIFICATE", der))) {
		t.Fatal("no certificate")
	}
	return write(t, "cert.pem", block("CERTIFICATE", der)), write(t, "key.pem", block("PRIVATE KEY", pkcs8)), roots
}

// Where TLS is ended here, the relay is on the port of the pages too, or on one of its own.
func TestOpen_overTLSWithHTTP2(t *testing.T) {
	for name, relay := range map[string]func(*backend.Config){
		"one port for pages and relay": func(*backend.Config) {},
		"a port of its own for the relay": func(c *backend.Config) {
			l := listen(t)
			c.Relay.TLSListen = l.Addr().(*net.TCPAddr).AddrPort()
			l.Close()
		},
		"a relay elsewhere": func(c *backend.Config) {
			c.Relay.URLs, c.Relay.SecretFile = []string{"turn:relay.example"}, write(t, "secret", "demo-secret-of-tests")
		},
	} {
		t.Run(name, func(t *testing.T) { overTLS(t, relay) })
	}
}

func overTLS(t *testing.T, relay func(*backend.Config)) {
	testkit.Guard(t, 20*time.Second)
	cfg := working(t)
	var roots *x509.CertPool
	cfg.TLSCert, cfg.TLSKey, roots = certificate(t)
	relay(&cfg)
	srv, err := backend.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	for _, path := range []string{"/healthz", "/klinik/", "/api/v1/me"} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil || resp.ProtoMajor != 2 || resp.Header.Get("Strict-Transport-Security") == "" || !strings.HasPrefix(srv.URL(), "https://") {
			t.Errorf("%s: %s, %v, %v", path, resp.Proto, resp.Header, err)
		}
	}
	secure := strings.TrimPrefix(srv.URL(), "https://")
	if at := cfg.Relay.TLSListen; at.IsValid() {
		secure = at.String()
	}
	if last := srv.RelayURLs()[len(srv.RelayURLs())-1]; len(cfg.Relay.URLs) == 0 {
		if last != "turns:"+secure+"?transport=tcp" {
			t.Fatalf("clients are told %v", srv.RelayURLs())
		}
		answersSTUN(t, secure, roots)
	}
}

// answersSTUN asks what address it comes from, over TLS, as every client of TURN may.
func answersSTUN(t *testing.T, address string, roots *x509.CertPool) {
	t.Helper()
	c, err := (&tls.Dialer{Config: &tls.Config{RootCAs: roots}}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	request := append([]byte{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42}, "twelve bytes"...) // RFC 8489 §5: a binding request
	if _, err := c.Write(request); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 20)
	if _, err := io.ReadFull(c, answer); err != nil || answer[0] != 1 || answer[1] != 1 || string(answer[8:]) != "twelve bytes" {
		t.Errorf("the relay answered %x, %v", answer, err)
	}
}
