package screen

import (
	"net/url"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Ended shows what the nurse writes in the care record, above all with whom the citizen spoke, and takes what she adds; or,
// where there was no conversation, why, and where to phone.
type Ended struct {
	parts                          Parts
	how, title, write, saved, hint *widget.Text
	clinician, citizen, when       *widget.Fact
	present, agree, mode, shared   *widget.Fact
	ended, phone, words            *widget.Fact
	problem, unconfirmed           *widget.Notice
	orders                         *orderLines
	record                         *widget.Button
	qr                             *widget.QR
	pc                             *widget.Text
	atPC                           *fyne.Container
	notes                          *endedNotes
	done, back, written            *widget.Button
	asking                         *widget.Question
	question                       *widget.Question
	page                           *widget.Page
	reading                        *recordPage
	object                         *fyne.Container
}

// nearCode is how large a code is that is read off a tablet on the lap.
const nearCode = 176

// NewEnded makes the screen.
func NewEnded(p Parts) *Ended {
	fact := func() *widget.Fact { return widget.NewFact(theme.SizeBody) }
	s := &Ended{
		parts: p, how: widget.NewHeading(), title: widget.NewText(), write: widget.NewText(), saved: widget.NewMuted(), hint: widget.NewMuted(),
		clinician: widget.NewFact(theme.SizeKey), citizen: fact(), when: fact(), present: fact(), agree: fact(), mode: fact(), shared: fact(),
		ended: fact(), phone: widget.NewFact(theme.SizeKey), words: widget.NewFact(theme.SizeLabel),
		problem: widget.NewNotice(widget.Warn), unconfirmed: widget.NewNotice(widget.Warn), orders: newOrderLines(),
		record: widget.NewButton("TapRecord", widget.Secondary, widget.IconPeople, p.sends(app.TapRecord{})),
		qr:     widget.NewQR(), pc: widget.NewText(), notes: newEndedNotes(p),
		done:    widget.NewButton("TapDone", widget.Primary, widget.IconNone, p.sends(app.TapDone{})),
		back:    widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
		written: widget.NewButton("TapWritten", widget.Secondary, widget.IconCheck, p.sends(app.TapWritten{})),
		asking:  widget.NewQuestion("TapWrittenYes", "TapWrittenNo", p.sends(app.TapWrittenYes{}), p.sends(app.TapWrittenNo{})),
		reading: newRecordPage(p),
	}
	s.hint.Alignment, s.saved.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	s.qr.Most = nearCode
	s.atPC = widget.NewCells(theme.Gap, 2, s.qr, widget.NewColumn(theme.Gap, s.pc, s.record))
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.how, widget.NewColumn(0, s.clinician, s.title), s.phone, s.words, s.unconfirmed,
			widget.NewCells(theme.Space, 2, s.citizen, s.when, s.present, s.agree, s.mode, s.ended, s.shared),
			s.orders.column, s.atPC),
		widget.NewColumn(theme.Gap, s.write, s.problem, s.notes.column),
		widget.NewColumn(theme.Gap, s.saved, s.done, s.written, s.back, s.hint), nil)
	s.object = container.NewStack(s.page, s.reading.page)
	return s
}

// Object is the page, or the record over it.
func (s *Ended) Object() fyne.CanvasObject { return s.object }

// Question is whether it stands in the journal.
func (s *Ended) Question() *widget.Question { return s.question }

// Leave has nothing to let go.
func (s *Ended) Leave() { s.question = nil }

// Forget wipes the citizen off the labels, and what was said and written.
func (s *Ended) Forget() {
	for _, f := range []*widget.Fact{s.clinician, s.citizen, s.when, s.present, s.agree, s.mode, s.shared, s.ended, s.phone, s.words} {
		f.Set("", "")
	}
	s.title.SetText("")
	s.orders.set(i18n.For(""), nil)
	s.qr.SetAddress("")
	s.pc.SetText("")
	s.notes.forget()
	s.reading.forget()
}

// Show draws it.
func (s *Ended) Show(state app.State) {
	v, tr := state.Screen.(app.Ended), lookup(state)
	s.page.Hidden, s.reading.page.Hidden = v.Record != nil, v.Record == nil
	s.question = nil
	if v.Record != nil {
		s.reading.show(tr, v)
		s.object.Refresh()
		return
	}
	if v.Asking {
		s.question = s.asking
		s.asking.Yes.SetText(tr.Say("sum.written_yes"))
		s.asking.No.SetText(tr.Say("sum.written_no"))
		s.asking.Ask(tr.Say("sum.written_ask"))
	}
	s.what(tr, v)
	s.detail(tr, v)
	s.notes.show(tr, v, kontakt.DateOf(s.parts.Clock()))
	s.stands(tr, state, v)
	s.actions(tr, v)
	s.page.Refresh()
	s.object.Refresh()
}

// what says with whom and when, as the tablet knows it by itself.
func (s *Ended) what(tr i18n.Lookup, v app.Ended) {
	sum := v.Summary
	s.how.SetText(say(tr, sum.How))
	s.clinician.Set(tr.Say("sum.doctor"), sum.Clinician)
	s.title.SetText(named(sum.Title, sum.Clinic))
	s.citizen.Set(tr.Say("sum.citizen"), sum.Citizen)
	when := ""
	if !sum.Started.IsZero() {
		when = tr.Say("sum.span", "dato", tr.Date(kontakt.DateOf(sum.Started)), "tid", tr.Clock(sum.Started), "minutter", tr.Minutes(sum.Lasted))
	}
	s.when.Set(tr.Say("sum.time"), when)
	s.phone.Set("", "")
	s.words.Set("", "")
	if off := v.Off; off != nil {
		s.phone.Set(tr.Say("off.phone"), off.Clinic.Phone)
		s.words.Set(tr.Say("off.words"), off.Words)
	}
}

// detail is what the backend knows besides.
func (s *Ended) detail(tr i18n.Lookup, v app.Ended) {
	full := v.Full
	if v.Loading {
		full = kontakt.Summary{}
	}
	s.present.Set(tr.Say("sum.present"), presentAt(tr, full))
	s.agree.Set(tr.Say("sum.consent"), consentSaid(tr, full))
	s.mode.Set(tr.Say("sum.mode"), oneOf(tr, modeWords, string(full.Mode)))
	s.shared.Set(tr.Say("sum.shared"), sharedSaid(tr, full.Tools))
	ended := ""
	if full.ID != "" {
		ended = named(oneOf(tr, endWords, full.EndReason), oneOf(tr, sideWords, full.EndedBy))
		if full.EndReason == "done" {
			ended = oneOf(tr, sideWords, full.EndedBy)
		}
	}
	s.ended.Set(tr.Say("sum.ended"), ended)
	s.orders.set(tr, v.Orders())
	s.unconfirmed.SetText("")
	if n := unconfirmedOf(v.Orders()); n > 0 {
		s.unconfirmed.SetText(tr.Say("sum.unconfirmed", "n", strconv.Itoa(n)))
	}
	shows := full.URL != "" && s.qr.SetAddress(full.URL)
	if !shows {
		s.qr.SetAddress("")
	}
	s.atPC.Hidden = !shows
	s.pc.SetText(tr.Say("sum.pc", "adresse", pageOf(full.URL)))
	s.record.SetText(tr.Say("sum.record"))
}

// stands says what is on its way, what is kept, and what does not get through.
func (s *Ended) stands(tr i18n.Lookup, state app.State, v app.Ended) {
	signedOff := !state.Employee.SignedIn() || v.Quiet || v.Off != nil
	s.write.SetText("")
	if !signedOff && !v.Notes() {
		s.write.SetText(tr.Say("sum.write"))
	}
	problem := say(tr, v.Problem)
	if problem == "" && state.Net.Offline && (v.Loading || v.Unsaved()) {
		problem = tr.Say("sum.offline")
	}
	s.problem.SetText(problem)
	switch {
	case signedOff:
		s.saved.SetText("")
	case v.Loading:
		s.saved.SetText(tr.Say("sum.loading"))
	case v.Saving || v.Unsaved() || s.notes.seq != v.Seq:
		s.saved.SetText(tr.Say("sum.saving"))
	case v.Notes() && v.Full.Note != (kontakt.Note{}):
		s.saved.SetText(tr.Say("sum.saved"))
	default:
		s.saved.SetText("")
	}
}

func (s *Ended) actions(tr i18n.Lookup, v app.Ended) {
	waits := v.Problem.None() && (v.Leaving || v.Dropping)
	label := tr.Say("sum.done")
	if v.Listed {
		label = tr.Say("sum.to_list")
	}
	if v.Leaving && !waits {
		label = tr.Say("sum.clear_unsaved")
	}
	if s.done.Rank = widget.Primary; v.Leaving && !waits {
		s.done.Rank = widget.Danger
	}
	s.done.SetBusy(waits, tr.Say("sum.saving"), label)
	s.written.Hidden, s.back.Hidden = !v.Listed || v.Full.ID == "", true
	s.written.SetText(tr.Say("sum.written"))
	s.hint.SetText(tr.Say("sum.clear_hint"))
	if v.Listed {
		s.hint.SetText("")
	}
}

// pageOf is where a summary is found at a PC, as it is typed: an address without its scheme.
func pageOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Host + "/sygepleje"
}

// presentAt gives who took part, by role: names stand of those who work there alone.
func presentAt(tr i18n.Lookup, s kontakt.Summary) string {
	if s.ID == "" {
		return ""
	}
	who := []string{tr.Say("sum.the_citizen"), named(s.Helper, s.HelperTitle)}
	for _, kind := range s.Others {
		who = append(who, oneOf(tr, guestWords, string(kind)))
	}
	return named(slices.DeleteFunc(who, func(w string) bool { return w == "" })...)
}

func consentSaid(tr i18n.Lookup, s kontakt.Summary) string {
	said := named(oneOf(tr, consentWords, string(s.Consent.Kind)), s.Consent.Reason)
	if s.Withdrawn.IsZero() {
		return said
	}
	return named(said, tr.Say("sum.withdrawn_at", "tid", tr.Clock(s.Withdrawn)))
}

// Words of lists.
var (
	modeWords = map[string]kontakt.MsgKey{string(kontakt.ModeConsultation): "call.mode_consultation", string(kontakt.ModeConference): "call.mode_conference"}
	endWords  = map[string]kontakt.MsgKey{
		"no_contact": "sum.end_no_contact", "phone": "sum.end_phone", "rebook": "sum.end_rebook", "wrong_patient": "sum.end_wrong",
		"transfer": "sum.end_transfer", "interrupted": "sum.end_interrupted", kontakt.ReasonWithdrawn: "sum.end_withdrawn", "": "",
	}
	sideWords  = map[string]kontakt.MsgKey{"tablet": "sum.by_tablet", "clinic": "sum.by_clinic", "system": "sum.by_itself"}
	guestWords = map[string]kontakt.MsgKey{
		string(kontakt.GuestNurse): "sum.a_nurse", string(kontakt.GuestRelative): "sum.a_relative", string(kontakt.GuestInterpreter): "sum.an_interpreter",
		string(kontakt.GuestOther): "sum.another",
	}
	consentWords = map[string]kontakt.MsgKey{
		string(kontakt.ConsentOral): "sum.con_oral", string(kontakt.ConsentTacit): "sum.con_tacit", string(kontakt.ConsentGuardian): "sum.con_guardian",
		string(kontakt.ConsentCannot): "sum.con_cannot",
	}
)

// toolWords are what can be shared in a call.
var toolWords = map[string]kontakt.MsgKey{kontakt.ToolStill: "sum.tool_still", kontakt.ToolText: "sum.tool_text", kontakt.ToolCard: "sum.tool_card"}

func sharedSaid(tr i18n.Lookup, tools []string) string {
	var said []string
	for _, tool := range tools {
		said = append(said, oneOf(tr, toolWords, tool))
	}
	return named(said...)
}

// oneOf says a word of a list; one that is not in it is not said.
func oneOf(tr i18n.Lookup, words map[string]kontakt.MsgKey, word string) string {
	key := words[word]
	if key == "" {
		return ""
	}
	return tr.Say(key)
}

// orderLines are the orders of a conversation, each with its state.
type orderLines struct {
	title  *widget.Text
	made   []*widget.CheckRow
	column *fyne.Container
}

func newOrderLines() *orderLines {
	l := &orderLines{title: widget.NewMuted()}
	l.column = widget.NewColumn(theme.Space, l.title)
	return l
}

func (l *orderLines) set(tr i18n.Lookup, orders []app.Ordered) {
	l.column.Hidden = len(orders) == 0
	l.column.Objects = []fyne.CanvasObject{l.title}
	l.title.SetText(tr.Say("sum.orders"))
	for i, o := range orders {
		if i == len(l.made) {
			l.made = append(l.made, widget.NewCheckRow())
		}
		verdict, stand := widget.Bad, tr.Say("sum.order_not")
		switch {
		case o.Confirmed && o.At.IsZero():
			verdict, stand = widget.Good, tr.Say("sum.order_yes")
		case o.Confirmed:
			verdict, stand = widget.Good, tr.Say("sum.order_confirmed", "tid", tr.Clock(o.At))
		}
		l.made[i].Set(verdict, orderSaid(tr, o.Text), stand)
		l.column.Objects = append(l.column.Objects, l.made[i])
	}
	for i := len(orders); i < len(l.made); i++ {
		l.made[i].Set(widget.Running, "", "")
	}
}

func orderSaid(tr i18n.Lookup, o kontakt.OrderText) string {
	from, until := "", ""
	if o.From != "" {
		from = tr.Say("sum.order_from", "tid", o.From)
	}
	if o.Until != "" {
		until = tr.Say("sum.order_until", "tid", o.Until)
	}
	return named(o.What, o.Dose, o.HowOften, from, until)
}

func unconfirmedOf(orders []app.Ordered) int {
	n := 0
	for _, o := range orders {
		if !o.Confirmed {
			n++
		}
	}
	return n
}
