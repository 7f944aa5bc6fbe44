package drill

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Times of the scripts.
const (
	aWhile   = 8 * time.Second // between two things that happen to who waits
	toNotice = 20 * time.Second
	goodTalk = 9 * time.Second  // before anything happens to a conversation
	badSpell = 13 * time.Second // of each network
	longest  = 3 * time.Minute  // a conversation that nobody ends
	delay    = 10 * time.Minute
)

// Rates of a bad network, bits a second.
const (
	rateWeak  = 250_000
	rateSound = 48_000
	rateFull  = 0
)

// asItShouldGo: two before, a delay, a message, a call.
func asItShouldGo(p *play) {
	id, ok := p.joins()
	ok = ok && p.after(id, aWhile, forward) &&
		p.after(id, aWhile, p.late(delay)) &&
		p.after(id, aWhile, p.writes("Mål gerne blodtrykket, mens I venter.")) &&
		p.after(id, aWhile, forward) &&
		p.after(id, aWhile, func(*kontakt.Entry) {}) &&
		p.call(id)
	if ok {
		p.done(id, longest)
	}
}

// nobodyAnswers: a short ring first, which is to run out.
func nobodyAnswers(p *play) {
	id, ok := p.joins()
	ok = ok && p.after(id, aWhile, forward)
	if !ok {
		return
	}
	answered := p.ring(id, ringShort) || p.after(id, ringsAgain, func(*kontakt.Entry) {}) && p.call(id)
	if answered {
		p.done(id, longest)
	}
}

// badNetwork: the path carries less, then hardly sound, and then all again.
func badNetwork(p *play) {
	id, ok := p.joins()
	ok = ok && p.after(id, aWhile, forward) && p.call(id)
	for _, rate := range []int{rateWeak, rateSound, rateFull} {
		pause := badSpell
		if rate == rateWeak {
			pause = goodTalk
		}
		if ok = ok && p.talkedFor(id, pause); ok {
			p.carries(id, rate)
		}
	}
	if ok {
		p.done(id, longest)
	}
}

// twoCalls: the second clinic calls while the first one talks, and again when it is done.
func twoCalls(p *play) {
	first, ok := p.joins()
	if !ok {
		return
	}
	second, ok := p.joins(first)
	if !ok {
		return
	}
	talks := p.after(first, aWhile, forward) && p.call(first) && p.talkedFor(first, goodTalk)
	if talks && !p.ring(second, ringShort) {
		p.done(first, longest)
	}
	if p.talking(second) || p.after(second, ringsAgain, func(*kontakt.Entry) {}) && p.call(second) {
		p.done(second, longest)
	}
}

// wrongCitizen: time to notice whose number was drawn, and then a call for whoever waits.
func wrongCitizen(p *play) {
	id, ok := p.joins()
	if !ok {
		return
	}
	if !p.after(id, toNotice, forward) { // it was put right
		if id, ok = p.joins(id); !ok || !p.after(id, aWhile, forward) {
			return
		}
	}
	if p.call(id) {
		p.done(id, longest)
	}
}
