package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"

	"kontaktlaege/backend"
	"kontaktlaege/backend/demo"
	"kontaktlaege/backend/store"
)

type serve struct {
	backend.Config `embed:""`
}

// Run serves until it is told to stop or cannot go on. Under systemd the address may be the socket unit's, which outlives
// us: who connects while we restart waits, and is not refused.
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
	sockets, err := activation.Listeners()
	switch {
	case err != nil:
		return fmt.Errorf("the sockets that systemd passed: %w", err)
	case len(sockets) > 1:
		return fmt.Errorf("systemd passed %d sockets: one is served", len(sockets))
	case len(sockets) == 1:
		s.HTTPListener = sockets[0]
	}
	srv, err := backend.Open(ctx, s.Config, log)
	if err != nil {
		return err
	}
	tell(log, daemon.SdNotifyReady)
	err = srv.Wait(ctx)
	log.Info("backend: stopping")
	tell(log, daemon.SdNotifyStopping)
	return errors.Join(err, srv.Close())
}

// tell says to systemd, where there is one, how it stands.
func tell(log *slog.Logger, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		log.Warn("systemd was not told", "state", state, "err", err)
	}
}
