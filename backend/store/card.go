package store

import (
	"encoding/json"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// Card is what a nurse wrote about a place, as stored: all that she wrote is sealed in one. The reason for contact stands
// with the entry.
type Card struct {
	Entry   kontakt.EntryID
	Version int // 0: none is stored
	kontakt.ISBAR
	TOBS *tobs.Scored
	At   time.Time
	By   kontakt.EmployeeID
}

// cardText is what is sealed.
type cardText struct {
	kontakt.ISBAR
	TOBS *tobs.Scored `json:"tobs,omitempty"`
}

// Card gives that of a place; one that nobody has written has Version 0.
func (tx *Tx) Card(entry kontakt.EntryID) (Card, error) {
	all, err := tx.cards("store.Card", `entry = $1`, entry)
	if err != nil || len(all) == 0 {
		return Card{Entry: entry}, err
	}
	return all[0], nil
}

// ClinicCards gives those of a clinic's open places.
func (tx *Tx) ClinicCards(clinic kontakt.ClinicID) ([]Card, error) {
	return tx.cards("store.ClinicCards", `entry IN (SELECT id FROM entries WHERE clinic = $1 AND `+open+`)`, clinic)
}

func (tx *Tx) cards(op, where string, args ...any) ([]Card, error) {
	return collect(tx, op, `SELECT entry, version, text, changed_at, changed_by FROM cards WHERE `+where, args, func(scan scan) (c Card, err error) {
		var sealed []byte
		if err = scan(&c.Entry, &c.Version, &sealed, when{&c.At}, &c.By); err != nil {
			return c, err
		}
		text, err := tx.db.keys.open("cards.text", string(c.Entry), sealed)
		if err != nil {
			return c, err
		}
		var kept cardText
		if err := json.Unmarshal([]byte(text), &kept); err != nil {
			return c, unopened("cards.text", string(c.Entry)) // not its own words: they quote the text
		}
		c.ISBAR, c.TOBS = kept.ISBAR, kept.TOBS
		return c, nil
	})
}

// SaveCard writes a card as changed now and counts its version up, if nobody has changed it since c was read: else it is
// a Conflict with MsgCardChanged.
func (tx *Tx) SaveCard(c Card) (Card, error) {
	const op = "store.SaveCard"
	text, err := json.Marshal(cardText{c.ISBAR, c.TOBS})
	if err != nil {
		return Card{}, internal(op, err)
	}
	c.At = tx.now
	query := `UPDATE cards SET version = $2 + 1, text = $3, changed_at = $4, changed_by = $5 WHERE entry = $1 AND version = $2`
	if c.Version == 0 {
		query = `INSERT INTO cards (entry, version, text, changed_at, changed_by) VALUES ($1, $2 + 1, $3, $4, $5) ON CONFLICT (entry) DO NOTHING`
	}
	n, err := tx.exec(op, query, c.Entry, c.Version, tx.db.keys.seal("cards.text", string(c.Entry), string(text)), nanos(c.At), c.By)
	if err != nil {
		return Card{}, err
	}
	if n != 1 {
		return Card{}, &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgCardChanged}
	}
	c.Version++
	return c, nil
}

// ForgetCards deletes those of places that ended at a time or earlier.
func (tx *Tx) ForgetCards(ended time.Time) error {
	_, err := tx.exec("store.ForgetCards", `DELETE FROM cards
		WHERE EXISTS (SELECT 1 FROM entries e WHERE e.id = cards.entry AND e.ended_at > 0 AND e.ended_at <= $1)`, nanos(ended))
	return err
}
