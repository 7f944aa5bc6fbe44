package tobs

import (
	"cmp"
	"time"
)

// maxTable is how large the text of a table may be.
const maxTable = 32 << 10

// mostPoints is what one parameter can give at most.
const mostPoints = 3

// Parse reads a table from its JSON. What is wrong is an *Error, and then there is no table.
func Parse(text []byte) (Table, error) {
	if len(text) > maxTable {
		return Table{}, &Error{What: "a table has at most 32 KiB"}
	}
	root, broken := parseTree(text)
	if broken != nil {
		return Table{}, broken
	}
	if !root.object() {
		return Table{}, root.first
	}
	t := readTable(root)
	root.done()
	if root.first != nil {
		return Table{}, root.first
	}
	return t, nil
}

func readTable(n *node) Table {
	t := Table{ID: n.need("id").key(), Title: n.need("title").text(maxLabel), Version: n.need("version").text(maxLabel), Owner: n.need("owner").text(maxLabel)}
	t.ValidFrom = n.need("valid_from").day()
	seen := map[string]bool{}
	t.Parameters = objects(n.need("parameters"), func(n *node) Parameter { return readParameter(n, seen, true) })
	t.Unscored = objects(n.get("unscored"), func(n *node) Parameter { return readParameter(n, seen, false) })
	t.Actions = readActions(n.get("actions"), t.highest())
	return t
}

func (n *node) day() string {
	s := n.text(maxLabel)
	if _, err := time.Parse(time.DateOnly, s); n != nil && err != nil {
		n.wrong("%q should be a day, such as 2026-01-01", s)
	}
	return s
}

// unique reads a key that no other of the same kind has.
func unique(n *node, seen map[string]bool) string {
	key := n.key()
	if n != nil && seen[key] {
		n.wrong("%q is another's key", key)
	}
	seen[key] = true
	return key
}

func readParameter(n *node, seen map[string]bool, scores bool) Parameter {
	p := Parameter{Key: unique(n.need("key"), seen), Label: n.need("label").text(maxLabel)}
	if choices := n.get("choices"); choices != nil {
		p.Choices = readChoices(choices, scores)
		return p
	}
	if unit := n.get("unit"); unit != nil {
		p.Unit = unit.text(maxLabel)
	}
	readNumber(&p, n, scores)
	return p
}

func readChoices(n *node, scores bool) []Choice {
	seen := map[string]bool{}
	return objects(n, func(n *node) Choice {
		c := Choice{Key: unique(n.need("key"), seen)}
		c.Label, c.Note = cmp.Or(n.get("label").text(maxLabel), c.Key), n.get("note").text(maxText)
		if scores {
			c.Points = n.need("score").whole(0, mostPoints)
		}
		return c
	})
}

// readNumber reads how a number is measured and what it gives.
func readNumber(p *Parameter, n *node, scores bool) {
	least, most := n.get("min"), n.get("max")
	if scores {
		p.Decimals = n.need("decimals").whole(0, 2)
		least, most = n.need("min"), n.need("max")
	} else {
		p.Decimals = n.get("decimals").whole(0, 2)
	}
	p.Min, p.Max = least.steps(p.Decimals, 0), most.steps(p.Decimals, joined(unboundedMost, "", p.Decimals))
	if p.Min >= p.Max {
		n.wrong("\"min\" should be below \"max\"")
	}
	p.Methods = readMethods(n.get("method"), p.Decimals)
	if scores {
		p.Bands = readBands(n.need("bands"), p.Decimals)
	}
	p.Notes = readNotes(n.get("notes"), *p)
}

// unboundedMost is the most that a number can be which doesn't score and has no "max".
const unboundedMost = "9999"

func readMethods(n *node, decimals int) []Method {
	seen := map[string]bool{}
	return objects(n, func(n *node) Method {
		m := Method{Key: unique(n.need("key"), seen), Add: n.need("add").steps(decimals, 0)}
		m.Label, m.Note = cmp.Or(n.get("label").text(maxLabel), m.Key), n.get("note").text(maxText)
		return m
	})
}

// readBands reads bands of which each begins a step above the one before, so that there is no gap.
func readBands(n *node, decimals int) []Band {
	last := -NoLimit
	left := 0
	if n != nil {
		left = len(n.under)
	}
	return objects(n, func(n *node) Band {
		left--
		b := Band{To: NoLimit, Points: n.need("score").whole(0, mostPoints)}
		to := n.get("to")
		switch b.To = to.steps(decimals, NoLimit); {
		case left == 0 && to != nil:
			to.wrong("the last band has no end: leave \"to\" out")
		case left > 0 && to == nil:
			n.wrong("\"to\" is missing: only the last band has no end")
		case b.To <= last:
			n.wrong("bands should ascend")
		}
		last = b.To
		return b
	})
}

func readNotes(n *node, p Parameter) []Note {
	return objects(n, func(n *node) Note {
		from, to := n.get("from"), n.get("to")
		note := Note{From: from.steps(p.Decimals, -NoLimit), To: to.steps(p.Decimals, NoLimit), Text: n.need("text").text(maxText)}
		if from == nil && to == nil {
			n.wrong("a note needs \"from\" or \"to\"")
		}
		if note.From > note.To {
			n.wrong("\"from\" should not be above \"to\"")
		}
		note.Unless = each(n.get("unless"), func(n *node) string {
			key := n.key()
			if m, _ := p.method(key); m.Key != key {
				n.wrong("%q is no method of this parameter", key)
			}
			return key
		})
		return note
	})
}

// readActions reads ranges of totals that ascend and do not overlap. What lies between them has no text.
func readActions(n *node, highest int) []Action {
	last := -1
	return objects(n, func(n *node) Action {
		from, to := n.need("from"), n.get("to")
		a := Action{From: from.whole(0, highest), To: highest, Text: n.need("text").text(maxText)}
		if to != nil {
			a.To = to.whole(0, highest)
		}
		switch {
		case a.From > a.To:
			n.wrong("\"from\" should not be above \"to\"")
		case a.From <= last:
			n.wrong("from %d to %d overlaps with the one before, or stands behind a higher one", a.From, a.To)
		}
		last = a.To
		return a
	})
}
