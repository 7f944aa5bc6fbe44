// Command chaos proves that the waiting room loses nothing: real backends under faults, real tablet clients, clinicians,
// and a checker over everything that all of them saw (docs/chaos.md).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
)

// options are the flags.
type options struct {
	Engine     string
	Seed       uint64
	Ops        int
	Tablets    int
	Clinicians int
	Clinics    int
	Nodes      int
	For        time.Duration
	Limit      time.Duration
	Pace       time.Duration
	Short      bool
	Lie        string
	Prove      bool
	Judge      string
	Kontaktd   string
	Out        string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if o.Judge != "" {
		return judge(o.Judge, out)
	}
	engines := []string{o.Engine}
	if o.Engine == "both" {
		engines = []string{"sqlite", "postgres"}
	}
	if o.Prove {
		return prove(ctx, o, engines[0], out)
	}
	var errs []error
	for _, engine := range engines {
		report, err := chaos(ctx, o, engine, out)
		if err == nil && len(report.Findings) > 0 {
			err = fmt.Errorf("%s: %d findings; --seed %d draws the same faults", engine, len(report.Findings), o.Seed)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("chaos", flag.ContinueOnError)
	f.StringVar(&o.Engine, "engine", "both", "sqlite (one node), postgres, or both")
	f.Uint64Var(&o.Seed, "seed", 0, "what all chance is drawn from; 0: a new one, which is printed")
	f.IntVar(&o.Ops, "ops", 10_000, "operations, at least, on each engine")
	f.IntVar(&o.Tablets, "tablets", 50, "tablets")
	f.IntVar(&o.Clinicians, "clinicians", 20, "clinicians")
	f.IntVar(&o.Clinics, "clinics", 4, "clinics among which they are dealt out")
	f.IntVar(&o.Nodes, "nodes", 3, "backends on PostgreSQL")
	f.DurationVar(&o.For, "for", 2*time.Minute, "how long, at least, on each engine")
	f.DurationVar(&o.Limit, "limit", 20*time.Minute, "how much longer it may take until the operations are done")
	f.DurationVar(&o.Pace, "pace", 500*time.Millisecond, "pause between two acts of a person, on average")
	f.BoolVar(&o.Short, "short", false, "about half a minute an engine, with milder faults: 600 operations, 20 tablets, 8 clinicians")
	f.StringVar(&o.Lie, "lie", "", "put a bug on the wire, which must be found: "+fmt.Sprint(lieNames()))
	f.BoolVar(&o.Prove, "prove", false, "put each bug on the wire in turn, and fail where one is not found")
	f.StringVar(&o.Judge, "judge", "", "judge a history that an earlier run has kept, and end")
	f.StringVar(&o.Kontaktd, "kontaktd", "bin/kontaktd", "the backend to run (make build)")
	f.StringVar(&o.Out, "out", "out/chaos", "folder for histories and logs")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 || !slices.Contains([]string{"sqlite", "postgres", "both"}, o.Engine) {
		return o, fmt.Errorf("--engine is sqlite, postgres or both, and there are no other arguments; --help says more")
	}
	if _, known := lies[o.Lie]; o.Lie != "" && !known {
		return o, fmt.Errorf("--lie is one of %v", lieNames())
	}
	if o.Short {
		o.Ops, o.Tablets, o.Clinicians, o.For, o.Pace = 600, 20, 8, 12*time.Second, 300*time.Millisecond
	}
	if o.Seed == 0 {
		o.Seed = uint64(rand.Uint32())
	}
	return o, nil
}

func lieNames() []string {
	var names []string
	for name := range lies {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// chaos runs one engine and prints its line.
func chaos(ctx context.Context, o options, engine string, out io.Writer) (report history.Report, err error) {
	if _, err := os.Stat(o.Kontaktd); err != nil {
		return report, errNoBinary
	}
	dir, err := os.MkdirTemp("", "kontakt-chaos-")
	if err != nil {
		return report, err
	}
	defer os.RemoveAll(dir)
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return report, err
	}
	r := &run{
		options: o, engine: engine, dir: dir, out: out, scale: fullScale, pace: o.Pace, owners: map[kontakt.EntryID]*tablet{},
		quiet: slog.New(slog.DiscardHandler), trouble: trouble{done: map[string]int{}},
		history: &history.History{
			Engine: engine, Seed: o.Seed, MaxRing: longestRing,
			Staff: map[kontakt.EmployeeID]string{}, Home: map[kontakt.CitizenID]kontakt.ClinicID{},
		},
	}
	if o.Short {
		r.scale = shortScale
	}
	if o.Lie != "" {
		r.lie = newLie(o.Lie, 5+dice(o.Seed, "lie").IntN(30))
	}
	r.say("seed %d", o.Seed)
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.setUp(ctx); err != nil {
		return report, errors.Join(err, r.keepLogs())
	}
	if err := r.play(ctx); err != nil {
		return report, errors.Join(err, r.keepLogs())
	}
	if report, err = r.verdict(ctx); err != nil {
		return report, errors.Join(err, r.keepLogs())
	}
	path, err := r.keep()
	if err != nil {
		return report, err
	}
	if len(report.Findings) > 0 {
		if err := errors.Join(report.Explain(out, r.history, 3), r.keepLogs()); err != nil {
			return report, err
		}
	}
	r.say("%s  (seed %d, faults: %s, history: %s)", report, o.Seed, &r.trouble, path)
	return report, nil
}

// keep leaves the history to look at and to judge again.
func (r *run) keep() (path string, err error) {
	path = filepath.Join(r.Out, fmt.Sprintf("%s-%d.json", r.engine, r.Seed))
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	return path, errors.Join(history.Write(f, r.history), f.Close())
}

// keepLogs leaves what the backends said.
func (r *run) keepLogs() error {
	for _, n := range r.nodes.all {
		text, err := os.ReadFile(n.log.Name())
		if err != nil {
			return err
		}
		path := filepath.Join(r.Out, fmt.Sprintf("%s-%d-%s.log", r.engine, r.Seed, n.name))
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
		r.say("what %s said: %s", n.name, path)
	}
	return nil
}

// prove shows that the checker can fail: each bug on the wire is found as what it is.
func prove(ctx context.Context, o options, engine string, out io.Writer) error {
	for _, name := range lieNames() {
		o.Lie = name
		report, err := chaos(ctx, o, engine, io.Discard)
		if err != nil {
			return err
		}
		if report.Count(lies[name]) == 0 {
			return fmt.Errorf("the bug %q was put on the wire and not found (seed %d): %s", name, o.Seed, report)
		}
		fmt.Fprintf(out, "%s: found %s as %s: %s\n", engine, name, lies[name], report)
	}
	return nil
}

func judge(path string, out io.Writer) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	h, err := history.Read(f)
	if err != nil {
		return err
	}
	report := history.Check(h)
	if err := report.Explain(out, h, 10); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s  (seed %d)\n", h.Engine, report, h.Seed)
	if len(report.Findings) > 0 {
		return fmt.Errorf("%d findings", len(report.Findings))
	}
	return nil
}
