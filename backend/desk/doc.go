// Package desk is what the people who run the system do to it: municipalities with their tables of TOBS, clinics with
// their hours and cover, appointments of clinic staff, codes for tablets. kontaktd's commands speak to it.
//
// Invariants: every change leaves an audit row with the role it; what is refused changes nothing and says which value
// is wrong; a clinic is found by its ydernummer and a municipality by its CVR number, as people know them; a running
// server sees each change at once or within a few seconds, and nobody has to restart it.
package desk
