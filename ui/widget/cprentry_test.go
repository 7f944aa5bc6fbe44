package widget_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

func entry(t *testing.T) (*widget.CPREntry, fyne.Window) {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.Theme{})
	e := widget.NewCPREntry()
	w := test.NewTempWindow(t, e)
	w.Resize(fyne.NewSize(600, 120))
	return e, w
}

func typed(e *widget.CPREntry, s string) {
	for _, r := range s {
		e.TypedRune(r)
	}
}

func press(e *widget.CPREntry, name fyne.KeyName) { e.TypedKey(&fyne.KeyEvent{Name: name}) }

func TestCPREntry_hyphenComesAndGoesByItself(t *testing.T) {
	e, _ := entry(t)
	for _, row := range []struct{ key, want string }{
		{"2", "2"}, {"9", "29"}, {"0", "290"}, {"2", "2902"}, {"0", "29020"}, {"0", "290200-"}, {"4", "290200-4"},
	} {
		typed(e, row.key)
		if got := e.Shown(); got != row.want {
			t.Errorf("after %s: %q, want %q", row.key, got, row.want)
		}
	}
	for _, want := range []string{"290200-", "29020", "2902"} {
		press(e, fyne.KeyBackspace)
		if got := e.Shown(); got != want {
			t.Errorf("after backspace: %q, want %q", got, want)
		}
	}
}

func TestCPREntry_takesWhatAKeyboardTypes(t *testing.T) {
	rows := []struct{ name, typed, want string }{
		{"digits", "2902004100", "2902004100"},
		{"a hyphen typed by habit", "290200-4100", "2902004100"},
		{"space", "290200 4100", "2902004100"},
		{"letters of a replacement, small", "2902001ab1", "2902001AB1"},
		{"an eleventh is passed over", "29020041009", "2902004100"},
		{"marks", "29.02/00", "290200"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			e, _ := entry(t)
			typed(e, r.typed)
			if got := e.Text(); got != r.want {
				t.Errorf("%q, want %q", got, r.want)
			}
		})
	}
}

func TestCPREntry_pasteShowsWhatCameEvenWhenItIsWrong(t *testing.T) {
	rows := []struct{ name, pasted, want string }{
		{"with hyphen and space around", " 290200-4100\n", "290200-4100"},
		{"one digit too many is seen", "290200-41001", "290200-41001"},
		{"replaces what was keyed", "2902004100", "290200-4100"},
		{"a novel is cut", "12345678901234567890123456789012345678901234567890", "123456-789012345678901234"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			e, _ := entry(t)
			typed(e, "111")
			board := test.NewClipboard()
			board.SetContent(r.pasted)
			e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: board})
			if got := e.Shown(); got != r.want {
				t.Errorf("%q, want %q", got, r.want)
			}
		})
	}
}

func TestCPREntry_nothingIsCopiedOut(t *testing.T) {
	e, _ := entry(t)
	typed(e, "2902004100")
	board := test.NewClipboard()
	board.SetContent("before")
	e.TypedShortcut(&fyne.ShortcutCopy{Clipboard: board})
	e.TypedShortcut(&fyne.ShortcutCut{Clipboard: board})
	if board.Content() != "before" {
		t.Error("the number went to the clipboard")
	}
}

func TestCPREntry_clearLeavesNothing(t *testing.T) {
	e, _ := entry(t)
	typed(e, "2902004100")
	e.Clear()
	if e.Text() != "" || e.Shown() != "" {
		t.Errorf("%q is left", e.Shown())
	}
}

func TestCPREntry_enterSubmitsOnce(t *testing.T) {
	e, _ := entry(t)
	n := 0
	e.Submit = func() { n++ }
	press(e, fyne.KeyReturn)
	if n != 1 {
		t.Errorf("submitted %d times, want 1", n)
	}
}

func TestKeypad_keysByTapAndByTab(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.Theme{})
	e := widget.NewCPREntry()
	pad := widget.NewKeypad(e.Key, e.Erase)
	pad.SetEraseText("Slet")
	w := test.NewTempWindow(t, widget.NewColumn(8, e, pad))
	w.Resize(fyne.NewSize(480, 700))
	at := widget.Targets(w.Canvas())
	for _, key := range []string{"Key2", "Key9", "Key0", "Key2", "Key0", "Key0", "Key4", "KeyErase", "Key1"} {
		r, ok := at[key]
		if !ok {
			t.Fatalf("no %s among %v", key, at)
		}
		test.TapCanvas(w.Canvas(), fyne.NewPos(float32(r.Min.X+r.Dx()/2), float32(r.Min.Y+r.Dy()/2)))
	}
	if got := e.Shown(); got != "290200-1" {
		t.Errorf("keyed %q, want 290200-1", got)
	}
	w.Canvas().Focus(e)
	for range 3 {
		w.Canvas().FocusNext()
	}
	third := w.Canvas().Focused()
	third.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if got := e.Shown(); got != "290200-13" {
		t.Errorf("with the third key by Tab it is %q, want 290200-13", got)
	}
	if w.Canvas().Focused() != third {
		t.Error("the key lost the focus when it was pressed")
	}
}
