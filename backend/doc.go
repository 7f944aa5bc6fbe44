// Package backend is the server as one value: Open builds the parts on each other (database, waiting rooms, streams,
// registry, sign-in, relay, handlers, pages), Close takes them apart in the opposite order.
//
// Invariants: plain HTTP leaves no machine but behind a proxy of ours; what cannot work is refused before anything is
// opened, by the name of its flag; a stop ends the streams first, so that readers find the next process, finishes the
// requests that run, and closes the database last.
package backend
