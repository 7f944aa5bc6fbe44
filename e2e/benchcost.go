package e2e

import (
	"context"
	"fmt"
	"time"
)

// twoWay is what a call with picture and sound both ways cost.
type twoWay struct {
	cpu   [2]float64 // CPU seconds a second, of each end
	drawn [2]float64 // what of it went into drawing
	other float64    // of the rest of the machine
	pss   [2]int64
}

// work is what an end costs without its drawing, which a tablet's graphics do and here the processor does.
func (t twoWay) work(end int) float64 { return t.cpu[end] - t.drawn[end] }

// cost measures a running call with nobody looking.
func (b CallBench) cost(ctx context.Context, ours, other int) (t twoWay, err error) {
	if err := b.pause(ctx, "warming up", b.Warm); err != nil {
		return t, err
	}
	read := func() (cpu, drawn [2]time.Duration, busy time.Duration, err error) {
		for i, pid := range []int{ours, other} {
			if cpu[i], err = cpuOf(pid); err == nil {
				drawn[i], err = drawingOf(pid)
			}
			if err != nil {
				return cpu, drawn, 0, err
			}
		}
		busy, err = busyOf()
		return cpu, drawn, busy, err
	}
	cpu0, drawn0, busy0, err := read()
	if err != nil {
		return t, err
	}
	began := time.Now()
	if err := b.pause(ctx, "measuring the cost", b.Measure); err != nil {
		return t, err
	}
	cpu1, drawn1, busy1, err := read()
	if err != nil {
		return t, err
	}
	seconds := time.Since(began).Seconds()
	for i, pid := range []int{ours, other} {
		t.cpu[i] = (cpu1[i] - cpu0[i]).Seconds() / seconds
		t.drawn[i] = (drawn1[i] - drawn0[i]).Seconds() / seconds
		if t.pss[i], err = pssOf(pid); err != nil {
			return t, err
		}
	}
	t.other = (busy1-busy0).Seconds()/seconds - t.cpu[0] - t.cpu[1]
	return t, nil
}

// memory watches a long call and fails when the memory grows.
func (b CallBench) memory(ctx context.Context, pid int) error {
	if b.Long == 0 {
		return nil
	}
	b.Say("watching the memory for %v", b.Long)
	type sample struct{ at, mb float64 }
	var all []sample
	began := time.Now()
	for time.Since(began) < b.Long {
		pss, err := pssOf(pid)
		if err != nil {
			return err
		}
		all = append(all, sample{time.Since(began).Hours(), float64(pss) / 1e6})
		if err := b.pause(ctx, fmt.Sprintf("memory %.0f MB", float64(pss)/1e6), max(b.Long/60, time.Second)); err != nil {
			return err
		}
	}
	all = all[len(all)/4:] // pools and caches fill first
	var n, sx, sy, sxx, sxy float64
	for _, s := range all {
		n, sx, sy, sxx, sxy = n+1, sx+s.at, sy+s.mb, sxx+s.at*s.at, sxy+s.at*s.mb
	}
	slope := (n*sxy - sx*sy) / (n*sxx - sx*sx)
	b.Print(Figure{Name: "growth of our end's memory in a long call", Unit: "MB/h", Ours: max(slope, 0), Goal: 12})
	return nil
}
