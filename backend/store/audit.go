package store

import (
	"context"
	"encoding/hex"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Outcomes of an audited action.
const (
	OutcomeOK      = "ok"
	OutcomeRefused = "refused"
	OutcomeFlag    = "flag" // somebody should look at it
	OutcomeDown    = "down" // what had to be asked did not answer
)

// Audit is one row of the audit log as it is written: who did what to whom, when, where and why. The citizen is kept
// as a keyed hash of the CPR number.
type Audit struct {
	By      *kontakt.Actor // nil: the context's actor
	Action  string         // "entry.join", "citizen.lookup" …
	Outcome string         // "": OutcomeOK
	Citizen kontakt.CitizenID
	CPR     kontakt.CPR // where the citizen is not known to us
	Clinic  kontakt.ClinicID
	Entry   kontakt.EntryID
	Call    kontakt.CallID
	Mode    kontakt.Mode
	Reason  string // a word from a list, never free text
}

// by fixes the actor, for a row that is written later.
func (a Audit) by(ctx context.Context) Audit {
	if a.By == nil {
		actor, _ := kontakt.ActorFrom(ctx)
		a.By = &actor
	}
	if a.Outcome == "" {
		a.Outcome = OutcomeOK
	}
	return a
}

// AuditRow is a stored row. Sealed ones have a place in the chain (Seal counts from 1) and a Hash.
type AuditRow struct {
	ID           int64
	At           time.Time // UTC, with the Danish offset in Local
	Local        string
	Role         kontakt.Role
	Employee     kontakt.EmployeeID
	Session      kontakt.SessionID
	Device       kontakt.DeviceID
	Municipality kontakt.MunicipalityID
	OrgClinic    kontakt.ClinicID // the actor's own clinic
	Action       string
	Outcome      string
	Citizen      string // keyed hash, hex
	Clinic       kontakt.ClinicID
	Entry        kontakt.EntryID
	Call         kontakt.CallID
	Mode         kontakt.Mode
	Reason       string
	Seal         int64
	Hash         []byte
}

// Audit appends a row. It is sealed into the chain later (backend/audit).
func (tx *Tx) Audit(a Audit) error {
	const op = "store.Audit"
	a = a.by(tx.ctx)
	mark := ""
	switch {
	case a.CPR != (kontakt.CPR{}):
		mark = tx.db.CitizenMark(a.CPR)
	case a.Citizen != "":
		var lookup []byte
		if err := tx.must(op, `SELECT cpr_lookup FROM citizens WHERE id = $1`, []any{a.Citizen}, &lookup); err != nil {
			return err
		}
		mark = tx.db.citizenMark(lookup)
	}
	_, err := tx.exec(op, `INSERT INTO audit (at, local, role, employee, session, device, municipality, org_clinic, action, outcome,
			citizen, clinic, entry, call, mode, reason, seal, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, NULL, NULL)`,
		nanos(tx.now), tx.now.In(kontakt.Denmark).Format(time.RFC3339), a.By.Role, a.By.Employee, a.By.Session, a.By.Device, a.By.Municipality,
		a.By.Clinic, a.Action, a.Outcome, mark, a.Clinic, a.Entry, a.Call, a.Mode, a.Reason)
	return err
}

// CitizenMark is how the audit log names a citizen.
func (db *DB) CitizenMark(cpr kontakt.CPR) string { return db.citizenMark(db.cprLookup(cpr)) }

func (db *DB) citizenMark(lookup []byte) string {
	return hex.EncodeToString(db.keys.hash("audit", string(lookup)))
}

func (db *DB) cprLookup(cpr kontakt.CPR) []byte { return db.keys.hash("cpr", cpr.Reveal()) }

const auditQuery = `SELECT id, at, local, role, employee, session, device, municipality, org_clinic, action, outcome,
	citizen, clinic, entry, call, mode, reason, COALESCE(seal, 0), hash FROM audit `

func (tx *Tx) audits(op, where string, args ...any) ([]AuditRow, error) {
	return collect(tx, op, auditQuery+where, args, func(scan scan) (r AuditRow, err error) {
		err = scan(&r.ID, when{&r.At}, &r.Local, &r.Role, &r.Employee, &r.Session, &r.Device, &r.Municipality, &r.OrgClinic, &r.Action, &r.Outcome,
			&r.Citizen, &r.Clinic, &r.Entry, &r.Call, &r.Mode, &r.Reason, &r.Seal, &r.Hash)
		return r, err
	})
}

// Unsealed gives at most limit rows that are not in the chain yet, in the order of their ids. That is the order in which
// they were committed where writers stand in line. Where they write at the same time an id may be committed after a
// higher one that is sealed already: it is not passed over, since what is unsealed is so by its own column and not by
// lying behind a mark, and takes the next place. So the chain has every committed row once, in an order in which none
// stands before one that was committed a sealing earlier; each row's own time is in its hash.
func (tx *Tx) Unsealed(limit int) ([]AuditRow, error) {
	return tx.audits("store.Unsealed", `WHERE seal IS NULL ORDER BY id LIMIT $1`, limit)
}

// Sealed gives at most limit rows of the chain after a place in it.
func (tx *Tx) Sealed(after int64, limit int) ([]AuditRow, error) {
	return tx.audits("store.Sealed", `WHERE seal > $1 ORDER BY seal LIMIT $2`, after, limit)
}

// ChainEnd gives the last place of the chain and its hash; 0 and nil for an empty one.
func (tx *Tx) ChainEnd() (int64, []byte, error) {
	var seal int64
	var hash []byte
	_, err := tx.one("store.ChainEnd", `SELECT seal, hash FROM audit WHERE seal IS NOT NULL ORDER BY seal DESC LIMIT 1`, nil, &seal, &hash)
	return seal, hash, err
}

// SealAudit puts a row into the chain. A place that is taken is a Conflict, and so is a row that has one.
func (tx *Tx) SealAudit(id, seal int64, hash []byte) error {
	const op = "store.SealAudit"
	n, err := tx.exec(op, `UPDATE audit SET seal = $2, hash = $3 WHERE id = $1 AND seal IS NULL`, id, seal, hash)
	if err == nil && n != 1 {
		return &kontakt.Error{Op: op, Kind: kontakt.Conflict}
	}
	return err
}

// CountAudit counts a device's rows with an action and an outcome since a time.
func (tx *Tx) CountAudit(device kontakt.DeviceID, action, outcome string, since time.Time) (int, error) {
	var n int
	_, err := tx.one("store.CountAudit", `SELECT COUNT(*) FROM audit WHERE device = $1 AND action = $2 AND outcome = $3 AND at >= $4`,
		[]any{device, action, outcome, nanos(since)}, &n)
	return n, err
}
