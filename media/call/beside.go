package call

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// beatPause lies between two looks at what is due on the data channels.
const beatPause = 40 * time.Millisecond

// What the nurse writes, shows and points at is said by any goroutine, and goes to all legs.

func (s *session) typed(t140 string) error {
	if err := checkTyped(t140); err != nil {
		return err
	}
	t140 = cleaned(t140)
	return s.all(func(l *leg) { l.text.add(t140) })
}

func (s *session) sendStill(still Still) error {
	if err := still.check(); err != nil {
		return err
	}
	offer := still.offer()
	return s.all(func(l *leg) {
		for _, o := range l.stills.add(offer, still.Data) {
			l.stills.forget(o.offer.ID)
			if !o.done {
				l.noteStill(StillDropped, o.offer, 0, nil)
			}
		}
	})
}

func (s *session) askStill() error {
	return s.all(func(l *leg) { l.stills.asks = true })
}

func (s *session) declineStill(to string) error {
	return s.all(func(l *leg) {
		if l.id == to {
			l.stills.declines = true
		}
	})
}

func (s *session) dropStill(id string) error {
	return s.all(func(l *leg) {
		if l.stills.remove(id) || l.received.remove(id) {
			l.stills.forget(id)
		}
	})
}

func (s *session) point(p Pointer) error {
	if _, ok := parseStillID(p.ID); !ok || p.On && !(within(p.X) && within(p.Y)) {
		return &kontakt.Error{Op: "call.Point", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return s.all(func(l *leg) { l.pointer.set(p) })
}

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
	now := time.Now()
	pause := l.text.flush(l.line, now)
	pointer := l.pointer.flush(l.line, now)
	stills := l.stills.flush(l.line, now, func(o *stillOut, progress float64) { l.noteStill(StillGoing, o.offer, progress, nil) })
	if (!pointer || !stills) && (pause == 0 || pause > beatPause) {
		pause = beatPause
	}
	if pause > 0 {
		l.beat.Reset(pause)
	}
}

// read takes a message of the other side. What is none is passed over.
func (l *leg) read(m message) {
	switch {
	case m.channel == textChannel:
		if t140 := l.text.hear(l.line, m.data); t140 != "" && l.setup.Text != nil {
			l.tell(func() { l.setup.Text(l.id, t140) })
		}
		l.flushBeside()
	case m.channel == pointerChannel:
		if p, ok := parsePointer(m.data); ok && l.setup.Point != nil {
			l.tell(func() { l.setup.Point(l.id, p) })
		}
	case m.text:
		if s, ok := parseStillMessage(m.data); ok {
			l.hearStill(s)
			l.flushBeside()
		}
	default:
		if id, offset, piece, ok := parsePiece(m.data); ok {
			l.takePiece(id, offset, piece)
		}
	}
}

func (l *leg) hearStill(m stillMessage) {
	switch own := l.stills.find(m.ID); m.Kind {
	case stillAsk:
		l.noteStill(StillAsked, m, 0, nil)
	case stillDecline:
		l.noteStill(StillDeclined, m, 0, nil)
	case stillOffer:
		answer, abandoned := l.received.offered(m, l.line)
		for _, c := range abandoned {
			l.noteStill(StillDropped, c.offer, 0, nil)
		}
		l.sayStill(answer)
	case stillFrom:
		l.stills.from(m.ID, m.Offset)
	case stillHave:
		if own != nil && !own.done {
			own.done = true
			if own.told <= fully { // not said before, on another line
				own.told = fully + 1
				l.noteStill(StillDelivered, own.offer, 1, nil)
			}
		}
	case stillBad, stillDrop:
		if own != nil {
			l.stills.remove(m.ID)
			l.noteStill(StillDropped, own.offer, 0, nil)
		} else if m.Kind == stillDrop && l.received.remove(m.ID) {
			l.noteStill(StillDropped, m, 0, nil)
		}
	}
}

func (l *leg) takePiece(id string, offset int, piece []byte) {
	c, whole := l.received.piece(id, offset, piece)
	if c == nil {
		return
	}
	if !whole {
		if percent := len(c.data) * fully / c.offer.Size; percent > c.told {
			c.told = percent
			l.noteStill(StillComing, c.offer, float64(percent)/fully, nil)
		}
		return
	}
	answer, right := l.received.finish(c)
	l.sayStill(answer)
	if !right {
		l.noteStill(StillDropped, c.offer, 0, nil)
		return
	}
	l.noteStill(StillCame, c.offer, 1, c.data)
}

// forgetStills is for when the participant goes: what was on its way from it does not come.
func (l *leg) forgetStills() {
	for _, c := range l.received.coming {
		l.noteStill(StillDropped, c.offer, 0, nil)
	}
	l.received.coming = nil
}

func (l *leg) sayStill(m stillMessage) { l.line.beside.say(stillChannel, m.text()) }

func (l *leg) noteStill(kind StillKind, m stillMessage, progress float64, data []byte) {
	if l.setup.Still == nil {
		return
	}
	e := StillEvent{
		Kind: kind, From: l.id, ID: m.ID, Type: m.Type, Width: m.Width, Height: m.Height, Progress: progress, Data: data,
	}
	l.tell(func() { l.setup.Still(e) })
}
