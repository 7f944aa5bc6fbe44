package loadtest

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// goal is a figure with what it should be at most.
type goal struct {
	name string
	is   string
	goal string // "": none is set
	met  bool
}

// within notes a time that should stay below most.
func (r *run) within(name string, is, most time.Duration) {
	r.goals = append(r.goals, goal{name, millis(is), "< " + millis(most), is < most})
}

// figure notes one without a goal.
func (r *run) figure(name, is string) { r.goals = append(r.goals, goal{name: name, is: is}) }

// never notes how often something happened that must not.
func (r *run) never(name string, times int) {
	r.goals = append(r.goals, goal{name, fmt.Sprint(times), "0", times == 0})
	if times > 0 {
		r.broken = append(r.broken, fmt.Sprintf("%s: %d", name, times))
	}
}

// verdict prints the figures.
func (r *run) verdict() error {
	w := tabwriter.NewWriter(r.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nfigure\tvalue\tgoal\tmet")
	for _, g := range r.goals {
		met := ""
		if g.goal != "" {
			met = map[bool]string{true: "yes", false: "NO"}[g.met]
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", g.name, g.is, g.goal, met)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(r.broken) > 0 {
		return errors.New(strings.Join(r.broken, "; "))
	}
	return nil
}
