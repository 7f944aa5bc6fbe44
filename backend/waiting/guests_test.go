package waiting_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/waiting"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// withLinks makes the rooms give links; it is given what would be sent.
func (w *world) withLinks(letters *[]waiting.Letter) {
	w.db.Sends("letter")
	w.goBy(waiting.Options{
		StaffGrace: w.opt.StaffGrace, GuestPage: "https://kontakt.example/gaest/#",
		Letter: func(l waiting.Letter) (string, []byte, error) {
			*letters = append(*letters, l)
			return "letter", []byte("x"), nil
		},
	})
}

// invite gives a guest of a place and the token of the link.
func (w *world) invite(a kontakt.Actor, id kontakt.EntryID, i kontakt.Invite) (kontakt.Guest, string) {
	w.t.Helper()
	g, address, _, err := w.rooms.Invite(w.as(a), id, i)
	if err != nil {
		w.t.Fatal(err)
	}
	token, ok := strings.CutPrefix(address, w.opt.GuestPage)
	if !ok {
		w.t.Fatalf("address = %s", address)
	}
	return g, token
}

// comes opens a link and gives who the guest is from then on.
func (w *world) comes(token, name string) kontakt.Actor {
	w.t.Helper()
	_, secret, err := w.rooms.OpenLink(context.Background(), token, "key-number-1", name)
	if err != nil {
		w.t.Fatal(err)
	}
	var s store.GuestSession
	if err := w.db.View(context.Background(), func(tx *store.Tx) (err error) { s, err = tx.GuestSession(secret); return err }); err != nil {
		w.t.Fatal(err)
	}
	return s.Actor()
}

func TestInvite_atOnceTwoComeAndNoThird(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := newWorld(t, 1)
	w.withLinks(new([]waiting.Letter))
	e := w.join(w.lone, 0)
	var made atomic.Int32
	atOnce(6, func(i int) {
		by := []kontakt.Actor{w.lone, w.dorte, w.secr}[i%3]
		_, _, _, err := w.rooms.Invite(w.as(by), e.ID, kontakt.Invite{Kind: kontakt.GuestOther})
		if err == nil {
			made.Add(1)
			return
		}
		wantError(t, err, kontakt.Conflict, kontakt.MsgGuestFull)
	})
	if all, err := w.rooms.Guests(w.as(w.lone), e.ID); err != nil || made.Load() != kontakt.MaxGuests || len(all) != kontakt.MaxGuests {
		t.Errorf("%d were invited, %d are there, %v", made.Load(), len(all), err)
	}
}

func TestOpenLink_atOnceOneComes(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := newWorld(t, 1)
	w.withLinks(new([]waiting.Letter))
	e := w.join(w.lone, 0)
	g, token := w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestRelative})
	secrets := make([]string, 6)
	atOnce(len(secrets), func(i int) { // three browsers, each asking twice
		_, secret, err := w.rooms.OpenLink(context.Background(), token, "key-number-"+string(rune('0'+i/2)), "Mette")
		if err != nil {
			wantError(t, err, kontakt.Gone, kontakt.MsgGuestLinkUsed)
			return
		}
		secrets[i] = secret
	})
	came := slices.DeleteFunc(slices.Clone(secrets), func(s string) bool { return s == "" })
	slices.Sort(came)
	if len(came) != 2 || came[0] != came[1] {
		t.Errorf("%d opened it, want the two of one browser", len(came))
	}
	if told := w.types(kontakt.GuestRoom(g.ID)); len(told) != 2 {
		t.Errorf("the guest's room has %v, want invited and lobby", told)
	}
}

// Each room is told once of each step, in the words of internal/wire, and each step is audited by who it was, with no
// name.
func TestGuests_eachStepIsToldAndAudited(t *testing.T) {
	w := newWorld(t, 1)
	var letters []waiting.Letter
	w.withLinks(&letters)
	e := w.join(w.lone, 0)
	call := w.start(w.dorte, e.ID).Call.ID
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	phone, err := kontakt.ParsePhone("20123456")
	if err != nil {
		t.Fatal(err)
	}
	before := len(w.audited())
	g, token := w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestRelative, Name: "Mette Madsen", Phone: phone})
	if len(letters) == 0 || letters[0].To != phone || letters[0].Clinic != "Lægerne Torvet" || letters[0].Link != w.opt.GuestPage+token || !letters[0].Until.Equal(g.ExpiresAt) {
		t.Errorf("letters = %+v", letters)
	}
	guest := w.comes(token, "Mette M.")
	if _, err := w.rooms.Admit(w.as(w.dorte), e.ID, g.ID); err != nil {
		t.Fatal(err)
	}
	for range 2 { // pressed twice
		if _, err := w.rooms.RemoveGuest(w.as(w.lone), e.ID, g.ID); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"invited", "lobby", "admitted", "removed"}
	for _, room := range []kontakt.Room{kontakt.EntryRoom(e.ID), kontakt.ClinicRoom(w.torvet), kontakt.CallRoom(call), kontakt.GuestRoom(g.ID)} {
		var told []string
		for _, event := range w.events(room) {
			if event.Type != kontakt.EventGuestChanged {
				continue
			}
			data := dataOf[wire.GuestChanged](t, event)
			if data.Guest != string(g.ID) || data.Entry != string(e.ID) {
				t.Errorf("%s: %+v", room, data)
			}
			told = append(told, data.State)
		}
		if !slices.Equal(told, want) {
			t.Errorf("%s is told %v, want %v", room, told, want)
		}
	}
	if rows := w.audited()[before:]; !slices.Equal(rows, []string{"guest.invite ok", "guest.open ok", "guest.admit ok", "guest.remove ok"}) {
		t.Errorf("audited %v", rows)
	}
	if err := w.db.View(context.Background(), func(tx *store.Tx) error {
		all, err := tx.Unsealed(1000)
		for _, row := range all[before:] {
			if row.Entry != e.ID || row.Reason != string(g.ID) || row.Call != call || (row.Action == "guest.open") != (row.Role == kontakt.RoleGuest) {
				t.Errorf("row = %+v", row)
			}
			if row.Action == "guest.open" && row.Session != guest.Session {
				t.Errorf("opened by %s, want %s", row.Session, guest.Session)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	wantError(t, w.rooms.LetIn(w.as(guest)), kontakt.Hidden, kontakt.MsgNotFound)
}

// A link that nobody opens runs out by itself, also where the backend was away meanwhile; what was opened does not.
func TestGuests_aLinkRunsOutAlsoOverARestart(t *testing.T) {
	w := newWorld(t, 1)
	w.withLinks(new([]waiting.Letter))
	e := w.join(w.lone, 0)
	lost, _ := w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestRelative})
	_, token := w.invite(w.dorte, e.ID, kontakt.Invite{Kind: kontakt.GuestInterpreter})
	guest := w.comes(token, "Amina")
	w.pass(59 * time.Minute)
	w.restart()
	w.sweep()
	if told := w.types(kontakt.GuestRoom(lost.ID)); len(told) != 1 {
		t.Errorf("before the hour: %v", told)
	}
	w.pass(2 * time.Minute)
	if told := w.events(kontakt.GuestRoom(lost.ID)); len(told) != 2 || dataOf[wire.GuestChanged](t, told[1]).State != "expired" {
		t.Errorf("after the hour: %v", told)
	}
	if v, err := w.rooms.Visit(w.as(guest)); err != nil || v.Guest.State != kontakt.GuestLobby {
		t.Errorf("who came before: %+v, %v", v, err)
	}
	if all, err := w.rooms.Guests(w.as(w.tablet), e.ID); err != nil || len(all) != 1 || all[0].Name != "" {
		t.Errorf("a tablet with nobody signed in sees %+v, %v", all, err)
	}
}

// Nodes whose clocks differ do not decide who of two offers: who was let in later stands later.
func TestAdmit_orderIsThatOfLettingIn(t *testing.T) {
	w := newWorld(t, 1)
	w.withLinks(new([]waiting.Letter))
	e := w.join(w.lone, 0)
	first, tokenA := w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestRelative})
	second, tokenB := w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestInterpreter})
	w.comes(tokenA, "Mette")
	guest := w.comes(tokenB, "Amina")
	w.start(w.dorte, e.ID)
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	for _, id := range []kontakt.GuestID{second.ID, first.ID} {
		if _, err := w.rooms.Admit(w.as(w.dorte), e.ID, id); err != nil {
			t.Fatal(err)
		}
		w.clock.Add(-time.Minute)
	}
	v, err := w.rooms.Visit(w.as(guest))
	if err != nil || len(v.Participants) != 3 || v.Participants[2].As != string(first.ID) || !v.Participants[2].AdmittedAt.After(v.Guest.AdmittedAt) {
		t.Errorf("the one let in first sees %+v, %v", v, err)
	}
}

// Who is let in to one call is nobody in another of the same clinic.
func TestGuests_areInNoOtherCall(t *testing.T) {
	w := newWorld(t, 2)
	w.withLinks(new([]waiting.Letter))
	own, other := w.join(w.lone, 0), w.join(w.mona, 1)
	g, token := w.invite(w.lone, own.ID, kontakt.Invite{Kind: kontakt.GuestRelative})
	guest := w.comes(token, "Mette")
	calls := map[kontakt.EntryID]kontakt.CallID{}
	for _, at := range []struct {
		entry         kontakt.EntryID
		doctor, nurse kontakt.Actor
	}{{own.ID, w.dorte, w.lone}, {other.ID, w.palle, w.mona}} {
		calls[at.entry] = w.start(at.doctor, at.entry).Call.ID
		w.move(at.nurse, at.entry, kontakt.MoveAnswer, "")
	}
	if _, err := w.rooms.Admit(w.as(w.dorte), own.ID, g.ID); err != nil {
		t.Fatal(err)
	}
	for entry, want := range map[kontakt.EntryID]kontakt.Kind{own.ID: "", other.ID: kontakt.Hidden} {
		if err := w.rooms.MayRead(w.as(guest), []kontakt.Room{kontakt.CallRoom(calls[entry])}); kontakt.KindOf(err) != want {
			t.Errorf("reading: %v, want %q", err, want)
		}
		said := []kontakt.Signal{{Kind: kontakt.SignalReady, To: kontakt.ParticipantTablet}}
		if _, err := w.rooms.Signal(w.as(guest), calls[entry], said); kontakt.KindOf(err) != want {
			t.Errorf("saying: %v, want %q", err, want)
		}
	}
}

// A place goes to a colleague: the guest is let in anew, and reads nothing any more of the call before.
func TestGuests_ofTheSecondCallReadNothingOfTheFirst(t *testing.T) {
	w := newWorld(t, 1)
	w.withLinks(new([]waiting.Letter))
	e := w.join(w.lone, 0)
	g, token := w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestRelative})
	guest := w.comes(token, "Mette")
	var calls []kontakt.CallID
	for _, doctor := range []kontakt.Actor{w.dorte, w.palle} {
		if len(calls) > 0 {
			if _, err := w.rooms.Transfer(w.as(w.dorte), e.ID, w.palle.Employee); err != nil {
				t.Fatal(err)
			}
		}
		calls = append(calls, w.start(doctor, e.ID).Call.ID)
		w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
		if _, err := w.rooms.Admit(w.as(doctor), e.ID, g.ID); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []kontakt.Kind{kontakt.Hidden, ""} {
		if err := w.rooms.MayRead(w.as(guest), []kontakt.Room{kontakt.CallRoom(calls[i])}); kontakt.KindOf(err) != want {
			t.Errorf("call %d: %v, want %q", i+1, err, want)
		}
	}
}

// A place that is given up takes its guests with it: who stood outside is told, and who had not come stays out.
func TestGuests_goWithAPlaceThatIsGivenUp(t *testing.T) {
	w := newWorld(t, 1)
	w.withLinks(new([]waiting.Letter))
	e := w.join(w.lone, 0)
	_, came := w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestRelative})
	_, late := w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestInterpreter})
	guest := w.comes(came, "Mette")
	stranger := kontakt.GuestRoom(kontakt.NewGuestID())
	if err := w.rooms.MayRead(w.as(guest), []kontakt.Room{stranger}); kontakt.KindOf(err) != kontakt.Hidden {
		t.Errorf("another guest's room: %v, want Hidden", err)
	}
	w.move(w.lone, e.ID, kontakt.MoveLeave, "left")
	if v, err := w.rooms.Visit(w.as(guest)); err != nil || v.Guest.State != kontakt.GuestLeft {
		t.Errorf("who stood outside: %s, %v", v.Guest.State, err)
	}
	if _, _, err := w.rooms.OpenLink(context.Background(), late, "key-number-2", "Amina"); kontakt.KindOf(err) != kontakt.Gone {
		t.Errorf("who comes now: %v, want Gone", err)
	}
}

func TestInvite_twelveWithinAnHour(t *testing.T) {
	w := newWorld(t, 1)
	w.withLinks(new([]waiting.Letter))
	e := w.join(w.lone, 0)
	for range 12 {
		g, _ := w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestRelative})
		if _, err := w.rooms.RemoveGuest(w.as(w.lone), e.ID, g.ID); err != nil {
			t.Fatal(err)
		}
	}
	_, _, _, err := w.rooms.Invite(w.as(w.lone), e.ID, kontakt.Invite{Kind: kontakt.GuestRelative})
	wantError(t, err, kontakt.TooMany, kontakt.MsgTooMany)
	w.clock.Add(time.Hour + time.Nanosecond)
	w.invite(w.lone, e.ID, kontakt.Invite{Kind: kontakt.GuestRelative})
}

// A tablet that looks at a conversation which another one has invites nobody to it and does not say what it is.
func TestGuests_aTabletThatIsNotInTheCallHasNoSay(t *testing.T) {
	w := newWorld(t, 1)
	w.withLinks(new([]waiting.Letter))
	e := w.join(w.lone, 0)
	if _, err := w.rooms.Join(w.as(w.mona), kontakt.Join{Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken, TakeOver: "vagtskifte"}); err != nil {
		t.Fatal(err)
	}
	w.start(w.dorte, e.ID)
	w.move(w.mona, e.ID, kontakt.MoveAnswer, "")
	_, _, _, err := w.rooms.Invite(w.as(w.lone), e.ID, kontakt.Invite{Kind: kontakt.GuestOther})
	wantError(t, err, kontakt.Conflict, kontakt.MsgAnswered)
	_, err = w.rooms.SetMode(w.as(w.lone), e.ID, kontakt.ModeConference)
	wantError(t, err, kontakt.Conflict, kontakt.MsgAnswered)
	w.invite(w.mona, e.ID, kontakt.Invite{Kind: kontakt.GuestOther})
}
