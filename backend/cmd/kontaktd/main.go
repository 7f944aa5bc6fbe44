// Command kontaktd is the backend of Kontakt Læge: it serves tablets and pages, and looks after the database.
//
// Every flag can also be given in the environment (KONTAKT_ and its name) and in a configuration file; the command line
// wins over the environment, and that over the file.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"kontaktlaege/backend"
)

// program is the command line.
type program struct {
	Config    string `type:"path" placeholder:"FILE" help:"Settings from a JSON file: one object, the names are those of the flags without hyphens in front. An unknown name is an error."`
	LogFormat string `default:"text" enum:"text,json" help:"Form of the log on standard error: text or json."`
	LogLevel  string `default:"info" enum:"debug,info,warn,error" help:"Least important kind of line in the log: debug, info, warn or error."`

	Serve        serve        `cmd:"" help:"Serve tablets and pages until told to stop (SIGTERM)."`
	Demo         demoRun      `cmd:"" help:"Everything on this machine, with made-up clinics, citizens and a sign-in provider: to try and to show. Never for real citizens."`
	Loadtest     loadtestRun  `cmd:"" help:"Say what this machine, or a PostgreSQL, bears: made-up tablets and clinicians at work."`
	LoadtestBare loadtestBare `cmd:"" hidden:""`

	Doctor doctor `cmd:"" help:"Check settings, database, disk, clock, relay, provider, registry and SMS, and say what to do."`

	Municipality municipality `cmd:"" group:"People and places" help:"Municipalities, whose nurses use the tablets."`
	Clinic       clinic       `cmd:"" group:"People and places" help:"Clinics, their hours and who covers for whom."`
	User         user         `cmd:"" group:"People and places" help:"Roles of clinic staff that the provider does not tell."`
	Code         code         `cmd:"" group:"People and places" help:"Make a code that makes one tablet known, and print it."`

	Import importCommand `cmd:"" group:"People and places" help:"Read citizens with their doctors, or booked times, from a CSV file, also while the server runs."`

	Outbox outboxes `cmd:"" group:"Looking after" help:"What could not be sent out of the house, such as text messages: list, retry, drop."`

	Backup  backup  `cmd:"" group:"Database" help:"Copy everything into one file, also while the server runs."`
	Restore restore `cmd:"" group:"Database" help:"Put a backup into an empty database."`
	Migrate migrate `cmd:"" group:"Database" help:"Bring a database up to this version (serve does so too), or move it: --from sqlite:… --to postgres:…"`
	Version version `cmd:"" help:"Say the version and end."`
}

const description = `The backend of Kontakt Læge.

To try it: kontaktd demo. To run it: kontaktd serve --config /etc/kontaktd.json.

Each flag is also an environment variable (--tls-cert is KONTAKT_TLS_CERT) and a name in the file of --config
("tls-cert"). The command line wins over the environment, and that over the file.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program; it gives the exit code: 0 well, 1 failed, 2 called wrongly.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var p program
	exit := -1
	k, err := kong.New(&p,
		kong.Name("kontaktd"), kong.Description(description), kong.DefaultEnvars("KONTAKT"),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.Vars{"claims": strings.Join(backend.ClaimPresets(), ", ")},
		kong.Writers(out, errs), kong.Exit(func(code int) { exit = code }),
	)
	if err != nil {
		fmt.Fprintln(errs, "kontaktd:", err)
		return 2
	}
	if err := settingsFrom(k, args); err != nil {
		fmt.Fprintln(errs, "kontaktd:", err)
		return 2
	}
	command, err := k.Parse(args)
	if exit >= 0 { // --help has been answered
		return exit
	}
	if err != nil {
		fmt.Fprintln(errs, "kontaktd:", err)
		fmt.Fprintln(errs, "kontaktd --help says what there is")
		return 2
	}
	log := p.log(errs)
	slog.SetDefault(log)
	command.BindTo(ctx, (*context.Context)(nil))
	command.BindTo(out, (*io.Writer)(nil))
	if err := command.Run(log); err != nil {
		fmt.Fprintln(errs, "kontaktd:", err)
		return 1
	}
	return 0
}

func (p program) log(to io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(p.LogLevel)); err != nil {
		level = slog.LevelInfo // kong has let only the four words through
	}
	options := &slog.HandlerOptions{Level: level}
	if p.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

type version struct{}

// Run says what was built, from what.
func (version) Run(out io.Writer) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("this binary does not know what it was built from")
	}
	revision, changed := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = ", changed since"
		}
	}
	_, err := fmt.Fprintf(out, "kontaktd %s (%s%s, %s)\n", info.Main.Version, revision, changed, info.GoVersion)
	return err
}
