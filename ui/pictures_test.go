package ui

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/render"
	"kontaktlaege/ui/screen"
)

// update rewrites the pictures in testdata and the contact sheet.
var update = os.Getenv("UPDATE_PICTURES") != ""

// form is one way of holding and setting the tablet.
type form struct {
	language      string
	width, height int
	scale         int
	dark          bool
}

func (f form) String() string {
	s := fmt.Sprintf("%s-%dx%d-%d", f.language, f.width, f.height, f.scale)
	if f.dark {
		s += "-dark"
	}
	return s
}

func forms(s situation) []form {
	if s.look != "" { // the colours are looked at, in what decides how words stand
		return []form{{"da", 1280, 800, 100, false}, {"en", 800, 1280, 200, false}}
	}
	var all []form
	for _, language := range []string{"da", "en"} {
		for _, size := range [][2]int{{1280, 800}, {800, 1280}} {
			for _, scale := range []int{100, 200} {
				all = append(all, form{language, size[0], size[1], scale, false})
			}
		}
	}
	if s.small {
		all = append(all, form{"da", 1024, 640, 100, false}, form{"da", 1024, 640, 200, false})
	}
	if s.dark {
		all = append(all, form{"da", 1280, 800, 100, true})
	}
	return all
}

// shown is a window on the software painter, with the taps it sent.
type shown struct {
	*UI
	sent    []app.Event
	self    *render.Mailbox
	remotes *render.Mailboxes
	album   *render.Album
	scanned *render.Mailbox
}

// each runs a test of every situation in each of its forms, one that can be asked for by its name.
func each(t *testing.T, do func(t *testing.T, s situation, f form)) {
	for _, s := range ours() {
		for _, f := range forms(s) {
			t.Run(s.name+"-"+f.String(), func(t *testing.T) { do(t, s, f) })
		}
	}
}

func show(t *testing.T, s situation, f form) *shown {
	t.Helper()
	w := &shown{self: &render.Mailbox{}, remotes: &render.Mailboxes{}, album: &render.Album{}, scanned: &render.Mailbox{}}
	settings := app.Settings{Language: f.language, TextScale: f.scale, Look: cmp.Or(s.look, app.LookLight), Aloud: app.AloudVital}
	if f.dark {
		settings.Look = app.LookDark
	}
	w.UI = newUI(test.NewTempApp(t), Config{
		Send: func(e app.Event) { w.sent = append(w.sent, e) }, Self: w.self, Remote: w.remotes.Of, Still: w.album, Scanned: w.scanned,
		PickList: func(read func([]byte, error)) { read([]byte("cpr;tid;sted\n"), nil) },
		Settings: settings, Now: clock, Width: f.width, Height: f.height,
	})
	t.Cleanup(func() {
		w.self.OnNew(nil)
		w.scanned.OnNew(nil)
		for _, id := range []string{kontakt.ParticipantClinic, amina.ID, bent.ID} {
			w.remotes.Of(id).OnNew(nil)
		}
	})
	if v, ok := s.screen.(app.InCall); ok && v.Still != nil && v.Still.ID != "" && (v.Still.From == kontakt.ParticipantTablet || v.Still.Progress == 1) {
		if err := w.album.Put(v.Still.ID, wound(t)); err != nil {
			t.Fatal(err)
		}
	}
	w.Show(s.state(settings))
	if s.keyed != "" {
		find := w.router.shown.(*screen.FindCitizen)
		was := s.screen.(app.FindCitizen)
		idle := s
		idle.screen = app.FindCitizen{}
		w.Show(idle.state(settings))
		for _, r := range s.keyed {
			find.TypedRune(r)
		}
		if !was.Busy {
			w.window.Canvas().Focused().TypedKey(enter)
		}
		w.Show(s.state(settings))
	}
	switch v := s.screen.(type) {
	case app.Check:
		if v.Report.Camera.State == app.CheckGood {
			w.self.Put(portrait(640, 360, 0xC8))
		}
	case app.Scan:
		if !v.Blind() {
			w.scanned.Put(healthCard(1280, 720))
		}
	case app.InCall:
		for _, p := range append([]app.Participant{{ID: kontakt.ParticipantClinic, Media: v.Media}}, v.Others...) {
			if p.Media == app.MediaLive {
				w.remotes.Put(p.ID, portrait(640, 360, 0x90))
			}
		}
		if !v.Controls.CameraOff && !v.Blind {
			w.self.Put(portrait(640, 360, 0xC8))
		}
		if s.more {
			test.TapCanvas(w.window.Canvas(), centre(w.Targets()["More"]))
		}
	}
	return w
}

// portrait is a head and shoulders before a wall, lighter at the left so that a mirror shows.
func portrait(width, height int, wall byte) *media.Frame {
	var pool media.FramePool
	f := pool.Get(width, height)
	for y := range height {
		for x := range width {
			v := int(wall)
			if x < width/3 {
				v += 30
			}
			dx, dy := x-width/2, y-height*2/5
			if dx*dx*5+dy*dy*3 < height*height/9 {
				v = 220
			} else if ex, ey := x-width/2, y-height*11/10; ex*ex+ey*ey*2 < height*height*4/9 {
				v = 70
			}
			f.Y[y*width+x] = byte(v)
		}
	}
	for i := range f.U {
		f.U[i], f.V[i] = 118, 138
	}
	return f
}

// wound is a photograph: a dark spot on a lighter ground, with a ruler beside it.
func wound(t testing.TB) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for y := range 1200 {
		for x := range 1600 {
			c := color.RGBA{R: 0xd8, G: 0xb0, B: 0x98, A: 0xff}
			if dx, dy := x-800, y-560; dx*dx*4+dy*dy*9 < 600*600 {
				c = color.RGBA{R: 0x7a, G: 0x28, B: 0x24, A: 0xff}
			}
			if y > 1000 && y < 1060 {
				c = color.RGBA{R: 0xf4, G: 0xf4, B: 0xf0, A: 0xff}
				if x%80 < 6 {
					c = color.RGBA{A: 0xff}
				}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestScreens_lookAsKept compares each screen, in both languages, held both ways, at 100 and 200 per cent, with the
// picture that is kept of it at half the size. `make pictures` rewrites them; read the diff.
func TestScreens_lookAsKept(t *testing.T) {
	each(t, func(t *testing.T, s situation, f form) {
		w := show(t, s, f)
		got := halved(w.window.Canvas().Capture())
		path := pictureOf(s, f)
		if update {
			write(t, path, got)
			return
		}
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("no picture kept: %v", err)
		}
		want, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if n := differing(got, want); n > 40 {
			failed := filepath.Join("out", "failed", filepath.Base(path))
			write(t, filepath.Join("..", failed), got)
			t.Errorf("%d pixels differ from the picture kept; see %s", n, failed)
		}
	})
}

func write(t testing.TB, path string, m image.Image) {
	t.Helper()
	if err := keep(path, m); err != nil {
		t.Fatal(err)
	}
}

// paletted is m with a palette where it has few enough colours.
func paletted(m image.Image) image.Image {
	at := map[color.RGBA]uint8{}
	var p color.Palette
	out := image.NewPaletted(m.Bounds(), nil)
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			c := color.RGBAModel.Convert(m.At(x, y)).(color.RGBA)
			i, known := at[c]
			if !known {
				if len(p) == 256 {
					return m
				}
				i = uint8(len(p))
				at[c] = i
				p = append(p, c)
			}
			out.SetColorIndex(x, y, i)
		}
	}
	out.Palette = p
	return out
}

// halved is m at half its size, its edges in steps of sixteen levels, so that a kept picture is small; what is flat keeps
// its very colour.
func halved(m image.Image) *image.RGBA {
	src, ok := m.(*image.NRGBA)
	if !ok {
		src = image.NewNRGBA(m.Bounds())
		draw.Draw(src, src.Rect, m, m.Bounds().Min, draw.Src)
	}
	out := image.NewRGBA(image.Rect(0, 0, src.Rect.Dx()/2, src.Rect.Dy()/2))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			a, b := src.Pix[2*y*src.Stride+8*x:], src.Pix[(2*y+1)*src.Stride+8*x:]
			o := out.Pix[y*out.Stride+4*x:]
			for i := range 3 {
				o[i] = a[i]
				if a[i] != a[4+i] || a[i] != b[i] || a[i] != b[4+i] {
					o[i] = byte(min((int(a[i])+int(a[4+i])+int(b[i])+int(b[4+i])+34)/4&^15, 255))
				}
			}
			o[3] = 0xff
		}
	}
	return out
}

// differing counts the pixels that differ by more than two steps: glyph edges round differently on other machines.
func differing(a, b image.Image) int {
	if a.Bounds() != b.Bounds() {
		return a.Bounds().Dx() * a.Bounds().Dy()
	}
	n := 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			p, q := color.RGBAModel.Convert(a.At(x, y)).(color.RGBA), color.RGBAModel.Convert(b.At(x, y)).(color.RGBA)
			if far(p.R, q.R) || far(p.G, q.G) || far(p.B, q.B) {
				n++
			}
		}
	}
	return n
}

func far(a, b uint8) bool { return max(a, b)-min(a, b) > 32 }

// sheet is all Danish pictures at 100 per cent beside each other, and the 200 per cent ones below.
type sheet struct{ rows map[string][]image.Image }

func newSheet() *sheet { return &sheet{map[string][]image.Image{}} }

func (s *sheet) add(f form, m image.Image) {
	if f.language == "da" {
		key := strings.TrimPrefix(f.String(), "da-")
		s.rows[key] = append(s.rows[key], m)
	}
}

func (s *sheet) picture() image.Image {
	const perRow, gap = 6, 12
	type cell struct {
		at image.Point
		m  image.Image
	}
	var cells []cell
	var width, y int
	for _, key := range []string{"1280x800-100", "1280x800-100-dark", "1280x800-200", "800x1280-100", "800x1280-200", "1024x640-100", "1024x640-200"} {
		var x, tall int
		for i, m := range s.rows[key] {
			if i%perRow == 0 {
				x, y = 0, y+tall
				tall = 0
			}
			cells = append(cells, cell{image.Pt(x+gap, y+gap), m})
			x += m.Bounds().Dx() + gap
			tall = max(tall, m.Bounds().Dy()+gap)
			width = max(width, x+gap)
		}
		y += tall
	}
	out := image.NewRGBA(image.Rect(0, 0, width, y+gap))
	draw.Draw(out, out.Rect, image.NewUniform(color.Gray{0x60}), image.Point{}, draw.Src)
	for _, c := range cells {
		draw.Draw(out, c.m.Bounds().Add(c.at), c.m, image.Point{}, draw.Src)
	}
	return out
}
