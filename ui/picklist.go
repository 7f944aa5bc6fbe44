package ui

import (
	"errors"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"kontaktlaege/ui/i18n"
)

// mostList is more than the backend takes of a list: what is larger is none.
const mostList = 1 << 20

var errLong = errors.New("ui: too long for a list")

// pickList has a person choose a file: on Android with the system's own picker, elsewhere in a dialog over the screen, which
// makes way for the next one. A list is read whole and kept nowhere.
func (r *router) pickList(w fyne.Window) func(read func([]byte, error)) {
	return func(read func([]byte, error)) {
		tr := i18n.For(r.state.Settings.Language)
		d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
			r.picking = nil
			if f == nil || err != nil {
				read(nil, err)
				return
			}
			defer f.Close()
			list, err := io.ReadAll(io.LimitReader(f, mostList+1))
			if err == nil && len(list) > mostList {
				err = errLong
			}
			if err != nil {
				read(nil, err)
				return
			}
			read(list, nil)
		}, w)
		if !fyne.CurrentDevice().IsMobile() { // a picker of Android goes by types, which lists have many of
			d.SetFilter(storage.NewExtensionFileFilter([]string{".csv", ".txt"}))
		}
		d.SetTitleText(tr.Say("rnd.import"))
		d.SetConfirmText(tr.Say("rnd.import_open"))
		d.SetDismissText(tr.Say("cit.back"))
		r.picking = d
		d.Show()
		d.Resize(w.Canvas().Size())
	}
}

// stopPicking takes the dialog away: another screen has come, such as a call.
func (r *router) stopPicking() {
	if r.picking != nil {
		r.picking.Hide()
		r.picking = nil
	}
}
