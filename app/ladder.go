package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// netMove is what helps; the sentence of each rung stands in kontakt.Ladder.
const netMove kontakt.MsgKey = "net.move"

const (
	netShown = 12 * time.Second // how long a sentence of the ladder stands
	netQuiet = time.Minute      // how long the network has to be good before a sentence is news again
	netAway  = 20 * time.Second // without picture and sound, until the nurse is shown the telephone
)

// ladder is what has been said of the network in a call.
type ladder struct {
	told  kontakt.Rung // the lowest rung that was told of since the network was last calm; "" for none
	moved bool         // what helps was told
	said  int          // counts what was said
	falls int          // counts the times that it got worse

	away   bool // the media are not live
	gone   bool // for long
	absent int  // counts the times that they were not
}

// lasts says whether a rung's sentence stands for as long as the rung does: there the nurse has to do something else.
func lasts(r kontakt.Rung) bool { return r == kontakt.RungText || r == kontakt.RungPhone }

func (c InCall) rungSentence(r kontakt.Rung) Sentence {
	says := Sentence{Key: r.Step().Told}
	if r == kontakt.RungPhone {
		says.Params = map[string]string{"tlf": c.Place.Clinic.Phone}
	}
	return says
}

// climb takes a new rung in. Each rung is told once until the network has been calm for a while: one that flaps is not
// news. Where text is all that is left, the text opens.
func (c InCall) climb(to kontakt.Rung) (InCall, []Effect) {
	from := c.Rung
	if to == "" || to == from {
		return c, nil
	}
	c.Rung = to
	if to == kontakt.RungText {
		c.Typing.Open, c.Typing.Unread = true, false
	}
	if to.Depth() <= from.Depth() {
		c.Net = Sentence{}
		if lasts(to) {
			c.Net = c.rungSentence(to)
		}
		if to == kontakt.RungFull && c.ladder.told != "" {
			return c, []Effect{After{netQuiet, NetCalm{Call: c.Place.Call.ID, Falls: c.ladder.falls}}}
		}
		return c, nil
	}
	c.ladder.falls++
	news := to.Depth() > c.ladder.told.Depth()
	if !news && !lasts(to) {
		c.Net = Sentence{}
		return c, nil
	}
	if news {
		c.ladder.told = to
	}
	return c.sayNet(c.rungSentence(to))
}

func (c InCall) sayNet(what Sentence) (InCall, []Effect) {
	c.Net = what
	c.ladder.said++
	return c, []Effect{After{netShown, NetSaid{Call: c.Place.Call.ID, Said: c.ladder.said}}}
}

// netSaid takes a sentence away that has stood for long enough. What helps comes after the first one, if the network is
// still bad then.
func (c InCall) netSaid(said int) (InCall, []Effect) {
	if said != c.ladder.said || c.Net.None() || lasts(c.Rung) {
		return c, nil
	}
	c.Net = Sentence{}
	if c.ladder.moved || c.Rung.Depth() == 0 {
		return c, nil
	}
	c.ladder.moved = true
	return c.sayNet(Sentence{Key: netMove})
}

func (c InCall) netCalm(falls int) InCall {
	if falls == c.ladder.falls && c.Rung.Depth() == 0 {
		c.ladder.told = ""
	}
	return c
}

// away counts how long the clinic is neither seen nor heard.
func (c InCall) away(media MediaState) (InCall, []Effect) {
	switch {
	case media == MediaLive:
		c.ladder.away, c.ladder.gone = false, false
	case !c.ladder.away:
		c.ladder.away = true
		c.ladder.absent++
		return c, []Effect{After{netAway, StillAway{Call: c.Place.Call.ID, Absent: c.ladder.absent}}}
	}
	return c, nil
}

// stillAway: it has been long; the telephone is what is left, whatever the phone makes of the network.
func (c InCall) stillAway(absent int) (InCall, []Effect) {
	if !c.ladder.away || absent != c.ladder.absent {
		return c, nil
	}
	c.ladder.gone = true
	return c.climb(kontakt.RungPhone)
}
