package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// DB is the store. Make one with an engine's Open.
type DB struct {
	engine Engine
	keys   sealer
	now    func() time.Time
	lanes  lanes

	mu       sync.Mutex
	watchers map[*watcher]struct{}
	sends    map[string]bool // kinds of the outbox
}

type watcher struct{ wake func([]kontakt.Room) }

// New makes the store over an engine whose migrations have run. It refuses keys other than those that the stored rows
// were written with. now is the backend's clock: every stored time comes from it.
func New(ctx context.Context, e Engine, keys Keys, now func() time.Time) (*DB, error) {
	sealing, err := newSealer(keys)
	if err != nil {
		return nil, err
	}
	db := &DB{engine: e, keys: sealing, now: now, watchers: map[*watcher]struct{}{}, sends: map[string]bool{}}
	if err := db.checkKeys(ctx); err != nil {
		return nil, err
	}
	if e.Cluster != nil {
		e.Cluster.Listen(db.wake)
	}
	return db, nil
}

// Close ends all connections.
func (db *DB) Close() error {
	var err error
	if db.engine.Cluster != nil {
		err = db.engine.Cluster.Close()
	}
	return errors.Join(err, db.engine.Read.Close(), db.engine.Write.Close())
}

// Now is the backend's clock.
func (db *DB) Now() time.Time { return db.now().UTC().Round(0) }

// Watch calls wake with the rooms that got events, after each commit here and, where several processes share the
// database, soon after most commits there; with nil where some may have been missed, so that all are to be looked at.
// wake must not block. The stop it returns ends it.
func (db *DB) Watch(wake func(rooms []kontakt.Room)) (stop func()) {
	w := &watcher{wake}
	db.mu.Lock()
	db.watchers[w] = struct{}{}
	db.mu.Unlock()
	return func() {
		db.mu.Lock()
		delete(db.watchers, w)
		db.mu.Unlock()
	}
}

func (db *DB) wake(rooms []kontakt.Room) {
	db.mu.Lock()
	wakers := make([]*watcher, 0, len(db.watchers))
	for w := range db.watchers {
		wakers = append(wakers, w)
	}
	db.mu.Unlock()
	for _, w := range wakers {
		w.wake(rooms)
	}
}

// committed tells of rooms that got events, here and elsewhere.
func (db *DB) committed(rooms []kontakt.Room) {
	if len(rooms) == 0 {
		return
	}
	db.wake(rooms)
	if db.engine.Cluster != nil {
		db.engine.Cluster.Tell(rooms)
	}
}

// Lease calls run while this process, alone among those on the database, holds the name. The context that run gets ends
// when the name is lost; once it is held again, run is called again. Lease returns when ctx ends, or with what run
// returned by itself. A process that stands still loses its names to others within seconds, and may then, for the
// moment until it notices, run beside them: what run does must be right even so.
func (db *DB) Lease(ctx context.Context, name string, run func(ctx context.Context) error) error {
	if db.engine.Cluster == nil {
		return run(ctx)
	}
	return db.engine.Cluster.Lease(ctx, name, run)
}

func internal(op string, err error) error {
	return &kontakt.Error{Op: op, Kind: kontakt.Internal, Err: err}
}

func notFound(op string) error {
	return &kontakt.Error{Op: op, Kind: kontakt.NotFound, Msg: kontakt.MsgNotFound}
}

// checkKeys compares the keys with the mark that the first start left.
func (db *DB) checkKeys(ctx context.Context) error {
	mark := db.keys.mark()
	return db.Update(ctx, func(tx *Tx) error {
		was, err := tx.Setting("keys.mark")
		switch {
		case kontakt.KindOf(err) == kontakt.NotFound:
			return tx.SetSetting("keys.mark", mark)
		case err != nil:
			return err
		case was != mark:
			return fmt.Errorf("store: the keys are not those that this database was written with")
		}
		return nil
	})
}
