package demo

import (
	"context"
	"fmt"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// Fixed enrolment codes, so that a walk-through can be written down. Each makes one tablet known, ever; fresh codes are
// for the tablets after those.
const (
	fixedCodes = 9
	fixedLife  = 10 * 365 * 24 * time.Hour
	freshCodes = 3
	freshLife  = 24 * time.Hour
)

// Code makes one tablet known.
type Code struct {
	Text string // "DEMO-0001"
	Name string // of the tablet to be
}

// Seed puts the demo's municipality, clinics and citizens into a database that lacks them, leaves those alone that are
// there, whatever happened to them, and gives the enrolment codes that are good now: fixed ones that nobody has used,
// then fresh ones. It refuses a database that is not a demo's and has a municipality.
func Seed(ctx context.Context, db *store.DB) (codes []Code, err error) {
	today := kontakt.DateOf(db.Now())
	err = db.Update(ctx, func(tx *store.Tx) error {
		if err := onlyOurs(tx); err != nil {
			return err
		}
		municipality, err := seedMunicipality(tx)
		if err != nil {
			return err
		}
		if err := seedTOBS(tx, municipality, today); err != nil {
			return err
		}
		clinics, err := seedClinics(tx)
		if err != nil {
			return err
		}
		for _, p := range people {
			if err := seedPerson(tx, p, clinics, today); err != nil {
				return err
			}
		}
		if err := seedDay(tx, clinics, today); err != nil {
			return err
		}
		codes, err = seedCodes(tx, municipality)
		return err
	})
	return codes, err
}

// Holds says whether a database is a demo's: then nothing but a demo may open it, since anyone can enrol a tablet there.
func Holds(ctx context.Context, db *store.DB) (demo bool, err error) {
	err = db.View(ctx, func(tx *store.Tx) (err error) { demo, err = marked(tx); return err })
	return demo, err
}

// mark is the setting that says that a database is a demo's.
const mark = "demo"

func marked(tx *store.Tx) (bool, error) {
	_, err := tx.Setting(mark)
	if kontakt.KindOf(err) == kontakt.NotFound {
		return false, nil
	}
	return err == nil, err
}

func onlyOurs(tx *store.Tx) error {
	ours, err := marked(tx)
	if err != nil || ours {
		return err
	}
	all, err := tx.Municipalities()
	if err != nil {
		return err
	}
	if len(all) > 0 {
		return fmt.Errorf("demo: this database belongs to a real municipality; the demo needs one of its own")
	}
	return tx.SetSetting(mark, "yes")
}

func seedMunicipality(tx *store.Tx) (store.Municipality, error) {
	m, err := tx.MunicipalityByCVR(MunicipalityCVR)
	if kontakt.KindOf(err) != kontakt.NotFound {
		return m, err
	}
	m = store.Municipality{ID: kontakt.NewMunicipalityID(), Name: "Eksempel Kommune", CVR: MunicipalityCVR}
	return m, tx.SaveMunicipality(m)
}

// seedTOBS turns TOBS on with the template, where nobody has set a table or turned it off.
func seedTOBS(tx *store.Tx, m store.Municipality, today kontakt.Date) error {
	if all, err := tx.TOBSTables(m.ID); err != nil || len(all) > 0 {
		return err
	}
	text := tobs.Template(m.Name, "demo", today.String())
	table, err := tobs.Parse(text)
	if err != nil {
		return err
	}
	return tx.SetTOBS(store.TOBSTable{Municipality: m.ID, Version: table.Version, ValidFrom: today, Text: string(text)})
}

// seedClinics gives the clinics' ids by ydernummer.
func seedClinics(tx *store.Tx) (map[string]kontakt.ClinicID, error) {
	ids := map[string]kontakt.ClinicID{}
	for _, row := range clinicRows {
		yder, err := kontakt.ParseYdernummer(row.ydernummer)
		if err != nil {
			return nil, err
		}
		c, err := tx.ClinicByYdernummer(yder)
		if kontakt.KindOf(err) == kontakt.NotFound {
			c = store.Clinic{
				ID: kontakt.NewClinicID(), Name: row.name, Town: row.town, Phone: row.phone, CVR: row.cvr,
				Ydernummer: yder, Opening: row.opening,
			}
			err = tx.SaveClinic(c)
		}
		if err != nil {
			return nil, err
		}
		ids[row.ydernummer] = c.ID
	}
	return ids, nil
}

func seedPerson(tx *store.Tx, p Person, clinics map[string]kontakt.ClinicID, today kontakt.Date) error {
	cpr, err := kontakt.ParseCPR(p.CPR, today)
	if err != nil {
		return err
	}
	if _, err = tx.CitizenByCPR(cpr); kontakt.KindOf(err) != kontakt.NotFound {
		return err
	}
	_, err = tx.SaveCitizen(store.Citizen{ID: kontakt.NewCitizenID(), CPR: cpr, Name: p.Name, Clinic: clinics[p.Ydernummer], CheckedAt: tx.Now()})
	return err
}

// seedDay gives today a cover and some booked times, where it has none.
func seedDay(tx *store.Tx, clinics map[string]kontakt.ClinicID, today kontakt.Date) error {
	at, by := clinics[bakkenYder], clinics[havnegadeYder]
	covers, err := tx.Covers(at, today)
	if err != nil {
		return err
	}
	if len(covers) == 0 {
		last := kontakt.DateOf(time.Date(today.Year, today.Month, today.Day+coverDays-1, 12, 0, 0, 0, kontakt.Denmark))
		if err := tx.SaveCover(store.Cover{Clinic: by, For: at, From: today, To: last}); err != nil {
			return err
		}
	}
	for _, b := range booked {
		cpr, err := kontakt.ParseCPR(b.cpr, today)
		if err != nil {
			return err
		}
		who, err := tx.CitizenByCPR(cpr)
		if err != nil {
			return err
		}
		when := time.Date(today.Year, today.Month, today.Day, b.hour, b.minute, 0, 0, kontakt.Denmark)
		if err := tx.SaveBooking(store.Booking{Clinic: at, Citizen: who.ID, At: when.UTC(), Minutes: b.minutes, Clinician: b.clinician}); err != nil {
			return err
		}
	}
	return nil
}

// places where the tablets of the fixed codes stand, in turn.
var places = []string{"Aftenlandet", "Plejecenter Solgården", "Akutteamet"}

func seedCodes(tx *store.Tx, m store.Municipality) ([]Code, error) {
	var good []Code
	for n := 1; n <= fixedCodes; n++ {
		code, err := kontakt.ParseEnrolCode(fmt.Sprintf("DEMO-%04d", n))
		if err != nil {
			return nil, err
		}
		c, err := tx.EnrolCode(string(code))
		if kontakt.KindOf(err) == kontakt.NotFound {
			c = store.EnrolCode{
				Code: string(code), Municipality: m.ID, Name: fmt.Sprintf("Tablet %d", n),
				Place: places[n%len(places)], ExpiresAt: tx.Now().Add(fixedLife),
			}
			err = tx.AddEnrolCode(c)
		}
		if err != nil {
			return nil, err
		}
		if c.UsedAt.IsZero() && tx.Now().Before(c.ExpiresAt) {
			good = append(good, Code{code.Text(), c.Name})
		}
	}
	for range freshCodes {
		code := kontakt.NewEnrolCode()
		c := store.EnrolCode{
			Code: string(code), Municipality: m.ID, Name: "Tablet " + string(code[4:]), Place: places[0],
			ExpiresAt: tx.Now().Add(freshLife),
		}
		if err := tx.AddEnrolCode(c); err != nil {
			return nil, err
		}
		good = append(good, Code{code.Text(), c.Name})
	}
	return good, nil
}
