package handset

import (
	"sync/atomic"

	"kontaktlaege/app"
	"kontaktlaege/media"
	"kontaktlaege/media/coach"
)

// mirror looks at one's own picture while it is being checked, and says what would make it better. In a call nobody is told.
type mirror struct {
	checking atomic.Bool
	hint     atomic.Int64 // coach.Hint
}

// watch gives what the camera's pictures go through on their way to show. Only the camera's goroutine calls it.
func (m *mirror) watch(show func(*media.Frame)) func(*media.Frame) {
	eye := coach.New()
	return func(f *media.Frame) {
		if m.checking.Load() {
			m.hint.Store(int64(eye.Look(f).Hint))
		}
		show(f)
	}
}

// begin is the start of a check; what an earlier one saw says nothing any more.
func (m *mirror) begin() (end func()) {
	m.hint.Store(int64(coach.Looking))
	m.checking.Store(true)
	return func() { m.checking.Store(false) }
}

// advice is the sentence on the picture; none while there is nothing to say.
func (m *mirror) advice() app.Sentence { return app.Sentence{Key: coach.Hint(m.hint.Load()).Key()} }
