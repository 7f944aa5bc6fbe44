package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Scan shows the camera's picture with a frame in which a health card, or a colleague's code, is to be held. What is read goes
// on as if it had been keyed; a colleague's code can be keyed here, too.
type Scan struct {
	parts                    Parts
	tr                       i18n.Lookup
	offers, busy             bool
	title, dark, says, label *widget.Text
	problem                  *widget.Notice
	frame                    *widget.ScanFrame
	code                     *widget.CodeEntry
	keyed                    *fyne.Container
	accept, light, retry     *widget.Button
	back                     *widget.Button
	page                     *widget.Page

	wrong app.Sentence // what the keyed code has wrong with it
}

// NewScan makes the screen.
func NewScan(p Parts) *Scan {
	s := &Scan{
		parts: p, title: widget.NewHeading(), dark: widget.NewHeading(), says: widget.NewKeyFact(), label: widget.NewMuted(),
		problem: widget.NewNotice(widget.Warn), frame: widget.NewScanFrame(),
		light: widget.NewButton("TapLight", widget.Secondary, widget.IconTorch, p.sends(app.TapLight{})),
		retry: widget.NewButton("TapRetry", widget.Secondary, widget.IconNone, p.sends(app.TapRetry{})),
		back:  widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
	}
	s.says.Type = theme.SizeHeading
	s.code = widget.NewCodeEntry(s.submit)
	s.accept = widget.NewButton("TapAccept", widget.Primary, widget.IconNone, s.submit)
	s.keyed = widget.NewColumn(theme.Space/2, s.label, s.code)
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, widget.NewScanView(p.Scanned, s.frame, s.dark)),
		widget.NewColumn(theme.Gap, s.says, s.problem, s.keyed),
		widget.NewColumn(theme.Gap, s.accept, s.light, s.retry, s.back), nil)
	return s
}

// Object is the page.
func (s *Scan) Object() fyne.CanvasObject { return s.page }

// Leave lets the picture go, and the code.
func (s *Scan) Leave() {
	s.parts.Scanned.SetLive(false)
	s.code.SetText("")
	s.wrong = app.Sentence{}
}

// Card goes on with the number of a health card, which stands where it would have been keyed.
func (s *Scan) Card(number kontakt.CPR) {
	if s.offers {
		return
	}
	*s.parts.Keyed = Keyed{cpr: number, scanned: true}
	s.parts.Send(app.TapFind{CPR: number})
}

// Code takes what a colleague offers.
func (s *Scan) Code(code string) {
	if s.offers {
		s.parts.Send(app.TapAccept{Code: code})
	}
}

func (s *Scan) submit() {
	if s.busy || !s.offers {
		return
	}
	code, err := kontakt.ParseHandoverCode(s.code.Text)
	s.wrong = app.Sentence{}
	if err != nil {
		key, params := kontakt.MsgOf(err)
		s.wrong = app.Sentence{Key: key, Params: params}
		s.explain(s.wrong)
		return
	}
	s.parts.Send(app.TapAccept{Code: code})
}

func (s *Scan) explain(wrong app.Sentence) {
	s.problem.SetText(say(s.tr, wrong))
	s.page.Refresh()
}

// Show draws it.
func (s *Scan) Show(state app.State) {
	v, tr := state.Screen.(app.Scan), lookup(state)
	s.tr, s.offers, s.busy = tr, v.For == app.ScanOffer, v.Busy
	s.title.SetText(tr.Say("cit.scan"))
	if s.offers {
		s.title.SetText(tr.Say("hand.scan"))
	}
	s.parts.Scanned.Radius = theme.Radius
	s.parts.Scanned.SetLive(!v.Blind())
	s.frame.Square = s.offers
	s.frame.Hidden = v.Blind()
	s.frame.Refresh()
	s.dark.SetText("")
	s.says.SetText("")
	wrong := s.wrong
	switch {
	case v.Blind():
		s.dark.SetText(tr.Say("chk.no_picture"))
		if wrong.None() {
			wrong = v.Says()
		}
	case !v.Problem.None():
		wrong = v.Problem
	default:
		s.says.SetText(say(tr, v.Says()))
	}
	s.problem.SetText(say(tr, wrong))
	s.keyed.Hidden = !s.offers
	s.label.SetText(tr.Say("hand.key"))
	s.accept.Hidden = !s.offers
	s.accept.SetBusy(v.Busy, tr.Say("hand.taking"), tr.Say("hand.take"))
	s.light.Hidden = !v.Report.Torches || v.Blind()
	s.light.SetText(tr.Say("cit.scan_light"))
	if v.Light {
		s.light.SetText(tr.Say("cit.scan_light_off"))
	}
	s.retry.Hidden = !v.Blind() && v.Problem.None() || v.Busy
	s.retry.SetText(tr.Say("cit.try_again"))
	s.back.SetText(tr.Say("cit.scan_key"))
	if s.offers {
		s.back.SetText(tr.Say("cit.back"))
	}
	s.page.Refresh()
}
