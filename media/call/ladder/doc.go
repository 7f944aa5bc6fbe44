// Package ladder says what of sound and picture goes through a line that carries so much: the ladder of domain.md M6, from
// the whole picture down to the telephone, and how many bits and packets sound gets beside it.
//
// Invariants: down within three seconds, up with patience, and slower with each time that it was too soon. Sound comes
// first: a picture never takes from what sound needs. Times are handed in; nothing here knows of lines, or of how the path
// is measured.
package ladder
