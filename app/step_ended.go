package app

func stepEnded(s State, screen Ended, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapDone:
		return home(s, Sentence{}), nil
	case TapSignOut:
		return signOut(s)
	case OrderDone:
		if e.Asked.Place == screen.place {
			screen.Summary, _ = screen.Summary.orderDone(e) // what it asks for would be shown nowhere
			s.Screen = screen
		}
	case Moved:
		if e.ID != screen.place || e.Failure.Failed() {
			return s, nil
		}
		p := placeOf(e.Entry)
		if !p.startedAt.IsZero() && p.endedAt.After(p.startedAt) {
			screen.Summary.Started, screen.Summary.Lasted = p.startedAt, p.endedAt.Sub(p.startedAt)
		}
		s.Screen = screen
	}
	return s, nil
}
