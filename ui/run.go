// Package ui is the tablet's window: it shows the newest app.State and sends taps back.
//
// Invariants: Show never waits and the newest state wins; this file holds the only hop to the UI thread, and at most
// one hop is under way; nothing is decided here. The window's title, its icon and Fyne's preferences never hold a name
// or a number of a person.
package ui

import (
	"image"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver/desktop"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/render"
	"kontaktlaege/ui/screen"
	"kontaktlaege/ui/widget"
)

// Config is what the window is made of.
type Config struct {
	Send          func(app.Event)                          // called on the UI thread; must not wait
	Self          *render.Mailbox                          // one's own picture
	Remote        func(participant string) *render.Mailbox // another's in the call
	Still         *render.Album                            // the still pictures of the call
	Scanned       *render.Mailbox                          // what is held before the camera to be scanned
	Settings      app.Settings                             // of the first picture, before the first Show
	Now           func() time.Time                         // the tablet's clock, for what lasts; nil: time.Now
	Clock         func() time.Time                         // the backend's clock, for times that are said; nil: Now
	Trace         func(step string)                        // told when a call's first picture comes and is drawn; nil: nobody asks
	Touched       func()                                   // somebody has touched the tablet or a key; nil: nobody asks
	Close         func()                                   // somebody wants to close the window; nil: it closes
	Fullscreen    bool
	PickList      func(read func(list []byte, err error)) // has a person choose the file of a list; nil: with a dialog
	Width, Height int                                     // of the window at first, in dp; 0: 1280 by 800
	NoShader      bool                                    // convert pictures on the CPU: for a graphics driver that draws them wrong
}

const (
	appID       = "dk.kontaktlaege.tablet"
	windowTitle = "Kontakt Læge"
)

// UI is the tablet's window.
type UI struct {
	fyne   fyne.App
	window fyne.Window
	router *router
	full   bool

	mu      sync.Mutex
	next    app.State
	hopping bool
}

// New makes the window; Run shows it. It must be called on the main goroutine.
func New(c Config) *UI {
	return newUI(fyneapp.NewWithID(appID), c)
}

func newUI(a fyne.App, c Config) *UI {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Clock == nil {
		c.Clock = c.Now
	}
	if c.Touched == nil {
		c.Touched = func() {}
	}
	if c.Close == nil {
		c.Close = a.Quit
	}
	c.Send = touching(c.Send, c.Touched)
	width, height := float32(c.Width), float32(c.Height)
	if width <= 0 || height <= 0 {
		width, height = 1280, 800
	}
	a.Settings().SetTheme(screen.Theme(c.Settings))
	w := a.NewWindow(windowTitle)
	w.SetPadded(false)
	w.SetMaster()
	u := &UI{fyne: a, window: w, full: c.Fullscreen, router: newRouter(w.Canvas(), c)}
	if u.router.parts.PickList = c.PickList; c.PickList == nil {
		u.router.parts.PickList = u.router.pickList(w)
	}
	w.SetContent(u.router.root)
	w.Resize(fyne.NewSize(width, height))
	w.Canvas().SetOnTypedKey(u.router.typedKey)
	w.Canvas().SetOnTypedRune(u.router.typedRune)
	if c, ok := w.Canvas().(desktop.Canvas); ok {
		c.SetOnKeyDown(u.router.keyDown)
	}
	w.SetCloseIntercept(c.Close)
	u.next = app.State{Settings: c.Settings, Screen: app.Starting{}}
	u.router.show(u.next)
	return u
}

// Run shows the window and returns when it has been closed or Quit was called.
func (u *UI) Run() {
	done := make(chan struct{})
	var ticking sync.WaitGroup
	u.fyne.Lifecycle().SetOnStarted(func() {
		if u.full {
			u.window.SetFullScreen(true)
		}
		ticking.Go(func() { u.tick(done) })
	})
	u.window.ShowAndRun()
	close(done)
	ticking.Wait()
}

// tick moves the clocks on, once a second.
func (u *UI) tick(done <-chan struct{}) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-done:
			return
		case <-t.C:
			fyne.Do(u.router.tick)
		}
	}
}

// Show draws s soon; any goroutine, never waits. Of states that come faster than they are drawn, the newest is drawn.
func (u *UI) Show(s app.State) {
	u.mu.Lock()
	u.next = s
	hop := !u.hopping
	u.hopping = true
	u.mu.Unlock()
	if hop {
		fyne.Do(u.draw)
	}
}

func (u *UI) draw() {
	u.mu.Lock()
	s := u.next
	u.hopping = false
	u.mu.Unlock()
	u.router.show(s)
}

// Card takes the number of a health card that was scanned to the screen that shows its picture, as if it were keyed there; any
// goroutine, never waits. It is no part of the state, and a screen that has been left does not get it.
func (u *UI) Card(number kontakt.CPR) { u.read(func(s screen.Reading) { s.Card(number) }) }

// Code does so with the code of a colleague's offer.
func (u *UI) Code(code string) { u.read(func(s screen.Reading) { s.Code(code) }) }

func (u *UI) read(take func(screen.Reading)) {
	fyne.Do(func() {
		if s, ok := u.router.shown.(screen.Reading); ok {
			take(s)
		}
	})
}

// Quit closes the window; any goroutine.
func (u *UI) Quit() { fyne.Do(u.fyne.Quit) }

// Targets gives where each thing is that can be tapped or looked at now, by the name of its tap, in pixels of the
// window, and "Screen:…" for the screen itself. It waits for the UI thread and must not be called on it.
func (u *UI) Targets() map[string]image.Rectangle {
	var found map[string]image.Rectangle
	fyne.DoAndWait(func() {
		c := u.window.Canvas()
		found = widget.Targets(c)
		w, h := c.PixelCoordinateForPosition(fyne.NewPos(c.Size().Width, c.Size().Height))
		found["Screen:"+u.router.name] = image.Rect(0, 0, w, h)
	})
	return found
}

// Sentences gives where each sentence stands that is shown now, by its words, in pixels of the window. They name people:
// automation tells their fingerprints. It waits for the UI thread and must not be called on it.
func (u *UI) Sentences() map[string]image.Rectangle {
	var found map[string]image.Rectangle
	fyne.DoAndWait(func() { found = widget.Sentences(u.window.Canvas()) })
	return found
}

// touching tells of a touch with each tap that is sent. What is keyed without one is told by the keys.
func touching(send func(app.Event), touched func()) func(app.Event) {
	return func(e app.Event) {
		touched()
		send(e)
	}
}
