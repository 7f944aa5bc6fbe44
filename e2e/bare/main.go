// Command bare opens a window of the toolkit with one label in it and nothing else: what `make bench` weighs a tablet at
// rest against.
package main

import (
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	w := app.New().NewWindow("bare")
	w.SetContent(widget.NewLabel("bare"))
	w.SetFullScreen(true)
	w.ShowAndRun()
}
