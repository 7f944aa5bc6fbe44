package handset

import (
	"sync"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/call/still"
)

// maxDecoding is how many pictures may wait to be decoded, the one that is being decoded among them. A picture of 100 KB may
// unfold to some 300 MB: whoever sends more at a time is told that they are dropped.
const maxDecoding = 3

// stills tells app what becomes of the stills of a call. A picture that came goes into the album first, beside the call:
// to decode it takes longer than a call may wait.
type stills struct {
	album Album
	drop  func(id string) // has everybody forget a picture
	one   sync.Mutex      // is held by the one that is being decoded

	mu      sync.Mutex
	told    func(app.StillChange)
	waiting map[string]bool               // that came and are not in the album yet; who is taken out is wanted no more
	ways    map[string]map[string]float64 // how far each of ours has come, by who gets it
	work    sync.WaitGroup
}

func newStills(album Album, drop func(string)) *stills {
	return &stills{album: album, drop: drop, told: func(app.StillChange) {}, waiting: map[string]bool{}, ways: map[string]map[string]float64{}}
}

// tell begins a call, and gives what ends it: it waits for the picture that is being decoded.
func (s *stills) tell(told func(app.StillChange)) (stop func()) {
	s.mu.Lock()
	s.told, s.waiting, s.ways = told, map[string]bool{}, map[string]map[string]float64{}
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		clear(s.waiting)
		s.mu.Unlock()
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
func (s *stills) event(e still.Event) {
	c := app.StillChange{ID: e.ID, From: e.From, Progress: e.Progress, Width: e.Width, Height: e.Height}
	switch e.Kind {
	case still.Asked:
		c.Stage = app.StillAsked
	case still.Coming:
		c.Stage = app.StillComing
	case still.Came:
		if s.wait(e.ID) {
			s.work.Go(func() { s.came(c, e.Data) })
			return
		}
		s.work.Go(func() { s.drop(c.ID) })
		c.Stage = app.StillDropped
	case still.Going:
		c = s.way(e.ID, e.From, min(e.Progress, 0.99))
	case still.Delivered:
		c = s.way(e.ID, e.From, 1)
	case still.Dropped:
		c.Stage = app.StillDropped
		if e.From == kontakt.ParticipantClinic { // it deletes for all, the guests too, who have it from us
			s.wanted(e.ID)
			s.album.Drop(e.ID)
			s.work.Go(func() { s.drop(e.ID) })
		}
	}
	s.say(c)
}

// wait notes that a picture is to be decoded; false: too many are.
func (s *stills) wait(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) >= maxDecoding {
		return false
	}
	s.waiting[id] = true
	return true
}

// wanted takes a picture out of those that wait, and says whether it was there.
func (s *stills) wanted(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.waiting[id]
	delete(s.waiting, id)
	return was
}

// came shows a picture that can be shown; one that can't is nobody's.
func (s *stills) came(c app.StillChange, data []byte) {
	s.one.Lock()
	defer s.one.Unlock()
	s.mu.Lock()
	wanted := s.waiting[c.ID]
	s.mu.Unlock()
	if !wanted { // the call is over, or the picture was deleted
		return
	}
	err := s.album.Put(c.ID, data)
	switch {
	case !s.wanted(c.ID): // by now
		s.album.Drop(c.ID)
		return
	case err != nil:
		s.drop(c.ID)
		c.Stage = app.StillDropped
	default:
		c.Stage, c.Progress = app.StillCame, 1
	}
	s.say(c)
}

// way gives how far one of ours has come: as far as with the one who has least of it.
func (s *stills) way(id, to string, progress float64) app.StillChange {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ways[id] == nil {
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
