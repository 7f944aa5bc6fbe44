package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// FreshSignin notes when an employee signed in at the provider; false where that moment, or a later one, was used
// before: then nobody typed a password, the provider only remembered somebody who did.
func (tx *Tx) FreshSignin(id kontakt.EmployeeID, authTime time.Time) (bool, error) {
	n, err := tx.exec("store.FreshSignin", `UPDATE employees SET auth_time = $2 WHERE id = $1 AND auth_time < $2`, id, nanos(authTime))
	return n == 1, err
}
