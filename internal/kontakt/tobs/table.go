package tobs

import (
	"math"
	"slices"
)

// Table is one version of a municipality's table.
type Table struct {
	ID         string
	Title      string
	Version    string
	Owner      string      // whose table it is
	ValidFrom  string      // the day from which it counts, such as 2026-01-01
	Parameters []Parameter // that score, in the order of the card
	Unscored   []Parameter // that are noted beside them, and never missed
	Actions    []Action
}

// Parameter is one thing that is measured (a number) or seen (a choice).
type Parameter struct {
	Key, Label, Unit string
	Decimals         int // of the number: its smallest step is 10^-Decimals, and all numbers here are counted in it
	Min, Max         int // of what can be read off; before a method's addition
	Methods          []Method
	Bands            []Band // ascending, without a gap, the last up to NoLimit; none where it doesn't score
	Choices          []Choice
	Notes            []Note
}

// NoLimit is the end of what has none; -NoLimit its beginning.
const NoLimit = math.MaxInt32

// Band gives points for the numbers above the band before it up to To.
type Band struct{ To, Points int }

// Method is a way to measure, and what is added to what was read.
type Method struct {
	Key, Label string
	Add        int
	Note       string
}

// Choice is one of the things that can be seen.
type Choice struct {
	Key, Label string
	Points     int
	Note       string
}

// Note is said of a number, after a method's addition, from From to To, unless it was measured by one of the methods.
type Note struct {
	From, To int
	Unless   []string
	Text     string
}

// Action is what the municipality asks for at a total from From to To.
type Action struct {
	From, To int
	Text     string
}

// Chosen says whether the parameter is a choice; else it is a number.
func (p Parameter) Chosen() bool { return len(p.Choices) > 0 }

// Parameter gives the one with a key, of either kind.
func (t Table) Parameter(key string) (Parameter, bool) {
	for _, p := range slices.Concat(t.Parameters, t.Unscored) {
		if p.Key == key {
			return p, true
		}
	}
	return Parameter{}, false
}

// highest is the largest total that can be.
func (t Table) highest() (total int) {
	for _, p := range t.Parameters {
		most := 0
		for _, b := range p.Bands {
			most = max(most, b.Points)
		}
		for _, c := range p.Choices {
			most = max(most, c.Points)
		}
		total += most
	}
	return total
}

// action is the text for a total; "" where the table has none.
func (t Table) action(total int) string {
	for _, a := range t.Actions {
		if a.From <= total && total <= a.To {
			return a.Text
		}
	}
	return ""
}
