// Command netlab measures calls on bad networks: the tablet's own phone against Chromium, and beside it Chromium against
// Chromium, over the same link in the same run. Invariants: all traffic stays in network namespaces that it makes itself;
// the internet between them is this program, which loses, delays, reorders and cuts packets as each case says, for UDP and
// TCP, for both ends and the relay alike; whatever it starts ends with it, however it ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	Short bool
	Only  string
	Ours  bool
	Out   string
	Limit time.Duration
	List  bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "netlab:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case roleServer:
			return serve(ctx, args[1], args[2])
		case rolePhone:
			return runPhone(ctx, args[1], args[2:], slog.New(slog.NewTextHandler(os.Stderr, nil)))
		}
	}
	o, err := parse(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if o.List {
		for _, c := range cases() {
			fmt.Fprintln(out, c.name)
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, o.Limit)
	defer cancel()
	err = run(ctx, o, out)
	if o.Short && errors.Is(err, errNeeds) { // part of make test, also for those who are not root
		fmt.Fprintln(out, "netlab: SKIPPED:", err)
		return nil
	}
	return err
}

// Roles in which the program runs itself in a namespace.
const (
	roleServer = "run-server"
	rolePhone  = "run-phone"
)

func parse(args []string, out io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("netlab", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprint(out, `netlab measures calls on bad networks, in network namespaces that it makes: the tablet's phone to Chromium,
and Chromium to Chromium beside it. It needs Linux, root, /dev/net/tun, iproute2, node and chromium, and takes about
`+"twenty minutes.\n\nflags:\n")
		f.PrintDefaults()
	}
	f.BoolVar(&o.Short, "short", false, "a minute: ours alone, a few cases, and nothing asked but that the call works, which it does on a busy machine too")
	f.StringVar(&o.Only, "only", "", "cases whose name contains this")
	f.BoolVar(&o.Ours, "ours", false, "without Chromium to Chromium; cases that compare then have no goal")
	f.StringVar(&o.Out, "out", "out/netlab", "folder for samples and logs")
	f.DurationVar(&o.Limit, "limit", 45*time.Minute, "end at the latest after this long")
	f.BoolVar(&o.List, "list", false, "name the cases and end")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("no arguments but flags, and here is %q; --help says more", f.Arg(0))
	}
	return o, nil
}

// chosen are the cases that the flags name.
func (o options) chosen() (chosen []netCase) {
	for _, c := range cases() {
		if !strings.Contains(c.name, o.Only) || o.Short && c.smoke == nil {
			continue
		}
		if o.Short {
			c = c.shortened()
		}
		chosen = append(chosen, c)
	}
	return chosen
}
