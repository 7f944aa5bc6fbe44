package widget

import (
	"strings"

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
	row, column := e.CursorRow, e.CursorColumn
	e.toEnd()
	last := row == e.CursorRow && column == e.CursorColumn
	e.SetText(text)
	if e.CursorRow, e.CursorColumn = row, column; last {
		e.toEnd()
	}
	e.Refresh()
}

// Resize wraps anew. Who has not begun to write begins behind what stands there.
func (e *NoteEntry) Resize(size fyne.Size) {
	if size == e.Size() {
		return
	}
	e.LineEntry.Resize(size)
	if c := canvasOf(e); c == nil || c.Focused() != fyne.Focusable(e) {
		e.toEnd()
	}
}

// toEnd puts the cursor behind all that is written. Its rows are those on the screen, which Fyne alone knows.
func (e *NoteEntry) toEnd() { e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown}) }

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
