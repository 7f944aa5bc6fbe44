package widget

import "kontaktlaege/ui/theme"

// Letter is a panel with what somebody wrote, in large text, with a line above and who wrote it below.
type Letter struct {
	Panel

	head, text, from *Text
}

// NewLetter makes a letter that is hidden until it has something to say.
func NewLetter() *Letter {
	l := &Letter{head: NewText(), text: NewText(), from: NewText()}
	l.head.Bold = true
	l.text.Type = theme.SizeLabel
	l.Panel = panelOf(NewColumn(theme.Space, l.head, l.text, l.from))
	l.ExtendBaseWidget(l)
	l.Hide()
	return l
}

// Set writes it; without a text the letter takes no room.
func (l *Letter) Set(head, text, from string) {
	l.head.SetText(head)
	l.text.SetText(text)
	l.from.SetText(from)
	if text == "" {
		l.Hide()
	} else {
		l.Show()
	}
	l.Refresh()
}

// TargetName lets a test see that it is shown.
func (l *Letter) TargetName() string { return "Message" }
