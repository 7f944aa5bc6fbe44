package app

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

func inCall() InCall { return situations()["InCall"].Screen.(InCall) }

func reports(r kontakt.Rung) CallReported {
	return CallReported{Call: callID, Status: CallStatus{Media: MediaLive, Rung: r}}
}

// nets plays events, lets each sentence stand its time, and gives the sentences in the order in which they were shown.
func nets(s State, events ...Event) (State, []kontakt.MsgKey) {
	var said []kontakt.MsgKey
	note := func(next State) {
		key := next.Screen.(InCall).Net.Key
		if key != s.Screen.(InCall).Net.Key && key != "" {
			said = append(said, key)
		}
		s = next
	}
	for _, e := range events {
		next, effects := Step(s, e)
		note(next)
		for len(effects) > 0 {
			timer, ok := effects[0].(After)
			effects = effects[1:]
			if ok {
				then, more := Step(s, timer.Then)
				note(then)
				effects = append(effects, more...)
			}
		}
	}
	return s, said
}

// M6: each rung has its sentence, what helps is told once, the sound's rung keeps nobody from talking, and the last rung
// names the clinic's phone and that the place is kept.
func TestM6_theWayDownIsToldStepByStep(t *testing.T) {
	s, said := nets(on(inCall()), reports(kontakt.RungLower), reports(kontakt.RungStill), reports(kontakt.RungSound), reports(kontakt.RungText), reports(kontakt.RungPhone))
	want := []kontakt.MsgKey{"net.lower", netMove, "net.still", "net.audio", "net.text", "net.phone"}
	if !slices.Equal(said, want) {
		t.Errorf("says %v, want %v", said, want)
	}
	c := screenOf[InCall](t, s)
	if c.Net.Key != "net.phone" || c.Net.Params["tlf"] != clinic.Phone {
		t.Errorf("at the end %+v stands there", c.Net)
	}
	if !c.Typing.Open {
		t.Error("where only text gets through, the text is not open")
	}
	s, said = nets(s, reports(kontakt.RungText), reports(kontakt.RungSound), reports(kontakt.RungFull))
	if !slices.Equal(said, []kontakt.MsgKey{"net.text"}) || !screenOf[InCall](t, s).Net.None() {
		t.Errorf("on the way up it says %v and ends with %v", said, screenOf[InCall](t, s).Net)
	}
}

// M6: what flaps is told once, until the network has been good for a minute.
func TestM6_aRungThatFlapsIsNotRepeated(t *testing.T) {
	flap := []Event{reports(kontakt.RungLower), reports(kontakt.RungFull)}
	s, effects := play(on(inCall()), slices.Concat(flap, flap, flap, flap)...)
	told := 0
	var calm []NetCalm
	for _, a := range asks[After](effects) {
		switch then := a.Then.(type) {
		case NetSaid:
			told++
		case NetCalm:
			calm = append(calm, then)
			if a.Delay != time.Minute {
				t.Errorf("calm after %v", a.Delay)
			}
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	s, _ = play(s, calm[0]) // of before it got worse again
	if _, said := nets(s, reports(kontakt.RungLower)); len(said) != 0 {
		t.Errorf("says %v again although it was never calm", said)
	}
	s, _ = play(s, calm[len(calm)-1])
	if _, said := nets(s, reports(kontakt.RungLower)); len(said) == 0 || said[0] != "net.lower" {
		t.Errorf("after a good minute a bad network is told with %v", said)
	}
}

// M6: what helps is told once a call.
func TestM6_whatHelpsIsToldOnce(t *testing.T) {
	var said, all []kontakt.MsgKey
	s := on(inCall())
	for range 3 {
		s, said = nets(s, reports(kontakt.RungLower), reports(kontakt.RungFull))
		all = append(all, said...)
	}
	if n := strings.Count(strings.Join(strs(all), " "), string(netMove)); n > 1 {
		t.Errorf("told %d times in %v", n, all)
	}
	if _, said := nets(on(inCall()), reports(kontakt.RungLower)); !slices.Contains(said, netMove) {
		t.Errorf("never told: %v", said)
	}
}

func strs(keys []kontakt.MsgKey) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = string(k)
	}
	return out
}

// M6: where nothing gets through, for whatever reason, the nurse is shown the telephone; it goes when the call is back.
func TestM6_whereNothingGetsThroughTheTelephoneIsShown(t *testing.T) {
	lost := CallReported{Call: callID, Status: CallStatus{Media: MediaLost, Rung: kontakt.RungFull}}
	s, effects := play(on(inCall()), lost, lost)
	var waits []StillAway
	for _, a := range asks[After](effects) {
		waits = append(waits, a.Then.(StillAway))
	}
	if len(waits) != 1 {
		t.Fatalf("waits %v", effects)
	}
	if back, _ := play(s, reports(kontakt.RungFull), lost, waits[0]); !screenOf[InCall](t, back).Net.None() {
		t.Error("the wait of an absence that is over counts for the next one")
	}
	s, _ = play(s, waits[0], lost)
	if c := screenOf[InCall](t, s); c.Net.Key != "net.phone" || c.Net.Params["tlf"] != clinic.Phone {
		t.Errorf("shows %+v", c.Net)
	}
	s, _ = play(s, reports(kontakt.RungFull))
	if c := screenOf[InCall](t, s); !c.Net.None() || c.Rung != kontakt.RungFull {
		t.Errorf("the call is back, and it shows %+v on rung %s", c.Net, c.Rung)
	}
}

// A muted microphone is silent by right.
func TestCall_aSilentMicrophoneIsToldUnlessItIsMuted(t *testing.T) {
	silent := CallReported{Call: callID, Status: CallStatus{Media: MediaLive, Silent: true}}
	s, _ := play(on(inCall()), silent)
	if !screenOf[InCall](t, s).Silent {
		t.Error("a dead microphone is not told")
	}
	s, _ = play(s, TapMute{}, silent)
	if screenOf[InCall](t, s).Silent {
		t.Error("a muted microphone is told as dead")
	}
}

// E48: who waits outside is told to both before, has a name, and is no participant until the clinic lets in; then the
// tablet offers to it; who goes is told.
func TestE48_aGuestIsAnnouncedLetInAndGoes(t *testing.T) {
	s, effects := play(on(inCall()), GuestsFetched{Place: placeID, Guests: []kontakt.Guest{mette(kontakt.GuestInvited)}},
		GuestChanged{Place: placeID, Guest: metteID, State: kontakt.GuestLobby})
	if len(asks[FetchGuests](effects)) != 1 {
		t.Fatalf("asks %v", effects)
	}
	s, effects = play(s, GuestsFetched{Place: placeID, Guests: []kontakt.Guest{mette(kontakt.GuestLobby)}})
	c := screenOf[InCall](t, s)
	if want := (GuestNews{metteID, "Mette Madsen", kontakt.GuestRelative, kontakt.GuestLobby}); c.News != want || len(c.Others) != 1 {
		t.Fatalf("announces %+v, with %+v", c.News, c.Others)
	}
	if len(asks[SetOthers](effects)) != 0 {
		t.Error("the call is told of somebody who stands outside")
	}
	s, effects = play(s, GuestsFetched{Place: placeID, Guests: []kontakt.Guest{mette(kontakt.GuestAdmitted)}})
	c = screenOf[InCall](t, s)
	if got := idsOf(c.Others); !slices.Equal(got, []string{kontakt.ParticipantClinic, string(metteID)}) || c.News.State != kontakt.GuestAdmitted {
		t.Errorf("with %v, news %+v", got, c.News)
	}
	if len(asks[SetOthers](effects)) != 1 {
		t.Errorf("the call is not told: %v", effects)
	}
	s, effects = play(s, GuestChanged{Place: placeID, Guest: metteID, State: kontakt.GuestLeft})
	c = screenOf[InCall](t, s)
	if len(c.Others) != 1 || c.News.State != kontakt.GuestLeft || len(asks[SetOthers](effects)) != 1 {
		t.Errorf("after going: with %v, news %+v, effects %v", c.Others, c.News, effects)
	}
	s, _ = play(s, asks[After](effects)[0].Then, GuestsFetched{Place: placeID})
	if c := screenOf[InCall](t, s); !c.News.None() {
		t.Errorf("%+v stands there for ever", c.News)
	}
}

// Between the guests, the one that was let in first comes first, whoever was invited first.
func TestGuests_areInTheOrderInWhichTheyWereLetIn(t *testing.T) {
	s, _ := play(on(inCall()), GuestsFetched{Place: placeID, Guests: []kontakt.Guest{mette(kontakt.GuestAdmitted), amina(kontakt.GuestAdmitted)}})
	want := []string{kontakt.ParticipantClinic, string(aminaID), string(metteID)}
	if got := idsOf(screenOf[InCall](t, s).Others); !slices.Equal(got, want) {
		t.Errorf("others %v, want %v", got, want)
	}
}

// A participant's state is its own: one that is lost does not make the call lost.
func TestGuests_eachHasItsOwnState(t *testing.T) {
	s := on(with(inCall(), mette(kontakt.GuestAdmitted)))
	s, effects := play(s, CallReported{Call: callID, Status: CallStatus{Media: MediaLive, Others: []OtherStatus{
		{ID: string(metteID), Media: MediaLost},
		{ID: kontakt.ParticipantClinic, Media: MediaLive, Remote: RemoteState{Muted: true, Rung: kontakt.RungSound}},
		{ID: "gst_x", Media: MediaLive},
	}}})
	c := screenOf[InCall](t, s)
	if c.Media != MediaLive || c.Others[1].Media != MediaLost || c.Others[0].Remote.Rung != kontakt.RungSound || !c.Others[0].Remote.Muted || len(c.Others) != 2 {
		t.Errorf("shows %v %+v", c.Media, c.Others)
	}
	if len(asks[TellMedia](effects)) != 0 {
		t.Error("the backend is told that the call is lost")
	}
}

// Two quick taps are one invitation, the same one after a failure too; the link goes away once it was used.
func TestInvite_isMadeOnce(t *testing.T) {
	tap := TapInviteKind{Kind: kontakt.GuestRelative, Name: " Mette  Madsen ", Phone: "20 12 34 56", Key: "key-1"}
	again := tap
	again.Key = "key-2"
	s, effects := play(on(inCall()), TapInvite{}, TapInvite{}, tap, again)
	asked := asks[InviteGuest](effects)
	if len(asked) != 1 || asked[0].Key != "key-1" || asked[0].Invite.Name != "Mette Madsen" || asked[0].Invite.Phone.E164() != "+4520123456" {
		t.Fatalf("asks for %+v", asked)
	}
	s, _ = play(s, Invited{Place: placeID, Key: "key-1", Failure: failed})
	if i := screenOf[InCall](t, s).Inviting; i == nil || i.Busy || i.Problem.None() {
		t.Fatalf("after a failure %+v", i)
	}
	s, effects = play(s, again)
	if asked := asks[InviteGuest](effects); len(asked) != 1 || asked[0].Key != "key-1" {
		t.Fatalf("tried again with %+v, want the same request", asked)
	}
	s, _ = play(s, Invited{Place: placeID, Key: "key-1", Guest: mette(kontakt.GuestInvited), Link: "https://k.example/gaest/#x", Sent: true},
		GuestsFetched{Place: placeID, Guests: []kontakt.Guest{mette(kontakt.GuestInvited)}})
	if i := screenOf[InCall](t, s).Inviting; i == nil || i.Link == "" || !i.Sent || i.Busy {
		t.Fatalf("shows %+v", i)
	}
	s, _ = play(s, GuestsFetched{Place: placeID, Guests: []kontakt.Guest{mette(kontakt.GuestLobby)}})
	if i := screenOf[InCall](t, s).Inviting; i != nil {
		t.Errorf("a link that was used is still shown: %+v", i)
	}
}

// The sheet is open while the list is older than the link: it stays.
func TestInvite_anOlderListDoesNotTakeTheLinkAway(t *testing.T) {
	s, _ := play(on(inCall()), TapInvite{}, TapInviteKind{Kind: kontakt.GuestOther, Key: "key-1"},
		Invited{Place: placeID, Key: "key-1", Guest: mette(kontakt.GuestInvited), Link: "https://k.example/gaest/#x"},
		GuestsFetched{Place: placeID})
	if i := screenOf[InCall](t, s).Inviting; i == nil || i.Link == "" {
		t.Errorf("shows %+v", i)
	}
}

// What can't be asked for is told before anything is asked.
func TestInvite_refusesWhatCanNotWork(t *testing.T) {
	tap := TapInviteKind{Kind: kontakt.GuestNurse, Key: "key-1"}
	full := with(inCall(), mette(kontakt.GuestInvited), amina(kontakt.GuestAdmitted))
	for name, row := range map[string]struct {
		s    State
		tap  TapInviteKind
		want kontakt.MsgKey
	}{
		"two already":    {on(full), tap, kontakt.MsgGuestFull},
		"nobody in":      {signedOut(on(inCall())), tap, kontakt.MsgSessionEnded},
		"a bad number":   {on(inCall()), TapInviteKind{Kind: kontakt.GuestNurse, Phone: "2012345", Key: "key-1"}, kontakt.MsgPhoneLength},
		"no such number": {on(inCall()), TapInviteKind{Kind: kontakt.GuestNurse, Phone: "+4620123456", Key: "key-1"}, kontakt.MsgPhoneForeign},
	} {
		t.Run(name, func(t *testing.T) {
			s, effects := play(row.s, TapInvite{}, row.tap)
			i := screenOf[InCall](t, s).Inviting
			if i == nil || i.Busy || i.Problem.Key != row.want || len(effects) != 0 {
				t.Errorf("shows %+v, asks %v", i, effects)
			}
		})
	}
}

// The call ends in the middle of an invitation: nothing of it is left, and its answer changes nothing.
func TestInvite_theCallEndsInTheMiddle(t *testing.T) {
	s, _ := play(on(inCall()), TapInvite{}, TapInviteKind{Kind: kontakt.GuestOther, Key: "key-1"}, CallEnded{callID})
	late, effects := play(s, Invited{Place: placeID, Key: "key-1", Guest: mette(kontakt.GuestInvited), Link: "https://k.example/gaest/#x"})
	if !reflect.DeepEqual(s, late) || len(effects) != 0 || screenOf[InCall](t, s).Inviting != nil {
		t.Errorf("the answer after the end gives %+v, %v", late.Screen, effects)
	}
}

// Who is shown out marks as going; one that could not be is there again, with the reason.
func TestGuests_areShownOutOnce(t *testing.T) {
	s, effects := play(on(with(inCall(), mette(kontakt.GuestAdmitted), amina(kontakt.GuestAdmitted))),
		TapRemoveGuest{metteID}, TapRemoveGuest{metteID}, TapRemoveGuest{aminaID}, TapRemoveGuest{"gst_x"})
	if got := asks[RemoveGuest](effects); len(got) != 1 || got[0].Guest != metteID {
		t.Fatalf("asks for %+v", got)
	}
	if gone, _ := play(s, GuestRemoved{Place: placeID, Guest: metteID}, GuestsFetched{Place: placeID, Guests: []kontakt.Guest{amina(kontakt.GuestAdmitted)}}); screenOf[InCall](t, gone).News.State != kontakt.GuestRemoved {
		t.Errorf("the list was there before the stream's word, and it tells %+v", screenOf[InCall](t, gone).News)
	}
	s, _ = play(s, GuestRemoved{Place: placeID, Guest: metteID, Failure: failed})
	if c := screenOf[InCall](t, s); c.Problem.Key != failed.Say.Key || c.Guests[0].Going {
		t.Errorf("after a failure: %+v, %+v", c.Problem, c.Guests)
	}
}

// Both agreed modes can be chosen; a choice is shown at once and taken back when the backend does not take it.
func TestMode_isChosenAndShown(t *testing.T) {
	chosen, effects := play(on(inCall()), TapMode{kontakt.ModeConference}, TapMode{kontakt.ModeConference})
	if got := asks[SetMode](effects); len(got) != 1 || screenOf[InCall](t, chosen).Mode != kontakt.ModeConference {
		t.Fatalf("asks for %+v", got)
	}
	same := entry(kontakt.EntryInCall, 4)
	same.Mode = kontakt.ModeConsultation
	if s, _ := play(chosen, PlaceFetched{ID: placeID, Entry: same, At: at}); screenOf[InCall](t, s).Mode != kontakt.ModeConference {
		t.Error("news of the place take the choice back while it is on its way")
	}
	set := same
	set.Version, set.Mode = 5, kontakt.ModeConference
	s, _ := play(chosen, PlaceFetched{ID: placeID, Entry: set, At: at}, ModeSet{Place: placeID, Mode: kontakt.ModeConference})
	if c := screenOf[InCall](t, s); c.Mode != kontakt.ModeConference || c.Place.Mode != c.Mode {
		t.Errorf("mode %v, of the place %v", c.Mode, c.Place.Mode)
	}
	back := set
	back.Version, back.Mode = 6, kontakt.ModeConsultation
	if s, _ := play(s, PlaceFetched{ID: placeID, Entry: back, At: at}); screenOf[InCall](t, s).Mode != kontakt.ModeConsultation {
		t.Error("the clinic's choice is not shown")
	}
	s, _ = play(chosen, ModeSet{Place: placeID, Mode: kontakt.ModeConference, Failure: failed})
	if c := screenOf[InCall](t, s); c.Mode != kontakt.ModeConsultation || c.Problem.None() {
		t.Errorf("after a failure: mode %v, problem %+v", c.Mode, c.Problem)
	}
}

// M13: both write, own and others' are told apart, a line that comes opens the text, and all is gone with the call.
func TestM13_bothWrite(t *testing.T) {
	hears := func(text string) Event { return TextCame{Call: callID, From: kontakt.ParticipantClinic, Text: text} }
	s, effects := play(on(inCall()), hears("Hvor gør det o"), TapType{"I mav"}, hears("ndt?\u2028"), TapType{"\ben\u2028"})
	c := screenOf[InCall](t, s)
	want := []TextLine{
		{From: kontakt.ParticipantClinic, Name: holm.Name, Text: "Hvor gør det ondt?"},
		{From: kontakt.ParticipantTablet, Text: "I maen"},
	}
	if !c.Typing.Open || c.Typing.Mine != "" || len(c.Typing.Theirs) != 0 || !slices.Equal(c.Typing.Said, want) {
		t.Errorf("shows %+v", c.Typing)
	}
	if !c.Typing.Said[1].Mine() || c.Typing.Said[0].Mine() {
		t.Error("own and others' lines can't be told apart")
	}
	sent := ""
	for _, e := range asks[Type](effects) {
		sent += e.Text
	}
	if sent != "I mav\ben\u2028" {
		t.Errorf("sent %q", sent)
	}
	s, _ = play(s, TapTypingClose{}, hears("\b"))
	if screenOf[InCall](t, s).Typing.Open {
		t.Error("nothing opens the text")
	}
	opened, _ := play(s, hears("T"))
	if !screenOf[InCall](t, opened).Typing.Open {
		t.Error("a new line does not open the text")
	}
	closed, _ := play(opened, TapTypingClose{}, hears("ag det roligt"))
	if typing := screenOf[InCall](t, closed).Typing; typing.Open || !typing.Unread {
		t.Errorf("closed in the middle of a line: %+v", typing)
	}
	over, _ := play(closed, CallEnded{callID})
	if typing := screenOf[InCall](t, over).Typing; !reflect.DeepEqual(typing, Typing{}) {
		t.Errorf("after the call %+v is left", typing)
	}
}

// Of several who point, the one that moved last is shown: not one that is told of again where it was, as a mouse that rests.
func TestM13_thePointerThatMovedLastIsShown(t *testing.T) {
	still := StillChanged{Call: callID, Change: StillChange{Stage: StillCame, From: kontakt.ParticipantClinic, ID: stillID}}
	points := func(x float64, on bool) Event {
		return PointerMoved{Call: callID, ID: stillID, From: kontakt.ParticipantClinic, X: x, Y: 0.5, On: on}
	}
	clinic := func(x float64) *Pointer { return &Pointer{kontakt.ParticipantClinic, x, 0.5} }
	nurse := &Pointer{kontakt.ParticipantTablet, 0.9, 0.9}
	s, _ := play(on(inCall()), still)
	for i, step := range []struct {
		event Event
		shown *Pointer
	}{
		{points(0.1, true), clinic(0.1)},
		{TapPoint{X: 0.9, Y: 0.9, On: true}, nurse},
		{points(0.1, true), nurse},
		{points(0.2, true), clinic(0.2)},
		{points(0, false), nurse},
		{points(0.2, true), clinic(0.2)},
		{TapPoint{}, clinic(0.2)},
		{points(0, false), nil},
	} {
		s, _ = play(s, step.event)
		if got := screenOf[InCall](t, s).Still.Pointer(); !reflect.DeepEqual(got, step.shown) {
			t.Errorf("after step %d %+v points, want %+v", i+1, got, step.shown)
		}
	}
}

// M13: the clinic asks, the nurse takes one with one tap, the clinic points at it, the nurse puts it away.
func TestM13_aStillIsAskedForTakenShownAndPutAway(t *testing.T) {
	changed := func(c StillChange) Event { return StillChanged{Call: callID, Change: c} }
	s, effects := play(on(inCall()), changed(StillChange{Stage: StillAsked, From: kontakt.ParticipantClinic}), TapStill{}, TapStill{})
	if got := asks[TakeStill](effects); len(got) != 1 {
		t.Fatalf("two quick taps take %d pictures", len(got))
	}
	s, _ = play(s, changed(StillChange{Stage: StillTaken, ID: stillID, Width: 4000, Height: 3000}),
		changed(StillChange{Stage: StillGoing, ID: stillID, Progress: 0.5}), changed(StillChange{Stage: StillGoing, ID: stillID, Progress: 0.25}))
	if still := screenOf[InCall](t, s).Still; still == nil || still.Asked || still.Taking || still.Progress != 0.5 || still.Width != 4000 {
		t.Fatalf("on its way: %+v", still)
	}
	cancelled, effects := play(s, TapStillClose{})
	if got := asks[DropStill](effects); len(got) != 1 || screenOf[InCall](t, cancelled).Still != nil {
		t.Errorf("one that is not whole is put away by %v", effects)
	}
	s, effects = play(s, changed(StillChange{Stage: StillDelivered, ID: stillID}),
		PointerMoved{Call: callID, ID: stillID, From: kontakt.ParticipantClinic, X: 0.5, Y: 0.25, On: true}, TapPoint{X: 0.1, Y: 2, On: true})
	still := screenOf[InCall](t, s).Still
	if p := still.Pointer(); still.Progress != 1 || p == nil || *p != (Pointer{kontakt.ParticipantTablet, 0.1, 1}) {
		t.Errorf("shows %+v at %+v", still, p)
	}
	if got := asks[PointAt](effects); !slices.Equal(got, []PointAt{{Call: callID, ID: stillID, X: 0.1, Y: 1, On: true}}) {
		t.Errorf("points %+v", got)
	}
	_, effects = play(s, TapStillClose{}, TapStillClose{})
	if !slices.Equal(effects, []Effect{CloseStill{Call: callID, ID: stillID}}) {
		t.Errorf("put away by %v", effects)
	}
	_, effects = play(s, TapStillDrop{})
	if !slices.Equal(effects, []Effect{DropStill{Call: callID, ID: stillID}}) {
		t.Errorf("taken back by %v", effects)
	}
}

// M13: a photo of the nurse's own has a moment before it in which she is told what belongs in it; a second tap takes it.
// One that was whole before goes away meanwhile, and one that comes from the clinic whole takes the place.
func TestM13_theNurseAimsFirst(t *testing.T) {
	aiming, effects := play(on(inCall()), TapStill{})
	if still := screenOf[InCall](t, aiming).Still; still == nil || !still.Aiming || still.Taking || len(asks[TakeStill](effects)) != 0 {
		t.Fatalf("after the first tap: %+v, %v", still, effects)
	}
	coming := StillChange{Stage: StillComing, From: kontakt.ParticipantClinic, ID: "f0", Progress: 0.5}
	whole := coming
	whole.Stage = StillCame
	if s, _ := play(aiming, StillChanged{Call: callID, Change: coming}); !screenOf[InCall](t, s).Still.Aiming {
		t.Error("one that is on its way pushes it aside")
	}
	if s, _ := play(aiming, StillChanged{Call: callID, Change: whole}); screenOf[InCall](t, s).Still.ID != "f0" {
		t.Error("the clinic's is not shown")
	}
	s, effects := play(aiming, TapStill{}, TapStill{})
	if still := screenOf[InCall](t, s).Still; !still.Taking || still.Aiming || len(asks[TakeStill](effects)) != 1 {
		t.Errorf("after the second tap: %+v, %v", still, effects)
	}
	s, effects = play(situations()["InCall(still)"], TapStill{})
	if !screenOf[InCall](t, s).Still.Aiming || len(asks[CloseStill](effects)) != 1 {
		t.Errorf("taken again: %+v, %v", screenOf[InCall](t, s).Still, effects)
	}
}

// M13: whoever asked hears that there is none now: at "Ikke nu", at "Stop" and where the camera took none; and may ask again.
func TestM13_whoAskedIsToldNotNow(t *testing.T) {
	asked := StillChanged{Call: callID, Change: StillChange{Stage: StillAsked, From: kontakt.ParticipantClinic}}
	failed := StillChanged{Call: callID, Change: StillChange{Stage: StillFailed, Problem: Sentence{Key: kontakt.MsgNoCamera}}}
	taken := StillChanged{Call: callID, Change: StillChange{Stage: StillTaken, ID: stillID}}
	for name, c := range map[string]struct {
		events []Event
		told   int
	}{
		"not now":        {[]Event{asked, TapStillClose{}}, 1},
		"back":           {[]Event{asked, TapBack{}}, 1},
		"stopped":        {[]Event{asked, TapStill{}, TapStillClose{}}, 1},
		"no camera":      {[]Event{asked, TapStill{}, failed, TapStillClose{}}, 1},
		"again":          {[]Event{asked, TapStillClose{}, asked, TapStillClose{}}, 2},
		"taken":          {[]Event{asked, TapStill{}, taken, TapStillClose{}}, 0},
		"of her own":     {[]Event{TapStill{}, TapStill{}, TapStillClose{}}, 0},
		"while aiming":   {[]Event{TapStill{}, asked, TapStillClose{}}, 1},
		"nothing to see": {[]Event{TapStillClose{}}, 0},
	} {
		s, effects := play(on(inCall()), c.events...)
		got := asks[DeclineStill](effects)
		if len(got) != c.told || c.told > 0 && got[0] != (DeclineStill{Call: callID, To: kontakt.ParticipantClinic}) || screenOf[InCall](t, s).Still != nil {
			t.Errorf("%s: told %+v, shows %+v", name, got, screenOf[InCall](t, s).Still)
		}
	}
}

// M13: a picture that the nurse gave up before the camera had taken it goes to nobody.
func TestM13_aStillThatIsNoLongerWantedGoesNowhere(t *testing.T) {
	s, effects := play(on(inCall()), TapStill{}, TapStill{}, TapStillClose{}, StillChanged{Call: callID, Change: StillChange{Stage: StillTaken, ID: stillID}})
	if got := asks[DropStill](effects); len(got) != 1 || screenOf[InCall](t, s).Still != nil {
		t.Errorf("effects %v, shows %+v", effects, screenOf[InCall](t, s).Still)
	}
}

// Another's picture does not push an own one aside that is on its way, and takes the place of one that was seen.
func TestM13_picturesDoNotPushEachOtherAside(t *testing.T) {
	came := StillChanged{Call: callID, Change: StillChange{Stage: StillCame, ID: "f0", From: kontakt.ParticipantClinic}}
	sits := situations()
	for _, name := range []string{"InCall(still taking)", "InCall(still going)"} {
		if s, effects := play(sits[name], came); len(effects) != 0 || screenOf[InCall](t, s).Still.ID == "f0" {
			t.Errorf("%s: %v", name, effects)
		}
	}
	s, effects := play(sits["InCall(still)"], came)
	if screenOf[InCall](t, s).Still.ID != "f0" || !slices.Equal(effects, []Effect{CloseStill{Call: callID, ID: stillID}}) {
		t.Errorf("effects %v", effects)
	}
}

// Zoom and torch are there where the camera has them, and go with the camera.
func TestControls_zoomAndTorchAreTheCamerasOwn(t *testing.T) {
	if _, effects := play(on(inCall()), TapZoom{2}, TapTorch{}); len(effects) != 0 {
		t.Errorf("a camera without either is asked for %v", effects)
	}
	able := CallReported{Call: callID, Status: CallStatus{Media: MediaLive, Zooms: true, Torches: true, Cameras: 2}}
	s, _ := play(on(inCall()), able, TapZoom{3}, TapTorch{})
	if c := screenOf[InCall](t, s).Controls; c.Zoom != 3 || !c.Torch {
		t.Errorf("controls %+v", c)
	}
	s, _ = play(s, TapFlip{})
	if c := screenOf[InCall](t, s).Controls; c.Zoom != 1 || c.Torch {
		t.Errorf("the other camera has %+v", c)
	}
}

// A nurse's session ends in the middle: the call goes on, and what takes an employee is closed.
func TestCall_goesOnWithoutTheNursesSession(t *testing.T) {
	s := situations()["InCall(link)"]
	s, effects := play(s, SessionEnded{})
	c := screenOf[InCall](t, s)
	if c.Inviting != nil || len(c.Others) == 0 || len(asks[HangUp](effects)) != 0 {
		t.Errorf("shows %+v, effects %v", c, effects)
	}
}

// Back closes what lies over the conversation, one by one, and never leaves it.
func TestCall_backClosesOneThingAtATime(t *testing.T) {
	s, _ := play(on(inCall()), TapTyping{}, StillChanged{Call: callID, Change: StillChange{Stage: StillAsked, From: kontakt.ParticipantClinic}}, TapInvite{}, TapEnd{})
	for i, closed := range []func(InCall) bool{
		func(c InCall) bool { return !c.Ending && c.Inviting != nil },
		func(c InCall) bool { return c.Inviting == nil && c.Still != nil },
		func(c InCall) bool { return c.Still == nil && c.Typing.Open },
		func(c InCall) bool { return !c.Typing.Open },
		func(InCall) bool { return true },
	} {
		s, _ = play(s, TapBack{})
		if c := screenOf[InCall](t, s); !closed(c) {
			t.Errorf("back %d leaves %+v", i+1, c)
		}
	}
}
