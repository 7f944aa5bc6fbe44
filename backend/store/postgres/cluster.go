package postgres

import (
	"context"
	"crypto/rand"
	"log/slog"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"kontaktlaege/internal/kontakt"
)

const (
	channel = "kontakt"
	// everything stands for all rooms; a notification that names so many costs more than it spares.
	everything   = "*"
	maxRooms     = 2000
	maxPayload   = 7900 // PostgreSQL takes less than 8000 bytes
	quiet        = 15 * time.Second
	answerWithin = 3 * time.Second
)

// cluster tells the other processes of rooms that got events and hears of theirs, over two connections of its own. A
// NOTIFY inside a change's transaction would take a lock at its commit that the whole database shares; so one goroutine
// sends them afterwards, many at once, and what it can't send is dropped: the readers' slow look at the counters finds it.
type cluster struct {
	conf settings
	node string // what we tell comes back to us too

	stop context.CancelFunc
	done sync.WaitGroup
	ctx  context.Context // of what Listen began

	mu      sync.Mutex
	pending map[kontakt.Room]struct{}
	all     bool
	kick    chan struct{}
}

func newCluster(conf settings) *cluster {
	c := &cluster{conf: conf, node: rand.Text(), pending: map[kontakt.Room]struct{}{}, kick: make(chan struct{}, 1)}
	c.ctx, c.stop = context.WithCancel(context.Background())
	return c
}

// Listen is store.Cluster's.
func (c *cluster) Listen(wake func(rooms []kontakt.Room)) {
	c.done.Go(func() { c.listen(wake) })
	c.done.Go(c.tell)
}

// Close is store.Cluster's.
func (c *cluster) Close() error {
	c.stop()
	c.done.Wait()
	return nil
}

// Tell is store.Cluster's.
func (c *cluster) Tell(rooms []kontakt.Room) {
	c.mu.Lock()
	for _, room := range rooms {
		c.pending[room] = struct{}{}
	}
	if len(c.pending) > maxRooms {
		c.all = true
		clear(c.pending)
	}
	c.mu.Unlock()
	select {
	case c.kick <- struct{}{}:
	default:
	}
}

// taken gives the payloads of what is to be told.
func (c *cluster) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all {
		c.all = false
		clear(c.pending)
		return []string{c.node + "\n" + everything}
	}
	var all []string
	var b strings.Builder
	for room := range c.pending {
		if b.Len()+1+len(room) > maxPayload {
			all = append(all, b.String())
			b.Reset()
		}
		if b.Len() == 0 {
			b.WriteString(c.node)
		}
		b.WriteString("\n" + string(room))
	}
	clear(c.pending)
	if b.Len() > 0 {
		all = append(all, b.String())
	}
	return all
}

// tell sends what is pending until the cluster is closed. Nothing is lost with a notification, so its commit need not
// wait for the disk.
func (c *cluster) tell() {
	c.connected(map[string]string{"application_name": "kontaktd tell", "synchronous_commit": "off"}, func(conn *pgx.Conn) error {
		for {
			select {
			case <-c.ctx.Done():
				return nil
			case <-c.kick:
			}
			ctx, cancel := context.WithTimeout(c.ctx, answerWithin)
			_, err := conn.Exec(ctx, `SELECT pg_notify($1, said) FROM unnest($2::text[]) AS said`, channel, c.taken())
			cancel()
			if err != nil {
				c.mu.Lock()
				c.all = true // told once there is a connection again
				c.mu.Unlock()
				select {
				case c.kick <- struct{}{}:
				default:
				}
				return err
			}
		}
	})
}

// listen wakes readers until the cluster is closed. While it was not connected it may have missed anything.
func (c *cluster) listen(wake func(rooms []kontakt.Room)) {
	c.connected(map[string]string{"application_name": "kontaktd listen"}, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(c.ctx, `LISTEN `+channel); err != nil {
			return err
		}
		wake(nil)
		for {
			ctx, cancel := context.WithTimeout(c.ctx, quiet)
			n, err := conn.WaitForNotification(ctx)
			late := ctx.Err() != nil && c.ctx.Err() == nil
			cancel()
			switch {
			case err == nil:
				c.heard(n.Payload, wake)
			case !late || conn.IsClosed():
				return err
			default:
				ctx, cancel := context.WithTimeout(c.ctx, answerWithin)
				err := conn.Ping(ctx)
				cancel()
				if err != nil {
					return err
				}
			}
		}
	})
}

func (c *cluster) heard(payload string, wake func(rooms []kontakt.Room)) {
	node, said, _ := strings.Cut(payload, "\n")
	if node == c.node {
		return
	}
	if said == everything {
		wake(nil)
		return
	}
	var rooms []kontakt.Room
	for room := range strings.SplitSeq(said, "\n") {
		rooms = append(rooms, kontakt.Room(room))
	}
	wake(rooms)
}

// connected runs use with a connection, and with a new one each time it returns, until the cluster is closed.
func (c *cluster) connected(params map[string]string, use func(conn *pgx.Conn) error) {
	for failures := 0; c.ctx.Err() == nil; {
		began := time.Now()
		err := c.once(params, use)
		if c.ctx.Err() != nil {
			return
		}
		if failures++; time.Since(began) > quiet {
			failures = 1
		}
		if failures == 1 {
			slog.Warn("postgres: connection lost; it is tried again", "what", params["application_name"], "err", err)
		}
		sleep(c.ctx, min(100*time.Millisecond<<min(failures-1, 6), 5*time.Second))
	}
}

func (c *cluster) once(params map[string]string, use func(conn *pgx.Conn) error) error {
	conn, err := pgx.ConnectConfig(c.ctx, c.conf.with(params))
	if err != nil {
		return err
	}
	defer hangUp(conn)
	return use(conn)
}

func hangUp(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn.Close(ctx)
}

// sleep waits for about d: many who lost the same server do not come back in step.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d/2 + mathrand.N(d))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
