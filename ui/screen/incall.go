package screen

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kontaktlaege/app"
	"kontaktlaege/ui/widget"
)

// InCall is the conversation. It has one face at a time: the others' pictures with the tools, real-time text in large
// letters, a still picture, or the sheet that invites. The sound goes on behind each of them.
type InCall struct {
	parts    Parts
	root     *fyne.Container
	stage    *callStage
	text     *callText
	photo    *callPhoto
	invite   *callInvite
	card     *callCard
	orders   *callOrders
	sheet    *fyne.Container // what stands beside the face
	face     face
	question *widget.Question
	wrong    *widget.Question
	doubts   bool // it is asked whether this is the wrong patient
	asking   bool
}

// face is one way that the call looks.
type face interface {
	object() fyne.CanvasObject
	show(state app.State, v app.InCall)
	// leave is called when another face takes over, and when the call's screen does.
	leave()
}

// NewInCall makes the screen.
func NewInCall(p Parts) *InCall {
	s := &InCall{
		parts: p, stage: newCallStage(p), text: newCallText(p), photo: newCallPhoto(p), invite: newCallInvite(p),
		question: widget.NewQuestion("TapEndYes", "TapEndNo", p.sends(app.TapEndYes{}), p.sends(app.TapEndNo{})).
			WithOther("TapWithdraw", p.sends(app.TapWithdraw{})),
		wrong: widget.NewQuestion("TapMistakenYes", "TapMistakenNo", p.sends(app.TapMistakenYes{}), p.sends(app.TapMistakenNo{})),
	}
	s.face = s.stage
	s.card, s.orders, s.sheet = newCallCard(p), newCallOrders(p), container.NewStack()
	s.sheet.Hide()
	s.root = widget.NewBeside(s.stage.object(), s.sheet)
	return s
}

// Object holds the face.
func (s *InCall) Object() fyne.CanvasObject { return s.root }

// Covers takes the whole window.
func (s *InCall) Covers() {}

// Question is "Afslut samtalen?", or whether it is the wrong patient.
func (s *InCall) Question() *widget.Question {
	switch {
	case s.doubts:
		return s.wrong
	case s.asking:
		return s.question
	}
	return nil
}

// Leave lets the pictures go.
func (s *InCall) Leave() {
	s.asking, s.doubts = false, false
	for _, f := range []face{s.stage, s.text, s.photo, s.invite, s.card, s.orders} {
		f.leave()
	}
}

// Forget wipes what was written and who was invited.
func (s *InCall) Forget() {
	s.text.forget()
	s.invite.forget()
	s.stage.forget()
	s.card.card.forget()
	s.orders.forget()
}

// Tick moves the call's clock on.
func (s *InCall) Tick() { s.stage.tick() }

// TypedRune and TypedKey write in the face for it, wherever the focus is.
func (s *InCall) TypedRune(r rune) {
	if s.face == s.text {
		s.text.field.TypedRune(r)
	} else if slices.Contains(s.sheet.Objects, s.card.object()) {
		s.card.card.typedRune(r)
	}
}

// TypedKey hands on only what belongs to writing: the rest would come back here.
func (s *InCall) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyBackspace, fyne.KeyReturn, fyne.KeyEnter:
		if s.face == s.text {
			s.text.field.TypedKey(e)
		} else if slices.Contains(s.sheet.Objects, s.card.object()) {
			s.card.card.typedKey(e)
		}
	}
}

// Show draws it.
func (s *InCall) Show(state app.State) {
	v, tr := state.Screen.(app.InCall), lookup(state)
	next := s.choose(state.Lock, v)
	changed := next != s.face
	if changed {
		s.face.leave()
		s.face = next
	}
	next.show(state, v)
	beside := s.besides(state, v)
	if changed || beside {
		s.root.Objects = []fyne.CanvasObject{next.object(), s.sheet}
		s.root.Refresh()
	}
	if changed {
		s.focus()
	}
	s.asking, s.doubts = v.Ending, v.Mistaking
	s.wrong.Ask(tr.Say("wrong.ask"))
	s.wrong.About(tr.Say("wrong.ask_about"))
	s.wrong.Yes.SetText(tr.Say("wrong.yes"))
	s.wrong.No.SetText(tr.Say("call.end_no"))
	question, about := openOrders(tr, v)
	s.question.About(about)
	s.question.Ask(question)
	s.question.Yes.SetText(tr.Say("call.end_yes"))
	s.question.No.SetText(tr.Say("call.end_no"))
	s.question.Other.SetText(tr.Say("con.withdraw"))
}

// choose gives the face that a state wants: what the nurse opened last lies uppermost.
func (s *InCall) choose(l app.Lock, v app.InCall) face {
	switch {
	case l.On():
	case v.Inviting != nil:
		return s.invite
	case v.Still != nil && v.Still.ID != "" && !v.Still.Asked && !v.Still.Taking && s.photo.has(v.Still.ID):
		return s.photo
	case v.Typing.Open:
		return s.text
	}
	return s.stage
}

// besides shows the sheet that stands beside a face, and says whether that is another than before.
func (s *InCall) besides(state app.State, v app.InCall) (changed bool) {
	var sheet face
	away := v.Inviting != nil || v.Still != nil && (v.Still.Aiming || v.Still.Taking)
	switch {
	case away:
	case v.Card != nil:
		sheet = s.card
	case v.Orders.Face != app.OrdersAway:
		sheet = s.orders
	}
	if sheet != nil {
		sheet.show(state, v)
	}
	was := s.sheet.Objects
	s.sheet.Objects, s.sheet.Hidden = nil, sheet == nil
	if sheet != nil {
		s.sheet.Objects = []fyne.CanvasObject{sheet.object()}
	}
	return !slices.Equal(was, s.sheet.Objects)
}

// focus puts the cursor where typing starts. On a tablet that would bring its keyboard up over what is to be read.
func (s *InCall) focus() {
	c := fyne.CurrentApp().Driver().CanvasForObject(s.root)
	if c == nil {
		return
	}
	c.Unfocus()
	if s.face == s.text && !fyne.CurrentDevice().IsMobile() {
		c.Focus(s.text.field)
	}
}

// lasted is how long ago that was.
func (p Parts) lasted(since time.Time) time.Duration { return p.Now().Sub(since) }
