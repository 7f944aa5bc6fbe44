package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// ImportFaults says what is wrong with a list, line by line. Nothing of it was taken.
type ImportFaults struct {
	title, text *widget.Text
	lines       *fyne.Container
	back        *widget.Button
	page        *widget.Page
}

// NewImportFaults makes the screen.
func NewImportFaults(p Parts) *ImportFaults {
	s := &ImportFaults{
		title: widget.NewHeading(), text: widget.NewText(), lines: widget.NewColumn(2 * theme.Space),
		back: widget.NewButton("TapBack", widget.Primary, widget.IconBack, p.sends(app.TapBack{})),
	}
	s.text.Type = theme.SizeLabel
	s.page = widget.NewPage(widget.NewColumn(theme.Gap, s.title, s.text), s.lines, widget.NewColumn(theme.Gap, s.back), nil)
	return s
}

// Object is the page.
func (s *ImportFaults) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *ImportFaults) Leave() {}

// Show draws it.
func (s *ImportFaults) Show(state app.State) {
	v, tr := state.Screen.(app.ImportFaults), lookup(state)
	s.title.SetText(tr.Say("rnd.faults_title"))
	s.text.SetText(tr.Say("rnd.faults_text"))
	s.back.SetText(tr.Say("rnd.back"))
	s.lines.Objects = nil
	for _, f := range v.Faults {
		line := widget.NewFact(theme.SizeBody)
		at := ""
		if f.Line > 0 {
			at = tr.Say("rnd.fault_line", "n", strconv.Itoa(f.Line))
		}
		line.Set(at, tr.Sentence(f.Msg, f.Params))
		s.lines.Objects = append(s.lines.Objects, line)
	}
	s.page.Refresh()
}
