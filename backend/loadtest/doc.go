// Package loadtest says what a deployment bears: it starts real backends, lets made-up tablets and clinicians work, and
// prints how long each step took, what an idle stream costs, and whether a place was ever lost or claimed twice.
//
// Invariants: the backends are `kontaktd serve` processes of their own, told everything by flags and nothing by the
// caller's environment; tablets speak through app/client and clinicians through crowd.Page; a database in which there is
// any table is never touched; every process ends with the run, and its files go with it unless it is killed. A place that was
// acknowledged and did not come to its end, or that two clinicians were both told is theirs, fails the run; a goal of
// speed that was missed does not.
package loadtest
