// Package postgres is the engine of backend/store for more than one machine: any number of equal processes on one
// PostgreSQL, from version 14 on.
//
// Invariants: changes are serializable, so what is decided is decided as if one after the other, and the store runs a
// change again that was in another's way; a view sees one state. No process can hold up another for more than a few
// seconds: the server ends a transaction that lies idle, a statement that runs or waits too long and a session that
// holds a lease in silence, and both ends give up a connection whose packets vanish. NOTIFY only wakes: it is sent after
// the commit, and what it fails to tell is found by looking. The migrations have run before Open returns.
package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"kontaktlaege/backend/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	// connections is how many of them one process has for transactions, half of them for reading, where the address does
	// not say pool_max_conns. Three processes fit into PostgreSQL's 100.
	connections = 24
	within      = 10 * time.Second // one transaction
	connectIn   = 5 * time.Second
	oldest      = 14 * 10000 // idle_session_timeout came with it
)

// limits are what the server ends a session of ours for, in milliseconds or, of keepalives, in seconds.
var limits = map[string]string{
	"statement_timeout":                   "10000",
	"lock_timeout":                        "3000",
	"idle_in_transaction_session_timeout": "4000",
	"tcp_keepalives_idle":                 "5",
	"tcp_keepalives_interval":             "2",
	"tcp_keepalives_count":                "3",
	"tcp_user_timeout":                    "10000",
}

// Open opens the database that dsn names and runs the migrations. now is the backend's clock.
func Open(ctx context.Context, dsn string, keys store.Keys, now func() time.Time) (*store.DB, error) {
	conf, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	if _, _, err := Migrate(ctx, dsn); err != nil {
		return nil, err
	}
	trouble := &trouble{}
	write, read := trouble.pool(conf, conf.conns-conf.conns/2), trouble.pool(conf, conf.conns/2)
	cluster := newCluster(conf)
	db, err := store.New(ctx, store.Engine{Write: write, Read: read, Fault: trouble.fault, Within: within, Cluster: cluster}, keys, now)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("postgres: %w", err), cluster.Close(), read.Close(), write.Close())
	}
	return db, nil
}

// Check says whether dsn can be read.
func Check(dsn string) error {
	_, err := parse(dsn)
	return err
}

// Connect opens one connection for long work, such as a copy of everything: nothing but ctx ends what it does, and
// neither end takes the other for dead while it has its hands full and reads nothing.
func Connect(dsn string) (*sql.DB, error) {
	conf, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	long := conf.with(map[string]string{
		"statement_timeout": "0", "lock_timeout": "0", "idle_in_transaction_session_timeout": "0", "tcp_user_timeout": "0",
	})
	long.DialFunc = (&net.Dialer{KeepAliveConfig: keepAlive}).DialContext
	db := stdlib.OpenDB(*long)
	db.SetMaxOpenConns(1)
	return db, nil
}

// Migrate runs the migrations on the database and nothing else, and says its version before and after. Processes that
// start together wait for each other.
func Migrate(ctx context.Context, dsn string) (from, to int64, err error) {
	db, err := Connect(dsn)
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(2) // goose locks on one and works on the other
	if err := fits(ctx, db); err != nil {
		return 0, 0, err
	}
	p, err := provider(db)
	if err != nil {
		return 0, 0, err
	}
	known := p.ListSources()
	if from, err = p.GetDBVersion(ctx); err == nil {
		err = store.Fits(from, known[len(known)-1].Version)
	}
	if err == nil {
		if _, err = p.Up(ctx); err == nil {
			to, err = p.GetDBVersion(ctx)
		}
	}
	if err != nil {
		return 0, 0, fmt.Errorf("postgres: %w", err)
	}
	return from, to, nil
}

// Version gives the number of the last migration that has run; 0 for a database with none.
func Version(ctx context.Context, dsn string) (int64, error) {
	db, err := Connect(dsn)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	var there bool
	if err := db.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, goose.DefaultTablename).Scan(&there); err != nil {
		return 0, fmt.Errorf("postgres: %w", err)
	}
	if !there {
		return 0, nil
	}
	var version int64
	if err := db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+goose.DefaultTablename+` WHERE is_applied`).Scan(&version); err != nil {
		return 0, fmt.Errorf("postgres: %w", err)
	}
	return version, nil
}

// fits refuses a server that can't do what we lean on.
func fits(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var version int
	var encoding string
	if err := db.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_encoding')`).Scan(&version, &encoding); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	if version < oldest {
		return fmt.Errorf("postgres: the server is of version %d, and %d is the oldest that will do", version/10000, oldest/10000)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("postgres: the database's encoding is %s: make one with ENCODING 'UTF8'", encoding)
	}
	return nil
}

func provider(db *sql.DB) (*goose.Provider, error) {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	// Tried every second: who waits is through soon after the one that migrates.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, sub, goose.WithSessionLocker(locker))
}

// settings are what an address says.
type settings struct {
	*pgx.ConnConfig
	conns int
}

func parse(dsn string) (settings, error) {
	conf, err := pgx.ParseConfig(dsn)
	if err != nil {
		return settings{}, fmt.Errorf("postgres: %w", err) // pgx leaves the password out
	}
	s := settings{conf, connections}
	if text, ok := conf.RuntimeParams["pool_max_conns"]; ok {
		delete(conf.RuntimeParams, "pool_max_conns")
		if s.conns, err = strconv.Atoi(text); err != nil || s.conns < 2 {
			return settings{}, errors.New("postgres: pool_max_conns is not a number from 2 on")
		}
	}
	for name, value := range limits {
		if conf.RuntimeParams[name] == "" {
			conf.RuntimeParams[name] = value
		}
	}
	if conf.RuntimeParams["application_name"] == "" {
		conf.RuntimeParams["application_name"] = "kontaktd"
	}
	if conf.ConnectTimeout == 0 {
		conf.ConnectTimeout = connectIn
	}
	conf.DialFunc = dialer().DialContext
	return s, nil
}

// with is the same connection with other runtime parameters.
func (s settings) with(params map[string]string) *pgx.ConnConfig {
	c := s.Copy()
	for name, value := range params {
		c.RuntimeParams[name] = value
	}
	return c
}

// trouble remembers when a connection was last lost: for a while then, each of the pool is tried before it is used, since
// what ended one has likely ended all.
type trouble struct{ last atomic.Int64 }

const wary = 30 * time.Second

func (t *trouble) fault(err error) store.Fault {
	f := fault(err)
	if f == store.Gone {
		t.last.Store(time.Now().UnixNano())
	}
	return f
}

func (t *trouble) pool(conf settings, conns int) *sql.DB {
	db := stdlib.OpenDB(*conf.ConnConfig, stdlib.OptionShouldPing(func(_ context.Context, p stdlib.ShouldPingParams) bool {
		return p.IdleDuration > time.Second || time.Since(time.Unix(0, t.last.Load())) < wary
	}))
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour) // a cluster's new leader gets its share again
	return db
}
