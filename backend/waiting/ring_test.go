package waiting_test

import (
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// While it rings, the tablet that alone can answer and the clinician who calls make their connection, and nobody else; the
// answer is told with the call that it is of.
func TestCall_connectsWhileItRings(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.silence(w.lone.Device)
	call := w.start(w.dorte, e.ID).Call.ID
	offer := []kontakt.Signal{{Kind: kontakt.SignalOffer, Peer: "p1", SDP: "v=0"}}
	signal := func(a kontakt.Actor) kontakt.Kind {
		_, err := w.rooms.Signal(w.as(a), call, offer)
		return kontakt.KindOf(err)
	}
	if got := signal(w.lone); got != "" {
		t.Fatalf("the tablet that rings: %v", got)
	}
	if _, reads := w.entry(w.lone, e.ID).Cursor[kontakt.CallRoom(call)]; !reads {
		t.Error("the tablet that rings does not read the call")
	}

	w.mustTakeOver(w.mona, 0, "Tabletten er løbet tør")
	for name, a := range map[string]kontakt.Actor{"first": w.lone, "second": w.mona} {
		if got := signal(a); got != kontakt.Hidden {
			t.Errorf("with two tablets that ring, the %s one: %v, want Hidden", name, got)
		}
		if _, reads := w.entry(a, e.ID).Cursor[kontakt.CallRoom(call)]; reads {
			t.Errorf("with two tablets that ring, the %s one reads the call", name)
		}
	}
	answered := w.move(w.mona, e.ID, kontakt.MoveAnswer, "")
	if got := signal(w.mona); got != "" {
		t.Errorf("the one that answered: %v", got)
	}
	if got := signal(w.lone); got != kontakt.Hidden {
		t.Errorf("the one that did not: %v, want Hidden", got)
	}
	events := w.events(kontakt.ClinicRoom(answered.Clinic.ID))
	if last := dataOf[wire.EntryChanged](t, events[len(events)-1]); last.State != string(kontakt.EntryInCall) || last.Call != string(call) {
		t.Errorf("the clinic is told %+v", last)
	}
}

func TestCall_aRingThatIsOverTakesNoSignals(t *testing.T) {
	for name, end := range map[string]func(w *world, id kontakt.EntryID){
		"not now":           func(w *world, id kontakt.EntryID) { w.move(w.tablet, id, kontakt.MoveNotNow, "") },
		"the clinic's word": func(w *world, id kontakt.EntryID) { w.move(w.dorte, id, kontakt.MoveNoAnswer, "") },
	} {
		w := newWorld(t, 1)
		e := w.join(w.lone, 0)
		call := w.start(w.dorte, e.ID).Call.ID
		end(w, e.ID)
		for who, a := range map[string]kontakt.Actor{"tablet": w.lone, "clinic": w.dorte} {
			_, err := w.rooms.Signal(w.as(a), call, []kontakt.Signal{{Kind: kontakt.SignalState}})
			if kontakt.KindOf(err) != kontakt.Gone {
				t.Errorf("after %s the %s: %v, want Gone", name, who, err)
			}
		}
	}
}
