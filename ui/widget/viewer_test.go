package widget

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/test"

	"kontaktlaege/ui/theme"
)

// quarters is a picture with another brightness in each quarter: 40, 100, 160, 220, row by row.
func quarters(width, height int) image.Image {
	m := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetGray(x, y, color.Gray{Y: uint8(40 + 60*(x*2/width) + 120*(y*2/height))})
		}
	}
	return m
}

func viewer(t testing.TB) (*Viewer, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.Theme{Look: theme.Dark})
	v := NewViewer("Photo")
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 400))
	v.SetPicture(quarters(400, 400)) // at 200–600 by 0–400
	return v, w
}

func touch(id int, x, y float32) *mobile.TouchEvent {
	return &mobile.TouchEvent{ID: id, PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}}
}

func TestViewer_twoFingersEnlargeWhatIsBetweenThem(t *testing.T) {
	v, w := viewer(t)
	if got := Targets(w.Canvas())["Photo"]; got != image.Rect(200, 0, 600, 400) {
		t.Errorf("the picture is at %v", got)
	}
	v.TouchDown(touch(0, 450, 100)) // in the upper right quarter
	v.TouchDown(touch(1, 550, 100))
	v.TouchMoved(touch(1, 750, 100))
	v.TouchMoved(touch(0, 350, 100))
	if z := v.Zoom(); z < 3.9 || z > 4.1 {
		t.Fatalf("enlarged %v times, want 4", z)
	}
	m := w.Canvas().Capture()
	if got := brightness(m, 550, 100); got != 100 {
		t.Errorf("between the fingers is brightness %d, want that of the quarter they lie on", got)
	}
	v.TouchUp(touch(0, 350, 100))
	v.Dragged(&fyne.DragEvent{Dragged: fyne.Delta{DX: 5000, DY: -5000}})
	if got := brightness(w.Canvas().Capture(), 400, 200); got != 160 {
		t.Errorf("dragged to its lower left, the middle has brightness %d", got)
	}
	v.SetPicture(nil)
	if got := brightness(w.Canvas().Capture(), 400, 200); got != 0 {
		t.Error("a picture that was let go is still drawn")
	}
}

func TestViewer_thePointerStaysOnWhatItPointsAt(t *testing.T) {
	v, w := viewer(t)
	v.Point(0.75, 0.25) // the middle of the upper right quarter
	ringed := func(x, y int) bool {
		m := w.Canvas().Capture()
		light, dark := false, false
		for dx := range 40 {
			b := brightness(m, x+dx, y)
			light, dark = light || b > 240, dark || b < 20
		}
		return light && dark
	}
	if !ringed(500, 100) {
		t.Error("no ring around the point, light and dark")
	}
	v.lens.zoomBy(4, fyne.NewPos(500, 100))
	v.Refresh()
	if !ringed(500, 100) {
		t.Error("the ring left the point when it was enlarged")
	}
	v.Unpoint()
	if ringed(500, 100) {
		t.Error("the ring is there when nobody points")
	}
}

func BenchmarkViewer_12MP(b *testing.B) {
	v, _ := viewer(b)
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	v.SetPicture(m)
	v.lens.view = fyne.NewSize(1280, 700)
	b.ReportAllocs()
	for b.Loop() {
		v.draw(1280, 700)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/draw")
}
