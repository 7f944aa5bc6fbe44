package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTicks is sysconf(_SC_CLK_TCK), which Linux has as 100 on every machine that we know.
const clockTicks = 100

// family gives a process and all that descend from it.
func family(pid int) ([]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	children := map[int][]int{}
	for _, name := range stats {
		fields, id, err := readStat(name)
		if err != nil {
			continue // it has ended meanwhile
		}
		parent, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("e2e: %s: %w", name, err)
		}
		children[parent] = append(children[parent], id)
	}
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all, nil
}

// readStat gives the fields of proc(5)'s stat from the state on, which is the third.
func readStat(name string) (fields []string, pid int, err error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, 0, err
	}
	id, _, _ := strings.Cut(string(text), " ")
	if pid, err = strconv.Atoi(id); err != nil {
		return nil, 0, err
	}
	rest := string(text[strings.LastIndexByte(string(text), ')')+1:])
	if fields = strings.Fields(rest); len(fields) < 20 {
		return nil, 0, fmt.Errorf("e2e: %s has %d fields", name, len(fields))
	}
	return fields, pid, nil
}

func sum(fields []string) (all int, err error) {
	for _, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil {
			return 0, err
		}
		all += n
	}
	return all, nil
}

// cpuOf gives the processor time that a family of processes has used, those that have ended and been waited for included.
func cpuOf(pid int) (time.Duration, error) {
	all, err := family(pid)
	if err != nil {
		return 0, err
	}
	ticks := 0
	for _, id := range all {
		fields, _, err := readStat(fmt.Sprintf("/proc/%d/stat", id))
		if err != nil {
			continue
		}
		n, err := sum(fields[11:15]) // utime, stime, cutime, cstime
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / clockTicks, nil
}

// drawingOf gives the part of cpuOf that went into drawing: of a browser its GPU process and its compositors, of a program
// that Mesa draws for Mesa's threads and its first one, which hands over to them: Fyne keeps to it.
func drawingOf(pid int) (time.Duration, error) {
	all, err := family(pid)
	if err != nil {
		return 0, err
	}
	ticks := 0
	for _, id := range all {
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", id))
		if err != nil {
			continue
		}
		n, err := drawingTicks(id, bytes.Contains(line, []byte("--type=gpu-process")))
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / clockTicks, nil
}

// drawingTicks is drawingOf for one process, in clock ticks, or all that its threads use.
func drawingTicks(pid int, whole bool) (ticks int, err error) {
	stats, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil {
		return 0, err
	}
	first, mesa := 0, false
	for _, name := range stats {
		fields, id, err := readStat(name)
		if err != nil {
			continue
		}
		used, err := sum(fields[11:13]) // utime, stime
		if err != nil {
			return 0, err
		}
		thread, err := os.ReadFile(strings.TrimSuffix(name, "stat") + "comm")
		if err != nil {
			continue
		}
		switch drawn := strings.HasPrefix(string(thread), "llvmpipe"); {
		case whole, drawn, strings.HasPrefix(string(thread), "Compositor"):
			ticks += used
			mesa = mesa || drawn
		case id == pid:
			first = used
		}
	}
	if mesa {
		ticks += first
	}
	return ticks, nil
}

// pssOf gives a family's proportional share of memory, in bytes: what is shared counts once.
func pssOf(pid int) (int64, error) {
	all, err := family(pid)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, id := range all {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", id))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
				kB, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
				if err != nil {
					return 0, fmt.Errorf("e2e: %q: %w", line, err)
				}
				sum += kB << 10
			}
		}
	}
	return sum, nil
}

// busyOf gives the processor time of the whole machine without idling, since it started.
func busyOf() (time.Duration, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0, fmt.Errorf("e2e: /proc/stat begins with %q", line)
	}
	ticks := 0
	for i, f := range fields[1:9] {
		n, err := strconv.Atoi(f)
		if err != nil {
			return 0, err
		}
		if i != 3 && i != 4 { // idle, iowait
			ticks += n
		}
	}
	return time.Duration(ticks) * time.Second / clockTicks, nil
}

// wakeupsOf gives how often the threads of a process have been woken from their own waiting.
func wakeupsOf(pid int) (int, error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/[0-9]*/status", pid))
	if err != nil {
		return 0, err
	}
	all := 0
	for _, name := range threads {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended meanwhile
		}
		for line := range strings.Lines(string(text)) {
			rest, ok := strings.CutPrefix(line, "voluntary_ctxt_switches:")
			if !ok {
				continue
			}
			n, err := strconv.Atoi(strings.TrimSpace(rest))
			if err != nil {
				return 0, fmt.Errorf("e2e: %s: %q: %w", name, line, err)
			}
			all += n
		}
	}
	return all, nil
}
