package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Engine is an SQL database as the store needs it. All of them take $1 for a parameter.
type Engine struct {
	Write *sql.DB // for transactions that change something
	Read  *sql.DB // for those that do not
	// Fault says what an error of the database means.
	Fault func(err error) Fault
	// Within is how long one transaction may take, waiting for a connection too; 0: as long as its context.
	Within time.Duration
	// Cluster is there where several processes share the database and their transactions run at the same time; nil:
	// this process is alone and its writers stand in line.
	Cluster Cluster
}

// Fits refuses a database whose migrations go further than those that this program knows: what newer ones have changed,
// it would write wrongly.
func Fits(has, knows int64) error {
	if has <= knows {
		return nil
	}
	return fmt.Errorf("the database is of version %d, made by a newer kontaktd; this one knows versions up to %d: install the newer one again, or restore a backup of before", has, knows)
}

// Cluster is what processes on one database do beside transactions.
type Cluster interface {
	// Listen begins to call wake with the rooms that other processes tell of; nil: some may have been missed.
	Listen(wake func(rooms []kontakt.Room))
	// Tell passes rooms on to the other processes. It is a hint and does not block.
	Tell(rooms []kontakt.Room)
	// Lease is DB.Lease.
	Lease(ctx context.Context, name string, run func(ctx context.Context) error) error
	// Close ends what Listen began.
	Close() error
}

// Fault is what an error of the database means for the transaction in which it came: it has changed nothing, but after
// Unknown.
type Fault int

const (
	None    Fault = iota // the database has done what it was asked
	Broken               // our mistake or the disk's: Internal
	Refused              // a unique index refused a row
	Raced                // another transaction was in the way: run again
	Gone                 // the database is not there, does not answer, or our time is up
	Unknown              // the connection broke while the commit was under way
)
