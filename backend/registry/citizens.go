package registry

import (
	"context"
	"fmt"
	"hash/maphash"
	"io"

	"kontaktlaege/backend/sheet"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// ImportCitizens puts a table of citizens into ours, all of it or nothing. Who is not in it stays, but for Replace.
func ImportCitizens(ctx context.Context, db *store.DB, f io.ReadSeeker, o ImportOptions) (Report, error) {
	ours, err := served(ctx, db)
	if err != nil {
		return Report{}, err
	}
	r := &run[sheet.Citizen]{
		db: db, file: &witness{ReadSeeker: f}, o: o, seed: maphash.MakeSeed(),
		open: func(f io.ReadSeeker) (reader[sheet.Citizen], error) {
			return sheet.OpenCitizens(f, kontakt.DateOf(db.Now()))
		},
		line: func(c sheet.Citizen) int { return c.Line },
		ate:  func(c sheet.Citizen) bool { return c.EatenCPR },
		away: func(c sheet.Citizen) bool { return c.Ydernummer != "" && ours[c.Ydernummer] == "" },
	}
	r.judge = func(tx *store.Tx, rows []sheet.Citizen, say func(verdict, string, string)) error {
		known, err := tx.RollCall(citizenNumbers(rows))
		for _, row := range rows {
			v := fresh
			if c, ok := known[row.CPR]; ok {
				v = changed
				if c.Name == row.Name && c.Clinic == ours[row.Ydernummer] && !c.CheckedAt.IsZero() {
					v = unchanged
				}
			}
			say(v, db.CitizenMark(row.CPR), row.Name+"\x00"+string(row.Ydernummer))
		}
		return err
	}
	if err := r.check(ctx); err != nil {
		return r.report, err
	}
	if r.report.Faulty > 0 {
		return r.report, ErrFaulty
	}
	if o.DryRun {
		err := db.View(ctx, func(tx *store.Tx) error { return removeAbsent(r, tx, false) })
		return r.report, err
	}
	err = db.Update(ctx, func(tx *store.Tx) error {
		save := func(rows []sheet.Citizen) error { return saveCitizens(tx, rows, ours) }
		if err := r.apply(tx, save, fresh, changed); err != nil {
			return err
		}
		if err := removeAbsent(r, tx, true); err != nil {
			return err
		}
		return tx.Audit(store.Audit{By: &kontakt.Actor{Role: kontakt.RoleSystem}, Action: ActionImportCitizens})
	})
	return r.report, err
}

func citizenNumbers(rows []sheet.Citizen) []kontakt.CPR {
	numbers := make([]kontakt.CPR, len(rows))
	for i, row := range rows {
		numbers[i] = row.CPR
	}
	return numbers
}

func saveCitizens(tx *store.Tx, rows []sheet.Citizen, ours map[kontakt.Ydernummer]kontakt.ClinicID) error {
	known, err := tx.RollCall(citizenNumbers(rows))
	if err != nil {
		return err
	}
	all := make([]store.Citizen, len(rows))
	for i, row := range rows {
		id := known[row.CPR].ID
		if id == "" {
			id = kontakt.NewCitizenID()
		}
		all[i] = store.Citizen{ID: id, CPR: row.CPR, Name: row.Name, Clinic: ours[row.Ydernummer], CheckedAt: tx.Now()}
	}
	return tx.SaveRoll(all)
}

// removeAbsent takes away, or only counts, whom a table that replaces ours does not have. Who is known by an employee's
// word alone was never in a table.
func removeAbsent(r *run[sheet.Citizen], tx *store.Tx, remove bool) error {
	r.report.Removed = 0
	if !r.o.Replace {
		return nil
	}
	all, last := 0, kontakt.CitizenID("")
	for {
		citizens, err := tx.RollAfter(last)
		if err != nil {
			return err
		}
		if len(citizens) == 0 {
			break
		}
		last = citizens[len(citizens)-1].ID
		var absent []kontakt.CitizenID
		for _, c := range citizens {
			all++
			if !c.CheckedAt.IsZero() && !r.sees(r.db.CitizenMark(c.CPR)) {
				absent = append(absent, c.ID)
			}
		}
		r.report.Removed += len(absent)
		if remove {
			if err := tx.Strike(absent); err != nil {
				return err
			}
		}
	}
	if r.report.Removed > all/2 && !r.o.Most {
		return fmt.Errorf("the table would take away %d of %d citizens: is it whole? Nothing was changed. --most lets it", r.report.Removed, all)
	}
	return nil
}
