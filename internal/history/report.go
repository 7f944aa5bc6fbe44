package history

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"kontaktlaege/internal/kontakt"
)

// Class is what sort of promise was broken.
type Class string

// The classes.
const (
	IsLost       Class = "lost"         // what was acknowledged is not there
	IsDoubled    Class = "doubled"      // what was asked once happened twice, or two have what one can have
	IsOutOfOrder Class = "out-of-order" // events, numbers or answers that contradict the order of things
	IsStuck      Class = "stuck"        // what did not come to rest
	IsWrong      Class = "wrong"        // anything else that the rules do not allow
)

var classes = []Class{IsLost, IsDoubled, IsOutOfOrder, IsStuck, IsWrong}

// Finding is one broken promise, with what shows it.
type Finding struct {
	Class Class
	What  string
	Ops   []int           // ids of the operations that show it
	Entry kontakt.EntryID // the place, if it is about one
}

// Report is the verdict.
type Report struct {
	Ops, Acked int
	Findings   []Finding
}

// Count gives the findings of a class.
func (r Report) Count(c Class) int {
	n := 0
	for _, f := range r.Findings {
		if f.Class == c {
			n++
		}
	}
	return n
}

// String is the verdict in one line.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "ops %d acked %d", r.Ops, r.Acked)
	for _, c := range classes {
		fmt.Fprintf(&b, " %s %d", c, r.Count(c))
	}
	return b.String()
}

// Explain writes at most limit findings of each class, each with the operations and the place that show it.
func (r Report) Explain(w io.Writer, h *History, limit int) error {
	said := map[Class]int{}
	for _, f := range r.Findings {
		if said[f.Class]++; said[f.Class] > limit {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s: %s\n", f.Class, f.What); err != nil {
			return err
		}
		for _, id := range f.Ops {
			fmt.Fprintf(w, "    %s\n", h.Ops[id-1])
		}
		if f.Entry != "" {
			fmt.Fprintf(w, "    the place: %s\n", story(h, f.Entry))
		}
	}
	return nil
}

// story is what the log says of a place.
func story(h *History, id kontakt.EntryID) string {
	var parts []string
	for _, e := range h.Final.Log[kontakt.EntryRoom(id)] {
		if e.Version > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", e.Version, e.State))
		}
	}
	if len(parts) == 0 {
		return string(id) + " has no log"
	}
	return string(id) + ": " + strings.Join(parts, ", ")
}

// String tells an operation in one line.
func (op Op) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s %s [%.3f–%.3f s]", op.ID, op.Client, op.Kind, op.Begun.Seconds(), op.Done.Seconds())
	for _, part := range []struct{ name, value string }{
		{"key", op.Key},
		{"entry", string(op.Entry)},
		{"call", string(op.Call)},
		{"citizen", string(op.Citizen)},
	} {
		if part.value != "" {
			fmt.Fprintf(&b, " %s %s", part.name, part.value)
		}
	}
	if op.Version > 0 {
		fmt.Fprintf(&b, " version %d", op.Version)
	}
	if op.Over {
		b.WriteString(" or take over")
	}
	fmt.Fprintf(&b, " → %s", op.Outcome)
	if op.Msg != "" {
		fmt.Fprintf(&b, " %s %s", op.Why, op.Msg)
	}
	for _, name := range slices.Sorted(maps.Keys(op.Params)) {
		fmt.Fprintf(&b, " %s=%q", name, op.Params[name])
	}
	if op.Got != nil {
		fmt.Fprintf(&b, " %s number %d %s version %d", op.Got.Entry, op.Got.Number, op.Got.State, op.Got.Version)
		if op.Got.Call != "" {
			fmt.Fprintf(&b, " call %s", op.Got.Call)
		}
	}
	return b.String()
}
