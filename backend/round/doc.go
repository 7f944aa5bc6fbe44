// Package round keeps the nurses' rounds: whom a nurse goes to on a day, in which order, and what has become of each visit;
// the units' lists of missed visits; and the hand-over of a tablet's places and a round to the next nurse.
//
// Invariants: a round is a fact of the backend, bound to the employee of a municipality and not to a tablet; it holds at most kontakt.MaxVisits
// open visits, whose positions are 1 to n and derived, never stored; a visit that is tied to a place follows it and is never
// missed while that place is open; a missed visit is on the list of one unit, the tablets of one place of one municipality,
// and in nobody's round; a hand-over is taken once, within its minute, by another employee of the same municipality; every
// change writes its event and its audit row in its transaction; who a citizen is stands in the citizens' table alone, where
// to go is sealed, and of a code only a keyed hash is kept. What has ended is deleted in the night.
package round
