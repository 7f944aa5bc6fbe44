package widget

import (
	"image"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/media"
	"kontaktlaege/media/render"
	"kontaktlaege/ui/theme"
)

// Video shows the newest picture of a mailbox. With a GPU its planes go up untouched and a shader makes the colours;
// without one (the test painter, a broken driver) the picture is converted here.
//
// Only the UI thread touches a Video, but for the mailbox's wake, which asks for one redraw: the mailbox wakes at most
// once between two takes, so at most one is ever under way. A picture is held until the next one has taken its place,
// since the painter uploads it some time after Refresh.
type Video struct {
	widget.BaseWidget

	// Radius rounds the corners.
	Radius float32

	box    *render.Mailbox
	look   render.Look
	live   bool
	size   fyne.Size // of the picture, pixels
	area   *pictureArea
	ground *canvas.Rectangle

	shader *canvas.Shader // nil without a GPU
	planes render.Planes
	trace  func(step string)
	shown  bool   // the first picture waits to be painted, which trace wants to know of
	first  func() // of its pictures has come, or one of another size; nil: nobody asks

	image *canvas.Image // nil with one
	rgba  *image.RGBA

	leaders  []*Video // with whose pictures this one's are drawn
	follower *Video   // whose pictures are drawn with this one's
	drawn    time.Time
	patience time.Duration // for a leader
	overdue  *time.Timer   // of the picture that waits for one; nil without leaders
}

// leadFor is how long a picture waits to be drawn with another one.
const leadFor = 100 * time.Millisecond

// NewVideo makes a tile; its name is that of its picture in Targets, and of its shader: Fyne keeps program and textures
// by that name, so no two tiles may share one. cover fills the tile and cuts what stands over.
func NewVideo(name string, box *render.Mailbox, cover, mirror, gpu bool) *Video {
	v := &Video{box: box, look: render.Look{Cover: cover, Mirror: mirror, Alpha: 1}, area: newPictureArea(name), ground: canvas.NewRectangle(nil), patience: leadFor}
	if gpu {
		v.shader = canvas.NewShader("kontakt."+name, []byte(render.ShaderDesktop), []byte(render.ShaderES))
		v.shader.Uniforms = map[string]float32{}
		v.shader.Hide()
	} else {
		v.image = canvas.NewImageFromImage(nil)
		v.image.ScaleMode = canvas.ImageScaleFastest
		v.image.FillMode = canvas.ImageFillContain
		if cover {
			v.image.FillMode = canvas.ImageFillCover
		}
		v.image.Hide()
	}
	v.ExtendBaseWidget(v)
	if box != nil {
		box.OnNew(func() { fyne.Do(v.come) })
	}
	return v
}

// Watch takes the pictures of another mailbox from now on; nil: of none. One that is left is emptied, since nobody else
// will.
func (v *Video) Watch(box *render.Mailbox) {
	if v.box != nil {
		v.box.OnNew(nil)
		v.box.Clear()
	}
	v.box = box
	v.forget()
	if box != nil {
		box.OnNew(func() { fyne.Do(v.come) })
		v.draw() // also empties the mailbox: only an empty one wakes us again
	}
}

// HasGPU says whether the running driver draws shaders: the window drivers do, the test painter does not.
func HasGPU() bool {
	_, onDesktop := fyne.CurrentApp().Driver().(desktop.Driver)
	return onDesktop || fyne.CurrentDevice().IsMobile()
}

// SetMirror turns left and right around, from the next picture on.
func (v *Video) SetMirror(on bool) { v.look.Mirror = on }

// SetLive starts and stops showing; stopped, the tile is dark and holds no picture.
func (v *Video) SetLive(live bool) {
	if live == v.live {
		return
	}
	v.live = live
	if !live {
		v.forget()
	}
	v.draw() // also empties the mailbox: only an empty one wakes us again
}

func (v *Video) forget() {
	v.size = fyne.Size{}
	v.planes.Clear()
	if v.shader != nil {
		v.shader.Textures = nil
		v.shader.Hide()
	} else {
		v.image.Image, v.rgba = nil, nil
		v.image.Hide()
	}
	v.area.Hide()
	v.Refresh()
}

// DrawWith has the pictures drawn with those of the tiles as long as these come: each draw is one of the whole window, so
// that pictures between would cost as much again.
func (v *Video) DrawWith(tiles ...*Tile) {
	for _, t := range tiles {
		t.video.follower = v
		v.leaders = append(v.leaders, t.video)
	}
	v.overdue = time.AfterFunc(v.patience, func() { fyne.Do(v.draw) })
	v.overdue.Stop()
}

// come draws the picture that has come, or leaves it to who leads.
func (v *Video) come() {
	led := func(l *Video) bool { return time.Since(l.drawn) < v.patience }
	if !v.Showing() || !slices.ContainsFunc(v.leaders, led) {
		v.draw()
		return
	}
	v.overdue.Reset(v.patience)
}

// Showing says whether there is a picture.
func (v *Video) Showing() bool { return v.size.Width > 0 }

func (v *Video) draw() {
	if v.overdue != nil {
		v.overdue.Stop()
	}
	if v.box == nil {
		return
	}
	f := v.box.Take()
	if f == nil {
		return
	}
	if !v.live {
		f.Release()
		return
	}
	first := v.size != fyne.NewSize(float32(f.Width), float32(f.Height))
	if v.trace != nil && !v.Showing() {
		v.trace("first picture at the window")
		v.shown = true
	}
	v.size = fyne.NewSize(float32(f.Width), float32(f.Height))
	if v.shader != nil {
		v.look.Radius = v.Radius
		if c := canvasOf(v); c != nil {
			v.look.Radius *= c.Scale()
		}
		render.Uniforms(v.shader.Uniforms, f, v.look)
		v.shader.Textures = v.planes.Show(f)
		v.shader.Hidden = false
	} else {
		v.convert(f)
	}
	switch {
	case first:
		v.Refresh()
		if v.first != nil {
			v.first()
		}
	case v.shader != nil:
		v.shader.Refresh()
	default:
		v.image.Refresh()
	}
	v.drawn = time.Now()
	if v.follower != nil {
		v.follower.draw()
	}
}

func (v *Video) convert(f *media.Frame) {
	v.rgba = render.ToRGBA(f, v.rgba)
	f.Release()
	if v.look.Mirror {
		mirror(v.rgba)
	}
	v.image.Image, v.image.CornerRadius, v.image.Hidden = v.rgba, v.Radius, false
}

func mirror(m *image.RGBA) {
	width := m.Rect.Dx()
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride : y*m.Stride+4*width]
		for l, r := 0, 4*(width-1); l < r; l, r = l+4, r-4 {
			for i := range 4 {
				row[l+i], row[r+i] = row[r+i], row[l+i]
			}
		}
	}
}

// MinSize is a small tile.
func (v *Video) MinSize() fyne.Size { return fyne.NewSize(160, 90) }

// Parts are what automation walks.
func (v *Video) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{v.area} }

// CreateRenderer is called by Fyne.
func (v *Video) CreateRenderer() fyne.WidgetRenderer {
	v.ExtendBaseWidget(v)
	r := &videoRenderer{v}
	r.Refresh()
	return r
}

type videoRenderer struct{ v *Video }

func (r *videoRenderer) MinSize() fyne.Size { return r.v.MinSize() }
func (r *videoRenderer) Destroy()           {}

func (r *videoRenderer) picture() fyne.CanvasObject {
	if r.v.shader != nil {
		return r.v.shader
	}
	return r.v.image
}

// Objects is asked for by the painter, whose hop to the UI thread comes when the window is painted.
func (r *videoRenderer) Objects() []fyne.CanvasObject {
	if r.v.shown {
		r.v.shown = false
		fyne.Do(func() { r.v.trace("first picture drawn") })
	}
	return []fyne.CanvasObject{r.v.ground, r.picture(), r.v.area}
}

func (r *videoRenderer) Layout(size fyne.Size) {
	v := r.v
	v.ground.Resize(size)
	r.picture().Resize(size)
	at, area := fyne.Position{}, size
	if !v.look.Cover && v.Showing() {
		scale := min(size.Width/v.size.Width, size.Height/v.size.Height)
		area = fyne.NewSize(v.size.Width*scale, v.size.Height*scale)
		at = fyne.NewPos((size.Width-area.Width)/2, (size.Height-area.Height)/2)
	}
	v.area.Move(at)
	v.area.Resize(area)
}

func (r *videoRenderer) Refresh() {
	v := r.v
	v.ground.FillColor = v.Theme().Color(theme.ColorVideo, 0)
	v.ground.CornerRadius = v.Radius
	v.area.Hidden = !v.Showing()
	v.ground.Hidden = v.Showing() && v.look.Cover // nothing of it would be seen
	r.Layout(v.Size())
	canvas.Refresh(v)
}

// pictureArea is where the picture itself is, without what the tile leaves dark beside it.
type pictureArea struct {
	widget.BaseWidget
	name string
}

func newPictureArea(name string) *pictureArea {
	a := &pictureArea{name: name}
	a.ExtendBaseWidget(a)
	a.Hide()
	return a
}

// TargetName names the picture.
func (a *pictureArea) TargetName() string { return a.name }

// CreateRenderer is called by Fyne: there is nothing to draw.
func (a *pictureArea) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(NewColumn(0))
}
