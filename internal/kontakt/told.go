package kontakt

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Told is what the nurse tells the clinic with the number, in her own words: a line each. It goes as it is from Join over
// the wire and the store to the clinic's list; who may not know the citizen sees none of it.
type Told struct {
	Reason string `json:"reason,omitempty"` // at most MaxReason characters
	Room   string `json:"room,omitempty"`   // who is there besides the citizen and the nurse: see InRoom
}

// RoomRoles are those who can be in the room besides the citizen and the nurse, in the order in which they are told.
var RoomRoles = []RecordRole{RoleInRelative, RoleInColleague, RoleInInterpreter}

// RoomOf gives who else is there as Told.Room tells it: roles with a space between.
func RoomOf(roles []RecordRole) string {
	var words []string
	for _, role := range RoomRoles {
		if slices.Contains(roles, role) {
			words = append(words, string(role))
		}
	}
	return strings.Join(words, " ")
}

// InRoom gives who else is there, each once; a word that is no role of RoomRoles says nothing.
func (t Told) InRoom() []RecordRole {
	var roles []RecordRole
	for _, role := range RoomRoles {
		if slices.Contains(strings.Fields(t.Room), string(role)) {
			roles = append(roles, role)
		}
	}
	return roles
}

// lines are all of it, in the order in which they are kept: a new one comes last.
func (t *Told) lines() []*string { return []*string{&t.Reason, &t.Room} }

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
