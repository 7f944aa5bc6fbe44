package signin

import (
	"time"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// ClinicCookie holds a clinic's session.
const ClinicCookie = "__Host-klinik"

// clinicRoles are who may open the clinic module.
var clinicRoles = []kontakt.Role{kontakt.RoleClinician, kontakt.RoleSecretary}

// clinicPortal is the clinic module.
var clinicPortal = portal{
	page: "/klinik/", cookie: ClinicCookie, roles: clinicRoles, open: openClinic, farewell: true,
	need: oidc.Need{Assurance: oidc.Substantial, Professional: true, Roles: clinicRoles},
	life: func(c Config) time.Duration { return c.Clinic },
}

func openClinic(tx *store.Tx, _ kontakt.SigninID, id oidc.Identity) (store.Session, error) {
	const op = "signin.callback"
	role := kontakt.RoleSecretary // a role that the provider does not tell is the lesser one
	if id.Is(kontakt.RoleClinician) {
		role = kontakt.RoleClinician
	}
	clinic, err := clinicOf(tx, id)
	switch {
	case notFound(err):
		return store.Session{}, problem(op, kontakt.Forbidden, kontakt.MsgLoginNoAccess)
	case err != nil:
		return store.Session{}, err
	case clinic.CVR != id.CVR: // whoever may write a ydernummer into a token may not enter another's clinic
		return store.Session{}, problem(op, kontakt.Forbidden, kontakt.MsgLoginNoAccess)
	}
	employee, err := saveEmployee(tx, id, store.Employee{Role: role, Clinic: clinic.ID})
	return store.Session{Role: employee.Role, Employee: employee.ID, Clinic: clinic.ID}, err
}

// clinicOf gives the clinic to which the person was appointed, else the one that the provider names.
func clinicOf(tx *store.Tx, id oidc.Identity) (store.Clinic, error) {
	e, err := tx.EmployeeBySubject(id.Issuer, id.Subject)
	if err == nil && e.Appointed {
		return tx.Clinic(e.Clinic)
	}
	if err != nil && !notFound(err) {
		return store.Clinic{}, err
	}
	return tx.ClinicByYdernummer(id.Ydernummer)
}
