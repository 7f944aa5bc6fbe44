package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// LateWord is a clinic's word on how late it is.
type LateWord struct {
	Clinic kontakt.ClinicID
	By     time.Duration
	At     time.Time // backend clock
}

// voicesApart is how long after a clinic's word the next one waits to be said aloud, so that two presses in a row are
// one voice, with the last figure (E45).
const voicesApart = time.Minute

func (w LateWord) none() bool { return w.By <= 0 || w.At.IsZero() }

func (w LateWord) is(o LateWord) bool {
	return w.Clinic == o.Clinic && w.By == o.By && w.At.Equal(o.At)
}

// wordFor gives what whoever waits at the tablet should know: none where nobody waits, rings or talks instead. It names
// nobody, so it may be heard while nobody is signed in.
func wordFor(s State) LateWord {
	p := s.place()
	if p == nil || p.State != kontakt.EntryWaiting {
		return LateWord{}
	}
	return LateWord{Clinic: p.Clinic.ID, By: p.Clinic.Delay, At: p.Clinic.DelayAt}
}

// sayLate says a word that is newer than the last that was said here. One that follows close on that is not said again
// where it is the same figure, and else when the time between them has passed and it still holds.
func sayLate(before, after State, e Event) (State, []Effect) {
	word, said := wordFor(after), after.said
	if word.none() || word.Clinic == said.Clinic && !word.At.After(said.At) {
		return after, nil
	}
	apart := word.At.Sub(said.At)
	if word.Clinic == said.Clinic && apart < voicesApart {
		if word.By == said.By {
			return after, nil
		}
		if due, ok := e.(LateDue); !ok || !due.Word.is(word) {
			if wordFor(before).is(word) {
				return after, nil // it is being waited for
			}
			return after, []Effect{After{voicesApart - apart, LateDue{word}}}
		}
	}
	after.said = word
	return after, []Effect{SayLate{Word: word, Language: after.Settings.Language, Quiet: !after.Settings.Reads(true)}}
}

const saidName = "said"

// said gives the last that was said aloud on this tablet, so that a restart does not say it again. One that can't be read
// may be heard twice.
func (n notes) said() LateWord {
	var w LateWord
	if !n.read(saidName, &w) {
		return LateWord{}
	}
	return w
}
