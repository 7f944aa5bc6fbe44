package ui

import (
	"fmt"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/mobile"
	fynewidget "fyne.io/fyne/v2/widget"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/screen"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// router picks the screen for a state. Each screen is made once and kept, so that what was keyed and where the focus
// stood survive; what a screen holds of a citizen is wiped once no screen of that citizen is shown.
type router struct {
	config  Config
	canvas  fyne.Canvas
	root    *frame
	screens map[reflect.Type]screen.Screen
	parts   screen.Parts

	emergency *screen.Emergency // "Ring 112", over whatever is shown

	keys     keys
	state    app.State
	shown    screen.Screen
	laid     fyne.CanvasObject // in the frame: the screen's, or the sheet's
	name     string            // of the type of app.Screen
	question *widget.Question
	awake    bool               // the screen is kept on
	blanking chan struct{}      // closed when that has been told; nil: it never was
	picking  *dialog.FileDialog // nil: no file is being chosen
}

func newRouter(c fyne.Canvas, config Config) *router {
	gpu := widget.HasGPU() && !config.NoShader
	clinic := widget.NewTile("VideoRemote", gpu)
	clinic.Trace(config.Trace)
	self := widget.NewVideo("VideoSelf", config.Self, true, true, gpu)
	self.DrawWith(clinic)
	r := &router{
		config:  config,
		canvas:  c,
		root:    newFrame(config.Send),
		screens: map[reflect.Type]screen.Screen{},
		state:   app.State{Settings: config.Settings},
		parts: screen.Parts{
			Self: self, Scanned: widget.NewVideo("VideoScanned", config.Scanned, true, false, gpu),
			Send: config.Send, Touched: config.Touched, Now: config.Now, Clock: config.Clock, Keyed: &screen.Keyed{},
			Mailbox: config.Remote, Album: config.Still,
			Remotes: []*widget.Tile{clinic, widget.NewTile("VideoRemote2", gpu), widget.NewTile("VideoRemote3", gpu)},
		},
	}
	r.emergency = screen.NewEmergency(r.parts)
	return r
}

// make is the only list of the screens.
func (r *router) make(s app.Screen) screen.Screen {
	switch s.(type) {
	case app.Starting:
		return screen.NewStarting(r.parts)
	case app.Enrol:
		return screen.NewEnrol(r.parts)
	case app.SignedOut:
		return screen.NewSignedOut(r.parts)
	case app.SigningIn:
		return screen.NewSigningIn(r.parts)
	case app.Round:
		return screen.NewRound(r.parts)
	case app.AboutVisit:
		return screen.NewAboutVisit(r.parts)
	case app.PlanVisit:
		return screen.NewPlanVisit(r.parts)
	case app.MissedVisits:
		return screen.NewMissedVisits(r.parts)
	case app.ImportFaults:
		return screen.NewImportFaults(r.parts)
	case app.FindCitizen:
		return screen.NewFindCitizen(r.parts)
	case app.ChooseClinic:
		return screen.NewChooseClinic(r.parts)
	case app.ReadBack:
		return screen.NewReadBack(r.parts)
	case app.Consent:
		return screen.NewConsent(r.parts)
	case app.Refused:
		return screen.NewRefused(r.parts)
	case app.Check:
		return screen.NewCheck(r.parts)
	case app.Waiting:
		return screen.NewWaiting(r.parts)
	case app.Tell:
		return screen.NewTell(r.parts)
	case app.Called:
		return screen.NewCalled(r.parts)
	case app.InCall:
		return screen.NewInCall(r.parts)
	case app.Scan:
		return screen.NewScan(r.parts)
	case app.HandOver:
		return screen.NewHandOver(r.parts)
	case app.Ended:
		return screen.NewEnded(r.parts)
	case app.Mistaken:
		return screen.NewMistaken(r.parts)
	case app.Journal:
		return screen.NewJournal(r.parts)
	case app.Locked:
		return screen.NewLocked(r.parts)
	case app.DrillChoice:
		return screen.NewDrillChoice(r.parts)
	case app.DrillResult:
		return screen.NewDrillResult(r.parts)
	case app.Help:
		return screen.NewHelp(r.parts)
	case app.Preferences:
		return screen.NewPreferences(r.parts)
	}
	panic(fmt.Sprintf("ui: no screen for %T", s)) // a test goes through all there are
}

func (r *router) show(s app.State) {
	if s.Screen == nil {
		s.Screen = app.Starting{}
	}
	if screen.Theme(s.Settings) != screen.Theme(r.state.Settings) {
		fyne.CurrentApp().Settings().SetTheme(screen.Theme(s.Settings))
	}
	r.keepOn(s.KeepsOn())
	s.Screen = s.Face()
	r.state = s
	top := s
	top.Screen = s.Top()
	kind := reflect.TypeOf(top.Screen)
	next := r.screens[kind]
	if next == nil {
		next = r.make(top.Screen)
		r.screens[kind] = next
	}
	changed := next != r.shown
	if changed && r.shown != nil {
		r.shown.Leave()
	}
	next.Show(top)
	r.shown, r.name = next, kind.Name()
	if changed {
		r.stopPicking()
		r.forget()
	}
	r.bar()
	r.drill()
	r.remind()
	r.lay()
	r.ask()
	r.settle()
}

// lay puts what is to be seen into the frame: the sheet "Ring 112" where it is open, else the screen.
func (r *router) lay() {
	o := r.shown.Object()
	_, covers := r.shown.(screen.Covering)
	if r.urgent() {
		r.emergency.Show(r.state)
		o, covers = r.emergency.Object(), false
	}
	if o == r.laid {
		return
	}
	r.laid = o
	r.canvas.Unfocus()
	r.keys.changed(r.config.Now())
	r.root.show(o, covers)
	if r.urgent() {
		return
	}
	r.emergency.Forget()
	if f, ok := r.shown.(screen.Focusing); ok && !fyne.CurrentDevice().IsMobile() {
		r.canvas.Focus(f.Focus())
	}
}

// urgent says whether the sheet "Ring 112" lies over the screen.
func (r *router) urgent() bool { return r.state.Emergency != nil }

// keepOn keeps the screen from going dark while somebody waits or talks. On a desktop that is a question to the session's
// bus, which may take its time.
func (r *router) keepOn(on bool) {
	if on == r.awake {
		return
	}
	r.awake = on
	driver := fyne.CurrentApp().Driver()
	if fyne.CurrentDevice().IsMobile() {
		driver.SetDisableScreenBlanking(on)
		return
	}
	was, done := r.blanking, make(chan struct{})
	r.blanking = done
	go func() {
		if was != nil {
			<-was // on, and off again: in that order
		}
		driver.SetDisableScreenBlanking(on)
		close(done)
	}()
}

// forget wipes the screens that hold a citizen, but the one shown, also below the help, and, while it is still about the same look-up, the
// ones around it: "Nej, ret" comes back to the digits.
func (r *router) forget() {
	name := reflect.TypeOf(r.state.Screen).Name()
	keep := map[string]bool{name: true}
	switch name {
	case "Scan": // what was keyed stands there again if nothing is scanned
		keep["FindCitizen"] = true
	case "FindCitizen", "ChooseClinic", "ReadBack", "Refused":
		keep["FindCitizen"], keep["ReadBack"], keep["Refused"] = true, true, true
	}
	for kind, s := range r.screens {
		if f, ok := s.(screen.Forgetting); ok && !keep[kind.Name()] {
			f.Forget()
		}
	}
}

// ask puts the shown screen's question over everything, and takes it away again.
func (r *router) ask() {
	var q *widget.Question
	if a, ok := r.shown.(screen.Asking); ok && !r.urgent() {
		q = a.Question()
	}
	if q == r.question {
		return
	}
	if q != nil {
		q.WithEmergency(r.root.bar.Said().Emergency, func() { r.config.Send(app.TapEmergency{}) })
	}
	if r.question != nil {
		r.canvas.Overlays().Remove(r.question)
	}
	r.question = q
	if q != nil {
		r.canvas.Overlays().Add(q)
		q.Resize(r.canvas.Size())
		r.canvas.Focus(q.No)
	}
}

func (r *router) tick() {
	r.bar()
	if t, ok := r.shown.(screen.Ticking); ok && !r.urgent() {
		t.Tick()
	}
}

// bar fills the status bar.
func (r *router) bar() {
	s, tr := r.state, i18n.For(r.state.Settings.Language)
	v := widget.Status{Clock: tr.Time(r.config.Clock()), Offline: s.Net.Offline}
	if s.Device.ID != "" {
		v.Where = joined(s.Device.Place, s.Device.Name)
		if _, starting := s.Screen.(app.Starting); !starting { // then it is what we are finding out
			v.Net = tr.Say("net.online")
			if s.Slow() {
				v.Net = tr.Say("net.slow")
			}
		}
	}
	if s.Net.Offline {
		v.Net = tr.Say("net.offline")
		if !s.Net.Since.IsZero() {
			v.Net = tr.Say("net.offline_since", "tid", tr.Time(s.Net.Since))
		}
	}
	if s.Employee.SignedIn() && !s.Lock.On() {
		v.Who = s.Employee.Name
	}
	switch s.Screen.(type) {
	case app.Called, app.InCall: // there the room is somebody else's
		v.Where, v.Who = "", ""
		if !s.Net.Offline {
			v.Net = ""
		}
	}
	if s.MayNeed112() && s.Emergency == nil {
		v.Emergency = tr.Say("emg.ring")
	}
	if r.root.bar.Set(v) {
		r.root.Refresh()
	}
}

// drill says of all that is not real that it is not.
func (r *router) drill() {
	f, d := r.root.drill, r.state.Drill
	changed := f.Hidden != (d == nil)
	f.Hidden = d == nil
	if d != nil {
		tr := i18n.For(r.state.Settings.Language)
		task, end := "", "drill.end"
		if !d.Task.None() {
			task = tr.Sentence(d.Task.Key, d.Task.Params)
		}
		switch r.state.Screen.(type) {
		case app.DrillChoice, app.DrillResult:
			end = "drill.leave"
		}
		changed = f.Set(tr.Say("drill.banner"), task, tr.Say(kontakt.MsgKey(end))) || changed
	}
	if changed {
		r.root.Refresh()
	}
}

// remind says what is due, over whatever is shown but a call, and names nobody.
func (r *router) remind() {
	tr, n := i18n.For(r.state.Settings.Language), r.state.Reminds()
	if n == nil {
		if r.root.remind.Set("", "", "") {
			r.root.Refresh()
		}
		return
	}
	somewhere := map[app.NudgeWhen]kontakt.MsgKey{app.NudgeSoon: "nudge.soon", app.NudgeNow: "nudge.now", app.NudgeLate: "nudge.late"}
	there := map[app.NudgeWhen]kontakt.MsgKey{app.NudgeSoon: "nudge.soon_at", app.NudgeNow: "nudge.now_at", app.NudgeLate: "nudge.late_at"}
	text := tr.Say(somewhere[n.When], "tid", tr.Time(n.PlannedAt))
	if n.Place != "" {
		text = tr.Say(there[n.When], "tid", tr.Time(n.PlannedAt), "sted", n.Place)
	}
	if r.root.remind.Set(text, tr.Say("nudge.go"), tr.Say("nudge.away")) {
		r.root.Refresh()
	}
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

// typedKey gets what no focused widget used. Escape and the tablet's back key never leave the app: they go one screen
// back, or answer a question with no.
func (r *router) typedKey(e *fyne.KeyEvent) {
	r.config.Touched()
	if r.starts(e) {
		return
	}
	switch {
	case e.Name == fyne.KeyF1:
		r.config.Send(app.TapHelp{})
	case e.Name == mobile.KeyBack || e.Name == fyne.KeyEscape:
		if r.question != nil {
			r.question.No.Tapped(nil)
			return
		}
		r.config.Send(app.TapBack{})
	case r.question == nil && !r.urgent():
		if t, ok := r.shown.(screen.Typing); ok {
			t.TypedKey(e)
		}
	}
}

func (r *router) typedRune(c rune) {
	r.config.Touched()
	r.keys.typed(r.config.Now())
	if t, ok := r.shown.(screen.Typing); ok && r.question == nil && !r.urgent() {
		t.TypedRune(c)
	}
}

// frame is the window's content: the status bar, and below it the screen; some screens cover the bar. What is not real has
// a frame of its own around it all.
type frame struct {
	fynewidget.BaseWidget

	drill   *widget.DrillFrame
	bar     *widget.StatusBar
	remind  *widget.Reminder
	ground  *canvas.Rectangle
	content *fyne.Container
}

func newFrame(send func(app.Event)) *frame {
	f := &frame{
		bar: widget.NewStatusBar(func() { send(app.TapEmergency{}) }), ground: canvas.NewRectangle(nil), drill: widget.NewDrillFrame(func() { send(app.TapDrillEnd{}) }),
		remind: widget.NewReminder("TapNudge", "TapNudgeLater", func() { send(app.TapNudge{}) }, func() { send(app.TapNudgeLater{}) }),
	}
	f.content = container.New(frameLayout{f}, f.ground, f.drill, f.bar, f.remind)
	f.ExtendBaseWidget(f)
	return f
}

func (f *frame) show(o fyne.CanvasObject, covers bool) {
	f.bar.Hidden, f.ground.Hidden = covers, covers // what is covered would be drawn for nothing, with each picture of a call
	f.content.Objects = []fyne.CanvasObject{f.ground, f.drill, f.bar, f.remind, o}
	f.Refresh()
	o.Refresh()
}

// Refresh colours the ground and lays out again.
func (f *frame) Refresh() {
	f.ground.FillColor = f.Theme().Color(theme.ColorPage, 0)
	f.content.Layout.Layout(f.content.Objects, f.content.Size())
	f.BaseWidget.Refresh()
	canvas.Refresh(f)
}

// MinSize is small: the window must be free to be.
func (f *frame) MinSize() fyne.Size { return fyne.NewSize(320, 320) }

// Parts are what automation walks.
func (f *frame) Parts() []fyne.CanvasObject { return f.content.Objects }

// CreateRenderer is called by Fyne.
func (f *frame) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	f.ground.FillColor = f.Theme().Color(theme.ColorPage, 0)
	return fynewidget.NewSimpleRenderer(f.content)
}

type frameLayout struct{ f *frame }

func (frameLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, 320) }

func (l frameLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	objects[1].Resize(size)
	var at fyne.Position
	if l.f.drill.Visible() {
		at, size = l.f.drill.Inside(size)
	}
	if l.f.bar.Visible() {
		bar := l.f.bar.HeightFor(size.Width)
		objects[2].Move(at)
		objects[2].Resize(fyne.NewSize(size.Width, bar))
		at.Y += bar
		size.Height -= bar
	}
	if l.f.remind.Visible() {
		high := l.f.remind.HeightFor(size.Width)
		objects[3].Move(at)
		objects[3].Resize(fyne.NewSize(size.Width, high))
		at.Y += high
		size.Height -= high
	}
	for _, o := range objects[4:] {
		o.Move(at)
		o.Resize(size)
	}
}
