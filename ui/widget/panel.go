package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Panel sets its content on a ground of its own.
type Panel struct {
	widget.BaseWidget

	ground  *canvas.Rectangle
	content *fyne.Container
}

// NewPanel makes a panel.
func NewPanel(content fyne.CanvasObject) *Panel {
	p := panelOf(content)
	p.ExtendBaseWidget(&p)
	return &p
}

// panelOf is a panel for a widget that is one and more.
func panelOf(content fyne.CanvasObject) Panel {
	return Panel{ground: canvas.NewRectangle(nil), content: NewInset(2*theme.Space, 2*theme.Space, content)}
}

// Parts are what automation walks.
func (p *Panel) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{p.content} }

// HeightFor is the height at a width.
func (p *Panel) HeightFor(width float32) float32 { return HeightFor(p.content, width) }

// MinSize is that of the content.
func (p *Panel) MinSize() fyne.Size {
	p.ExtendBaseWidget(p)
	return p.content.MinSize()
}

// CreateRenderer is called by Fyne.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	r := &panelRenderer{p}
	r.Refresh()
	return r
}

type panelRenderer struct{ p *Panel }

func (r *panelRenderer) MinSize() fyne.Size { return r.p.MinSize() }
func (r *panelRenderer) Destroy()           {}
func (r *panelRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.p.ground, r.p.content}
}

func (r *panelRenderer) Layout(size fyne.Size) {
	r.p.ground.Resize(size)
	r.p.content.Resize(size)
}

func (r *panelRenderer) Refresh() {
	r.p.ground.FillColor, r.p.ground.CornerRadius = r.p.Theme().Color(theme.ColorInfo, 0), theme.Radius
	r.p.ground.StrokeColor, r.p.ground.StrokeWidth = r.p.Theme().Color(theme.ColorRim, 0), r.p.Theme().Size(theme.SizeRim)
	r.p.ground.Refresh()
	r.Layout(r.p.Size())
	r.p.content.Refresh()
}
