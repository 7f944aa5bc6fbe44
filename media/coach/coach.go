// Package coach looks at one's own picture and says what would make it better: the lens is covered, it is too dark, the light
// comes from behind, the citizen is too far away or not in the middle.
//
// Invariants: it knows nobody and looks for no face: it measures brightness and the directions of edges on a small grid, and
// among those the outline of a head above shoulders, so that it is the same for every skin, hair and headgear (a test holds
// each tone to that). It never blocks anything: where it sees no outline it says nothing. It tells one thing at a time, the
// gravest, not at once and not in turns with another. A look allocates nothing and keeps nothing of the picture but its small
// grid until the next one.
package coach

import (
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
)

// Hint is what to tell the person before the camera, the gravest last.
type Hint int

// The hints. Left and right are as the camera sees them; a mirrored picture shows them the other way around.
const (
	Looking Hint = iota // nothing to tell (yet)
	Good
	Left
	Right
	Low
	High
	TooFar
	Backlight
	Dark
	Covered

	hints
)

// keys are the hints' sentences. Which side it is is left to the picture, which is mirrored or not.
var keys = [hints]kontakt.MsgKey{
	Good: kontakt.MsgPictureGood, Left: kontakt.MsgPictureAside, Right: kontakt.MsgPictureAside, Low: kontakt.MsgPictureLow,
	High: kontakt.MsgPictureHigh, TooFar: kontakt.MsgPictureFar, Backlight: kontakt.MsgPictureBacklit, Dark: kontakt.MsgPictureDark,
	Covered: kontakt.MsgPictureCovered,
}

// Key is the hint's sentence; "" for Looking.
func (h Hint) Key() kontakt.MsgKey { return keys[h] }

// place says whether the hint is about where the citizen is.
func (h Hint) place() bool { return h >= Left && h <= TooFar }

const (
	between   = 500 * time.Millisecond // two looks, at least
	forgotten = 3 * time.Second        // without a picture: what was seen before says nothing any more
	goodFor   = 2 * time.Second        // before it is called so
	again     = 5 * time.Second        // before the same is said aloud again
)

// A hint is shown once it has been seen in most of the last looks, and until it has not.
const (
	weight = 0.4 // of the newest look
	rises  = 0.6
	falls  = 0.3
)

// Advice is what to show now. Say is true once each time that it is to be said aloud or announced.
type Advice struct {
	Hint Hint
	Say  bool
}

// Coach looks at the pictures of one camera. For one goroutine.
type Coach struct {
	thumbs   [levels]thumb
	outlines [len(halves)]outline

	begun     bool
	looked    time.Duration // at the last picture
	seen      [hints]float32
	active    [hints]bool
	good      bool // in all looks since
	goodSince time.Duration

	shown Hint
	owed  bool // shown has not been said
	told  [hints]bool
	said  [hints]time.Duration
}

// New makes one that has seen nothing yet.
func New() *Coach { return &Coach{outlines: newOutlines()} }

// Look takes in a picture, which stays the caller's, and says what to tell. Of pictures that follow one another closely it
// only looks at some. The clock is the pictures' own.
func (c *Coach) Look(f *media.Frame) Advice {
	gap := f.Time - c.looked
	if c.begun && gap >= 0 && gap < between {
		return Advice{Hint: c.shown}
	}
	if c.begun && (gap < 0 || gap > forgotten) {
		c.forget()
	}
	c.begun, c.looked = true, f.Time
	if !c.take(f) {
		return Advice{Hint: c.shown}
	}
	c.weigh(c.judge(c.shown))
	c.show(c.choose())
	return Advice{Hint: c.shown, Say: c.due()}
}

// forget begins anew: another camera, or a long time ago. When something was said last stays, as the ears are the same.
func (c *Coach) forget() {
	c.seen, c.active, c.good, c.shown, c.owed = [hints]float32{}, [hints]bool{}, false, Looking, false
	c.told = [hints]bool{}
}

// weigh takes in what one look saw.
func (c *Coach) weigh(now Hint) {
	for h := Good; h < hints; h++ {
		hit := float32(0)
		if h == now {
			hit = 1
		}
		c.seen[h] += (hit - c.seen[h]) * weight
		c.active[h] = c.seen[h] > rises || c.active[h] && c.seen[h] > falls
	}
	if now == Good && !c.good {
		c.goodSince = c.looked
	}
	c.good = now == Good
}

// choose gives the gravest that has been seen for long enough.
func (c *Coach) choose() Hint {
	for h := hints - 1; h > Good; h-- {
		if c.active[h] {
			return h
		}
	}
	if c.good && c.looked-c.goodSince >= goodFor || c.shown == Good && c.active[Good] {
		return Good
	}
	return Looking
}

func (c *Coach) show(h Hint) {
	if h != c.shown {
		c.shown, c.owed = h, h != Looking
	}
}

// due says whether what is shown is to be said now: once each time that it comes, and the same not too soon again.
func (c *Coach) due() bool {
	h := c.shown
	if !c.owed || c.told[h] && c.looked-c.said[h] < again {
		return false
	}
	c.owed, c.told[h], c.said[h] = false, true, c.looked
	return true
}
