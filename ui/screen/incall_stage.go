package screen

import (
	"time"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/render"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// callStage is the face with the pictures.
type callStage struct {
	parts Parts
	since time.Time

	who, mode, clock *widget.Text
	signal           *widget.Signal
	notice, news     *widget.Notice
	emergency        *widget.Button
	written          *widget.Button // what was just written, and the way to it
	fixed            *widget.Button // an order that the doctor has corrected, and the way to it
	fixes            string         // its Ref
	ask              *callAsk
	tools            *callTools
	lock             *lockButtons // in their place, where it is locked
	locked           *widget.Tools
	stage            *widget.Stage
}

func newCallStage(p Parts) *callStage {
	s := &callStage{
		parts: p, who: widget.NewText(), mode: widget.NewMuted(), clock: widget.NewText(), signal: widget.NewSignal(),
		notice: widget.NewNotice(widget.Warn), news: widget.NewNotice(widget.Info),
		written: widget.NewButton("TapTypingNews", widget.Primary, widget.IconWrite, p.sends(app.TapTyping{})),
		ask:     newCallAsk(p), emergency: newEmergencyButton(p),
	}
	s.fixed = widget.NewButton("TapOrderFixed", widget.Primary, widget.IconWarning, func() { p.Send(app.TapOrder{Ref: s.fixes}) })
	for _, t := range []*widget.Text{s.who, s.clock} {
		t.Type, t.Bold = theme.SizeLabel, true
	}
	s.tools = newCallTools(p, func() { s.stage.Refresh() })
	s.lock = newLockButtons(p, widget.Primary, widget.Secondary)
	s.locked = widget.NewTools("More", []*widget.Button{s.lock.staff, s.lock.stop}, nil, s.lock.unlock, func() { s.stage.Refresh() })
	s.stage = widget.NewStage(
		widget.NewShelf(3*theme.Space, 2, s.who, s.mode, s.signal, s.emergency, s.clock), p.Remotes, p.Self,
		[]fyne.CanvasObject{s.fixed, s.notice, s.written, s.news}, s.ask.column, s.tools.tools)
	return s
}

func (s *callStage) object() fyne.CanvasObject { return s.stage }

func (s *callStage) leave() {
	s.tools.tools.Open(false)
	s.parts.Self.SetLive(false)
	s.stage.Aim(false)
	for _, t := range s.parts.Remotes {
		t.Watch(nil)
	}
}

func (s *callStage) forget() {
	s.written.SetText("")
	s.news.SetText("")
	for _, t := range s.parts.Remotes {
		t.Set(widget.TileFace{})
	}
}

func (s *callStage) tick() {
	text := ""
	if !s.since.IsZero() {
		text = i18n.Elapsed(s.parts.lasted(s.since))
	}
	if text != s.clock.Text() {
		s.clock.SetText(text)
		s.stage.Refresh()
	}
}

func (s *callStage) show(state app.State, v app.InCall) {
	tr := lookup(state)
	s.stage.SetTheme(Theme(state.Settings).Over())
	s.since = v.Since
	wordings := []string{v.Place.Clinic.Name}
	if c := v.Place.Call; c != nil && c.Clinician.Name != "" {
		who := named(c.Clinician.Name, c.Clinician.Title)
		wordings = []string{named(who, v.Place.Clinic.Name), who, c.Clinician.Name}
	}
	s.stage.Say(s.who, wordings...)
	s.stage.Spare(s.mode, modeName(tr, v.Mode))
	s.emergency.SetText(tr.Say("emg.ring"))
	bars, word := signal(tr, v)
	s.signal.Set(bars, word)
	s.pictures(tr, v, state.Corner)
	s.notice.SetText(noticed(tr, state, v))
	s.written.SetText(written(tr, v))
	s.written.Hidden = written(tr, v) == ""
	s.news.SetText("")
	if s.written.Hidden || !s.notice.Visible() {
		s.news.SetText(orElse(guestNews(tr, v.News), unseen(tr, v))) // no more than two at a time: they lie over the picture
	}
	s.corrected(tr, v.Orders)
	s.ask.show(tr, v, state.Settings.TextScale)
	s.tools.show(tr, v)
	s.stage.SetTools(s.tools.tools)
	if state.Lock.On() {
		s.showLocked(tr, state.Lock, v)
	}
	s.tick()
	s.stage.Refresh()
}

// corrected says that the doctor has corrected an order, while the sheet, which says so too, is away.
func (s *callStage) corrected(tr i18n.Lookup, b app.OrderBook) {
	l, is := b.Corrected()
	s.fixes = l.Ref()
	s.fixed.Hidden = !is || b.Face != app.OrdersAway
	s.fixed.SetText("")
	if is {
		s.fixed.SetText(tr.Say("ord.doctor_fixed", "hvad", l.What))
	}
}

func (s *callStage) pictures(tr i18n.Lookup, v app.InCall, corner app.Corner) {
	s.parts.Self.Radius = theme.Radius
	own := !v.Controls.CameraOff && !v.Blind // the last picture of a camera that is gone would look like a live one
	s.parts.Self.SetLive(own)
	aiming := v.Still != nil && v.Still.ID == "" && own
	s.stage.ShowSelf(own && (!v.Hidden || aiming)) // who aims a photo has to see it
	s.stage.PlaceSelf(corner == app.BottomRight || corner == app.BottomLeft, corner == app.TopLeft || corner == app.BottomLeft)
	s.stage.Aim(aiming)
	others := others(v)
	s.stage.ShowOthers(len(others))
	boxes := make([]*render.Mailbox, len(s.parts.Remotes))
	for i, p := range others[:min(len(others), len(boxes))] {
		boxes[i] = s.parts.Mailbox(p.ID)
	}
	for i, t := range s.parts.Remotes {
		if !t.Watches(boxes[i]) {
			t.Watch(nil) // all leave before anybody moves up
		}
	}
	for i, t := range s.parts.Remotes {
		t.Watch(boxes[i])
		if boxes[i] == nil {
			t.Set(widget.TileFace{})
		} else {
			t.Set(tileFace(tr, others[i], len(others) > 1 && !aiming)) // small tiles have no room for names
		}
	}
}

// others gives those in the call besides the tablet. Nobody may be told of yet: then it is the clinic alone.
func others(v app.InCall) []app.Participant {
	if len(v.Others) > 0 {
		return v.Others
	}
	p := app.Participant{ID: kontakt.ParticipantClinic, Media: v.Media, Remote: v.Remote}
	if v.Place.Call != nil {
		p.Name, p.Title = v.Place.Call.Clinician.Name, v.Place.Call.Clinician.Title
	}
	return []app.Participant{p}
}

// tileFace says what of one of the others is to be seen, and why not.
func tileFace(tr i18n.Lookup, p app.Participant, several bool) widget.TileFace {
	name := participantName(tr, p)
	f := widget.TileFace{Level: p.Remote.Level}
	if several {
		f.Label = phrases(name, kindWord(tr, p.Kind), mutedWord(tr, p))
	}
	card := func(sentence string) widget.TileFace {
		f.Title, f.Sentence = name, sentence
		return f
	}
	switch {
	case p.Media == app.MediaConnecting:
		f.Until = true
		return card(tr.Say("call.connecting"))
	case p.Media == app.MediaLost:
		return card(tr.Say("call.coming_back"))
	case p.Remote.CameraOff:
		f.Sounds = true
		if p.ID == kontakt.ParticipantClinic {
			return card(tr.Say("call.remote_camera_off"))
		}
		return card(tr.Say("call.their_camera_off", "navn", name))
	case p.Remote.Rung == kontakt.RungSound:
		f.Sounds = true
		return card(tr.Say("call.sound_goes_on"))
	case p.Remote.Rung == kontakt.RungText, p.Remote.Rung == kontakt.RungPhone:
		return card(tr.Say("net.text"))
	case p.Remote.Frozen:
		f.Sounds = true
		return card(tr.Say("call.frozen"))
	case p.Remote.Rung == kontakt.RungStill:
		f.Label = phrases(f.Label, tr.Say("call.every_two"))
	}
	return f
}

// showLocked leaves the doctor, what the doctor writes, and the way to staff.
func (s *callStage) showLocked(tr i18n.Lookup, l app.Lock, v app.InCall) {
	if l.Why == app.LockAlone {
		s.stage.Spare(s.mode, tr.Say("lock.alone_call"))
	}
	s.written.Hidden = true
	s.news.SetText("")
	if last, ok := lastHeard(v.Typing); ok {
		s.news.SetText(tr.Say("text.new", "navn", last.Name, "tekst", tail(last.Text, longestHeard)))
	}
	if l.Calls {
		s.notice.SetText(tr.Say("lock.staff_called") + ". " + tr.Say("lock.staff_called_hint"))
	}
	s.ask.column.Hide()
	s.lock.show(tr, l)
	s.locked.Offer(s.lock.staff, l.Why == app.LockAlone && !l.Calls)
	s.locked.Offer(s.lock.stop, l.Calls)
	s.stage.SetTools(s.locked)
}

// longestHeard is how much of the doctor's text stands over the picture where nobody can open it.
const longestHeard = 240
