package oidc

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"

	"kontaktlaege/internal/kontakt"
)

// Identity is a person as a verified token tells. Issuer and Subject together are the key, never a name or an address.
type Identity struct {
	Issuer, Subject string
	Name, Title     string
	CVR             string // employer
	Organisation    string
	Ydernummer      kontakt.Ydernummer
	Roles           []kontakt.Role // as far as the provider tells them
	ProviderSession string         // sid, for back-channel logout
	Assurance       Assurance
	Professional    bool
	AuthTime        time.Time // when the person signed in at the provider
}

// Need is what a sign-in asks for beyond a token that is to be believed.
type Need struct {
	Assurance    Assurance
	Professional bool
	CVR          string         // empty: any employer
	Roles        []kontakt.Role // any of these, at a provider that tells roles
}

// maxToken bounds what we parse; a token with a photo in it is none of ours.
const maxToken = 64 << 10

// tokenClaims are the registered claims that go-oidc leaves to its caller.
type tokenClaims struct {
	AuthorizedParty string       `json:"azp"`
	Session         string       `json:"sid"`
	Type            string       `json:"typ"` // Keycloak's own
	AuthTime        *json.Number `json:"auth_time"`
	IssuedAt        *json.Number `json:"iat"`
	NotBefore       *json.Number `json:"nbf"`
}

func (p *Party) verify(ctx context.Context, m *metadata, raw, accessToken string, a Attempt, need Need) (Identity, error) {
	if raw == "" || len(raw) > maxToken {
		return Identity{}, refused(fmt.Errorf("ID token of %d bytes", len(raw)))
	}
	// A key set of its own, so that keys are fetched anew and one that the provider took back is good for nothing here.
	verifier := m.provider.VerifierContext(ctx, &gooidc.Config{
		ClientID: p.cfg.ClientID,
		Now:      func() time.Time { return p.cfg.Now().Add(-p.cfg.Leeway) }, // go-oidc gives expiry no leeway
	})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return Identity{}, refused(err)
	}
	var registered tokenClaims
	var all map[string]json.RawMessage
	if err := errors.Join(token.Claims(&registered), token.Claims(&all)); err != nil {
		return Identity{}, refused(errors.New("claims do not parse"))
	}
	if err := checkType(raw, registered.Type); err != nil {
		return Identity{}, refused(err)
	}
	if a.Nonce == "" || subtle.ConstantTimeCompare([]byte(a.Nonce), []byte(token.Nonce)) != 1 {
		return Identity{}, refused(errors.New("nonce does not match"))
	}
	if err := p.checkParty(token.Audience, registered.AuthorizedParty); err != nil {
		return Identity{}, refused(err)
	}
	if token.AccessTokenHash != "" {
		if err := token.VerifyAccessToken(accessToken); err != nil {
			return Identity{}, refused(err)
		}
	}
	if err := p.checkPast("iat", registered.IssuedAt); err != nil {
		return Identity{}, refused(err)
	}
	if registered.NotBefore != nil {
		if err := p.checkPast("nbf", registered.NotBefore); err != nil {
			return Identity{}, refused(err)
		}
	}
	authTime, err := p.checkFresh(registered.AuthTime, a.Began)
	if err != nil {
		return Identity{}, err
	}
	id := p.cfg.Claims.identity(token.Issuer, token.Subject, all)
	id.AuthTime, id.ProviderSession = authTime, registered.Session
	if err := need.check(id, p.cfg.Claims.Role != ""); err != nil {
		return Identity{}, err
	}
	return id, nil
}

// checkType refuses other JWTs that the provider signs with the same key: access, logout and refresh tokens.
func checkType(raw, typClaim string) error {
	header, _, _ := strings.Cut(raw, ".")
	text, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil {
		return errors.New("header does not decode")
	}
	var h struct {
		Type string `json:"typ"`
	}
	if err := json.Unmarshal(text, &h); err != nil {
		return errors.New("header does not parse")
	}
	if h.Type != "" && !strings.EqualFold(h.Type, "JWT") {
		return errors.New("typ in the header is not that of an ID token")
	}
	if typClaim != "" && typClaim != "ID" {
		return errors.New("typ claim is not that of an ID token")
	}
	return nil
}

// checkParty demands that the token was issued to us, and not merely that we are among those who may read it.
func (p *Party) checkParty(audience []string, azp string) error {
	if azp != "" && azp != p.cfg.ClientID {
		return errors.New("azp is another client")
	}
	if azp == "" && slices.ContainsFunc(audience, func(a string) bool { return a != p.cfg.ClientID }) {
		return errors.New("several audiences and no azp")
	}
	return nil
}

func (p *Party) checkPast(name string, n *json.Number) error {
	t, ok := numericDate(n)
	if !ok {
		return fmt.Errorf("%s is missing or no time", name)
	}
	if t.After(p.cfg.Now().Add(p.cfg.Leeway)) {
		return fmt.Errorf("%s lies in the future", name)
	}
	return nil
}

// checkFresh demands that the person signed in for this attempt. A provider that ignores prompt=login gives the time at
// which its cookie was made, which is before we began.
func (p *Party) checkFresh(n *json.Number, began time.Time) (time.Time, error) {
	t, ok := numericDate(n)
	now := p.cfg.Now()
	switch {
	case !ok:
		return time.Time{}, refused(errors.New("auth_time is missing or no time"))
	case t.After(now.Add(p.cfg.Leeway)):
		return time.Time{}, refused(errors.New("auth_time lies in the future"))
	case t.Before(began.Add(-p.cfg.Leeway)), t.Before(now.Add(-p.cfg.MaxAge - p.cfg.Leeway)):
		return time.Time{}, &kontakt.Error{Op: opFinish, Kind: kontakt.Unauthenticated, Msg: kontakt.MsgLoginNotFresh}
	}
	return t, nil
}

// numericDate reads a NumericDate (RFC 7519 §2) that lies within the years 1970 to 9999.
func numericDate(n *json.Number) (time.Time, bool) {
	if n == nil {
		return time.Time{}, false
	}
	seconds, err := n.Float64()
	if err != nil || seconds < 0 || seconds > 253402300799 {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0), true
}

// check says why a person may not come in: the reason that helps them first.
func (need Need) check(id Identity, rolesTold bool) error {
	switch {
	case id.Subject == "":
		return refused(errors.New("the token names no person"))
	case need.Professional && !id.Professional:
		return forbidden(kontakt.MsgLoginPrivate)
	case id.Assurance < need.Assurance:
		return forbidden(kontakt.MsgLoginLevelTooLow)
	case need.CVR != "" && id.CVR != need.CVR:
		return forbidden(kontakt.MsgLoginWrongOrg)
	case len(need.Roles) > 0 && rolesTold && !slices.ContainsFunc(need.Roles, id.Is):
		return forbidden(kontakt.MsgLoginNoAccess)
	}
	return nil
}

// Is says whether the provider told that the person has a role.
func (id Identity) Is(role kontakt.Role) bool { return slices.Contains(id.Roles, role) }
