// Command play is `make run`: the whole path with the real programs.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"kontaktlaege/e2e"
)

func main() {
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), `play runs the backend's demo and the tablet.

On a machine with a screen it opens the tablet's window and prints the clinic's address.
Without one (or with -virtual) it plays the whole path on a virtual screen and leaves pictures.

flags:
`)
		flag.PrintDefaults()
	}
	virtual := flag.Bool("virtual", os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "", "play on a virtual screen")
	out := flag.String("out", "out", "folder for the pictures and the programs' data")
	flag.Parse()
	if err := run(*virtual, *out); err != nil {
		fmt.Fprintln(os.Stderr, "play:", err)
		os.Exit(1)
	}
}

func run(virtual bool, out string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	if virtual {
		return e2e.PlayWithoutScreen(context.Background(), root, out)
	}
	return e2e.OpenWindow(context.Background(), root, filepath.Join(out, "demo"))
}
