// Package waiting decides who is in which clinic's waiting room and what happens to a call. It is the sole writer of
// entries and calls.
//
// Invariants: a citizen holds at most one open entry per clinic; the clinic starts every call; a place is kept until a
// person gives it up or a conversation has ended, whatever tablet, network or backend do; the place in the line is
// derived, never stored; every change writes exactly one event to each room that it concerns and one audit row in its
// transaction; every deadline stands in the database, so a restart forgets none; presence changes no order and hinders
// no claim.
//
// The moves, read by a test that compares them with the code:
//
//	start:     waiting -> called                  by clinic
//	answer:    called -> in_call                  by tablet
//	not_now:   called -> waiting                  by tablet
//	wait:      called -> called                   by tablet
//	no_answer: called -> waiting                  by clinic, system
//	leave:     waiting, called -> left            by tablet, clinic
//	lost:      in_call, interrupted -> interrupted by tablet, clinic
//	live:      in_call, interrupted -> in_call    by tablet, clinic
//	grace:     in_call, interrupted -> waiting    by system
//	end:       in_call, interrupted -> ended      by tablet, clinic
//	here:      waiting, called, in_call, interrupted -> same by tablet
//	away:      waiting, called, in_call, interrupted -> same by tablet
//
// lost, live, here and away report a fact: where it is known already, nothing changes and nothing is written. After
// grace, which also comes to a call that both ends have left without a word, the entry stands at the front; after no_answer it keeps number and order, and after BelowLine of them it is
// shown below all others, still in its order.
package waiting
