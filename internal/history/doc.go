// Package history judges what was recorded of a waiting room under faults: the operations as their callers saw them, the
// events as each reader saw them, and what the database holds at the end.
//
// Invariants: it is pure, it reads no clock and no file of its own, and its verdict depends on the history alone, so that
// a history that was kept can be judged again. An operation whose answer never came may have happened, once, or not; every
// other must fit into one order of all that happened to its place, in which nothing that had been answered before another
// was asked comes after it. That is linearizability; since each answer names the version of the place that it left or
// saw, the order need not be searched for (Wing and Gong) but is read, and checked against time.
package history
