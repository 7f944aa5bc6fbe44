// Package sheet reads the tables that municipalities and clinics export: CSV as Excel and journal systems write it in
// Denmark, of citizens with their doctors, of booked times and of a nurse's visits.
//
// Invariants: a table is read in one direction with memory for one row of it, however long it is; what is wrong with a
// row is a Fault that names line and column and says what to do, and never repeats what stands there, since that may be
// a CPR number; a value is read in one way or refused, never guessed: what Excel ate (leading zeros) is put back only
// where nothing else can have been meant, and the reader tells so.
package sheet
