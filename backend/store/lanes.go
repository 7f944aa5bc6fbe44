package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// lanes let changes that would be in each other's way go one after the other, in a lane for each clinic: of fifty who
// press at once, forty-nine would otherwise fail for each that is through, and who has failed would be passed by all who
// come. They are a courtesy within one process, for engines whose transactions run at the same time; what is right is
// for the database to say, and between processes it does.
type lanes struct {
	mu sync.Mutex
	of map[kontakt.ClinicID]*lane
}

type lane struct {
	token chan struct{} // there is one while somebody is inside
	users int
}

// turn is one Update's place in a lane, over all its attempts.
type turn struct {
	lanes  *lanes
	clinic kontakt.ClinicID // "": not known yet
	lane   *lane
	inside bool
}

var errTurn = errors.New("others of the same clinic come first")

// enter takes the place where nobody is inside, and says so.
func (t *turn) enter(clinic kontakt.ClinicID) error {
	if t == nil || t.clinic != "" {
		return nil
	}
	t.clinic, t.lane = clinic, t.lanes.join(clinic)
	select {
	case t.lane.token <- struct{}{}:
		t.inside = true
		return nil
	default:
		return errTurn
	}
}

// wait stands in the lane that enter found taken.
func (t *turn) wait(ctx context.Context, within time.Duration) {
	if t.clinic == "" || t.inside {
		return
	}
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case t.lane.token <- struct{}{}:
		t.inside = true
	case <-timer.C:
	case <-ctx.Done():
	}
}

// leave lets the next one in.
func (t *turn) leave() {
	if t.clinic == "" {
		return
	}
	if t.inside {
		<-t.lane.token
	}
	t.lanes.mu.Lock()
	defer t.lanes.mu.Unlock()
	if t.lane.users--; t.lane.users == 0 {
		delete(t.lanes.of, t.clinic)
	}
}

func (l *lanes) join(clinic kontakt.ClinicID) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[kontakt.ClinicID]*lane{}
	}
	its := l.of[clinic]
	if its == nil {
		its = &lane{token: make(chan struct{}, 1)}
		l.of[clinic] = its
	}
	its.users++
	return its
}
