package store

// Setting reads a value that the backend keeps for itself.
func (tx *Tx) Setting(name string) (string, error) {
	var v string
	err := tx.must("store.Setting", `SELECT value FROM settings WHERE name = $1`, []any{name}, &v)
	return v, err
}

// SetSetting writes it.
func (tx *Tx) SetSetting(name, value string) error {
	_, err := tx.exec("store.SetSetting", `INSERT INTO settings (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}
