package httpapi

import (
	"slices"
	"sync"

	"kontaktlaege/internal/kontakt"
)

// maxStreams is how many streams one session may hold. A reader whose network has died leaves streams behind that look
// alive for a while, so the newest counts and the oldest is ended.
const maxStreams = 6

// streams are those that are open, by session.
type streams struct {
	mu    sync.Mutex
	open  map[string][]*openStream
	ended bool
}

// openStream is one stream's place.
type openStream struct {
	key string // of its session

	mu    sync.Mutex
	sub   Subscription // nil until it is open
	ended bool
}

// reads gives the place its subscription, which is closed at once where the end has come meanwhile.
func (o *openStream) reads(sub Subscription) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sub = sub
	if o.ended {
		sub.Close()
	}
}

// end ends the stream, which answers its reader that it is over.
func (o *openStream) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
	if o.sub != nil {
		o.sub.Close()
	}
}

func (o *openStream) isEnded() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ended
}

// EndStreams ends every stream and lets none begin: readers come back, to the process that follows this one.
func (a *API) EndStreams() {
	a.streams.mu.Lock()
	defer a.streams.mu.Unlock()
	a.streams.ended = true
	for _, all := range a.streams.open {
		for _, o := range all {
			o.end()
		}
	}
}

// begin opens a place for key, which the newest of a session always gets: the oldest is ended for it.
func (s *streams) begin(key string) (*openStream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return nil, &kontakt.Error{Op: "httpapi.stream", Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable}
	}
	me := &openStream{key: key}
	all := append(s.open[key], me)
	if len(all) > maxStreams {
		all[0].end()
		all = slices.Delete(all, 0, 1)
	}
	s.open[key] = all
	return me, nil
}

// leave gives a place back.
func (s *streams) leave(me *openStream) {
	me.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	left := slices.DeleteFunc(s.open[me.key], func(o *openStream) bool { return o == me })
	if len(left) == 0 {
		delete(s.open, me.key)
	} else {
		s.open[me.key] = left
	}
}
