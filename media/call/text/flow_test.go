package text

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestParseTextMessage(t *testing.T) {
	for in, want := range map[string]message{
		"0":                               {},
		"17":                              {have: 17},
		"0,0:a":                           {text: "a"},
		"5,12:æ\b\u2028":                  {have: 5, from: 12, text: "æ\b\u2028"},
		"1,2:3,4:5":                       {have: 1, from: 2, text: "3,4:5"},
		"2147483647,2147483647:\uFEFF":    {have: 1<<31 - 1, from: 1<<31 - 1, text: "\uFEFF"},
		"0,0:" + strings.Repeat("x", 900): {text: strings.Repeat("x", 900)},
	} {
		if got, ok := parseMessage([]byte(in)); !ok || got != want || got.String() != in {
			t.Errorf("%.20q: %v, %v, want %v", in, got, ok, want)
		}
	}
	for _, in := range []string{
		"", ":", ",", "a", "-1", "+1", "1.0", " 1", "1,", "1,2", "1,2:", "1:a", ",1:a", "1,:a", "1,-2:a", "1,2,3:a", "2147483648",
		"99999999999999999999", "0,0:\xff", "0,0:" + strings.Repeat("x", maxMessage), strings.Repeat("0", maxMessage+1),
	} {
		if got, ok := parseMessage([]byte(in)); ok {
			t.Errorf("%.20q is taken: %v", in, got)
		}
	}
}

func TestFlow_whatCanNotBeIsNotBelieved(t *testing.T) {
	var o outflow
	o.put(strings.Repeat("x", maxPiece+10))
	if _, piece, ok := o.next(time.Unix(1, 0)); !ok || len(piece) != maxPiece {
		t.Fatalf("%d characters went", len(piece))
	}
	for _, have := range []int{maxPiece + 5, -1, maxPiece, 3} { // more than went, less than nothing, all that went, less than before
		o.heard(have)
		if want := map[bool]int{true: maxPiece}[have == maxPiece || have == 3]; o.acked != want || o.acked+len(o.tail) != maxPiece+10 {
			t.Errorf("told of %d: %d count as there and %d wait, want %d", have, o.acked, len(o.tail), want)
		}
	}
	var i inflow
	for _, came := range []struct {
		from       int
		text, want string
	}{{3, " du", ""}, {0, "Hej", "Hej"}, {0, "Hej", ""}, {1, "ej du", " du"}, {9, "!", ""}} {
		if got := i.take(came.from, came.text); got != came.want {
			t.Errorf("%q from %d on: %q is new, want %q", came.text, came.from, got, came.want)
		}
	}
}

// FuzzFlow has somebody send anything in the middle of a call: what goes to it and what comes from it stay within
// their bounds, and what it is told to have come is what came.
func FuzzFlow(f *testing.F) {
	for _, s := range []string{"3,0:Hej", "999,5:langt væk", "0,2147483647:x", "1", "2,0:H\x00\xff", "-1", "3,3:\b\b"} {
		f.Add([]byte(s), []byte("0,0:H"))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		var o outflow
		var i inflow
		now := time.Now()
		o.put("Hej du")
		came := 0
		for _, data := range [][]byte{a, b, a, b} {
			now = now.Add(time.Second)
			o.next(now)
			m, ok := parseMessage(data)
			if !ok {
				continue
			}
			if again, ok := parseMessage([]byte(m.String())); !ok || again != m {
				t.Fatalf("%v becomes %v, %v", m, again, ok)
			}
			o.heard(m.have)
			came += utf8.RuneCountInString(i.take(m.from, m.text))
			if o.acked+len(o.tail) != 6 || o.acked > o.sent || o.sent > o.ever || o.ever > 6 {
				t.Fatalf("after %q: %+v", data, o)
			}
			if i.have != came {
				t.Fatalf("%d came, %d are said to be here", came, i.have)
			}
		}
	})
}

// badPath carries messages as a network does: loses, reorders and doubles them.
type badPath struct {
	chance *rand.Rand
	loss   float64
	delay  time.Duration
	jitter time.Duration

	onTheWay []posted
	bytes, n int
}

type posted struct {
	at   time.Time
	data string
}

func (p *badPath) send(now time.Time, data string) {
	p.n++
	p.bytes += len(data)
	for range 1 + p.chance.IntN(20)/19 {
		if p.chance.Float64() >= p.loss {
			p.onTheWay = append(p.onTheWay, posted{now.Add(p.delay + time.Duration(p.chance.Int64N(int64(p.jitter)+1))), data})
		}
	}
}

func (p *badPath) arrived(now time.Time) (all []string) {
	p.onTheWay = slices.DeleteFunc(p.onTheWay, func(m posted) bool {
		if m.at.After(now) {
			return false
		}
		all = append(all, m.data)
		return true
	})
	return all
}

// talker is one end of a conversation without a network.
type talker struct {
	out  outflow
	in   inflow
	read strings.Builder
	when []time.Time // each character came
}

func (e *talker) turn(now time.Time, from, to *badPath) {
	for _, data := range from.arrived(now) {
		if m, ok := parseMessage([]byte(data)); ok {
			e.out.heard(m.have)
			for _, r := range e.in.take(m.from, m.text) {
				e.read.WriteRune(r)
				e.when = append(e.when, now)
			}
		}
	}
	for {
		from, text, ok := e.out.next(now)
		if !ok && !e.in.answers(now) {
			return
		}
		to.send(now, message{have: e.in.say(now), from: from, text: text}.String())
	}
}

// converse has both ends type on such a network until all is there, and gives the ends and the ways to and fro.
func converse(t *testing.T, loss float64, delay, jitter, every time.Duration, here, there string) (a, b *talker, keys []time.Time, to, fro *badPath) {
	chance := rand.New(rand.NewPCG(4, 103))
	to = &badPath{chance: chance, loss: loss, delay: delay, jitter: jitter}
	fro = &badPath{chance: chance, loss: loss, delay: delay, jitter: jitter}
	a, b = &talker{}, &talker{}
	now := time.Unix(0, 0)
	mine, theirs := []rune(here), []rune(there)
	for began := now; a.read.Len() < len(there) || b.read.Len() < len(here) || len(a.out.tail)+len(b.out.tail) > 0; now = now.Add(10 * time.Millisecond) {
		if now.Sub(began) > 10*time.Minute {
			t.Fatalf("after ten minutes %d and %d of %d and %d bytes came", a.read.Len(), b.read.Len(), len(there), len(here))
		}
		for len(mine) > 0 && now.Sub(began) >= time.Duration(len(keys))*every {
			a.out.put(string(mine[0]))
			keys = append(keys, now)
			mine = mine[1:]
			if len(theirs) > 0 {
				b.out.put(string(theirs[0]))
				theirs = theirs[1:]
			}
		}
		a.turn(now, fro, to)
		b.turn(now, to, fro)
	}
	return a, b, keys, to, fro
}

func TestFlow_overBadPaths(t *testing.T) {
	long := strings.Repeat("Hun fik en tablet kl. 8\b9 og en halv kl. 12.\u2028Æøå 🩺 ", 10)
	for name, c := range map[string]struct {
		loss          float64
		delay, jitter time.Duration
		every         time.Duration
	}{
		"good":               {0, 20 * time.Millisecond, 0, 100 * time.Millisecond},
		"every fifth lost":   {0.2, 150 * time.Millisecond, 0, 100 * time.Millisecond},
		"every second lost":  {0.5, 20 * time.Millisecond, 0, 100 * time.Millisecond},
		"reordered":          {0.1, 10 * time.Millisecond, 400 * time.Millisecond, 100 * time.Millisecond},
		"a second far":       {0.2, time.Second, 100 * time.Millisecond, 100 * time.Millisecond},
		"all at once":        {0, 20 * time.Millisecond, 0, 0},
		"all at once, lossy": {0.2, 100 * time.Millisecond, 300 * time.Millisecond, 0},
	} {
		a, b, _, _, _ := converse(t, c.loss, c.delay, c.jitter, c.every, long, long[5:])
		if b.read.String() != long || a.read.String() != long[5:] {
			t.Errorf("%s: something else came", name)
		}
	}
}

// A character that was lost comes with the next message, and what is sent for that stays small.
func TestFlow_redundancyIsSmall(t *testing.T) {
	typed := strings.Repeat("0123456789", 20)
	_, b, keys, to, fro := converse(t, 0.2, 50*time.Millisecond, 0, 100*time.Millisecond, typed, "")
	var took []time.Duration
	for i, at := range b.when {
		took = append(took, at.Sub(keys[i]))
	}
	slices.Sort(took)
	if p95 := took[len(took)*95/100]; p95 > 700*time.Millisecond {
		t.Errorf("95 of 100 came within %v", p95)
	}
	if to.n > 210 || to.bytes > 12*to.n || fro.n > 110 {
		t.Errorf("%d messages of %d bytes there, %d back, for %d characters in 20 s", to.n, to.bytes/to.n, fro.n, len(typed))
	}
}

// Who hears nothing of the other side sends a message a second, and keeps no more than what was not acknowledged.
func TestFlow_nobodyThere(t *testing.T) {
	var o outflow
	now, n := time.Unix(0, 0), 0
	for range 6000 { // a minute
		o.put("x")
		for _, _, ok := o.next(now); ok; _, _, ok = o.next(now) {
			n++
		}
		now = now.Add(10 * time.Millisecond)
	}
	if n < 55 || n > 85 {
		t.Errorf("%d messages in a minute", n)
	}
	o.retract()
	if len(o.tail) > maxPiece {
		t.Errorf("%d characters went", len(o.tail))
	}
}

// What was not sent gives way to the whole, so that no more is kept than that.
func TestConversation_bounded(t *testing.T) {
	var c Conversation
	c.Add("begin\u2028")
	for range 100 {
		c.Add(strings.Repeat("x", maxTyped))
	}
	if n := len(c.out.tail); n > 2*maxWritten+maxTyped {
		t.Errorf("%d characters wait", n)
	}
	var reader incoming
	if reader.take(string(c.out.tail)); string(reader.all) != string(c.all) {
		t.Error("what waits does not lead to what was written")
	}
}
