package call_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media/call"
	"kontaktlaege/media/call/still"
)

// desk is what the tablet's nurse sees beside sound and picture.
type desk struct {
	mu     sync.Mutex
	text   string
	stills []still.Event
	points []still.Pointer
}

func (d *desk) lookFor(ok func() bool) func() bool {
	return func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return ok()
	}
}

// still says whether something was told of a picture.
func (d *desk) still(kind still.Kind, id string) func() bool {
	return d.lookFor(func() bool {
		return slices.ContainsFunc(d.stills, func(e still.Event) bool { return e.Kind == kind && e.ID == id })
	})
}

// sit begins a call with a desk.
func sit(t *testing.T, tab *tablet, c *clinic) (*desk, func()) {
	t.Helper()
	d := &desk{}
	done := make(chan error, 1)
	go func() {
		done <- tab.phone.Call(context.Background(), call.Setup{
			Send: c.take, Incoming: c.toTablet, Report: tab.report,
			Text: func(from, t140 string) {
				d.mu.Lock()
				defer d.mu.Unlock()
				if from == kontakt.ParticipantClinic {
					d.text = stands(d.text, t140)
				}
			},
			Still: func(e still.Event) { d.mu.Lock(); d.stills = append(d.stills, e); d.mu.Unlock() },
			Point: func(_ string, p still.Pointer) { d.mu.Lock(); d.points = append(d.points, p); d.mu.Unlock() },
		})
	}()
	end := sync.OnceFunc(func() {
		tab.phone.HangUp()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(end)
	until(t, "the call", func() bool { return tab.last().State == call.Live })
	until(t, "its channels", func() bool {
		return look(&c.page, func() bool {
			return !slices.ContainsFunc(c.page.channels[:], func(d *webrtc.DataChannel) bool { return d.ReadyState() != webrtc.DataChannelStateOpen })
		})
	})
	return d, end
}

// stands is what a reader sees after more T.140.
func stands(before, t140 string) string {
	r := []rune(before)
	for _, c := range t140 {
		if c != '\b' {
			r = append(r, c)
		} else if len(r) > 0 {
			r = r[:len(r)-1]
		}
	}
	return string(r)
}

func typeAll(t *testing.T, tab *tablet, s string) {
	t.Helper()
	for _, r := range s {
		if err := tab.phone.Type(string(r)); err != nil {
			t.Fatal(err)
		}
	}
}

func (c *clinic) reads(want string) func() bool {
	return func() bool { return look(&c.page, func() string { return stands("", c.page.read) }) == want }
}

func TestText_bothWays(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	d, end := sit(t, tab, c)
	typeAll(t, tab, "Hvor længe har det gjort ond\bdt?\u2028Æøå 🩺")
	until(t, "the text there", c.reads("Hvor længe har det gjort ondt?\u2028Æøå 🩺"))
	for _, s := range []string{"To", "\b", "re ", "dage\a\x1b", "\r\n"} {
		c.page.write(s)
	}
	until(t, "the text here", d.lookFor(func() bool { return d.text == "Tre dage\u2028" }))
	for _, bad := range []string{"", "\xff", strings.Repeat("a", 5000)} {
		if kontakt.KindOf(tab.phone.Type(bad)) != kontakt.Invalid {
			t.Errorf("Type(%.9q) is not refused", bad)
		}
	}
	end()
	if err := tab.phone.Type("a"); err != call.ErrNoCall {
		t.Errorf("after the call: %v, want %v", err, call.ErrNoCall)
	}
}

// Whatever the connection does to it, each character stands there once.
func TestText_onANewConnection(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	cable := c.onCable()
	d, end := sit(t, tab, c)
	typeAll(t, tab, "første")
	c.page.write("svar")
	until(t, "the text there", c.reads("første"))
	until(t, "the text here", d.lookFor(func() bool { return d.text == "svar" }))

	cable.cut.Store(true)
	typeAll(t, tab, " anden") // some of it on its way, some not
	c.page.write(" to")
	cable.cut.Store(false)
	offers := c.offers.Load()
	c.ready()
	typeAll(t, tab, " tredje")
	until(t, "a new connection", func() bool { return c.offers.Load() > offers })
	until(t, "all of it there, once", c.reads("første anden tredje"))
	until(t, "all of it here, once", d.lookFor(func() bool { return d.text == "svar to" }))

	c.reload()
	look(&c.page, func() bool { c.page.read, c.page.written = "", ""; return true })
	until(t, "all of it on a page that was reloaded", c.reads("første anden tredje"))
	typeAll(t, tab, "!")
	until(t, "what comes after", c.reads("første anden tredje!"))
	c.page.write("svar")
	until(t, "the page's, which begins anew", d.lookFor(func() bool { return d.text == "svar tosvar" }))
	end()
}

func newStill(size int) still.Picture {
	data := make([]byte, size)
	seed := [32]byte{byte(size), byte(size >> 8), byte(size >> 16)}
	rand.NewChaCha8(seed).Read(data)
	id := strings.Repeat("0123456789abcdef", 2)
	return still.Picture{ID: id[:31] + string("0123456789abcdef"[size%16]), Type: "image/jpeg", Width: 4000, Height: 3000, Data: data}
}

func offered(t *testing.T, p still.Picture) still.Offer {
	t.Helper()
	o, err := still.NewOffer(p)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestStill_bothWays(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	d, end := sit(t, tab, c)
	mine, theirs := newStill(150_001), newStill(400_002)
	if err := tab.phone.SendStill(offered(t, mine)); err != nil {
		t.Fatal(err)
	}
	c.page.show(theirs.ID, theirs.Data)
	until(t, "ours there", d.still(still.Delivered, mine.ID))
	if !bytes.Equal(look(&c.page, func() []byte { return c.page.pieces[mine.ID] }), mine.Data) {
		t.Error("another picture came there")
	}
	until(t, "theirs here", d.still(still.Came, theirs.ID))
	d.mu.Lock()
	for _, e := range d.stills {
		if e.Kind == still.Came && (!bytes.Equal(e.Data, theirs.Data) || e.Width != 4 || e.Height != 3 || e.From != kontakt.ParticipantClinic) {
			t.Error("another picture came here")
		}
	}
	d.mu.Unlock()
	if !d.still(still.Going, mine.ID)() || !d.still(still.Coming, theirs.ID)() {
		t.Error("no progress was told")
	}
	flows(t, tab, c)
	end()
}

// What is there already is not sent again over a new connection.
func TestStill_goesOnAfterABreak(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	d, end := sit(t, tab, c)
	mine, theirs := newStill(300_003), newStill(2_000_004)
	if err := tab.phone.SendStill(offered(t, mine)); err != nil {
		t.Fatal(err)
	}
	c.page.show(theirs.ID, theirs.Data)
	until(t, "half of ours", func() bool { return look(&c.page, func() bool { return c.page.octets > 100_000 }) })
	until(t, "some of theirs", d.still(still.Coming, theirs.ID))
	c.ready()
	until(t, "ours there", d.still(still.Delivered, mine.ID))
	until(t, "theirs here", d.still(still.Came, theirs.ID))
	if !bytes.Equal(look(&c.page, func() []byte { return c.page.pieces[mine.ID] }), mine.Data) {
		t.Error("another picture came there")
	}
	from := look(&c.page, func() []int { return c.page.from })
	if len(from) != 2 || from[1] <= 100_000 {
		t.Errorf("asked for from %v, want 0 and then where it stood", from)
	}
	end()
}

func TestStill_askDropPoint(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	d, end := sit(t, tab, c)
	c.page.mu.Lock()
	c.page.say(said{Kind: "ask"})
	c.page.mu.Unlock()
	until(t, "the question", d.still(still.Asked, ""))
	tab.phone.DeclineStill(kontakt.ParticipantClinic)
	until(t, "our not now", func() bool { return c.page.told("decline", "") == 1 })

	mine, theirs := newStill(5), newStill(6)
	if err := tab.phone.SendStill(offered(t, mine)); err != nil {
		t.Fatal(err)
	}
	c.page.show(theirs.ID, theirs.Data)
	until(t, "ours there", d.still(still.Delivered, mine.ID))
	until(t, "theirs here", d.still(still.Came, theirs.ID))

	tab.phone.Point(still.Pointer{ID: mine.ID, X: 0.25, Y: 1, On: true})
	until(t, "where we point", c.page.points0(`{"id":"`+mine.ID+`","x":0.25,"y":1}`))
	tab.phone.Point(still.Pointer{ID: mine.ID})
	until(t, "that we don't any more", c.page.points0(`{"id":"`+mine.ID+`"}`))
	if err := c.page.channels[2].SendText(`{"id":"` + theirs.ID + `","x":0.5,"y":0}`); err != nil {
		t.Fatal(err)
	}
	until(t, "where they point", d.lookFor(func() bool {
		return slices.Contains(d.points, still.Pointer{ID: theirs.ID, X: 0.5, On: true})
	}))

	tab.phone.DropStill(theirs.ID)
	until(t, "theirs dropped there", func() bool { return c.page.told("drop", theirs.ID) == 1 })
	c.page.mu.Lock()
	c.page.say(said{Kind: "drop", ID: mine.ID})
	c.page.mu.Unlock()
	until(t, "ours dropped here", d.still(still.Dropped, mine.ID))
	end()
}

// points0 says whether something was pointed at.
func (p *page) points0(message string) func() bool {
	return func() bool { return look(p, func() bool { return slices.Contains(p.points, message) }) }
}

// A page that breaks all rules gets its answer, and the call goes on.
func TestBeside_hostilePage(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	d, end := sit(t, tab, c)
	id := func(i int) string { return newStill(i).ID }
	offer := said{Kind: "offer", Type: "image/jpeg", Size: 100, SHA256: strings.Repeat("0", 64), Width: 1, Height: 1}
	say := func(i int, change func(*said)) {
		o := offer
		o.ID = id(i)
		change(&o)
		c.page.mu.Lock()
		defer c.page.mu.Unlock()
		c.page.say(o)
	}
	bad := func(i int) func() bool { return func() bool { return c.page.told("bad", id(i)) > 0 } }

	say(0, func(s *said) { s.Size = 20<<20 + 1 })
	say(1, func(s *said) { s.SHA256 = "none" })
	say(2, func(s *said) { s.Type = "text/html" })
	say(3, func(s *said) { s.Height = -1 })
	for i := range 4 {
		until(t, "a refusal", bad(i))
	}
	say(4, func(*said) {})
	say(5, func(*said) {})
	say(6, func(*said) {})
	until(t, "the third refused", bad(6))
	stills := c.page.channels[1]
	for _, data := range [][]byte{
		nil,
		{1},
		pieceOf(id(9), 0, []byte("nobody offered it")), pieceOf(id(4), 1<<31, []byte("far away")),
		pieceOf(id(4), 0, make([]byte, 101)), bytes.Repeat([]byte{7}, 60_000),
	} {
		_ = stills.Send(data)
	}
	_ = stills.Send(pieceOf(id(4), 0, make([]byte, 60)))
	_ = stills.Send(pieceOf(id(4), 40, make([]byte, 60)))
	until(t, "the wrong hash noticed", bad(4))
	until(t, "and told", d.still(still.Dropped, id(4)))
	for _, text := range []string{"", "{", "null", `{"kind":1}`, `{"kind":"from","offset":-5}`, `{"kind":"have"}`, strings.Repeat("[", 60_000)} {
		for _, channel := range c.page.channels {
			_ = channel.SendText(text)
			_ = channel.Send([]byte(text))
		}
	}
	for _, kind := range []string{"from", "have", "bad", "drop", "unknown"} {
		say(9, func(s *said) { s.Kind, s.Offset = kind, 1<<30 })
	}
	flows(t, tab, c)
	if n := c.offers.Load(); n != 1 {
		t.Errorf("%d offers, want 1", n)
	}
	end()
}
