package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"kontaktlaege/internal/kontakt"
)

const (
	// patience is how long Update runs again what others were in the way of. A node that stands still in the middle of
	// a transaction holds its rows no longer than idle_in_transaction_session_timeout, which is less.
	patience = 6 * time.Second
	// refusals is how often a row that a unique index refuses is tried. The second try sees the row that was in the way
	// and takes the decision that it would have taken on a database without races; a row refused then stays refused.
	refusals = 2
	// losses is how often a transaction is tried whose database went away: connections that lay idle while it restarted
	// are found dead one by one.
	losses = 3
)

type txKey struct{}

// Update runs fn in one transaction and commits when it returns nil. Under a context that carries a transaction it
// joins that one, and its error then fails the whole.
//
// Transactions are as good as one after the other, whatever the engine: where they truly run at the same time, fn is run
// again, from the start and in a new transaction, when another was in the way. So it must be safe to run again: it
// changes things through tx and otherwise only assigns. A row that a unique index refuses is a Conflict and dooms the
// transaction, also where fn overlooks it. A database that is away, or others that are in the way for seconds, are
// Unavailable: nothing was changed, unless the connection broke in the very commit. Then it may have been; repeating a
// Do under its key tells.
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
	tx, fault, err := db.again(ctx, changing, fn)
	if tx == nil {
		return err
	}
	if err == nil || fault == Unknown {
		db.committed(tx.rooms)
	}
	if fault == Raced || fault == Gone || fault == Unknown { // nobody can tell what would have been refused
		return err
	}
	for _, a := range tx.afterwards {
		if auditErr := db.auditAlone(ctx, a); auditErr != nil {
			return errors.Join(err, auditErr)
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
	for n := 1; ; n++ {
		tx, fault, err := db.attempt(ctx, reading, nil, fn)
		if tx != nil || fault != Gone || n == losses || ctx.Err() != nil {
			return err
		}
		pause(ctx, n)
	}
}

// Stamp runs fn in one transaction that only writes stamps, such as when a tablet was last seen: the last one wins, so
// stamps and changes are not in each other's way however many nodes write them. fn must be safe to run again. A context
// that carries a transaction is not for Stamp.
func (db *DB) Stamp(ctx context.Context, fn func(tx *Tx) error) error {
	_, _, err := db.again(ctx, stamping, fn)
	return err
}

func (db *DB) carried(ctx context.Context) *Tx {
	tx, _ := ctx.Value(txKey{}).(*Tx)
	if tx == nil || tx.db != db {
		return nil
	}
	return tx
}

// again runs fn until it is through or there is no sense in going on, and gives the last attempt.
func (db *DB) again(ctx context.Context, a access, fn func(tx *Tx) error) (*Tx, Fault, error) {
	began := time.Now()
	var refused, lost int
	var mine *turn
	if a == changing && db.engine.Cluster != nil {
		mine = &turn{lanes: &db.lanes}
		defer mine.leave()
	}
	for n := 1; ; n++ {
		tx, fault, err := db.attempt(ctx, a, mine, fn)
		switch {
		case ctx.Err() != nil, db.engine.Cluster == nil:
			return tx, fault, err
		case fault == Raced:
		case fault == Refused:
			refused++
		case fault == Gone:
			lost++
		default:
			return tx, fault, err
		}
		switch {
		case refused == refusals || lost == losses || time.Since(began) > patience:
			return tx, fault, err
		case errors.Is(err, errTurn):
			mine.wait(ctx, patience)
		default:
			pause(ctx, n)
		}
	}
}

// pause waits a moment that grows with each attempt and differs between those who collided.
func pause(ctx context.Context, n int) {
	t := time.NewTimer(rand.N(time.Millisecond << min(n, 7)))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// access is what a transaction is for.
type access int

const (
	reading access = iota
	changing
	stamping // changes only what the last writer decides, such as when a tablet was seen
)

// options are those of the database's transaction. Writers that stand in line need none.
func (db *DB) options(a access) (*sql.DB, *sql.TxOptions) {
	o := &sql.TxOptions{ReadOnly: a == reading}
	if db.engine.Cluster != nil {
		o.Isolation = map[access]sql.IsolationLevel{
			reading: sql.LevelRepeatableRead, changing: sql.LevelSerializable, stamping: sql.LevelReadCommitted,
		}[a]
	}
	if a == reading {
		return db.engine.Read, o
	}
	return db.engine.Write, o
}

// attempt runs fn once in a transaction of its own and commits when it returns nil. There is no Tx where none began.
func (db *DB) attempt(ctx context.Context, a access, mine *turn, fn func(tx *Tx) error) (*Tx, Fault, error) {
	if db.engine.Within > 0 {
		within, cancel := context.WithTimeout(ctx, db.engine.Within)
		defer cancel()
		ctx = within
	}
	pool, options := db.options(a)
	sqlTx, err := pool.BeginTx(ctx, options)
	if err != nil {
		fault := db.engine.Fault(err)
		return nil, fault, fault.wrap("store.begin", err)
	}
	defer sqlTx.Rollback() // does nothing once committed
	tx := &Tx{db: db, tx: sqlTx, now: db.Now(), readOnly: a == reading, turn: mine}
	tx.ctx = context.WithValue(ctx, txKey{}, tx)
	err = fn(tx)
	switch {
	case tx.broken != nil && (err == nil || tx.fault == Raced || tx.fault == Gone):
		return tx, tx.fault, tx.broken
	case err != nil:
		return tx, tx.fault, err
	case tx.failed != nil:
		return tx, tx.fault, tx.failed
	}
	if err := sqlTx.Commit(); err != nil {
		fault := db.engine.Fault(err)
		if fault == Gone {
			fault = Unknown
		}
		return tx, fault, fault.wrap("store.commit", err)
	}
	return tx, None, nil
}

// errUnknown is in the chain of an Update's error where the commit may have happened.
var errUnknown = errors.New("the connection broke during the commit")

// wrap is the error that the caller of a transaction sees.
func (f Fault) wrap(op string, err error) error {
	kind := kontakt.Unavailable
	switch f {
	case Broken:
		kind = kontakt.Internal
	case Refused:
		kind = kontakt.Conflict
	case Unknown:
		err = errors.Join(errUnknown, err)
	}
	return &kontakt.Error{Op: op, Kind: kind, Err: err}
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
	_, _, err := db.again(context.WithoutCancel(ctx), changing, func(tx *Tx) error { return tx.Audit(a) })
	return err
}
