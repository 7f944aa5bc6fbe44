package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kontaktlaege/ui/theme"
)

// NewAspect keeps a picture 16 by 9; word says in its middle why there is none, and is hidden otherwise.
func NewAspect(picture fyne.CanvasObject, word *Text) *fyne.Container {
	word.Color, word.Alignment = theme.ColorOnVideo, fyne.TextAlignCenter
	return container.New(aspect{}, picture, word)
}

type aspect struct{}

func (aspect) heightFor(_ []fyne.CanvasObject, width float32) float32 { return width * 9 / 16 }

func (aspect) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	picture, word := objects[0], objects[1]
	set(picture, box{0, 0, size.Width, size.Height})
	high := HeightFor(word, size.Width-2*theme.Gap)
	set(word, box{theme.Gap, (size.Height - high) / 2, size.Width - theme.Gap, (size.Height + high) / 2})
}

func (l aspect) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := widest(objects)
	return fyne.NewSize(w, w*9/16)
}

// NewCentred sets an object in the middle, at the height that it wants and as wide as it is high.
func NewCentred(o fyne.CanvasObject) *fyne.Container { return container.New(centred{}, o) }

type centred struct{}

func (centred) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	if !objects[0].Visible() {
		return 0
	}
	return HeightFor(objects[0], width)
}

func (centred) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := min(HeightFor(objects[0], size.Width), size.Height)
	set(objects[0], box{(size.Width - side) / 2, 0, (size.Width + side) / 2, side})
}

func (centred) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }
