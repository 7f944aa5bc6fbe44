package text

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxWaiting is how much may be on its way before more is gathered, in bytes.
const maxWaiting = 4096

// Channel is a data channel that loses and reorders. Another one is another connection.
type Channel interface {
	Open() bool
	Waiting() int // bytes that are not known to have come
	Say(text string)
}

// Conversation is what goes to one participant and comes from it. On each new channel all that was written goes first,
// so that it does not matter what of it the old one still delivered.
type Conversation struct {
	all   []rune // that the other side should have
	wrote bool   // something, maybe erased since
	came  incoming

	on  Channel // that these are of
	out outflow
	in  inflow
}

// Add puts what Typed gave behind all that was written.
func (t *Conversation) Add(t140 string) {
	t.all = written(t.all, t140)
	t.wrote = true
	t.out.put(t140)
	if t.out.unsent() > 2*maxWritten {
		t.out.retract()
		t.bring()
	}
}

// bring has all that was written go in the place of what the other side has.
func (t *Conversation) bring() {
	t.out.put(string(whole) + string(t.all) + string(wholeEnd))
}

// use begins on another channel.
func (t *Conversation) use(c Channel) {
	if t.on == c {
		return
	}
	t.on, t.out, t.in = c, outflow{}, inflow{}
	t.came.again, t.came.coming = false, nil // that channel is not heard to its end
	if t.wrote {
		t.bring()
	}
}

// Flush sends what is due, and says when to come again; 0: when something was added or heard. That a
// channel opens is told.
func (t *Conversation) Flush(c Channel, now time.Time) time.Duration {
	t.use(c)
	if !c.Open() {
		return 0
	}
	for c.Waiting() <= maxWaiting {
		from, text, ok := t.out.next(now)
		if !ok && !t.in.answers(now) {
			return t.pause(now)
		}
		c.Say(message{have: t.in.say(now), from: from, text: text}.String())
	}
	return gather
}

// pause is how long there is nothing to send; 0: no end of it is known.
func (t *Conversation) pause(now time.Time) (d time.Duration) {
	if at, _, _, ok := t.out.plan(); ok {
		d = max(at.Sub(now), time.Millisecond)
	}
	if answer := max(t.in.told.Add(answerPause).Sub(now), time.Millisecond); t.in.owed && (d == 0 || answer < d) {
		d = answer
	}
	return d
}

// Hear gives what is new in a message that came on a channel, as T.140 that goes on from what was given before.
func (t *Conversation) Hear(c Channel, data []byte) string {
	t.use(c)
	m, ok := parseMessage(data)
	if !ok {
		return ""
	}
	t.out.heard(m.have)
	return t.came.take(t.in.take(m.from, m.text))
}

// incoming is what one participant has written.
type incoming struct {
	all    []rune
	again  bool   // all of it is on the way once more
	coming []rune // what has come of that
}

// take gives what is new in what goes on, as T.140 that goes on from what was given before.
func (t *incoming) take(s string) string {
	var news strings.Builder
	for {
		at := strings.IndexFunc(s, func(r rune) bool { return r == whole || r == wholeEnd })
		text := s
		if at >= 0 {
			text = s[:at]
		}
		text = cleaned(text)
		if t.again {
			t.coming = written(t.coming, text)
		} else {
			t.all = written(t.all, text)
			news.WriteString(text)
		}
		if at < 0 {
			return news.String()
		}
		mark, size := utf8.DecodeRuneInString(s[at:])
		s = s[at+size:]
		switch {
		case mark == whole:
			t.again, t.coming = true, nil
		case t.again:
			news.WriteString(t.replace(t.coming))
			t.again, t.coming = false, nil
		}
	}
}

// replace puts another text in the place of what is there.
func (t *incoming) replace(now []rune) string {
	before := t.all
	t.all = now
	same := 0
	for same < min(len(before), len(now)) && before[same] == now[same] {
		same++
	}
	gone := before[same:]
	if slices.Contains(gone, lineBreak) { // lines that are finished are not taken back: the one that they part in comes anew
		line := same
		for line > 0 && now[line-1] != lineBreak {
			line--
		}
		return string(lineBreak) + string(now[line:])
	}
	return strings.Repeat(string(erase), len(gone)) + string(now[same:])
}
