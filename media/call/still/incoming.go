package still

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
)

const (
	// maxInFlight is how many pictures one participant may send at a time.
	maxInFlight = 2
	// maxKnown is how many finished ones are remembered by name, so that one that is offered again isn't sent again.
	maxKnown = 16
	// firstRoom is what is reserved for a picture whose size is only claimed; it grows by what really comes.
	firstRoom = 32 << 10
)

// arrival is a picture that comes.
type arrival struct {
	offer message
	on    Channel // that it was offered on last
	data  []byte
	hash  hash.Hash
	told  int // progress in per cent
}

// incoming are those of one participant.
type incoming struct {
	coming []*arrival
	known  []message // offers of those that came whole, the oldest first
}

func (s *incoming) find(id string) *arrival {
	for _, c := range s.coming {
		if c.offer.ID == id {
			return c
		}
	}
	return nil
}

// offered gives the answer to an offer. abandoned are pictures that the other side has forgotten, as a page does that is
// reloaded: they stood still on a channel that is over.
func (s *incoming) offered(m message, on Channel) (answer message, abandoned []*arrival) {
	same := func(k message) bool { return k.ID == m.ID && k.SHA256 == m.SHA256 }
	switch c := s.find(m.ID); {
	case !m.acceptable():
		s.remove(m.ID)
		return message{Kind: sayBad, ID: m.ID}, nil
	case slices.ContainsFunc(s.known, same):
		return message{Kind: sayHave, ID: m.ID}, nil
	case c != nil && c.offer == m:
		c.on = on
		return message{Kind: sayFrom, ID: m.ID, Offset: len(c.data)}, nil
	}
	s.remove(m.ID)
	if len(s.coming) >= maxInFlight {
		s.coming = slices.DeleteFunc(s.coming, func(c *arrival) bool {
			if c.on != on {
				abandoned = append(abandoned, c)
			}
			return c.on != on
		})
	}
	if len(s.coming) >= maxInFlight {
		return message{Kind: sayBad, ID: m.ID}, abandoned
	}
	s.coming = append(s.coming, &arrival{offer: m, on: on, hash: sha256.New(), data: make([]byte, 0, min(m.Size, firstRoom)), told: -1})
	return message{Kind: sayFrom, ID: m.ID}, abandoned
}

// piece takes a piece that follows on what is there; what is there already is passed over. done: it is whole.
func (s *incoming) piece(id string, offset int, piece []byte) (c *arrival, done bool) {
	c = s.find(id)
	if c == nil || offset > len(c.data) || offset+len(piece) > c.offer.Size || offset+len(piece) <= len(c.data) {
		return nil, false
	}
	piece = piece[len(c.data)-offset:]
	c.data = append(c.data, piece...)
	_, _ = c.hash.Write(piece) // never fails
	return c, len(c.data) == c.offer.Size
}

// finish gives what to say of a picture that is whole, and whether it is right.
func (s *incoming) finish(c *arrival) (message, bool) {
	s.remove(c.offer.ID)
	if hex.EncodeToString(c.hash.Sum(nil)) != c.offer.SHA256 {
		return message{Kind: sayBad, ID: c.offer.ID}, false
	}
	s.known = append(s.known, c.offer)
	if n := len(s.known) - maxKnown; n > 0 {
		s.known = slices.Delete(s.known, 0, n)
	}
	return message{Kind: sayHave, ID: c.offer.ID}, true
}

// remove forgets a picture; true: it was there or on its way.
func (s *incoming) remove(id string) bool {
	before := len(s.coming) + len(s.known)
	s.coming = slices.DeleteFunc(s.coming, func(c *arrival) bool { return c.offer.ID == id })
	s.known = slices.DeleteFunc(s.known, func(k message) bool { return k.ID == id })
	return len(s.coming)+len(s.known) < before
}
