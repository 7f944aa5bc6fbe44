package backend_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/desk"
	"kontaktlaege/internal/testkit"
)

// examine gives what the doctor found, by what was looked at.
func examine(t *testing.T, cfg backend.Config, sms string) map[string]backend.Finding {
	t.Helper()
	found := map[string]backend.Finding{}
	backend.Doctor(t.Context(), cfg, sms, func(f backend.Finding) { found[f.What] = f })
	return found
}

// healthy is a configuration in which everything is as it should be: a provider that answers, and a relay, which is that
// of a demo that runs beside it.
func healthy(t *testing.T) backend.Config {
	t.Helper()
	s := newStage(t)
	var provider *httptest.Server
	provider = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"issuer": provider.URL})
	}))
	t.Cleanup(provider.Close)
	data := filepath.Join(t.TempDir(), "data")
	cfg := backend.Config{
		Listen: strings.TrimPrefix(s.url, "http://"), Metrics: "off", Storage: backend.Storage{Data: data},
		OIDC:  backend.OIDC{Issuer: provider.URL, ClientID: "id", ClientSecret: "secret", Claims: "broker"},
		Relay: backend.Relay{Listen: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), s.srv.RelayPort())},
	}
	db, err := cfg.Storage.Open(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	d := desk.New(db)
	name, town, phone, cvr := "Lægerne Havnegade", "Eksempelby", "00 00 00 01", "99999985"
	if err := d.AddMunicipality(t.Context(), "Eksempel Kommune", "99999993"); err != nil {
		t.Fatal(err)
	}
	if err := d.AddClinic(t.Context(), "099001", desk.Clinic{Name: &name, Town: &town, Phone: &phone, CVR: &cvr}); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestDoctor_findsWhatIsWrongAndSaysWhatToDo(t *testing.T) {
	cfg := healthy(t)
	for what, f := range examine(t, cfg, "") {
		if what == "relay" { // its secret is another's here; the stage's own check is tested in backend/turn
			continue
		}
		if f.Level != backend.Fine || f.Said == "" {
			t.Errorf("all is well, and %s says %+v", what, f)
		}
	}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"issuer": "https://somebody.else"})
	}))
	defer other.Close()
	down := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	defer down.Close()
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	defer gateway.Close()
	expired := write(t, "expired", "no certificate")
	for name, c := range map[string]struct {
		change func(*backend.Config)
		what   string
		level  backend.Level
		words  string // in what is said or advised
	}{
		"no provider":               {func(c *backend.Config) { c.OIDC.Issuer = "" }, "provider", backend.Broken, "--oidc-issuer"},
		"the provider is down":      {func(c *backend.Config) { c.OIDC.Issuer = down.URL }, "provider", backend.Broken, "502"},
		"the provider is another":   {func(c *backend.Config) { c.OIDC.Issuer = other.URL }, "provider", backend.Broken, "https://somebody.else"},
		"no secret":                 {func(c *backend.Config) { c.OIDC.ClientSecret = "" }, "provider", backend.Broken, "--oidc-client-secret-file"},
		"the clock is 2 h off":      {func(c *backend.Config) { c.Now = func() time.Time { return time.Now().Add(2 * time.Hour) } }, "clock", backend.Broken, "time synchronisation"},
		"the clock is 20 s off":     {func(c *backend.Config) { c.Now = func() time.Time { return time.Now().Add(-20 * time.Second) } }, "clock", backend.Doubtful, "time synchronisation"},
		"keys that others can read": {func(c *backend.Config) { c.KeysFile = loose(t, filepath.Join(c.Data, "keys")) }, "keys", backend.Broken, "chmod 600"},
		"other keys":                {func(c *backend.Config) { c.KeysFile = filepath.Join(t.TempDir(), "fresh") }, "database", backend.Broken, "keys"},
		"keys that are none":        {func(c *backend.Config) { c.KeysFile = write(t, "keys", "no keys") }, "keys", backend.Broken, "copy"},
		"no folder yet":             {func(c *backend.Config) { c.Data = filepath.Join(t.TempDir(), "new") }, "folder", backend.Doubtful, "--data"},
		"a folder anybody can read": {func(c *backend.Config) { c.Data = t.TempDir(); os.Chmod(c.Data, 0o755) }, "folder", backend.Doubtful, "chmod 700"},
		"no database yet":           {func(c *backend.Config) { c.Data = t.TempDir() }, "database", backend.Doubtful, "first"},
		"a database that is none": {func(c *backend.Config) {
			c.Database = "sqlite:" + write(t, "kontakt.db", strings.Repeat("no database ", 500))
		}, "database", backend.Broken, "not a database"},
		"an address that is none": {func(c *backend.Config) { c.Database = "mysql://db" }, "settings", backend.Broken, "--database"},
		"nobody at the database":  {func(c *backend.Config) { c.Database = "postgres://kontakt@127.0.0.1:1/kontakt?connect_timeout=2" }, "database", backend.Broken, "does the database run"},
		"fsync is off":            {func(c *backend.Config) { c.Database = migrated(t, c.Storage) }, "database", backend.Broken, "fsync"},
		"no certificate":          {func(c *backend.Config) { c.TLSCert, c.TLSKey = expired, expired }, "TLS", backend.Broken, "PEM"},
		"nobody serves":           {func(c *backend.Config) { c.Listen = "127.0.0.1:1" }, "server", backend.Doubtful, "start the server"},
		"no relay there":          {func(c *backend.Config) { c.Relay.Listen = netip.MustParseAddrPort("127.0.0.1:1") }, "relay", backend.Doubtful, "firewall"},
		"half an SMS gateway":     {func(c *backend.Config) { c.SMS.URL = "https://sms.example" }, "SMS", backend.Broken, "--sms-token-file"},
		"the registry is down":    {func(c *backend.Config) { c.Registry.FHIR = down.URL }, "registry", backend.Broken, "502"},
	} {
		changed := cfg
		c.change(&changed)
		f := examine(t, changed, "")[c.what]
		if f.Level != c.level || !strings.Contains(f.Said+" "+f.Advice, c.words) {
			t.Errorf("%s: %s says %+v, want level %d and %q", name, c.what, f, c.level, c.words)
		}
	}
	texting := cfg
	texting.SMS = backend.SMS{File: filepath.Join(t.TempDir(), "sent"), Sender: "Kontakt"}
	if f := examine(t, texting, "20 12 34 56")["SMS"]; f.Level != backend.Fine {
		t.Errorf("a text message: %+v", f)
	}
	if f := examine(t, texting, "112")["SMS"]; f.Level != backend.Broken {
		t.Errorf("a text message to 112: %+v", f)
	}
	if sent, err := os.ReadFile(texting.SMS.File); err != nil || !strings.Contains(string(sent), "prøve") {
		t.Errorf("sent %q, %v", sent, err)
	}
}

// loose copies a file so that others can read it.
func loose(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := write(t, "keys", string(text))
	if err := os.Chmod(copied, 0o644); err != nil {
		t.Fatal(err)
	}
	return copied
}

// migrated gives a PostgreSQL with our tables; the tests' server has fsync off, which nobody's should.
func migrated(t *testing.T, like backend.Storage) string {
	t.Helper()
	like.Database = testkit.Postgres(t)
	db, err := like.Open(context.Background(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	return like.Database
}
