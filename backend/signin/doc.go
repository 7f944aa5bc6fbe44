// Package signin decides who is asking: which tablet, which employee, which clinic's staff.
//
// Invariants: everything that outlives a request is in the database, so a restart loses no session; a secret (code,
// state, session) is stored as its hash, is drawn from at least 128 random bits and, where it is one-time, is spent in
// the same transaction as what it gives; a session of an employee on a tablet is opened by the tablet's own key only; a
// revoked tablet opens nothing, whatever sessions stand. Each step leaves an audit row, refusals too.
//
// Where it is dangerous. The tablet is shared: the provider's cookie in its browser may be the last nurse's. So the
// provider is told to ask again (prompt=login), the answer must say that it did (auth_time), and a moment of signing in
// counts once (store.FreshSignin): leeway between clocks gives the next nurse nothing. A link to sign in that is sent to
// somebody else signs the sender's tablet in under their name; the link therefore lives for five minutes, works once,
// and belongs to an enrolled tablet. The state of an attempt is tied to the browser by a cookie, so nobody can be made
// to finish another's attempt.
package signin
