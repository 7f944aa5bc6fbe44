// Package drill is Øvelse (M14): the tablet's whole path with made-up citizens, played clinics and a played doctor, for
// training, and for IT to test a tablet with.
//
// Invariants: a drill can reach no clinic and no backend: its app.Machine is another one than the real, what it is given
// for a backend is a house in this process, and nothing here knows of a network. No CPR number here is a living person's:
// each fails modulus 11 on a date other than 1 January (domain.md §3.3), and none is looked up outside. Its ids are none
// that a backend takes (SD-18, E68). Each state that leaves here for the screen says that it is a drill. It ends nothing
// that is real: a real call takes the screen at once.
//
// What there is: the people (people.go), the house that acts as the backend (house.go), the scenarios played in it over a
// clock that is handed in (play.go, script.go), what of a scenario was done (lesson.go, record.go), and the switch between
// the real machine and the drill's (switch.go).
package drill
