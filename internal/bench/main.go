// Command bench runs the benchmarks that have a goal and prints one line a figure: name, value, unit, goal, met. A
// figure that a benchmark did not print is an error, so that none drops out unseen.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// figure is one line: where it comes from, and what it ought to be.
type figure struct {
	name, pkg, bench, unit string
	goal                   float64 // a ceiling
	once                   bool    // one run is the measurement
}

func main() {
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "bench runs all benchmarks with a goal and prints: name value unit goal met\n\nflags:\n")
		flag.PrintDefaults()
	}
	benchtime := flag.String("benchtime", "1s", "how long each benchmark runs, as of go test")
	flag.Parse()
	if err := run(*benchtime, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(benchtime string, out io.Writer) error {
	var failed error
	results := map[string]map[string]float64{} // by package and benchmark, then by unit
	for _, f := range figures {
		id := f.pkg + " " + f.bench
		if _, ran := results[id]; !ran {
			fmt.Fprintln(os.Stderr, "running", id)
			times := benchtime
			if f.once {
				times = "1x"
			}
			units, err := benchmark(f.pkg, f.bench, times)
			if err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			results[id] = units
		}
		value, ok := results[id][f.unit]
		if !ok {
			failed = fmt.Errorf("%s prints no %s", id, f.unit)
			continue
		}
		met := "no"
		if value <= f.goal {
			met = "yes"
		}
		fmt.Fprintf(out, "%-46s %10.4g %-13s goal ≤ %-8.6g met %s\n", f.name, value, f.unit, f.goal, met)
	}
	return failed
}

func benchmark(pkg, name, benchtime string) (map[string]float64, error) {
	cmd := exec.Command("go", "test", "-tags=migrated_fynedo", "-run", "^$", "-bench", "^"+name+"$", "-benchmem", "-benchtime", benchtime, "./"+pkg)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out.String())
	}
	units := map[string]float64{}
	for _, line := range strings.Split(out.String(), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				units[fields[i+1]] = v
			}
		}
	}
	if len(units) == 0 {
		return nil, fmt.Errorf("no figures in its output:\n%s", out.String())
	}
	return units, nil
}
