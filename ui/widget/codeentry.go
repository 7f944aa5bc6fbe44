package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// CodeEntry takes IT's enrolment code. It is Fyne's own entry, since a tablet needs its keyboard for letters.
type CodeEntry struct {
	widget.Entry
}

// NewCodeEntry makes an empty entry; submit is called at Enter.
func NewCodeEntry(submit func()) *CodeEntry {
	e := &CodeEntry{}
	e.ExtendBaseWidget(e)
	e.TextStyle = fyne.TextStyle{Bold: true}
	e.OnSubmitted = func(string) { submit() }
	return e
}

// TargetName names the entry.
func (e *CodeEntry) TargetName() string {
	if e.Disabled() {
		return ""
	}
	return "EntryCode"
}

// MinSize is never below a touch target.
func (e *CodeEntry) MinSize() fyne.Size {
	m := e.Entry.MinSize()
	return fyne.NewSize(max(m.Width, 240), max(m.Height, theme.Target))
}

// FocusGained brings the entry into sight.
func (e *CodeEntry) FocusGained() {
	e.Entry.FocusGained()
	reveal(e)
}

// TypedKey hands Escape and the tablet's back key to the screen.
func (e *CodeEntry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape || k.Name == mobile.KeyBack {
		passKey(e, k)
		return
	}
	e.Entry.TypedKey(k)
}
