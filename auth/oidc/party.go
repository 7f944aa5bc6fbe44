package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"kontaktlaege/internal/kontakt"
)

// Config says which provider to trust and what we are to it: a confidential client.
type Config struct {
	Issuer        string // https, but for loopback
	ClientID      string
	ClientSecret  string
	RedirectURL   string // our callback, exactly as registered
	PostLogoutURL string // where the browser goes after a sign-out at the provider
	Claims        Claims
	MaxAge        time.Duration    // how long ago the person may have signed in; 0: a minute
	Leeway        time.Duration    // between the provider's clock and ours; 0: 30 s
	Now           func() time.Time // nil: time.Now
	HTTP          *http.Client     // nil: one with a timeout of 10 s
}

// Party is the relying party of one provider. Safe for concurrent use.
type Party struct {
	cfg Config

	mu       sync.Mutex
	found    *metadata
	failed   error
	failedAt time.Time
}

// metadata is what discovery found.
type metadata struct {
	provider   *gooidc.Provider
	endSession string
}

// retryAfter spares a provider that is down from one discovery per tap.
const retryAfter = 2 * time.Second

// Attempt is one walk to the provider and back. The caller keeps it on the server, gives the browser only what stands in
// the URL, and accepts it once.
type Attempt struct {
	State    string
	Nonce    string
	Verifier string // PKCE
	Began    time.Time
}

// New checks the configuration. It asks nothing of the provider, which may be down now and up later.
func New(cfg Config) (*Party, error) {
	if cfg.MaxAge == 0 {
		cfg.MaxAge = time.Minute
	}
	if cfg.Leeway == 0 {
		cfg.Leeway = 30 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: 10 * time.Second}
	}
	if cfg.ClientID == "" || cfg.ClientSecret == "" {
		return nil, errors.New("oidc: a confidential client has an id and a secret")
	}
	if cfg.Claims.Assurance == "" || cfg.Claims.CVR == "" && cfg.Claims.FixedCVR == "" {
		return nil, errors.New("oidc: the claims for assurance level and employer must be named")
	}
	for _, address := range []string{cfg.Issuer, cfg.RedirectURL} {
		if !safeAddress(address) {
			return nil, fmt.Errorf("oidc: %q must be https, or http on loopback", address)
		}
	}
	return &Party{cfg: cfg}, nil
}

// safeAddress demands TLS everywhere but on this machine.
func safeAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && kontakt.Loopback(u.Hostname())
}

// Begin makes an attempt and the address to send the browser to. The provider is told to ask for the password whatever
// cookie it holds.
func (p *Party) Begin(ctx context.Context) (Attempt, string, error) {
	m, err := p.discover(ctx)
	if err != nil {
		return Attempt{}, "", err
	}
	a := Attempt{
		State:    kontakt.NewSecret(),
		Nonce:    kontakt.NewSecret(),
		Verifier: oauth2.GenerateVerifier(),
		Began:    p.cfg.Now(),
	}
	address := p.oauth(m).AuthCodeURL(a.State,
		gooidc.Nonce(a.Nonce),
		oauth2.S256ChallengeOption(a.Verifier),
		oauth2.SetAuthURLParam("prompt", "login"),
		oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(p.cfg.MaxAge.Seconds()))),
	)
	return a, address, nil
}

// Finish takes the provider's answer to attempt a, as it stands in the callback's query, and gives the person, if need
// is met.
func (p *Party) Finish(ctx context.Context, a Attempt, answer url.Values, need Need) (Identity, error) {
	if a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(answer.Get("state"))) != 1 {
		return Identity{}, refused(errors.New("state does not match"))
	}
	if iss := answer.Get("iss"); iss != "" && iss != p.cfg.Issuer { // RFC 9207
		return Identity{}, refused(fmt.Errorf("answer names issuer %q", iss))
	}
	if word := answer.Get("error"); word != "" {
		return Identity{}, providerError(word)
	}
	m, err := p.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	ctx = gooidc.ClientContext(ctx, p.cfg.HTTP)
	tokens, err := p.oauth(m).Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return Identity{}, exchangeError(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	return p.verify(ctx, m, raw, tokens.AccessToken, a, need)
}

// LogoutURL gives the address that ends the browser's session at the provider; "" where the provider has none or is
// down. It names no person: the provider knows its own cookie.
func (p *Party) LogoutURL(ctx context.Context) string {
	m, err := p.discover(ctx)
	if err != nil || m.endSession == "" {
		return ""
	}
	u, err := url.Parse(m.endSession)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", p.cfg.ClientID)
	if p.cfg.PostLogoutURL != "" {
		q.Set("post_logout_redirect_uri", p.cfg.PostLogoutURL)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// discover fetches the provider's metadata at first use and keeps it. Callers who come while it is being fetched wait.
func (p *Party) discover(ctx context.Context) (*metadata, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if p.failed != nil && p.cfg.Now().Sub(p.failedAt) < retryAfter {
		return nil, p.failed
	}
	// Not the caller's deadline: a browser that goes away must not make the provider look down to the next.
	ctx = gooidc.ClientContext(context.WithoutCancel(ctx), p.cfg.HTTP)
	provider, err := gooidc.NewProvider(ctx, p.cfg.Issuer)
	if err == nil {
		var m *metadata
		if m, err = checkMetadata(provider); err == nil {
			p.found, p.failed = m, nil
			return m, nil
		}
	}
	p.failed, p.failedAt = down(err), p.cfg.Now()
	return nil, p.failed
}

// checkMetadata refuses a provider that would have us send the client's secret or fetch keys in the clear.
func checkMetadata(provider *gooidc.Provider) (*metadata, error) {
	var doc struct {
		EndSession string `json:"end_session_endpoint"`
		JWKS       string `json:"jwks_uri"`
	}
	if err := provider.Claims(&doc); err != nil {
		return nil, err
	}
	for _, address := range []string{provider.Endpoint().AuthURL, provider.Endpoint().TokenURL, doc.JWKS} {
		if !safeAddress(address) {
			return nil, fmt.Errorf("endpoint %q is neither https nor loopback", address)
		}
	}
	return &metadata{provider: provider, endSession: doc.EndSession}, nil
}

func (p *Party) oauth(m *metadata) *oauth2.Config {
	return &oauth2.Config{
		ClientID:     p.cfg.ClientID,
		ClientSecret: p.cfg.ClientSecret,
		Endpoint:     m.provider.Endpoint(),
		RedirectURL:  p.cfg.RedirectURL,
		Scopes:       append([]string{gooidc.ScopeOpenID}, p.cfg.Claims.Scopes...),
	}
}
