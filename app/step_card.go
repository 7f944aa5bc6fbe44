package app

import (
	"strings"

	"kontaktlaege/internal/kontakt"
)

func stepTell(s State, screen Tell, e Event) (State, []Effect) {
	if next, effects, done := screen.Writing.step(screen.Place.ID, e); done {
		screen.Writing = next
		s.Screen = screen
		return s, effects
	}
	if (e == TapBack{}) {
		s.Screen = Waiting{Place: screen.Place}
		return s, nil
	}
	return stepPlace(s, e)
}

// stepCard is the sheet in the call.
func stepCard(screen InCall, signedIn bool, e Event) (InCall, []Effect, bool) {
	switch e.(type) {
	case TapCard:
		if !signedIn {
			next, effects := screen.complain(Sentence{Key: kontakt.MsgSessionEnded})
			return next, effects, true
		}
		if screen.Card != nil {
			return screen, nil, true
		}
		screen.Card, screen.Orders.Face = &Writing{Loading: true}, OrdersAway // one sheet at a time
		return screen, []Effect{FetchCard{screen.Place.ID}}, true
	case TapCardClose:
		screen.Card = nil
		return screen, nil, true
	case TapBack:
		return screen, nil, false // stepBack knows what lies uppermost
	}
	if screen.Card == nil {
		return screen, nil, false
	}
	next, effects, done := screen.Card.step(screen.Place.ID, e)
	if done {
		screen.Card = &next
	}
	return screen, effects, done
}

// step is what happens to what is written, wherever that is. done says whether it was that.
func (w Writing) step(id kontakt.EntryID, e Event) (next Writing, effects []Effect, done bool) {
	switch e := e.(type) {
	case CardFetched:
		if e.ID == id {
			w, effects = w.fetched(e)
		}
	case CardChanged:
		if e.ID == id {
			w, effects = w.changed(e)
		}
	case CardSaved:
		if e.ID == id {
			w, effects = w.saved(e)
		}
	case TapRetry:
		if w.Loading || w.Problem.None() {
			return w, nil, true
		}
		w.Loading, w.Problem = true, Sentence{}
		effects = []Effect{FetchCard{id}}
	case Wrote:
		if w.Loading {
			return w, nil, true
		}
		w.Seq, w.Draft.ISBAR = e.Seq, e.ISBAR
		w, effects = w.soon()
	case SaveDue:
		w.due = false
		if !w.Unsaved() || w.Saving {
			return w, nil, true
		}
		w.Saving = true
		effects = []Effect{w.save(id)}
	default:
		return w.measure(e)
	}
	return w, effects, true
}

// fetched takes in the card as the backend has it, and the table that counts now.
func (w Writing) fetched(e CardFetched) (Writing, []Effect) {
	if e.Failure.Failed() {
		if w.Loading {
			w.Loading, w.Problem = false, e.Failure.Say
			return w, nil
		}
		return w, []Effect{After{cardPause, CardChanged{ID: e.ID, Version: w.newer}}}
	}
	if w.Saving && !w.Loading {
		w.newer = max(w.newer, e.Card.Version) // the answer to the own comes first
	} else if e.Card.Version >= w.Known.Version {
		w.Draft, w.Known = merged(w.Known, w.Draft, e.Card), e.Card
	}
	w.Loading = false
	w = w.under(e.Table, e.Scores)
	return w.soon()
}

// changed fetches a card that is newer than the one that is known.
func (w Writing) changed(e CardChanged) (Writing, []Effect) {
	w.newer = max(w.newer, e.Version)
	if w.Loading || w.Saving || w.newer <= w.Known.Version {
		return w, nil
	}
	return w, []Effect{FetchCard{e.ID}}
}

// saved takes in the card as the backend has it now, with what has been written since it was sent.
func (w Writing) saved(e CardSaved) (Writing, []Effect) {
	w.Saving, w.Problem = false, e.Failure.Say
	switch {
	case e.Failure.Say.Key == kontakt.MsgTOBSTable || e.Failure.Say.Key == kontakt.MsgTOBSOff:
		w.Problem = Sentence{} // the new table tells what becomes of it
		return w, []Effect{FetchCard{e.ID}}
	case e.Failure.Failed():
		return w, nil
	}
	w.Draft, w.Known = merged(e.Sent, w.Draft, e.Card), e.Card
	w, effects := w.soon()
	if w.newer > w.Known.Version || w.scoredByAnother() {
		effects = append(effects, FetchCard{e.ID})
	}
	return w, effects
}

// scoredByAnother says whether the backend has another table than the one that is filled in here.
func (w Writing) scoredByAnother() bool {
	return w.Scores && w.Known.TOBS != nil && w.Known.TOBS.Result.Version != w.Table.Version
}

// merged is theirs with what mine has changed since base. Where both have changed the same letter, both stand there:
// nothing that somebody has written goes without being seen. Of a value that both have measured, mine is the newer.
func merged(base, mine, theirs kontakt.Card) kontakt.Card {
	out := theirs
	for _, letter := range []struct {
		base, mine string
		out        *string
	}{
		{base.Situation, mine.Situation, &out.Situation},
		{base.Background, mine.Background, &out.Background},
		{base.Analysis, mine.Analysis, &out.Analysis},
		{base.Request, mine.Request, &out.Request},
	} {
		switch {
		case letter.mine == letter.base, strings.Contains(*letter.out, letter.mine) && letter.mine != "":
		case *letter.out == letter.base, strings.Contains(letter.mine, *letter.out):
			*letter.out = letter.mine
		case letter.mine != "":
			*letter.out += "\n" + letter.mine
		}
	}
	if !sameValues(base, mine) {
		out.TOBS = scoredOf(mergedValues(valuesOf(base), valuesOf(mine), valuesOf(theirs)))
	}
	return out
}
