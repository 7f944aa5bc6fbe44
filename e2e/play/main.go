// Command play is `make run` and `make intro`: the whole path with the real programs.
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
	film := flag.String("film", "", "play for an introduction film, and write it under this name (.mp4, .vtt)")
	out := flag.String("out", "out", "folder for the pictures and the programs' data")
	flag.Parse()
	if err := run(*virtual, *out, *film); err != nil {
		fmt.Fprintln(os.Stderr, "play:", err)
		os.Exit(1)
	}
}

func run(virtual bool, out, film string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	if film != "" {
		return e2e.PlayIntro(context.Background(), root, out, film)
	}
	if virtual {
		return e2e.PlayWithoutScreen(context.Background(), root, out)
	}
	return e2e.OpenWindow(context.Background(), root, filepath.Join(out, "demo"))
}
