package waiting_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// takeOver asks for a citizen's place at torvet from the actor's own device.
func (w *world) takeOver(a kontakt.Actor, citizen int, why string) (kontakt.Entry, error) {
	return w.rooms.Join(w.as(a), kontakt.Join{Citizen: w.citizens[citizen], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken, TakeOver: why})
}

func (w *world) mustTakeOver(a kontakt.Actor, citizen int, why string) kontakt.Entry {
	w.t.Helper()
	e, err := w.takeOver(a, citizen, why)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// self is a citizen with MitID.
func (w *world) self(citizen int) kontakt.Actor {
	return kontakt.Actor{Role: kontakt.RoleCitizen, Citizen: w.citizens[citizen]}
}

// silence lets the tablets but those given be out of contact for the grace time.
func (w *world) silence(but ...kontakt.DeviceID) {
	w.t.Helper()
	w.clock.Add(time.Minute)
	if err := w.rooms.Seen(context.Background(), but); err != nil {
		w.t.Fatal(err)
	}
	w.sweep()
}

func TestE13_anotherTabletTakesThePlaceOfOneThatDied(t *testing.T) {
	w := newWorld(t, 3)
	first, e, last := w.join(w.mona, 1), w.join(w.lone, 0), w.join(w.mona, 2)
	w.silence(w.mona.Device)
	if got := w.entry(w.dorte, e.ID); got.Presence != kontakt.PresenceNoContact || got.Holders != 1 {
		t.Errorf("before: %s, %d tablets", got.Presence, got.Holders)
	}
	got := w.mustTakeOver(w.mona, 0, "Tabletten er løbet tør")
	if got.ID != e.ID || got.Number != e.Number || !got.JoinedAt.Equal(e.JoinedAt) || got.Before != 1 || got.Holders != 2 || got.Presence != kontakt.PresenceHere {
		t.Errorf("taken over = %+v", got)
	}
	w.wantList(first.Number, e.Number, last.Number)
	if seen := w.entry(w.dorte, e.ID); seen.Helper.Name != "Mona Møller" || seen.Reason != "sår" {
		t.Errorf("the clinic sees %+v, reason %q", seen.Helper, seen.Reason)
	}
	if got := w.audited(); got[len(got)-1] != "entry.take_over ok" {
		t.Errorf("audit = %v", got)
	}
	w.update(func(tx *store.Tx) error {
		all, err := tx.Holders(e.ID)
		if len(all) != 2 || all[1].Device != w.mona.Device || all[1].Reason != "Tabletten er løbet tør" {
			t.Errorf("holders = %+v", all)
		}
		return err
	})
	before := len(w.events(kontakt.EntryRoom(e.ID)))
	if again := w.mustTakeOver(w.mona, 0, "igen"); again.Version != got.Version || len(w.events(kontakt.EntryRoom(e.ID))) != before {
		t.Error("taking over what one has changed something")
	}
	// The first tablet is charged: it finds the place as it was.
	w.pass(time.Second)
	if back := w.entry(w.lone, e.ID); back.Holders != 2 || back.Number != e.Number {
		t.Errorf("the first tablet finds %+v", back)
	}
}

func TestE24_ofTwoTabletsThatRingTheFirstToAnswerHasTheCall(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.mustTakeOver(w.mona, 0, "Jeg er hos borgeren nu")
	call := w.start(w.dorte, e.ID).Call.ID
	for name, a := range map[string]kontakt.Actor{"lone": w.lone, "mona": w.mona, "lone's tablet": w.tablet} {
		ringing := w.entry(a, e.ID)
		if ringing.State != kontakt.EntryCalled || ringing.Call == nil || ringing.Call.RingUntil.IsZero() {
			t.Errorf("%s: %s, call %+v", name, ringing.State, ringing.Call)
		}
		if _, reads := ringing.Cursor[kontakt.CallRoom(call)]; reads {
			t.Errorf("%s reads the call before anybody has answered", name)
		}
		if _, err := w.rooms.Signal(w.as(a), call, []kontakt.Signal{{Kind: kontakt.SignalState}}); kontakt.KindOf(err) != kontakt.Hidden {
			t.Errorf("%s signals before anybody has answered: %v", name, err)
		}
	}
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	_, err := w.rooms.Move(w.as(w.mona), e.ID, kontakt.MoveAnswer, "")
	wantError(t, err, kontakt.Conflict, kontakt.MsgAnswered)

	other := w.entry(w.mona, e.ID)
	if other.State != kontakt.EntryInCall || other.Notice != kontakt.MsgAnswered || other.Call != nil {
		t.Errorf("the other tablet reads %s, %q, call %+v", other.State, other.Notice, other.Call)
	}
	mine := w.entry(w.tablet, e.ID)
	if _, reads := mine.Cursor[kontakt.CallRoom(call)]; !reads || mine.Call == nil || mine.Notice != "" {
		t.Errorf("the tablet that answered reads %+v", mine)
	}
	if seen := w.entry(w.dorte, e.ID); seen.Helper.Name != "Lone Lund" || seen.Device != w.lone.Device {
		t.Errorf("the clinic sees %+v at %s, want who answered", seen.Helper, seen.Device)
	}
	for name, try := range map[string]func() error{
		"signal": func() error {
			_, err := w.rooms.Signal(w.as(w.mona), call, []kontakt.Signal{{Kind: kontakt.SignalState}})
			return err
		},
		"read":  func() error { return w.rooms.MayRead(w.as(w.mona), []kontakt.Room{kontakt.CallRoom(call)}) },
		"fetch": func() error { _, err := w.rooms.CallEntry(w.as(w.mona), call); return err },
	} {
		if err := try(); kontakt.KindOf(err) != kontakt.Hidden {
			t.Errorf("the other tablet may %s: %v", name, err)
		}
	}
	for _, m := range []kontakt.Move{kontakt.MoveEnd, kontakt.MoveLost, kontakt.MoveLive} {
		reason := map[kontakt.Move]string{kontakt.MoveEnd: "done"}[m]
		_, err := w.rooms.Move(w.as(w.mona), e.ID, m, reason)
		wantError(t, err, kontakt.Conflict, kontakt.MsgAnswered)
	}
	if _, err := w.rooms.Signal(w.as(w.lone), call, []kontakt.Signal{{Kind: kontakt.SignalState}}); err != nil {
		t.Error(err)
	}
	w.move(w.lone, e.ID, kontakt.MoveEnd, "done")
	if got := w.entry(w.mona, e.ID); got.State != kontakt.EntryEnded {
		t.Errorf("after the end the other reads %s", got.State)
	}
}

func TestE24_twoTabletsThatAnswerAtOnceHaveOneCall(t *testing.T) {
	const rounds = 10
	w := newWorld(t, rounds)
	for round := range rounds {
		e := w.join(w.lone, round)
		w.mustTakeOver(w.mona, round, "vi er to")
		w.start(w.dorte, e.ID)
		nurses := []kontakt.Actor{w.lone, w.mona}
		var errs [2]error
		atOnce(2, func(i int) { _, errs[i] = w.rooms.Move(w.as(nurses[i]), e.ID, kontakt.MoveAnswer, "") })
		winner := slices.IndexFunc(errs[:], func(err error) bool { return err == nil })
		if winner < 0 || errs[1-winner] == nil {
			t.Fatalf("errors = %v, want one winner", errs)
		}
		wantError(t, errs[1-winner], kontakt.Conflict, kontakt.MsgAnswered)
		if got := w.entry(w.dorte, e.ID); got.Device != nurses[winner].Device {
			t.Errorf("answered by %s, want %s", got.Device, nurses[winner].Device)
		}
		w.move(nurses[winner], e.ID, kontakt.MoveEnd, "done")
	}
}

func TestE24_whoLeavesAtATabletThatIsNotBesideTheCitizenLetsThatTabletGoAlone(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.mustTakeOver(w.mona, 0, "Jeg er hos borgeren nu")
	left := w.move(w.lone, e.ID, kontakt.MoveLeave, "left")
	if left.State != kontakt.EntryLeft || left.EndedBy != "tablet" || left.EndReason != "left" {
		t.Errorf("the tablet that lets go reads %+v", left)
	}
	if got := w.wantState(e.ID, kontakt.EntryWaiting); got.Holders != 1 || got.Number != e.Number {
		t.Errorf("the place after that = %+v", got)
	}
	_, err := w.rooms.Entry(w.as(w.lone), e.ID)
	wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
	if held, err := w.rooms.Held(w.as(w.lone)); err != nil || len(held) != 0 {
		t.Errorf("still held = %v, %v", held, err)
	}
	w.mustTakeOver(w.lone, 0, "tilbage igen")
	w.move(w.lone, e.ID, kontakt.MoveLeave, "left") // now lone is beside the citizen
	w.wantState(e.ID, kontakt.EntryLeft)
	if got := w.entry(w.mona, e.ID); got.State != kontakt.EntryLeft {
		t.Errorf("the other tablet reads %s", got.State)
	}
}

func TestE14_aCallGoesOnAtTheTabletThatTakesOverForOneThatDied(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	call := w.start(w.dorte, e.ID).Call.ID
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	_, err := w.takeOver(w.mona, 0, "Jeg vil også") // nobody is cut off from a conversation
	wantError(t, err, kontakt.Conflict, kontakt.MsgAnswered)
	w.silence()
	got := w.mustTakeOver(w.mona, 0, "Tabletten døde midt i samtalen")
	if got.State != kontakt.EntryInCall || got.Call == nil || got.Call.ID != call || got.Notice != "" {
		t.Errorf("taken over = %+v", got)
	}
	if _, err := w.rooms.Signal(w.as(w.mona), call, []kontakt.Signal{{Kind: kontakt.SignalOffer, Peer: "p2", SDP: "v=0"}}); err != nil {
		t.Error(err)
	}
	w.move(w.mona, e.ID, kontakt.MoveLost, "")
	if got := w.mustTakeOver(w.lone, 0, "Ladet op igen"); got.State != kontakt.EntryInterrupted || got.Call == nil {
		t.Errorf("an interrupted call taken over = %+v", got)
	}
	w.move(w.lone, e.ID, kontakt.MoveLive, "")
	w.move(w.lone, e.ID, kontakt.MoveEnd, "done")
}

func TestE24_anotherMunicipalityTakesOverOnlyWhereNobodyCanBeReached(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	_, err := w.takeOver(w.tove, 0, "Borgeren er hos os")
	wantError(t, err, kontakt.Conflict, kontakt.MsgAlreadyWaiting)
	w.silence(w.tove.Device)
	got := w.mustTakeOver(w.tove, 0, "Borgeren er hos os")
	if got.ID != e.ID || got.Number != e.Number || got.Holders != 1 {
		t.Errorf("taken over = %+v", got)
	}
	if seen := w.entry(w.dorte, e.ID); seen.Helper.Municipality != "Nabo Kommune" {
		t.Errorf("the clinic sees %+v", seen.Helper)
	}
	_, err = w.rooms.Entry(w.as(w.lone), e.ID) // a municipality's tablet does not look into another's visit
	wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
	_, err = w.takeOver(w.lone, 0, "nej, hos os")
	wantError(t, err, kontakt.Conflict, kontakt.MsgAlreadyWaiting)
}

func TestE24_aTabletTakenOverDoesNotHinderItsNextCitizen(t *testing.T) {
	w := newWorld(t, 2)
	handed := w.join(w.lone, 0)
	w.mustTakeOver(w.mona, 0, "Jeg har borgeren")
	next := w.join(w.lone, 1)
	w.start(w.dorte, handed.ID) // rings at both: lone's tablet is engaged, so that its next waits
	_, err := w.rooms.Start(w.as(w.palle), next.ID, next.Version)
	wantError(t, err, kontakt.Conflict, kontakt.MsgBusy)
	w.move(w.mona, handed.ID, kontakt.MoveAnswer, "")
	w.start(w.palle, next.ID)
	w.move(w.lone, next.ID, kontakt.MoveAnswer, "")
	w.wantState(handed.ID, kontakt.EntryInCall)
	w.wantState(next.ID, kontakt.EntryInCall)
}

func TestPresence_ofTwoTabletsIsTheBest(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.mustTakeOver(w.mona, 0, "vi er to")
	want := func(p kontakt.Presence) {
		t.Helper()
		if got := w.entry(w.dorte, e.ID); got.Presence != p {
			t.Errorf("presence = %s, want %s", got.Presence, p)
		}
	}
	w.move(w.lone, e.ID, kontakt.MoveAway, "") // whichever of the two it is
	want(kontakt.PresenceHere)
	w.move(w.lone, e.ID, kontakt.MoveHere, "")
	w.move(w.mona, e.ID, kontakt.MoveAway, "")
	want(kontakt.PresenceHere)
	w.silence(w.mona.Device)
	want(kontakt.PresenceAway)
	w.silence()
	want(kontakt.PresenceNoContact)
	w.silence(w.lone.Device)
	want(kontakt.PresenceHere)
	w.silence(w.mona.Device)
	w.move(w.mona, e.ID, kontakt.MoveHere, "")
	want(kontakt.PresenceHere)
}

func TestE18_theNextShiftTakesOverAtTheSameTablet(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	evening := w.mona
	evening.Device = w.lone.Device
	if got := w.entry(w.dorte, e.ID); got.Helper.Name != "Lone Lund" {
		t.Errorf("helper = %+v", got.Helper)
	}
	got := w.mustTakeOver(evening, 0, "Vagtskifte")
	if got.ID != e.ID || got.Number != e.Number || got.Holders != 1 {
		t.Errorf("taken over = %+v", got)
	}
	if got := w.entry(w.dorte, e.ID); got.Helper.Name != "Mona Møller" {
		t.Errorf("helper = %+v", got.Helper)
	}
	w.start(w.dorte, e.ID)
	w.move(evening, e.ID, kontakt.MoveAnswer, "")
}

func TestE19_aTabletWithNobodySignedInRingsAndGetsTimeForTheSignIn(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.start(w.dorte, e.ID)
	ringing := w.entry(w.tablet, e.ID)
	if ringing.State != kontakt.EntryCalled || ringing.Call == nil || ringing.Citizen.Name != "" {
		t.Errorf("the tablet alone reads %s, call %+v, citizen %q", ringing.State, ringing.Call, ringing.Citizen.Name)
	}
	_, err := w.rooms.Move(w.as(w.tablet), e.ID, kontakt.MoveAnswer, "")
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
	w.pass(50 * time.Second)
	longer := w.move(w.tablet, e.ID, kontakt.MoveWait, "") // what the tablet does when somebody begins to sign in
	if left := longer.Call.RingUntil.Sub(w.clock.Now()); left < time.Minute {
		t.Errorf("rings for another %v, want a minute at least", left)
	}
	_, err = w.rooms.Move(w.as(w.tablet), e.ID, kontakt.MoveWait, "")
	wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
	w.pass(time.Minute)
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
}

func TestE20_aCallOutlivesTheSessionOfTheNurse(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	call := w.start(w.dorte, e.ID).Call.ID
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	if _, err := w.rooms.Signal(w.as(w.tablet), call, []kontakt.Signal{{Kind: kontakt.SignalOffer, Peer: "p", SDP: "v=0"}}); err != nil {
		t.Error(err)
	}
	w.move(w.tablet, e.ID, kontakt.MoveLost, "")
	w.move(w.tablet, e.ID, kontakt.MoveLive, "")
	if got := w.entry(w.tablet, e.ID); got.State != kontakt.EntryInCall || got.Call == nil || got.Citizen.Name != "" || got.Reason != "" {
		t.Errorf("the tablet alone reads %+v", got)
	}
	w.move(w.tablet, e.ID, kontakt.MoveEnd, "done")
}

func TestE21_aTabletTakesOverForAPhoneAndThePhoneSeesItStill(t *testing.T) {
	w := newWorld(t, 2)
	w.join(w.mona, 1)
	phone := w.join(w.self(0), 0)
	if phone.Source != kontakt.SourceApp || phone.Number != 2 || phone.Holders != 0 || phone.Helper != (kontakt.Helper{}) || phone.Citizen.Name == "" {
		t.Errorf("by phone = %+v", phone)
	}
	if got := w.entry(w.dorte, phone.ID); got.Presence != kontakt.PresenceNoContact || got.Source != kontakt.SourceApp {
		t.Errorf("the clinic sees %s by %s: a phone without a stream can't be rung", got.Presence, got.Source)
	}
	_, err := w.takeOver(w.lone, 0, "")
	wantError(t, err, kontakt.Conflict, kontakt.MsgAlreadyWaiting)
	got := w.mustTakeOver(w.lone, 0, "Borgeren vil have hjælp")
	if got.ID != phone.ID || got.Number != 2 || got.Before != 1 || got.Holders != 1 || got.Presence != kontakt.PresenceHere {
		t.Errorf("taken over = %+v", got)
	}
	if mine := w.entry(w.self(0), phone.ID); mine.Number != 2 || mine.State != kontakt.EntryWaiting {
		t.Errorf("the phone reads %+v", mine)
	}
	_, err = w.rooms.Join(w.as(w.self(0)), kontakt.Join{Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken})
	wantError(t, err, kontakt.Conflict, kontakt.MsgAlreadyWaiting)
	if mine := w.mustTakeOver(w.self(0), 0, "Min egen telefon"); mine.ID != phone.ID || mine.Holders != 1 {
		t.Errorf("the phone takes over = %+v", mine)
	}
	w.wantList(1, 2)
}

func TestCitizen_joinsSeesAndLeavesNobodysPlaceButTheirOwn(t *testing.T) {
	w := newWorld(t, 2)
	_, err := w.rooms.Join(w.as(w.self(0)), kontakt.Join{Citizen: w.citizens[1], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken})
	wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
	e := w.join(w.self(0), 0)
	_, err = w.rooms.Entry(w.as(w.self(1)), e.ID)
	wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
	_, err = w.rooms.Move(w.as(w.self(1)), e.ID, kontakt.MoveLeave, "left")
	wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
	for _, m := range []kontakt.Move{kontakt.MoveAnswer, kontakt.MoveEnd, kontakt.MoveRemove} {
		_, err = w.rooms.Move(w.as(w.self(0)), e.ID, m, "done")
		wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
	}
	w.start(w.dorte, e.ID) // rings at nobody, and runs out like any other
	w.pass(time.Minute)
	if got := w.wantState(e.ID, kontakt.EntryWaiting); got.NoAnswers != 1 || got.Number != e.Number {
		t.Errorf("after the ring = %+v", got)
	}
	left := w.move(w.self(0), e.ID, kontakt.MoveLeave, "left")
	if left.State != kontakt.EntryLeft || left.EndedBy != "citizen" {
		t.Errorf("left = %+v", left)
	}
}

func TestE13_aTabletOutOfContactKeepsItsPlace(t *testing.T) {
	w := newWorld(t, 2)
	e, other := w.join(w.lone, 0), w.join(w.mona, 1)
	w.pass(time.Minute)
	w.clock.Add(44 * time.Second)
	w.sweep()
	if got := w.entry(w.dorte, e.ID); got.Presence != kontakt.PresenceHere {
		t.Errorf("inside the grace time: %s", got.Presence)
	}
	w.clock.Add(time.Second)
	w.sweep()
	w.sweep()
	gone := w.wantState(e.ID, kontakt.EntryWaiting)
	if gone.Presence != kontakt.PresenceNoContact || gone.Number != e.Number {
		t.Errorf("presence = %s, number %d; want no_contact, %d", gone.Presence, gone.Number, e.Number)
	}
	if n := len(w.events(kontakt.EntryRoom(e.ID))); n != 2 {
		t.Errorf("%d events, want joined and out of contact", n)
	}
	w.wantList(e.Number, other.Number)
	called := w.start(w.dorte, e.ID) // presence hinders no claim
	if called.Presence != kontakt.PresenceNoContact {
		t.Errorf("E17: while it is called the clinic is told %s", called.Presence)
	}
	w.move(w.dorte, e.ID, kontakt.MoveNoAnswer, "")
	w.clock.Add(8 * time.Hour)
	w.sweep()
	if err := w.rooms.Seen(context.Background(), []kontakt.DeviceID{w.lone.Device}); err != nil {
		t.Fatal(err)
	}
	if back := w.wantState(e.ID, kontakt.EntryWaiting); back.Presence != kontakt.PresenceHere || back.Number != e.Number {
		t.Errorf("back: %s, number %d", back.Presence, back.Number)
	}
}

// A third tablet that has only the wrong citizen lets go: who took the place over before it stands there again.
func TestE24_whoStandsByAfterACorrectionTookOverLast(t *testing.T) {
	w := newWorld(t, 2)
	third := w.mona
	third.Device = kontakt.NewDeviceID()
	w.update(func(tx *store.Tx) error {
		return tx.AddDevice(store.Device{Device: kontakt.Device{ID: third.Device, Name: "Tablet", Place: "Bilen", Municipality: third.Municipality}, PublicKey: []byte{1}})
	})
	e := w.join(w.lone, 0)
	w.clock.Add(time.Second)
	w.mustTakeOver(w.mona, 0, "vi er to")
	w.clock.Add(time.Second)
	w.mustTakeOver(third, 0, "vi er tre")
	if _, err := w.rooms.Join(w.as(third), kontakt.Join{Citizen: w.citizens[1], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken, Corrects: e.ID}); err != nil {
		t.Fatal(err)
	}
	if got := w.entry(w.dorte, e.ID); got.Holders != 2 || got.Device != w.mona.Device {
		t.Errorf("%d tablets hold it, and at %q somebody stands by; want mona's", got.Holders, got.Helper.Place)
	}
}

// Who has just taken a place over stands there, however long that tablet had no stream: it gets the grace time.
func TestPresence_whoHasJustTakenOverIsThere(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.clock.Add(time.Hour)
	w.mustTakeOver(w.mona, 0, "Lones tablet er død")
	for _, want := range []kontakt.Presence{kontakt.PresenceHere, kontakt.PresenceNoContact} {
		w.sweep()
		if got := w.entry(w.dorte, e.ID); got.Presence != want {
			t.Errorf("presence = %s, want %s", got.Presence, want)
		}
		w.clock.Add(time.Minute)
	}
}

func TestPresence_awayIsKeptWhileOutOfContact(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.move(w.lone, e.ID, kontakt.MoveAway, "")
	again := w.move(w.lone, e.ID, kontakt.MoveAway, "")
	if n := len(w.events(kontakt.EntryRoom(e.ID))); n != 2 || again.Version != 2 {
		t.Errorf("%d events, version %d; a known fact writes nothing", n, again.Version)
	}
	w.clock.Add(time.Hour)
	w.sweep()
	if got := w.entry(w.dorte, e.ID); got.Presence != kontakt.PresenceNoContact {
		t.Errorf("presence = %s", got.Presence)
	}
	w.pass(time.Second)
	if got := w.entry(w.dorte, e.ID); got.Presence != kontakt.PresenceAway {
		t.Errorf("presence = %s, want away as the nurse said", got.Presence)
	}
}

func TestE21E24_oneTicketForACitizenAndTheSecondIsToldWhoseItIs(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	_, err := w.rooms.Join(w.as(w.mona), kontakt.Join{Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConference, Consent: spoken})
	wantError(t, err, kontakt.Conflict, kontakt.MsgAlreadyWaiting)
	_, params := kontakt.MsgOf(err)
	if params["n"] != fmt.Sprint(e.Number) || params["rolle"] != "sygeplejerske" || params["sted"] != "Lone Lunds enhed" {
		t.Errorf("told %v", params)
	}
	w.wantList(e.Number)
}

func TestE22E23_aTabletOrCitizenInACallIsNotCalledAgain(t *testing.T) {
	w := newWorld(t, 2)
	first, second := w.join(w.lone, 0), w.join(w.lone, 1)
	w.start(w.dorte, first.ID)
	_, err := w.rooms.Start(w.as(w.palle), second.ID, second.Version)
	wantError(t, err, kontakt.Conflict, kontakt.MsgBusy)
	if got := w.wantState(second.ID, kontakt.EntryWaiting); got.NoAnswers != 0 {
		t.Error("counted as no answer")
	}
	// The same citizen in another clinic's room, as after a change of doctor; each clinic sees its own place only.
	w.update(func(tx *store.Tx) error {
		c, err := tx.Citizen(w.citizens[0])
		if err != nil {
			return err
		}
		c.Clinic = w.havnen
		_, err = tx.SaveCitizen(c)
		return err
	})
	elsewhere, err := w.rooms.Join(w.as(w.mona), kontakt.Join{Citizen: w.citizens[0], Clinic: w.havnen, Mode: kontakt.ModeConsultation, Consent: spoken})
	if err != nil {
		t.Fatal(err)
	}
	w.wantList(first.Number, second.Number)
	_, err = w.rooms.Start(w.as(w.bo), elsewhere.ID, elsewhere.Version)
	wantError(t, err, kontakt.Conflict, kontakt.MsgBusy)
	w.move(w.lone, first.ID, kontakt.MoveAnswer, "")
	w.move(w.dorte, first.ID, kontakt.MoveEnd, "done")
	w.start(w.palle, second.ID)
	if _, err := w.rooms.Start(w.as(w.bo), elsewhere.ID, elsewhere.Version); err != nil {
		t.Error(err)
	}
}
