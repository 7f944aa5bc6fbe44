package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Stage is the call: the others as large as they get, one's own picture beside or in a corner, a line above, what is asked
// and the tools below. It is always dark, so that the pictures are the brightest thing. Nothing lies over a picture but
// its name, one's own and the notices.
type Stage struct {
	widget.BaseWidget

	look     theme.Theme
	override *container.ThemeOverride
	inner    *fyne.Container
	layout   *stageLayout
}

// NewStage makes a stage. The first tile is the clinic's. ask is shown above the tools while it is visible.
func NewStage(line fyne.CanvasObject, tiles []*Tile, self *Video, notices []fyne.CanvasObject, ask fyne.CanvasObject, tools *Tools) *Stage {
	s := &Stage{look: theme.Theme{}.Over()}
	s.layout = &stageLayout{
		head: canvas.NewRectangle(nil), foot: canvas.NewRectangle(nil), between: canvas.NewRectangle(nil), line: line, tiles: tiles, self: self,
		shadow: canvas.NewRectangle(nil), notices: notices, ask: container.NewVScroll(container.New(ringRoom{}, ask)), tools: tools,
		showSelf: true, others: 1,
	}
	l := s.layout
	s.inner = container.New(l, l.order()...)
	s.paint()
	s.override = container.NewThemeOverride(s.inner, s.look)
	s.ExtendBaseWidget(s)
	return s
}

func (s *Stage) paint() {
	l := s.layout
	l.head.FillColor = s.look.Color(theme.ColorPage, 0)
	l.foot.FillColor, l.between.FillColor = l.head.FillColor, l.head.FillColor
	l.shadow.FillColor = s.look.Color(theme.ColorVideo, 0)
	l.shadow.CornerRadius = theme.Radius
	l.noticeWidth = 640 * s.look.Size(theme.SizeBody) / theme.Theme{}.Size(theme.SizeBody) // as many words in any size
	l.shadow.Shadow = canvas.Shadow{Color: s.look.Color("shadow", 0), BlurRadius: 12, Spread: 2}
}

// SetTheme follows the settings.
func (s *Stage) SetTheme(look theme.Theme) {
	if look != s.look {
		s.look = look
		s.paint()
		s.override.Theme = s.look
		s.override.Refresh()
	}
}

// Say has a text of the line give the longest of its wordings, which stand from long to short, that costs the pictures no
// height.
func (s *Stage) Say(who *Text, wordings ...string) { s.layout.who, s.layout.wordings = who, wordings }

// Spare has a text of the line stand there only where it costs the pictures no height.
func (s *Stage) Spare(t *Text, text string) { s.layout.spare, s.layout.spared = t, text }

// ShowSelf shows or hides one's own picture.
func (s *Stage) ShowSelf(on bool) { s.layout.showSelf = on }

// PlaceSelf puts one's own picture into a corner of the other's, where there is one other.
func (s *Stage) PlaceSelf(bottom, left bool) { s.layout.low, s.layout.left = bottom, left }

// Aim has one's own picture, as it is sent, take the place of the others, who stand small beside it.
func (s *Stage) Aim(on bool) {
	if on != s.layout.aim {
		s.layout.aim = on
		s.layout.self.SetMirror(!on)
		s.inner.Objects = s.layout.order()
	}
}

// ShowOthers says how many of the tiles are in use.
func (s *Stage) ShowOthers(n int) { s.layout.others = min(n, len(s.layout.tiles)) }

// SetTools puts another row of tools below.
func (s *Stage) SetTools(t *Tools) {
	if t != s.layout.tools {
		s.layout.tools = t
		s.inner.Objects = s.layout.order()
	}
}

// Parts are what automation walks.
func (s *Stage) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{s.inner} }

// MinSize is small.
func (s *Stage) MinSize() fyne.Size { return fyne.NewSize(320, 320) }

// LeastWidth is how narrow it may become: its tools stand on one line.
func (s *Stage) LeastWidth() float32 { return s.layout.tools.leastWidth() }

// Refresh lays the stage out again.
func (s *Stage) Refresh() {
	s.inner.Refresh()
	s.BaseWidget.Refresh()
}

// CreateRenderer is called by Fyne.
func (s *Stage) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	return widget.NewSimpleRenderer(s.override)
}

type stageLayout struct {
	head, foot *canvas.Rectangle // the grounds beside the picture: what lies under it would be drawn for nothing, each time
	between    *canvas.Rectangle // the ground of several pictures
	shadow     *canvas.Rectangle
	line       fyne.CanvasObject
	who        *Text // of the line
	wordings   []string
	spare      *Text // of the line, too
	spared     string
	tiles      []*Tile
	self       *Video
	notices    []fyne.CanvasObject
	ask        *container.Scroll
	tools      *Tools
	showSelf   bool
	low, left  bool // where one's own picture stands over one other
	aim        bool
	others     int

	noticeWidth float32
}

// order is what lies below what.
func (l *stageLayout) order() []fyne.CanvasObject {
	all := []fyne.CanvasObject{l.head, l.foot, l.between}
	own := []fyne.CanvasObject{l.shadow, l.self}
	if l.aim {
		all, own = append(all, own...), nil
	}
	for _, t := range l.tiles {
		all = append(all, t)
	}
	all = append(append(append(all, own...), l.line), l.notices...)
	return append(all, l.ask, l.tools)
}

func (l *stageLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, 320) }

func set(o fyne.CanvasObject, b box) {
	o.Move(fyne.NewPos(b.x1, b.y1))
	o.Resize(fyne.NewSize(max(b.x2-b.x1, 0), max(b.y2-b.y1, 0)))
}

func (l *stageLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	const side = theme.Gap
	inner := size.Width - 2*side
	l.word(inner)
	top := HeightFor(l.line, inner) + theme.Space
	set(l.line, box{side, theme.Space / 2, side + inner, top - theme.Space/2})
	tools := l.tools.HeightWithin(size.Width, size.Height*0.62)
	set(l.tools, box{0, size.Height - tools, size.Width, size.Height})
	bottom := size.Height - tools
	if asked := contentOf(l.ask); asked.Visible() {
		w := min(inner, maxColumn)
		h := min(height(asked, w), bottom-top-120) // something of the picture stays
		put(l.ask, (size.Width-w)/2-ringPad, bottom-h+theme.Space, w+2*ringPad, h)
		bottom -= h
	} else {
		l.ask.Hide()
	}
	bottom += theme.Space // ringRoom leaves more than is needed between
	area := box{0, top, size.Width, bottom}
	set(l.head, box{0, 0, size.Width, top})
	set(l.foot, box{0, bottom, size.Width, size.Height})
	at, own := seats(area, l.others, l.showSelf)
	if l.others <= 1 && l.showSelf {
		own = own.into(area, l.low, l.left)
	}
	clear := own
	if l.aim && l.showSelf {
		at, own = aimed(area, l.others)
		clear = at[0]
	}
	l.tiles[0].Cover(max(l.tell(area, clear)-(at[0].y1-area.y1), 0))
	l.people(area, at, own)
}

// word fills the line: with the text that may be spared, where that costs no height.
func (l *stageLayout) word(width float32) {
	if l.spare == nil {
		l.choose(width)
		return
	}
	l.spare.SetText("")
	l.choose(width)
	least := HeightFor(l.line, width)
	l.spare.SetText(l.spared)
	l.choose(width)
	if HeightFor(l.line, width) > least+0.5 {
		l.spare.SetText("")
		l.choose(width)
	}
}

// choose chooses among the wordings.
func (l *stageLayout) choose(width float32) {
	if l.who == nil || len(l.wordings) == 0 {
		return
	}
	was, best, least := l.who.text, "", float32(0)
	for i, w := range l.wordings {
		l.who.text = w
		if h := HeightFor(l.line, width); i == 0 || h < least-0.5 {
			best, least = w, h
		}
	}
	l.who.text = was
	l.who.SetText(best)
}

// people sets the pictures.
func (l *stageLayout) people(area box, at []box, own box) {
	set(l.between, area)
	l.between.Hidden = l.others < 2 && !l.aim
	for i, t := range l.tiles {
		t.Hidden = i >= len(at)
		if !t.Hidden {
			set(t, at[i])
		}
	}
	l.self.Hidden, l.shadow.Hidden = !l.showSelf, !l.showSelf || l.others > 2 || l.aim
	set(l.self, own)
	set(l.shadow, own)
}

// tell sets the notices below each other, at the side where one's own picture is not, and gives how far down they go.
func (l *stageLayout) tell(area, clear box) (depth float32) {
	const side = theme.Gap
	from, room := area.x1+side, area.x2-area.x1-2*side
	switch beside := !clear.empty() && (l.others < 3 || l.aim); {
	case beside && l.others <= 1 && !l.aim && l.low: // they stand below
	case beside && l.others <= 1 && !l.aim && l.left:
		from = clear.x2 + side
		room = area.x2 - side - from
	case beside:
		room = clear.x1 - 2*side
	}
	y := area.y1 + side
	for _, n := range l.notices {
		if !n.Visible() {
			continue
		}
		w := min(NaturalWidth(n), room, l.noticeWidth)
		h := HeightFor(n, w)
		if _, tapped := n.(*Button); (depth > 0 || tapped) && y+h > area.y2 { // no room for a second one: it stays out of sight
			set(n, box{-side - w, y, -side, y + h})
			continue
		}
		set(n, box{from, y, from + w, y + h})
		y += h + theme.Space
		depth = y - area.y1
	}
	return depth
}

// seats says where the others sit, and one's own picture: one other has all the room; two share it along its longer side,
// below one's own; of three the clinic has most of it and the rest stand in
// a row with one's own.
func seats(area box, others int, self bool) (at []box, own box) {
	const gap = theme.Space
	w, h := area.x2-area.x1, area.y2-area.y1
	lying := w > h
	if self {
		ownW := min(max(w*0.2, 200), h*0.5)
		own = box{area.x2 - theme.Gap - ownW, area.y1 + theme.Gap, area.x2 - theme.Gap, area.y1 + theme.Gap + ownW*9/16}
	}
	switch {
	case others <= 1:
		return []box{area}, own
	case others == 2:
		strip := max(spare(area, lying, gap), leastOwn+theme.Gap+gap)
		if self && strip <= h/2 {
			own.y2 = min(own.y2, area.y1+strip-gap)
			own.x1 = own.x2 - (own.y2-own.y1)*16/9
			area.y1 = own.y2 + gap
		}
		return split(area, lying, 2, gap), own
	}
	cells := 2
	if self {
		cells = 3
	}
	large, small := area, area
	if lying {
		cut := area.x1 + w*0.68
		large.x2, small.x1 = cut-gap/2, cut+gap/2
	} else {
		cut := area.y1 + h*0.68
		large.y2, small.y1 = cut-gap/2, cut+gap/2
	}
	row := split(small, !lying, cells, gap)
	at = []box{large, row[0], row[1]}
	if self {
		own = row[2]
	}
	return at, own
}

// aimed says where all sit while a photo is aimed at: one's own picture has what the others leave, who stand below each
// other at the right, or, where it is the larger for it, side by side above it.
func aimed(area box, others int) (at []box, own box) {
	const gap = theme.Space
	w, h, n := area.x2-area.x1, area.y2-area.y1, float32(others)
	small := min(w*0.2, (h-gap*(n-1))/n*16/9)
	room := area
	below := min(w-small-gap, h*16/9) >= min(w, (h-small*9/16-gap)*16/9)
	if below {
		room.x2 -= small + gap
	} else {
		room.y1 += small*9/16 + gap
	}
	for i := range others {
		b := box{area.x2 - small, area.y1, area.x2, area.y1 + small*9/16}
		if by := float32(i); below {
			b.y1, b.y2 = b.y1+by*(small*9/16+gap), b.y2+by*(small*9/16+gap)
		} else {
			b.x1, b.x2 = b.x1-by*(small+gap), b.x2-by*(small+gap)
		}
		at = append(at, b)
	}
	w, h = room.x2-room.x1, room.y2-room.y1
	ownW := min(w, h*16/9)
	left, top := room.x1+(w-ownW)/2, room.y1+(h-ownW*9/16)/2
	return at, box{left, top, left + ownW, top + ownW*9/16}
}

// into gives the box in a corner of an area.
func (b box) into(area box, low, left bool) box {
	w, h := b.x2-b.x1, b.y2-b.y1
	if left {
		b.x1 = area.x1 + theme.Gap
		b.x2 = b.x1 + w
	}
	if low {
		b.y2 = area.y2 - theme.Gap
		b.y1 = b.y2 - h
	}
	return b
}

// leastOwn is how low one's own picture may become to cover nobody.
const leastOwn = 64

// spare is how much of the height two pictures leave that stand beside or above each other.
func spare(area box, lying bool, gap float32) float32 {
	w, h := area.x2-area.x1, area.y2-area.y1
	if lying {
		return h - (w-gap)/2*9/16
	}
	return h - gap - 2*w*9/16
}

// split cuts a box into equal parts beside or below each other.
func split(b box, beside bool, n int, gap float32) []box {
	var parts []box
	for i := range n {
		p := b
		if beside {
			w := (b.x2 - b.x1 - gap*float32(n-1)) / float32(n)
			p.x1 = b.x1 + float32(i)*(w+gap)
			p.x2 = p.x1 + w
		} else {
			h := (b.y2 - b.y1 - gap*float32(n-1)) / float32(n)
			p.y1 = b.y1 + float32(i)*(h+gap)
			p.y2 = p.y1 + h
		}
		parts = append(parts, p)
	}
	return parts
}
