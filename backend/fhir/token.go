package fhir

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Token gives what a server wants to see from who asks.
type Token interface {
	Bearer(ctx context.Context) (string, error)
	// Refused says that the last one was not taken.
	Refused()
}

// TokenFile is a token that somebody else keeps fresh in a file.
type TokenFile string

// Bearer reads the file.
func (f TokenFile) Bearer(context.Context) (string, error) {
	text, err := os.ReadFile(string(f))
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(text))
	if token == "" || strings.ContainsAny(token, "\r\n") {
		return "", errors.New("fhir: the token's file is empty or has more than one line")
	}
	return token, nil
}

// Refused does nothing: the file is read each time.
func (TokenFile) Refused() {}

// Credentials fetch tokens by OAuth2's client credentials and keep one while it lasts.
type Credentials struct {
	conf clientcredentials.Config
	http *http.Client

	mu   sync.Mutex
	held *oauth2.Token
}

// tokenWithin is how long the fetching of a token may take; questions wait for it with their own limits.
const tokenWithin = 10 * time.Second

// NewCredentials makes them. tokenURL is where tokens are given out.
func NewCredentials(tokenURL, clientID, clientSecret string, scopes []string) (*Credentials, error) {
	if _, err := safeURL(tokenURL); err != nil {
		return nil, err
	}
	conf := clientcredentials.Config{ClientID: clientID, ClientSecret: clientSecret, TokenURL: tokenURL, Scopes: scopes}
	return &Credentials{conf: conf, http: newHTTP()}, nil
}

// Bearer gives the token that is held, or a fresh one.
func (c *Credentials) Bearer(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held.Valid() {
		return c.held.AccessToken, nil
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, oauth2.HTTPClient, c.http), tokenWithin)
	defer cancel()
	fresh, err := c.conf.Token(ctx)
	if err != nil {
		return "", errors.New("fhir: no token was given out") // the library's words quote the answer
	}
	c.held = fresh
	return fresh.AccessToken, nil
}

// Refused lets the token go.
func (c *Credentials) Refused() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = nil
}

// Close lets go of idle connections.
func (c *Credentials) Close() error {
	c.http.CloseIdleConnections()
	return nil
}
