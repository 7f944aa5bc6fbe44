package widget

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"
	fynetheme "fyne.io/fyne/v2/theme"
)

// NoteEntry takes some lines of text, at most so many characters: what goes beyond is not taken.
type NoteEntry struct {
	LineEntry
}

// noteRows is how many lines there is room for at least; with more the entry grows.
const noteRows = 2

// NewNoteEntry makes an empty entry with a name for Targets; changed is called after each letter.
func NewNoteEntry(name string, most int, changed func()) *NoteEntry {
	e := &NoteEntry{LineEntry{Most: most, name: name}}
	e.ExtendBaseWidget(e)
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.SetMinRowsVisible(noteRows)
	e.OnChanged = func(string) { changed() }
	return e
}

// Take shows text that comes from elsewhere. Who writes at the end goes on at the end.
func (e *NoteEntry) Take(text string) {
	if text == e.Text {
		return
	}
	e.SetText(text)
	lines := strings.Split(text, "\n")
	e.CursorRow, e.CursorColumn = len(lines)-1, utf8.RuneCountInString(lines[len(lines)-1])
	e.Refresh()
}

// Keyboard is one with a key for a new line.
func (e *NoteEntry) Keyboard() mobile.KeyboardType { return mobile.DefaultKeyboard }

// FocusGained brings the entry into sight.
func (e *NoteEntry) FocusGained() {
	e.LineEntry.FocusGained()
	reveal(e)
}

// AcceptsTab leaves Tab to who goes on: what is written here has no columns.
func (e *NoteEntry) AcceptsTab() bool { return false }

// HeightFor has room for all that is written, so that nothing scrolls inside of what scrolls.
func (e *NoteEntry) HeightFor(width float32) float32 {
	size := e.Theme().Size(fynetheme.SizeNameText)
	line := fyne.MeasureText("M", size, e.TextStyle).Height
	edge := 2 * (e.Theme().Size(fynetheme.SizeNameInnerPadding) + e.Theme().Size(fynetheme.SizeNameInputBorder))
	rows := 0
	for text := range strings.SplitSeq(e.Text, "\n") {
		rows += max(len(wrapped(text, width-edge, size, e.TextStyle)), 1)
	}
	return e.MinSize().Height + float32(max(rows-noteRows, 0))*line
}
