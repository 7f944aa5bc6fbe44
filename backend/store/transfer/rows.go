package transfer

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

const (
	batchRows   = 500
	batchValues = 30000 // SQLite takes 32766 parameters
)

// copyTable streams a table into an empty one.
func copyTable(ctx context.Context, in, out *sql.Tx, t table, progress func(Progress)) (Table, error) {
	p := Progress{Table: t.name}
	if err := in.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+quote(t.name)).Scan(&p.Total); err != nil {
		return Table{}, err
	}
	progress(p)
	batch := min(batchRows, batchValues/len(t.columns))
	var waiting []any
	flush := func() error {
		if len(waiting) == 0 {
			return nil
		}
		_, err := out.ExecContext(ctx, insert(t, len(waiting)/len(t.columns)), waiting...)
		waiting = waiting[:0]
		progress(p)
		return err
	}
	var sum digest
	err := eachRow(ctx, in, t, func(values []any) error {
		sum.add(t, values)
		p.Done++
		if waiting = append(waiting, values...); len(waiting) == batch*len(t.columns) {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	return Table{t.name, p.Done, sum.String()}, err
}

func verify(ctx context.Context, out *sql.Tx, t table, want Table) error {
	got := Table{Name: t.name}
	var sum digest
	if err := eachRow(ctx, out, t, func(values []any) error {
		sum.add(t, values)
		got.Rows++
		return nil
	}); err != nil {
		return err
	}
	if got.Digest = sum.String(); got != want {
		return fmt.Errorf("%w: %d rows, digest %s; read were %d, %s", ErrDiffers, got.Rows, got.Digest, want.Rows, want.Digest)
	}
	return nil
}

func names(t table) string {
	all := make([]string, len(t.columns))
	for i, c := range t.columns {
		all[i] = quote(c.name)
	}
	return strings.Join(all, ", ")
}

func insert(t table, rows int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO ` + quote(t.name) + ` (` + names(t) + `) VALUES `)
	for i := range rows * len(t.columns) {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%len(t.columns) == 0:
			b.WriteString("), (")
		default:
			b.WriteByte(',')
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	b.WriteByte(')')
	return b.String()
}

// eachRow gives every row with its values as the column's kind, nil for NULL: what a lax engine has stored otherwise is
// refused here and not lost.
func eachRow(ctx context.Context, tx *sql.Tx, t table, row func(values []any) error) error {
	rows, err := tx.QueryContext(ctx, `SELECT `+names(t)+` FROM `+quote(t.name))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		dest := make([]any, len(t.columns))
		for i, c := range t.columns {
			switch c.kind {
			case text:
				dest[i] = new(sql.Null[string])
			case integer:
				dest[i] = new(sql.Null[int64])
			case boolean:
				dest[i] = new(sql.Null[bool])
			case octets:
				dest[i] = new(sql.Null[[]byte])
			}
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		for i := range dest {
			dest[i] = plain(dest[i])
		}
		if err := row(dest); err != nil {
			return err
		}
	}
	return rows.Err()
}

func plain(scanned any) any {
	switch v := scanned.(type) {
	case *sql.Null[string]:
		if v.Valid {
			return v.V
		}
	case *sql.Null[int64]:
		if v.Valid {
			return v.V
		}
	case *sql.Null[bool]:
		if v.Valid {
			return v.V
		}
	case *sql.Null[[]byte]:
		if v.Valid {
			return append([]byte{}, v.V...) // an empty one is not NULL
		}
	}
	return nil
}

// digest is the sum of the hashes of a table's rows, so that their order does not matter.
type digest [4]uint64

func (d *digest) add(t table, values []any) {
	h := sha256.New()
	for i, v := range values {
		var field []byte
		switch v := v.(type) {
		case nil:
			field = nil
		case string:
			field = append([]byte{'t'}, v...)
		case int64:
			field = binary.BigEndian.AppendUint64([]byte{'i'}, uint64(v))
		case bool:
			field = strconv.AppendBool([]byte{'b'}, v)
		case []byte:
			field = append([]byte{'o'}, v...)
		}
		for _, part := range [][]byte{[]byte(t.columns[i].name), field} {
			var length [8]byte
			binary.BigEndian.PutUint64(length[:], uint64(len(part)))
			h.Write(length[:])
			h.Write(part)
		}
	}
	sum := h.Sum(nil)
	var carry uint64
	for i := range d {
		d[i], carry = bits.Add64(d[i], binary.BigEndian.Uint64(sum[8*i:]), carry)
	}
}

func (d *digest) String() string {
	return fmt.Sprintf("%016x%016x%016x%016x", d[3], d[2], d[1], d[0])
}
