// Package app is what the tablet does, without pixels and without a network: a pure step function from state and event
// to state and effects, and a machine that runs it.
//
// Invariants: Step has no side effects, no clock and no randomness: times, ids and keys arrive in events. Every change
// of what the screen shows comes from Step. A place in a waiting room is a fact of the backend: the tablet never
// invents, keeps or drops one; it fetches it again. A CPR number lives in one event and one effect, never in a State. What is
// written in a call stands in its InCall alone and is gone with it; the bytes of a picture are in no State at all.
package app
