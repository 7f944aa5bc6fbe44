package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Verdict is how a check stands.
type Verdict int

// The verdicts.
const (
	Running Verdict = iota
	Good
	Bad
)

// CheckRow is one line of a check: a mark, what is checked, and how it stands in words.
type CheckRow struct {
	widget.BaseWidget

	verdict     Verdict
	mark        *canvas.Image
	what, stand *Text
}

// NewCheckRow makes a line that is still running.
func NewCheckRow() *CheckRow {
	r := &CheckRow{mark: canvas.NewImageFromResource(nil), what: NewText(), stand: NewMuted()}
	r.what.Bold = true
	r.ExtendBaseWidget(r)
	return r
}

// Set says how it stands.
func (r *CheckRow) Set(v Verdict, what, stand string) {
	r.verdict = v
	r.what.SetText(what)
	r.stand.SetText(stand)
	r.Refresh()
}

func (r *CheckRow) indent() float32 { return r.Theme().Size("iconInline") + theme.Gap }

// HeightFor is the height at a width.
func (r *CheckRow) HeightFor(width float32) float32 {
	w := width - r.indent()
	return r.what.HeightFor(w) + r.stand.HeightFor(w) + theme.Space
}

// MinSize is narrow, since text wraps.
func (r *CheckRow) MinSize() fyne.Size {
	r.ExtendBaseWidget(r)
	w := r.indent() + max(r.what.MinSize().Width, r.stand.MinSize().Width)
	return fyne.NewSize(w, r.HeightFor(max(w, r.Size().Width)))
}

// CreateRenderer is called by Fyne.
func (r *CheckRow) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	rr := &checkRowRenderer{r}
	rr.Refresh()
	return rr
}

type checkRowRenderer struct{ r *CheckRow }

func (rr *checkRowRenderer) MinSize() fyne.Size { return rr.r.MinSize() }
func (rr *checkRowRenderer) Destroy()           {}
func (rr *checkRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{rr.r.mark, rr.r.what, rr.r.stand}
}

func (rr *checkRowRenderer) Layout(size fyne.Size) {
	r := rr.r
	icon := r.Theme().Size("iconInline")
	w := size.Width - r.indent()
	h := r.what.HeightFor(w)
	line := lineHeight(r.Theme().Size(theme.SizeBody), fyne.TextStyle{})
	r.mark.Move(fyne.NewPos(0, (line-icon)/2))
	r.mark.Resize(fyne.NewSquareSize(icon))
	r.what.Move(fyne.NewPos(r.indent(), 0))
	r.what.Resize(fyne.NewSize(w, h))
	r.stand.Move(fyne.NewPos(r.indent(), h))
	r.stand.Resize(fyne.NewSize(w, r.stand.HeightFor(w)))
}

func (rr *checkRowRenderer) Refresh() {
	r, th := rr.r, rr.r.Theme()
	icon, ink, stand := IconRunning, theme.ColorMuted, theme.ColorMuted
	switch r.verdict {
	case Good:
		icon, ink = IconCheck, theme.ColorGo
	case Bad:
		icon, ink, stand = IconWarning, theme.ColorDanger, theme.ColorDanger
	}
	r.mark.Resource = icon.resource(th.Color(ink, 0))
	r.mark.Refresh()
	r.stand.Color = stand
	r.what.Refresh()
	r.stand.Refresh()
	rr.Layout(r.Size())
	canvas.Refresh(r)
}
