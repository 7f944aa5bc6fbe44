// Package scan reads what is held before the camera: the citizen's CPR number off the barcode of the yellow health card (Code
// 39, Code 128, ITF or QR, whichever way round), or the QR code of a colleague who hands over.
//
// Invariants: a number counts once two pictures in a row, of those that show one, show the same one; a picture that shows two
// different ones shows none. What is found is a number that kontakt.ParseCPR takes and no more: whose it is, and whether that
// is the citizen in front of the tablet, is asked afterwards. No picture is kept, nothing read is logged, and what this
// package has read into is wiped after each picture; of what the decoding library and kontakt.CPR held, copies stay with the
// garbage collector. Any picture is taken, whatever its bytes: one that can't be read has nothing on it.
package scan

import (
	"context"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
)

// pause is between two pictures that are read: more would only keep a core busy.
const pause = 100 * time.Millisecond

// Scanner reads the pictures that it is given until what it looks for is on them.
type Scanner struct {
	wanted wanted
	other  func()

	wake   chan struct{}
	stop   chan struct{} // closed by Close
	over   chan struct{} // closed when it reads no more
	done   chan struct{} // closed when it has ended
	closed sync.Once

	mu    sync.Mutex
	frame *media.Frame // the newest; none once it is over
}

// wanted is what a Scanner looks for. One goroutine calls it.
type wanted interface {
	// look reads one picture: whether what is wanted is found now, or else whether another code is there.
	look(f *media.Frame) (found, other bool)
	// tell gives away what was found.
	tell()
}

// New starts one that looks for a health card in a region of the pictures. It calls found once, with the number, on a
// goroutine of its own that Close waits for, and before that other whenever something is held there that is another code; nil:
// nobody asks. today is the Danish day. Close it, found or not.
func New(region Region, today kontakt.Date, found func(kontakt.CPR), other func()) *Scanner {
	return start(&cardNumber{region: region, today: today, found: found}, other)
}

// NewCode starts one that looks for a QR code whose words take takes; all others are other.
func NewCode(region Region, take func(words string) bool, other func()) *Scanner {
	return start(&squares{region: region, take: take}, other)
}

func start(w wanted, other func()) *Scanner {
	if other == nil {
		other = func() {}
	}
	s := &Scanner{
		wanted: w, other: other,
		wake: make(chan struct{}, 1), stop: make(chan struct{}), over: make(chan struct{}), done: make(chan struct{}),
	}
	go s.run()
	return s
}

// Put takes over the reference of a picture and never waits; one that has not been read gives way to the next.
func (s *Scanner) Put(f *media.Frame) {
	s.mu.Lock()
	old := s.frame
	if s.isOver() {
		old = f
	} else {
		s.frame = f
	}
	s.mu.Unlock()
	if old != nil {
		old.Release()
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Watch puts what an open camera gives until a number is found, ctx ends or the camera fails, which is the error. Each picture
// goes to show too, which takes over a reference of its own and must not wait; nil: to nobody.
func (s *Scanner) Watch(ctx context.Context, camera media.VideoSource, show func(*media.Frame)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-s.over:
			cancel()
		case <-ctx.Done():
		}
	}()
	for {
		f, err := camera.Read(ctx)
		switch {
		case s.isOver():
			if err == nil {
				f.Release()
			}
			return nil
		case err != nil:
			return err
		}
		if show != nil {
			show(f.Retain())
		}
		s.Put(f)
	}
}

// Close ends it. Nothing is found after it.
func (s *Scanner) Close() {
	s.closed.Do(func() { close(s.stop) })
	<-s.done
}

func (s *Scanner) isOver() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}

func (s *Scanner) run() {
	defer close(s.done)
	found := s.search()
	s.end()
	if found {
		s.wanted.tell()
	}
}

// end gives back what nobody reads any more.
func (s *Scanner) end() {
	s.mu.Lock()
	f := s.frame
	s.frame = nil
	close(s.over)
	s.mu.Unlock()
	if f != nil {
		f.Release()
	}
}

// search reads pictures until what is wanted is found. Another code counts, as a number does, when two pictures in a row of
// those that show something show one.
func (s *Scanner) search() bool {
	var looked time.Duration
	strange := false
	for {
		f := s.next()
		if f == nil {
			return false
		}
		if since := f.Time - looked; looked != 0 && since >= 0 && since < pause {
			f.Release()
			continue
		}
		looked = f.Time
		found, other := s.wanted.look(f)
		f.Release()
		if found {
			return true
		}
		if other && strange {
			s.other()
		}
		strange = other
	}
}

// next waits for a picture; nil: it is closed.
func (s *Scanner) next() *media.Frame {
	for {
		select {
		case <-s.stop:
			return nil
		default:
		}
		select {
		case <-s.stop:
			return nil
		case <-s.wake:
		}
		s.mu.Lock()
		f := s.frame
		s.frame = nil
		s.mu.Unlock()
		if f != nil {
			return f
		}
	}
}
