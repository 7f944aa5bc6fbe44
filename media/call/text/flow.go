package text

import (
	"bytes"
	"strconv"
	"time"
	"unicode/utf8"
)

// The text on a channel that loses and reorders (docs/protocol.md): characters have places, counted from the beginning
// of the connection, and go again with those that come after them until the other side says that it has them. A lost packet
// so costs the pause to the next message, and not the patience of SCTP.
const (
	// gather is how long characters are gathered into one message, after one that went at once.
	gather = 120 * time.Millisecond
	// repeatFirst is how long the last characters wait for an answer before they go again, repeatLast how long after many
	// times in vain; unheard is how long nothing has to come back until new characters go no sooner than that.
	repeatFirst = 250 * time.Millisecond
	repeatLast  = time.Second
	unheard     = 2 * time.Second
	// answerPause lies between two messages that say nothing but what came.
	answerPause = 200 * time.Millisecond

	// maxPiece bounds the text of a message, in bytes, so that it is one packet, and maxMessage what is read.
	maxPiece   = 900
	maxMessage = 2048
	// maxPieces may be on their way where there is more than one: half a second of 64 kbit/s.
	maxPieces = 4
)

// message is one message of the channel.
type message struct {
	have int    // characters of the other side that its sender has
	from int    // the place of text
	text string // may be empty
}

func (m message) String() string {
	b := strconv.AppendInt(nil, int64(m.have), 10)
	if m.text != "" {
		b = strconv.AppendInt(append(b, ','), int64(m.from), 10)
		b = append(append(b, ':'), m.text...)
	}
	return string(b)
}

func parseMessage(data []byte) (m message, ok bool) {
	if len(data) > maxMessage || !utf8.Valid(data) {
		return m, false
	}
	head, text, carries := bytes.Cut(data, []byte{':'})
	have, from, placed := bytes.Cut(head, []byte{','})
	if m.have, ok = parsePlace(have); !ok || placed != carries {
		return m, false
	}
	if carries {
		m.text = string(text)
		m.from, ok = parsePlace(from)
		ok = ok && m.text != ""
	}
	return m, ok
}

func parsePlace(digits []byte) (int, bool) {
	n, err := strconv.ParseUint(string(digits), 10, 31)
	return int(n), err == nil
}

// outflow is what goes to the other side on one connection.
type outflow struct {
	acked  int    // characters that the other side has
	tail   []rune // those from there on
	sent   int    // up to where they went; back where they go again
	ever   int    // up to where they went at least once
	window int    // pieces that may be on their way, where the tail is more than one

	at     time.Time     // of the last message
	since  time.Time     // of the first one that nothing came back after; zero: none
	repeat time.Duration // from at until it goes again
}

func (o *outflow) put(s string) { o.tail = append(o.tail, []rune(s)...) }

// unsent is how many characters never went.
func (o *outflow) unsent() int { return o.acked + len(o.tail) - o.ever }

// retract takes back what never went.
func (o *outflow) retract() { o.tail = o.tail[:o.ever-o.acked] }

// heard takes what the other side says that it has; whoever says what can't be is not believed.
func (o *outflow) heard(have int) {
	if have < o.acked || have > o.ever {
		return
	}
	o.since = time.Time{}
	if have == o.acked {
		return
	}
	o.tail = o.tail[have-o.acked:]
	o.acked, o.sent = have, max(o.sent, have)
	o.window = min(2*max(o.window, 1), maxPieces)
	o.repeat = repeatFirst
}

// plan says when what goes next: from where on, and whether that is because nothing came back.
func (o *outflow) plan() (at time.Time, from int, again, ok bool) {
	if len(o.tail) == 0 {
		return at, 0, false, false
	}
	end, first := o.acked+len(o.tail), o.piece(o.acked)
	onTheWay := o.sent - o.acked
	unanswered := !o.since.IsZero() && o.at.Sub(o.since) > unheard
	switch {
	case o.sent == end, unanswered, first < len(o.tail) && onTheWay >= max(o.window, 1)*first:
		return o.at.Add(max(o.repeat, repeatFirst)), o.acked, true, true
	case first == len(o.tail):
		return o.at.Add(gather), o.acked, false, true
	case o.sent+o.piece(o.sent) < end: // no more goes into that one
		return o.at, o.sent, false, true
	}
	return o.at.Add(gather), o.sent, false, true
}

// next gives what is to be sent now.
func (o *outflow) next(now time.Time) (from int, text string, ok bool) {
	at, from, again, ok := o.plan()
	if !ok || now.Before(at) {
		return 0, "", false
	}
	if again {
		o.repeat = min(max(o.repeat, repeatFirst)*3/2, repeatLast)
		o.window = 1
	}
	n := o.piece(from)
	o.sent = from + n
	o.ever = max(o.ever, o.sent)
	o.at = now
	if o.since.IsZero() {
		o.since = now
	}
	return from, string(o.tail[from-o.acked:][:n]), true
}

// piece is how many characters from a place on go into one message.
func (o *outflow) piece(from int) (n int) {
	size := 0
	for _, r := range o.tail[from-o.acked:] {
		if size += utf8.RuneLen(r); size > maxPiece {
			break
		}
		n++
	}
	return n
}

// inflow is what comes from the other side on one connection.
type inflow struct {
	have int       // characters that are here
	owed bool      // the other side is to hear of it
	told time.Time // when it last did
}

// take gives what is new of a text and goes on from what is here; what comes before its time comes again.
func (i *inflow) take(from int, text string) string {
	i.owed = i.owed || text != "" // nobody answers an answer
	for at := range text {
		if from == i.have {
			i.have += utf8.RuneCountInString(text[at:])
			return text[at:]
		}
		from++
	}
	return ""
}

// answers says whether the other side is to be told now, if nothing else is said.
func (i *inflow) answers(now time.Time) bool { return i.owed && !now.Before(i.told.Add(answerPause)) }

func (i *inflow) say(now time.Time) int {
	i.owed, i.told = false, now
	return i.have
}
