package desk

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Appoint says what a person is at a clinic, whatever the sign-in provider tells of roles and clinics: needed where it
// tells none. The person is known by the provider's address and its name for the person (iss, sub), and can be appointed
// before the first sign-in. The employer's CVR number in the sign-in must still be the clinic's.
func (d *Desk) Appoint(ctx context.Context, y kontakt.Ydernummer, issuer, subject, name, title string, role kontakt.Role) error {
	if role != kontakt.RoleClinician && role != kontakt.RoleSecretary {
		return fmt.Errorf("role %q: clinician (may start calls) or secretary", role)
	}
	if u, err := url.Parse(issuer); err != nil || u.Host == "" {
		return fmt.Errorf("issuer %q: the provider's address, as in --oidc-issuer", issuer)
	}
	const need = "a person needs a subject (the provider's name for them) and a name"
	if subject == "" {
		return errors.New(need)
	}
	if err := words(need, name); err != nil {
		return err
	}
	if title != "" {
		if err := words("a title", title); err != nil {
			return err
		}
	}
	return d.change(ctx, func(tx *store.Tx) (store.Audit, error) {
		c, err := clinic(tx, y)
		if err != nil {
			return store.Audit{}, err
		}
		_, err = tx.SaveEmployee(store.Employee{
			ID: kontakt.NewEmployeeID(), Issuer: issuer, Subject: subject, Name: name, Title: title, Role: role, Clinic: c.ID, Appointed: true,
		})
		return store.Audit{Action: actionAppoint, Clinic: c.ID, Reason: string(role)}, err
	})
}

// Dismiss takes an appointment back and ends the person's sessions: the next sign-in goes by what the provider tells.
func (d *Desk) Dismiss(ctx context.Context, issuer, subject string) error {
	return d.change(ctx, func(tx *store.Tx) (store.Audit, error) {
		e, err := tx.EmployeeBySubject(issuer, subject)
		if kontakt.KindOf(err) == kontakt.NotFound {
			return store.Audit{}, errors.New("nobody with this issuer and subject is known")
		}
		if err != nil {
			return store.Audit{}, err
		}
		was, err := tx.Dismiss(e.ID)
		if err == nil && !was {
			err = errors.New("this person holds no appointment: the provider tells the role")
		}
		if err != nil {
			return store.Audit{}, err
		}
		open, err := tx.ProviderSessions(issuer, subject, "")
		if err != nil {
			return store.Audit{}, err
		}
		for _, s := range open {
			if _, err := tx.EndSession(s.ID); err != nil {
				return store.Audit{}, err
			}
		}
		return store.Audit{Action: actionDismiss, Clinic: e.Clinic}, nil
	})
}

// Staff gives a clinic's people, as far as they have signed in or been appointed.
func (d *Desk) Staff(ctx context.Context, y kontakt.Ydernummer) (all []store.Employee, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		c, err := clinic(tx, y)
		if err != nil {
			return err
		}
		all, err = tx.Employees(c.ID)
		return err
	})
	return all, err
}
