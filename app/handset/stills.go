package handset

import (
	"sync"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/call"
)

// stills tells app what becomes of the stills of a call. A picture that came goes into the album first, beside the call:
// to decode it takes longer than a call may wait.
type stills struct {
	album Album
	drop  func(id string) // has everybody forget a picture

	mu   sync.Mutex
	told func(app.StillChange)
	ways map[string]map[string]float64 // how far each of ours has come, by who gets it
	work sync.WaitGroup
}

func newStills(album Album, drop func(string)) *stills {
	return &stills{album: album, drop: drop, told: func(app.StillChange) {}}
}

// tell begins a call, and gives what ends it: it waits for the pictures that are being decoded.
func (s *stills) tell(told func(app.StillChange)) (stop func()) {
	s.mu.Lock()
	s.told, s.ways = told, map[string]map[string]float64{}
	s.mu.Unlock()
	return func() {
		s.work.Wait()
		s.mu.Lock()
		s.told = func(app.StillChange) {}
		s.mu.Unlock()
	}
}

func (s *stills) say(c app.StillChange) {
	s.mu.Lock()
	told := s.told
	s.mu.Unlock()
	told(c)
}

// event takes what the call tells; it does not wait.
func (s *stills) event(e call.StillEvent) {
	if e.Kind == call.StillDeclined {
		return // the tablet asks for none
	}
	c := app.StillChange{ID: e.ID, From: e.From, Progress: e.Progress, Width: e.Width, Height: e.Height}
	switch e.Kind {
	case call.StillAsked:
		c.Stage = app.StillAsked
	case call.StillComing:
		c.Stage = app.StillComing
	case call.StillCame:
		s.work.Go(func() { s.came(c, e.Data) })
		return
	case call.StillGoing:
		c = s.way(e.ID, e.From, min(e.Progress, 0.99))
	case call.StillDelivered:
		c = s.way(e.ID, e.From, 1)
	case call.StillDropped:
		c.Stage = app.StillDropped
		if e.From == kontakt.ParticipantClinic { // it deletes for all, the guests too, who have it from us
			s.album.Drop(e.ID)
			s.work.Go(func() { s.drop(e.ID) })
		}
	}
	s.say(c)
}

// came shows a picture that can be shown; one that can't is nobody's.
func (s *stills) came(c app.StillChange, data []byte) {
	if err := s.album.Put(c.ID, data); err != nil {
		s.drop(c.ID)
		c.Stage = app.StillDropped
	} else {
		c.Stage, c.Progress = app.StillCame, 1
	}
	s.say(c)
}

// way gives how far one of ours has come: as far as with the one who has least of it.
func (s *stills) way(id, to string, progress float64) app.StillChange {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ways[id] == nil {
		if s.ways == nil {
			s.ways = map[string]map[string]float64{}
		}
		s.ways[id] = map[string]float64{}
	}
	s.ways[id][to] = progress
	for _, p := range s.ways[id] {
		progress = min(progress, p)
	}
	c := app.StillChange{Stage: app.StillGoing, ID: id, From: kontakt.ParticipantTablet, Progress: progress}
	if progress == 1 {
		c.Stage = app.StillDelivered
	}
	return c
}
