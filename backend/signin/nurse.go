package signin

import (
	"cmp"
	"time"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// NurseCookie holds a nurse's session at a PC.
const NurseCookie = "__Host-sygepleje"

// nursePortal is the nurse's page. A PC is no tablet of ours: its session has a role that reaches no waiting room. It lives
// for an hour, since the PC is shared; signing out leaves the provider's session alone, which carries her other work and
// opens nothing here without a password typed again.
var nursePortal = portal{
	name: "nurse", page: "/sygepleje/", cookie: NurseCookie, roles: []kontakt.Role{kontakt.RoleNursePC}, open: openNurse,
	need: oidc.Need{Assurance: oidc.Substantial, Professional: true, Roles: []kontakt.Role{kontakt.RoleNurse}},
	life: func(c Config) time.Duration { return c.PC },
}

// openNurse finds the municipality by the employer's number: there is no tablet that would say which.
func openNurse(tx *store.Tx, attempt kontakt.SigninID, id oidc.Identity) (store.Session, error) {
	const op = "signin.callback"
	employer, err := tx.MunicipalityByCVR(id.CVR)
	if notFound(err) {
		err = problem(op, kontakt.Forbidden, kontakt.MsgLoginNoAccess)
	}
	if err != nil {
		return store.Session{}, err
	}
	employee, err := saveEmployee(tx, id, store.Employee{Role: kontakt.RoleNurse, Municipality: employer.ID})
	if err != nil {
		return store.Session{}, err
	}
	if fresh, err := tx.FreshSignin(attempt, "", employee.ID, id.AuthTime); err != nil || !fresh {
		return store.Session{}, cmp.Or(err, problem(op, kontakt.Unauthenticated, kontakt.MsgLoginNotFresh))
	}
	return store.Session{Role: kontakt.RoleNursePC, Employee: employee.ID, Municipality: employer.ID}, nil
}
