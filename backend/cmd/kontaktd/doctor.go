package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"kontaktlaege/backend"
)

type doctor struct {
	backend.Config `embed:""`
	SendSMS        string `name:"sms" placeholder:"NUMBER" help:"Send a text message to this number, to see that it comes."`
}

// Run looks at everything and ends with an error where something is broken.
func (d doctor) Run(ctx context.Context, out io.Writer) error {
	broken := 0
	backend.Doctor(ctx, d.Config, d.SendSMS, func(f backend.Finding) {
		mark := map[backend.Level]string{backend.Fine: "ok    ", backend.Doubtful: "look  ", backend.Broken: "BROKEN"}[f.Level]
		fmt.Fprintf(out, "%s  %-10s %s\n", mark, f.What, f.Said)
		if f.Advice != "" {
			fmt.Fprintf(out, "        %-10s → %s\n", "", f.Advice)
		}
		if f.Level == backend.Broken {
			broken++
		}
	})
	if broken > 0 {
		return errors.New("something is broken: see above")
	}
	return nil
}
