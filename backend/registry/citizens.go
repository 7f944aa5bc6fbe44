package registry

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"kontaktlaege/backend/sheet"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

const (
	// writtenAtOnce is how many citizens one transaction writes: a third of a second on a slow disk.
	writtenAtOnce = 4 * store.CitizensAtOnce
	// writersTurn is left to others after each. SQLite lets those who wait for the file look again every tenth of a second.
	writersTurn = 120 * time.Millisecond
)

// ImportCitizens puts a table of citizens into ours; a faulty one changes nothing. Who is not in it stays, but for
// Replace. It is written bit by bit, so that no tablet waits for long: each citizen is right by itself, and after a stop in
// the middle the same import again does what is left.
func ImportCitizens(ctx context.Context, db *store.DB, f io.ReadSeeker, o ImportOptions) (Report, error) {
	r, err := begin(ctx, db, f, o, func(f io.ReadSeeker, today kontakt.Date) (reader[sheet.Citizen], error) {
		return sheet.OpenCitizens(f, today)
	})
	if err != nil {
		return Report{}, err
	}
	r.judge = func(tx *store.Tx, rows []sheet.Citizen, say func(verdict, string, string)) error {
		citizens, err := known(tx, rows)
		for _, row := range rows {
			c, there := citizens[row.CPR]
			say(judgeCitizen(c, there, row, r.ours[row.Ydernummer]), db.CitizenMark(row.CPR), row.Name+"\x00"+string(row.Ydernummer))
		}
		return err
	}
	if err := r.check(ctx); err != nil {
		return r.report, err
	}
	gone, err := absent(ctx, r)
	if err != nil || o.DryRun {
		return r.report, err
	}
	w := written{ctx: ctx, db: db, of: r.report.New + r.report.Changed + len(gone)}
	var some []sheet.Citizen
	save := func() error {
		err := w.write(len(some), func(tx *store.Tx) error { return saveCitizens(tx, some, r.ours) })
		some = some[:0]
		return err
	}
	err = r.apply(ctx, func(rows []sheet.Citizen) error {
		if some = append(some, rows...); len(some) < writtenAtOnce {
			return nil
		}
		return save()
	}, fresh, changed)
	if err == nil {
		err = save()
	}
	for few := range slices.Chunk(gone, writtenAtOnce) {
		if err == nil {
			err = w.write(len(few), func(tx *store.Tx) error { return tx.StrikeCitizens(few) })
		}
	}
	if err != nil {
		return r.report, fmt.Errorf("stopped with %d of %d citizens written; the same import again writes the rest: %w", w.done, w.of, err)
	}
	err = db.Update(ctx, func(tx *store.Tx) error {
		return tx.Audit(store.Audit{By: &kontakt.Actor{Role: kontakt.RoleSystem}, Action: ActionImportCitizens})
	})
	return r.report, err
}

// written is how far the writing has come.
type written struct {
	ctx      context.Context
	db       *store.DB
	done, of int
}

// write changes some citizens and then lets others write.
func (w *written) write(n int, fn func(tx *store.Tx) error) error {
	if n == 0 {
		return nil
	}
	if err := w.db.Update(w.ctx, fn); err != nil {
		return err
	}
	if w.done += n; w.done == w.of {
		return nil
	}
	turn := time.NewTimer(writersTurn)
	defer turn.Stop()
	select {
	case <-w.ctx.Done():
		return w.ctx.Err()
	case <-turn.C:
		return nil
	}
}

// judgeCitizen compares a row with what we have of the citizen, if we do.
func judgeCitizen(c store.Citizen, there bool, row sheet.Citizen, clinic kontakt.ClinicID) verdict {
	switch {
	case !there:
		return fresh
	case c.Name == row.Name && c.Clinic == clinic && !c.CheckedAt.IsZero():
		return unchanged
	}
	return changed
}

func saveCitizens(tx *store.Tx, rows []sheet.Citizen, ours map[kontakt.Ydernummer]kontakt.ClinicID) error {
	citizens, err := known(tx, rows)
	if err != nil {
		return err
	}
	all := make([]store.Citizen, len(rows))
	for i, row := range rows {
		id := citizens[row.CPR].ID
		if id == "" {
			id = kontakt.NewCitizenID()
		}
		all[i] = store.Citizen{ID: id, CPR: row.CPR, Name: row.Name, Clinic: ours[row.Ydernummer], CheckedAt: tx.Now()}
	}
	return tx.SaveCitizens(all)
}

// absent gives whom a table that replaces ours does not have. Who is known by an employee's word alone was never in a
// table.
func absent(ctx context.Context, r *run[sheet.Citizen]) (gone []kontakt.CitizenID, err error) {
	if !r.o.Replace {
		return nil, nil
	}
	all, last := 0, kontakt.CitizenID("")
	for {
		var citizens []store.Citizen
		if err := r.db.View(ctx, func(tx *store.Tx) (err error) { citizens, err = tx.CitizensAfter(last); return err }); err != nil {
			return nil, err
		}
		if len(citizens) == 0 {
			break
		}
		last = citizens[len(citizens)-1].ID
		all += len(citizens)
		for _, c := range citizens {
			if !c.CheckedAt.IsZero() && !r.sees(r.db.CitizenMark(c.CPR)) {
				gone = append(gone, c.ID)
			}
		}
	}
	r.report.Removed = len(gone)
	if len(gone) > all/2 && !r.o.Most {
		return nil, fmt.Errorf("the table would take away %d of %d citizens: is it whole? Nothing was changed. --most lets it", len(gone), all)
	}
	return gone, nil
}
