package registry

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"

	"kontaktlaege/backend/sheet"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Actions of imports in the audit log.
const (
	ActionImportCitizens = "citizens.import"
	ActionImportBookings = "bookings.import"
)

// mostFaults is how many faults a report names; all are counted.
const mostFaults = 100

// ErrFaulty is what an import returns whose table has faults: nothing was changed.
var ErrFaulty = errors.New("the table has faults, and nothing was changed")

// ImportOptions say how.
type ImportOptions struct {
	DryRun  bool           // look, and change nothing
	Replace bool           // what is not in the table goes
	Most    bool           // with Replace: also where that is more than half of all
	Now     func(rows int) // called now and then while rows are read; nil: nobody is told
}

// Report is what an import did, or would do.
type Report struct {
	Rows      int // that could be read
	New       int
	Changed   int
	Unchanged int
	Twice     int // rows that say what an earlier one said
	Elsewhere int // of a clinic that we do not serve: a citizen is then attached to none, a booked time left out
	Unknown   int // booked times of citizens whom nobody has told us of
	Removed   int
	Eaten     sheet.Eaten
	Unused    []int         // columns that are not read
	Faults    []sheet.Fault // the first hundred
	Faulty    int           // all
}

func (r *Report) fault(f sheet.Fault) {
	r.Faulty++
	if len(r.Faults) < mostFaults {
		r.Faults = append(r.Faults, f)
	}
}

// verdict is what the first reading found about a row.
type verdict byte

const (
	unchanged verdict = iota
	fresh
	changed
	leftOut
	stranger // fresh, and about a citizen whom nobody has told us of
)

// mark tells rows about the same apart from others, in few bytes: a table has a million of them.
type mark struct {
	key, says uint64
	row, line int32
}

// row is one of a table of either kind.
type row interface {
	About() sheet.Subject
}

// reader is a table of either kind.
type reader[T row] interface {
	Next() (T, error)
	Eaten() sheet.Eaten
	Unused() []int
}

// run is one import. The table is read twice: once to find its faults and what it changes, which takes no lock, then to
// change that and nothing else. Memory is a mark and a verdict for each row.
type run[T row] struct {
	db     *store.DB
	ours   map[kontakt.Ydernummer]kontakt.ClinicID
	file   *witness
	open   func(f io.ReadSeeker, today kontakt.Date) (reader[T], error)
	judge  func(tx *store.Tx, rows []T, say func(v verdict, key, says string)) error
	o      ImportOptions
	seed   maphash.Seed
	report Report

	verdicts []verdict
	marks    []mark
	sums     []uint64 // of what was read of the file at the end of each group of rows
	eaten    []int    // lines of numbers without their zero, the first
}

// begin makes an import into a database; how it judges rows is still to be said.
func begin[T row](ctx context.Context, db *store.DB, f io.ReadSeeker, o ImportOptions, open func(io.ReadSeeker, kontakt.Date) (reader[T], error)) (*run[T], error) {
	ours, err := served(ctx, db)
	return &run[T]{db: db, ours: ours, file: &witness{ReadSeeker: f}, open: open, o: o, seed: maphash.MakeSeed()}, err
}

// known finds the citizens whom rows are about.
func known[T row](tx *store.Tx, rows []T) (map[kontakt.CPR]store.Citizen, error) {
	numbers := make([]kontakt.CPR, len(rows))
	for i, row := range rows {
		numbers[i] = row.About().CPR
	}
	return tx.CitizensByCPR(numbers)
}

// chunks calls do with rows in groups, and fault with what is wrong with others.
func (r *run[T]) chunks(ctx context.Context, do func(rows []T) error, fault func(sheet.Fault)) (reader[T], error) {
	t, err := r.open(r.file, kontakt.DateOf(r.db.Now()))
	if err != nil {
		return nil, err
	}
	rows := make([]T, 0, store.CitizensAtOnce)
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		row, err := t.Next()
		bad, isFault := errors.AsType[*sheet.Fault](err)
		switch {
		case isFault:
			fault(*bad)
		case errors.Is(err, io.EOF):
			return t, do(rows)
		case err != nil:
			return nil, err
		default:
			rows = append(rows, row)
		}
		if len(rows) == store.CitizensAtOnce {
			if err := do(rows); err != nil {
				return nil, err
			}
			rows = rows[:0]
		}
		if n%store.CitizensAtOnce == 0 && r.o.Now != nil {
			r.o.Now(n)
		}
	}
}

// check is the first reading; ErrFaulty where it found faults.
func (r *run[T]) check(ctx context.Context) error {
	t, err := r.chunks(ctx, func(rows []T) error {
		r.sums = append(r.sums, r.file.sum())
		for _, row := range rows {
			about := row.About()
			if about.EatenCPR && len(r.eaten) < mostFaults {
				r.eaten = append(r.eaten, about.Line)
			}
			if about.Ydernummer != "" && r.ours[about.Ydernummer] == "" {
				r.report.Elsewhere++
			}
		}
		verdicts, marks := len(r.verdicts), len(r.marks)
		return r.db.View(ctx, func(tx *store.Tx) error {
			r.verdicts, r.marks = r.verdicts[:verdicts], r.marks[:marks]
			return r.judge(tx, rows, func(v verdict, key, says string) {
				row := len(r.verdicts)
				r.verdicts = append(r.verdicts, v)
				r.marks = append(r.marks, mark{maphash.String(r.seed, key), maphash.String(r.seed, says), int32(row), int32(rows[row-verdicts].About().Line)})
			})
		})
	}, r.report.fault)
	if err != nil {
		return err
	}
	r.report.Eaten, r.report.Unused = t.Eaten(), t.Unused()
	r.halfEaten()
	r.twice()
	r.count()
	slices.SortStableFunc(r.report.Faults, func(a, b sheet.Fault) int { return a.Line - b.Line })
	if r.report.Faulty > 0 {
		return ErrFaulty
	}
	return nil
}

// halfEaten refuses numbers without their zero in a table where others have theirs: Excel eats all zeros or none, so
// something else is missing there.
func (r *run[T]) halfEaten() {
	if r.report.Eaten.ZerosKept == 0 || r.report.Eaten.CPR == 0 {
		return
	}
	for _, line := range r.eaten {
		r.report.fault(sheet.Fault{Line: line, Column: sheet.ColumnCPR, Say: "nine digits, while other numbers here have their leading zero: fill in all ten"})
	}
	r.report.Faulty += r.report.Eaten.CPR - len(r.eaten)
}

// twice finds rows about the same: leaves out those that say the same, refuses those that do not.
func (r *run[T]) twice() {
	slices.SortFunc(r.marks, func(a, b mark) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return int(a.row) - int(b.row)
	})
	for i, first := 1, 0; i < len(r.marks); i++ {
		is, was := r.marks[i], r.marks[first]
		if is.key != was.key {
			first = i
			continue
		}
		if is.says == was.says {
			r.verdicts[is.row] = leftOut
			r.report.Twice++
			continue
		}
		r.report.fault(sheet.Fault{Line: int(is.line), Column: sheet.ColumnCPR, Say: fmt.Sprintf("line %d is about the same and says something else: keep the right one", was.line)})
	}
}

func (r *run[T]) count() {
	r.report.Rows = len(r.verdicts)
	for _, v := range r.verdicts {
		switch v {
		case stranger:
			r.report.New++
			r.report.Unknown++
		case fresh:
			r.report.New++
		case changed:
			r.report.Changed++
		case unchanged:
			r.report.Unchanged++
		}
	}
}

// apply is the second reading: it calls do with the rows whose verdict is one of want, and with none of a file that is
// not the same any more.
func (r *run[T]) apply(ctx context.Context, do func(rows []T) error, want ...verdict) error {
	at, group := 0, 0
	_, err := r.chunks(ctx, func(rows []T) error {
		if group == len(r.sums) || r.sums[group] != r.file.sum() {
			return errOther
		}
		group++
		wanted := make([]T, 0, len(rows))
		for _, row := range rows {
			if slices.Contains(want, r.verdicts[at]) {
				wanted = append(wanted, row)
			}
			at++
		}
		return do(wanted)
	}, func(sheet.Fault) {})
	return err
}

var errOther = errors.New("the file was changed while it was read: import it again")

// sees says whether the table has a row with a key. It stands after check, which has sorted the marks.
func (r *run[T]) sees(key string) bool {
	_, found := slices.BinarySearchFunc(r.marks, maphash.String(r.seed, key), func(m mark, key uint64) int {
		switch {
		case m.key < key:
			return -1
		case m.key > key:
			return 1
		}
		return 0
	})
	return found
}

// served are our clinics by provider number.
func served(ctx context.Context, db *store.DB) (map[kontakt.Ydernummer]kontakt.ClinicID, error) {
	ours := map[kontakt.Ydernummer]kontakt.ClinicID{}
	err := db.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Clinics()
		for _, c := range all {
			ours[c.Ydernummer] = c.ID
		}
		return err
	})
	return ours, err
}

// witness knows whether a file was the same when it was read again.
type witness struct {
	io.ReadSeeker
	hash maphash.Hash
}

func (w *witness) Seek(offset int64, whence int) (int64, error) {
	w.hash.Reset()
	return w.ReadSeeker.Seek(offset, whence)
}

func (w *witness) Read(p []byte) (int, error) {
	n, err := w.ReadSeeker.Read(p)
	w.hash.Write(p[:n])
	return n, err
}

func (w *witness) sum() uint64 { return w.hash.Sum64() }
