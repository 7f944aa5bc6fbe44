package call

import (
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/call/still"
)

// beatPause lies between two looks at what is due on the data channels.
const beatPause = 40 * time.Millisecond

// all has each leg do something and send what is due then. It never waits: with more to do than is kept it fails, and
// may be tried again.
func (s *session) all(do func(*leg)) error {
	kept := s.inbox.put(func() {
		s.each(func(l *leg) {
			do(l)
			l.flushBeside()
		})
	})
	if !kept {
		return &kontakt.Error{Op: "call.all", Kind: kontakt.TooMany}
	}
	return nil
}

// tell calls one of the setup's functions, one at a time.
func (s *session) tell(do func()) {
	s.telling.Lock()
	defer s.telling.Unlock()
	do()
}

// flushBeside sends what is due, and comes back when there is more.
func (l *leg) flushBeside() {
	if l.line == nil {
		return
	}
	now, to := time.Now(), l.line.beside
	pause := l.text.Flush(&to.text, now)
	pointed := l.pointing.Flush(&to.pointer, now)
	sent := l.stills.Flush(&to.still, int(l.line.bwe.Read(media.Now()).Target), now)
	if (!pointed || !sent) && (pause == 0 || pause > beatPause) {
		pause = beatPause
	}
	if pause > 0 {
		l.beat.Reset(pause)
	}
}

// read takes a message of the other side. What is none is passed over.
func (l *leg) read(m message) {
	from := l.line.beside
	switch {
	case m.channel == textChannel:
		if t140 := l.text.Hear(&from.text, m.data); t140 != "" && l.setup.Text != nil {
			l.tell(func() { l.setup.Text(l.id, t140) })
		}
		l.flushBeside()
	case m.channel == pointerChannel:
		if p, ok := still.ParsePointer(m.data); ok && l.setup.Point != nil {
			l.tell(func() { l.setup.Point(l.id, p) })
		}
	case m.text:
		l.stills.Hear(&from.still, m.data)
		l.flushBeside()
	default:
		l.stills.Take(&from.still, m.data)
	}
}
