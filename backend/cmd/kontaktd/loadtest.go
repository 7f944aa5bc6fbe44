package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"kontaktlaege/backend/loadtest"
)

type loadtestRun struct {
	Database   string        `placeholder:"ADDRESS" help:"An empty PostgreSQL (postgres://USER@HOST/NAME) instead of an embedded database. One with any table in it is refused. It is left full of made-up people: drop it afterwards."`
	Nodes      int           `default:"1" placeholder:"N" help:"Backends on that database. Default: ${default}."`
	Tablets    int           `default:"100" placeholder:"N" help:"Tablets at work. Default: ${default}."`
	Clinicians int           `default:"40" placeholder:"N" help:"Clinicians at work. Default: ${default}."`
	Clinics    int           `default:"20" placeholder:"N" help:"Clinics among which they are dealt out. Default: ${default}."`
	For        time.Duration `default:"1m" placeholder:"TIME" help:"How long they work. Default: ${default}."`
	Pause      time.Duration `default:"10s" placeholder:"TIME" help:"Rest of a tablet between two citizens; 0s for all that the machine bears. Default: ${default}."`
	Rooms      int           `default:"1000" placeholder:"N" help:"Citizens in the one long line that is told things and raced over. Default: ${default}."`
	Rivals     int           `default:"50" placeholder:"N" help:"Clinicians who race over it. Default: ${default}."`
	Idle       int           `default:"5000" placeholder:"N" help:"Idle streams to weigh, plain and over TLS; 0: leave that out. Default: ${default}."`
	Settle     time.Duration `default:"20s" placeholder:"TIME" help:"How long they stand before they are weighed: longer than the 15 s between two heartbeats. Default: ${default}."`
	Short      bool          `help:"About a minute: a smaller crowd, and 1000 idle streams. It overrides the sizes."`
}

// Help says more than the one line.
func (loadtestRun) Help() string {
	return `It starts backends of its own (kontaktd serve, in processes of their own, on free ports of this machine) and
plays tablets and clinicians before them: a number is drawn, the clinician starts, the tablet answers, both negotiate, the
call ends. No picture or sound is sent: this measures the backend, not the relay or the network.

Printed are the times of each step as its person feels them, retries included (p50: half were quicker; p99: all but one in
a hundred), how long an event takes from its transaction to whoever reads it, how a line of a thousand is told and raced
over, and what an idle stream costs in memory beside a handler that does nothing, measured in the same run.

It ends with an error when a place was claimed twice or lost, or a step failed. A goal of speed that was missed says NO
and is no error: tablets, clinicians and backends share this machine, so that a quiet and larger one shows more. Ctrl-C
ends everything; nothing is left but, with --database, that database's rows.`
}

// Run loads the machine and says how it bore it.
func (l loadtestRun) Run(ctx context.Context, out io.Writer) error {
	signal.Ignore(syscall.SIGPIPE) // whoever reads the result may go away early, and still everything is cleared up
	program, err := os.Executable()
	if err != nil {
		return err
	}
	o := loadtest.Options{
		Program: program, Bare: []string{"loadtest-bare"}, Database: l.Database, Nodes: l.Nodes,
		Tablets: l.Tablets, Clinicians: l.Clinicians, Clinics: l.Clinics, For: l.For, Pause: l.Pause,
		Rooms: l.Rooms, Rivals: l.Rivals, Idle: l.Idle, Settle: l.Settle, Out: out, Progress: os.Stderr,
	}
	if l.Short {
		o.Tablets, o.Clinicians, o.Clinics, o.For, o.Pause = 30, 12, 6, 10*time.Second, 3*time.Second
		o.Rooms, o.Rivals, o.Idle = 200, 20, 1000
	}
	return loadtest.Run(ctx, o)
}

// loadtestBare is the handler that the load test holds the backend against, in a process of its own.
type loadtestBare struct {
	Listen  string
	Metrics string
	Cert    string
	Key     string
}

// Run serves until it is told to stop.
func (b loadtestBare) Run(ctx context.Context) error {
	return loadtest.Bare{Listen: b.Listen, Metrics: b.Metrics, Cert: b.Cert, Key: b.Key}.Run(ctx)
}
