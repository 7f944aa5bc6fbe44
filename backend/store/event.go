package store

import (
	"encoding/json"

	"kontaktlaege/internal/kontakt"
)

// Append writes an event to a room's log, with data as its JSON (nil: {}), and gives its Seq. It holds no name and no
// CPR number.
func (tx *Tx) Append(room kontakt.Room, typ kontakt.EventType, data any) (kontakt.Seq, error) {
	const op = "store.Append"
	raw := []byte("{}")
	if data != nil {
		var err error
		if raw, err = json.Marshal(data); err != nil {
			return 0, internal(op, err)
		}
	}
	if kind, id := room.Split(); kind == "clinic" || kind == "line" {
		if err := tx.busy(op, kontakt.ClinicID(id)); err != nil {
			return 0, err
		}
	}
	var seq kontakt.Seq
	if err := tx.must(op, `INSERT INTO rooms (room, seq) VALUES ($1, 1)
		ON CONFLICT (room) DO UPDATE SET seq = rooms.seq + 1 RETURNING seq`, []any{room}, &seq); err != nil {
		return 0, err
	}
	if _, err := tx.exec(op, `INSERT INTO events (room, seq, type, at, data) VALUES ($1, $2, $3, $4, $5)`,
		room, seq, typ, nanos(tx.now), string(raw)); err != nil {
		return 0, err
	}
	tx.rooms = append(tx.rooms, room)
	return seq, nil
}

// Seq gives the number of a room's last event, 0 where there was none.
func (tx *Tx) Seq(room kontakt.Room) (kontakt.Seq, error) {
	var seq kontakt.Seq
	_, err := tx.one("store.Seq", `SELECT seq FROM rooms WHERE room = $1`, []any{room}, &seq)
	return seq, err
}

// Cursor stands at the end of each of the rooms, a few hundred at most.
func (tx *Tx) Cursor(rooms ...kontakt.Room) (kontakt.Cursor, error) {
	c := kontakt.Cursor{}
	if len(rooms) == 0 {
		return c, nil
	}
	for _, room := range rooms {
		c[room] = 0
	}
	type end struct {
		room kontakt.Room
		seq  kontakt.Seq
	}
	marks, args := list(1, rooms)
	ends, err := collect(tx, "store.Cursor", `SELECT room, seq FROM rooms WHERE room IN (`+marks+`)`, args, func(scan scan) (e end, err error) {
		err = scan(&e.room, &e.seq)
		return e, err
	})
	for _, e := range ends {
		c[e.room] = e.seq
	}
	return c, err
}

// Events gives at most limit events of a room after a Seq, in order.
func (tx *Tx) Events(room kontakt.Room, after kontakt.Seq, limit int) ([]kontakt.Event, error) {
	return collect(tx, "store.Events", `SELECT seq, type, at, data FROM events WHERE room = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
		[]any{room, after, limit}, func(scan scan) (kontakt.Event, error) {
			e := kontakt.Event{Room: room}
			err := scan(&e.Seq, &e.Type, when{&e.At}, (*[]byte)(&e.Data))
			return e, err
		})
}

// ForgetEvents deletes a room's log. Its counter stays, so that a Seq is never given twice.
func (tx *Tx) ForgetEvents(room kontakt.Room) error {
	_, err := tx.exec("store.ForgetEvents", `DELETE FROM events WHERE room = $1`, room)
	return err
}
