package main

import (
	"context"
	"errors"
	"log/slog"

	"kontaktlaege/backend"
	"kontaktlaege/backend/demo"
	"kontaktlaege/backend/store"
)

type serve struct {
	backend.Config `embed:""`
}

// Run serves until it is told to stop or cannot go on.
func (s serve) Run(ctx context.Context, log *slog.Logger) error {
	s.Vet = func(ctx context.Context, db *store.DB) error {
		switch isDemo, err := demo.Holds(ctx, db); {
		case err != nil:
			return err
		case isDemo:
			return errors.New("--data: this is a demo's database, into which anyone can enrol a tablet: begin with an empty folder")
		}
		return nil
	}
	srv, err := backend.Open(ctx, s.Config, log)
	if err != nil {
		return err
	}
	err = srv.Wait(ctx)
	log.Info("backend: stopping")
	return errors.Join(err, srv.Close())
}
