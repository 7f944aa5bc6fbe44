package main

import "slices"

// What is kept, and how changes stand beside each other.
var stores = []fault{
	{
		name: "store: an entry is written over whatever its version", hurt: "two who act at once undo each other",
		file: "backend/store/entry.go", old: "WHERE id = $1 AND version = $2`,", new: "WHERE id = $1 AND $2 > 0`,", by: tests("backend/store/sqlite"),
	},
	{
		name: "store: SQLite lets a citizen stand twice", hurt: "one citizen has two numbers at one clinic",
		file: "backend/store/sqlite/migrations/00001_first.sql", old: `CREATE UNIQUE INDEX entries_one_open`, new: `CREATE INDEX entries_one_open`, by: tests("backend/store/sqlite"),
	},
	{
		name: "store: PostgreSQL lets a citizen stand twice", hurt: "one citizen has two numbers at one clinic",
		file: "backend/store/postgres/migrations/00003_first.sql", old: `CREATE UNIQUE INDEX entries_one_open`, new: `CREATE INDEX entries_one_open`, by: some("backend/store/postgres", "keepsTheContract"),
	},
	{
		name: "store: changes are not serializable", hurt: "two nodes decide what excludes each other",
		file: "backend/store/update.go", old: `changing: sql.LevelSerializable`, new: `changing: sql.LevelRepeatableRead`, by: some("backend/store/postgres", "decisionsThatOverlap"),
	},
	{
		name: "store: sealed text opens in another row", hurt: "who can write rows shows one citizen's name as another's",
		file: "backend/store/sealer.go", old: `return []byte(column + "\x00" + row)`, new: `return []byte(column)`, by: tests("backend/store/sqlite"),
	},
	{
		name: "store: a challenge is good for any tablet", hurt: "a proof made for one tablet opens a session for another",
		file: "backend/store/device.go", old: `hash = $1 AND device = $2`, new: `hash = $1 AND $2 <> ''`, by: tests("backend/store/sqlite", "backend/signin"),
	},
	{
		name: "store: a challenge never runs out", hurt: "a recorded proof is good tomorrow",
		file: "backend/store/device.go", old: `DELETE FROM challenges WHERE expires_at <= $1`, new: `DELETE FROM challenges WHERE expires_at <= $1 - 86400000000000`, by: tests("backend/store/sqlite", "backend/signin"),
	},
	{
		name: "store: an enrolment code is good twice", hurt: "who photographed the code enrols a tablet of his own",
		file: "backend/store/device.go", old: `hash = $1 AND used_at = 0`, new: `hash = $1`, by: tests("backend/store/sqlite", "backend/signin"),
	},
	{
		name: "store: an attempt to sign in goes on from any state", hurt: "a code is redeemed twice",
		file: "backend/store/signin.go", old: `msg = $10 WHERE id = $1 AND state = $2`, new: `msg = $10 WHERE id = $1 AND $2 <> ''`, by: tests("backend/store/sqlite", "backend/signin"),
	},
	{
		name: "store: the same moment of signing in serves twice", hurt: "the next nurse is let in with the last one's cookie",
		file: "backend/store/signin.go", old: `auth_time >= $4`, new: `auth_time > $4`, by: tests("backend/store/sqlite", "backend/signin"),
	},
	{
		name: "store: nobody is woken by an event", hurt: "a ring comes up to three seconds late",
		file: "backend/store/event.go", old: "tx.rooms = append(tx.rooms, room)\n", new: "\n", by: tests("backend/store/sqlite"),
	},
	{
		name: "store: the key of another request gives its reply", hurt: "a nurse's new request is answered with an old one's reply",
		file: "backend/store/reply.go", old: `if was != tx.db.replyMark(fingerprint) {`, new: `if was == "" {`, by: tests("backend/store/sqlite"),
	},
	{
		name: "store: a reply is kept under everybody's key", hurt: "two tablets with the same key get each other's reply",
		file: "backend/store/reply.go", old: `body = $4 WHERE scope = $1 AND key = $2`, new: `body = $4 WHERE $1 <> '' AND key = $2`, by: tests("backend/store/sqlite"),
	},
	{
		name: "store: a commit that nobody knows of wakes nobody", hurt: "what was done in the moment the database went away is seen late",
		file: "backend/store/update.go", old: `if err == nil || fault == Unknown {`, new: `if err == nil {`, by: some("backend/store/postgres", "aCommitOfUnknownOutcome"),
	},
	{
		name: "store: a refusal inside a change leaves no row", hurt: "snooping is not seen",
		file: "backend/store/update.go", old: "tx.afterwards = append(tx.afterwards, a)\n", new: "\n", by: tests("backend/store/sqlite"),
	},
	{
		name: "store: a lane is never left", hurt: "at a busy clinic each press takes six seconds",
		file: "backend/store/lanes.go", old: `if t.inside {
		<-t.lane.token`, new: `if t.inside && t.clinic == "" {
		<-t.lane.token`, by: tests("backend/store/postgres"),
	},
	{
		name: "store: a tablet that rings beside others is free", hurt: "a second doctor rings at a tablet that rings",
		file: "backend/store/entry.go", old: `c.device IN ('', mine.device)`, new: `c.device IN (mine.device)`, by: rooms,
	},
	{
		name: "store: who has just taken over is silent", hurt: "the clinic sees a tablet as gone that stands beside the citizen",
		file: "backend/store/holder.go", old: `NOT no_contact AND since <= $1 AND entry IN`, new: `NOT no_contact AND entry IN`, by: slices.Concat(tests("backend/store/sqlite"), rooms),
	},
	{
		name: "store: two nodes take the same from the outbox", hurt: "a relative gets the message twice",
		file: "backend/store/outbox.go", old: `state = 'due' AND next_at = $2`, new: `state = 'due' AND next_at >= $2`, by: tests("backend/outbox"),
	},
	{
		name: "store: an old attempt's failure undoes the new one's", hurt: "a message that is being sent is sent again",
		file: "backend/store/outbox.go", old: `state = 'due' AND attempts = $2`, new: `state = 'due' AND $2 > 0`, by: tests("backend/outbox"),
	},
	{
		name: "store: a number drawn later stands earlier", hurt: "a node whose clock is slow lets citizens jump the line",
		file: "backend/store/line.go", old: `rank = CASE WHEN numbers.rank >= excluded.rank THEN numbers.rank + 1 ELSE excluded.rank END
		RETURNING number`, new: `rank = excluded.rank
		RETURNING number`, by: tests("backend/store/sqlite"),
	},
	{
		name: "store: a guest's session never ends", hurt: "a borrowed phone is still a guest's next week",
		file: "backend/store/guest.go", old: `secret_hash = $1 AND expires_at > $2`, new: `secret_hash = $1 AND $2 > 0`, by: tests("backend/store/sqlite"),
	},
	{
		name: "store: a change that was in another's way fails", hurt: "of two nurses who join at once one reads 'fejl'",
		file: "backend/store/postgres/fault.go", old: "case \"40001\", // serialization_failure\n\t\t\"40P01\"", new: `case "40P01"`, by: tests("backend/store/postgres"),
	},
	{
		name: "store: a lease is kept by who stands still", hurt: "with one node hanging nobody sweeps: rings go on for ever",
		file: "backend/store/postgres/lease.go", old: `"idle_session_timeout": silence, `, new: ``, by: some("backend/store/postgres", "ease"), hangs: true,
	},
	{
		name: "store: a joined failure is forgotten", hurt: "half a change is kept",
		file: "backend/store/update.go", old: "tx.failed = err\n", new: "tx.failed = nil\n", by: tests("backend/store/sqlite"),
	},
	{
		name: "store: the places of a clinic that closed for good are not found", hurt: "a citizen waits at a closed clinic without an end",
		file: "backend/store/line.go", old: "`SELECT DISTINCT clinic FROM entries WHERE `+open+` ORDER BY clinic`", new: "`SELECT DISTINCT clinic FROM entries WHERE state = 'called' ORDER BY clinic`", by: rooms,
	},
}
