package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// What the nurse writes to the clinician: ISBAR and, where her municipality has turned it on, TOBS. It is written on a
// screen of its own while the citizen waits (Tell), and on a sheet beside the pictures in the call (InCall.Card). It leaves
// by itself; what another tablet has written meanwhile comes in, letter by letter and value by value.

// Writing is a card that is being written.
type Writing struct {
	Loading bool
	Known   kontakt.Card // as the backend has it
	Draft   kontakt.Card // as it is written here; of TOBS the values
	Table   tobs.Table
	Scores  bool // by Table
	Seq     int  // of the last Wrote
	Saving  bool
	Problem Sentence
	News    Sentence // what has become of what was measured

	Measures bool   // TOBS is shown, not ISBAR
	Field    string // the parameter that is being measured, by its key; "": all are shown
	Keyed    map[string]Keyed

	due   bool // what is written leaves in a moment
	newer int  // a version of the card that there is, while the answer to the own is awaited
}

// Keyed is a number of a parameter while it is keyed. It is no measurement before the nurse goes on from it: the clinician
// would see a pulse of 12 on the way to 120.
type Keyed struct {
	Text   string // with a comma
	Method string
	Wrong  bool // she went on from it, and it can't be
}

// What becomes of the card that the nurse writes.
type (
	// Wrote: the letters stand like this now, from the screen where they are written.
	Wrote struct {
		Seq   int // counts on with each; Writing has that of the last that it has taken in
		ISBAR kontakt.ISBAR
	}
	// SaveDue: her hands have rested for a moment.
	SaveDue struct{}
	// CardFetched answers FetchCard; Scores: by Table.
	CardFetched struct {
		ID      kontakt.EntryID
		Card    kontakt.Card
		Table   tobs.Table
		Scores  bool
		Failure Failure
	}
	// CardSaved answers SaveCard: Card is what stands there now, Sent what was asked for.
	CardSaved struct {
		ID         kontakt.EntryID
		Sent, Card kontakt.Card
		Failure    Failure
	}
	// CardChanged: there is a card of this version; who wrote it isn't told.
	CardChanged struct {
		ID      kontakt.EntryID
		Version int
	}

	// TapCard opens the sheet in the call, and TapCardClose puts it away.
	TapCard      struct{}
	TapCardClose struct{}
	// TapISBAR and TapTOBS choose what of the card is shown.
	TapISBAR struct{}
	TapTOBS  struct{}
	// TapMeasure opens a parameter of TOBS, TapMeasures shows all of them again, and TapMeasureNext goes on to the next that
	// has no value.
	TapMeasure     struct{ Key string }
	TapMeasures    struct{}
	TapMeasureNext struct{}
	// TapDigit keys one more sign of a number, or a comma; TapErase takes the last one back.
	TapDigit struct{ Rune rune }
	TapErase struct{}
	// TapMethod says how it was measured. TapChoice says what was seen, and takes it back when it is what stands there.
	TapMethod struct{ Key string }
	TapChoice struct{ Key string }
)

func (Wrote) event()          {}
func (SaveDue) event()        {}
func (CardFetched) event()    {}
func (CardSaved) event()      {}
func (CardChanged) event()    {}
func (TapCard) event()        {}
func (TapCardClose) event()   {}
func (TapISBAR) event()       {}
func (TapTOBS) event()        {}
func (TapMeasure) event()     {}
func (TapMeasures) event()    {}
func (TapMeasureNext) event() {}
func (TapDigit) event()       {}
func (TapErase) event()       {}
func (TapMethod) event()      {}
func (TapChoice) event()      {}

type (
	// FetchCard asks for the card of a place and for the table by which is scored; SaveCard writes Draft over Base.
	FetchCard struct{ ID kontakt.EntryID }
	SaveCard  struct {
		ID          kontakt.EntryID
		Base, Draft kontakt.Card
	}
)

const (
	// writtenPause is how long the nurse's hands rest before what she has written leaves: the clinician sees it within a
	// second (domain.md M4).
	writtenPause = 600 * time.Millisecond
	// cardPause lies between two tries to fetch a card that another has written.
	cardPause = 5 * time.Second
)

// Unsaved says whether something is written here that the backend does not have.
func (w Writing) Unsaved() bool { return !w.Loading && !sameWords(w.Draft, w.Known) }

func (w Writing) save(id kontakt.EntryID) Effect {
	return SaveCard{ID: id, Base: w.Known, Draft: w.Draft}
}

// soon has what is written leave when her hands have rested.
func (w Writing) soon() (Writing, []Effect) {
	if w.due || w.Saving || !w.Unsaved() {
		return w, nil
	}
	w.due = true
	return w, []Effect{After{writtenPause, SaveDue{}}}
}

// writes gives what is being written, and of which place; nil: nothing is.
func writes(s State) (*Writing, kontakt.EntryID) {
	switch screen := s.Screen.(type) {
	case Tell:
		return &screen.Writing, screen.Place.ID
	case InCall:
		return screen.Card, screen.Place.ID
	}
	return nil, ""
}

// leftUnsaved saves what was written, whatever has taken the screen; and before the nurse says that the call is over, since
// then nothing more is taken in.
func leftUnsaved(before, after State) []Effect {
	was, of := writes(before)
	if was == nil || !was.Unsaved() || !after.Employee.SignedIn() {
		return nil
	}
	is, now := writes(after)
	if is == nil || now != of || asksToEnd(after) && !asksToEnd(before) && !was.Saving {
		return []Effect{was.save(of)}
	}
	return nil
}

func asksToEnd(s State) bool {
	screen, ok := s.Screen.(InCall)
	return ok && screen.Ending
}

func sameWords(a, b kontakt.Card) bool {
	return a.ISBAR == b.ISBAR && sameValues(a, b)
}
