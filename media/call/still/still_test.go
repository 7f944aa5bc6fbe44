package still

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"
)

// connection is a channel that carries nothing.
type connection struct{ Channel }

func offerOf(id int, data []byte) message {
	sum := sha256.Sum256(data)
	name := strings.Repeat("0", 31) + string("0123456789abcdef"[id])
	return message{
		Kind: sayOffer, ID: name, Type: jpeg, Size: len(data), SHA256: hex.EncodeToString(sum[:]), Width: 1, Height: 1,
	}
}

func TestIncoming_resumes(t *testing.T) {
	data := bytes.Repeat([]byte("kontakt"), 10_000)
	o := offerOf(1, data)
	var s incoming
	one, two := &connection{}, &connection{}
	if a, _ := s.offered(o, one); a.Kind != sayFrom || a.Offset != 0 {
		t.Fatalf("answer %+v, want from 0", a)
	}
	s.piece(o.ID, 0, data[:10_000])
	s.piece(o.ID, 20_000, data[20_000:30_000]) // something is missing before it
	if a, _ := s.offered(o, two); a.Kind != sayFrom || a.Offset != 10_000 {
		t.Fatalf("answer %+v on a new connection, want from 10,000", a)
	}
	s.piece(o.ID, 5_000, data[5_000:15_000]) // some of it is there
	c, whole := s.piece(o.ID, 15_000, data[15_000:])
	if !whole {
		t.Fatal("not whole")
	}
	if a, right := s.finish(c); !right || a.Kind != sayHave || !bytes.Equal(c.data, data) {
		t.Errorf("answer %+v, right %v", a, right)
	}
	if a, _ := s.offered(o, two); a.Kind != sayHave {
		t.Errorf("answer %+v to what is known, want have", a)
	}
	if !s.remove(o.ID) {
		t.Error("not there to drop")
	}
	if a, _ := s.offered(o, two); a.Kind != sayFrom || a.Offset != 0 {
		t.Errorf("answer %+v to what was dropped, want from 0", a)
	}
}

func TestIncoming_takesWhatWasOfferedAndNothingElse(t *testing.T) {
	data := []byte("a wound")
	o := offerOf(1, data)
	var s incoming
	on := &connection{}
	s.offered(o, on)
	if c, _ := s.piece(o.ID, 0, append(bytes.Clone(data), '!')); c != nil {
		t.Error("more than was offered is taken")
	}
	c, whole := s.piece(o.ID, 0, []byte("a wolf!"))
	if !whole {
		t.Fatal("not whole")
	}
	if a, right := s.finish(c); right || a.Kind != sayBad {
		t.Errorf("of another picture it says %+v, right %v", a, right)
	}
}

// A page that was reloaded never finishes what it had begun: that must not keep others out.
func TestIncoming_abandoned(t *testing.T) {
	var s incoming
	before, now := &connection{}, &connection{}
	s.offered(offerOf(1, []byte("one")), before)
	s.offered(offerOf(2, []byte("two")), before)
	a, abandoned := s.offered(offerOf(3, []byte("three")), now)
	if a.Kind != sayFrom || len(abandoned) != 2 || len(s.coming) != 1 {
		t.Errorf("answer %+v, %d abandoned, %d coming", a, len(abandoned), len(s.coming))
	}
}

func TestOutgoing_keepsFew(t *testing.T) {
	var s outgoing
	for i := range maxOwn {
		if f := s.add(Offer{message: offerOf(i, []byte{1})}); len(f) != 0 {
			t.Fatalf("%d forgotten at picture %d", len(f), i)
		}
	}
	s.add(Offer{message: offerOf(1, []byte{2})}) // the same name again
	f := s.add(Offer{message: offerOf(9, []byte{1})})
	if len(s.all) != maxOwn || len(f) != 1 || f[0].message.ID != offerOf(0, nil).ID {
		t.Errorf("%d kept, %d forgotten", len(s.all), len(f))
	}
}

// narrow is a channel over a path that takes what it is given, and says how much of it has not come yet.
type narrow struct {
	Channel
	given, came int
}

func (n *narrow) Waiting() int     { return n.given - n.came }
func (n *narrow) Say(string)       {}
func (n *narrow) Send(data []byte) { n.given += len(data) }

// The voice goes over the same path: a picture takes its share of it, and nothing while nothing comes.
func TestOutgoing_leavesMostOfThePathToSound(t *testing.T) {
	const carries, tick = 400_000, 100 * time.Millisecond
	data := make([]byte, 1<<20)
	o := offerOf(1, data)
	var s outgoing
	s.add(Offer{message: o, data: data})
	on, now := &narrow{}, time.Unix(0, 0)
	s.send(on, carries, now)
	s.from(o.ID, 0)
	for range 50 { // five seconds
		now = now.Add(tick)
		s.send(on, carries, now)
		on.came = on.given
	}
	most := carries / 8 * 5 * share / 100
	if on.given < most*9/10 || on.given > most+maxPiece {
		t.Errorf("%d bytes in 5 s, want about %d", on.given, most)
	}
	for range 50 {
		now = now.Add(tick)
		s.send(on, carries, now)
	}
	if most := carries / 8 * int(span/time.Millisecond) / 1000; on.Waiting() == 0 || on.Waiting() > most {
		t.Errorf("%d bytes lie before a path that stands still, want at most %d", on.Waiting(), most)
	}
}

func FuzzParseMessage(f *testing.F) {
	f.Add([]byte(offerOf(1, []byte("x")).text()))
	f.Add([]byte(`{"kind":"from","id":"00000000000000000000000000000001","offset":16384}`))
	f.Add([]byte(`{"kind":"ask"}`))
	f.Add([]byte(`{"kind":"decline"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, ok := parseMessage(data)
		if !ok {
			return
		}
		if m.Offset < 0 || m.Offset > maxSize {
			t.Errorf("offset %d", m.Offset)
		}
		if again, ok := parseMessage([]byte(m.text())); ok && again != m {
			t.Errorf("%+v is read as %+v", m, again)
		}
	})
}

// maxScript bounds a script of FuzzIncoming, in bytes: it fills everything that is bounded, and Go's minimizer, whose tries
// grow by the square of the length and count as no executions, is through with it in seconds.
const maxScript = 120

// FuzzIncoming has a hostile sender offer and send anything: what is kept stays bounded, and nothing counts as whole that
// is not what was offered.
func FuzzIncoming(f *testing.F) {
	f.Add([]byte{0, 3, 1, 0, 3, 0, 3})                                 // offered, sent whole, and offered again
	f.Add([]byte{0, 9, 3, 0, 9, 0, 9})                                 // ... and something else was sent
	f.Add([]byte{0, 200, 1, 0, 100, 2, 200, 1, 90, 110, 1, 0, 200})    // in pieces that overlap, on two lines
	f.Add([]byte{4, 255, 8, 255, 12, 255, 5, 0, 255, 14, 255, 4, 254}) // more than may be, and far greater
	var many []byte
	for id := byte(0); id < 20; id++ {
		many = append(many, id<<2, 1, id<<2|1, 0, 1)
	}
	f.Add(many)
	picture := bytes.Repeat([]byte("kontakt "), 32)
	offers := make([]message, len(picture))
	for size := range offers {
		offers[size] = offerOf(0, picture[:size])
	}
	offers[len(offers)-1].Size = maxSize // claims, and has not
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) > maxScript {
			return
		}
		var s incoming
		lines := []*connection{{}, {}}
		next := func() int {
			if len(script) == 0 {
				return 0
			}
			v := script[0]
			script = script[1:]
			return int(v)
		}
		for len(script) > 0 {
			what := next()
			id := fmt.Sprintf("%032x", what>>2)
			if what&1 == 0 {
				o := offers[next()]
				o.ID = id
				s.offered(o, lines[what>>1&1])
			} else {
				offset := next()
				piece := picture[offset:min(offset+next(), len(picture))]
				if what&2 != 0 {
					piece = bytes.ToUpper(piece)
				}
				if c, whole := s.piece(id, offset, piece); whole {
					if _, right := s.finish(c); right && !bytes.Equal(c.data, picture[:c.offer.Size]) {
						t.Error("whole, and not what was offered")
					}
				}
			}
			bounded(t, &s)
		}
	})
}

// bounded fails where more is kept than may be.
func bounded(t *testing.T, s *incoming) {
	t.Helper()
	held := 0
	for _, c := range s.coming {
		held += len(c.data)
		if cap(c.data) > max(firstRoom, 2*len(c.data)) {
			t.Errorf("%d bytes reserved for %d", cap(c.data), len(c.data))
		}
	}
	if len(s.coming) > maxInFlight || len(s.known) > maxKnown || held > maxInFlight*maxSize {
		t.Errorf("%d coming, %d known, %d bytes held", len(s.coming), len(s.known), held)
	}
}

func FuzzParsePiece(f *testing.F) {
	id, _ := parseID(offerOf(7, nil).ID)
	f.Add(appendPiece(nil, id, 16384, []byte("data")))
	f.Fuzz(func(t *testing.T, data []byte) {
		name, offset, piece, ok := parsePiece(data)
		if !ok {
			return
		}
		id, valid := parseID(name)
		if !valid || !bytes.Equal(appendPiece(nil, id, offset, piece), data) {
			t.Errorf("%x is read as %s, %d", data, name, offset)
		}
	})
}

func FuzzParsePointer(f *testing.F) {
	f.Add([]byte(Pointer{ID: offerOf(1, nil).ID, X: 0.5, Y: 1, On: true}.message()))
	f.Add([]byte(`{"id":"00000000000000000000000000000001"}`))
	f.Add([]byte(`{"id":"00000000000000000000000000000001","x":1e999,"y":-0}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, ok := ParsePointer(data)
		if !ok {
			return
		}
		if !within(p.X) || !within(p.Y) {
			t.Errorf("outside: %+v", p)
		}
		if again, ok := ParsePointer([]byte(p.message())); !ok || again != p {
			t.Errorf("%+v is read as %+v", p, again)
		}
	})
}
