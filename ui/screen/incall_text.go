package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// callText is "Vis stort": what the others write, in letters that are read from the other end of the bed, and a field
// whose keys leave one by one.
type callText struct {
	parts      Parts
	head       *widget.Text
	warning    *widget.Notice
	transcript *widget.Transcript
	field      *widget.TypeField
	mute, back *widget.Button
	emergency  *widget.Button
	desk       *widget.Desk
}

// leastField is how narrow the field may become beside the buttons.
const leastField = 360

func newCallText(p Parts) *callText {
	s := &callText{
		parts: p, head: widget.NewMuted(), warning: widget.NewNotice(widget.Warn), transcript: widget.NewTranscript(),
		field:     widget.NewTypeField("EntryText", func(t140 string) { p.Send(app.TapType{Text: t140}) }),
		mute:      widget.NewButton("TapMute", widget.Secondary, widget.IconMic, p.sends(app.TapMute{})),
		emergency: newEmergencyButton(p),
		back:      widget.NewButton("TapTypingClose", widget.Primary, widget.IconBack, p.sends(app.TapTypingClose{})),
	}
	s.emergency.Icon = widget.IconNone // the field is what there is room for
	s.desk = widget.NewDesk(widget.NewColumn(theme.Space, s.head, s.warning), s.transcript,
		widget.NewGrowing(theme.Gap, leastField, s.field, s.back, s.mute, s.emergency), 0)
	return s
}

func (s *callText) object() fyne.CanvasObject { return s.desk }
func (s *callText) leave()                    {}

func (s *callText) forget() {
	s.transcript.Set(nil)
	s.field.SetText("", "")
}

func (s *callText) show(state app.State, v app.InCall) {
	tr := lookup(state)
	text, warn := goingOn(tr, state, v)
	s.head.SetText("")
	s.warning.SetText("")
	if warn {
		s.warning.SetText(text)
	} else {
		s.head.SetText(text)
	}
	s.transcript.Set(lines(tr, v.Typing))
	s.field.SetText(v.Typing.Mine, tr.Say("call.write_here"))
	s.back.SetText(tr.Say("text.back"))
	s.emergency.SetText(tr.Say("emg.ring"))
	if v.Controls.Muted {
		s.mute.SetText(tr.Say("call.unmute"))
	} else {
		s.mute.SetText(tr.Say("call.mute"))
	}
	s.mute.SetIcon(iconOf(v.Controls.Muted, widget.IconMicOff, widget.IconMic))
	s.mute.SetOn(v.Controls.Muted)
	s.desk.Refresh()
}

// lines are what was said and, last, what the others are saying, which is to be read from afar; while they say nothing,
// it is the last that they said. Before anything is, it says what comes there.
func lines(tr i18n.Lookup, t app.Typing) []widget.Line {
	var all []widget.Line
	afar := len(t.Said) // the first such line
	if len(t.Theirs) == 0 {
		for afar--; afar >= 0 && t.Said[afar].Mine(); afar-- {
		}
	}
	for i, l := range append(append([]app.TextLine{}, t.Said...), t.Theirs...) {
		who := tr.Say("text.you")
		if !l.Mine() {
			who = tr.Say("text.from", "navn", l.Name)
		}
		all = append(all, widget.Line{Who: who, Text: l.Text, Mine: l.Mine(), Afar: !l.Mine() && afar >= 0 && i >= afar})
	}
	if len(all) == 0 {
		all = []widget.Line{{Text: tr.Say("text.none")}}
	}
	return all
}
