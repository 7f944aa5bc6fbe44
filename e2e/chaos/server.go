package main

import (
	"context"
	"database/sql"
	"net"
	"net/url"
	"strconv"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/postgres"
	"kontaktlaege/e2e/cable"
	"kontaktlaege/internal/testkit"
)

// server is a real PostgreSQL that three nodes share.
type server struct {
	*testkit.PostgresServer
	direct string // its address, past every link
}

func newServer() (*server, error) {
	p, err := testkit.OpenPostgres()
	if err != nil {
		return nil, err
	}
	direct, err := p.NewDatabase()
	if err != nil {
		p.Remove()
		return nil, err
	}
	return &server{p, direct}, nil
}

func (s *server) open(ctx context.Context, keys store.Keys) (*store.DB, error) {
	return postgres.Open(ctx, s.direct, keys, time.Now)
}

func (s *server) read() (*sql.DB, error) { return sql.Open("pgx", s.direct) }

// address leads over the way.
func (s *server) address(way *cable.Link) string {
	u, err := url.Parse(s.direct)
	if err != nil {
		return s.direct // as testkit made it, so that it parses
	}
	u.Host = way.Address
	return u.String()
}

func (s *server) host() string         { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }
func (s *server) halt(kill bool) error { return s.Halt(kill) }
func (s *server) resume() error        { return s.Resume() }
func (s *server) close() error {
	s.Remove()
	return nil
}
