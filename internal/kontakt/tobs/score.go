package tobs

import (
	"maps"
	"slices"
)

// Values are what a helper found, by the keys of the table's parameters. What isn't there was not measured.
type Values map[string]Value

// Value is a number as it was read off, in its parameter's smallest step, with the way in which it was measured; or a choice.
type Value struct {
	Number *int   `json:"number,omitempty"`
	Method string `json:"method,omitempty"`
	Choice string `json:"choice,omitempty"`
}

// Result is what a table makes of values.
type Result struct {
	Title    string   `json:"title"`
	Version  string   `json:"version"` // of the table
	Owner    string   `json:"owner"`
	Parts    []Part   `json:"parts"`              // one for each parameter that scores
	Unscored []Part   `json:"unscored,omitempty"` // those that were noted
	Missing  []string `json:"missing,omitempty"`  // labels of the parts that have no points
	Total    *int     `json:"total,omitempty"`    // none while anything is missing
	Action   string   `json:"action,omitempty"`   // for the total, where the table has one
}

// Part is one parameter of a Result, in words.
type Part struct {
	Key    string   `json:"key"`
	Label  string   `json:"label"`
	Value  string   `json:"value,omitempty"` // as it was read: "37,0", or the choice
	Unit   string   `json:"unit,omitempty"`
	Method string   `json:"method,omitempty"`
	Counts string   `json:"counts,omitempty"` // what it counts as, where the method adds something: "38,0"
	Unsaid bool     `json:"unsaid,omitempty"` // how it was measured isn't said, so it has no points
	Points *int     `json:"points,omitempty"` // none where it is missing, or doesn't score
	Notes  []string `json:"notes,omitempty"`
}

// Score adds up. What no parameter can be is a *ValueError, and nothing is scored.
func Score(t Table, values Values) (Result, error) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		p, ok := t.Parameter(key)
		if !ok {
			return Result{}, &ValueError{key, Unknown}
		}
		if err := p.check(values[key]); err != nil {
			return Result{}, err
		}
	}
	r := Result{Title: t.Title, Version: t.Version, Owner: t.Owner}
	total := 0
	for _, p := range t.Parameters {
		v, there := values[p.Key]
		part := p.part(v, there)
		if !part.Unsaid && there {
			points := p.points(v)
			part.Points = &points
			total += points
		} else {
			r.Missing = append(r.Missing, p.Label)
		}
		r.Parts = append(r.Parts, part)
	}
	for _, p := range t.Unscored {
		if v, there := values[p.Key]; there {
			r.Unscored = append(r.Unscored, p.part(v, there))
		}
	}
	if len(r.Missing) == 0 {
		r.Total, r.Action = &total, t.action(total)
	}
	return r, nil
}

// part is a parameter with a value that fits it, in words.
func (p Parameter) part(v Value, there bool) Part {
	part := Part{Key: p.Key, Label: p.Label, Unit: p.Unit}
	switch {
	case !there:
	case p.Chosen():
		c, _ := p.choice(v.Choice)
		part.Value = c.Label
		part.note(c.Note)
	default:
		part.Value = p.Text(*v.Number)
		m, said := p.method(v.Method)
		part.Method, part.Unsaid = m.Label, !said
		if m.Add != 0 {
			part.Counts = p.Text(*v.Number + m.Add)
		}
		part.note(m.Note)
		for _, n := range p.Notes {
			if at := *v.Number + m.Add; said && n.From <= at && at <= n.To && !slices.Contains(n.Unless, v.Method) {
				part.note(n.Text)
			}
		}
	}
	return part
}

func (p *Part) note(text string) {
	if text != "" {
		p.Notes = append(p.Notes, text)
	}
}

// points are those of a value that fits, the way to measure included.
func (p Parameter) points(v Value) int {
	if p.Chosen() {
		c, _ := p.choice(v.Choice)
		return c.Points
	}
	m, _ := p.method(v.Method)
	for _, b := range p.Bands {
		if *v.Number+m.Add <= b.To {
			return b.Points
		}
	}
	return 0 // the last band has no end
}

// method gives the way to measure with a key; where nobody asks for one, it is none and said.
func (p Parameter) method(key string) (Method, bool) {
	for _, m := range p.Methods {
		if m.Key == key {
			return m, true
		}
	}
	return Method{}, len(p.Methods) == 0
}

func (p Parameter) choice(key string) (Choice, bool) {
	for _, c := range p.Choices {
		if c.Key == key {
			return c, true
		}
	}
	return Choice{}, false
}
