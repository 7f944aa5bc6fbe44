package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/media/render"
	"kontaktlaege/ui/theme"
)

// TileFace is what a tile shows.
type TileFace struct {
	Label string // who it is, and a word about it, on the picture; "" where the screen says so elsewhere

	// A card with these covers the picture; without a sentence there is none. Until lets the first picture push it aside.
	Title, Sentence string
	Until           bool
	Sounds          bool // the card shows how loud it is there
	Level           float64
}

// Tile is one of the others in a call: the picture with a name on it, or a calm card that says why there is none. A
// picture that stands still is never shown without a word.
type Tile struct {
	widget.BaseWidget

	video   *Video
	box     *render.Mailbox
	face    TileFace
	card    *canvas.Rectangle
	chip    *canvas.Rectangle
	label   *Text
	meter   *Meter
	words   *fyne.Container
	heading *Text
	text    *Text
	covered float32 // from the top: notices lie there
}

// NewTile makes a tile; the name is its picture's, as NewVideo has it.
func NewTile(name string, gpu bool) *Tile {
	t := &Tile{
		video: NewVideo(name, nil, false, false, gpu), card: canvas.NewRectangle(nil), chip: canvas.NewRectangle(nil),
		label: NewText(), heading: NewHeading(), text: NewText(), meter: NewMeter(),
	}
	t.video.first = func() { t.Refresh() }
	t.label.Bold = true
	t.text.Type = theme.SizeLabel
	t.heading.Alignment, t.text.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	t.words = NewColumn(theme.Space, t.heading, t.meter, t.text)
	t.ExtendBaseWidget(t)
	return t
}

// Trace has step called when the first picture of somebody comes to the window, and when it has been drawn.
func (t *Tile) Trace(step func(string)) { t.video.trace = step }

// Watches says whether the tile shows the pictures of a mailbox.
func (t *Tile) Watches(box *render.Mailbox) bool { return t.box == box }

// Watch shows the pictures of a mailbox; nil: nobody's, and the tile holds none. A mailbox has one tile at a time: the
// other has to leave it first.
func (t *Tile) Watch(box *render.Mailbox) {
	if box == t.box {
		return
	}
	t.box = box
	t.video.live = box != nil
	t.video.Watch(box)
}

// Set says what is to be seen.
func (t *Tile) Set(f TileFace) {
	if f == t.face {
		return
	}
	t.face = f
	t.Refresh()
}

// Cover tells how much of the tile lies under notices, from its top: the words of the card keep clear of it.
func (t *Tile) Cover(height float32) { t.covered = height }

// shrink makes texts smaller until they fit, but never below what is easily read; it is the last resort of a small tile.
func shrink(fits func() bool, texts ...*Text) {
	for part := float32(1); ; part -= 0.1 {
		least := part <= 0.5
		for _, x := range texts {
			x.shrunk = part
			size, _ := x.typeface()
			least = least || size < 18*1.1
		}
		if least || fits() {
			return
		}
	}
}

func (t *Tile) carded() bool {
	return t.face.Sentence != "" && !(t.face.Until && t.video.Showing())
}

// Parts are what automation walks.
func (t *Tile) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{t.video, t.label, t.words} }

// MinSize is a small tile.
func (t *Tile) MinSize() fyne.Size { return t.video.MinSize() }

// CreateRenderer is called by Fyne.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	r := &tileRenderer{t}
	r.Refresh()
	return r
}

type tileRenderer struct{ t *Tile }

func (r *tileRenderer) MinSize() fyne.Size { return r.t.MinSize() }
func (r *tileRenderer) Destroy()           {}
func (r *tileRenderer) Objects() []fyne.CanvasObject {
	t := r.t
	return []fyne.CanvasObject{t.video, t.card, t.words, t.chip, t.label}
}

func (r *tileRenderer) Layout(size fyne.Size) {
	t := r.t
	t.video.Resize(size)
	t.card.Resize(size)
	const pad = theme.Space
	chip := fyne.Size{}
	if t.label.Visible() {
		w := size.Width - 4*pad
		shrink(func() bool { return t.label.HeightFor(w) <= size.Height/4 }, t.label)
		w = min(t.label.NaturalWidth(), w)
		chip = fyne.NewSize(w+2*pad, t.label.HeightFor(w)+pad)
		at := fyne.NewPos(pad, size.Height-pad-chip.Height)
		t.chip.Move(at)
		t.chip.Resize(chip)
		t.label.Move(at.AddXY(pad, pad/2))
		t.label.Resize(fyne.NewSize(w, chip.Height-pad))
	}
	w, top := min(size.Width-4*pad, 560), min(t.covered, size.Height/2)
	room := size.Height - chip.Height - top - 2*pad
	shrink(func() bool { return HeightFor(t.words, w) <= room }, t.heading, t.text)
	h := HeightFor(t.words, w)
	t.words.Move(fyne.NewPos((size.Width-w)/2, top+pad+max((room-h)/2, 0)))
	t.words.Resize(fyne.NewSize(w, h))
	for _, x := range []*Text{t.label, t.heading, t.text} {
		x.Refresh() // its size may be another
	}
}

func (r *tileRenderer) Refresh() {
	t, th := r.t, r.t.Theme()
	card := t.carded()
	t.card.FillColor = th.Color(theme.ColorSurface, 0)
	t.chip.FillColor, t.chip.CornerRadius = th.Color(theme.ColorPage, 0), theme.Radius
	label := t.face.Label
	if card && t.face.Title != "" {
		label = "" // the card says whose it is
	}
	t.label.SetText(label)
	t.chip.Hidden = label == ""
	t.heading.SetText(t.face.Title)
	t.text.SetText(t.face.Sentence)
	t.meter.Hidden = !t.face.Sounds
	t.meter.SetLevel(t.face.Level)
	t.card.Hidden, t.words.Hidden = !card, !card
	t.video.Hidden = card // what is covered would be drawn for nothing
	r.Layout(t.Size())
	canvas.Refresh(t)
}
