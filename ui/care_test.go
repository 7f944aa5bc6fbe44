package ui

import (
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
	{name: "waiting-heard", screen: app.Waiting{Place: with(place, func(p *app.Place) { p.EmergencyAt = now })}},
	{name: "waiting-moot", screen: app.Waiting{Place: place, Moot: true}, small: true},
}
