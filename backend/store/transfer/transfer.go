// Package transfer copies a whole database into an empty one, of the same engine or the other: it is what moves a
// deployment, backs it up and puts it back.
//
// Invariants: the source is read in one snapshot and may be in use; the target gets everything in one transaction or
// nothing at all, and only where it has no rows and its schema is of the source's version; which tables and columns there
// are the databases say themselves, on both sides, so none can be forgotten; before it is kept, the copy is read back and
// counted and digested against what was read. Sealed columns stay sealed: the keys are no part of a database.
package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kontaktlaege/backend/store/engine"
)

// What a copy is refused for.
var (
	ErrNotEmpty = errors.New("the target is not empty")
	ErrVersion  = errors.New("the two databases are of different versions")
	ErrSame     = errors.New("source and target are the same")
	ErrNothing  = errors.New("there is no database of ours at the source")
	ErrDiffers  = errors.New("what was written is not what was read")
)

// Progress is how far a copy has come with a table.
type Progress struct {
	Table       string
	Done, Total int64
}

// Table is a table that was copied. Digest is the same for the same rows on both engines, in whatever order they lie.
type Table struct {
	Name   string
	Rows   int64
	Digest string
}

// Report is what was copied.
type Report struct {
	Version int64 // of the schema
	Tables  []Table
}

// Rows is how many there are in all.
func (r Report) Rows() (n int64) {
	for _, t := range r.Tables {
		n += t.Rows
	}
	return n
}

// Copy copies everything at one address to another. progress may be nil.
func Copy(ctx context.Context, from, to string, progress func(Progress)) (Report, error) {
	if progress == nil {
		progress = func(Progress) {}
	}
	version, err := versions(ctx, from, to)
	if err != nil {
		return Report{}, err
	}
	source, err := open(from, false)
	if err != nil {
		return Report{}, err
	}
	defer source.db.Close()
	target, err := open(to, true)
	if err != nil {
		return Report{}, err
	}
	defer target.db.Close()
	tables, err := source.copyTo(ctx, target, progress)
	if err != nil {
		return Report{}, fmt.Errorf("from %s to %s: %w", engine.Name(from), engine.Name(to), err)
	}
	return Report{version, tables}, nil
}

// versions compares the two and gives a target without a schema its own.
func versions(ctx context.Context, from, to string) (int64, error) {
	if from == to {
		return 0, ErrSame
	}
	version, err := engine.Version(ctx, from)
	if err != nil {
		return 0, err
	}
	if version == 0 {
		return 0, fmt.Errorf("%s: %w", engine.Name(from), ErrNothing)
	}
	there, err := engine.Version(ctx, to)
	if err != nil {
		return 0, err
	}
	if there == 0 {
		if _, there, err = engine.Migrate(ctx, to); err != nil {
			return 0, err
		}
	}
	if there != version {
		return 0, fmt.Errorf("%w: %s is at %d and %s at %d: bring the older one up with kontaktd migrate",
			ErrVersion, engine.Name(from), version, engine.Name(to), there)
	}
	return version, nil
}

// side is one end of a copy.
type side struct {
	dialect
	db *sql.DB
}

func open(address string, write bool) (side, error) {
	kind, db, err := engine.Raw(address, write)
	return side{dialects[kind], db}, err
}

func (s side) copyTo(ctx context.Context, target side, progress func(Progress)) ([]Table, error) {
	in, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: s.snapshot})
	if err != nil {
		return nil, err
	}
	defer in.Rollback()
	out, err := target.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer out.Rollback()
	tables, err := s.tables(ctx, in)
	if err != nil {
		return nil, err
	}
	theirs, err := target.tables(ctx, out)
	if err != nil {
		return nil, err
	}
	if err := alike(tables, theirs); err != nil {
		return nil, err
	}
	if err := target.claim(ctx, out, theirs); err != nil {
		return nil, err
	}
	if tables, err = inOrder(tables); err != nil {
		return nil, err
	}
	var done []Table
	for _, t := range tables {
		d, err := copyTable(ctx, in, out, t, progress)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		done = append(done, d)
	}
	for i, t := range tables {
		if err := verify(ctx, out, t, done[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
	}
	if err := target.finish(ctx, out, theirs); err != nil {
		return nil, err
	}
	return done, out.Commit()
}

// alike refuses two schemas that say the same version and are not the same.
func alike(a, b []table) error {
	describe := func(tables []table) (all []string) {
		for _, t := range tables {
			for _, c := range t.columns {
				all = append(all, t.name+"."+c.name+" "+string(c.kind))
			}
		}
		slices.Sort(all)
		return all
	}
	one, other := describe(a), describe(b)
	for _, c := range one {
		if !slices.Contains(other, c) {
			return fmt.Errorf("the target has no %s", c)
		}
	}
	for _, c := range other {
		if !slices.Contains(one, c) {
			return fmt.Errorf("the source has no %s", c)
		}
	}
	return nil
}

// claim makes the target's tables ours and refuses one that has a row.
func (s side) claim(ctx context.Context, out *sql.Tx, tables []table) error {
	if s.lock != nil {
		if err := s.lock(ctx, out, tables); err != nil {
			return fmt.Errorf("the target is in use: %w", err)
		}
	}
	for _, t := range tables {
		var n int64
		if err := out.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM `+quote(t.name)+` LIMIT 1) AS found`).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%w: there are rows in %s", ErrNotEmpty, t.name)
		}
	}
	return nil
}

// inOrder puts a table behind those that it refers to.
func inOrder(tables []table) ([]table, error) {
	var ordered []table
	placed := map[string]bool{}
	for len(ordered) < len(tables) {
		before := len(ordered)
		for _, t := range tables {
			ready := !slices.ContainsFunc(t.refers, func(to string) bool { return !placed[to] && to != t.name })
			if !placed[t.name] && ready {
				placed[t.name] = true
				ordered = append(ordered, t)
			}
		}
		if len(ordered) == before {
			return nil, errors.New("tables refer to each other in a circle")
		}
	}
	return ordered, nil
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
