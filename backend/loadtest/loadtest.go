package loadtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
	"kontaktlaege/internal/kontakt"
)

// Options say how much of what.
type Options struct {
	Program  string   // kontaktd
	Bare     []string // its arguments that make it the bare handler; --listen and so on come behind
	Database string   // "": a SQLite file of the run's own; else an empty PostgreSQL
	Nodes    int      // backends; more than one needs PostgreSQL

	Tablets, Clinicians, Clinics int
	For, Pause                   time.Duration // of the rounds, and between two of one tablet
	Rooms, Rivals                int           // places in one clinic's line, and clinicians who race over them
	Idle                         int           // streams
	Settle                       time.Duration // before they are weighed: longer than a heartbeat takes to come

	Out      io.Writer // the result
	Progress io.Writer
}

// ringTime is so long that no call in a round rings out: a second start would be a second claim.
const ringTime = 5 * time.Minute

// run is one load test.
type run struct {
	Options
	began    time.Time
	dir      string
	data     string
	database string
	keysFile string
	goals    []goal
	broken   []string // what must never happen and did

	workers *crowd.Crowd // for the rounds
	line    *crowd.Crowd // one clinic's long line, and the idle tablets
	nodes   []*node
}

// Run does everything. Its error says what must never happen; a goal that was missed is only printed.
func Run(ctx context.Context, o Options) (err error) {
	r := &run{Options: o, began: time.Now()}
	if err := r.check(); err != nil {
		return err
	}
	if r.dir, err = os.MkdirTemp("", "kontaktd-loadtest-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.dir)) }()
	r.data, r.keysFile = filepath.Join(r.dir, "data"), filepath.Join(r.dir, "keys")
	if err := os.Mkdir(r.data, 0o700); err != nil {
		return err
	}
	r.database = o.Database
	if r.database == "" {
		r.database = "sqlite:" + filepath.Join(r.data, "kontakt.db")
	} else if err := refuseUsed(ctx, r.database); err != nil {
		return err
	}
	fmt.Fprintf(r.Out, "%s, %s/%s, %d cores, %s\n", r.kind(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), r.began.UTC().Format(time.DateTime))
	if err := r.seed(ctx); err != nil {
		return err
	}
	if err := r.loaded(ctx); err != nil {
		return err
	}
	if r.Idle > 0 {
		if err := r.idle(ctx); err != nil {
			return err
		}
	}
	return r.verdict()
}

// kind is the engine, for people.
func (r *run) kind() string {
	if r.Database == "" {
		return "SQLite, one backend"
	}
	return fmt.Sprintf("PostgreSQL, %d backend(s)", r.Nodes)
}

func (r *run) check() error {
	kind, _, err := engine.Split(r.Database)
	switch {
	case r.Database != "" && err != nil:
		return fmt.Errorf("--database: %w", err)
	case r.Database != "" && kind != engine.Postgres:
		return errors.New("--database: SQLite needs none: the test makes a file of its own")
	case r.Nodes > 1 && r.Database == "":
		return errors.New("--nodes: more than one backend needs PostgreSQL: give --database")
	case min(r.Nodes, r.Tablets, r.Clinicians, r.Clinics, r.Rooms, r.Rivals) < 1 || r.Idle < 0 || r.For <= 0 || r.Pause < 0 || r.Settle < 0:
		return errors.New("each number is at least 1, only --idle may be 0, and --for is longer than nothing")
	case r.Clinics > r.Clinicians:
		return errors.New("--clinicians: each clinic needs one")
	}
	return nil
}

// refuseUsed refuses a database in which there is anything at all: the crowd's rows must never stand beside real ones.
func refuseUsed(ctx context.Context, address string) error {
	_, db, err := engine.Raw(address, false)
	if err != nil {
		return fmt.Errorf("--database: %w", err)
	}
	defer db.Close()
	var tables int
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM information_schema.tables
		WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`).Scan(&tables); err != nil {
		return fmt.Errorf("--database: %w", err)
	}
	if tables > 0 {
		return fmt.Errorf("--database: %s has %d tables in it. The load test fills a database with made-up people and so takes only an empty one: make one (createdb loadtest), and drop it afterwards", engine.Name(address), tables)
	}
	return nil
}

// seed fills the database before any backend runs.
func (r *run) seed(ctx context.Context) error {
	idle := max(r.Idle, r.Rooms)
	r.say("making %d tablets, %d clinicians, %d citizens", r.Tablets+idle, r.Clinicians+r.Rivals, citizensEach*r.Tablets+r.Rooms)
	keys, err := store.KeysFile(r.keysFile)
	if err != nil {
		return err
	}
	db, err := engine.Open(ctx, r.database, keys, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	r.workers, err = crowd.Seed(ctx, db, crowd.Size{
		Municipalities: 5, Clinics: r.Clinics, Tablets: r.Tablets, Clinicians: r.Clinicians, Citizens: citizensEach * r.Tablets, RingTime: ringTime,
	})
	if err != nil {
		return err
	}
	r.line, err = crowd.Seed(ctx, db, crowd.Size{
		Municipalities: 1, Clinics: 1, Tablets: idle, Clinicians: r.Rivals, Citizens: r.Rooms, RingTime: ringTime,
		Behind: max(r.Clinics, citizensEach*r.Tablets, r.Clinicians, 5),
	})
	return err
}

// loaded does what needs running backends, and ends them.
func (r *run) loaded(ctx context.Context) (err error) {
	defer func() {
		for _, n := range r.nodes {
			err = errors.Join(err, n.stop())
		}
		r.nodes = nil
	}()
	for i := range r.Nodes {
		n, err := r.serve(ctx, fmt.Sprintf("backend-%d", i+1), nil)
		if err != nil {
			return err
		}
		r.nodes = append(r.nodes, n)
	}
	if err := r.rounds(ctx); err != nil {
		return err
	}
	return r.oneLine(ctx)
}

// node deals backends out.
func (r *run) node(i int) string { return r.nodes[i%len(r.nodes)].url }

// say tells how it goes.
func (r *run) say(format string, args ...any) {
	fmt.Fprintf(r.Progress, "%5.0f s  %s\n", time.Since(r.began).Seconds(), fmt.Sprintf(format, args...))
}

// during says how it goes every few seconds until the returned function is called.
func (r *run) during(how func() string) (done func()) {
	ended, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(5 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				return
			case <-tick.C:
				r.say("%s", how())
			}
		}
	}()
	return func() {
		close(ended)
		<-stopped
	}
}

// key is for one change.
func key() string { return kontakt.NewSecret() }
