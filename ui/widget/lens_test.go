package widget

import (
	"testing"

	"fyne.io/fyne/v2"
)

func near(a, b float32) bool { return a-b < 0.5 && b-a < 0.5 }

func TestLens_whatIsUnderAFingerStaysThere(t *testing.T) {
	l := lens{view: fyne.NewSize(1200, 600), picture: fyne.NewSize(4000, 3000)}
	finger := fyne.NewPos(700, 250)
	x, y, inside := l.at(finger)
	if !inside {
		t.Fatal("the finger is beside the picture")
	}
	l.zoomBy(3, finger)
	b := l.through()
	if got := fyne.NewPos(b.x1+x*(b.x2-b.x1), b.y1+y*(b.y2-b.y1)); !near(got.X, finger.X) || !near(got.Y, finger.Y) {
		t.Errorf("it moved to %v", got)
	}
	l.zoomBy(0.01, finger)
	if b := l.through(); !near(b.x1, 200) || !near(b.x2, 1000) || !near(b.y1, 0) || !near(b.y2, 600) {
		t.Errorf("zoomed out it is at %v, want the whole picture", b)
	}
}

func TestLens_thePictureNeverLeavesTheView(t *testing.T) {
	l := lens{view: fyne.NewSize(1200, 600), picture: fyne.NewSize(4000, 3000)}
	l.zoomBy(100, fyne.NewPos(600, 300))
	if l.zoom != MaxZoom {
		t.Errorf("enlarged %v times", l.zoom)
	}
	for _, by := range [][2]float32{{9000, 9000}, {-20000, -20000}} {
		l.panBy(by[0], by[1])
		if b := l.through(); b.x1 > 0.5 || b.y1 > 0.5 || b.x2 < 1199.5 || b.y2 < 599.5 {
			t.Errorf("panned by %v it is at %v", by, b)
		}
	}
	(&lens{}).zoomBy(2, fyne.Position{}) // nothing is shown yet
}

func TestPinch_zoomsByHowTheFingersSpread(t *testing.T) {
	var p pinch
	p.down(0, fyne.NewPos(400, 300))
	if _, _, _, two := p.move(0, fyne.NewPos(410, 300)); two {
		t.Error("one finger pinches")
	}
	p.down(1, fyne.NewPos(610, 300))
	factor, middle, was, two := p.move(1, fyne.NewPos(810, 300))
	if !two || factor != 2 || middle.X != 610 || was.X != 510 {
		t.Errorf("factor %v, middle %v, was %v, two %v", factor, middle, was, two)
	}
	p.up(1)
	if _, _, _, two := p.move(0, fyne.NewPos(0, 0)); two {
		t.Error("a lifted finger pinches")
	}
	if _, _, _, two := p.move(7, fyne.NewPos(0, 0)); two {
		t.Error("a finger that never came pinches")
	}
}
