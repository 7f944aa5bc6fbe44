// Package client is the backend as the tablet sees it: a typed client of docs/protocol.md and a reader of its stream.
//
// Invariants: a request is tried again only where that is safe, by its kind and under one idempotency key; the device's
// session is renewed by proof of its key, once for all requests that miss it; an employee's session that the backend no
// longer takes is forgotten at once. Events come in their room's order, each once, over any number of connections. A CPR
// number stands in one request body and in no address, error or log.
package client
