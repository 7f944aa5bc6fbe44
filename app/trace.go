package app

import "kontaktlaege/internal/kontakt"

// trace tells how far the start of a call has come: docs/performance.md says where its time goes. The rest of the steps
// are told by the phone and the window.
func (m *Machine) trace(e Event, before, after State) {
	switch e := e.(type) {
	case PlaceChanged:
		if e.State == kontakt.EntryCalled {
			m.ports.Trace("the clinic calls")
		}
	case TapAnswer:
		m.ports.Trace("Svar pressed")
	}
	if screenLife(before) == screenLife(after) {
		return
	}
	switch after.Screen.(type) {
	case Called:
		m.ports.Trace("it rings")
	case InCall:
		m.ports.Trace("the backend has the answer")
	}
}
