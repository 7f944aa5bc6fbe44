// Package demo is the deployment that anyone may try: a municipality, clinics and citizens who do not exist, and a sign-in
// provider whose password everyone knows.
//
// Invariants: no CPR number here can be a living person's (each fails modulus 11 on a date other than 1 January); Seed
// refuses a database that holds anyone else's municipality, and NewProvider an address that the world can reach, so that
// neither ever stands beside real people; every page of the provider says "DEMO – ikke rigtige personer"; seeding twice
// changes nothing.
package demo
