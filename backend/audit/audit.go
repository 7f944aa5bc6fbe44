// Package audit makes the audit log one that anyone can check. Rows are appended by store.Tx.Audit inside the
// transaction of what they tell of; a single sealer then chains them: each sealed row carries a hash over itself and
// the hash of the row before.
//
// Invariants: sealing changes no row but its place in the chain; places count from 1 without a gap; a changed, removed,
// inserted or moved row breaks the chain at that place and Verify names it. What the chain alone can't show is that its
// newest end was cut off: for that its head is to be kept elsewhere.
package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"kontaktlaege/backend/store"
)

// batch is how many rows one transaction seals, and Verify reads at a time.
const batch = 500

// Log is the audit log of a store.
type Log struct{ db *store.DB }

// New makes the log. One process of those on a database is to seal (store.DB.Lease); should two for a moment, the second
// finds its places taken, changes nothing and starts over behind the first.
func New(db *store.DB) *Log { return &Log{db} }

// Run seals what is new every second until ctx ends. A failure is logged and tried again.
func (l *Log) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if _, err := l.Seal(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "audit: seal", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Seal chains all rows that are not yet, and says how many.
func (l *Log) Seal(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := l.sealBatch(ctx)
		total += n
		if err != nil || n < batch {
			return total, err
		}
	}
}

func (l *Log) sealBatch(ctx context.Context) (int, error) {
	var waiting bool
	if err := l.db.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Unsealed(1)
		waiting = len(rows) > 0
		return err
	}); err != nil || !waiting {
		return 0, err
	}
	n := 0
	err := l.db.Update(ctx, func(tx *store.Tx) error {
		rows, err := tx.Unsealed(batch)
		if err != nil {
			return err
		}
		seal, prev, err := tx.ChainEnd()
		if err != nil {
			return err
		}
		for _, r := range rows {
			seal++
			prev = hash(prev, seal, r)
			if err := tx.SealAudit(r.ID, seal, prev); err != nil {
				return err
			}
		}
		n = len(rows)
		return nil
	})
	return n, err
}

// Report is what Verify found.
type Report struct {
	Sealed   int64  // rows whose chain holds
	Head     []byte // hash of the last of them
	Unsealed bool   // rows are still to be sealed
	Broken   int64  // id of the first row where the chain breaks; 0: none
}

// Verify walks the whole chain.
func (l *Log) Verify(ctx context.Context) (Report, error) {
	var rep Report
	for rep.Broken == 0 {
		var rows []store.AuditRow
		if err := l.db.View(ctx, func(tx *store.Tx) (err error) { rows, err = tx.Sealed(rep.Sealed, batch); return err }); err != nil {
			return rep, err
		}
		for _, r := range rows {
			if r.Seal != rep.Sealed+1 || !bytes.Equal(r.Hash, hash(rep.Head, r.Seal, r)) {
				rep.Broken = r.ID
				return rep, nil
			}
			rep.Sealed, rep.Head = r.Seal, r.Hash
		}
		if len(rows) < batch {
			break
		}
	}
	err := l.db.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Unsealed(1)
		rep.Unsealed = len(rows) > 0
		return err
	})
	return rep, err
}

// hash covers the hash before, the place in the chain, and every field of the row, each with its length, so that no
// text can pass for another split of fields.
func hash(prev []byte, seal int64, r store.AuditRow) []byte {
	h := sha256.New()
	for _, field := range []string{
		string(prev), strconv.FormatInt(seal, 10), strconv.FormatInt(r.ID, 10), strconv.FormatInt(r.At.UnixNano(), 10), r.Local,
		string(r.Role), string(r.Employee), string(r.Session), string(r.Device), string(r.Municipality), string(r.OrgClinic),
		r.Action, r.Outcome, r.Citizen, string(r.Clinic), string(r.Entry), string(r.Call), string(r.Mode), r.Reason,
	} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(field)))
		h.Write(length[:])
		h.Write([]byte(field))
	}
	return h.Sum(nil)
}

// String says it in one line.
func (r Report) String() string {
	if r.Broken != 0 {
		return fmt.Sprintf("the chain breaks at row %d, after %d good ones", r.Broken, r.Sealed)
	}
	return fmt.Sprintf("%d rows, chain whole, head %x", r.Sealed, r.Head)
}
