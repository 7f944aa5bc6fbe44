package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
)

// call runs the program as the shell would.
func call(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	return callUntil(t.Context(), args)
}

func callUntil(ctx context.Context, args []string) (code int, out, errs string) {
	var o, e strings.Builder
	code = run(ctx, args, &o, &e)
	return code, o.String(), e.String()
}

// callUntilReady tells the program to stop once it has written its ready file.
func callUntilReady(t *testing.T, ready string, args []string) (code int, out, errs string) {
	t.Helper()
	if err := os.RemoveAll(ready); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		poll := time.NewTicker(5 * time.Millisecond)
		defer poll.Stop()
		for ctx.Err() == nil {
			if _, err := os.Stat(ready); err == nil {
				cancel()
			}
			<-poll.C
		}
	}()
	return callUntil(ctx, args)
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRun_calledWronglySaysWhere(t *testing.T) {
	unknown := file(t, `{"listn": "127.0.0.1:1"}`)
	broken := file(t, `{"listen": `)
	wrongType := file(t, `{"relay-min-port": "many"}`)
	for name, c := range map[string]struct {
		args []string
		code int
		want []string
	}{
		"nothing":                     {nil, 2, []string{"serve", "demo"}},
		"an unknown command":          {[]string{"sevre"}, 2, []string{"sevre"}},
		"an unknown flag":             {[]string{"serve", "--listn=x"}, 2, []string{"--listn"}},
		"a port that is none":         {[]string{"demo", "--port=70000"}, 2, []string{"--port"}},
		"a network that is none":      {[]string{"serve", "--relay-allow=10.0.0.0/99"}, 2, []string{"--relay-allow"}},
		"an address that is none":     {[]string{"serve", "--relay-listen=here"}, 2, []string{"--relay-listen"}},
		"a log format that is none":   {[]string{"--log-format=xml", "version"}, 2, []string{"--log-format"}},
		"a file that is not":          {[]string{"--config=/nowhere/k.json", "serve"}, 2, []string{"/nowhere/k.json"}},
		"a file with an unknown name": {[]string{"--config", unknown, "serve"}, 2, []string{unknown, `"listn"`}},
		"half a file":                 {[]string{"serve", "--config", broken}, 2, []string{broken}},
		"a file with a wrong value":   {[]string{"serve", "--config", wrongType}, 2, []string{"relay-min-port"}},
		"serve without a provider":    {[]string{"serve"}, 1, []string{"--oidc-issuer"}},
		"migrate without a database":  {[]string{"migrate", "--data=/nowhere"}, 1, []string{"--data", "/nowhere"}},
	} {
		code, _, errs := call(t, c.args...)
		if code != c.code {
			t.Errorf("%s: code = %d, want %d (%s)", name, code, c.code, errs)
		}
		for _, want := range c.want {
			if !strings.Contains(errs, want) {
				t.Errorf("%s: %q does not name %s", name, errs, want)
			}
		}
	}
}

// The command line wins over the environment, and that over the file.
func TestRun_whichSettingWins(t *testing.T) {
	settings := file(t, `{"oidc-claims": "from-the-file", "oidc-issuer": "https://login.example", "oidc-client-id": "id", "oidc-client-secret-file": "/x"}`)
	wins := func(want string, args ...string) {
		t.Helper()
		if code, _, errs := call(t, append([]string{"serve", "--config", settings}, args...)...); code != 1 || !strings.Contains(errs, want) {
			t.Errorf("code = %d, %q, want %s", code, errs, want)
		}
	}
	wins(`"from-the-file"`)
	t.Setenv("KONTAKT_OIDC_CLAIMS", "from-the-environment")
	wins(`"from-the-environment"`)
	wins(`"from-the-line"`, "--oidc-claims=from-the-line")
	t.Setenv("KONTAKT_CONFIG", settings)
	if _, _, errs := call(t, "serve", "--oidc-issuer="); !strings.Contains(errs, "--oidc-issuer") {
		t.Errorf("the file of the environment is not read: %q", errs)
	}
}

func TestRun_helpNamesEveryWayToSet(t *testing.T) {
	code, out, _ := call(t, "serve", "--help")
	if code != 0 {
		t.Errorf("code = %d", code)
	}
	for _, want := range []string{"--tls-cert", "KONTAKT_TLS_CERT", "--relay-urls", "--oidc-claims", "keycloak"} {
		if !strings.Contains(out, want) {
			t.Errorf("help lacks %s:\n%s", want, out)
		}
	}
}

func TestRun_version(t *testing.T) {
	if code, out, errs := call(t, "version"); code != 0 || !strings.HasPrefix(out, "kontaktd ") {
		t.Errorf("%d %q %q", code, out, errs)
	}
}

func TestRun_aDemoKeepsItsDataAndServeLeavesItAlone(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	data, ready := t.TempDir(), filepath.Join(t.TempDir(), "ready.json")
	demo := []string{"--log-level=error", "demo", "--data", data, "--port=0", "--provider-port=0", "--relay-port=0", "--metrics-port=0", "--ready-file", ready}
	code, first, errs := callUntilReady(t, ready, demo)
	if code != 0 || !strings.Contains(first, "DEMO-0001") || !strings.Contains(first, "sanne") || !strings.Contains(first, "290200-4100") {
		t.Fatalf("%d %s %s", code, first, errs)
	}
	said, err := os.ReadFile(ready)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(said), `"url": "http://127.0.0.1:`) || !strings.Contains(string(said), `"username": "lars"`) {
		t.Errorf("ready file:\n%s", said)
	}
	if code, again, errs := callUntilReady(t, ready, demo); code != 0 || address(again) != address(first) {
		t.Errorf("second start: %d %s, first at %s: %s", code, address(again), address(first), errs)
	}
	if code, out, errs := call(t, "migrate", "--data", data); code != 0 || !strings.Contains(out, data) || !strings.Contains(out, "is at version ") {
		t.Errorf("migrate: %d %q %q", code, out, errs)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs = call(t, "serve", "--data", data, "--listen=127.0.0.1:0", "--metrics=off", "--relay-listen=127.0.0.1:0",
		"--oidc-issuer=https://login.example", "--oidc-client-id=id", "--oidc-client-secret-file", secret)
	if code != 1 || !strings.Contains(errs, "--data") || !strings.Contains(errs, "demo") {
		t.Errorf("serve on a demo's data: %d %q", code, errs)
	}
}

// address finds the clinic's address in what the demo prints.
func address(printed string) string {
	_, rest, _ := strings.Cut(printed, "Klinikkens side")
	line, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	return line
}
