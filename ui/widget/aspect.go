package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// NewAspect keeps an object 16 by 9.
func NewAspect(o fyne.CanvasObject) *fyne.Container { return container.New(aspect{}, o) }

type aspect struct{}

func (aspect) heightFor(_ []fyne.CanvasObject, width float32) float32 { return width * 9 / 16 }

func (aspect) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
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
