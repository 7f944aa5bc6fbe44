package ui

import (
	"testing"

	"kontaktlaege/app"
	"kontaktlaege/ui/widget"
)

// M4: what is written in the call's sheet keeps the focus while the call goes on behind it.
func TestInCall_whoWritesOnTheCardGoesOnWriting(t *testing.T) {
	s := named(t, "incall-card")
	w := show(t, s, lying)
	c := w.window.Canvas()
	for _, f := range widget.Reachable(c) {
		if e, ok := f.(widget.Target); ok && e.TargetName() == "Entryis.s" {
			c.Focus(f)
		}
	}
	if c.Focused() == nil {
		t.Fatal("nothing can be written")
	}
	c.Focused().TypedRune('!')
	v := s.screen.(app.InCall)
	v.Level = 0.5
	s.screen = v
	w.Show(s.state(danish))
	if c.Focused() == nil {
		t.Fatal("the focus is gone while the call goes on")
	}
	c.Focused().TypedRune('?')
	if e, ok := w.sent[len(w.sent)-1].(app.Wrote); !ok || e.ISBAR.Situation != isbar.Situation+"!?" {
		t.Errorf("wrote %+v", w.sent)
	}
}
