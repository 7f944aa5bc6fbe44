package oidc

import "strings"

// Assurance is a level of the Danish standard NSIS.
type Assurance int

// The levels. NoAssurance is what an unknown word counts as.
const (
	NoAssurance Assurance = iota
	Low
	Substantial
	High
)

// nsisPrefixes are the two URI forms that providers put before the bare word.
var nsisPrefixes = []string{"https://data.gov.dk/concept/core/nsis/loa/", "https://data.gov.dk/concept/core/nsis/"}

// ParseAssurance reads "Substantial" and its siblings, bare or as either NSIS URI. Anything else is NoAssurance.
func ParseAssurance(s string) Assurance {
	for _, prefix := range nsisPrefixes {
		if word, ok := strings.CutPrefix(s, prefix); ok {
			s = word
			break
		}
	}
	switch s {
	case "Low":
		return Low
	case "Substantial":
		return Substantial
	case "High":
		return High
	default:
		return NoAssurance
	}
}
