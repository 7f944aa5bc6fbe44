package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// talking is a world in which the tablet comes up in the middle of a call; held gives what the call works with.
func talking(call func(context.Context, CallSetup) error) *world {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryInCall, 5)}, nil
	}
	w.entry = func(context.Context, kontakt.EntryID) (kontakt.Entry, error) {
		return entry(kontakt.EntryInCall, 5), nil
	}
	w.call = call
	w.sleep = func(ctx context.Context, d time.Duration) error {
		if d == redialPause || d == typePause {
			return ctx.Err()
		}
		<-ctx.Done()
		return ctx.Err()
	}
	return w
}

// The call hears who takes part: at its beginning, when somebody is let in, and again when it has to be made anew.
func TestMachine_theCallHearsWhoTakesPart(t *testing.T) {
	guests := make(chan []kontakt.Guest)
	lists := make(chan string)
	again := make(chan struct{})
	calls := 0
	w := talking(func(ctx context.Context, s CallSetup) error {
		calls++
		first := calls == 1
		for {
			select {
			case ids := <-s.Others:
				lists <- strings.Join(ids, " ")
			case <-ctx.Done():
				return ctx.Err()
			case <-again:
				if first {
					return errors.New("broken")
				}
			}
		}
	})
	w.guests = func(ctx context.Context) ([]kontakt.Guest, error) {
		select {
		case all := <-guests:
			return all, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	m := run(t, w)
	if got := <-lists; got != "clinic" {
		t.Errorf("begins with %q", got)
	}
	guests <- nil // the first question is answered
	m.Send(GuestChanged{Place: placeID, Guest: metteID, State: kontakt.GuestAdmitted})
	guests <- []kontakt.Guest{mette(kontakt.GuestAdmitted)}
	if got, want := <-lists, "clinic "+string(metteID); got != want {
		t.Errorf("after somebody was let in: %q, want %q", got, want)
	}
	again <- struct{}{}
	if got, want := <-lists, "clinic "+string(metteID); got != want {
		t.Errorf("made anew: %q, want %q", got, want)
	}
	m.Send(GuestChanged{Place: placeID, Guest: metteID, State: kontakt.GuestLeft})
	guests <- nil
	if got := <-lists; got != "clinic" {
		t.Errorf("after going: %q", got)
	}
}

// What is written while the phone calls again is not lost, and goes in the order of the keys; what the call refuses for
// good is not sent for ever.
func TestMachine_textWaitsForTheCall(t *testing.T) {
	w := talking(func(ctx context.Context, _ CallSetup) error { <-ctx.Done(); return ctx.Err() })
	tries := 0
	w.typed = func(text string) error {
		if tries++; tries < 4 {
			return errors.New("no call")
		}
		if strings.Contains(text, "x") {
			return &kontakt.Error{Op: "test", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
		}
		w.note("typed " + text)
		return nil
	}
	m := run(t, w)
	until(t, m, any1[InCall])
	for _, text := range []string{"f", "e", "x", "b", "er"} {
		m.Send(TapType{text})
	}
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "typed er") })
	var typed []string
	for _, s := range w.noted() {
		if text, ok := strings.CutPrefix(s, "typed "); ok {
			typed = append(typed, text)
		}
	}
	if got := strings.Join(typed, ""); got != "feber" {
		t.Errorf("typed %q", got)
	}
}

// Text, stills and pointers of the others are shown; the bytes of a picture are not among what app is told.
func TestMachine_whatTheOthersSendIsShown(t *testing.T) {
	w := talking(func(ctx context.Context, s CallSetup) error {
		s.Text(kontakt.ParticipantClinic, "Hold kameraet tættere på")
		s.Still(StillChange{Stage: StillAsked, From: kontakt.ParticipantClinic})
		<-ctx.Done()
		return ctx.Err()
	})
	m := run(t, w)
	c := until(t, m, func(c InCall) bool { return c.Still != nil && len(c.Typing.Theirs) == 1 })
	if !c.Still.Asked || !c.Typing.Open || c.Typing.Theirs[0].Name != holm.Name {
		t.Errorf("shows %+v, %+v", c.Still, c.Typing)
	}
	m.Send(TapStill{})
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "still") })
	m.Send(TapStillClose{})
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "decline still "+kontakt.ParticipantClinic) })
	until(t, m, func(c InCall) bool { return c.Still == nil })
	m.Send(StillChanged{Call: callID, Change: StillChange{Stage: StillTaken, ID: stillID}})
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "drop still "+stillID) })
}

// An invitation has a key that the tablet made; its link is shown, and the call's end takes it off the screen.
func TestMachine_aGuestIsInvited(t *testing.T) {
	w := talking(func(ctx context.Context, _ CallSetup) error { <-ctx.Done(); return ctx.Err() })
	w.invite = func(_ context.Context, i kontakt.Invite, key string) (kontakt.Guest, string, bool, error) {
		w.note("invite " + i.Name)
		if key == "" {
			t.Error("an invitation without a key")
		}
		return mette(kontakt.GuestInvited), "https://k.example/gaest/#x", false, nil
	}
	w.guests = func(context.Context) ([]kontakt.Guest, error) {
		return []kontakt.Guest{mette(kontakt.GuestInvited)}, nil
	}
	w.removeGuest = func(_ context.Context, g kontakt.GuestID) error { w.note("remove " + string(g)); return nil }
	w.setMode = func(_ context.Context, mode kontakt.Mode) (kontakt.Entry, error) {
		e := entry(kontakt.EntryInCall, 6)
		e.Mode = mode
		return e, nil
	}
	m := run(t, w)
	until(t, m, any1[InCall])
	m.Send(TapInvite{})
	m.Send(TapInviteKind{Kind: kontakt.GuestRelative, Name: "Mette Madsen"})
	until(t, m, func(c InCall) bool { return c.Inviting != nil && c.Inviting.Link != "" && len(c.Guests) == 1 })
	m.Send(TapRemoveGuest{metteID})
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "remove "+string(metteID)) })
	m.Send(TapMode{kontakt.ModeConference})
	until(t, m, func(c InCall) bool { return c.Place.Mode == kontakt.ModeConference && c.Mode == c.Place.Mode })
	m.Send(CallEnded{callID})
	until(t, m, func(c InCall) bool { return c.Inviting == nil && c.over })
}
