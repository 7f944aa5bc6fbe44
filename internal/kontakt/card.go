package kontakt

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kontaktlaege/internal/kontakt/tobs"
)

// ISBAR is what the nurse writes to the clinician about a place, in the letters' order (domain.md §2.8). The first of
// them, who calls about whom, is known already and never written.
type ISBAR struct {
	Situation  string `json:"situation,omitempty"` // each at most MaxLetter characters, in any number of lines
	Background string `json:"background,omitempty"`
	Analysis   string `json:"analysis,omitempty"`
	Request    string `json:"request,omitempty"`
}

// MaxLetter is how long each letter of ISBAR may be, in characters.
const MaxLetter = 500

// letters are all of it.
func (i *ISBAR) letters() []*string {
	return []*string{&i.Situation, &i.Background, &i.Analysis, &i.Request}
}

// Trimmed is without space around the letters; ok says whether each is text and short enough.
func (i ISBAR) Trimmed() (trimmed ISBAR, ok bool) {
	other := func(r rune) bool { return unicode.IsControl(r) && r != '\n' }
	for _, letter := range i.letters() {
		*letter = strings.TrimSpace(*letter)
		if utf8.RuneCountInString(*letter) > MaxLetter || strings.ContainsFunc(*letter, other) {
			return ISBAR{}, false
		}
	}
	return i, true
}

// Card is what the nurse tells the clinician about a place, with the reason for contact above it.
type Card struct {
	Told
	ISBAR
	TOBS    *tobs.Scored // nil: not filled in. On the way to the backend, which scores, the values alone
	Version int          // counts every change, of the reason too; 0: nothing was changed or written since the number
	At      time.Time    // of the last change
	By      Person       // who made it
}

// CardMark says in a list what there is of a card. It is a fact for who reads it and puts nobody before another.
type CardMark struct {
	Version  int
	ISBAR    bool // a letter of it is written
	TOBS     bool // it was filled in, perhaps not wholly
	Complete bool
	Total    int // where it is complete
}

// Mark is what a list says of it.
func (c Card) Mark() CardMark {
	m := CardMark{Version: c.Version, ISBAR: c.ISBAR != ISBAR{}, TOBS: c.TOBS != nil}
	if m.TOBS && c.TOBS.Result.Total != nil {
		m.Complete, m.Total = true, *c.TOBS.Result.Total
	}
	return m
}
