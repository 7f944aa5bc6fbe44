package stream_test

import (
	"testing"
	"time"

	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// Who is shown out gets nothing of the call's room that was not read before, all of its own, and then the stream is over.
// Somebody of the house, whose rights last as long as the stream, reads on.
func TestSubscription_aGuestLosesARoomAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, engine storetest.Open) {
		testkit.Guard(t, time.Minute)
		db, hub, door := open(t, engine)
		guest := kontakt.Actor{Role: kontakt.RoleGuest, Guest: kontakt.NewGuestID(), Session: kontakt.NewSessionID()}
		call, own := kontakt.CallRoom(kontakt.NewCallID()), kontakt.GuestRoom(guest.Guest)
		reads, err := hub.Subscribe(kontakt.WithActor(t.Context(), guest), from(call, own))
		if err != nil {
			t.Fatal(err)
		}
		defer reads.Close()
		staff, err := hub.Subscribe(kontakt.WithActor(t.Context(), kontakt.Actor{Role: kontakt.RoleClinician}), from(call))
		if err != nil {
			t.Fatal(err)
		}
		defer staff.Close()
		add(t, db, call)
		if got, err := reads.Next(t.Context(), time.Minute); err != nil || len(got) != 1 || got[0].Room != call {
			t.Fatalf("in the call: %v, %v", got, err)
		}
		door.fail = &kontakt.Error{Kind: kontakt.Unavailable}
		add(t, db, call)
		if got, err := reads.Next(t.Context(), time.Minute); kontakt.KindOf(err) != kontakt.Unavailable {
			t.Fatalf("where nothing can be asked: %v, %v", got, err)
		}
		if got, err := reads.Next(t.Context(), 0); err != nil || len(got) != 1 || got[0].Room != call {
			t.Fatalf("what that read was to bring: %v, %v", got, err)
		}
		door.shut[call] = true
		add(t, db, own, call)
		if got, err := reads.Next(t.Context(), time.Minute); err != nil || len(got) != 1 || got[0].Room != own {
			t.Errorf("shown out: %v, %v; want its own room alone", got, err)
		}
		if got, err := reads.Next(t.Context(), time.Minute); kontakt.KindOf(err) != kontakt.Gone {
			t.Errorf("after that: %v, %v", got, err)
		}
		for n := 0; n < 3; {
			got, err := staff.Next(t.Context(), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			n += len(got)
		}
	})
}
