package kontakt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Told is what the nurse tells the clinic with the number, in her own words: a line each. It goes as it is from Join over
// the wire and the store to the clinic's list; who may not know the citizen sees none of it.
type Told struct {
	Reason string `json:"reason,omitempty"` // at most MaxReason characters
}

// lines are all of it, in the order in which they are kept: a new one comes last.
func (t *Told) lines() []*string { return []*string{&t.Reason} }

// Trimmed is without space around the lines; ok says whether each is one line and short enough.
func (t Told) Trimmed() (trimmed Told, ok bool) {
	for _, line := range t.lines() {
		*line = strings.TrimSpace(*line)
		if utf8.RuneCountInString(*line) > MaxReason || strings.ContainsFunc(*line, unicode.IsControl) {
			return Told{}, false
		}
	}
	return t, true
}

// Text is all of it as the store keeps it.
func (t Told) Text() string {
	var all []string
	for _, line := range t.lines() {
		all = append(all, *line)
	}
	return strings.Join(all, "\n")
}

// ParseTold reads what Text gave, also before there was a line more.
func ParseTold(text string) (t Told) {
	kept := strings.Split(text, "\n")
	for i, line := range t.lines() {
		if i < len(kept) {
			*line = kept[i]
		}
	}
	return t
}
