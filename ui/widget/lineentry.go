package widget

import (
	"unicode/utf8"

	"fyne.io/fyne/v2/driver/mobile"
)

// LineEntry takes one line, such as a name.
type LineEntry struct {
	CodeEntry

	// Focused is called when typing begins here; nil: nobody is told.
	Focused func()
	// Most is how many characters it takes; 0: any number.
	Most int

	name   string
	digits bool
}

// NewLineEntry makes an empty entry with a name for Targets; submit is called at Enter. For digits a tablet brings up a
// keyboard of them.
func NewLineEntry(name string, digits bool, submit func()) *LineEntry {
	e := &LineEntry{name: name, digits: digits}
	e.ExtendBaseWidget(e)
	e.OnSubmitted = func(string) { submit() }
	return e
}

// FocusGained tells where typing goes.
func (e *LineEntry) FocusGained() {
	e.Entry.FocusGained()
	reveal(e)
	if e.Focused != nil {
		e.Focused()
	}
}

// TypedRune takes a letter while there is room.
func (e *LineEntry) TypedRune(r rune) {
	if e.Most == 0 || utf8.RuneCountInString(e.Text) < e.Most {
		e.CodeEntry.TypedRune(r)
	}
}

// TargetName names the entry while it can be used.
func (e *LineEntry) TargetName() string {
	if e.Disabled() {
		return ""
	}
	return e.name
}

// Keyboard is the one that fits.
func (e *LineEntry) Keyboard() mobile.KeyboardType {
	if e.digits {
		return mobile.NumberKeyboard
	}
	return mobile.SingleLineKeyboard
}
