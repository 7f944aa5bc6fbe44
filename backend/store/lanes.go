package store

import (
	"context"
	"sync"
	"time"
)

// lanes let transactions that were in each other's way go on one after the other, a lane for each clinic: fifty who
// press at once would otherwise fail forty-nine times for each that is through. They are a courtesy within one process;
// what is right is for the database to say.
type lanes struct {
	mu sync.Mutex
	of map[string]*lane
}

type lane struct {
	turn  chan struct{} // holds one token while somebody is inside
	users int
}

// enter waits for its turn and gives what ends it. It returns without a turn when ctx ends or that long has passed.
func (l *lanes) enter(ctx context.Context, name string, within time.Duration) (leave func()) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	l.mu.Lock()
	if l.of == nil {
		l.of = map[string]*lane{}
	}
	mine := l.of[name]
	if mine == nil {
		mine = &lane{turn: make(chan struct{}, 1)}
		l.of[name] = mine
	}
	mine.users++
	l.mu.Unlock()
	inside := false
	select {
	case mine.turn <- struct{}{}:
		inside = true
	case <-ctx.Done():
	}
	return func() {
		if inside {
			<-mine.turn
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if mine.users--; mine.users == 0 {
			delete(l.of, name)
		}
	}
}
