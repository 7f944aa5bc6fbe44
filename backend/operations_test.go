package backend_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/demo"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// plant is `kontaktd serve` as an IT department runs it: a folder, settings in the environment, a provider that is not
// its own, and the address held by somebody else, as systemd does.
type plant struct {
	town
	binary string
	env    []string
	socket *os.File
	cmd    *exec.Cmd
	ended  chan struct{}
	log    *logBuffer
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	binary, err := kontaktd()
	if err != nil {
		t.Fatal(err)
	}
	testkit.Guard(t, 2*time.Minute)
	web, idp := listen(t), listen(t)
	transport := &http.Transport{DisableKeepAlives: true} // each request connects anew, and finds whoever serves now
	p := &plant{town: town{t: t, url: "http://" + web.Addr().String(), http: transport}, binary: binary, log: &logBuffer{}}
	if p.socket, err = web.(*net.TCPListener).File(); err != nil {
		t.Fatal(err)
	}
	web.Close() // the file holds the address on
	issuer := "http://" + idp.Addr().String()
	provider, err := demo.NewProvider(demo.ProviderConfig{
		Issuer: issuer, ClientID: "kontaktlaege", ClientSecret: "demo-secret",
		RedirectURL: p.url + backend.CallbackPath, PostLogoutURL: p.url + "/klinik/",
	})
	if err != nil {
		t.Fatal(err)
	}
	providerServer := &http.Server{Handler: provider}
	go providerServer.Serve(idp)
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("demo-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.env = append(os.Environ(), "KONTAKT_DATA="+filepath.Join(dir, "data"), "KONTAKT_BASE_URL="+p.url, "KONTAKT_METRICS=off",
		"KONTAKT_OIDC_ISSUER="+issuer, "KONTAKT_OIDC_CLIENT_ID=kontaktlaege", "KONTAKT_OIDC_CLIENT_SECRET_FILE="+secret,
		"KONTAKT_OIDC_CLAIMS=demo", "KONTAKT_RELAY_LISTEN=127.0.0.1:0")
	t.Cleanup(func() {
		p.stop(os.Kill)
		p.socket.Close()
		providerServer.Close()
		transport.CloseIdleConnections()
		nobodyIn(t, p.log.String())
	})
	return p
}

// start serves on the socket, passed as systemd passes it.
func (p *plant) start() {
	p.t.Helper()
	p.cmd = exec.Command("sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" --log-level=debug serve`, p.binary)
	p.cmd.Env, p.cmd.Stderr, p.cmd.ExtraFiles = p.env, p.log, []*os.File{p.socket}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	cmd, ended := p.cmd, make(chan struct{})
	p.ended = ended
	go func() {
		cmd.Wait()
		close(ended)
	}()
}

func (p *plant) stop(how os.Signal) {
	if p.cmd != nil {
		p.cmd.Process.Signal(how)
		<-p.ended
	}
}

// run runs a command of kontaktd to its end and gives what it prints.
func (p *plant) run(dir string, args ...string) string {
	p.t.Helper()
	out, err := p.try(dir, args...)
	if err != nil {
		p.t.Fatalf("kontaktd %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// try is run for one that may fail; what went wrong then follows what was printed.
func (p *plant) try(dir string, args ...string) (string, error) {
	cmd := exec.Command(p.binary, args...)
	cmd.Env, cmd.Dir = p.env, dir
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return string(out) + errs.String(), err
	}
	return string(out), nil
}

// documented gives the commands between the marks of docs/operations.md.
func documented(t *testing.T) (commands [][]string) {
	t.Helper()
	text, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "<!-- first call: begin -->")
	block, _, also := strings.Cut(rest, "<!-- first call: end -->")
	if !ok || !also {
		t.Fatal("docs/operations.md has lost its marks")
	}
	for line := range strings.Lines(block) {
		if rest, is := strings.CutPrefix(strings.TrimSpace(line), "kontaktd "); is {
			commands = append(commands, shellWords(rest))
		}
	}
	return commands
}

// shellWords splits at spaces outside double quotes.
func shellWords(s string) (words []string) {
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

// From an empty folder, the documented commands and nothing else reach a call.
func TestOperations_documentedCommandsReachACall(t *testing.T) {
	p := newPlant(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "citizens.csv"), []byte("cpr;navn;ydernummer\r\n290200-4100;Karen Madsen;099001\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.start() // on an empty folder, so that the commands run beside a server
	a := p.nobody().try("GET", "/me", nil)
	if a.status != http.StatusUnauthorized {
		t.Fatalf("before anything: %d %s", a.status, a.body)
	}
	ran := map[string]string{}
	for _, args := range documented(t) {
		ran[args[0]] = p.run(dir, args...)
	}
	p.codes = []string{strings.TrimSpace(ran["code"])}
	if !strings.Contains(ran["doctor"], "1 municipalities, 1 clinics") || strings.Contains(ran["doctor"], "BROKEN") {
		t.Errorf("doctor says\n%s", ran["doctor"])
	}

	tab := p.enrol(0)
	if tab.device.Name != "Tablet 7" || tab.device.Place != "Aftenlandet" {
		t.Errorf("device = %+v", tab.device)
	}
	nurse, doctor := tab.signIn("sanne"), p.staff("lars")
	citizen := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	e := ask[wire.Entry](nurse, "POST", "/entries", wire.JoinRequest{Citizen: citizen.ID, Clinic: citizen.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken}, 201)
	list := ask[wire.ClinicEntries](doctor, "GET", "/clinic/entries", nil, 200).Entries
	if len(list) != 1 || !list[0].NoBooking {
		t.Fatalf("list = %+v, want one without a booking, as the clinic's policy marks it", list)
	}
	started := ask[wire.StartReply](doctor, "POST", "/clinic/entries/"+e.ID+"/start", wire.StartRequest{Version: list[0].Version}, 200)
	if left := started.Entry.Call.RingFor; left < 80 || left > 90 {
		t.Errorf("rings for %d s, want the 90 that were set", left)
	}
	ask[wire.Entry](nurse, "POST", "/entries/"+e.ID+"/answer", nil, 200)

	// a backup while it runs goes back into an empty place
	file := filepath.Join(dir, "backup.db")
	if said := p.run(dir, "backup", file); !strings.Contains(said, "keys") {
		t.Errorf("backup says %q", said)
	}
	ask[wire.ClinicEntry](doctor, "POST", "/clinic/entries/"+e.ID+"/end", wire.EndRequest{Reason: "done"}, 200)
	p.stop(syscall.SIGTERM)
	p.restored(dir, file)
	p.start()
	if e := ask[wire.Entry](nurse, "GET", "/entries/"+e.ID, nil, 200); e.State != string(kontakt.EntryInCall) {
		t.Errorf("from the backup: %s, want the call that ran when it was made", e.State)
	}
}

// From one machine to PostgreSQL: who waits, who is signed in and the log go along,.
func TestOperations_movedToPostgreSQLNothingIsLost(t *testing.T) {
	p := newPlant(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "citizens.csv"), []byte("cpr;navn;ydernummer\r\n290200-4100;Karen Madsen;099001\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.start()
	if a := p.nobody().try("GET", "/me", nil); a.status != http.StatusUnauthorized {
		t.Fatalf("before anything: %d", a.status)
	}
	for _, args := range documented(t) {
		if out := p.run(dir, args...); args[0] == "code" {
			p.codes = []string{strings.TrimSpace(out)}
		}
	}
	tab := p.enrol(0)
	nurse, doctor := tab.signIn("sanne"), p.staff("lars")
	citizen := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	e := ask[wire.Entry](nurse, "POST", "/entries", wire.JoinRequest{Citizen: citizen.ID, Clinic: citizen.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, Told: kontakt.Told{Reason: "hævet ben"}}, 201)

	to := testkit.Postgres(t)
	from := "sqlite:" + filepath.Join(p.setting("KONTAKT_DATA"), "kontakt.db")
	if out, err := p.try(dir, "migrate", "--from", from, "--to", to); err == nil || !strings.Contains(out, "another kontaktd runs on it") {
		t.Errorf("moved beside a server that runs: %v, %s", err, out)
	}
	p.stop(syscall.SIGTERM)
	if said := p.run(dir, "migrate", "--from", from, "--to", to); !strings.Contains(said, "entries") || !strings.Contains(said, "compared") {
		t.Errorf("migrate says %s", said)
	}
	if out, err := p.try(dir, "migrate", "--from", from, "--to", to); err == nil || !strings.Contains(out, "not empty") {
		t.Errorf("moved onto what is there: %v, %s", err, out)
	}
	p.env = append(p.env, "KONTAKT_DATABASE="+to)
	p.start()
	list := ask[wire.ClinicEntries](doctor, "GET", "/clinic/entries", nil, 200).Entries
	if len(list) != 1 || list[0].ID != e.ID || list[0].Name != "Karen Madsen" || list[0].Reason != "hævet ben" || list[0].Number != e.Number {
		t.Fatalf("list = %+v", list)
	}
	waiting := nurse.open(e.Cursor) // the log goes on where it was
	defer waiting.close()
	ask[wire.StartReply](doctor, "POST", "/clinic/entries/"+e.ID+"/start", wire.StartRequest{Version: list[0].Version}, 200)
	waiting.until(kontakt.EventEntryCalled)
	if a := ask[wire.Entry](nurse, "POST", "/entries/"+e.ID+"/answer", nil, 200); a.State != string(kontakt.EntryInCall) {
		t.Errorf("answered: %+v", a)
	}
	if said := p.run(dir, "backup", filepath.Join(dir, "pg.db")); !strings.Contains(said, "rows of") {
		t.Errorf("backup says %s", said)
	}
}

// restored moves the database away and puts a backup in its place; the keys stay.
func (p *plant) restored(dir, file string) {
	p.t.Helper()
	data := p.setting("KONTAKT_DATA")
	old, err := filepath.Glob(filepath.Join(data, "kontakt.db*"))
	if err != nil || len(old) == 0 {
		p.t.Fatal("no database to move away", err)
	}
	for _, name := range old {
		if err := os.Rename(name, filepath.Join(dir, filepath.Base(name))); err != nil {
			p.t.Fatal(err)
		}
	}
	p.run(dir, "restore", file)
}

func (p *plant) setting(name string) string {
	i := slices.IndexFunc(p.env, func(e string) bool { return strings.HasPrefix(e, name+"=") })
	return strings.TrimPrefix(p.env[i], name+"=")
}

// A restart refuses nobody: whoever connects meanwhile waits for the next process.
func TestOperations_restartRefusesNobody(t *testing.T) {
	p := newPlant(t)
	p.start()
	if a := p.nobody().try("GET", "/me", nil); a.status != http.StatusUnauthorized {
		t.Fatalf("me: %d", a.status)
	}
	var wg sync.WaitGroup
	stop := make(chan struct{})
	var mu sync.Mutex
	asked, failed := 0, []string{}
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				r, err := http.NewRequestWithContext(t.Context(), "GET", p.url+"/healthz", nil)
				if err != nil {
					t.Error(err)
					return
				}
				resp, err := p.http.RoundTrip(r)
				mu.Lock()
				asked++
				if err != nil {
					failed = append(failed, err.Error())
				}
				mu.Unlock()
				if err == nil {
					io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
			}
		})
	}
	for range 3 {
		p.stop(syscall.SIGTERM)
		p.start()
		if a := p.nobody().try("GET", "/me", nil); a.status != http.StatusUnauthorized {
			t.Errorf("after a restart: %d", a.status)
		}
	}
	close(stop)
	wg.Wait()
	if len(failed) > 0 || asked < 10 {
		t.Errorf("%d of %d requests failed: %v", len(failed), asked, failed[:min(3, len(failed))])
	}
}
