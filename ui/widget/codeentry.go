package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/mobile"
	fynetheme "fyne.io/fyne/v2/theme"
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

// NewRoomy sets an entry in the text of a heading.
func NewRoomy(e fyne.CanvasObject) fyne.CanvasObject { return container.NewThemeOverride(e, roomy{}) }

// roomy is the running theme with larger text.
type roomy struct{}

func running() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (roomy) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	return running().Color(n, v)
}
func (roomy) Font(s fyne.TextStyle) fyne.Resource     { return running().Font(s) }
func (roomy) Icon(n fyne.ThemeIconName) fyne.Resource { return running().Icon(n) }

func (roomy) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case fynetheme.SizeNameText:
		return running().Size(theme.SizeHeading)
	case fynetheme.SizeNameInnerPadding:
		return theme.Gap
	}
	return running().Size(n)
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

// TypedKey hands Escape and the tablet's back key to the screen.
func (e *CodeEntry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape || k.Name == mobile.KeyBack {
		passKey(e, k)
		return
	}
	e.Entry.TypedKey(k)
}
