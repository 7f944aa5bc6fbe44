package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// recordPage is the record of consent and presence (M11), in large type, line by line as the clinic reads it, with the code
// that is the same there. A line that is tapped is set right by another one; none is changed.
type recordPage struct {
	parts              Parts
	title, both, paper *widget.Text
	code               *widget.Fact
	problem            *widget.Notice
	ask                *widget.Text
	entry              *widget.LineEntry
	correct            *widget.Button
	right              *fyne.Container
	rows               *fyne.Container
	made               []*widget.PlaceRow // once, so that the focus stays
	retry, back        *widget.Button
	page               *widget.Page
}

func newRecordPage(p Parts) *recordPage {
	r := &recordPage{
		parts: p, title: widget.NewHeading(), both: widget.NewText(), paper: widget.NewMuted(), code: widget.NewFact(theme.SizeKey),
		problem: widget.NewNotice(widget.Warn), ask: widget.NewText(), rows: widget.NewColumn(theme.Space),
		retry: widget.NewButton("TapRetry", widget.Primary, widget.IconNone, p.sends(app.TapRetry{})),
		back:  widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
	}
	r.ask.Bold = true
	r.entry = widget.NewLineEntry("EntryCorrection", false, r.submit)
	r.entry.Most = kontakt.MaxReason
	r.correct = widget.NewButton("TapCorrection", widget.Primary, widget.IconNone, r.submit)
	r.right = widget.NewColumn(theme.Space, r.ask, r.entry)
	r.page = widget.NewPage(
		widget.NewColumn(theme.Gap, r.title, r.both, r.code, r.problem, r.right, r.paper), r.rows,
		widget.NewColumn(theme.Gap, r.correct, r.retry, r.back), nil)
	r.page.Hide()
	return r
}

func (r *recordPage) submit() { r.parts.Send(app.TapCorrection{Words: r.entry.Text}) }

func (r *recordPage) forget() {
	for _, row := range r.made {
		row.Set(widget.PlaceFace{})
	}
	r.rows.Objects = nil
	r.code.Set("", "")
	r.entry.SetText("")
}

func (r *recordPage) show(tr i18n.Lookup, v app.Ended) {
	view := *v.Record
	r.title.SetText(tr.Say("rec.title"))
	r.both.SetText(tr.Say("rec.both"))
	if view.Loading {
		r.both.SetText(tr.Say("rec.loading"))
	}
	r.code.Set(tr.Say("sum.code"), view.Record.Code)
	r.problem.SetText(say(tr, view.Problem))
	r.right.Hidden = view.Correcting == 0
	if view.Correcting == 0 && r.entry.Text != "" {
		r.entry.SetText("")
	}
	r.ask.SetText(tr.Say("rec.correct_ask", "n", strconv.Itoa(view.Correcting)))
	r.entry.SetPlaceHolder(tr.Say("rec.correct_hint"))
	r.paper.SetText(tr.Say("rec.paper"))
	r.rows.Objects = nil
	for i, l := range view.Record.Lines {
		if i == len(r.made) {
			r.made = append(r.made, widget.NewPlaceRow("TapLine"+strconv.Itoa(i+1), r.parts.sends(app.TapLine{N: i + 1})))
		}
		r.made[i].Set(widget.PlaceFace{Number: strconv.Itoa(l.N), Name: recordSaid(tr, l), Where: tr.Clock(l.At)})
		r.rows.Objects = append(r.rows.Objects, r.made[i])
	}
	r.correct.Hidden = view.Correcting == 0
	r.correct.SetBusy(view.Busy, tr.Say("sum.saving"), tr.Say("rec.correct"))
	r.retry.Hidden = view.Problem.None() || view.Loading || len(view.Record.Lines) > 0
	r.retry.SetText(tr.Say("cit.try_again"))
	r.back.SetText(tr.Say("rec.back"))
	r.page.Refresh()
}

// recordWords are the sentences of a line, by what it says and its detail where it has one: the same that the clinic reads.
var recordWords = map[string]kontakt.MsgKey{
	"consent_oral": "rec.consent_oral", "consent_tacit": "rec.consent_tacit", "consent_guardian": "rec.consent_guardian", "consent_cannot": "rec.consent_cannot",
	"withdrawn": "rec.withdrawn", "in": "rec.in", "out": "rec.out", "alone": "rec.alone", "alone_over": "rec.alone_over",
	"mode_videokonsultation": "rec.mode_consultation", "mode_videokonference": "rec.mode_conference",
	"call": "rec.call", "call_over": "rec.call_over", "tool_still": "rec.tool_still", "tool_text": "rec.tool_text", "tool_card": "rec.tool_card",
	"emergency": "rec.emergency", "restored": "rec.restored", "correction": "rec.correction", "end": "rec.end",
	"end_done": "rec.end_done", "end_no_contact": "rec.end_no_contact", "end_phone": "rec.end_phone", "end_rebook": "rec.end_rebook",
	"end_wrong_patient": "rec.end_wrong_patient", "end_left": "rec.end_left", "end_not_relevant": "rec.end_not_relevant", "end_removed": "rec.end_removed",
	"end_closed": "rec.end_closed", "end_corrected": "rec.end_corrected", "end_consent_withdrawn": "rec.end_withdrawn",
}

var roleWords = map[kontakt.RecordRole]kontakt.MsgKey{
	kontakt.RoleInNurse: "rec.nurse", kontakt.RoleInCitizen: "rec.citizen", kontakt.RoleInRelative: "rec.relative",
	kontakt.RoleInInterpreter: "rec.interpreter", kontakt.RoleInColleague: "rec.colleague", kontakt.RoleInOther: "rec.other",
}

func recordSaid(tr i18n.Lookup, l kontakt.RecordLine) string {
	key, who := recordWords[string(l.What)+"_"+l.Detail], roleWords[l.Who]
	if key == "" {
		key = recordWords[string(l.What)]
	}
	if who == "" {
		who = "rec.other"
	}
	return tr.Say(key, "hvem", tr.Say(who), "navn", l.Name, "tekst", l.Words, "n", strconv.Itoa(l.Corrects))
}
