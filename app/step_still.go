package app

import (
	"slices"

	"kontaktlaege/internal/kontakt"
)

func stepStill(screen InCall, _ bool, e Event) (InCall, []Effect, bool) {
	call := screen.Place.Call.ID
	switch e := e.(type) {
	case TapStill:
		effects := screen.putAway()
		switch s := screen.Still; {
		case s == nil || s.ID != "":
			screen.Still = &Still{Aiming: true, Asked: s != nil && s.Asked}
			return screen, effects, true
		case s.Taking:
			return screen, nil, true
		}
		screen.Still = &Still{From: kontakt.ParticipantTablet, Taking: true, Asked: screen.Still.Asked}
		return screen, append(effects, TakeStill{call}), true
	case TapStillClose:
		effects := screen.putAway()
		if screen.Still != nil && screen.Still.Asked {
			effects = append(effects, DeclineStill{Call: call, To: kontakt.ParticipantClinic})
		}
		screen.Still = nil
		return screen, effects, true
	case TapStillDrop:
		if screen.Still == nil || screen.Still.ID == "" {
			return screen, nil, true
		}
		id := screen.Still.ID
		screen.Still = nil
		return screen, []Effect{DropStill{Call: call, ID: id}}, true
	case StillChanged:
		if e.Call != call {
			return screen, nil, true
		}
		next, effects := screen.stillChanged(e.Change)
		return next, effects, true
	}
	return screen, nil, false
}

// putAway forgets the still that is shown. One that is on its way goes no further; one that is whole stays with who has it.
func (c InCall) putAway() []Effect {
	switch s := c.Still; {
	case s == nil || s.ID == "":
		return nil
	case s.Progress < 1:
		return []Effect{DropStill{Call: c.Place.Call.ID, ID: s.ID}}
	default:
		return []Effect{CloseStill{Call: c.Place.Call.ID, ID: s.ID}}
	}
}

func (c InCall) stillChanged(e StillChange) (InCall, []Effect) {
	switch e.Stage {
	case StillAsked:
		return c.stillAsked(e), nil
	case StillTaken, StillFailed:
		return c.stillTaken(e)
	case StillComing, StillCame:
		return c.stillComes(e)
	}
	shown := c.Still
	if shown == nil || shown.ID == "" || shown.ID != e.ID {
		return c, nil
	}
	next := *shown
	switch e.Stage {
	case StillGoing:
		next.Progress = max(next.Progress, fraction(e.Progress))
	case StillDelivered:
		next.Progress = 1
	case StillDropped:
		if e.From != kontakt.ParticipantClinic && e.From != shown.From {
			return c, nil // a guest has put it away: the others still look at it
		}
		c.Still = nil
		return c, nil
	}
	c.Still = &next
	return c, nil
}

// stillAsked shows that the clinic asks for one; nobody else may.
func (c InCall) stillAsked(e StillChange) InCall {
	if e.From != kontakt.ParticipantClinic || c.Still != nil && c.Still.Taking {
		return c
	}
	next := Still{Asked: true}
	if c.Still != nil {
		next = *c.Still
		next.Asked = true
	}
	c.Still = &next
	return c
}

// stillTaken: the camera has taken one, or none. One that the nurse no longer wants goes nowhere.
func (c InCall) stillTaken(e StillChange) (InCall, []Effect) {
	if c.Still == nil || !c.Still.Taking {
		if e.Stage == StillTaken {
			return c, []Effect{DropStill{Call: c.Place.Call.ID, ID: e.ID}}
		}
		return c, nil
	}
	c.Still = &Still{
		ID: e.ID, From: kontakt.ParticipantTablet, Width: e.Width, Height: e.Height, Problem: e.Problem,
		Asked: c.Still.Asked && e.Stage == StillFailed,
	}
	return c, nil
}

// stillComes shows another's picture: at once where none is shown, else when it is whole.
func (c InCall) stillComes(e StillChange) (InCall, []Effect) {
	if _, known := c.other(e.From); !known {
		return c, nil
	}
	whole := e.Stage == StillCame
	next := Still{ID: e.ID, From: e.From, Width: e.Width, Height: e.Height, Progress: fraction(e.Progress)}
	if whole {
		next.Progress = 1
	}
	shown := c.Still
	switch {
	case shown == nil || shown.ID == "" && !shown.Taking && (!shown.Aiming || whole):
	case shown.ID == e.ID:
		next.Pointers, next.Progress = shown.Pointers, max(next.Progress, shown.Progress)
	case !whole || shown.Taking || shown.Progress < 1:
		return c, nil
	}
	if shown != nil {
		next.Asked = shown.Asked
	}
	var effects []Effect
	if shown != nil && shown.ID != e.ID {
		effects = c.putAway()
	}
	c.Still = &next
	return c, effects
}

func stepPointer(screen InCall, _ bool, e Event) (InCall, []Effect, bool) {
	call := screen.Place.Call.ID
	switch e := e.(type) {
	case TapPoint:
		if screen.Still == nil || screen.Still.ID == "" {
			return screen, nil, true
		}
		p := Pointer{From: kontakt.ParticipantTablet, X: fraction(e.X), Y: fraction(e.Y)}
		screen = screen.point(p, e.On)
		return screen, []Effect{PointAt{Call: call, ID: screen.Still.ID, X: p.X, Y: p.Y, On: e.On}}, true
	case PointerMoved:
		_, known := screen.other(e.From)
		if known && e.Call == call && screen.Still != nil && screen.Still.ID == e.ID && e.ID != "" {
			screen = screen.point(Pointer{From: e.From, X: fraction(e.X), Y: fraction(e.Y)}, e.On)
		}
		return screen, nil, true
	}
	return screen, nil, false
}

// point shows the one that moved last. A browser tells of a mouse that rests whenever its page changes: that hides nobody
// else's pointer. Who stops takes only the own one away.
func (c InCall) point(p Pointer, on bool) InCall {
	still := *c.Still
	if on && slices.Contains(still.Pointers, p) {
		return c
	}
	still.Pointers = slices.DeleteFunc(slices.Clone(still.Pointers), func(other Pointer) bool { return other.From == p.From })
	if on {
		still.Pointers = append(still.Pointers, p)
	}
	c.Still = &still
	return c
}
