package screen

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// callOrders is the sheet "Ordinationer": those of the call, a new one being written, or one in large letters to be read
// to the doctor. What is typed is the sheet's own until the state has taken it in.
type callOrders struct {
	parts  Parts
	title  *widget.Text
	hint   *widget.Text
	notice *widget.Notice
	page   *widget.Page

	rows   *fyne.Container
	orders []*widget.PlaceRow
	refs   []string

	form    *fyne.Container
	fields  []*orderField
	seq     int  // of what was sent
	setting bool // the entries are being filled, not typed into

	aloud         string // Ref
	sentence, was *widget.Text
	read          *fyne.Container
	stands        *widget.CheckRow

	tell, send, again, write *widget.Button
	withdraw, list, back     *widget.Button
}

// orderField is one line of a new order: its word, the entry, what is often written there, and what is wrong with it.
type orderField struct {
	word    kontakt.MsgKey
	often   []kontakt.MsgKey
	of      func(*kontakt.OrderText) *string
	label   *widget.Text
	entry   *widget.LineEntry
	chips   []*widget.Button
	words   []string // on them
	problem *widget.Notice
}

func newCallOrders(p Parts) *callOrders {
	button := func(name string, rank widget.Rank, icon widget.Icon, tapped func()) *widget.Button {
		return widget.NewButton(name, rank, icon, tapped)
	}
	s := &callOrders{
		parts: p, title: widget.NewHeading(), hint: widget.NewText(), notice: widget.NewNotice(widget.Warn), rows: widget.NewColumn(theme.Gap),
		sentence: widget.NewHeading(), was: widget.NewMuted(), stands: widget.NewCheckRow(),
		send:  button("TapOrderSend", widget.Primary, widget.IconNone, p.sends(app.TapOrderSend{})),
		write: button("TapOrderNew", widget.Primary, widget.IconWrite, p.sends(app.TapOrderNew{})),
		list:  button("TapOrderList", widget.Secondary, widget.IconBack, p.sends(app.TapOrders{})),
		back:  button("TapOrdersClose", widget.Secondary, widget.IconBack, p.sends(app.TapOrdersClose{})),
	}
	s.tell = button("TapOrderRead", widget.Primary, widget.IconCheck, func() { p.Send(app.TapOrderRead{Ref: s.aloud}) })
	s.again = button("TapOrderAgain", widget.Primary, widget.IconNone, func() { p.Send(app.TapOrderAgain{Ref: s.aloud}) })
	s.withdraw = button("TapOrderWithdraw", widget.Secondary, widget.IconTrash, func() { p.Send(app.TapOrderWithdraw{Ref: s.aloud}) })
	s.read = widget.NewColumn(2*theme.Space, widget.NewPanel(s.sentence), s.was, s.stands)
	s.fields = []*orderField{
		{word: "ord.what", of: func(t *kontakt.OrderText) *string { return &t.What }},
		{word: "ord.dose", of: func(t *kontakt.OrderText) *string { return &t.Dose }},
		{word: "ord.how_often", often: []kontakt.MsgKey{"ord.once", "ord.twice", "ord.needed"}, of: func(t *kontakt.OrderText) *string { return &t.HowOften }},
		{word: "ord.from", often: []kontakt.MsgKey{"ord.now", "ord.tomorrow"}, of: func(t *kontakt.OrderText) *string { return &t.From }},
		{word: "ord.until", of: func(t *kontakt.OrderText) *string { return &t.Until }},
	}
	s.form = widget.NewColumn(theme.Gap)
	for _, f := range s.fields {
		s.form.Add(s.field(f))
	}
	s.page = widget.NewPage(widget.NewColumn(theme.Gap, s.title, s.hint, s.notice, s.rows, s.form, s.read), nil,
		widget.NewColumn(theme.Gap, s.tell, s.send, s.again, s.write, s.withdraw, s.list, s.back), nil)
	return s
}

func (s *callOrders) field(f *orderField) fyne.CanvasObject {
	f.label, f.problem = widget.NewText(), widget.NewNotice(widget.Warn)
	f.label.Bold = true
	f.entry = widget.NewLineEntry("Entry"+string(f.word), false, s.parts.sends(app.TapOrderSend{}))
	f.entry.Most = kontakt.MaxOrderLine
	f.entry.OnChanged = func(string) { s.typed() }
	f.entry.Focused = func() { s.page.Refresh() }
	chips := widget.NewShelf(theme.Space, len(f.often))
	for range f.often {
		i := len(f.chips)
		b := widget.NewButton(string(f.often[i]), widget.Secondary, widget.IconNone, func() { f.entry.SetText(f.words[i]) })
		f.chips, f.words = append(f.chips, b), append(f.words, "")
		chips.Add(b)
	}
	return widget.NewColumn(theme.Space/2, f.label, f.entry, f.problem, chips)
}

func (s *callOrders) object() fyne.CanvasObject { return s.page }

// leave keeps the entries: what stands there is the state's, and forget wipes it.
func (s *callOrders) leave() {}

func (s *callOrders) forget() {
	s.fill(kontakt.OrderText{})
	s.sentence.SetText("")
	s.was.SetText("")
	s.stands.Set(widget.Running, "", "")
	for _, r := range s.orders {
		r.Set(widget.PlaceFace{})
	}
	s.refs = nil
}

// typed sends what stands in the entries.
func (s *callOrders) typed() {
	if s.setting {
		return
	}
	s.seq++
	e := app.OrderTyped{Seq: s.seq}
	for _, f := range s.fields {
		*f.of(&e.Text) = f.entry.Text
	}
	s.parts.Send(e)
}

func (s *callOrders) fill(text kontakt.OrderText) {
	s.setting = true
	defer func() { s.setting = false }()
	for _, f := range s.fields {
		if words := *f.of(&text); f.entry.Text != words {
			f.entry.SetText(words)
		}
	}
}

func (s *callOrders) show(state app.State, v app.InCall) {
	tr, b := lookup(state), v.Orders
	s.hint.SetText("")
	s.notice.SetText("")
	s.rows.Hidden, s.form.Hidden, s.read.Hidden = b.Face != app.OrdersListed, b.Face != app.OrdersWritten, b.Face != app.OrdersAloud
	for _, x := range []*widget.Button{s.tell, s.send, s.again, s.write, s.withdraw, s.list, s.back} {
		x.Hidden = true
	}
	s.tell.SetText(tr.Say("ord.have_read"))
	s.send.SetText(tr.Say("ord.send"))
	s.again.SetText(tr.Say("cit.try_again"))
	s.write.SetText(tr.Say("ord.add"))
	s.withdraw.SetText(tr.Say("ord.withdraw"))
	s.list.SetText(tr.Say("ord.list"))
	s.back.SetText(tr.Say("ord.close"))
	switch b.Face {
	case app.OrdersListed:
		s.listed(tr, b)
	case app.OrdersWritten:
		s.writing(tr, b)
	case app.OrdersAloud:
		s.reading(tr, b)
	}
	s.page.Refresh()
}

func (s *callOrders) listed(tr i18n.Lookup, b app.OrderBook) {
	s.title.SetText(tr.Say("ord.title"))
	s.notice.SetText(say(tr, b.Problem))
	if len(b.All) == 0 {
		s.hint.SetText(tr.Say("ord.none"))
	}
	for len(s.orders) < len(b.All) {
		i := len(s.orders)
		r := widget.NewPlaceRow("TapOrder"+strconv.Itoa(i), func() { s.parts.Send(app.TapOrder{Ref: s.refs[i]}) })
		s.orders = append(s.orders, r)
		s.rows.Add(r)
	}
	s.refs = s.refs[:0]
	for i, r := range s.orders {
		r.Hidden = i >= len(b.All)
		if r.Hidden {
			continue
		}
		l := b.All[i]
		s.refs = append(s.refs, l.Ref())
		what := named(l.What, l.Dose)
		sign, words := orderStands(tr, l)
		face := widget.PlaceFace{Sign: sign, Name: what, Where: when(tr, l.OrderText), Stands: words}
		if !l.Read() && l.State == kontakt.OrderWritten {
			face.Stands, face.News = "", words // to be done
		}
		r.Set(face)
	}
	s.write.Hidden, s.back.Hidden = false, false
}

func (s *callOrders) writing(tr i18n.Lookup, b app.OrderBook) {
	s.title.SetText(tr.Say("ord.add"))
	if l, is := b.Corrected(); is {
		s.notice.SetText(tr.Say("ord.doctor_fixed", "hvad", l.What))
	}
	if s.seq < b.Seq {
		s.seq = b.Seq
	}
	if s.seq == b.Seq {
		s.fill(b.Draft)
	}
	for i, f := range s.fields {
		f.label.SetText(tr.Say(f.word))
		f.problem.SetText(say(tr, b.Faults[i]))
		for n, key := range f.often {
			f.words[n] = tr.Say(key)
			f.chips[n].SetText(f.words[n])
		}
	}
	s.send.Hidden, s.list.Hidden = false, false
	s.send.SetEnabled(strings.TrimSpace(b.Draft.What) != "")
}

func (s *callOrders) reading(tr i18n.Lookup, b app.OrderBook) {
	l, _ := b.Line(b.Aloud)
	s.aloud = l.Ref()
	due := l.State == kontakt.OrderWritten && !l.Read()
	s.title.SetText(tr.Say("ord.one"))
	if due {
		s.title.SetText(tr.Say("ord.read_back"))
	}
	s.notice.SetText(say(tr, l.Problem))
	s.was.SetText("")
	if l.ByDoctor {
		if due {
			s.notice.SetText(tr.Say("ord.fixed"))
		}
		if old, found := b.Line(string(l.Corrects)); found {
			s.was.SetText(tr.Say("ord.before", "ord", aloud(tr, old.OrderText)))
		}
	}
	s.sentence.SetText(aloud(tr, l.OrderText))
	sign, words := orderStands(tr, l)
	verdict := widget.Running
	switch sign {
	case widget.IconCheck:
		verdict = widget.Good
	case widget.IconWarning, widget.IconCross, widget.IconTrash:
		verdict = widget.Bad
	}
	s.stands.Hidden = due && l.Going == "" && l.Problem.None()
	s.stands.Set(verdict, words, "")
	unsent := l.ID == "" && l.Going == ""
	s.tell.Hidden = !due || unsent
	s.again.Hidden = !unsent
	s.withdraw.Hidden = !l.Unconfirmed() || l.Going != ""
	s.write.Hidden = due
	s.list.Hidden = false
}

// orderStands says how an order stands, in a word and with a sign.
func orderStands(tr i18n.Lookup, l app.OrderLine) (widget.Icon, string) {
	switch {
	case l.Going == app.OrderWithdrawing:
		return widget.IconRunning, tr.Say("ord.withdrawing")
	case l.Going != "":
		return widget.IconRunning, tr.Say("ord.sending")
	case l.ID == "":
		return widget.IconWarning, tr.Say("ord.not_sent")
	}
	switch l.State {
	case kontakt.OrderReadBack:
		return widget.IconRunning, tr.Say("ord.waiting")
	case kontakt.OrderConfirmed:
		return widget.IconCheck, tr.Say("ord.confirmed_by", "navn", l.Confirmer)
	case kontakt.OrderCorrected:
		return widget.IconCross, tr.Say("ord.corrected")
	case kontakt.OrderWithdrawn:
		return widget.IconTrash, tr.Say("ord.withdrawn")
	}
	return widget.IconWarning, tr.Say("ord.read_back")
}

// when says how often, from when and until when.
func when(tr i18n.Lookup, t kontakt.OrderText) string {
	var from, until string
	if t.From != "" {
		from = tr.Say("ord.says_from", "fra", t.From)
	}
	if t.Until != "" {
		until = tr.Say("ord.says_until", "til", t.Until)
	}
	return named(t.HowOften, strings.TrimSpace(from+" "+until))
}

// aloud is an order as one sentence.
func aloud(tr i18n.Lookup, t kontakt.OrderText) string {
	return strings.TrimSuffix(named(t.What, t.Dose, when(tr, t)), ".") + "."
}

// mostAsked is how many orders a question names.
const mostAsked = 4

// openOrders are the orders that are not confirmed, a line each.
func openOrders(tr i18n.Lookup, v app.InCall) (question, list string) {
	open := v.Orders.Unconfirmed()
	if len(open) == 0 {
		return tr.Say("call.end_confirm"), ""
	}
	var all []string
	for _, l := range open {
		if len(all) == mostAsked {
			all = append(all, "…")
			break
		}
		all = append(all, "– "+named(l.What, l.Dose))
	}
	if len(open) == 1 {
		return tr.Say("ord.warn_end_one"), all[0]
	}
	return tr.Say(kontakt.MsgOrdersOpen, "n", strconv.Itoa(len(open))), strings.Join(all, "\n")
}
