package waiting_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

func TestJoin_askingForTooMuchIsInvalid(t *testing.T) {
	w := newWorld(t, 1)
	for name, j := range map[string]kontakt.Join{
		"no mode":          {Citizen: w.citizens[0], Clinic: w.torvet, Consent: spoken},
		"too long reason":  {Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken, Told: kontakt.Told{Reason: strings.Repeat("æ", kontakt.MaxReason+1)}},
		"another's reason": {Citizen: w.citizens[0], Clinic: w.torvet, Mode: "telefon", Consent: spoken},
		"no consent":       {Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation},
		"no reason of why": {Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: kontakt.Consent{Kind: kontakt.ConsentCannot}},
	} {
		_, err := w.rooms.Join(w.as(w.lone), j)
		if kontakt.KindOf(err) != kontakt.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if e := w.join(w.lone, 0); e.Reason != "sår" {
		t.Errorf("reason = %q", e.Reason)
	}
}

func TestCall_theWholeWayWritesOneEventAndOneAuditRowForEachStep(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	if e.Number != 1 || e.Before != 0 || e.Wait.Known || e.Citizen.Name != "Test Borger 0" || e.Helper.Municipality != "Eksempel Kommune" ||
		e.Cursor[kontakt.EntryRoom(e.ID)] != 1 {
		t.Errorf("joined = %+v", e)
	}
	called := w.start(w.dorte, e.ID)
	data := dataOf[wire.EntryChanged](t, w.events(kontakt.EntryRoom(e.ID))[1])
	if data.Call != string(called.Call.ID) || data.State != "called" || data.Version != called.Version || !data.RingUntil.Equal(called.Call.RingUntil) {
		t.Errorf("entry.called says %+v", data)
	}
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	w.pass(3 * time.Minute)
	ended := w.move(w.lone, e.ID, kontakt.MoveEnd, "done")
	if ended.EndedBy != "tablet" || ended.EndedAt.Sub(ended.StartedAt) != 3*time.Minute || ended.Call != nil {
		t.Errorf("ended = %+v", ended)
	}
	changed, calling := kontakt.EventEntryChanged, kontakt.EventEntryCalled
	for room, want := range map[kontakt.Room][]kontakt.EventType{
		kontakt.EntryRoom(e.ID):          {changed, calling, changed, changed},
		kontakt.ClinicRoom(w.torvet):     {changed, calling, changed, changed},
		kontakt.CallRoom(called.Call.ID): {kontakt.EventCallEnded},
		kontakt.LineRoom(w.torvet):       {kontakt.EventLineChanged, kontakt.EventLineChanged},
	} {
		if got := w.types(room); !slices.Equal(got, want) {
			t.Errorf("%s = %v, want %v", room, got, want)
		}
	}
	want := []string{"entry.join ok", "entry.start ok", "entry.answer ok", "entry.end ok"}
	if got := w.audited(); !slices.Equal(got, want) {
		t.Errorf("audit = %v, want %v", got, want)
	}
	if held, err := w.rooms.Held(w.as(w.tablet)); err != nil || len(held) != 0 {
		t.Errorf("held = %v, %v", held, err)
	}
}

func TestCall_signalsPassBothWaysAndTheLogGoesAMinuteAfterTheEnd(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	call := w.start(w.dorte, e.ID).Call.ID
	mid, line := "0", uint16(0)
	seq, err := w.rooms.Signal(w.as(w.lone), call, []kontakt.Signal{
		{From: "clinic", Kind: kontakt.SignalOffer, Peer: "p1", SDP: "v=0"},
		{Kind: kontakt.SignalCandidates, Peer: "p1", Candidates: []kontakt.Candidate{{Candidate: "candidate:1", SDPMid: &mid, SDPMLineIndex: &line}}},
	})
	if err != nil || seq != 2 {
		t.Fatalf("seq = %d, %v", seq, err)
	}
	if _, err := w.rooms.Signal(w.as(w.dorte), call, []kontakt.Signal{{Kind: kontakt.SignalAnswer, Peer: "p1", SDP: "v=0"}}); err != nil {
		t.Fatal(err)
	}
	events := w.events(kontakt.CallRoom(call))
	offer, candidates, answer := dataOf[wire.Signal](t, events[0]), dataOf[wire.Signal](t, events[1]), dataOf[wire.Signal](t, events[2])
	if offer.From != "tablet" || offer.SDP != "v=0" || answer.From != "clinic" || *candidates.Candidates[0].SDPMid != "0" {
		t.Errorf("signals = %+v, %+v, %+v", offer, candidates, answer)
	}
	for name, wrong := range map[string][]kontakt.Signal{
		"none": nil, "an answer from the tablet": {{Kind: kontakt.SignalAnswer}}, "a kind of its own": {{Kind: "x"}},
		"too many": slices.Repeat([]kontakt.Signal{{Kind: kontakt.SignalState}}, kontakt.MaxSignals+1),
	} {
		if _, err := w.rooms.Signal(w.as(w.lone), call, wrong); kontakt.KindOf(err) != kontakt.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, a := range map[string]kontakt.Actor{"another tablet": w.mona, "another doctor": w.palle, "another clinic": w.bo} {
		_, err := w.rooms.Signal(w.as(a), call, []kontakt.Signal{{Kind: kontakt.SignalState}})
		if kontakt.KindOf(err) != kontakt.Hidden {
			t.Errorf("%s: %v, want Hidden", name, err)
		}
	}
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	if found, err := w.rooms.CallEntry(w.as(w.dorte), call); err != nil || found.ID != e.ID || found.Cursor[kontakt.CallRoom(call)] != 3 {
		t.Errorf("call's entry = %+v, %v", found, err)
	}
	w.move(w.dorte, e.ID, kontakt.MoveEnd, "done")
	w.pass(59 * time.Second)
	if n := len(w.events(kontakt.CallRoom(call))); n != 4 {
		t.Errorf("%d events just after the end, want all 4", n)
	}
	w.pass(time.Second)
	if n := len(w.events(kontakt.CallRoom(call))); n != 0 {
		t.Errorf("%d events a minute after the end, want none", n)
	}
}

func TestNotNow_sendsBackWithoutCountingAsNoAnswer(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.start(w.dorte, e.ID)
	if got := w.move(w.tablet, e.ID, kontakt.MoveNotNow, ""); got.State != kontakt.EntryWaiting || got.NoAnswers != 0 || got.Number != e.Number {
		t.Errorf("after not now = %+v", got)
	}
}

func TestStart_aRowThatHasChangedSinceItWasShownIsNotClaimed(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.move(w.lone, e.ID, kontakt.MoveAway, "")
	_, err := w.rooms.Start(w.as(w.dorte), e.ID, e.Version)
	wantError(t, err, kontakt.Conflict, kontakt.MsgVersion)
	w.start(w.dorte, e.ID)
}

func TestActors_anotherLearnsNothing(t *testing.T) {
	w := newWorld(t, 2)
	e := w.join(w.lone, 0)
	nobody := kontakt.Actor{}
	for name, a := range map[string]kontakt.Actor{
		"another tablet": w.mona, "another clinic": w.bo, "nobody": nobody, "another citizen": {Role: kontakt.RoleCitizen, Citizen: w.citizens[1]},
	} {
		_, err := w.rooms.Entry(w.as(a), e.ID)
		wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
		_, err = w.rooms.Start(w.as(a), e.ID, e.Version)
		wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
		_, err = w.rooms.Move(w.as(a), e.ID, kontakt.MoveLeave, "left")
		wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
		if err := w.rooms.MayRead(w.as(a), []kontakt.Room{kontakt.EntryRoom(e.ID)}); kontakt.KindOf(err) != kontakt.Hidden {
			t.Errorf("%s may read the entry's room: %v", name, err)
		}
	}
	_, err := w.rooms.Move(w.as(w.tablet), e.ID, kontakt.MoveLeave, "left")
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
	_, err = w.rooms.Start(w.as(w.secr), e.ID, e.Version)
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
	_, err = w.rooms.Entry(context.Background(), e.ID)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	if seen := w.entry(w.tablet, e.ID); seen.Citizen.Name != "" || seen.Reason != "" || seen.Number != e.Number {
		t.Errorf("a tablet with nobody signed in reads %+v", seen.Citizen)
	}
}

func TestMayRead_eachRoomForItsOwn(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	call := w.start(w.dorte, e.ID).Call.ID
	everyone := map[string]kontakt.Actor{"lone": w.lone, "tablet": w.tablet, "mona": w.mona, "dorte": w.dorte, "palle": w.palle, "secretary": w.secr, "bo": w.bo}
	for room, readers := range map[kontakt.Room][]string{
		kontakt.ClinicRoom(w.torvet):            {"dorte", "palle", "secretary"},
		kontakt.LineRoom(w.torvet):              {"dorte", "palle", "secretary", "lone", "tablet"},
		kontakt.EntryRoom(e.ID):                 {"dorte", "palle", "secretary", "lone", "tablet"},
		kontakt.CallRoom(call):                  {"dorte", "lone", "tablet"},
		kontakt.DeviceRoom(w.lone.Device):       {"lone", "tablet"},
		kontakt.EntryRoom(kontakt.NewEntryID()): {},
	} {
		for name, a := range everyone {
			err := w.rooms.MayRead(w.as(a), []kontakt.Room{room})
			if may := slices.Contains(readers, name); may != (err == nil) {
				t.Errorf("%s reads %s: %v, want allowed %v", name, room, err, may)
			}
			if msg, _ := kontakt.MsgOf(err); err != nil && msg != kontakt.MsgNotFound && msg != kontakt.MsgNotAllowed {
				t.Errorf("%s reads %s: %v", name, room, err)
			}
		}
	}
	w.move(w.lone, e.ID, kontakt.MoveLeave, "left")
	if err := w.rooms.MayRead(w.as(w.tablet), []kontakt.Room{kontakt.LineRoom(w.torvet), kontakt.EntryRoom(e.ID)}); err != nil {
		t.Errorf("a stream that resumes just after the place was left: %v", err)
	}
}

func TestDo_aRepeatedRequestDrawsOneNumberAndARefusalIsAudited(t *testing.T) {
	w := newWorld(t, 2)
	join := func(key string, citizen int) error {
		_, err := w.db.Do(w.as(w.lone), "lone", key, fmt.Sprint(citizen), func(ctx context.Context) (kontakt.StoredReply, error) {
			e, err := w.rooms.Join(ctx, kontakt.Join{Citizen: w.citizens[citizen], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken})
			return kontakt.StoredReply{Status: 201, Body: []byte(e.ID)}, err
		})
		return err
	}
	for range 3 {
		if err := join("key-0001", 0); err != nil {
			t.Fatal(err)
		}
	}
	w.wantList(1)
	if err := join("key-0002", 0); kontakt.KindOf(err) != kontakt.Conflict {
		t.Errorf("another key: %v", err)
	}
	if err := join("key-0003", 1); err != nil {
		t.Error(err)
	}
	w.wantList(1, 2)
	if got := w.audited(); !slices.Equal(got, []string{"entry.join ok", "entry.join refused", "entry.join ok"}) {
		t.Errorf("audit = %v", got)
	}
}

func TestRun_sweepsUntilItIsTold(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.start(w.dorte, e.ID)
	w.clock.Add(2 * time.Minute)
	swept := make(chan struct{})
	stop := w.db.Watch(func(rooms []kontakt.Room) {
		if slices.Contains(rooms, kontakt.EntryRoom(e.ID)) {
			close(swept)
		}
	})
	defer stop()
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() {
		if err := w.rooms.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	<-swept
	cancel()
	run.Wait()
	w.db.Close()
}
