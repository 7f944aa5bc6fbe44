package backend

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Config is what an operator decides. The field's name, in lower case with hyphens, is the flag, the key in the
// configuration file and, in capitals with KONTAKT_ before it, the environment variable.
type Config struct {
	Listen      string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to serve tablets and pages. Anything but loopback needs TLS. Default: ${default}."`
	BaseURL     string `name:"base-url" placeholder:"URL" help:"How browsers and tablets reach us, such as https://kontakt.example.dk. Default: the address of --listen, where that is one that they can reach."`
	TLSCert     string `name:"tls-cert" type:"path" placeholder:"FILE" help:"Certificate chain in PEM."`
	TLSKey      string `name:"tls-key" type:"path" placeholder:"FILE" help:"Its private key in PEM."`
	BehindProxy bool   `help:"A proxy of ours ends TLS and says in X-Forwarded-For where a request comes from."`
	Metrics     string `default:"127.0.0.1:9090" placeholder:"HOST:PORT" help:"Where Prometheus may fetch /metrics. It tells no personal data, but keep it inside. 'off' for none. Default: ${default}."`

	Storage `embed:""`

	OIDC     OIDC     `embed:"" prefix:"oidc-" group:"Sign-in"`
	Relay    Relay    `embed:"" prefix:"relay-" group:"Relay"`
	Registry Registry `embed:"" prefix:"registry-" group:"Registry"`
	SMS      SMS      `embed:"" prefix:"sms-" group:"SMS"`
	Round    Round    `embed:"" prefix:"round-" group:"Rounds"`

	// Vet may look at the database, and put into it, before anybody is served; its error stops the start.
	Vet            func(ctx context.Context, db *store.DB) error `kong:"-"`
	Now            func() time.Time                              `kong:"-"` // nil: time.Now
	HTTPListener   net.Listener                                  `kong:"-"` // already open, instead of Listen
	MetricListener net.Listener                                  `kong:"-"` // already open, instead of Metrics
}

// OIDC is the sign-in provider, to which we are a confidential client.
type OIDC struct {
	Issuer           string `placeholder:"URL" help:"Issuer of the sign-in provider."`
	ClientID         string `name:"client-id" placeholder:"ID" help:"Our name at the provider."`
	ClientSecretFile string `type:"path" placeholder:"FILE" help:"File with our secret at the provider."`
	Claims           string `default:"broker" placeholder:"PRESET" help:"Which names the provider gives to level, employer and person: ${claims}. Default: ${default}."`

	ClientSecret string `kong:"-"` // instead of a file
}

// Relay is the way past firewalls.
type Relay struct {
	Listen     netip.AddrPort `default:"127.0.0.1:3478" placeholder:"HOST:PORT" help:"Where the built-in relay listens, UDP and TCP. Default: ${default}."`
	Public     []netip.Addr   `placeholder:"IP" help:"Addresses under which clients reach it, at most one IPv4 and one IPv6. Default: that of --relay-listen."`
	Host       string         `placeholder:"NAME" help:"What clients are told instead of the first public address."`
	TLSListen  netip.AddrPort `name:"tls-listen" placeholder:"HOST:PORT" help:"Where the built-in relay listens for TLS, on an address of its own. Default: on the port of the pages, where we end TLS (--tls-cert); nowhere behind a proxy."`
	TLSCert    string         `name:"tls-cert" type:"path" placeholder:"FILE" help:"Certificate chain in PEM for --relay-tls-listen; it names --relay-host or the host of --base-url. Default: --tls-cert."`
	TLSKey     string         `name:"tls-key" type:"path" placeholder:"FILE" help:"Its private key in PEM."`
	MinPort    uint16         `placeholder:"PORT" help:"First UDP port for relayed media; the firewall lets --relay-min-port to --relay-max-port in."`
	MaxPort    uint16         `placeholder:"PORT" help:"Last UDP port for relayed media."`
	Allow      []netip.Prefix `placeholder:"CIDR" help:"Networks inside which peers may be although they are private, for test networks."`
	URLs       []string       `name:"urls" placeholder:"turn:HOST:PORT" help:"A relay that runs elsewhere (coturn with use-auth-secret) instead of the built-in one."`
	SecretFile string         `type:"path" placeholder:"FILE" help:"Secret shared with that relay. Default: relay.secret in --data, made on the first start."`
}

// Round is how nurses' rounds go.
type Round struct {
	MissedAfter time.Duration `default:"30m" placeholder:"TIME" help:"How late a visit is before it goes on the list that its whole unit sees. Default: ${default}."`
}

// wrong is an error that names the flag.
func wrong(flag, format string, args ...any) error {
	return fmt.Errorf("--%s: %w", flag, fmt.Errorf(format, args...))
}

// missing names the flags of the provider that nobody has set.
func (o OIDC) missing() (flags []string) {
	if o.Issuer == "" {
		flags = append(flags, "--oidc-issuer")
	}
	if o.ClientID == "" {
		flags = append(flags, "--oidc-client-id")
	}
	if o.ClientSecret == "" && o.ClientSecretFile == "" {
		flags = append(flags, "--oidc-client-secret-file")
	}
	return flags
}

// check finds what cannot work, before anything is opened.
func (c Config) check() error {
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return wrong("tls-cert", "certificate and key (--tls-key) come together")
	case c.TLSCert != "" && c.BehindProxy:
		return wrong("behind-proxy", "either the proxy ends TLS or we do (--tls-cert)")
	}
	if missing := c.OIDC.missing(); len(missing) > 0 {
		return fmt.Errorf("nobody can sign in without a provider: set %s (kontaktd demo brings one along, to try)", strings.Join(missing, ", "))
	}
	if _, ok := oidc.Preset(c.OIDC.Claims); !ok {
		return wrong("oidc-claims", "%q is none of %s", c.OIDC.Claims, strings.Join(oidc.PresetNames(), ", "))
	}
	if err := c.Storage.check(); err != nil {
		return err
	}
	if c.BaseURL != "" {
		u, err := url.Parse(c.BaseURL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return wrong("base-url", "%q is not a scheme and a host, such as https://kontakt.example.dk", c.BaseURL)
		}
		if u.Scheme == "http" && !kontakt.Loopback(u.Hostname()) {
			return wrong("base-url", "%q: browsers refuse camera and cookies without https", c.BaseURL)
		}
	}
	listen := c.Listen
	if c.HTTPListener != nil {
		listen = c.HTTPListener.Addr().String()
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return wrong("listen", "%w", err)
	}
	if c.TLSCert == "" && !c.BehindProxy && !kontakt.Loopback(host) {
		return wrong("listen", "%q can be reached from outside: give --tls-cert and --tls-key, or say --behind-proxy", listen)
	}
	if a, err := netip.ParseAddr(host); c.BaseURL == "" && (c.BehindProxy || host == "" || err == nil && a.IsUnspecified()) {
		return wrong("base-url", "is needed: browsers and tablets do not reach us at %q", listen)
	}
	if len(c.Relay.URLs) > 0 && c.Relay.SecretFile == "" {
		return wrong("relay-secret-file", "is needed with --relay-urls")
	}
	return c.checkRelayTLS()
}

// certificate reads the two files of TLS.
func (c Config) certificate() (*tls.Config, error) {
	if c.TLSCert == "" {
		return nil, nil
	}
	return readCertificate("tls-cert", c.TLSCert, c.TLSKey)
}

func readCertificate(flag, chain, key string) (*tls.Config, error) {
	cert, err := tls.LoadX509KeyPair(chain, key)
	if err != nil {
		return nil, wrong(flag, "%w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, nil
}

// clientSecret reads our secret at the provider.
func (c Config) clientSecret() (string, error) {
	if c.OIDC.ClientSecret != "" {
		return c.OIDC.ClientSecret, nil
	}
	return secretFile("oidc-client-secret-file", c.OIDC.ClientSecretFile)
}

// relaySecret reads the relay's secret; one of our own is made on the first start.
func (c Config) relaySecret() (string, error) {
	if c.Relay.SecretFile != "" {
		return secretFile("relay-secret-file", c.Relay.SecretFile)
	}
	path := filepath.Join(c.Data, "relay.secret")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		var b [32]byte
		rand.Read(b[:]) // never fails
		text = []byte(base64.RawURLEncoding.EncodeToString(b[:]))
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return "", wrong("data", "%w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

func secretFile(flag, path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", wrong(flag, "%w", err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", wrong(flag, "%s is empty", path)
	}
	return secret, nil
}

// ClaimPresets are the values that OIDC.Claims may have.
func ClaimPresets() []string { return oidc.PresetNames() }

// ReadConfig reads a configuration file: one flat JSON object whose keys are flags without their hyphens in front. A key
// that is not in known is an error, since a misspelt setting must not be a setting left out.
func ReadConfig(path string, known []string) (map[string]any, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("%s: not a JSON object", path)
	}
	values := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		key := t.(string) // the decoder lets nothing else stand here
		if !slices.Contains(known, key) {
			return nil, fmt.Errorf("%s: there is no setting %q", path, key)
		}
		if _, twice := values[key]; twice {
			return nil, fmt.Errorf("%s: %q stands there twice", path, key)
		}
		var v any
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", path, key, err)
		}
		if _, nested := v.(map[string]any); nested {
			return nil, fmt.Errorf("%s: %q is an object, and settings are flat", path, key)
		}
		values[key] = v
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if d.More() {
		return nil, fmt.Errorf("%s: something stands behind the object", path)
	}
	return values, nil
}
