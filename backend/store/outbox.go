package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// OutboxRoom is told, like a room with a new event, when something was put into the outbox. It has no log and nobody
// may read it.
const OutboxRoom kontakt.Room = "outbox:"

// OutboxState is what has become of something in the outbox.
type OutboxState string

// The states.
const (
	OutboxDue  OutboxState = "due"
	OutboxDone OutboxState = "done" // the receiver has it; its payload is deleted
	OutboxDead OutboxState = "dead" // given up; kept for a person to look at
)

// Outgoing is something that is to be sent to somebody outside. Payload is sealed at rest.
type Outgoing struct {
	ID        kontakt.OutboxID // the receiver knows it by the same name
	Kind      string           // "sms" …
	Payload   []byte           // only from TakeOutgoing
	State     OutboxState
	Attempts  int       // begun
	NextAt    time.Time // not before; while an attempt is under way, when it counts as failed
	Error     kontakt.Kind
	CreatedAt time.Time
	DoneAt    time.Time
	Damaged   bool // Payload does not open
}

// Sends says that this process can send these kinds; Enqueue refuses the others.
func (db *DB) Sends(kinds ...string) {
	db.mu.Lock()
	defer db.mu.Unlock()
	for _, kind := range kinds {
		db.sends[kind] = true
	}
}

// Enqueue puts something into the outbox, to be sent once this transaction has committed, and gives its name. A kind
// that nobody here can send is a Conflict: the person who asked is told now, and not by silence.
func (tx *Tx) Enqueue(kind string, payload []byte) (kontakt.OutboxID, error) {
	const op = "store.Enqueue"
	tx.db.mu.Lock()
	can := tx.db.sends[kind]
	tx.db.mu.Unlock()
	if !can {
		return "", &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgNoSender}
	}
	id := kontakt.NewOutboxID()
	sealed := tx.db.keys.seal("outbox.payload", string(id), string(payload))
	if _, err := tx.exec(op, `INSERT INTO outbox (id, kind, payload, state, attempts, next_at, error, created_at, done_at)
		VALUES ($1, $2, $3, 'due', 0, $4, '', $4, 0)`, id, kind, sealed, nanos(tx.now)); err != nil {
		return "", err
	}
	tx.rooms = append(tx.rooms, OutboxRoom)
	return id, nil
}

// NextOutgoing gives when the first of a kind is due; zero where none is.
func (tx *Tx) NextOutgoing(kind string) (time.Time, error) {
	var at time.Time
	_, err := tx.one("store.NextOutgoing", `SELECT COALESCE(MIN(next_at), 0) FROM outbox WHERE state = 'due' AND kind = $1`, []any{kind}, when{&at})
	return at, err
}

// TakeOutgoing takes at most limit of a kind that are due, for an attempt of at most lease: until then no other node
// takes them. The attempt counts from here, so that one that kills its process is counted too. It is right in a Stamp.
func (tx *Tx) TakeOutgoing(kind string, limit int, lease time.Duration) ([]Outgoing, error) {
	const op = "store.TakeOutgoing"
	due, err := tx.outgoing(op, `state = 'due' AND kind = $1 AND next_at <= $2 ORDER BY next_at, id LIMIT $3`, kind, nanos(tx.now), limit)
	if err != nil {
		return nil, err
	}
	var taken []Outgoing
	for _, o := range due {
		was := o.NextAt
		o.NextAt = tx.now.Add(lease)
		o.Attempts++
		n, err := tx.exec(op, `UPDATE outbox SET next_at = $3, attempts = $4 WHERE id = $1 AND state = 'due' AND next_at = $2`, o.ID, nanos(was), nanos(o.NextAt), o.Attempts)
		if err != nil {
			return nil, err
		}
		if n == 0 { // another node was faster
			continue
		}
		var sealed []byte
		if err := tx.must(op, `SELECT payload FROM outbox WHERE id = $1`, []any{o.ID}, &sealed); err != nil {
			return nil, err
		}
		text, err := tx.db.keys.open("outbox.payload", string(o.ID), sealed)
		o.Payload, o.Damaged = []byte(text), err != nil // one that does not open is no reason to keep the others
		taken = append(taken, o)
	}
	return taken, nil
}

// SentOutgoing notes that the receiver has it, whoever else may have tried meanwhile, and deletes what was sent.
func (tx *Tx) SentOutgoing(id kontakt.OutboxID) error {
	_, err := tx.exec("store.SentOutgoing", `UPDATE outbox SET state = 'done', payload = $2, error = '', done_at = $3 WHERE id = $1 AND state <> 'done'`,
		id, []byte{}, nanos(tx.now))
	return err
}

// FailedOutgoing notes that the attempt failed and when the next is due; a zero time gives up. It does nothing where the
// attempt was not the last one.
func (tx *Tx) FailedOutgoing(o Outgoing, why kontakt.Kind, next time.Time) error {
	state, done := OutboxDue, time.Time{}
	if next.IsZero() {
		state, next, done = OutboxDead, o.NextAt, tx.now
	}
	_, err := tx.exec("store.FailedOutgoing", `UPDATE outbox SET state = $3, next_at = $4, error = $5, done_at = $6 WHERE id = $1 AND state = 'due' AND attempts = $2`,
		o.ID, o.Attempts, state, nanos(next), why, nanos(done))
	return err
}

// ForgetOutgoing deletes what was sent, and what was given up, before a time each.
func (tx *Tx) ForgetOutgoing(sent, dead time.Time) error {
	_, err := tx.exec("store.ForgetOutgoing", `DELETE FROM outbox WHERE state = 'done' AND done_at < $1 OR state = 'dead' AND done_at < $2`, nanos(sent), nanos(dead))
	return err
}

// OutboxCount says how many of a kind are in a state, and when the oldest was put there.
type OutboxCount struct {
	Kind   string
	State  OutboxState
	Count  int
	Oldest time.Time
}

// CountOutgoing counts what is due and what was given up.
func (tx *Tx) CountOutgoing() ([]OutboxCount, error) {
	return collect(tx, "store.CountOutgoing", `SELECT kind, state, COUNT(*), MIN(created_at) FROM outbox WHERE state <> 'done' GROUP BY kind, state ORDER BY kind, state`, nil,
		func(scan scan) (c OutboxCount, err error) {
			err = scan(&c.Kind, &c.State, &c.Count, when{&c.Oldest})
			return c, err
		})
}

// Outgoing gives at most limit in a state without their payload, the oldest first.
func (tx *Tx) Outgoing(state OutboxState, limit int) ([]Outgoing, error) {
	return tx.outgoing("store.Outgoing", `state = $1 ORDER BY created_at, id LIMIT $2`, state, limit)
}

// RetryOutgoing makes one that was given up due again, as if it were new. One that is not given up is NotFound.
func (tx *Tx) RetryOutgoing(id kontakt.OutboxID) error {
	n, err := tx.exec("store.RetryOutgoing", `UPDATE outbox SET state = 'due', attempts = 0, next_at = $2, created_at = $2, done_at = 0 WHERE id = $1 AND state = 'dead'`, id, nanos(tx.now))
	if err == nil && n == 0 {
		return notFound("store.RetryOutgoing")
	}
	tx.rooms = append(tx.rooms, OutboxRoom)
	return err
}

// DropOutgoing deletes one that is due or was given up, unsent. Another is NotFound.
func (tx *Tx) DropOutgoing(id kontakt.OutboxID) error {
	n, err := tx.exec("store.DropOutgoing", `DELETE FROM outbox WHERE id = $1 AND state <> 'done'`, id)
	if err == nil && n == 0 {
		return notFound("store.DropOutgoing")
	}
	return err
}

func (tx *Tx) outgoing(op, where string, args ...any) ([]Outgoing, error) {
	return collect(tx, op, `SELECT id, kind, state, attempts, next_at, error, created_at, done_at FROM outbox WHERE `+where, args, func(scan scan) (o Outgoing, err error) {
		err = scan(&o.ID, &o.Kind, &o.State, &o.Attempts, when{&o.NextAt}, &o.Error, when{&o.CreatedAt}, when{&o.DoneAt})
		return o, err
	})
}
