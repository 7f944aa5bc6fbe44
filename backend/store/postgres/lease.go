package postgres

import (
	"context"
	"hash/fnv"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// leases is the first key of our advisory locks: another program on the same database would hardly hit upon it.
	leases     = 0x6b6f6e74
	leasePing  = time.Second // between pings
	pingWithin = 2 * time.Second
	// silence is how long the session of a lease may be still, in milliseconds. It is longer than a ping and its wait: a
	// holder that lost the way to the database stops before the name is another's.
	silence = "4500"
)

// Lease is store.DB.Lease. The name is an advisory lock of a session that is kept for it alone and says something every
// second; the server ends one that falls silent, as when its process was stopped or its machine cut off, and the lock
// with it.
func (c *cluster) Lease(ctx context.Context, name string, run func(ctx context.Context) error) error {
	for failures := 0; ; {
		conn, err := c.acquire(ctx, name)
		if ctx.Err() != nil {
			if conn != nil {
				hangUp(conn)
			}
			return nil
		}
		if err != nil {
			if failures++; failures == 1 {
				slog.WarnContext(ctx, "postgres: a lease can't be asked for", "lease", name, "err", err)
			}
			sleep(ctx, time.Second)
			continue
		}
		failures = 0
		slog.InfoContext(ctx, "postgres: lease held", "lease", name)
		lost, err := c.hold(ctx, conn, run)
		hangUp(conn)
		if !lost {
			return err
		}
		slog.WarnContext(ctx, "postgres: lease lost", "lease", name)
	}
}

// acquire asks again and again until the name is ours. Those who wait keep their session awake by asking.
func (c *cluster) acquire(ctx context.Context, name string) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, c.conf.with(map[string]string{
		"idle_session_timeout": silence, "application_name": "kontaktd lease " + name,
	}))
	if err != nil {
		return nil, err
	}
	key := fnv.New32a()
	key.Write([]byte(name))
	for {
		within, cancel := context.WithTimeout(ctx, pingWithin)
		var ours bool
		err := conn.QueryRow(within, `SELECT pg_try_advisory_lock($1::int, $2::int)`, leases, int32(key.Sum32())).Scan(&ours)
		cancel()
		if err != nil {
			hangUp(conn)
			return nil, err
		}
		if ours {
			return conn, nil
		}
		sleep(ctx, leasePing)
	}
}

// hold runs while the session lives and says whether the lease was lost; else run ended by itself, or ctx did. It listens
// to the session, on which nobody notifies, to hear at once when the server ends it.
func (c *cluster) hold(ctx context.Context, conn *pgx.Conn, run func(ctx context.Context) error) (lost bool, err error) {
	held, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- run(held)
		stop()
	}()
	for {
		within, cancel := context.WithTimeout(held, leasePing)
		_, err := conn.WaitForNotification(within)
		cancel()
		if err != nil && held.Err() == nil && !conn.IsClosed() {
			within, cancel := context.WithTimeout(held, pingWithin)
			err = conn.Ping(within)
			cancel()
		}
		switch {
		case held.Err() != nil:
			return false, <-ended
		case err != nil:
			stop()
			<-ended
			return true, nil
		}
	}
}
