package app

import "sync"

// lanes are queues of jobs: those of one lane run one after another, in the order in which they were added.
type lanes struct {
	mu    sync.Mutex
	queue map[string][]func() // a lane that somebody works on has a key, however empty
}

// add puts a job into a lane, in place of all that wait there if it replaces them, and says whether somebody has to
// begin to work on it.
func (l *lanes) add(name string, replaces bool, job func()) (begin bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.queue == nil {
		l.queue = map[string][]func(){}
	}
	waiting, busy := l.queue[name]
	if replaces {
		waiting = nil
	}
	l.queue[name] = append(waiting, job)
	return !busy
}

// work runs a lane's jobs until there are none.
func (l *lanes) work(name string) {
	for {
		l.mu.Lock()
		waiting := l.queue[name]
		if len(waiting) == 0 {
			delete(l.queue, name)
			l.mu.Unlock()
			return
		}
		l.queue[name] = waiting[1:]
		l.mu.Unlock()
		waiting[0]()
	}
}
