// Package httpapi is the backend's JSON over HTTP as docs/protocol.md describes it.
//
// Invariants: a route stands in one table with the rule of who may use it, and cannot be registered without one; a
// handler gets an actor that fits that rule and what a body said that was small, valid UTF-8 and free of doubled keys; it
// gives a value or an error, and handler.go alone has that answered, logged and counted; only a stream writes itself. The log holds routes, kinds and ids,
// never a path with its query, a name or a CPR number. A change runs in one transaction with its stored reply, so the
// same Idempotency-Key acts once. What is kept for strangers (rate limits) is bounded in memory.
package httpapi
