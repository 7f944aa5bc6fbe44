package main

import (
	"container/heap"
	"math/rand/v2"
	"sync"
	"time"
)

// way is one direction of a link: packets go in, and come out when and if the shaper says so.
type way struct {
	out func(packet []byte)

	mu     sync.Mutex
	shaper shaper
	flying flight
	number uint64
	ended  bool
	wake   chan struct{}
	done   chan struct{}
}

// flying is a packet on its way.
type flying struct {
	arrives time.Time
	number  uint64 // among equals the first goes first
	packet  []byte
}

type flight []flying

func (f flight) Len() int { return len(f) }
func (f flight) Less(i, j int) bool {
	if !f[i].arrives.Equal(f[j].arrives) {
		return f[i].arrives.Before(f[j].arrives)
	}
	return f[i].number < f[j].number
}
func (f flight) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *flight) Push(x any)   { *f = append(*f, x.(flying)) }
func (f *flight) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

func newWay(seed uint64, out func([]byte)) *way {
	w := &way{
		out: out, wake: make(chan struct{}, 1), done: make(chan struct{}),
		shaper: shaper{chance: rand.New(rand.NewPCG(seed, seed))},
	}
	go w.run()
	return w
}

// set changes what the network does from now on; what is on its way arrives, unless the way is cut.
func (w *way) set(c conditions) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shaper.conditions = c
	if c.Cut {
		w.flying = w.flying[:0]
	}
	w.shaper.busy = time.Time{}
}

// put sends a packet on its way. The way takes the bytes over.
func (w *way) put(packet []byte) {
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended || w.shaper.Pass != nil && !w.shaper.Pass(packet) {
		return
	}
	at, ok := w.shaper.admit(now, len(packet))
	if !ok {
		return
	}
	w.number++
	heap.Push(&w.flying, flying{at, w.number, packet})
	if w.flying[0].number == w.number {
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

func (w *way) run() {
	defer close(w.done)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		w.mu.Lock()
		now, next := time.Now(), time.Hour
		var due [][]byte
		for len(w.flying) > 0 {
			if wait := w.flying[0].arrives.Sub(now); wait > 0 {
				next = wait
				break
			}
			due = append(due, heap.Pop(&w.flying).(flying).packet)
		}
		ended := w.ended
		w.mu.Unlock()
		for _, p := range due {
			w.out(p)
		}
		if ended {
			return
		}
		timer.Reset(next)
		select {
		case <-timer.C:
		case <-w.wake:
		}
	}
}

func (w *way) close() {
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
	<-w.done
}
