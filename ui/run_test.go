package ui

import "fyne.io/fyne/v2"

var enter = &fyne.KeyEvent{Name: fyne.KeyReturn}
