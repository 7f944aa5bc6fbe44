// Package arch holds the tests that keep the house as it is drawn: docs/rules.md says who may import whom, and these
// tests read it. It has no code of its own.
package arch
