package main

import (
	"encoding/json"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"kontaktlaege/backend"
)

// settingsFrom reads the file that --config or KONTAKT_CONFIG names, and lets it answer for flags that neither the
// command line nor the environment sets.
func settingsFrom(k *kong.Kong, args []string) error {
	path := configPath(args)
	if path == "" {
		return nil
	}
	var known []string
	err := kong.Visit(k.Model, func(n kong.Visitable, next kong.Next) error {
		if f, ok := n.(*kong.Flag); ok && f.Name != "help" && f.Name != "config" {
			known = append(known, f.Name)
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	values, err := backend.ReadConfig(path, known)
	if err != nil {
		return err
	}
	for name, v := range values {
		if n, ok := v.(json.Number); ok {
			values[name] = n.String() // kong reads numbers from text
		}
	}
	return kong.Resolvers(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
		for _, env := range f.Envs {
			if _, set := os.LookupEnv(env); set {
				return nil, nil
			}
		}
		return values[f.Name], nil
	})).Apply(k)
}

// configPath finds --config before anything else is parsed, since what it names fills in for what else is missing.
func configPath(args []string) string {
	path := os.Getenv("KONTAKT_CONFIG")
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--config="); ok {
			path = v
		}
		if a == "--config" && i+1 < len(args) {
			path = args[i+1]
		}
		if a == "--" {
			break
		}
	}
	return path
}
