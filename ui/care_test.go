package ui

import (
	"image"
	"testing"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
)

var (
	press112 = []app.Event{app.TapEmergency{}}
	calls    = app.Called{Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryCalled, &doctor }), RingUntil: now.Add(47 * time.Second)}
)

func init() { situations = append(situations, careSituations...) }

// careSituations are the sheet "Ring 112" over what it may lie over, and what else is there for a citizen's safety.
var careSituations = []situation{
	{name: "urgent", screen: app.Waiting{Place: place}, taps: press112, dark: true, small: true},
	{name: "urgent-telling", screen: app.Waiting{Place: place}, offline: true, taps: []app.Event{app.TapEmergency{}, app.TapEmergencyCalled{}}},
	{name: "urgent-heard", screen: app.Waiting{Place: with(place, func(p *app.Place) { p.EmergencyAt = now })}, taps: press112},
	{name: "urgent-nophone", screen: app.Waiting{Place: place}, taps: []app.Event{
		app.TapEmergency{}, app.TapEmergencyDial{}, app.Dialled{Failure: app.Failure{Kind: kontakt.NotFound, Say: app.Sentence{Key: kontakt.MsgCannotPhone}}},
	}},
	{name: "urgent-readback", screen: app.ReadBack{Citizen: karen}, taps: press112},
	{name: "urgent-called", screen: calls, taps: press112, small: true},
	{name: "urgent-incall", screen: talk(func(*app.InCall) {}), taps: press112},
	{name: "urgent-drill", screen: app.Called{Place: agnes, RingUntil: now.Add(47 * time.Second)}, drill: drilling("drill.task.answer", "klinik", agnes.Clinic.Name), taps: press112},
	{name: "incall-hidden", screen: talk(func(v *app.InCall) { v.Hidden = true })},
	{name: "incall-corner", small: true, screen: talk(func(v *app.InCall) { v.Rung, v.Net = kontakt.RungLower, app.Sentence{Key: "net.lower"} }), taps: []app.Event{app.TapMoveSelf{}, app.TapMoveSelf{}, app.TapMoveSelf{}}},
	{name: "waiting-heard", screen: app.Waiting{Place: with(place, func(p *app.Place) { p.EmergencyAt = now })}},
	{name: "waiting-moot", screen: app.Waiting{Place: place, Moot: true}, small: true},
}

// One's own picture stands in each corner in turn: over no tool, over no notice, at 200 per cent too.
func TestOwn_standsInEachCornerOverNothingElse(t *testing.T) {
	for _, f := range []form{
		{language: "da", width: 1280, height: 800, scale: 100},
		{language: "da", width: 1280, height: 800, scale: 200},
		{language: "da", width: 800, height: 1280, scale: 200},
		{language: "da", width: 1024, height: 640, scale: 200},
	} {
		s := named(t, "incall-corner")
		seen := map[[2]bool]bool{}
		for n := range 4 {
			s.taps = nil
			for range n {
				s.taps = append(s.taps, app.TapMoveSelf{})
			}
			w := show(t, s, f)
			at := w.Targets()
			own, other := at["VideoSelf"], at["VideoRemote"]
			if own.Empty() || !own.In(image.Rect(0, 0, f.width, f.height)) {
				t.Errorf("%s, corner %d: one's own at %v, the other at %v", f, n, own, other)
			}
			seen[[2]bool{own.Min.X < f.width/2, own.Min.Y > (other.Min.Y+other.Max.Y)/2-own.Dy()/2}] = true
			for name, r := range at {
				if forFingers(name) && r.Overlaps(own) {
					t.Errorf("%s, corner %d: lies over %s", f, n, name)
				}
			}
			for text, r := range w.Sentences() {
				if r.Overlaps(own) {
					t.Errorf("%s, corner %d: lies over %q", f, n, text)
				}
			}
		}
		if len(seen) != 4 {
			t.Errorf("%s: stands in %d corners", f, len(seen))
		}
	}
}
