package store

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Do runs fn in one transaction that everything under its context joins, and stores the reply with the key in it. The
// same key, scope and fingerprint again gives the stored reply without running fn; the same key with another
// fingerprint is Invalid. Errors are not stored. An empty key just runs fn in a transaction. fn must be safe to run
// again, as in Update; where the connection breaks in the commit, Do asks once whether the reply is there.
func (db *DB) Do(ctx context.Context, scope, key, fingerprint string, fn func(ctx context.Context) (kontakt.StoredReply, error)) (kontakt.StoredReply, error) {
	reply, err := db.do(ctx, scope, key, fingerprint, fn)
	if key != "" && errors.Is(err, errUnknown) && ctx.Err() == nil {
		reply, err = db.do(ctx, scope, key, fingerprint, fn)
	}
	if err != nil {
		return kontakt.StoredReply{}, err
	}
	return reply, nil
}

func (db *DB) do(ctx context.Context, scope, key, fingerprint string, fn func(ctx context.Context) (kontakt.StoredReply, error)) (kontakt.StoredReply, error) {
	var reply kontakt.StoredReply
	err := db.Update(ctx, func(tx *Tx) error {
		if key != "" {
			stored, ok, err := tx.claimReply(scope, key, fingerprint)
			if err != nil || ok {
				reply = stored
				return err
			}
		}
		var err error
		if reply, err = fn(tx.ctx); err != nil || key == "" {
			return err
		}
		return tx.keepReply(scope, key, reply)
	})
	return reply, err
}

// claimReply takes the key for this transaction, or gives the reply that an earlier one left. Another transaction that
// holds the key is waited for by the database.
func (tx *Tx) claimReply(scope, key, fingerprint string) (kontakt.StoredReply, bool, error) {
	const op = "store.Do"
	n, err := tx.exec(op, `INSERT INTO replies (scope, key, fingerprint, status, body, at) VALUES ($1, $2, $3, 0, $4, $5)
		ON CONFLICT (scope, key) DO NOTHING`, scope, key, tx.db.replyMark(fingerprint), []byte{}, nanos(tx.now))
	if err != nil || n == 1 {
		return kontakt.StoredReply{}, false, err
	}
	var was string
	var sealed []byte
	var reply kontakt.StoredReply
	if err := tx.must(op, `SELECT fingerprint, status, body FROM replies WHERE scope = $1 AND key = $2`, []any{scope, key}, &was, &reply.Status, &sealed); err != nil {
		return reply, false, err
	}
	if was != tx.db.replyMark(fingerprint) {
		return reply, false, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	body, err := tx.db.keys.open("replies.body", scope+"\x00"+key, sealed)
	if err != nil {
		return reply, false, internal(op, err)
	}
	reply.Body = []byte(body)
	return reply, true, nil
}

// replyMark is how a fingerprint is kept: under a key, so that whoever has the rows alone can't try which telephone number
// or which words the request had.
func (db *DB) replyMark(fingerprint string) string {
	return hex.EncodeToString(db.keys.hash("reply", fingerprint))
}

func (tx *Tx) keepReply(scope, key string, r kontakt.StoredReply) error {
	sealed := tx.db.keys.seal("replies.body", scope+"\x00"+key, string(r.Body))
	_, err := tx.exec("store.Do", `UPDATE replies SET status = $3, body = $4 WHERE scope = $1 AND key = $2`, scope, key, r.Status, sealed)
	return err
}

// ForgetReplies deletes stored replies that are older than a time.
func (tx *Tx) ForgetReplies(before time.Time) error {
	_, err := tx.exec("store.ForgetReplies", `DELETE FROM replies WHERE at < $1`, nanos(before))
	return err
}
