package client

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

var guestID = kontakt.NewGuestID()

// TestClient_guests: only an employee invites, removes and chooses the mode; anybody at the tablet sees who is there.
func TestClient_guests(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	path := "/entries/" + string(placeID)
	if err := c.RemoveGuest(t.Context(), placeID, guestID, "key-of-a-removal"); kontakt.KindOf(err) != kontakt.Unauthenticated {
		t.Errorf("removed by nobody: %v", err)
	}
	b.on("GET "+path+"/guests", b.mine(func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, wire.Guests{Guests: []wire.Guest{{ID: string(guestID), Kind: "interpreter", State: "admitted", By: "clinic"}}})
	}))
	if all, err := c.Guests(t.Context(), placeID); err != nil || len(all) != 1 || all[0].ID != guestID {
		t.Errorf("guests %+v, %v", all, err)
	}
	signIn(t, c)
	removed := ""
	b.on("POST "+path+"/guests/"+string(guestID)+"/remove", func(w http.ResponseWriter, r *http.Request) {
		removed = r.Header.Get(wire.IdempotencyHeader) + " by " + r.Header.Get("Authorization")
		reply(w, http.StatusOK, wire.Guest{ID: string(guestID), Kind: "interpreter", State: "removed", By: "tablet"})
	})
	if err := c.RemoveGuest(t.Context(), placeID, guestID, "key-of-a-removal"); err != nil || removed != "key-of-a-removal by Bearer nurse" {
		t.Errorf("removed %q, %v", removed, err)
	}
	b.on("POST "+path+"/mode", func(w http.ResponseWriter, _ *http.Request) {
		e := place(kontakt.EntryWaiting)
		e.Mode = string(kontakt.ModeConference)
		reply(w, http.StatusOK, e)
	})
	if e, err := c.SetMode(t.Context(), placeID, kontakt.ModeConference, kontakt.NewSecret()); err != nil || e.Mode != kontakt.ModeConference {
		t.Errorf("mode of %+v, %v", e, err)
	}
}

// TestClient_inviteTriedTwice: an invitation whose answer was lost on the way goes again under its key.
func TestClient_inviteTriedTwice(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	var mu sync.Mutex // a connection that was cut off tells the next handler nothing of the one before
	var keys []string
	b.on("POST /entries/"+string(placeID)+"/guests", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		keys = append(keys, r.Header.Get(wire.IdempotencyHeader))
		if len(keys) == 1 {
			panic(http.ErrAbortHandler)
		}
		w.Write(golden(t, "invite_reply"))
	})
	if _, link, _, err := c.Invite(t.Context(), placeID, kontakt.Invite{Kind: kontakt.GuestOther}, "key-of-a-guest"); err != nil || link == "" {
		t.Fatalf("link %q, %v", link, err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(keys) != 2 || keys[0] != "key-of-a-guest" || keys[1] != keys[0] {
		t.Errorf("asked with the keys %q", keys)
	}
}

// TestClient_evilInvitation: what can't be a guest's link or a guest is refused, and the link stands in no error.
func TestClient_evilInvitation(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	good := goldenAs[wire.InviteReply](t, "invite_reply")
	for name, evil := range map[string]func(*wire.InviteReply){
		"no page":      func(r *wire.InviteReply) { r.URL = "javascript:geheim()" },
		"no link":      func(r *wire.InviteReply) { r.URL = "" },
		"another kind": func(r *wire.InviteReply) { r.Guest.Kind = "spy" },
		"no id":        func(r *wire.InviteReply) { r.Guest.ID = "../geheim" },
	} {
		t.Run(name, func(t *testing.T) {
			out := good
			evil(&out)
			b.on("POST /entries/"+string(placeID)+"/guests", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusCreated, out) })
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, link, _, err := c.Invite(ctx, placeID, kontakt.Invite{Kind: kontakt.GuestOther}, kontakt.NewSecret())
			if err == nil || link != "" || strings.Contains(err.Error(), "geheim") {
				t.Errorf("gives %q, %v", link, err)
			}
		})
	}
}
