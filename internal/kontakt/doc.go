// Package kontakt is the vocabulary of Kontakt Læge: the words that the tablet, the backend and the tests share.
//
// Invariants: an identifier has one door in (Parse… or New…) and is canonical behind it; a value that names a person
// masks itself in every form of printing and refuses to become JSON; kinds, message keys and event types are
// append-only, since an older tablet may still say them. Nothing here does I/O, keeps time or knows a neighbour.
package kontakt
