package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kontaktlaege/ui/theme"
)

// PlaceRow is one of several who wait, as a button over the whole row: the time or the number, who it is and where, and
// how it stands. Its name is that of the tap it sends.
type PlaceRow struct {
	Button

	number, name, where, stands, news *Text
	mark                              *canvas.Image
	sign                              Icon
	words                             *fyne.Container
}

// PlaceFace is what a row says. News is what the nurse has to look at; "": nothing. Sign stands in the place of a number.
type PlaceFace struct {
	Sign                              Icon
	Number, Name, Where, Stands, News string
}

// NewPlaceRow makes an empty row; tapped runs on the UI thread.
func NewPlaceRow(name string, tapped func()) *PlaceRow {
	r := &PlaceRow{number: NewHeading(), mark: canvas.NewImageFromResource(nil), name: NewText(), where: NewMuted(), stands: NewText(), news: NewUrgent()}
	r.Button = Button{Rank: Secondary, name: name, tapped: tapped, whole: r}
	r.number.Alignment = fyne.TextAlignCenter
	r.name.Type, r.name.Bold = theme.SizeLabel, true
	r.news.Color = theme.ColorPrimary
	r.words = NewColumn(theme.Space/2, r.name, r.where, r.stands, r.news)
	r.ExtendBaseWidget(r)
	return r
}

// Set says it.
func (r *PlaceRow) Set(face PlaceFace) {
	r.sign = face.Sign
	r.number.SetText(face.Number)
	r.name.SetText(face.Name)
	r.where.SetText(face.Where)
	r.stands.SetText(face.Stands)
	r.news.SetText(face.News)
	r.Refresh()
}

// SetName changes the name, where another tap is sent from now on.
func (r *PlaceRow) SetName(name string) { r.Button.name = name }

// Parts are what automation walks.
func (r *PlaceRow) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{r.number, r.words} }

// left is the room for the number, with what is around it.
func (r *PlaceRow) left() float32 {
	if r.sign != IconNone {
		return r.Theme().Size("iconInline") + 2*theme.Gap
	}
	digits := textWidth("00.00", r.Theme().Size(theme.SizeHeading), fyne.TextStyle{Bold: true})
	return max(NaturalWidth(r.number), digits) + 2*theme.Gap
}

// HeightFor is the height at a width.
func (r *PlaceRow) HeightFor(width float32) float32 {
	words := HeightFor(r.words, width-r.left()-theme.Gap)
	return max(words, HeightFor(r.number, r.left())) + 2*buttonPadV
}

// NaturalWidth is the width with each line in one.
func (r *PlaceRow) NaturalWidth() float32 { return r.left() + NaturalWidth(r.words) + theme.Gap }

// MinSize has room for the longest word.
func (r *PlaceRow) MinSize() fyne.Size {
	r.ExtendBaseWidget(r)
	w := r.left() + widest(r.words.Objects) + theme.Gap
	return fyne.NewSize(w, r.HeightFor(max(w, r.Size().Width)))
}

// CreateRenderer is called by Fyne.
func (r *PlaceRow) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	p := &placeRowRenderer{r: r, ring: canvas.NewRectangle(nil), face: canvas.NewRectangle(nil), over: canvas.NewRectangle(nil)}
	p.Refresh()
	return p
}

type placeRowRenderer struct {
	r                *PlaceRow
	ring, face, over *canvas.Rectangle
}

func (p *placeRowRenderer) MinSize() fyne.Size { return p.r.MinSize() }
func (p *placeRowRenderer) Destroy()           {}
func (p *placeRowRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{p.ring, p.face, p.over, p.r.mark}, p.r.Parts()...)
}

func (p *placeRowRenderer) Layout(size fyne.Size) {
	const out = theme.FocusGap + theme.FocusWidth
	set(p.ring, box{-out, -out, size.Width + out, size.Height + out})
	set(p.face, box{0, 0, size.Width, size.Height})
	set(p.over, box{0, 0, size.Width, size.Height})
	left := p.r.left()
	middle := func(o fyne.CanvasObject, x1, x2 float32) {
		high := HeightFor(o, x2-x1)
		set(o, box{x1, (size.Height - high) / 2, x2, (size.Height + high) / 2})
	}
	middle(p.r.number, 0, left)
	icon := p.r.Theme().Size("iconInline")
	set(p.r.mark, box{(left - icon) / 2, (size.Height - icon) / 2, (left + icon) / 2, (size.Height + icon) / 2})
	middle(p.r.words, left, size.Width-theme.Gap)
}

func (p *placeRowRenderer) Refresh() {
	th, c := p.r.Theme(), Secondary.colours()
	p.face.FillColor, p.face.StrokeColor, p.face.StrokeWidth, p.face.CornerRadius = th.Color(c.fill, 0), th.Color(c.edge, 0), 2, theme.Radius
	p.r.mark.Hidden = p.r.sign == IconNone
	if p.r.sign != IconNone {
		p.r.mark.Resource = p.r.sign.resource(th.Color(theme.ColorInk, 0))
		p.r.mark.Refresh()
	}
	p.over.FillColor, p.over.CornerRadius = th.Color(theme.ColorClear, 0), theme.Radius
	if p.r.hovered {
		p.over.FillColor = th.Color("hover", 0)
	}
	p.ring.FillColor, p.ring.StrokeColor, p.ring.StrokeWidth = th.Color(theme.ColorClear, 0), th.Color(theme.ColorFocus, 0), theme.FocusWidth
	p.ring.CornerRadius, p.ring.Hidden = theme.Radius+theme.FocusGap+theme.FocusWidth, !p.r.focused
	p.Layout(p.r.Size())
	for _, t := range []*Text{p.r.number, p.r.name, p.r.where, p.r.stands, p.r.news} {
		t.Refresh()
	}
	canvas.Refresh(p.r)
}
