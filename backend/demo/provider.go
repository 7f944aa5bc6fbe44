package demo

import (
	"context"
	"crypto/rand"
	"embed"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
	"golang.org/x/text/language"
)

// ProviderConfig is the demo's sign-in provider and its one client, our backend.
type ProviderConfig struct {
	Issuer        string // public address, such as "http://127.0.0.1:8091"; loopback or a private network
	ClientID      string
	ClientSecret  string
	RedirectURL   string
	PostLogoutURL string
	Now           func() time.Time // nil: time.Now
}

const (
	loginPath   = "/login"
	cancelPath  = "/login/afbryd"
	stylePath   = "/login/login.css"
	cookieName  = "demo_provider"
	maxFormSize = 8 << 10
)

//go:embed pages
var pageFiles embed.FS

var loginPage = template.Must(template.ParseFS(pageFiles, "pages/login.html"))

// provider adds the sign-in pages to zitadel's OpenID provider.
type provider struct {
	op      *op.Provider
	storage *opStorage
	secure  bool
}

// NewProvider makes the sign-in provider. Sessions and codes live in memory: who was half-way when it stopped starts again.
func NewProvider(c ProviderConfig) (http.Handler, error) {
	issuer, err := url.Parse(c.Issuer)
	if err != nil || !nearby(issuer.Hostname()) {
		return nil, fmt.Errorf("demo: the demo provider answers on this machine or a private network only, not %q", c.Issuer)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	var key [32]byte
	rand.Read(key[:])
	storage := newOPStorage(c)
	inner, err := op.NewProvider(&op.Config{
		CryptoKey:                key,
		CryptoKeyId:              "demo",
		DefaultLogoutRedirectURI: c.PostLogoutURL,
		CodeMethodS256:           true,
		SupportedUILocales:       []language.Tag{language.Danish},
	}, storage, op.StaticIssuer(c.Issuer), op.WithAllowInsecure())
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	p := &provider{op: inner, storage: storage, secure: issuer.Scheme == "https"}
	withIssuer := op.NewIssuerInterceptor(inner.IssuerFromRequest)
	mux := http.NewServeMux()
	mux.Handle("GET "+loginPath, withIssuer.HandlerFunc(p.show))
	mux.HandleFunc("GET "+stylePath, p.style)
	mux.Handle("POST "+loginPath, withIssuer.HandlerFunc(p.signIn))
	mux.Handle("POST "+cancelPath, withIssuer.HandlerFunc(p.cancel))
	mux.HandleFunc(inner.EndSessionEndpoint().Relative(), p.signOut)
	mux.Handle("/", inner)
	return mux, nil
}

// nearby says whether a host can only be this machine or its own network.
func nearby(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast())
}

func (p *provider) show(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	if c, err := r.Cookie(cookieName); err == nil && p.storage.resume(id, c.Value) {
		p.finish(w, r, id)
		return
	}
	p.render(w, http.StatusOK, loginView{ID: id, Password: Password})
}

func (p *provider) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFormSize)
	id, username := r.PostFormValue("id"), r.PostFormValue("username")
	cookie, ok := p.storage.signIn(id, username, r.PostFormValue("password"))
	if !ok {
		p.render(w, http.StatusUnauthorized, loginView{ID: id, Username: username, Wrong: true})
		return
	}
	p.setCookie(w, cookie, 0)
	p.finish(w, r, id)
}

func (p *provider) cancel(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFormSize)
	open, err := p.storage.AuthRequestByID(r.Context(), r.PostFormValue("id"))
	if err != nil {
		op.AuthRequestError(w, r, nil, err, p.op)
		return
	}
	_ = p.storage.DeleteAuthRequest(r.Context(), open.GetID()) // never fails
	op.AuthRequestError(w, r, open, oidc.ErrAccessDenied(), p.op)
}

// finish goes back to the provider proper, which sends the browser on with a code.
func (p *provider) finish(w http.ResponseWriter, r *http.Request, id string) {
	http.Redirect(w, r, op.AuthCallbackURL(p.op)(r.Context(), id), http.StatusSeeOther)
}

// signOut ends the browser's session here before the provider proper sends the browser on.
func (p *provider) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookieName); err == nil {
		p.storage.signOut(c.Value)
		p.setCookie(w, "", -1)
	}
	p.op.ServeHTTP(w, r)
}

func (p *provider) setCookie(w http.ResponseWriter, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: value, MaxAge: maxAge, Path: "/",
		HttpOnly: true, Secure: p.secure, SameSite: http.SameSiteLaxMode,
	})
}

// loginView is what the sign-in page shows.
type loginView struct {
	ID, Username, Password string
	Wrong                  bool
	Accounts               []Account
}

func (p *provider) render(w http.ResponseWriter, status int, v loginView) {
	if _, err := p.storage.AuthRequestByID(context.Background(), v.ID); err != nil {
		v.ID, status = "", http.StatusGone
	}
	v.Accounts = accounts
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_ = loginPage.Execute(w, v) // fails only where the browser went away
}

func (p *provider) style(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, pageFiles, "pages/login.css")
}
