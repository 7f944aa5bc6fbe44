// Package waiting decides who is in which clinic's waiting room and what happens to a call. It is the sole writer of
// entries and calls.
//
// Invariants: a citizen holds at most one open entry per clinic; the clinic starts every call; a place is kept until a
// person gives it up, a conversation has ended, or the clinic has stayed closed for its grace time, whatever tablet,
// network or backend do; the place in the line is derived, never stored; every change writes exactly one event to each
// room that it concerns and one audit row in its transaction; every deadline stands in the database, so a restart
// forgets none; presence changes no order and hinders no claim, nor does what the nurse tells of a citizen (SaveCard), whatever
// score stands in it.
//
// The moves, read by a test that compares them with the code:
//
//	start:     waiting -> called                  by clinic
//	answer:    called -> in_call                  by tablet
//	not_now:   called -> waiting                  by tablet
//	wait:      called -> called                   by tablet
//	no_answer: called -> waiting                  by clinic, system
//	leave:     waiting, called -> left            by tablet, citizen, clinic
//	correct:   waiting, called -> left            by tablet
//	remove:    waiting, called -> left            by clinic
//	restore:   left -> waiting                    by clinic
//	close:     waiting -> left                    by system
//	transfer:  waiting, called, in_call, interrupted -> waiting by clinic
//	lost:      in_call, interrupted -> interrupted by tablet, clinic
//	live:      in_call, interrupted -> in_call    by tablet, clinic
//	grace:     in_call, interrupted -> waiting    by system
//	end:       in_call, interrupted -> ended      by tablet, clinic
//	withdraw:  waiting, called -> left            by tablet
//	withdraw_call: in_call, interrupted -> ended  by tablet
//	emergency: waiting, called, in_call, interrupted -> same by tablet
//	place:     waiting, called -> same            by clinic
//	urgent:    waiting, called -> same            by clinic
//	mode:      waiting, called, in_call, interrupted -> same by tablet, clinic
//	take_over: waiting, called, in_call, interrupted -> same by tablet, citizen
//	let_go:    waiting, called -> same            by tablet
//	hand_over: waiting, called, in_call, interrupted -> same by tablet
//	here:      waiting, called, in_call, interrupted -> same by tablet
//	away:      waiting, called, in_call, interrupted -> same by tablet
//	silent:    waiting, called, in_call, interrupted -> same by system
//	seen:      waiting, called, in_call, interrupted -> same by system
//
// What may happen to the guests of a call, guestRules tells; they follow what happens to its place. What may happen to the
// orders that are given in one, orderRules tells; the clinic ends no conversation without having been told of those that
// are not confirmed (End).
//
// Consent and presence have a record of their own at each place: a line more for each thing that happens, none changed.
// A consent that is withdrawn ends the place, and a call under way for all at once (E47); 112 keeps it (E56).
//
// lost, live, here, away, silent and seen report a fact: where it is known already, nothing changes and nothing is
// written. After grace, which also comes to a call that both ends have left without a word, and after a transfer that
// ends a call, the entry stands at the front; after no_answer it keeps number and order, and after BelowLine of them it
// is shown below all others, still in its order.
//
// Several tablets may hold a place. All ring; the first to answer has the call, and the others are told so: signalling,
// media and the end are then the answering tablet's and the clinic's alone. One of them is beside the citizen: the one
// that joined, took over or answered last. A nurse who leaves there gives the place up (leave); one who leaves at another
// only lets that tablet's hold go (let_go), and so does a correction of a place that somebody else holds. A call that is
// interrupted, or whose tablet is out of contact, goes to the tablet that takes the place over.
//
// Holds are handed over, with whoever stands by the citizen, to another tablet of the municipality (HandOver): at once where
// the citizen waits, else when the ring or the conversation has ended and the place is still open.
package waiting
