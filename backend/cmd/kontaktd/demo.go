package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/demo"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

type demoRun struct {
	Data         string `type:"path" placeholder:"DIR" help:"Folder to keep the demo in; started again with it, everything is as it was. Default: a new one that is thrown away."`
	Port         uint16 `default:"8080" help:"Port of the backend on 127.0.0.1; 0 takes a free one, and the same again with the same --data. The other ports likewise."`
	ProviderPort uint16 `default:"8091" help:"Port of the demo's sign-in provider."`
	RelayPort    uint16 `default:"3478" help:"Port of the relay."`
	MetricsPort  uint16 `default:"9090" help:"Port of /metrics."`
	ReadyFile    string `type:"path" placeholder:"FILE" help:"Write addresses, codes, users and citizens there as JSON once everything is up."`
}

// ready is what stands in the ready file.
type ready struct {
	URL      string         `json:"url"`
	Clinic   string         `json:"clinic"`
	Provider string         `json:"provider"`
	Metrics  string         `json:"metrics"`
	Relay    []string       `json:"relay"`
	Codes    []string       `json:"codes"`
	Users    []readyUser    `json:"users"`
	Citizens []readyCitizen `json:"citizens"`
}

type readyUser struct {
	Username string `json:"username"`
	Password string `json:"password"`
	Name     string `json:"name"`
	Role     string `json:"role"`
}

type readyCitizen struct {
	CPR    string `json:"cpr"`
	Name   string `json:"name"`
	Clinic string `json:"clinic"`
}

// Run starts provider, backend and relay, says how to use them, and serves until it is told to stop.
func (d demoRun) Run(ctx context.Context, out io.Writer, log *slog.Logger) (err error) {
	if d.Data == "" {
		if d.Data, err = os.MkdirTemp("", "kontaktd-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(d.Data)
	}
	if err := os.MkdirAll(d.Data, 0o700); err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	ports, err := d.ports()
	if err != nil {
		return err
	}
	web, err := listen("port", ports.Backend)
	if err != nil {
		return err
	}
	defer web.Close()
	idp, err := listen("provider-port", ports.Provider)
	if err != nil {
		return err
	}
	defer idp.Close()
	metrics, err := listen("metrics-port", ports.Metrics)
	if err != nil {
		return err
	}
	defer metrics.Close()

	base, issuer := "http://"+web.Addr().String(), "http://"+idp.Addr().String()
	const clientID, clientSecret = "kontaktlaege", "demo-secret"
	provider, err := demo.NewProvider(demo.ProviderConfig{
		Issuer: issuer, ClientID: clientID, ClientSecret: clientSecret,
		RedirectURL: base + backend.CallbackPath, PostLogoutURL: base + "/klinik/",
	})
	if err != nil {
		return err
	}
	providerServer := &http.Server{Handler: provider, ReadHeaderTimeout: 10 * time.Second}
	providerEnded := make(chan error, 1)
	go func() { providerEnded <- providerServer.Serve(idp) }()
	defer providerServer.Close()

	var codes []demo.Code
	var clinics map[kontakt.Ydernummer]string
	cfg := backend.Config{
		BaseURL: base, Storage: backend.Storage{Data: d.Data}, HTTPListener: web, MetricListener: metrics,
		OIDC: backend.OIDC{Issuer: issuer, ClientID: clientID, ClientSecret: clientSecret, Claims: "demo"},
		Relay: backend.Relay{
			Listen: netip.AddrPortFrom(loopback, ports.Relay),
			Allow:  []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, // both ends are on this machine
		},
		SMS: backend.SMS{File: filepath.Join(d.Data, "sms.jsonl")},
		Vet: func(ctx context.Context, db *store.DB) (err error) {
			if codes, err = demo.Seed(ctx, db); err != nil {
				return err
			}
			clinics, err = clinicNames(ctx, db)
			return err
		},
	}
	srv, err := backend.Open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, srv.Close()) }()
	ports = usedPorts{port(web), port(idp), srv.RelayPort(), port(metrics)}
	if err := writeJSON(filepath.Join(d.Data, portsFile), ports); err != nil {
		return err
	}
	is := describe(srv, issuer, codes, clinics)
	if d.ReadyFile != "" {
		if err := writeJSON(d.ReadyFile, is); err != nil {
			return fmt.Errorf("--ready-file: %w", err)
		}
	}
	if err := is.print(out, d.Data); err != nil {
		return err
	}
	waiting, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		if err := <-providerEnded; !errors.Is(err, http.ErrServerClosed) {
			cancel(fmt.Errorf("demo provider: %w", err))
		}
	}()
	if err := srv.Wait(waiting); err != nil {
		return err
	}
	if ctx.Err() == nil {
		return context.Cause(waiting)
	}
	log.Info("backend: stopping")
	return nil
}

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

func listen(flag string, port uint16) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", netip.AddrPortFrom(loopback, port).String())
	if err != nil {
		return nil, fmt.Errorf("--%s: %w (0 takes a free port)", flag, err)
	}
	return l, nil
}

func port(l net.Listener) uint16 { return l.Addr().(*net.TCPAddr).AddrPort().Port() }

const portsFile = "ports.json"

// usedPorts are kept with the data: after a restart, tablets and pages find what they left.
type usedPorts struct {
	Backend, Provider, Relay, Metrics uint16
}

// ports are those asked for; where a free one may be taken, that of the last start.
func (d demoRun) ports() (usedPorts, error) {
	var last usedPorts
	path := filepath.Join(d.Data, portsFile)
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &last)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usedPorts{}, fmt.Errorf("--data: %s: %w", path, err)
	}
	or := func(asked, last uint16) uint16 {
		if asked == 0 {
			return last
		}
		return asked
	}
	return usedPorts{or(d.Port, last.Backend), or(d.ProviderPort, last.Provider), or(d.RelayPort, last.Relay), or(d.MetricsPort, last.Metrics)}, nil
}

// writeJSON puts a file in place whole, so that who waits for it never reads half.
func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600: codes stand in it
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// clinicNames gives the clinics of the demo's people by ydernummer.
func clinicNames(ctx context.Context, db *store.DB) (map[kontakt.Ydernummer]string, error) {
	names := map[kontakt.Ydernummer]string{}
	err := db.View(ctx, func(tx *store.Tx) error {
		for _, p := range demo.People() {
			yder := kontakt.Ydernummer(p.Ydernummer)
			if yder == "" || names[yder] != "" {
				continue
			}
			c, err := tx.ClinicByYdernummer(yder)
			if err != nil {
				return err
			}
			names[yder] = c.Name
		}
		return nil
	})
	return names, err
}

func describe(srv *backend.Server, issuer string, codes []demo.Code, clinics map[kontakt.Ydernummer]string) ready {
	is := ready{URL: srv.URL(), Clinic: srv.URL() + "/klinik/", Provider: issuer, Metrics: srv.MetricsURL(), Relay: srv.RelayURLs()}
	for _, c := range codes {
		is.Codes = append(is.Codes, c.Text)
	}
	for _, a := range demo.Accounts() {
		is.Users = append(is.Users, readyUser{Username: a.Username, Password: demo.Password, Name: a.Name(), Role: a.Hint})
	}
	for _, p := range demo.People() {
		is.Citizens = append(is.Citizens, readyCitizen{CPR: p.CPR, Name: p.Name, Clinic: clinics[kontakt.Ydernummer(p.Ydernummer)]})
	}
	return is
}

func (is ready) print(out io.Writer, data string) error {
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	line("")
	line("  KONTAKT LÆGE: DEMO. Alt er opdigtet; brug aldrig rigtige borgeres oplysninger.")
	line("")
	line("  Klinikkens side     %s", is.Clinic)
	line("  Tabletten           kontaktlaege --backend %s", is.URL)
	line("  Login (demo)        %s", is.Provider)
	line("  Drift               %s/healthz   %s", is.URL, is.Metrics)
	line("  Relay               %s", is.Relay[0])
	line("  Data                %s", data)
	line("")
	line("  Koder til at tilmelde en tablet (én gang hver):")
	for i := 0; i < len(is.Codes); i += 6 {
		line("    %s", strings.Join(is.Codes[i:min(i+6, len(is.Codes))], "  "))
	}
	line("")
	line("  Hvem kan logge ind (adgangskode til alle: %s):", is.Users[0].Password)
	for _, u := range is.Users {
		line("    %-9s %-16s %s", u.Username, u.Name, u.Role)
	}
	line("")
	line("  CPR-numre at prøve (ingen af dem er nogens):")
	for _, c := range is.Citizens {
		clinic := c.Clinic
		if clinic == "" {
			clinic = "ingen klinik her"
		}
		line("    %s  %-46s %s", c.CPR[:6]+"-"+c.CPR[6:], c.Name, clinic)
	}
	line("")
	line("  Stop med Ctrl-C.")
	_, err := io.WriteString(out, "\n")
	return err
}
