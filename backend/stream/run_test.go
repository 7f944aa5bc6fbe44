package stream

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// openDoor lets everyone read everything and passes on who was seen.
type openDoor struct {
	seen     chan []kontakt.DeviceID
	attended chan []kontakt.CallID
	staffed  chan []kontakt.ClinicID
}

func (openDoor) MayRead(context.Context, []kontakt.Room) error { return nil }
func (d openDoor) Seen(_ context.Context, devices []kontakt.DeviceID) error {
	d.seen <- devices
	return nil
}

func (d openDoor) Attended(_ context.Context, calls []kontakt.CallID) error {
	d.attended <- calls
	return nil
}

func (d openDoor) Staffed(_ context.Context, clinics []kontakt.ClinicID) error {
	d.staffed <- clinics
	return nil
}

func hubFor(t *testing.T) (*store.DB, *Hub, *storetest.Clock, openDoor) {
	t.Helper()
	clock := storetest.NewClock(storetest.Noon)
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "kontakt.db"), store.NewKeys(), clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	d := openDoor{make(chan []kontakt.DeviceID, 8), make(chan []kontakt.CallID, 8), make(chan []kontakt.ClinicID, 8)}
	return db, New(db, d, d), clock, d
}

func appendTo(t *testing.T, db *store.DB, room kontakt.Room) {
	t.Helper()
	if err := db.Update(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Append(room, kontakt.EventClinicChanged, nil)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestPoll_deliversWhatAMissedWakeUpLeft(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	db, hub, _, _ := hubFor(t)
	room := kontakt.ClinicRoom(kontakt.NewClinicID())
	sub, err := hub.Subscribe(t.Context(), kontakt.Cursor{room: 0})
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	if err := hub.poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if events, err := sub.read(t.Context()); len(events) != 0 || err != nil {
		t.Fatalf("events = %v, %v", events, err)
	}
	appendUnheard(t, db, hub, room)
	if events, err := sub.read(t.Context()); len(events) != 0 || err != nil {
		t.Fatalf("the wake-up was not missed: %v, %v", events, err)
	}
	if err := hub.poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if events, err := sub.Next(t.Context(), time.Hour); len(events) != 1 || err != nil {
		t.Errorf("events = %v, %v; want the one that nobody told of", events, err)
	}
	db.Close()
}

// caughtUp reads a room in which nothing has happened yet.
func caughtUp(ctx context.Context, t *testing.T, hub *Hub, room kontakt.Room) *Subscription {
	t.Helper()
	sub, err := hub.Subscribe(ctx, kontakt.Cursor{room: 0})
	if err != nil {
		t.Fatal(err)
	}
	if events, err := sub.read(ctx); len(events) != 0 || err != nil {
		t.Fatalf("events = %v, %v", events, err)
	}
	return sub
}

// appendUnheard makes the hub deaf for one commit.
func appendUnheard(t *testing.T, db *store.DB, hub *Hub, room kontakt.Room) {
	t.Helper()
	hub.mu.Lock()
	readers := hub.rooms
	hub.rooms = map[kontakt.Room]audience{}
	hub.mu.Unlock()
	appendTo(t, db, room)
	hub.mu.Lock()
	hub.rooms = readers
	hub.mu.Unlock()
}

// A ring that another node has committed comes while it rings still, also where nothing told of it.
func TestRun_makesGoodAMissedWakeUpByItself(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	db, hub, _, _ := hubFor(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ran := make(chan error, 1)
	go func() { ran <- hub.Run(ctx) }()
	room := kontakt.ClinicRoom(kontakt.NewClinicID())
	sub := caughtUp(ctx, t, hub, room)
	defer sub.Close()
	appendUnheard(t, db, hub, room)
	if events, err := sub.Next(ctx, time.Hour); len(events) != 1 || err != nil {
		t.Errorf("events = %v, %v; want the one that nobody told of", events, err)
	}
	cancel()
	if err := <-ran; err != nil {
		t.Error(err)
	}
	db.Close()
}

func TestCutSlow_endsWhoLeavesEventsLyingForAMinute(t *testing.T) {
	db, hub, clock, _ := hubFor(t)
	room := kontakt.ClinicRoom(kontakt.NewClinicID())
	subs := map[string]*Subscription{}
	for _, name := range []string{"slow", "quick"} {
		subs[name] = caughtUp(t.Context(), t, hub, room)
		defer subs[name].Close()
	}
	for range 2 { // what comes meanwhile makes the first no younger
		appendTo(t, db, room)
		if events, err := subs["quick"].Next(t.Context(), time.Hour); len(events) != 1 || err != nil {
			t.Fatal(events, err)
		}
		clock.Add(slowAfter / 2)
	}
	hub.cutSlow(clock.Now())
	if hub.Readers() != 2 {
		t.Error("cut before its time")
	}
	clock.Add(time.Second)
	hub.cutSlow(clock.Now())
	if _, err := subs["slow"].Next(t.Context(), time.Hour); kontakt.KindOf(err) != kontakt.Gone {
		t.Fatalf("the slow one reads on: %v", err)
	}
	if hub.Readers() != 1 {
		t.Errorf("%d readers left, want the quick one", hub.Readers())
	}
	again, err := hub.Subscribe(t.Context(), subs["slow"].Cursor())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if events, err := again.Next(t.Context(), time.Hour); len(events) != 2 || err != nil {
		t.Errorf("after resuming: %v, %v", events, err)
	}
}

func TestTellSeen_namesEachTabletOnceWhileItsStreamStands(t *testing.T) {
	_, hub, _, d := hubFor(t)
	device := kontakt.NewDeviceID()
	ctx := kontakt.WithActor(t.Context(), kontakt.Actor{Role: kontakt.RoleNurse, Device: device})
	var subs []*Subscription
	for range 2 { // the old stream may still stand when the new one opens
		sub, err := hub.Subscribe(ctx, kontakt.Cursor{kontakt.DeviceRoom(device): 0})
		if err != nil {
			t.Fatal(err)
		}
		<-d.seen
		subs = append(subs, sub)
	}
	for i, want := range []int{1, 1, 0} {
		if err := hub.tellSeen(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := 0
		select { // it has been told when tellSeen returns
		case seen := <-d.seen:
			got = len(seen)
		default:
		}
		if got != want {
			t.Errorf("with %d streams: %d tablets told of, want %d", 2-i, got, want)
		}
		if i < 2 {
			subs[i].Close()
		}
	}
}

func TestTellSeen_namesTheCallsAndClinicsThatSomebodyReads(t *testing.T) {
	_, hub, _, d := hubFor(t)
	call, clinic := kontakt.NewCallID(), kontakt.NewClinicID()
	sub, err := hub.Subscribe(t.Context(), kontakt.Cursor{kontakt.CallRoom(call): 0, kontakt.ClinicRoom(clinic): 0})
	if err != nil {
		t.Fatal(err)
	}
	if err := hub.tellSeen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := <-d.attended; !slices.Equal(got, []kontakt.CallID{call}) {
		t.Errorf("attended = %v, want %v alone", got, call)
	}
	if got := <-d.staffed; !slices.Equal(got, []kontakt.ClinicID{clinic}) {
		t.Errorf("staffed = %v, want %v alone", got, clinic)
	}
	guest, err := hub.Subscribe(kontakt.WithActor(t.Context(), kontakt.Actor{Role: kontakt.RoleGuest, Guest: kontakt.NewGuestID()}), kontakt.Cursor{kontakt.CallRoom(call): 0})
	if err != nil {
		t.Fatal(err)
	}
	defer guest.Close() // whom both ends have left keeps no call going
	sub.Close()
	if err := hub.tellSeen(t.Context()); err != nil || len(d.attended) != 0 || len(d.staffed) != 0 {
		t.Errorf("after the reader has gone: %d more, %v", len(d.attended)+len(d.staffed), err)
	}
}
