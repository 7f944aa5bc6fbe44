// Command benchcall measures one call: the tablet's real program under Xvfb with Chromium, and beside it, in the same run on
// the same machine, Chromium with Chromium. Each line is a figure with its peer's, its goal, and whether it is met.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"kontaktlaege/e2e"
)

type flags struct {
	Root    string        `help:"Folder of the checkout; its programs are taken from bin/ (make build)." default:"." type:"existingdir"`
	Warm    time.Duration `help:"Before each figure: a browser's own estimate of the path takes that long." default:"25s"`
	Measure time.Duration `help:"How long each figure is measured." default:"30s"`
	Long    time.Duration `help:"Length of the call whose memory is watched; 0 leaves it out, 1h is the long check." default:"10m"`
	Calls   int           `help:"Starts of a call, of which the median counts." default:"7"`
	Only    string        `help:"start leaves out all but the starts." enum:",start" default:""`
}

func main() {
	var f flags
	kong.Parse(&f, kong.Name("benchcall"), kong.Description("Measures a call of the tablet with Chromium, and of Chromium with Chromium beside it."))
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	root, err := filepath.Abs(f.Root)
	if err == nil {
		began := time.Now()
		err = e2e.CallBench{
			Root: root, Out: filepath.Join(root, "out", "bench-call"), Warm: f.Warm, Measure: f.Measure, Long: f.Long, Calls: f.Calls, OnlyStart: f.Only == "start",
			Say: func(format string, args ...any) {
				fmt.Fprintf(os.Stderr, "%5.0f s  "+format+"\n", append([]any{time.Since(began).Seconds()}, args...)...)
			},
			Print: func(x e2e.Figure) { fmt.Println(x) },
		}.Run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchcall:", err)
		os.Exit(1)
	}
}
