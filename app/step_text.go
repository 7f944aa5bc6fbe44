package app

func stepText(screen InCall, _ bool, e Event) (InCall, []Effect, bool) {
	switch e := e.(type) {
	case TapTyping:
		screen.Typing.Open, screen.Typing.Unread = true, false
	case TapTypingClose:
		screen.Typing.Open = false
	case TapType:
		var send string
		screen.Typing, send = screen.Typing.write(e.Text, "")
		if send != "" {
			return screen, []Effect{Type{Call: screen.Place.Call.ID, Text: send}}, true
		}
	case TextCame:
		who, known := screen.other(e.From)
		if !known || e.Call != screen.Place.Call.ID {
			return screen, nil, true
		}
		screen.Typing = screen.Typing.hear(e.From, who.Name, e.Text)
	default:
		return screen, nil, false
	}
	return screen, nil, true
}
