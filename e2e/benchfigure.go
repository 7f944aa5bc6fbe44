package e2e

import "fmt"

// Figure is one line of the result: ours, and Chromium's against Chromium in the same run (0: it has none).
type Figure struct {
	Name, Unit string
	Ours, Peer float64
	Goal       float64 // the most that ours may be, or, with Ratio, that Ours/Peer may be; 0: none
	Ratio      bool
}

// Met says whether the goal is met; a figure without one is.
func (f Figure) Met() bool {
	switch {
	case f.Goal == 0:
		return true
	case f.Ratio:
		return f.Peer > 0 && f.Ours <= f.Goal*f.Peer
	}
	return f.Ours <= f.Goal
}

func (f Figure) String() string {
	s := fmt.Sprintf("%-58s %9.4g %-8s", f.Name, f.Ours, f.Unit)
	if f.Peer != 0 {
		s += fmt.Sprintf(" peer %9.4g  ratio %5.2f", f.Peer, f.Ours/f.Peer)
	} else {
		s += fmt.Sprintf("%29s", "")
	}
	switch {
	case f.Goal == 0:
	case f.Ratio:
		s += fmt.Sprintf("  goal ≤ %.2f × peer", f.Goal)
	default:
		s += fmt.Sprintf("  goal ≤ %.4g", f.Goal)
	}
	if f.Goal != 0 {
		s += map[bool]string{true: "  met yes", false: "  met no"}[f.Met()]
	}
	return s
}
