package ui

import (
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
)

// What the lock leaves of the screens.
func init() {
	alone := app.Lock{Why: app.LockAlone, Place: place.ID}
	calls, pad := alone, alone
	calls.Calls = true
	pad.Pad = app.PadUnlock
	wrong, tries, signing := pad, pad, pad
	wrong.Problem = app.Sentence{Key: kontakt.MsgCodeWrong, Params: map[string]string{"n": "3"}}
	tries.Problem = app.Sentence{Key: kontakt.MsgCodeTries}
	signing.SignIn = &app.Unlocking{Signin: "log_1", URL: "https://kontakt.aftenlandet.example/signin/start/abcdefghijklmnopqrstuvwxyz"}
	unnamed := with(place, func(p *app.Place) { p.Citizen = nil })
	written := with(unnamed, func(p *app.Place) {
		p.Messages = []app.Message{{ID: "bes_1", Text: "Vi er blevet lidt forsinket. Lægen er hos jer om et kvarter.", Sender: doctor.Clinician.Name, Title: doctor.Clinician.Title, At: now.Add(-2 * time.Minute)}}
		p.Clinic.Delay = 15 * time.Minute
	})
	locked := func(l app.Lock, p *app.Place) app.Locked { return app.Locked{Lock: l, Place: p, Known: true} }
	over := locked(alone, nil)
	over.Over = true
	others := locked(alone, &unnamed)
	others.Others = true
	begins := locked(alone, nil)
	begins.Begins = true
	unknown := locked(tries, &unnamed)
	unknown.Known = false
	signs := locked(signing, &unnamed)
	signs.Known = false
	situations = append(situations, []situation{
		{name: "locked", screen: locked(alone, &unnamed), dark: true, small: true},
		{name: "locked-written", screen: locked(alone, &written)},
		{name: "locked-calls", screen: locked(calls, &unnamed)},
		{name: "locked-over", screen: over},
		{name: "locked-others", screen: others},
		{name: "locked-begins", screen: begins},
		{name: "locked-idle", screen: locked(app.Lock{Why: app.LockIdle}, nil)},
		{name: "locked-veil", screen: locked(app.Lock{Why: app.LockVeil}, &unnamed)},
		{name: "locked-pad", screen: locked(pad, &unnamed), small: true},
		{name: "locked-wrong", screen: locked(wrong, &unnamed)},
		{name: "locked-tries", screen: unknown},
		{name: "locked-signing", screen: signs},
		{name: "locked-choose", screen: locked(app.Lock{Pad: app.PadChoose}, nil), small: true},
		{name: "locked-it", screen: locked(app.Lock{Pad: app.PadIT}, nil)},
		{name: "locked-called", lock: alone, screen: app.Called{Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryCalled, &doctor }), RingUntil: now.Add(47 * time.Second)}},
		{name: "locked-called-idle", lock: app.Lock{Why: app.LockIdle}, screen: app.Called{Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryCalled, &doctor }), RingUntil: now.Add(47 * time.Second)}},
		{name: "locked-incall", lock: alone, small: true, screen: talk(func(*app.InCall) {})},
		{name: "locked-incall-calls", lock: calls, screen: talk(func(v *app.InCall) {
			v.Typing = app.Typing{Unread: true, Theirs: []app.TextLine{{From: kontakt.ParticipantClinic, Name: doctor.Clinician.Name, Text: "Har du ondt i benet, når du går?"}}}
		})},
		{name: "signedout-kiosk", screen: app.SignedOut{}, signedOut: true, kiosk: true},
	}...)
}
