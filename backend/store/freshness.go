package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// FreshSignin notes on an attempt when its employee signed in at the provider; false where that moment, or a later
// one, has served this device and employee before: then nobody typed a password now, the provider's cookie in the
// tablet's browser did. To be asked until the attempts are forgotten, which is long after such a moment is too old.
func (tx *Tx) FreshSignin(id kontakt.SigninID, device kontakt.DeviceID, employee kontakt.EmployeeID, authTime time.Time) (bool, error) {
	n, err := tx.exec("store.FreshSignin", `UPDATE signins SET auth_time = $4 WHERE id = $1
		AND NOT EXISTS (SELECT 1 FROM signins WHERE device = $2 AND employee = $3 AND auth_time >= $4)`,
		id, device, employee, nanos(authTime))
	return n == 1, err
}
