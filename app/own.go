package app

// One's own picture in a call (issue 6, part 6). Where it stands is a matter of the tablet alone: it is kept from call to call
// for as long as somebody is signed in. Whoever hides it is seen by the doctor all the same.

// Corner is where one's own picture stands.
type Corner int

// The corners, in the order in which a tap goes through them.
const (
	TopRight Corner = iota
	BottomRight
	BottomLeft
	TopLeft
	corners
)

type (
	// TapHideSelf hides one's own picture here and shows it again; TapMoveSelf puts it into the next corner.
	TapHideSelf struct{}
	TapMoveSelf struct{}
)

func (TapHideSelf) event() {}
func (TapMoveSelf) event() {}

// stepOwn moves and hides the picture. Camera and connection are not touched.
func stepOwn(s State, screen InCall, e Event) (State, bool) {
	switch e.(type) {
	case TapHideSelf:
		screen.Hidden = !screen.Hidden
		s.Screen = screen
	case TapMoveSelf:
		if !screen.Hidden {
			s.Corner = (s.Corner + 1) % corners
		}
	default:
		return s, false
	}
	return s, true
}
