package widget

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"rsc.io/qr"
)

// QR is an address as a code that a telephone reads off the tablet: black on white in light and dark alike, with its
// quiet edge, large enough for half a metre.
type QR struct {
	widget.BaseWidget

	// Most is how large it gets.
	Most float32

	address string
	image   *canvas.Image
}

const (
	qrQuiet         = 4 // modules around, which the standard asks for
	qrMost  float32 = 400
)

// NewQR makes one that is hidden until it has an address.
func NewQR() *QR {
	q := &QR{image: canvas.NewImageFromImage(nil), Most: qrMost}
	q.image.ScaleMode = canvas.ImageScalePixels
	q.image.FillMode = canvas.ImageFillContain
	q.ExtendBaseWidget(q)
	q.Hide()
	return q
}

// SetAddress shows an address; "" hides the code. One that is too long for a code is told by false.
func (q *QR) SetAddress(address string) bool {
	if address == q.address {
		return address == "" || q.Visible()
	}
	q.address, q.image.Image = address, nil
	q.Hide()
	if address == "" {
		return true
	}
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return false
	}
	q.image.Image = modules(code)
	q.Show()
	q.Refresh()
	return true
}

// modules is the code with its quiet edge, a pixel a module.
func modules(code *qr.Code) image.Image {
	side := code.Size + 2*qrQuiet
	m := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				m.SetColorIndex(x+qrQuiet, y+qrQuiet, 1)
			}
		}
	}
	return m
}

// TargetName lets a test see that it is shown.
func (q *QR) TargetName() string { return "QR" }

// HeightFor is the height at a width: a square.
func (q *QR) HeightFor(width float32) float32 { return min(width, q.Most) }

// MinSize is the least that can be scanned.
func (q *QR) MinSize() fyne.Size { return fyne.NewSquareSize(240) }

// CreateRenderer is called by Fyne.
func (q *QR) CreateRenderer() fyne.WidgetRenderer {
	q.ExtendBaseWidget(q)
	return widget.NewSimpleRenderer(q.image)
}
