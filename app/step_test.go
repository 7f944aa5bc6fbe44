package app

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

var update = flag.Bool("update", false, "write testdata/arrows.txt anew; then read the difference")

var (
	t0      = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	placeID = kontakt.EntryID("plads_a")
	callID  = kontakt.CallID("opk_a")
	signin  = kontakt.SigninID("log_a")
	device  = kontakt.DeviceID("dev_a")
	clinic  = kontakt.Clinic{ID: "kli_a", Name: "Lægerne Havnegade", Phone: "70 10 20 30", Open: true}
	karen   = kontakt.Citizen{ID: "bor_a", Name: "Karen Madsen", Age: 26, Masked: "290200-••••", Clinic: &clinic}
	ole     = kontakt.Citizen{ID: "bor_b", Name: "Ole Brandt", Age: 76, Masked: "010150-••••", Clinic: &clinic}
	sanne   = kontakt.Person{ID: "med_a", Name: "Sanne Ravn", Title: "sygeplejerske"}
	holm    = kontakt.Person{ID: "med_b", Name: "Lars Holm", Title: "praktiserende læge"}
	agreed  = kontakt.Consent{Kind: kontakt.ConsentOral}
	failed  = Failure{Kind: kontakt.Unavailable, Say: Sentence{Key: kontakt.MsgServerUnreachable}}
	cover   = kontakt.Clinic{ID: "kli_c", Name: "Lægehuset Torvet", Phone: "70 10 20 31", Open: true}
	words   = kontakt.Message{ID: "bes_a", Text: "Vi ringer efter frokost.", Sender: holm, At: t0}
	taken   = Failure{Kind: kontakt.Conflict, Say: Sentence{Key: kontakt.MsgAlreadyWaiting, Params: map[string]string{"n": "4", "rolle": "sygeplejerske", "sted": "Aftenlandet"}}}
)

// elsewhere gives Karen's place while another tablet that holds it talks.
func elsewhere(version int) kontakt.Entry {
	e := entry(kontakt.EntryInCall, version)
	e.Notice, e.Holders = kontakt.MsgAnswered, 2
	return e
}

// written gives Karen's place with a message.
func written(version int, read time.Time) kontakt.Entry {
	e, m := entry(kontakt.EntryWaiting, version), words
	m.ReadAt = read
	e.Messages = []kontakt.Message{m}
	return e
}

// late gives Karen's place while its clinic is late.
func late(version int, by time.Duration, said time.Time) kontakt.Entry {
	e := entry(kontakt.EntryWaiting, version)
	e.Clinic.Delay, e.Clinic.DelayAt = by, said
	return e
}

// off gives Karen's place that the clinic has ended.
func off(version int, reason string) kontakt.Entry {
	e := entry(kontakt.EntryLeft, version)
	e.EndedBy, e.EndReason, e.EndWords = "clinic", reason, "Kom i morgen i stedet"
	e.Cursor = kontakt.Cursor{kontakt.EntryRoom(placeID): 4}
	return e
}

// covered gives a citizen whose own clinic is covered for.
func covered(ownOpen bool) kontakt.Citizen {
	c, own := karen, clinic
	own.Open = ownOpen
	c.Clinic, c.Cover = &own, &cover
	return c
}

// entry gives Karen's place in a state and version, with the call that belongs to it.
func entry(state kontakt.EntryState, version int) kontakt.Entry {
	e := kontakt.Entry{
		ID: placeID, Version: version, State: state, Number: 47, Before: 2, Clinic: clinic, Citizen: karen, JoinedAt: t0,
		Cursor: kontakt.Cursor{kontakt.EntryRoom(placeID): 3, kontakt.LineRoom(clinic.ID): 9},
	}
	switch state {
	case kontakt.EntryCalled, kontakt.EntryInCall, kontakt.EntryInterrupted:
		e.Call = &kontakt.EntryCall{ID: callID, Clinician: holm}
		e.Cursor[kontakt.CallRoom(callID)] = 0
	}
	if state == kontakt.EntryCalled {
		e.Call.RingUntil = t0.Add(time.Minute)
	}
	return e
}

// oles gives Ole's place at another clinic, drawn a quarter of an hour before Karen's.
func oles(state kontakt.EntryState, version int) kontakt.Entry {
	e := entry(state, version)
	e.ID, e.Number, e.Citizen, e.Clinic, e.JoinedAt = "plads_o", 5, ole, cover, t0.Add(-15*time.Minute)
	e.Cursor = kontakt.Cursor{kontakt.EntryRoom(e.ID): 2, kontakt.LineRoom(cover.ID): 4}
	if e.Call != nil {
		e.Call.ID = "opk_o"
		e.Cursor[kontakt.CallRoom(e.Call.ID)] = 0
	}
	return e
}

// cardOf gives a card that says what the situation is.
func cardOf(situation string) kontakt.Card {
	return kontakt.Card{ISBAR: kontakt.ISBAR{Situation: situation}}
}

// besides gives a state in which Karen's place stands aside.
func besides(s State) State {
	p := shown(kontakt.EntryWaiting)
	if !s.Employee.SignedIn() {
		p = *heldBy(&p)
	}
	return s.keep(p)
}

func shown(state kontakt.EntryState) Place { return placeOf(entry(state, 3)) }

func held(state kontakt.EntryState) *Place {
	p := shown(state)
	return heldBy(&p)
}

// on gives a state with a screen; signed in as Sanne unless the screen says otherwise.
func on(screen Screen) State {
	s := State{
		Device: kontakt.Device{ID: device}, Employee: Employee{ID: sanne.ID, Name: sanne.Name, Title: sanne.Title},
		Settings: DefaultSettings(), Screen: screen, rooms: kontakt.Cursor{kontakt.DeviceRoom(device): 5},
	}
	switch screen := screen.(type) {
	case Ended:
		if screen.Off != nil {
			gone := placeOf(off(4, "removed"))
			s.removed = &gone
		}
	case Starting, Enrol:
		s.Device, s.Employee, s.rooms = kontakt.Device{}, Employee{}, nil
	case SignedOut, SigningIn:
		s.Employee = Employee{}
	}
	return s
}

// under gives a state with something over its screen.
func under(over Screen, s State) State {
	s.Over = over
	return s
}

func signedOut(s State) State {
	s.Employee = Employee{}
	return s
}

// situations are the states that every event is tried in.
func situations() map[string]State {
	called := Called{Place: shown(kontakt.EntryCalled), RingUntil: t0.Add(time.Minute)}
	busy, silent, quiet, ours := called, called, called, called
	busy.Busy, silent.silent, quiet.Hushed = true, true, true
	ours.Place = *held(kontakt.EntryCalled)
	inCall := InCall{
		Place: shown(kontakt.EntryInCall), Since: t0, Controls: Controls{Cameras: 2, Volume: 0.8, Zoom: 1}, Media: MediaLive,
		Rung: kontakt.RungFull, Mode: kontakt.ModeConsultation,
	}
	inCall.Place.Mode = inCall.Mode
	inCall.Others = inCall.others(nil)
	ending, over := inCall, inCall
	ending.Ending, over.over = true, true
	next := Waiting{Place: shown(kontakt.EntryWaiting)}
	next.Place.Before = 0
	offline := on(Waiting{Place: shown(kontakt.EntryWaiting)})
	offline.Net = Net{Offline: true, Since: t0}
	said := LateWord{Clinic: clinic.ID, By: 15 * time.Minute, At: t0}
	told := on(Waiting{Place: placeOf(late(3, said.By, said.At))})
	told.said = said
	again := on(Waiting{Place: placeOf(late(3, 30*time.Minute, t0.Add(20*time.Second)))})
	again.said = said
	wrong := shown(kontakt.EntryWaiting)
	correcting := func(s State) State {
		s.Correcting = &wrong
		return s
	}
	anothers := shown(kontakt.EntryWaiting)
	anothers.DrawnBy = "Mette Juhl"
	atHavnegade := Check{Citizen: citizenOf(karen), Clinic: clinic, consent: agreed}
	tried, trying, slow := atHavnegade, atHavnegade, atHavnegade
	tried.key, tried.Problem = "key-1", failed.Say
	trying.key, trying.Joining = "key-1", true
	slow.key, slow.Joining, slow.Problem = "key-1", true, stillTrying
	havnegade := clinic
	held2 := refused(citizenOf(karen), &havnegade, taken.Say)
	held2.join = kontakt.Join{Citizen: karen.ID, Clinic: clinic.ID, Mode: kontakt.ModeConsultation}
	taking := held2
	taking.Busy, taking.key, taking.join.TakeOver = true, "key-1", "Vagtskifte"
	removed := Ended{Summary: Summary{Clinic: clinic.Name}, Off: &Off{Why: Sentence{Key: kontakt.MsgRemoved}}, place: placeID}
	afterRemoval := on(removed)
	afterRemoval.Screen = FindCitizen{}
	all := map[string]State{
		"Waiting(helped)":      under(Help{HelpQueue}, on(Waiting{Place: shown(kontakt.EntryWaiting)})),
		"SignedOut(choosing)":  under(Preferences{}, on(SignedOut{})),
		"Locked":               on(Locked{}),
		"DrillChoice":          on(DrillChoice{}),
		"DrillResult":          on(DrillResult{Scenario: DrillGood}),
		"Starting":             on(Starting{}),
		"Starting(idle)":       on(Starting{Attempt: 1, Problem: failed.Say, idle: true}),
		"Enrol":                on(Enrol{}),
		"Enrol(busy)":          on(Enrol{Busy: true}),
		"SignedOut":            on(SignedOut{}),
		"SignedOut(busy)":      on(SignedOut{Busy: true}),
		"SignedOut(held)":      on(SignedOut{Held: held(kontakt.EntryWaiting)}),
		"SigningIn(beginning)": on(SigningIn{Held: held(kontakt.EntryCalled), answer: true, ringUntil: t0.Add(time.Minute)}),
		"SigningIn":            on(SigningIn{Signin: signin, URL: "https://k.example/s", Held: held(kontakt.EntryWaiting)}),
		"SigningIn(ring)":      on(SigningIn{Signin: signin, Held: held(kontakt.EntryCalled), ringUntil: t0.Add(time.Minute)}),
		"SigningIn(busy)":      on(SigningIn{Signin: signin, Busy: true}),
		"SigningIn(answer)":    on(SigningIn{Signin: signin, Busy: true, Held: held(kontakt.EntryCalled), answer: true, ringUntil: t0.Add(time.Minute)}),
		"FindCitizen":          on(FindCitizen{}),
		"FindCitizen(busy)":    on(FindCitizen{Busy: true}),
		"FindCitizen(down)":    on(FindCitizen{Down: true, Problem: Sentence{Key: kontakt.MsgRegistryDown}}),
		"FindCitizen(correct)": correcting(on(FindCitizen{})),
		"FindCitizen(removed)": afterRemoval,
		"ChooseClinic":         on(ChooseClinic{Clinics: []kontakt.Clinic{clinic, cover}}),
		"ChooseClinic(none)":   on(ChooseClinic{Loading: true}),
		"ChooseClinic(busy)":   on(ChooseClinic{Clinics: []kontakt.Clinic{clinic}, Busy: true}),
		"ReadBack":             on(ReadBack{Citizen: citizenOf(karen)}),
		"ReadBack(correct)":    correcting(on(ReadBack{Citizen: citizenOf(kontakt.Citizen{ID: "bor_b", Name: "Ole Brandt", Masked: "010150-••••", Clinic: &clinic})})),
		"Consent":              on(Consent{Citizen: citizenOf(karen), Clinic: clinic}),
		"Consent(cannot)":      on(Consent{Citizen: citizenOf(karen), Clinic: clinic, Cannot: true}),
		"Consent(correct)":     correcting(on(Consent{Citizen: citizenOf(ole), Clinic: clinic})),
		"ReadBack(covered)":    on(ReadBack{Citizen: citizenOf(covered(true))}),
		"ReadBack(holiday)":    on(ReadBack{Citizen: citizenOf(covered(false))}),
		"Refused":              on(refused(citizenOf(karen), &havnegade, Sentence{Key: kontakt.MsgClinicClosed})),
		"Refused(held)":        on(held2),
		"Refused(taking over)": on(taking),
		"Check":                on(atHavnegade),
		"Check(tried)":         on(tried),
		"Check(joining)":       on(trying),
		"Check(slow)":          on(slow),
		"Check(correct)":       correcting(on(atHavnegade)),
		"Check(correcting)":    correcting(on(trying)),
		"Waiting":              on(Waiting{Place: shown(kontakt.EntryWaiting)}),
		"Waiting(offline)":     offline,
		"Waiting(next)":        on(next),
		"Waiting(elsewhere)":   on(Waiting{Place: placeOf(elsewhere(3))}),
		"Waiting(written)":     on(Waiting{Place: placeOf(written(3, time.Time{}))}),
		"Waiting(read)":        on(Waiting{Place: placeOf(written(3, t0))}),
		"Waiting(another's)":   on(Waiting{Place: anothers}),
		"Waiting(taking over)": on(Waiting{Place: anothers, Taking: true}),
		"Waiting(late)":        told,
		"Waiting(late again)":  again,
		"Waiting(more)":        on(Waiting{Place: shown(kontakt.EntryWaiting), More: true}),
		"Waiting(wrong)":       on(Waiting{Place: shown(kontakt.EntryWaiting), Wrong: true}),
		"Waiting(leaving)":     on(Waiting{Place: shown(kontakt.EntryWaiting), Leaving: true}),
		"Waiting(busy)":        on(Waiting{Place: shown(kontakt.EntryWaiting), Leaving: true, Busy: true}),
		"Called":               on(called),
		"Called(busy)":         on(busy),
		"Called(silent)":       on(silent),
		"Called(hushed)":       on(quiet),
		"Called(signed out)":   signedOut(on(ours)),
		"InCall":               on(inCall),
		"InCall(ending)":       on(ending),
		"InCall(over)":         on(over),
		"Ended":                on(Ended{Summary: summaryOf(shown(kontakt.EntryInCall)), place: placeID}),
		"Ended(removed)":       on(removed),
	}
	maps.Copy(all, talkSituations(inCall))
	maps.Copy(all, planSituations())
	maps.Copy(all, cardSituations(inCall))
	maps.Copy(all, orderSituations(inCall))
	maps.Copy(all, mistakenSituations(inCall))
	maps.Copy(all, afterSituations())
	maps.Copy(all, handSituations())
	maps.Copy(all, careSituations(inCall))
	talks := inCall
	talks.Place, talks.Mode = placeOf(oles(kontakt.EntryInCall, 3)), ""
	talks.Others = talks.others(nil)
	oleHeld := placeOf(oles(kontakt.EntryWaiting, 3))
	left := besides(on(Round{}))
	left.Aside[0].State, left.Aside[0].endReason = kontakt.EntryLeft, "removed"
	maps.Copy(all, map[string]State{
		"Tell":                 on(Tell{Place: shown(kontakt.EntryWaiting), Writing: Writing{Known: cardOf("sår"), Draft: cardOf("sår")}}),
		"Tell(loading)":        on(Tell{Place: shown(kontakt.EntryWaiting), Writing: Writing{Loading: true}}),
		"Tell(written)":        on(Tell{Place: shown(kontakt.EntryWaiting), Writing: Writing{Known: cardOf("sår"), Draft: cardOf("sår på hælen"), due: true}}),
		"Tell(saving)":         on(Tell{Place: shown(kontakt.EntryWaiting), Writing: Writing{Known: cardOf("sår"), Draft: cardOf("sår på hælen"), Saving: true}}),
		"Tell(failed)":         on(Tell{Place: shown(kontakt.EntryWaiting), Writing: Writing{Problem: failed.Say}}),
		"Tell(aside)":          besides(on(Tell{Place: placeOf(oles(kontakt.EntryWaiting, 3)), Writing: Writing{Draft: cardOf("feber")}})),
		"Round":                besides(on(Round{})),
		"Round(left)":          left,
		"Waiting(aside)":       besides(on(Waiting{Place: placeOf(oles(kontakt.EntryWaiting, 3))})),
		"Called(aside)":        besides(on(Called{Place: placeOf(oles(kontakt.EntryCalled, 3)), RingUntil: t0.Add(time.Minute)})),
		"InCall(aside)":        besides(on(talks)),
		"Ended(aside)":         besides(on(Ended{Summary: summaryOf(placeOf(oles(kontakt.EntryInCall, 3))), place: "plads_o"})),
		"FindCitizen(aside)":   besides(on(FindCitizen{})),
		"Check(joining,aside)": besides(on(Check{Citizen: citizenOf(ole), Clinic: cover, Joining: true, key: "key-1"})),
		"SignedOut(aside)":     besides(on(SignedOut{Held: heldBy(&oleHeld)})),
		"SigningIn(aside)":     besides(on(SigningIn{Signin: signin, Held: heldBy(&oleHeld)})),
	})
	maps.Copy(all, lockedSituations())
	return all
}

// happenings are the events that every state is tried with: at least one of each type.
func happenings() map[string]Event {
	status := CallStatus{Media: MediaLost, Cameras: 2}
	over := entry(kontakt.EntryEnded, 4)
	over.StartedAt, over.EndedAt, over.EndedBy = t0, t0.Add(9*time.Minute), "clinic"
	prolonged := entry(kontakt.EntryCalled, 4)
	prolonged.Call.RingUntil = t0.Add(3 * time.Minute)
	signal := kontakt.Signal{From: kontakt.ParticipantClinic, Kind: kontakt.SignalAnswer, Peer: "p", SDP: "v=0"}
	at := t0.Add(10 * time.Second)
	all := map[string]Event{
		"Launched":                Launched{Settings: Settings{Language: "en", TextScale: 150}},
		"Started":                 Started{Device: kontakt.Device{ID: device}, Rooms: kontakt.Cursor{kontakt.DeviceRoom(device): 5}, Employee: sanne, At: at},
		"Started(waiting)":        Started{Device: kontakt.Device{ID: device}, Rooms: kontakt.Cursor{kontakt.DeviceRoom(device): 5}, Employee: sanne, Held: []kontakt.Entry{entry(kontakt.EntryWaiting, 4)}, At: at},
		"Started(in call)":        Started{Device: kontakt.Device{ID: device}, Rooms: kontakt.Cursor{kontakt.DeviceRoom(device): 5}, Held: []kontakt.Entry{entry(kontakt.EntryInCall, 4)}, At: at},
		"Started(failed)":         Started{Failure: failed},
		"NotEnrolled":             NotEnrolled{},
		"Enrolled":                Enrolled{},
		"Enrolled(failed)":        Enrolled{failed},
		"SigninBegun":             SigninBegun{Signin: "log_b", URL: "https://k.example/s", ExpiresIn: 5 * time.Minute},
		"SigninBegun(failed)":     SigninBegun{Failure: failed},
		"BrowserFailed":           BrowserFailed{Sentence{Key: kontakt.MsgLoginNoBrowser}},
		"SignedInAs":              SignedInAs{Employee: sanne, At: at},
		"SignedInAs(called)":      SignedInAs{Employee: sanne, Held: []kontakt.Entry{entry(kontakt.EntryCalled, 4)}, At: at},
		"SignedInAs(failed)":      SignedInAs{Failure: failed},
		"CitizenFound":            CitizenFound{Citizen: karen},
		"CitizenFound(failed)":    CitizenFound{Failure: failed},
		"CitizenFound(down)":      CitizenFound{Failure: Failure{Kind: kontakt.Conflict, Say: Sentence{Key: kontakt.MsgRegistryDown}}},
		"ClinicsFetched":          ClinicsFetched{Clinics: []kontakt.Clinic{clinic, cover}},
		"ClinicsFetched(failed)":  ClinicsFetched{Failure: failed},
		"Started(unsent)":         Started{Device: kontakt.Device{ID: device}, Rooms: kontakt.Cursor{kontakt.DeviceRoom(device): 5}, Employee: sanne, Unsent: &Join{Join: kontakt.Join{Citizen: karen.ID, Clinic: clinic.ID}, Key: "key-0"}, At: at},
		"Joined":                  Joined{Entry: entry(kontakt.EntryWaiting, 1), At: at},
		"Joined(failed)":          Joined{Failure: failed},
		"Joined(conflict)":        Joined{Failure: taken},
		"Joined(closed)":          Joined{Failure: Failure{Kind: kontakt.Closed, Say: Sentence{Key: kontakt.MsgClinicClosed}}},
		"PlaceFetched(waiting)":   PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 4), At: at},
		"PlaceFetched(called)":    PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at},
		"PlaceFetched(in call)":   PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryInCall, 4), At: at},
		"PlaceFetched(ended)":     PlaceFetched{ID: placeID, Entry: over, At: at},
		"PlaceFetched(left)":      PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryLeft, 4), At: at},
		"PlaceFetched(removed)":   PlaceFetched{ID: placeID, Entry: off(4, "removed"), At: at},
		"PlaceFetched(closed)":    PlaceFetched{ID: placeID, Entry: off(4, "closed"), At: at},
		"PlaceFetched(restored)":  PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 5), At: at},
		"PlaceFetched(elsewhere)": PlaceFetched{ID: placeID, Entry: elsewhere(4), At: at},
		"PlaceFetched(written)":   PlaceFetched{ID: placeID, Entry: written(4, time.Time{}), At: at},
		"PlaceFetched(late)":      PlaceFetched{ID: placeID, Entry: late(4, 30*time.Minute, t0.Add(20*time.Second)), At: at},
		"LateDue":                 LateDue{LateWord{Clinic: clinic.ID, By: 30 * time.Minute, At: t0.Add(20 * time.Second)}},
		"LateDue(before)":         LateDue{LateWord{Clinic: clinic.ID, By: 45 * time.Minute, At: t0.Add(10 * time.Second)}},
		"PlaceFetched(older)":     PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryLeft, 2), At: at},
		"PlaceFetched(failed)":    PlaceFetched{ID: placeID, Failure: failed},
		"PlaceFetched(unknown)":   PlaceFetched{ID: placeID, Failure: Failure{Kind: kontakt.NotFound, Say: Sentence{Key: kontakt.MsgNotFound}}},
		"PlaceFetched(session)":   PlaceFetched{ID: placeID, Failure: Failure{Kind: kontakt.Unauthenticated, Say: Sentence{Key: kontakt.MsgSessionEnded}}},
		"PlaceFetched(revoked)":   PlaceFetched{ID: placeID, Failure: Failure{Kind: kontakt.Forbidden, Say: Sentence{Key: kontakt.MsgDeviceRevoked}}},
		"PlaceFetched(another)":   PlaceFetched{ID: "plads_b", Entry: entry(kontakt.EntryCalled, 9), At: at},
		"HeldFetched":             HeldFetched{Held: []kontakt.Entry{entry(kontakt.EntryWaiting, 4)}, At: at},
		"HeldFetched(none)":       HeldFetched{At: at},
		"HeldFetched(elsewhere)":  HeldFetched{Held: []kontakt.Entry{elsewhere(4)}, At: at},
		"HeldFetched(failed)":     HeldFetched{Failure: failed},
		"Moved(left)":             Moved{ID: placeID, Move: kontakt.MoveLeave, Entry: entry(kontakt.EntryLeft, 4), At: at},
		"Moved(answered)":         Moved{ID: placeID, Move: kontakt.MoveAnswer, Entry: entry(kontakt.EntryInCall, 4), At: at},
		"Moved(not now)":          Moved{ID: placeID, Move: kontakt.MoveNotNow, Entry: entry(kontakt.EntryWaiting, 4), At: at},
		"Moved(wait)":             Moved{ID: placeID, Move: kontakt.MoveWait, Entry: prolonged, At: at},
		"Moved(ended)":            Moved{ID: placeID, Move: kontakt.MoveEnd, Entry: over, At: at},
		"Moved(failed)":           Moved{ID: placeID, Move: kontakt.MoveAnswer, Failure: failed},
		"PlaceChanged":            PlaceChanged{ID: placeID, Version: 4, State: kontakt.EntryCalled},
		"PlaceChanged(answered)":  PlaceChanged{ID: placeID, Version: 4, State: kontakt.EntryInCall},
		"PlaceChanged(restored)":  PlaceChanged{ID: placeID, Version: 5, State: kontakt.EntryWaiting},
		"PlaceChanged(known)":     PlaceChanged{ID: placeID, Version: 3, State: kontakt.EntryWaiting},
		"MessageCame":             MessageCame{placeID},
		"MessageCame(another)":    MessageCame{"plads_b"},
		"StillTrying":             StillTrying{},
		"RemovalOver":             RemovalOver{placeID},
		"RemovalOver(another)":    RemovalOver{"plads_b"},
		"LineChanged":             LineChanged{clinic.ID},
		"LineChanged(another)":    LineChanged{"kli_b"},
		"CallEnded":               CallEnded{callID},
		"CallEnded(another)":      CallEnded{"opk_b"},
		"SignalCame":              SignalCame{Call: callID, Signal: signal},
		"SignalCame(another)":     SignalCame{Call: "opk_b", Signal: signal},
		"SignalCame(own)":         SignalCame{Call: callID, Signal: kontakt.Signal{From: kontakt.ParticipantTablet, Kind: kontakt.SignalOffer}},
		"SigninCompleted":         SigninCompleted{Signin: signin, Code: "code"},
		"SigninCompleted(other)":  SigninCompleted{Signin: "log_c", Code: "code"},
		"SigninFailed":            SigninFailed{Signin: signin, Msg: kontakt.MsgLoginCancelled},
		"SigninFailed(other)":     SigninFailed{Signin: "log_c", Msg: kontakt.MsgLoginCancelled},
		"SessionEnded":            SessionEnded{},
		"DeviceRefused":           DeviceRefused{Sentence{Key: kontakt.MsgDeviceRevoked}},
		"RoomsRefused":            RoomsRefused{},
		"NetChanged(offline)":     NetChanged{Offline: true, Since: t0},
		"NetChanged(online)":      NetChanged{Since: t0},
		"CheckReported":           CheckReported{CheckReport{Level: 0.5}},
		"WarmFailed":              WarmFailed{Sentence{Key: kontakt.MsgCameraBusy}},
		"CallReported":            CallReported{Call: callID, Status: status},
		"CallReported(another)":   CallReported{Call: "opk_b", Status: status},
		"RetryDue":                RetryDue{1},
		"RetryDue(another)":       RetryDue{7},
		"RingAgain":               RingAgain{Call: callID, Until: t0.Add(time.Minute)},
		"RingAgain(another)":      RingAgain{Call: "opk_b", Until: t0.Add(time.Minute)},
		"RingOver":                RingOver{Call: callID, Until: t0.Add(time.Minute)},
		"RingOver(prolonged)":     RingOver{Call: callID, Until: t0.Add(30 * time.Second)},

		"TapOut":                 TapOut{},
		"TapCode":                TapCode{Code: "2580", Again: "2580"},
		"TapCode(differs)":       TapCode{Code: "2580", Again: "2589"},
		"TapUnlock":              TapUnlock{},
		"TapPadClose":            TapPadClose{},
		"TapStaff":               TapStaff{},
		"TapStaffStop":           TapStaffStop{},
		"TapUnlockSignIn":        TapUnlockSignIn{},
		"TapUnlockSignInNo":      TapUnlockSignInNo{},
		"TapQuit":                TapQuit{},
		"CodeMade":               CodeMade{Hash: "hash"},
		"CodeMade(failed)":       CodeMade{Failure: failed},
		"CodeChecked":            CodeChecked{Right: true},
		"CodeChecked(wrong)":     CodeChecked{},
		"CodeChecked(IT)":        CodeChecked{Right: true, IT: true},
		"CodeChecked(IT, wrong)": CodeChecked{IT: true},
		"IdleDue":                IdleDue{At: t0, Touched: t0.Add(-time.Hour)},
		"IdleDue(touched)":       IdleDue{At: t0, Touched: t0.Add(-time.Minute)},
		"Moved(away)":            Moved{ID: placeID, Move: kontakt.MoveAway, Entry: entry(kontakt.EntryWaiting, 4), At: at},
		"Moved(away, failed)":    Moved{ID: placeID, Move: kontakt.MoveAway, Failure: failed},
		"SignedInAs(another)":    SignedInAs{Employee: kontakt.Person{ID: "med_c", Name: "Mette Juhl"}, Held: []kontakt.Entry{entry(kontakt.EntryWaiting, 4)}, At: at},
		"Launched(locked)":       Launched{Lock: KeptLock{Why: LockAlone, Place: placeID}},

		"TapEnrol":             TapEnrol{"ABCD-EFGH"},
		"TapTell":              TapTell{},
		"Wrote":                Wrote{ISBAR: cardOf("sår på foden").ISBAR},
		"SaveDue":              SaveDue{},
		"CardFetched":          CardFetched{ID: placeID, Card: cardOf("sår")},
		"CardFetched(failed)":  CardFetched{ID: placeID, Failure: failed},
		"CardFetched(another)": CardFetched{ID: "plads_b"},
		"CardSaved":            CardSaved{ID: placeID, Sent: cardOf("sår på hælen"), Card: cardOf("sår på hælen")},
		"CardSaved(failed)":    CardSaved{ID: placeID, Sent: cardOf("sår på hælen"), Failure: failed},
		"CardSaved(another)":   CardSaved{ID: "plads_b"},
		"TapRetry":             TapRetry{},
		"TapDrill":             TapDrill{},
		"TapScenario":          TapScenario{DrillGood},
		"TapDrillEnd":          TapDrillEnd{},
		"TapSignIn":            TapSignIn{},
		"TapCancelSignIn":      TapCancelSignIn{},
		"TapSignOut":           TapSignOut{},
		"TapRound":             TapRound{},
		"TapPlace":             TapPlace{placeID},
		"TapPlace(another)":    TapPlace{"plads_b"},
		"TapNew":               TapNew{},
		"TapFind":              TapFind{someCPR()},
		"TapFind(nothing)":     TapFind{},
		"TapChooseClinic":      TapChooseClinic{},
		"TapClinic":            TapClinic{CPR: someCPR(), Clinic: clinic.ID},
		"TapClinic(nobody)":    TapClinic{Clinic: clinic.ID},
		"TapConfirmCitizen":    TapConfirmCitizen{},
		"TapConfirmCover":      TapConfirmCover{},
		"TapConsent":           TapConsent{agreed},
		"TapConsent(none)":     TapConsent{},
		"TapConsent(why)":      TapConsent{kontakt.Consent{Kind: kontakt.ConsentCannot}},
		"TapConsentCannot":     TapConsentCannot{},
		"TapConsentNo":         TapConsentNo{},
		"TapTakeOver":          TapTakeOver{Reason: "Vagtskifte", Key: "key-3"},
		"TapWrong":             TapWrong{},
		"TapWrongYes":          TapWrongYes{},
		"TapWrongNo":           TapWrongNo{},
		"TapRead":              TapRead{},
		"TapMessages":          TapMessages{},
		"TapDismiss":           TapDismiss{},
		"TapBack":              TapBack{},
		"TapJoin":              TapJoin{Key: "key-2"},
		"TapLeave":             TapLeave{},
		"TapMore":              TapMore{},
		"TapMoreClose":         TapMoreClose{},
		"TapLeaveYes":          TapLeaveYes{},
		"TapLeaveNo":           TapLeaveNo{},
		"TapAnswer":            TapAnswer{},
		"TapNotNow":            TapNotNow{},
		"TapWaitTwo":           TapWaitTwo{},
		"TapMute":              TapMute{},
		"TapCamera":            TapCamera{},
		"TapFlip":              TapFlip{},
		"TapVolume":            TapVolume{0.3},
		"TapEnd":               TapEnd{},
		"TapEndYes":            TapEndYes{at},
		"TapEndNo":             TapEndNo{},
		"TapWithdraw":          TapWithdraw{at},
		"TapDone":              TapDone{},
		"TapHelp":              TapHelp{},
		"TapHelpPage":          TapHelpPage{HelpCall},
		"TapPreferences":       TapPreferences{},
		"TapSettings":          TapSettings{Settings{Language: "en", TextScale: 150, Look: LookContrast, Still: true}},
	}
	maps.Copy(all, talkHappenings())
	maps.Copy(all, planHappenings())
	maps.Copy(all, cardHappenings())
	maps.Copy(all, orderHappenings())
	maps.Copy(all, mistakenHappenings())
	maps.Copy(all, afterHappenings())
	maps.Copy(all, handHappenings())
	maps.Copy(all, careHappenings())
	return all
}

// someCPR is made up and fails modulus 11 (domain.md §3.3, C01).
func someCPR() kontakt.CPR {
	c, err := kontakt.ParseCPR("290200-4100", kontakt.DateOf(t0))
	if err != nil {
		panic(err)
	}
	return c
}

// TestStep_everyPair tries every event in every situation. testdata/arrows.txt holds an arrow for each pair that does
// something; every other pair must do nothing at all.
func TestStep_everyPair(t *testing.T) {
	states, events := situations(), happenings()
	var arrows []string
	refusals := 0
	for from, s := range states {
		for name, e := range events {
			before := fmt.Sprintf("%#v", s)
			next, effects := Step(s, e)
			if fmt.Sprintf("%#v", s) != before {
				t.Fatalf("%s --%s: Step changed the state that it was given", from, name)
			}
			again, effectsAgain := Step(s, e)
			if !reflect.DeepEqual(next, again) || !reflect.DeepEqual(effects, effectsAgain) {
				t.Fatalf("%s --%s: not pure", from, name)
			}
			if reflect.DeepEqual(s, next) && len(effects) == 0 {
				refusals++
				continue
			}
			arrows = append(arrows, fmt.Sprintf("%s --%s--> %s%s", from, name, brief(s, next), briefs(effects)))
		}
	}
	sort.Strings(arrows)
	if got, want := len(arrows)+refusals, len(states)*len(events); got != want {
		t.Fatalf("tried %d pairs, want %d", got, want)
	}
	got := strings.Join(arrows, "\n") + "\n"
	path := filepath.Join("testdata", "arrows.txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wanted := strings.Split(strings.TrimSuffix(string(want), "\n"), "\n")
	for _, a := range arrows {
		if !slices.Contains(wanted, a) {
			t.Errorf("new:     %s", a)
		}
	}
	for _, a := range wanted {
		if !slices.Contains(arrows, a) {
			t.Errorf("missing: %s", a)
		}
	}
}

// TestStep_tableHasAll reads the source: a new screen or event must have a sample.
func TestStep_tableHasAll(t *testing.T) {
	screens, events := map[string]bool{}, map[string]bool{}
	for _, s := range situations() {
		screens[reflect.TypeOf(s.Top()).Name()] = true
	}
	for _, e := range happenings() {
		events[reflect.TypeOf(e).Name()] = true
	}
	for method, have := range map[string]map[string]bool{"screen": screens, "event": events} {
		names := receivers(t, method)
		if len(names) == 0 {
			t.Fatalf("no type has the method %s", method)
		}
		for _, name := range names {
			if !have[name] {
				t.Errorf("no sample of %s", name)
			}
		}
	}
}

// receivers gives the types with a method of that name in this package.
func receivers(t *testing.T, method string) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Name.Name == method && fn.Recv != nil {
				names = append(names, fn.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	return names
}

// brief tells what of a state has changed.
func brief(before, after State) string {
	screen := reflect.TypeOf(after.Screen).Name()
	var notes []string
	if was, is := before.Employee.SignedIn(), after.Employee.SignedIn(); was != is {
		notes = append(notes, map[bool]string{true: "signed in", false: "signed out"}[is])
	}
	if !reflect.DeepEqual(before.Lock, after.Lock) {
		l := after.Lock
		notes = append(notes, strings.Join(strings.Fields(fmt.Sprintf("lock %s %s %s", l.Why, l.Pad, l.Problem.Key)), " "))
		if l.Calls != before.Lock.Calls {
			notes = append(notes, fmt.Sprintf("calls staff %v", l.Calls))
		}
	}
	if before.Settings != after.Settings {
		notes = append(notes, "settings")
	}
	if before.Net != after.Net {
		notes = append(notes, map[bool]string{true: "offline", false: "online"}[after.Net.Offline])
	}
	if was, is := before.Correcting != nil, after.Correcting != nil; was != is {
		notes = append(notes, map[bool]string{true: "correcting", false: "corrected"}[is])
	}
	if was, is := len(before.Aside), len(after.Aside); was != is {
		notes = append(notes, fmt.Sprintf("%d aside", is))
	}
	for _, p := range after.Aside {
		if was := before.aside(p.ID); was == nil || was.State != p.State || was.Version != p.Version {
			notes = append(notes, fmt.Sprintf("aside v%d %s", p.Version, p.State))
		}
	}
	if was, is := before.Plan, after.Plan; was.read != is.read {
		notes = append(notes, fmt.Sprintf("%d planned", is.open()))
	} else if !reflect.DeepEqual(was.Visits, is.Visits) {
		notes = append(notes, fmt.Sprintf("shows %d planned", is.open()))
	}
	if was, is := len(before.Plan.Missed), len(after.Plan.Missed); was != is {
		notes = append(notes, fmt.Sprintf("%d missed", is))
	}
	if was, is := before.Plan.Nudge, after.Plan.Nudge; !reflect.DeepEqual(was, is) {
		notes = append(notes, map[bool]string{true: "reminds", false: "reminds no more"}[is != nil])
	}
	if was, is := len(before.Recent), len(after.Recent); was != is {
		notes = append(notes, fmt.Sprintf("%d recent", is))
	}
	if was, is := len(before.later), len(after.later); was != is {
		notes = append(notes, fmt.Sprintf("%d later", is))
	}
	if was, is := before.removed != nil, after.removed != nil; was != is {
		notes = append(notes, map[bool]string{true: "watches", false: "no longer watches"}[is])
	}
	if after.Over != nil {
		notes = append(notes, "under "+reflect.TypeOf(after.Over).Name())
		if help, reads := after.Over.(Help); reads {
			notes = append(notes, string(help.Page))
		}
	}
	notes = append(notes, emergencyNotes(before, after)...)
	notes = append(notes, screenNotes(after.Screen)...)
	if len(notes) == 0 {
		return screen
	}
	return screen + "{" + strings.Join(notes, ", ") + "}"
}

func screenNotes(screen Screen) []string {
	var notes []string
	v := reflect.ValueOf(screen)
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		switch {
		case f.IsZero():
		case f.Type() == reflect.TypeFor[Sentence]():
			notes = append(notes, name+" "+f.Field(0).String())
		case f.Type() == reflect.TypeFor[Place]():
			notes = append(notes, fmt.Sprintf("v%d %s", f.FieldByName("Version").Int(), f.FieldByName("State").String()))
			if f.FieldByName("Elsewhere").Bool() {
				notes = append(notes, "elsewhere")
			}
			for m := range f.FieldByName("Messages").Len() {
				notes = append(notes, map[bool]string{true: "read", false: "unread"}[f.FieldByName("Messages").Index(m).FieldByName("Read").Bool()])
			}
		case f.Type() == reflect.TypeFor[*Off]():
			notes = append(notes, "off")
		case f.Type() == reflect.TypeFor[kontakt.Clinic]():
			notes = append(notes, "at "+f.FieldByName("ID").String())
		case f.Type() == reflect.TypeFor[[]kontakt.Clinic]():
			notes = append(notes, fmt.Sprintf("%d clinics", f.Len()))
		case f.Type() == reflect.TypeFor[*Place]():
			notes = append(notes, fmt.Sprintf("held v%d %s", f.Elem().FieldByName("Version").Int(), f.Elem().FieldByName("State").String()))
		case f.Type() == reflect.TypeFor[Controls]():
			notes = append(notes, controlNotes(f.Interface().(Controls))...)
		case f.Type() == reflect.TypeFor[Summary]():
			notes = append(notes, "lasted "+f.FieldByName("Lasted").MethodByName("String").Call(nil)[0].String())
			notes = append(notes, orderNotes(OrderBook{All: f.FieldByName("Orders").Interface().([]OrderLine)})...)
		case talkNotes[name] != nil && f.CanInterface():
			notes = append(notes, talkNotes[name](f.Interface())...)
		case f.Kind() == reflect.Bool:
			notes = append(notes, name)
		case f.Kind() == reflect.Int && name != "Media":
			notes = append(notes, fmt.Sprintf("%s %d", name, f.Int()))
		case name == "Media":
			notes = append(notes, []string{"connecting", "live", "lost"}[f.Int()])
		}
	}
	return notes
}

func briefs(effects []Effect) string {
	if len(effects) == 0 {
		return ""
	}
	var all []string
	for _, e := range effects {
		name := reflect.TypeOf(e).Name()
		switch e := e.(type) {
		case Move:
			name += " " + string(e.Move)
		case SayLate:
			name += fmt.Sprintf(" %v %s", e.Word.By, e.Language)
			if e.Quiet {
				name += " as a tone"
			}
		case Say:
			for _, w := range e.Spoken.Words {
				name += " " + string(w.Key)
			}
		case Ring:
			name += map[bool]string{true: " on", false: " off"}[e.On]
		case TellMedia:
			name += map[bool]string{true: " live", false: " lost"}[e.Live]
		case Follow:
			var kinds []string
			for room := range e.At {
				kind, _ := room.Split()
				kinds = append(kinds, kind)
			}
			sort.Strings(kinds)
			name += " " + strings.Join(kinds, "+")
		case After:
			name += fmt.Sprintf(" %v %s", e.Delay, reflect.TypeOf(e.Then).Name())
		case Type:
			name += fmt.Sprintf(" %q", e.Text)
		case PointAt:
			name += fmt.Sprintf(" %v %v %v", e.X, e.Y, e.On)
		case ChangeOrder:
			name += " " + string(e.Do) + " " + string(e.ID) + e.Key
		case SetMode:
			name += " " + string(e.Mode)
		case InviteGuest:
			name += " " + string(e.Invite.Kind) + " " + e.Key
		case MoveVisit:
			name += fmt.Sprintf(" %s to %d", e.ID, e.To)
		case EndVisit:
			name += fmt.Sprintf(" %s %s", e.ID, e.As)
		case AddVisit:
			name += " " + e.Plan.Place
		case SetControls:
			name += " " + strings.Join(controlNotes(e.Controls), " ")
		case Join:
			name += " " + e.Key
			if e.Join.TakeOver != "" {
				name += " taking over"
			}
			if e.Join.Corrects != "" {
				name += " correcting"
			}
		}
		all = append(all, name)
	}
	return " [" + strings.Join(all, ", ") + "]"
}
