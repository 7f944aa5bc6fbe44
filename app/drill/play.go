package drill

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
)

// play is one run through a scenario. Its methods wait for what they are named after and say whether it came; they say no
// once the drill is over or the place they are about has ended, and then there is nothing more to play.
type play struct {
	house *house
	ctx   context.Context
	calls *sync.WaitGroup
}

// until waits for what is wanted of the house, for d at most, or with 0 for as long as it takes. wanted is asked under the
// house's lock.
func (p *play) until(d time.Duration, wanted func() bool) bool {
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	late := make(chan struct{})
	if d > 0 {
		var clock sync.WaitGroup
		defer clock.Wait()
		defer cancel()
		clock.Go(func() {
			if p.house.sleep(ctx, d) == nil {
				close(late)
			}
		})
	}
	for {
		p.house.mu.Lock()
		met, changed := wanted(), p.house.changed
		p.house.mu.Unlock()
		if met {
			return true
		}
		select {
		case <-changed:
		case <-late:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

var waiting = []kontakt.EntryState{kontakt.EntryWaiting}

// joins waits for a place that waits and is none of known.
func (p *play) joins(known ...kontakt.EntryID) (kontakt.EntryID, bool) {
	var id kontakt.EntryID
	ok := p.until(0, func() bool {
		for _, e := range p.house.entries {
			fresh := e.State == kontakt.EntryWaiting
			for _, k := range known {
				fresh = fresh && e.ID != k
			}
			if fresh {
				id = e.ID
				return true
			}
		}
		return false
	})
	return id, ok
}

// state gives how a place stands. The house's lock is held.
func (p *play) state(id kontakt.EntryID) kontakt.EntryState { return p.house.find(id).State }

// after lets time pass for a place that waits, and then has something happen to it.
func (p *play) after(id kontakt.EntryID, d time.Duration, happens func(*kontakt.Entry)) bool {
	left := p.until(d, func() bool { return p.state(id) != kontakt.EntryWaiting })
	if left || p.ctx.Err() != nil {
		return false
	}
	return p.house.change(id, waiting, happens)
}

// forward: somebody before this one is done.
func forward(e *kontakt.Entry) { e.Before = max(e.Before-1, 0) }

// late: the clinic says how late it is, to all.
func (p *play) late(by time.Duration) func(*kontakt.Entry) {
	return func(e *kontakt.Entry) { e.Clinic.Delay, e.Clinic.DelayAt = by, p.house.now() }
}

// writes: the clinic writes to this one. Its words are Danish whatever the tablet speaks, as a clinic's are.
func (p *play) writes(text string) func(*kontakt.Entry) {
	return func(e *kontakt.Entry) {
		id := kontakt.MessageID("bes_ovelse_" + strconv.Itoa(len(e.Messages)+1))
		e.Messages = append(slices.Clone(e.Messages), kontakt.Message{ID: id, Text: text, Sender: doctors[e.Clinic.ID], At: p.house.now()})
	}
}

// Times of a ring.
const (
	ringFor    = time.Minute      // as a clinic rings
	ringShort  = 15 * time.Second // where it is to run out
	ringsAgain = 10 * time.Second // after nobody answered
)

// ring has a clinic call a place for so long, and says whether it was answered.
func (p *play) ring(id kontakt.EntryID, lasts time.Duration) bool {
	if !p.calling(id, lasts) {
		return false
	}
	for {
		p.house.mu.Lock()
		e := p.house.find(id)
		var left time.Duration
		if e.State == kontakt.EntryCalled {
			left = max(e.Call.RingUntil.Sub(p.house.now()), 1)
		}
		version := e.Version
		p.house.mu.Unlock()
		p.until(left, func() bool { e := p.house.find(id); return e.State != kontakt.EntryCalled || e.Version != version })
		switch e := p.house.entry(id); {
		case p.ctx.Err() != nil:
			return false
		case e.State != kontakt.EntryCalled:
			return e.State == kontakt.EntryInCall
		case !p.house.now().Before(e.Call.RingUntil):
			return !p.house.change(id, []kontakt.EntryState{kontakt.EntryCalled}, func(e *kontakt.Entry) {
				e.State, e.Notice, e.NoAnswers, e.NoAnswerAt = kontakt.EntryWaiting, kontakt.MsgNoAnswer, e.NoAnswers+1, p.house.now()
			}) && p.talking(id)
		}
	}
}

// calling begins a ring, and whoever plays the clinic with it.
func (p *play) calling(id kontakt.EntryID, lasts time.Duration) bool {
	h := p.house
	t := &talk{in: make(chan kontakt.Signal, 64), rate: make(chan int, 8)}
	t.ctx, t.end = context.WithCancel(p.ctx)
	rings := p.ctx.Err() == nil && h.change(id, waiting, func(e *kontakt.Entry) {
		h.ids++
		t.id = kontakt.CallID("opk_ovelse_" + strconv.Itoa(h.ids))
		h.talks[id] = t
		e.State, e.Before, e.Notice = kontakt.EntryCalled, 0, ""
		e.Call = &kontakt.EntryCall{ID: t.id, Clinician: doctors[e.Clinic.ID], RingUntil: h.now().Add(lasts)}
	})
	if !rings {
		t.end()
		return false
	}
	p.calls.Go(func() {
		h.clinician.Talk(t.ctx, t.in, func(s kontakt.Signal) {
			s.From, s.To = kontakt.ParticipantClinic, kontakt.ParticipantTablet
			h.deliver(app.SignalCame{Call: t.id, Signal: s})
		}, t.rate)
	})
	return true
}

// call rings until it is answered: whoever does not answer keeps the place, and is called again.
func (p *play) call(id kontakt.EntryID) bool {
	for !p.ring(id, ringFor) {
		if !p.after(id, ringsAgain, func(*kontakt.Entry) {}) {
			return p.talking(id)
		}
	}
	return true
}

// talking says whether a place is in a call.
func (p *play) talking(id kontakt.EntryID) bool {
	e := p.house.entry(id)
	return p.ctx.Err() == nil && e.State == kontakt.EntryInCall
}

// talkedFor lets a conversation go on for so long; no: it was ended before.
func (p *play) talkedFor(id kontakt.EntryID, d time.Duration) bool {
	ended := p.until(d, func() bool { return p.state(id) != kontakt.EntryInCall })
	return !ended && p.ctx.Err() == nil
}

// carries says what the path between the two of a call carries from now on.
func (p *play) carries(id kontakt.EntryID, rate int) {
	p.house.mu.Lock()
	t := p.house.talks[id]
	p.house.mu.Unlock()
	if t == nil {
		return
	}
	select {
	case t.rate <- rate:
	case <-t.ctx.Done():
	}
}

// done waits for the nurse to end the conversation; after a while the doctor does.
func (p *play) done(id kontakt.EntryID, after time.Duration) {
	if !p.talkedFor(id, after) {
		return
	}
	p.house.change(id, []kontakt.EntryState{kontakt.EntryInCall}, func(e *kontakt.Entry) {
		e.State, e.EndedAt, e.EndedBy, e.EndReason = kontakt.EntryEnded, p.house.now(), kontakt.ParticipantClinic, "done"
	})
}
