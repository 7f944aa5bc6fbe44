package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Engine is an SQL database as the store needs it. All of them take $1 for a parameter.
type Engine struct {
	Write *sql.DB // for transactions that change something
	Read  *sql.DB // for those that do not
	// Taken says whether err means that a unique index refused a row.
	Taken func(err error) bool
}

// DB is the store. Make one with an engine's Open.
type DB struct {
	engine Engine
	keys   Keys
	now    func() time.Time

	mu       sync.Mutex
	watchers map[*watcher]struct{}
}

type watcher struct{ wake func([]kontakt.Room) }

// New makes the store over an engine whose migrations have run. It refuses keys other than those that the stored rows
// were written with. now is the backend's clock: every stored time comes from it.
func New(ctx context.Context, e Engine, keys Keys, now func() time.Time) (*DB, error) {
	if err := keys.check(); err != nil {
		return nil, err
	}
	db := &DB{engine: e, keys: keys, now: now, watchers: map[*watcher]struct{}{}}
	if err := db.checkKeys(ctx); err != nil {
		return nil, err
	}
	return db, nil
}

// Close ends all connections.
func (db *DB) Close() error {
	return errors.Join(db.engine.Read.Close(), db.engine.Write.Close())
}

// Now is the backend's clock.
func (db *DB) Now() time.Time { return db.now().UTC().Round(0) }

// Watch calls wake with the rooms that got events, after each commit. wake must not block. The stop it returns ends it.
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
	if len(rooms) == 0 {
		return
	}
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

type txKey struct{}

// Update runs fn in one transaction and commits when it returns nil. Under a context that carries a transaction it
// joins that one, and its error then fails the whole.
func (db *DB) Update(ctx context.Context, fn func(tx *Tx) error) error {
	if tx := db.carried(ctx); tx != nil {
		if tx.readOnly {
			return internal("store.Update", errors.New("a change inside View"))
		}
		err := fn(tx)
		if err != nil && tx.failed == nil {
			tx.failed = err
		}
		return err
	}
	tx, err := db.run(ctx, db.engine.Write, false, fn)
	if tx != nil {
		if err == nil {
			db.wake(tx.rooms)
		}
		for _, a := range tx.afterwards {
			if auditErr := db.auditAlone(ctx, a); auditErr != nil {
				return errors.Join(err, auditErr)
			}
		}
	}
	return err
}

// View runs fn in one transaction that changes nothing and sees one state of the database. Under a context that
// carries a transaction it joins that one.
func (db *DB) View(ctx context.Context, fn func(tx *Tx) error) error {
	if tx := db.carried(ctx); tx != nil {
		return fn(tx)
	}
	_, err := db.run(ctx, db.engine.Read, true, fn)
	return err
}

func (db *DB) carried(ctx context.Context) *Tx {
	tx, _ := ctx.Value(txKey{}).(*Tx)
	if tx == nil || tx.db != db {
		return nil
	}
	return tx
}

func (db *DB) run(ctx context.Context, pool *sql.DB, readOnly bool, fn func(tx *Tx) error) (*Tx, error) {
	sqlTx, err := pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: readOnly})
	if err != nil {
		return nil, internal("store.begin", err)
	}
	defer sqlTx.Rollback() // does nothing once committed
	tx := &Tx{db: db, tx: sqlTx, now: db.Now(), readOnly: readOnly}
	tx.ctx = context.WithValue(ctx, txKey{}, tx)
	if err := fn(tx); err != nil {
		return tx, err
	}
	if tx.failed != nil {
		return tx, tx.failed
	}
	if err := sqlTx.Commit(); err != nil {
		return tx, internal("store.commit", err)
	}
	return tx, nil
}

// Refused writes the audit row of something that was not done. It outlives the transaction that ctx may carry, which is
// about to be rolled back.
func (db *DB) Refused(ctx context.Context, a Audit) error {
	a = a.by(ctx)
	if tx := db.carried(ctx); tx != nil {
		tx.afterwards = append(tx.afterwards, a)
		return nil
	}
	return db.auditAlone(ctx, a)
}

// auditAlone writes one row in a transaction of its own, also when the caller has gone away meanwhile.
func (db *DB) auditAlone(ctx context.Context, a Audit) error {
	_, err := db.run(context.WithoutCancel(ctx), db.engine.Write, false, func(tx *Tx) error { return tx.Audit(a) })
	return err
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
