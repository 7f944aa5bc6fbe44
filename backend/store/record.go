package store

import (
	"encoding/base32"
	"encoding/json"
	"strconv"
	"time"

	"kontaktlaege/internal/kontakt"
)

// AddRecord adds lines to the record of a place, at this moment, in their order. Words are sealed at rest. There is no
// other way to write one: lines are never changed.
func (tx *Tx) AddRecord(entry kontakt.EntryID, lines ...kontakt.RecordLine) error {
	const op = "store.AddRecord"
	if len(lines) == 0 {
		return nil
	}
	var last int
	if _, err := tx.one(op, `SELECT COALESCE(MAX(n), 0) FROM records WHERE entry = $1`, []any{entry}, &last); err != nil {
		return err
	}
	for i, l := range lines {
		n := last + 1 + i
		_, err := tx.exec(op, `INSERT INTO records (entry, n, at, what, who, detail, words, corrects, by_side, employee)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			entry, n, nanos(tx.now), l.What, l.Who, l.Detail, tx.db.keys.seal("records.words", recordRow(entry, n), l.Words), l.Corrects, l.By, l.Employee)
		if err != nil {
			return err
		}
	}
	return nil
}

// recordRow names a line, to bind its sealed words to it.
func recordRow(entry kontakt.EntryID, n int) string { return string(entry) + "/" + strconv.Itoa(n) }

// Record gives the lines of a place, without names, and their code.
func (tx *Tx) Record(entry kontakt.EntryID) (kontakt.Record, error) {
	lines, err := collect(tx, "store.Record", `SELECT n, at, what, who, detail, words, corrects, by_side, employee FROM records WHERE entry = $1 ORDER BY n`,
		[]any{entry}, func(scan scan) (l kontakt.RecordLine, err error) {
			var words []byte
			err = scan(&l.N, when{&l.At}, &l.What, &l.Who, &l.Detail, &words, &l.Corrects, &l.By, &l.Employee)
			if err == nil {
				l.Words, err = tx.db.keys.open("records.words", recordRow(entry, l.N), words)
			}
			return l, err
		})
	if err != nil || len(lines) == 0 {
		return kontakt.Record{}, err
	}
	code, err := tx.db.recordCode(entry, lines)
	return kontakt.Record{Lines: lines, Code: code}, err
}

var codeLetters = base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").WithPadding(base32.NoPadding) // none that is taken for another

// recordCode is 40 bits of a keyed hash over the place and all that its lines say, in groups that can be read aloud. As
// long as the key stays, the same lines give the same code, on each node and years later.
func (db *DB) recordCode(entry kontakt.EntryID, lines []kontakt.RecordLine) (string, error) {
	type said struct {
		N                        int
		At                       int64
		What, Who, Detail, Words string
		Corrects                 int
		By, Employee             string
	}
	all := make([]said, len(lines))
	for i, l := range lines {
		all[i] = said{l.N, nanos(l.At), string(l.What), string(l.Who), l.Detail, l.Words, l.Corrects, l.By, string(l.Employee)}
	}
	text, err := json.Marshal(all)
	if err != nil {
		return "", err
	}
	code := codeLetters.EncodeToString(db.keys.hash("record", string(entry)+"\x00"+string(text))[:5])
	return code[:4] + "-" + code[4:], nil
}

// ForgetRecords deletes the records of places that ended at a time or earlier.
func (tx *Tx) ForgetRecords(ended time.Time) error {
	_, err := tx.exec("store.ForgetRecords", `DELETE FROM records WHERE entry IN (SELECT r.entry FROM records r JOIN entries e ON e.id = r.entry
		WHERE r.n = 1 AND r.at <= $1 AND e.ended_at > 0 AND e.ended_at <= $1)`, nanos(ended))
	return err
}
