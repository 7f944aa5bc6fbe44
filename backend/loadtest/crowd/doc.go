// Package crowd puts made-up municipalities, clinics, tablets, people and their sessions into a database, and speaks for
// them, so that load and chaos need no sign-in provider.
//
// Invariants: what it seeds are the rows that enrolment and sign-in leave, written through the store; a tablet speaks
// through app/client and nothing else; no CPR number is a living person's (domain.md §3.3: each fails modulus 11 on a
// birthday other than 1 January); the same size gives the same names and numbers. It is for a database of its own: who
// knows its session secrets may act for everybody in it.
package crowd
