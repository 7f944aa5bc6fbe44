package demo

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"kontaktlaege/internal/kontakt"
)

// requestLife is how long a started sign-in at the provider is kept.
const requestLife = 10 * time.Minute

// opStorage wraps the storage of zitadel's example server: what it leaves out (levels, employer, a browser's session at
// the provider and so the meaning of prompt=login and max_age) is added here; tokens, keys and codes stay its own.
type opStorage struct {
	*storage.Storage
	client *client
	now    func() time.Time

	mu       sync.Mutex
	requests map[string]*request
	sessions map[string]opSession // by the provider's cookie
}

// opSession is a browser that has signed in at the provider.
type opSession struct {
	username string
	authTime time.Time
}

// request is a sign-in under way: the example's own, with what it keeps to itself.
type request struct {
	*storage.AuthRequest
	account  Account // zero until somebody has signed in
	authTime time.Time
}

func (r *request) Done() bool             { return r.account.Username != "" }
func (r *request) GetAuthTime() time.Time { return r.authTime }
func (r *request) GetAMR() []string       { return []string{"pwd"} }
func (r *request) GetACR() string         { return r.account.assurance }

// client adds to the example's web client what our relying party needs.
type client struct {
	*storage.Client
	postLogout []string
}

func (c *client) LoginURL(id string) string            { return loginPath + "?id=" + id }
func (c *client) PostLogoutRedirectURIs() []string     { return c.postLogout }
func (c *client) IDTokenUserinfoClaimsAssertion() bool { return true }

func newOPStorage(c ProviderConfig) *opStorage {
	web := storage.WebClient(c.ClientID, c.ClientSecret, c.RedirectURL)
	return &opStorage{
		Storage:  storage.NewStorageWithClients(newDirectory(), map[string]*storage.Client{c.ClientID: web}),
		client:   &client{Client: web, postLogout: []string{c.PostLogoutURL}},
		now:      c.Now,
		requests: map[string]*request{},
		sessions: map[string]opSession{},
	}
}

func (s *opStorage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.client.GetID() {
		return nil, errors.New("client not found")
	}
	return s.client, nil
}

func (s *opStorage) CreateAuthRequest(ctx context.Context, asked *oidc.AuthRequest, userID string) (op.AuthRequest, error) {
	if asked.CodeChallenge == "" {
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE is required")
	}
	inner, err := s.Storage.CreateAuthRequest(ctx, asked, userID)
	if err != nil {
		return nil, err
	}
	r := &request{AuthRequest: inner.(*storage.AuthRequest)}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, old := range s.requests {
		if s.now().Sub(old.CreationDate) > requestLife {
			delete(s.requests, id)
			_ = s.Storage.DeleteAuthRequest(ctx, id) // never fails
		}
	}
	s.requests[r.ID] = r
	return r, nil
}

func (s *opStorage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	r, ok := s.request(id)
	if !ok {
		return nil, oidc.ErrInvalidRequest().WithDescription("the sign-in is not known, or was used")
	}
	return r, nil
}

func (s *opStorage) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	inner, err := s.Storage.AuthRequestByCode(ctx, code)
	if err != nil {
		return nil, err
	}
	return s.AuthRequestByID(ctx, inner.GetID())
}

func (s *opStorage) DeleteAuthRequest(ctx context.Context, id string) error {
	s.mu.Lock()
	delete(s.requests, id)
	s.mu.Unlock()
	return s.Storage.DeleteAuthRequest(ctx, id)
}

// CreateAccessToken hands the example its own type, which it looks for.
func (s *opStorage) CreateAccessToken(ctx context.Context, asked op.TokenRequest) (string, time.Time, error) {
	if r, ok := asked.(*request); ok {
		asked = r.AuthRequest
	}
	return s.Storage.CreateAccessToken(ctx, asked)
}

// SetUserinfoFromRequest writes the ID token's claims.
func (s *opStorage) SetUserinfoFromRequest(ctx context.Context, info *oidc.UserInfo, asked op.IDTokenRequest, scopes []string) error {
	if err := s.Storage.SetUserinfoFromRequest(ctx, info, asked, scopes); err != nil {
		return err
	}
	r, ok := asked.(*request)
	if !ok {
		return errors.New("demo: only the code flow has accounts")
	}
	for name, value := range map[string]string{
		"loa":           r.account.assurance,
		"identity_type": r.account.identityType,
		"cvr":           r.account.cvr,
		"org_name":      r.account.organisation,
		"title":         r.account.title,
		"ydernummer":    r.account.ydernummer,
		"role":          r.account.role,
	} {
		if value != "" {
			info.AppendClaims(name, value)
		}
	}
	return nil
}

func (s *opStorage) request(id string) (*request, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.requests[id]
	if !ok {
		return nil, false
	}
	copied := *r
	return &copied, true
}

// signIn checks the password, completes the request and gives the browser's new session.
func (s *opStorage) signIn(id, username, password string) (cookie string, ok bool) {
	a, known := account(username)
	if !known || s.CheckUsernamePasswordSimple(username, password) != nil {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, open := s.requests[id]
	if !open || r.Done() {
		return "", false
	}
	session := opSession{username, s.now()}
	r.complete(a, session)
	cookie = kontakt.NewSecret()
	s.sessions[cookie] = session
	return cookie, true
}

// resume completes the request with the browser's live session, where the relying party allows that.
func (s *opStorage) resume(id, cookie string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, open := s.requests[id]
	session, live := s.sessions[cookie]
	if !open || !live || r.Done() || slices.Contains(r.Prompt, oidc.PromptLogin) {
		return false
	}
	if r.MaxAuthAge != nil && s.now().Sub(session.authTime) > *r.MaxAuthAge {
		return false
	}
	a, known := account(session.username)
	if !known {
		return false
	}
	r.complete(a, session)
	return true
}

// complete runs under the storage's lock.
func (r *request) complete(a Account, session opSession) {
	r.account, r.authTime = a, session.authTime
	r.UserID = subjectOf(a.Username)
}

func (s *opStorage) signOut(cookie string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, cookie)
}
