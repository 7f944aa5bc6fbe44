// Package app is what the tablet does, without pixels and without a network: a pure step function from state and event
// to state and effects, and a machine that runs it.
//
// Invariants: Step has no side effects, no clock and no randomness: times, ids and keys arrive in events. Every change
// of what the screen shows comes from Step. A place in a waiting room is a fact of the backend: the tablet never
// invents, keeps or drops one; it fetches it again. A CPR number lives in one event and one effect, never in a State
// (but a made-up one of a drill, which is nobody's: drill.go). What is written in a call stands in its InCall alone and is gone
// with it; the bytes of a picture are in no State at all.
//
// What there is: State (state.go, place.go, talk.go), Event (tap.go, event.go) and Effect (effect.go). What follows: Step, a
// file for each screen (step_….go), show.go for a place that the backend tells of, consequences.go for what follows from
// what is shown. How it is done: Machine, course.go, a file of effects for each part (do_….go). The ports that it works
// with: backend.go and phone.go.
package app
