package signin_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kontaktlaege/backend/signin"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// clinicIn walks a clinic's browser through the sign-in.
func (s *site) clinicIn(b *testkit.Browser, username string) *testkit.Page {
	s.t.Helper()
	return b.Open(s.backend.URL+"/klinik/login").Submit("accounts", map[string]string{"username": username})
}

func (s *site) clinicSecret(b *testkit.Browser) string {
	s.t.Helper()
	for _, c := range b.Cookies(s.backend.URL) {
		if c.Name == signin.ClinicCookie {
			return c.Value
		}
	}
	return ""
}

func TestClinic_staffOfEachKind(t *testing.T) {
	s := open(t)
	clinics := map[string]kontakt.ClinicID{}
	for username, want := range map[string]kontakt.Actor{
		"lars":   {Role: kontakt.RoleClinician, Name: "Lars Holm", Title: "praktiserende læge"},
		"peter":  {Role: kontakt.RoleClinician, Name: "Peter Lund", Title: "praktiserende læge"},
		"birgit": {Role: kontakt.RoleSecretary, Name: "Birgit Thorup", Title: "lægesekretær"},
		"anna":   {Role: kontakt.RoleClinician, Name: "Anna Winther", Title: "praktiserende læge"},
	} {
		b := s.browser()
		if page := s.clinicIn(b, username); page.URL.String() != s.backend.URL+"/klinik/" {
			t.Errorf("%s ended at %s", username, page.URL)
			continue
		}
		actor, _ := kontakt.ActorFrom(s.as(s.clinicSecret(b)))
		if actor.Role != want.Role || actor.Name != want.Name || actor.Title != want.Title || actor.Device != "" || actor.Municipality != "" {
			t.Errorf("%s: actor = %+v", username, actor)
		}
		clinics[username] = actor.Clinic
	}
	if clinics["lars"] == "" || clinics["lars"] != clinics["peter"] || clinics["lars"] != clinics["birgit"] || clinics["lars"] == clinics["anna"] {
		t.Errorf("clinics = %v", clinics)
	}
}

func TestClinic_refusalsGoBackToTheModule(t *testing.T) {
	s := open(t)
	for username, want := range map[string]kontakt.MsgKey{
		"sanne":  kontakt.MsgLoginNoAccess, // a nurse of the municipality
		"ulla":   kontakt.MsgLoginNoAccess,
		"karen":  kontakt.MsgLoginPrivate,
		"jonas":  kontakt.MsgLoginLevelTooLow,
		"henrik": kontakt.MsgLoginNoAccess,
	} {
		b := s.browser()
		page := s.clinicIn(b, username)
		if page.URL.Path != "/klinik/" || page.URL.Query().Get("login") != string(want) {
			t.Errorf("%s ended at %s, want login=%s", username, page.URL, want)
		}
		if s.clinicSecret(b) != "" {
			t.Errorf("%s has a session", username)
		}
	}
}

// Where the provider tells neither role nor clinic, ours counts; the employer's number must still be the clinic's.
func TestClinic_anAppointmentSaysRoleAndClinic(t *testing.T) {
	s := open(t)
	b := s.browser()
	s.clinicIn(b, "birgit") // a secretary by the provider's word
	first, _ := kontakt.ActorFrom(s.as(s.clinicSecret(b)))
	appoint := func(clinic kontakt.Ydernummer, role kontakt.Role) {
		t.Helper()
		if err := s.db.Update(t.Context(), func(tx *store.Tx) error {
			c, err := tx.ClinicByYdernummer(clinic)
			if err != nil {
				return err
			}
			who, err := tx.Employee(first.Employee)
			if err != nil {
				return err
			}
			who.Role, who.Clinic, who.Appointed = role, c.ID, true
			_, err = tx.SaveEmployee(who)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	appoint("099001", kontakt.RoleClinician)
	b = s.browser()
	s.clinicIn(b, "birgit")
	if actor, _ := kontakt.ActorFrom(s.as(s.clinicSecret(b))); actor.Role != kontakt.RoleClinician || actor.Clinic != first.Clinic || actor.Employee != first.Employee {
		t.Errorf("appointed: %+v, before %+v", actor, first)
	}
	appoint("099002", kontakt.RoleClinician) // another employer's
	b = s.browser()
	if page := s.clinicIn(b, "birgit"); page.URL.Query().Get("login") != string(kontakt.MsgLoginNoAccess) {
		t.Errorf("into another employer's clinic: ended at %s", page.URL)
	}
}

// A provider may let an employer write any ydernummer into its people's tokens: only its own counts.
func TestClinic_ydernummerOfAnotherEmployer(t *testing.T) {
	s := open(t)
	if err := s.db.Update(t.Context(), func(tx *store.Tx) error {
		c, err := tx.ClinicByYdernummer("099001")
		if err != nil {
			return err
		}
		c.CVR = "99999950"
		return tx.SaveClinic(c)
	}); err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	if page := s.clinicIn(b, "lars"); page.URL.Query().Get("login") != string(kontakt.MsgLoginNoAccess) || s.clinicSecret(b) != "" {
		t.Errorf("ended at %s", page.URL)
	}
}

func TestClinic_providerDown(t *testing.T) {
	s := open(t)
	s.set(&s.down, true)
	page := s.browser().Open(s.backend.URL + "/klinik/login")
	if page.URL.Query().Get("login") != string(kontakt.MsgLoginProviderDown) {
		t.Errorf("ended at %s", page.URL)
	}
}

func TestClinic_cookieIsHardened(t *testing.T) {
	s := open(t)
	b := s.browser()
	_ = s.callbackOf(b, s.backend.URL+"/klinik/login", "lars")
	// The browser stands before the callback; ask for it with the cookies it would send.
	u, err := url.Parse(s.callbackOf(b, s.backend.URL+"/klinik/login", "lars"))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, u.RequestURI(), nil)
	for _, c := range b.Cookies(s.backend.URL) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.service.Browser().ServeHTTP(w, r)
	found := false
	for _, c := range w.Result().Cookies() {
		if c.Name == signin.ClinicCookie {
			found = true
			if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 12*3600 {
				t.Errorf("cookie = %v", c)
			}
		}
	}
	if !found {
		t.Fatalf("no session: %d %s", w.Code, w.Header().Get("Location"))
	}
}

func TestClinic_twoTabsSignInAtOnce(t *testing.T) {
	s := open(t)
	b := s.browser()
	one, two := b.Open(s.backend.URL+"/klinik/login"), b.Open(s.backend.URL+"/klinik/login")
	for _, tab := range []*testkit.Page{one, two} {
		if page := tab.Submit("accounts", map[string]string{"username": "lars"}); page.URL.RawQuery != "" {
			t.Errorf("ended at %s", page.URL)
		}
	}
}

func TestClinic_signOutEndsSessionAndProvider(t *testing.T) {
	s := open(t)
	b := s.browser()
	s.clinicIn(b, "lars")
	secret := s.clinicSecret(b)
	s.restart()
	s.as(secret)

	client := &http.Client{Transport: s.transport(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(origin, cookie string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.backend.URL+"/klinik/logout", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		r.AddCookie(&http.Cookie{Name: signin.ClinicCookie, Value: cookie})
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer
	}
	if answer := post("https://evil.example", secret); answer.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: status %d", answer.StatusCode)
	}
	s.as(secret)
	answer := post(s.backend.URL, secret)
	if answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(answer.Header.Get("Location"), s.provider.URL+"/end_session?") {
		t.Errorf("status %d to %s", answer.StatusCode, answer.Header.Get("Location"))
	}
	_, err := s.service.Actor(t.Context(), secret)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	s.set(&s.down, true)
	if again := post(s.backend.URL, secret); again.StatusCode != http.StatusSeeOther {
		t.Errorf("signing out twice: status %d", again.StatusCode)
	}
}

func TestClinic_nextPersonAtTheSameBrowserEndsTheFirst(t *testing.T) {
	s := open(t)
	b := s.browser()
	s.clinicIn(b, "lars")
	first := s.clinicSecret(b)
	s.clinicIn(b, "birgit")
	_, err := s.service.Actor(t.Context(), first)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	if actor, _ := kontakt.ActorFrom(s.as(s.clinicSecret(b))); actor.Name != "Birgit Thorup" {
		t.Errorf("actor = %+v", actor)
	}
}

// A tablet's token in the clinic's cookie must not be signed out by a page.
func TestClinic_logoutEndsClinicSessionsOnly(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	nurse := tab.signIn("sanne")
	r := httptest.NewRequest(http.MethodPost, "/klinik/logout", nil)
	r.AddCookie(&http.Cookie{Name: signin.ClinicCookie, Value: nurse})
	s.service.Browser().ServeHTTP(httptest.NewRecorder(), r)
	s.as(nurse)
}
