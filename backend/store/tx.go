package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Tx is one transaction. Its methods speak of the domain; a thing that is not there is a kontakt.NotFound.
type Tx struct {
	db         *DB
	tx         *sql.Tx
	ctx        context.Context // carries the transaction itself; a Tx lives as long as one call
	now        time.Time
	readOnly   bool
	turn       *turn          // among the changes of a clinic; nil where all stand in line
	failed     error          // of a joined Update: the whole may not commit
	broken     error          // of the database: nothing more can be done here
	fault      Fault          // what it means
	rooms      []kontakt.Room // that got events
	afterwards []Audit        // written when this has ended, whichever way
}

// Now is the one time of everything in this transaction.
func (tx *Tx) Now() time.Time { return tx.now }

// Context carries the transaction: what is called with it joins.
func (tx *Tx) Context() context.Context { return tx.ctx }

// fail notes an error of the database. The transaction has ended with it: PostgreSQL would refuse every further
// statement, and what one engine refuses the other must not do.
func (tx *Tx) fail(op string, err error) error {
	if tx.broken == nil {
		tx.fault = tx.db.engine.Fault(err)
		tx.broken = tx.fault.wrap(op, err)
	}
	return tx.broken
}

// busy is called before a change of what all changes of a clinic change. Where another is about to, this attempt ends here
// rather than in its way.
func (tx *Tx) busy(op string, clinic kontakt.ClinicID) error {
	if tx.broken != nil {
		return tx.broken
	}
	if err := tx.turn.enter(clinic); err != nil {
		tx.fault, tx.broken = Raced, Raced.wrap(op, err)
	}
	return tx.broken
}

// exec runs a statement and gives the number of rows that it touched. A row refused by a unique index is a Conflict.
func (tx *Tx) exec(op, query string, args ...any) (int64, error) {
	if tx.broken != nil {
		return 0, tx.broken
	}
	res, err := tx.tx.ExecContext(tx.ctx, query, args...)
	if err != nil {
		return 0, tx.fail(op, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, tx.fail(op, err)
	}
	return n, nil
}

// one reads one row into dest and says whether there was one.
func (tx *Tx) one(op, query string, args []any, dest ...any) (bool, error) {
	if tx.broken != nil {
		return false, tx.broken
	}
	err := tx.tx.QueryRowContext(tx.ctx, query, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, tx.fail(op, err)
	}
	return true, nil
}

// must is one where a missing row is NotFound.
func (tx *Tx) must(op, query string, args []any, dest ...any) error {
	ok, err := tx.one(op, query, args, dest...)
	if err == nil && !ok {
		return notFound(op)
	}
	return err
}

// scan reads the columns of one row.
type scan func(dest ...any) error

// collect gives what read makes of each row, in their order.
func collect[T any](tx *Tx, op, query string, args []any, read func(scan) (T, error)) ([]T, error) {
	if tx.broken != nil {
		return nil, tx.broken
	}
	rows, err := tx.tx.QueryContext(tx.ctx, query, args...)
	if err != nil {
		return nil, tx.fail(op, err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := read(rows.Scan)
		if err != nil {
			if _, ours := errors.AsType[*kontakt.Error](err); ours {
				return nil, err
			}
			return nil, internal(op, err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, tx.fail(op, err)
	}
	return all, nil
}

// value reads a row of one column.
func value[T any](scan scan) (v T, err error) {
	err = scan(&v)
	return v, err
}

// first gives the first of what was collected; a NotFound where there is none.
func first[T any](op string, all []T, err error) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if len(all) == 0 {
		return none, notFound(op)
	}
	return all[0], nil
}

// list gives the parameters of IN (…), counted from a number on.
func list[T any](from int, all []T) (marks string, args []any) {
	args = make([]any, len(all))
	for i, one := range all {
		args[i] = one
	}
	return places(from, len(all)), args
}

// places gives n parameters: "$3, $4".
func places(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}

// after gives the moment at, or the next one after the last that a query finds for a place.
func (tx *Tx) after(op, query string, entry kontakt.EntryID, at time.Time) (time.Time, error) {
	var last time.Time
	_, err := tx.one(op, query, []any{entry}, when{&last})
	if !at.After(last) {
		at = last.Add(time.Nanosecond)
	}
	return at, err
}

// nanos is how a time is stored: nanoseconds since 1970, 0 for none.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// when scans what nanos wrote.
type when struct{ t *time.Time }

func (w when) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return errors.New("a stored time is no integer")
	}
	*w.t = time.Time{}
	if n != 0 {
		*w.t = time.Unix(0, n).UTC()
	}
	return nil
}
