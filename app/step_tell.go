package app

import (
	"reflect"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// writtenPause is how long the nurse's hands rest before what she has written leaves: the clinician sees it within a
// second (domain.md M4).
const writtenPause = 600 * time.Millisecond

func stepTell(s State, screen Tell, e Event) (State, []Effect) {
	switch e := e.(type) {
	case CardFetched:
		if e.ID != screen.Place.ID || !screen.Loading {
			return s, nil
		}
		screen.Loading, screen.Problem = false, e.Failure.Say
		if !e.Failure.Failed() {
			screen.Known, screen.Draft = e.Card, merged(screen.Known, screen.Draft, e.Card)
			screen.Table, screen.Scores = e.Table, e.Scores
		}
	case TapRetry:
		if screen.Loading || screen.Problem.None() {
			return s, nil
		}
		screen.Loading, screen.Problem = true, Sentence{}
		s.Screen = screen
		return s, []Effect{FetchCard{screen.Place.ID}}
	case Wrote:
		if screen.Loading {
			return s, nil
		}
		screen.Seq, screen.Draft.ISBAR, screen.Draft.TOBS = e.Seq, e.ISBAR, scoredOf(e.Values)
		s.Screen = screen
		if screen.due {
			return s, nil
		}
		screen.due = true
		s.Screen = screen
		return s, []Effect{After{writtenPause, SaveDue{}}}
	case SaveDue:
		screen.due = false
		if !screen.Unsaved() || screen.Saving {
			s.Screen = screen
			return s, nil
		}
		screen.Saving = true
		s.Screen = screen
		return s, []Effect{screen.save()}
	case CardSaved:
		return savedTell(s, screen, e)
	case TapBack:
		s.Screen = Waiting{Place: screen.Place}
		return s, nil
	default:
		return stepPlace(s, e)
	}
	s.Screen = screen
	return s, nil
}

// savedTell takes in the card as the backend has it now, with what has been written since it was sent.
func savedTell(s State, screen Tell, e CardSaved) (State, []Effect) {
	if e.ID != screen.Place.ID {
		return s, nil
	}
	screen.Saving, screen.Problem = false, e.Failure.Say
	if !e.Failure.Failed() {
		screen.Draft, screen.Known = merged(e.Sent, screen.Draft, e.Card), e.Card
	}
	s.Screen = screen
	if e.Failure.Failed() || !screen.Unsaved() || screen.due {
		return s, nil
	}
	screen.due = true
	s.Screen = screen
	return s, []Effect{After{writtenPause, SaveDue{}}}
}

// Unsaved says whether something is written here that the backend does not have.
func (t Tell) Unsaved() bool { return !t.Loading && !sameWords(t.Draft, t.Known) }

func (t Tell) save() Effect { return SaveCard{ID: t.Place.ID, Base: t.Known, Draft: t.Draft} }

// scoredOf is a card's TOBS before the backend has scored it; nil: nothing is filled in.
func scoredOf(values tobs.Values) *tobs.Scored {
	if len(values) == 0 {
		return nil
	}
	return &tobs.Scored{Values: values}
}

func valuesOf(c kontakt.Card) tobs.Values {
	if c.TOBS == nil {
		return nil
	}
	return c.TOBS.Values
}

func sameWords(a, b kontakt.Card) bool {
	return a.ISBAR == b.ISBAR && sameValues(a, b)
}

func sameValues(a, b kontakt.Card) bool {
	one, other := valuesOf(a), valuesOf(b)
	return len(one) == 0 && len(other) == 0 || reflect.DeepEqual(one, other)
}

// merged is theirs with what mine has changed since base. Where both have changed the same letter, both stand there:
// nothing that somebody has written goes without being seen.
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
		out.TOBS = mine.TOBS
	}
	return out
}
