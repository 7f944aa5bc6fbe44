package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// ScanFrame is a line around the place of a picture where something is to be held: as a card lies, or a square.
type ScanFrame struct {
	widget.BaseWidget

	// Square is for a code on a screen, else it is for a card.
	Square bool

	line *canvas.Rectangle
}

const (
	cardAspect          = 85.6 / 54.0
	scanPart            = 0.78 // of the picture's height
	scanStroke  float32 = 4
	scanCorners float32 = 18
)

// NewScanFrame makes one for a card.
func NewScanFrame() *ScanFrame {
	f := &ScanFrame{line: canvas.NewRectangle(nil)}
	f.ExtendBaseWidget(f)
	return f
}

// MinSize is small: it lies over a picture.
func (f *ScanFrame) MinSize() fyne.Size { return fyne.NewSquareSize(80) }

// Refresh lays it out anew, in the colour of what lies on pictures.
func (f *ScanFrame) Refresh() {
	f.colour()
	scanFrameLayout{f}.Layout([]fyne.CanvasObject{f.line}, f.Size())
	f.BaseWidget.Refresh()
}

func (f *ScanFrame) colour() {
	f.line.StrokeColor, f.line.StrokeWidth, f.line.CornerRadius = f.Theme().Color(theme.ColorOnVideo, 0), scanStroke, scanCorners
}

// CreateRenderer is called by Fyne.
func (f *ScanFrame) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	f.colour()
	return widget.NewSimpleRenderer(container.New(scanFrameLayout{f}, f.line))
}

type scanFrameLayout struct{ f *ScanFrame }

func (scanFrameLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSquareSize(80) }

func (l scanFrameLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	high := size.Height * scanPart
	wide := high
	if !l.f.Square {
		wide = high * cardAspect
	}
	set(objects[0], box{(size.Width - wide) / 2, (size.Height - high) / 2, (size.Width + wide) / 2, (size.Height + high) / 2})
}

// NewScanView lays a frame over a picture, 16 by 9; word says in its middle why there is none.
func NewScanView(picture fyne.CanvasObject, frame *ScanFrame, word *Text) *fyne.Container {
	word.Color, word.Alignment = theme.ColorOnVideo, fyne.TextAlignCenter
	return container.New(scanView{}, picture, word, frame)
}

// scanView is aspect with a frame over it.
type scanView struct{ aspect }

func (l scanView) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.aspect.Layout(objects[:2], size)
	set(objects[2], box{0, 0, size.Width, size.Height})
}
