package loadtest

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"text/tabwriter"
	"time"
)

// series is how long each of many took.
type series struct {
	mu   sync.Mutex
	name string
	took []time.Duration
	bad  int
}

// note adds one that succeeded or failed.
func (s *series) note(took time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.bad++
		return
	}
	s.took = append(s.took, took)
}

// time runs f and notes it.
func (s *series) time(f func() error) error {
	began := time.Now()
	err := f()
	s.note(time.Since(began), err)
	return err
}

// count is how many succeeded.
func (s *series) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.took)
}

// quantile is the time that a share q of all stayed within.
func (s *series) quantile(q float64) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.took) == 0 {
		return 0
	}
	slices.Sort(s.took)
	return s.took[min(int(q*float64(len(s.took))), len(s.took)-1)]
}

// writeTable prints one line a series; over is how long they were gathered.
func writeTable(out io.Writer, over time.Duration, all []*series) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "step\tcount\ta second\tp50\tp95\tp99\tmax\tfailed\t")
	for _, s := range all {
		fmt.Fprintf(w, "%s\t%d\t%.1f\t%s\t%s\t%s\t%s\t%d\t\n", s.name, s.count(), float64(s.count())/over.Seconds(),
			millis(s.quantile(0.5)), millis(s.quantile(0.95)), millis(s.quantile(0.99)), millis(s.quantile(1)), s.bad)
	}
	return w.Flush()
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}
