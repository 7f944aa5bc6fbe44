// Package tobs is TOBS (tidlig opsporing af begyndende sygdom) as a municipality prints it: its table of what is measured,
// and the adding up of it. It is a calculator of a printed table: no diagnosis, and nothing that orders a queue.
//
// Invariants: a table is read whole or not at all, and what is wrong with it is named with its place; every number is an
// integer in its parameter's smallest step (379 for 37.9), so no score hangs on a float; there is a total only where
// everything that scores is there; a Result stands alone, with the texts and the version of the table that it was made
// with, so that a later table changes nothing of it; each text comes from the table, none from here.
package tobs
