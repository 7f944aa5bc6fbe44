package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// NewBeside sets a sheet beside a face, or below it where the window stands upright. Where there is no room for both, the
// sheet has all of it. A sheet that is hidden takes none.
func NewBeside(face, sheet fyne.CanvasObject) *fyne.Container {
	return container.New(beside{}, face, sheet)
}

type beside struct{}

// narrowest is how narrow a face may become: those with tools know.
func narrowest(face fyne.CanvasObject) float32 {
	if f, knows := face.(interface{ LeastWidth() float32 }); knows {
		return max(f.LeastWidth(), leastFace)
	}
	return leastFace
}

const (
	leastFace  float32 = 480 // of a face beside a sheet
	leastSheet float32 = 400
	mostSheet  float32 = 600
	leastUpper float32 = 360 // of a face above a sheet
	leastLower float32 = 560
)

func (beside) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, 320) }

func (beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	face, sheet := objects[0], objects[1]
	face.Show()
	whole := box{0, 0, size.Width, size.Height}
	across := min(max(size.Width/2, leastSheet), mostSheet, size.Width-narrowest(face))
	below := max(size.Height*0.62, leastLower)
	switch {
	case !sheet.Visible():
		set(face, whole)
	case size.Width > size.Height && across >= leastSheet:
		set(face, box{0, 0, size.Width - across, size.Height})
		set(sheet, box{size.Width - across, 0, size.Width, size.Height})
	case size.Width <= size.Height && size.Height-below >= leastUpper:
		set(face, box{0, 0, size.Width, size.Height - below})
		set(sheet, box{0, size.Height - below, size.Width, size.Height})
	default:
		face.Hide()
		set(sheet, whole)
	}
}
