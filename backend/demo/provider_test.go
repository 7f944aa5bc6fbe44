package demo_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/demo"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// deployment is the real provider and our real relying party, each on its own address.
type deployment struct {
	t        *testing.T
	provider *httptest.Server
	party    *oidc.Party
	callback *httptest.Server // answers with the query it was called with
}

func deploy(t *testing.T) *deployment {
	t.Helper()
	testkit.Guard(t, 30*time.Second)
	d := &deployment{t: t}
	d.callback = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	t.Cleanup(d.callback.Close)
	var handler http.Handler
	d.provider = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(d.provider.Close)
	var err error
	handler, err = demo.NewProvider(demo.ProviderConfig{
		Issuer: d.provider.URL, ClientID: "backend", ClientSecret: "s3cret",
		RedirectURL: d.callback.URL + "/signin/callback", PostLogoutURL: d.callback.URL + "/klinik/",
	})
	if err != nil {
		t.Fatal(err)
	}
	claims, _ := oidc.Preset("demo")
	d.party, err = oidc.New(oidc.Config{
		Issuer: d.provider.URL, ClientID: "backend", ClientSecret: "s3cret",
		RedirectURL: d.callback.URL + "/signin/callback", PostLogoutURL: d.callback.URL + "/klinik/",
		Claims: claims, HTTP: d.client(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *deployment) client() *http.Client {
	transport := &http.Transport{}
	d.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func (d *deployment) browser() *testkit.Browser {
	return testkit.NewBrowser(d.t, d.client().Transport)
}

func (d *deployment) begin() (oidc.Attempt, string) {
	d.t.Helper()
	a, address, err := d.party.Begin(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return a, address
}

var nurse = oidc.Need{Assurance: oidc.Substantial, Professional: true, CVR: demo.MunicipalityCVR}

func TestProvider_everyAccountSignsInAndSaysWhoItIs(t *testing.T) {
	d := deploy(t)
	for _, account := range demo.Accounts() {
		a, address := d.begin()
		page := d.browser().Open(address).Submit("login", map[string]string{"username": account.Username, "password": demo.Password})
		id, err := d.party.Finish(t.Context(), a, page.URL.Query(), oidc.Need{})
		if err != nil {
			t.Errorf("%s: %v", account.Username, err)
			continue
		}
		if id.Name != account.Name() {
			t.Errorf("%s: name = %q, want %q", account.Username, id.Name, account.Name())
		}
		if id.Issuer != d.provider.URL || id.Subject == "" || id.Assurance == oidc.NoAssurance {
			t.Errorf("%s: issuer %q, subject %q, assurance %v", account.Username, id.Issuer, id.Subject, id.Assurance)
		}
	}
}

func TestProvider_refusalsAreTold(t *testing.T) {
	d := deploy(t)
	for username, want := range map[string]kontakt.MsgKey{
		"sanne":   "",
		"mette":   "",
		"jonas":   kontakt.MsgLoginLevelTooLow,
		"camilla": kontakt.MsgLoginPrivate,
		"karen":   kontakt.MsgLoginPrivate,
		"henrik":  kontakt.MsgLoginWrongOrg,
		"lars":    kontakt.MsgLoginWrongOrg,
	} {
		a, address := d.begin()
		page := d.browser().Open(address).Submit("accounts", map[string]string{"username": username})
		_, err := d.party.Finish(t.Context(), a, page.URL.Query(), nurse)
		if want == "" && err != nil {
			t.Errorf("%s: %v, want to be let in", username, err)
		}
		if msg, _ := kontakt.MsgOf(err); want != "" && (err == nil || msg != want) {
			t.Errorf("%s: %v, want %s", username, err, want)
		}
	}
}

func TestProvider_wrongPasswordCanBeTriedAgain(t *testing.T) {
	d := deploy(t)
	a, address := d.begin()
	page := d.browser().Open(address).Submit("login", map[string]string{"username": "sanne", "password": "forkert"})
	if page.Status != http.StatusUnauthorized || !strings.Contains(page.Body, "Forkert brugernavn eller adgangskode") {
		t.Fatalf("status %d, page:\n%s", page.Status, page.Body)
	}
	page = page.Submit("login", map[string]string{"username": "sanne", "password": demo.Password})
	if _, err := d.party.Finish(t.Context(), a, page.URL.Query(), nurse); err != nil {
		t.Fatal(err)
	}
}

func TestProvider_cancelledSaysSo(t *testing.T) {
	d := deploy(t)
	a, address := d.begin()
	page := d.browser().Open(address).Submit("cancel", nil)
	_, err := d.party.Finish(t.Context(), a, page.URL.Query(), nurse)
	if msg, _ := kontakt.MsgOf(err); msg != kontakt.MsgLoginCancelled {
		t.Fatalf("error = %v, want %s", err, kontakt.MsgLoginCancelled)
	}
}

func TestProvider_everyPageSaysThatNobodyIsReal(t *testing.T) {
	d := deploy(t)
	_, address := d.begin()
	browser := d.browser()
	for name, page := range map[string]*testkit.Page{
		"sign-in":        browser.Open(address),
		"wrong password": browser.Open(address).Submit("login", map[string]string{"username": "x", "password": "y"}),
		"gone":           browser.Open(d.provider.URL + "/login?id=unknown"),
	} {
		if !strings.Contains(page.Body, "DEMO – ikke rigtige personer") {
			t.Errorf("%s: no banner:\n%s", name, page.Body)
		}
	}
}

// A shared tablet: nurse A's cookie lives at the provider when nurse B comes.
func TestProvider_promptLoginAsksAgainDespiteTheCookie(t *testing.T) {
	d := deploy(t)
	browser := d.browser()
	_, address := d.begin()
	browser.Open(address).Submit("accounts", map[string]string{"username": "sanne"})

	a, address := d.begin()
	page := browser.Open(address)
	if !page.Has("login") {
		t.Fatalf("the second sign-in was not asked for a password, and ended at %s", page.URL.Path)
	}
	page = page.Submit("accounts", map[string]string{"username": "mette"})
	id, err := d.party.Finish(t.Context(), a, page.URL.Query(), nurse)
	if err != nil || id.Name != "Mette Juhl" {
		t.Fatalf("signed in as %q (%v), want Mette Juhl", id.Name, err)
	}
}

// The cookie does work where a relying party allows it: otherwise the test above would prove nothing.
func TestProvider_withoutPromptTheCookieSignsIn(t *testing.T) {
	d := deploy(t)
	browser := d.browser()
	_, address := d.begin()
	browser.Open(address).Submit("accounts", map[string]string{"username": "sanne"})

	a, address := d.begin()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Del("prompt")
	u.RawQuery = q.Encode()
	page := browser.Open(u.String())
	if page.Has("login") {
		t.Fatal("asked for a password in spite of the live session")
	}
	if id, err := d.party.Finish(t.Context(), a, page.URL.Query(), nurse); err != nil || id.Name != "Sanne Ravn" {
		t.Fatalf("signed in as %q (%v)", id.Name, err)
	}
}

func TestProvider_signOutEndsTheSession(t *testing.T) {
	d := deploy(t)
	browser := d.browser()
	_, address := d.begin()
	browser.Open(address).Submit("accounts", map[string]string{"username": "lars"})
	page := browser.Open(d.party.LogoutURL(t.Context()))
	if page.URL.Path != "/klinik/" {
		t.Errorf("after the sign-out the browser is at %s, want /klinik/", page.URL)
	}
	if left := browser.Cookies(d.provider.URL); len(left) != 0 {
		t.Errorf("cookies left at the provider: %v", left)
	}
}

func TestProvider_codeIsGoodOnce(t *testing.T) {
	d := deploy(t)
	a, address := d.begin()
	page := d.browser().Open(address).Submit("accounts", map[string]string{"username": "sanne"})
	if _, err := d.party.Finish(t.Context(), a, page.URL.Query(), nurse); err != nil {
		t.Fatal(err)
	}
	_, err := d.party.Finish(t.Context(), a, page.URL.Query(), nurse)
	if msg, _ := kontakt.MsgOf(err); msg != kontakt.MsgLoginFailed {
		t.Fatalf("second use: %v, want %s", err, kontakt.MsgLoginFailed)
	}
}

func TestProvider_refusesToAnswerTheWorld(t *testing.T) {
	for _, issuer := range []string{"https://login.kontaktlaege.dk", "http://203.0.113.7:80", ""} {
		if _, err := demo.NewProvider(demo.ProviderConfig{Issuer: issuer, ClientID: "x", ClientSecret: "y"}); err == nil {
			t.Errorf("issuer %q was accepted", issuer)
		}
	}
}
