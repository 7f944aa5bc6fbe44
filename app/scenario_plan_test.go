package app

import (
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// M1: the morning's sign-in shows the round, and one tap goes to the first with nothing keyed again. When the conversation is
// over two taps are at the next one.
func TestM1_theRoundIsWalkedThrough(t *testing.T) {
	round := todays()
	s, _ := play(on(SigningIn{Signin: signin}), SigninCompleted{Signin: signin, Code: "c"}, SignedInAs{Employee: sanne, Round: &round, At: t0})
	screenOf[Round](t, s)
	next, there := s.Next(t0)
	if !there || next.Row.Where() != "stue 4" || !next.Now {
		t.Fatalf("is sent to %+v", next)
	}
	s, _ = play(s, TapGo{Visit: next.Row.Visit.ID})
	if c := screenOf[ReadBack](t, s).Citizen; c.Name != karen.Name {
		t.Fatalf("reads back %s", c.Name)
	}
	s, _ = play(s, TapConfirmCitizen{}, TapConsent{agreed}, TapJoin{Key: "key-1"}, Joined{Entry: entry(kontakt.EntryWaiting, 1), At: at}, TapRound{})
	screenOf[Round](t, s)
	rows := s.Rows()
	if len(rows) != 3 || rows[0].Place == nil || rows[0].Visit.ID != karensVisit {
		t.Fatalf("the visit and its place are not one row: %+v", rows)
	}
	s, _ = play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 2), At: at}, TapAnswer{},
		Moved{ID: placeID, Move: kontakt.MoveAnswer, Entry: entry(kontakt.EntryInCall, 3), At: at})
	done := todays()
	done.Visits = []kontakt.RoundVisit{done.Visits[1], done.Visits[0], done.Visits[2]}
	done.Visits[1].State, done.Cursor = kontakt.VisitDone, kontakt.Cursor{kontakt.RoundRoom(sanne.ID): 5}
	s, _ = play(s, fetched(done), TapEnd{}, TapEndYes{at}, TapDone{})
	screenOf[Round](t, s)
	next, _ = s.Next(t0)
	s, _ = play(s, TapGo{Visit: next.Row.Visit.ID})
	if c := screenOf[ReadBack](t, s).Citizen; c.Name != ole.Name {
		t.Errorf("two taps later it is %s", c.Name)
	}
	s, _ = play(s, TapBack{}, TapSignOut{})
	if s.Plan.Known || len(s.Recent) > 0 {
		t.Errorf("after the sign-out the tablet knows %+v and %v", s.Plan, s.Recent)
	}
}

// M8: ten minutes before, at the time and five minutes late, each once with one sound; over a conversation nothing is said
// until it is over, and no reminder has a name.
func TestM8_remindersComeInTheirTime(t *testing.T) {
	round := roundOf(3, visitOf(karensVisit, karen, "stue 4", 20))
	s, timer := play(on(SigningIn{Signin: signin}), SigninCompleted{Signin: signin, Code: "c"}, SignedInAs{Employee: sanne, Round: &round, At: t0})
	now := t0
	for _, want := range []struct {
		after time.Duration
		when  NudgeWhen
	}{{10 * time.Minute, NudgeSoon}, {20 * time.Minute, NudgeNow}, {25 * time.Minute, NudgeLate}} {
		due := asks[After](timer)
		i := slices.IndexFunc(due, func(a After) bool { _, ok := a.Then.(NudgeDue); return ok })
		if i < 0 || due[i].Delay != t0.Add(want.after).Sub(now) {
			t.Fatalf("before %v the timers are %v", want.after, due)
		}
		s, timer = play(s, due[i].Then)
		now = t0.Add(want.after)
		if n := s.Reminds(); n == nil || n.When != want.when || n.Place != "stue 4" || len(asks[Chime](timer)) != 1 {
			t.Fatalf("at %v reminds of %+v with %v", want.after, s.Reminds(), timer)
		}
	}
	talks := planned(on(InCall{Place: placeOf(oles(kontakt.EntryInCall, 3)), Controls: firstControls}), round)
	talks, effects := play(talks, NudgeDue{t0.Add(20 * time.Minute)})
	if talks.Reminds() != nil || len(asks[Chime](effects)) != 0 {
		t.Error("a conversation is talked into")
	}
	talks, effects = play(talks, TapEnd{}, TapEndYes{at})
	if talks.Reminds() == nil || len(asks[Chime](effects)) != 1 {
		t.Error("nothing is said after the conversation")
	}
	went, _ := play(talks, TapNudge{})
	if screenOf[ReadBack](t, went).Visit != karensVisit || went.Reminds() != nil {
		t.Errorf("one tap leads to %+v", went.Screen)
	}
	off := s
	off.Settings.NoNudges = true
	if off.Reminds() != nil {
		t.Error("turned off, it still reminds")
	}
}
