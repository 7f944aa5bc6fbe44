package app

import (
	"context"
	"strconv"

	"kontaktlaege/internal/kontakt"
)

// Reading aloud (SD-19): the sentences that decide, for who does not look at the tablet or reads badly. What is personal is
// said only where the screen shows it too.

// Voice is the platform's speech. Where there is none, nothing is said.
type Voice interface {
	// Speaks says whether there is a voice for that language.
	Speaks(language string) bool
	// Say reads sentences aloud and never waits: in the pauses of a ring while it rings, else after the sound that is heard
	// now, in place of what was being read.
	Say(Spoken)
	// Hush ends what is being read.
	Hush()
}

// Spoken is what is read aloud. Vital: also where no more than what is important is wanted.
type Spoken struct {
	Language string
	Vital    bool
	Words    []Sentence
}

// Aloud is how much is read aloud.
type Aloud string

// How much is read aloud.
const (
	AloudOff   Aloud = "off"
	AloudVital Aloud = "vital"
	AloudAll   Aloud = "all"
)

// Alouds are all there are.
var Alouds = []Aloud{AloudOff, AloudVital, AloudAll}

// Reads says whether something is to be read aloud.
func (s Settings) Reads(vital bool) bool {
	return s.Aloud == AloudAll || vital && s.Aloud == AloudVital
}

type (
	// Say reads aloud; Hush ends that.
	Say  struct{ Spoken Spoken }
	Hush struct{}
)

func (e Say) do(_ context.Context, m *Machine) { m.ports.Voice.Say(e.Spoken) }
func (Hush) do(_ context.Context, m *Machine)  { m.ports.Voice.Hush() }

func (Say) course(State) course  { return course{life: wholeRun, lane: "ring"} }
func (Hush) course(State) course { return course{life: wholeRun, lane: "ring"} }

// noVoice is the platform without speech.
type noVoice struct{}

func (noVoice) Speaks(string) bool { return false }
func (noVoice) Say(Spoken)         {}
func (noVoice) Hush()              {}

// readAloud gives what is to be said now, however it came about.
func readAloud(before, after State) []Effect {
	say := func(vital bool, words ...Sentence) []Effect {
		if len(words) == 0 || !after.Settings.Reads(vital) {
			return nil
		}
		return []Effect{Say{Spoken{Language: after.Settings.Language, Vital: vital, Words: words}}}
	}
	switch {
	case rings(after):
		if rings(before) || after.Lock.Calls {
			return nil
		}
		if p := after.place(); p != nil && after.Lock.shown() && !after.Lock.mine(p.ID) {
			return nil // it is not the turn of whoever is alone with the tablet
		}
		return say(true, turn(after))
	case lostWay(after) && !lostWay(before):
		return say(true, Sentence{Key: "say.lost"})
	case lostWay(before) && !lostWay(after):
		return append([]Effect{Hush{}}, say(true, foundWay(after)...)...)
	}
	if after.Lock.shown() && after.Lock.Why != LockAlone {
		return nil // who stands there may be anybody
	}
	if news := unheard(before, after); len(news) > 0 {
		return say(false, news...)
	}
	if before.Settings.Aloud != AloudOff && (hears(before) && !hears(after) || after.Settings.Aloud == AloudOff) {
		return []Effect{Hush{}}
	}
	return nil
}

// turn names the clinic to who may see it.
func turn(s State) Sentence {
	if p := s.place(); p != nil && s.Employee.SignedIn() && !s.Lock.shown() {
		return Sentence{Key: "say.turn", Params: map[string]string{"klinik": p.Clinic.Name}}
	}
	return Sentence{Key: "call.your_turn"}
}

// lostWay says whether a conversation is without a way to the clinic: then nobody is talked over.
func lostWay(s State) bool {
	screen, ok := s.Screen.(InCall)
	return ok && !screen.over && screen.Media == MediaLost
}

// foundWay says that the clinic is back where its voice does not say so itself.
func foundWay(s State) []Sentence {
	if screen, ok := s.Screen.(InCall); ok && !screen.over && screen.Media == MediaLive && screen.Remote.Muted {
		return []Sentence{{Key: "say.back"}}
	}
	return nil
}

// hears says whether somebody is signed in and waits, with a message of the clinic that has not been read.
func hears(s State) bool {
	screen, ok := s.Screen.(Waiting)
	return ok && s.Employee.SignedIn() && len(screen.Place.Unread()) > 0
}

// unheard gives what whoever waits should hear: the number that has just been drawn, or what the clinic has just written.
func unheard(before, after State) []Sentence {
	screen, ok := after.Screen.(Waiting)
	if !ok || !after.Employee.SignedIn() || screen.Place.Elsewhere {
		return nil
	}
	if check, drawn := before.Screen.(Check); drawn && check.Joining {
		return drew(screen.Place)
	}
	if before.place() == nil || before.place().ID != screen.Place.ID {
		return nil // it has been waiting elsewhere
	}
	known := before.message(screen.Place.ID)
	var news []Sentence
	for _, m := range screen.Place.Unread() {
		if !known[m.ID] && m.Text != "" {
			news = append(news, Sentence{Key: "say.message", Params: map[string]string{"tekst": m.Text}})
		}
	}
	return news
}

// drew tells of a number in words that can be heard.
func drew(p Place) []Sentence {
	number := func(key kontakt.MsgKey, n int) Sentence {
		return Sentence{Key: key, Params: map[string]string{"n": strconv.Itoa(n)}}
	}
	words := []Sentence{number("say.number", p.Number)}
	if p.Before == 0 {
		words = append(words, Sentence{Key: "say.next"})
	} else {
		words = append(words, number("say.before", p.Before))
	}
	if from, to := p.Wait.Minutes(); from > 0 {
		words = append(words, Sentence{Key: "say.wait", Params: map[string]string{"a": strconv.Itoa(from), "b": strconv.Itoa(to)}})
	} else if to > 0 {
		words = append(words, number("say.wait_short", to))
	}
	return words
}
