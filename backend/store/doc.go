// Package store keeps everything that must outlive a process: one set of SQL for every engine (backend/store/sqlite
// makes the embedded one), reached through transactions in the words of the domain.
//
// Invariants: a transaction sees one time (Tx.Now) and commits state, events and audit rows together or not at all;
// what runs under a context that carries a transaction joins it; readers are woken after the commit, never before; an
// event's Seq is its own room's counter, taken in the transaction, so no reader can pass a number that commits later;
// names, CPR numbers, reasons and stored replies are sealed with AES-256-GCM bound to table, column and row, and a CPR
// number is found by a keyed hash only; a secret (session, code, state) is stored as its hash.
package store
