// Package fhir asks a FHIR R4 server who a citizen is and which practice they are attached to, by the identifier systems
// of DK Core.
//
// Invariants: a CPR number is sent in the body of a POST over TLS (or on loopback) and nowhere else, so that it stands in
// no address, log or error of ours, and redirects are not followed, so that it reaches nobody else; an answer is believed
// only as far as it fits the question: the patient carries that very number, is in use and alive, and is one person. What
// does not is ErrDoubtful, never a guess. What is not asked for, such as addresses, is not read. Answers are bounded in
// size, depth and number, the whole question in time.
package fhir
