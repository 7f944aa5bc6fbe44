package ui

import (
	"slices"

	"kontaktlaege/app"
)

// The screens that decide, drawn with high contrast too.
func init() {
	for _, name := range []string{"signedout", "findcitizen-wrong", "round-mixed", "check-bad", "waiting-message", "waiting-leaving", "called", "incall-more", "incall-typing"} {
		s := situations[slices.IndexFunc(situations, func(s situation) bool { return s.name == name })]
		s.name, s.look = name+"-contrast", app.LookContrast
		s.dark, s.small = false, false
		situations = append(situations, s)
	}
}
