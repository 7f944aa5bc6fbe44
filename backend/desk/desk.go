package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Desk changes one database.
type Desk struct{ db *store.DB }

// New makes a desk on a store.
func New(db *store.DB) *Desk { return &Desk{db} }

// Actions in the audit log.
const (
	actionMunicipality = "desk.municipality"
	actionClinic       = "desk.clinic"
	actionCover        = "desk.cover"
	actionAppoint      = "desk.appoint"
	actionDismiss      = "desk.dismiss"
	actionCode         = "desk.enrol_code"
	actionTOBS         = "desk.tobs"
)

// change runs fn as the operator, and its audit row with it.
func (d *Desk) change(ctx context.Context, fn func(tx *store.Tx) (store.Audit, error)) error {
	ctx = kontakt.WithActor(ctx, kontakt.Actor{Role: kontakt.RoleIT})
	return d.db.Update(ctx, func(tx *store.Tx) error {
		row, err := fn(tx)
		if err != nil {
			return err
		}
		return tx.Audit(row)
	})
}

// AddMunicipality makes a municipality (kommune) whose employees may sign in on its tablets.
func (d *Desk) AddMunicipality(ctx context.Context, name, cvr string) error {
	if err := words("a municipality needs a name", name); err != nil {
		return err
	}
	if err := checkCVR(cvr); err != nil {
		return err
	}
	return d.change(ctx, func(tx *store.Tx) (store.Audit, error) {
		switch m, err := tx.MunicipalityByCVR(cvr); kontakt.KindOf(err) {
		case "":
			return store.Audit{}, fmt.Errorf("CVR %s is %s already", cvr, m.Name)
		case kontakt.NotFound:
		default:
			return store.Audit{}, err
		}
		return store.Audit{Action: actionMunicipality, Reason: "add"}, tx.SaveMunicipality(store.Municipality{ID: kontakt.NewMunicipalityID(), Name: name, CVR: cvr})
	})
}

// Municipalities gives all of them, by name.
func (d *Desk) Municipalities(ctx context.Context) (all []store.Municipality, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error { all, err = tx.Municipalities(); return err })
	return all, err
}

// MaxCodeLife is how long a code for a tablet may be good.
const MaxCodeLife = 30 * 24 * time.Hour

// Code makes a code that makes one tablet of a municipality known, within life.
func (d *Desk) Code(ctx context.Context, cvr, tablet, place string, life time.Duration) (kontakt.EnrolCode, error) {
	const need = "a tablet needs a name and a place, as people will know it"
	if err := errors.Join(words(need, tablet), words(need, place)); err != nil {
		return "", err
	}
	if life <= 0 || life > MaxCodeLife {
		return "", fmt.Errorf("a code is good for at most %d days", MaxCodeLife/(24*time.Hour))
	}
	code := kontakt.NewEnrolCode()
	err := d.change(ctx, func(tx *store.Tx) (store.Audit, error) {
		m, err := municipality(tx, cvr)
		if err != nil {
			return store.Audit{}, err
		}
		return store.Audit{Action: actionCode}, tx.AddEnrolCode(store.EnrolCode{
			Code: string(code), Municipality: m.ID, Name: tablet, Place: place, ExpiresAt: tx.Now().Add(life),
		})
	})
	return code, err
}

func municipality(tx *store.Tx, cvr string) (store.Municipality, error) {
	m, err := tx.MunicipalityByCVR(cvr)
	if kontakt.KindOf(err) == kontakt.NotFound {
		return m, fmt.Errorf("there is no municipality with CVR %s: kontaktd municipality list says which there are", cvr)
	}
	return m, err
}

// checkCVR accepts eight digits, the form of a Danish company number. Its check digit is not asked for: since 2024 numbers
// are given out that do not satisfy it.
func checkCVR(s string) error {
	for _, r := range s {
		if r < '0' || r > '9' {
			return fmt.Errorf("CVR %q: eight digits", s)
		}
	}
	if len(s) != 8 {
		return fmt.Errorf("CVR %q: eight digits", s)
	}
	return nil
}

// maxWords is how long a name may be, in characters: it stands in one line of a tablet.
const maxWords = 100

// words refuses what stands on screens and can't be read there: nothing but spaces, line breaks, signs that steer a
// terminal, endless text. What it is needed for begins the refusal.
func words(need, s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New(need)
	}
	if n := utf8.RuneCountInString(s); n > maxWords {
		return fmt.Errorf("%s: at most %d characters, not %d", need, maxWords, n)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }) {
		return fmt.Errorf("%s: %q has signs that no screen shows", need, s)
	}
	return nil
}
