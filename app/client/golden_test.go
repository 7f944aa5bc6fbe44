package client

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// golden gives a file of the contract that both ends read.
func golden(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "internal", "wire", "testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func goldenAs[T any](t *testing.T, name string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(golden(t, name), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestGolden_requests: what the client sends is what the contract shows.
func TestGolden_requests(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	ctx := t.Context()
	join, err := wire.ToJoin(goldenAs[wire.JoinRequest](t, "join_request"))
	if err != nil {
		t.Fatal(err)
	}
	var signals []kontakt.Signal
	for _, w := range goldenAs[wire.SignalsRequest](t, "signals_request").Signals {
		s, err := wire.ToSignal(w)
		if err != nil {
			t.Fatal(err)
		}
		signals = append(signals, s)
	}
	lookup := goldenAs[wire.LookupRequest](t, "lookup_request")
	cpr, err := kontakt.ParseCPR(lookup.CPR, kontakt.DateOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	key := kontakt.NewSecret()
	for _, row := range []struct {
		golden, route string
		send          func(context.Context) error
	}{
		{"join_request", "POST /entries", func(ctx context.Context) error { _, err := c.Join(ctx, join, key); return err }},
		{"lookup_request", "POST /citizens/lookup", func(ctx context.Context) error {
			_, err := c.Lookup(ctx, cpr, kontakt.ClinicID(lookup.Clinic))
			return err
		}},
		{"read_request", "POST /entries/" + string(placeID) + "/read", func(ctx context.Context) error {
			ids, err := wire.ToMessageIDs(goldenAs[wire.ReadRequest](t, "read_request"))
			if err == nil {
				_, err = c.Read(ctx, placeID, ids, key)
			}
			return err
		}},
		{"leave_request", "POST /entries/" + string(placeID) + "/leave", func(ctx context.Context) error {
			_, err := c.Move(ctx, placeID, kontakt.MoveLeave, goldenAs[wire.LeaveRequest](t, "leave_request").Reason, key)
			return err
		}},
		{"presence_request", "POST /entries/" + string(placeID) + "/presence", func(ctx context.Context) error {
			_, err := c.Move(ctx, placeID, kontakt.Move(goldenAs[wire.PresenceRequest](t, "presence_request").Presence), "", key)
			return err
		}},
		{"end_request", "POST /entries/" + string(placeID) + "/end", func(ctx context.Context) error {
			_, err := c.Move(ctx, placeID, kontakt.MoveEnd, goldenAs[wire.EndRequest](t, "end_request").Reason, key)
			return err
		}},
		{"invite_request", "POST /entries/" + string(placeID) + "/guests", func(ctx context.Context) error {
			invite, err := wire.ToInvite(goldenAs[wire.InviteRequest](t, "invite_request"))
			if err == nil {
				_, _, _, err = c.Invite(ctx, placeID, invite, key)
			}
			return err
		}},
		{"mode_request", "POST /entries/" + string(placeID) + "/mode", func(ctx context.Context) error {
			_, err := c.SetMode(ctx, placeID, kontakt.Mode(goldenAs[wire.ModeRequest](t, "mode_request").Mode), key)
			return err
		}},
		{"card_request", "PUT /entries/" + string(placeID) + "/card", func(ctx context.Context) error {
			card, err := wire.ToCardChange(goldenAs[wire.CardRequest](t, "card_request"))
			if err == nil {
				_, err = c.SaveCard(ctx, placeID, card, key)
			}
			return err
		}},
		{"told_request", "PUT /entries/" + string(placeID) + "/told", func(ctx context.Context) error {
			told := goldenAs[wire.ToldRequest](t, "told_request")
			_, err := c.SaveTold(ctx, placeID, told.Version, told.Told, key)
			return err
		}},
		{"media_request", "POST /calls/" + string(callID) + "/media", func(ctx context.Context) error {
			return c.TellMedia(ctx, callID, goldenAs[wire.MediaRequest](t, "media_request").Media == "live")
		}},
		{"signals_request", "POST /calls/" + string(callID) + "/signals", func(ctx context.Context) error {
			return c.Signal(ctx, callID, signals, key)
		}},
	} {
		var got []byte
		b.on(row.route, func(w http.ResponseWriter, r *http.Request) {
			got, _ = io.ReadAll(r.Body)
			refuse(w, http.StatusConflict, kontakt.Conflict, kontakt.MsgWrongState)
		})
		if err := row.send(ctx); kontakt.KindOf(err) != kontakt.Conflict && kontakt.KindOf(err) != kontakt.Unauthenticated {
			t.Errorf("%s: %v", row.golden, err)
		}
		want := string(golden(t, row.golden))
		if row.golden == "lookup_request" {
			want = strings.Replace(want, "290200-4100", "2902004100", 1) // either form is good; the client sends the canonical one
		}
		var gotJSON, wantJSON any
		if json.Unmarshal(got, &gotJSON) != nil || json.Unmarshal([]byte(want), &wantJSON) != nil || !reflect.DeepEqual(gotJSON, wantJSON) {
			t.Errorf("%s: sent %s, want %s", row.golden, got, want)
		}
	}
}

// TestGolden_replies: what the contract shows is what the client understands.
func TestGolden_replies(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	serve := func(route, name string) {
		b.on(route, func(w http.ResponseWriter, _ *http.Request) { w.Write(golden(t, name)) })
	}
	serve("POST /citizens/lookup", "citizen")
	if got, err := c.Lookup(t.Context(), testCPR(t), ""); err != nil || got.Cover == nil || !got.Unchecked || got.Name != "Karen Madsen" || got.Age != 26 || got.Clinic == nil || got.Born.String() != "2000-02-29" {
		t.Errorf("citizen %+v, %v", got, err)
	}
	serve("GET /entries/"+string(placeID), "entry")
	e, err := c.Entry(t.Context(), placeID)
	if err != nil || e.State != kontakt.EntryCalled || e.Call == nil || e.Call.Clinician.Name != "Lars Holm" || len(e.Cursor) != 3 || e.Notice != kontakt.MsgNoAnswer ||
		len(e.Messages) != 1 || e.Messages[0].ReadAt.IsZero() || e.HandedTo == nil || e.PlannedAt.IsZero() || e.Helper.Name == "" || e.Holders != 2 {
		t.Errorf("entry %+v, %v", e, err)
	}
	serve("GET /device/entries", "entries")
	if held, err := c.Held(t.Context()); err != nil || len(held) == 0 {
		t.Errorf("entries %+v, %v", held, err)
	}
	serve("GET /clinics", "clinics")
	if all, err := c.Clinics(t.Context()); err != nil || len(all) != 1 || all[0].Ydernummer == "" {
		t.Errorf("clinics %+v, %v", all, err)
	}
	serve("GET /tobs", "tobs")
	if table, on, err := c.TOBS(t.Context()); err != nil || !on || table.Version != "2026-01" || len(table.Parameters) != 5 {
		t.Errorf("tobs %+v %v, %v", table, on, err)
	}
	serve("GET /entries/"+string(placeID)+"/guests", "guests")
	if all, err := c.Guests(t.Context(), placeID); err != nil || len(all) != 1 || all[0].State != kontakt.GuestLobby || all[0].By != kontakt.ParticipantTablet || all[0].Entry != placeID {
		t.Errorf("guests %+v, %v", all, err)
	}
	serve("POST /entries/"+string(placeID)+"/guests", "invite_reply")
	guest, link, sent, err := c.Invite(t.Context(), placeID, kontakt.Invite{Kind: kontakt.GuestRelative}, kontakt.NewSecret())
	if err != nil || guest.Name != "Mette Madsen" || !strings.Contains(link, "/gaest/#") || !sent {
		t.Errorf("invited %+v %q %v, %v", guest, link, sent, err)
	}
	serve("GET /relay", "relay")
	if r, err := c.Relay(t.Context()); err != nil || len(r.Servers) == 0 || r.Servers[0].Username == "" {
		t.Errorf("relay %+v, %v", r, err)
	}
	serve("GET /me", "session_reply")
	if who, err := c.Employee(t.Context()); err != nil || who.Name == "" {
		t.Errorf("employee %+v, %v", who, err)
	}
	serve("POST /signins", "signin_reply")
	if id, url, life, err := c.BeginSignIn(t.Context()); err != nil || id == "" || url == "" || life <= 0 {
		t.Errorf("sign-in %q %q %v, %v", id, url, life, err)
	}
	w := goldenAs[wire.Problem](t, "problem")
	b.on("GET /entries/"+string(placeID), func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(http.StatusConflict)
		rw.Write(golden(t, "problem"))
	})
	_, err = c.Entry(t.Context(), placeID)
	if msg, params := kontakt.MsgOf(err); string(kontakt.KindOf(err)) != w.Kind || string(msg) != w.Msg || !reflect.DeepEqual(params, w.Params) {
		t.Errorf("problem %v %v %v, want %+v", kontakt.KindOf(err), msg, params, w)
	}
}

// Off is no table, and not an empty one; one that can't be read is the backend's failure, and nothing of it counts.
func TestTOBS_offAndUnreadable(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	answers := func(body string) {
		b.on("GET /tobs", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
	}
	answers(`{}`)
	if table, on, err := c.TOBS(t.Context()); on || err != nil || len(table.Parameters) > 0 {
		t.Errorf("off: %+v %v, %v", table, on, err)
	}
	answers(`{"table":{"id":"tobs"}}`)
	if table, on, err := c.TOBS(t.Context()); on || kontakt.KindOf(err) != kontakt.Internal || len(table.Parameters) > 0 || table.ID != "" {
		t.Errorf("unreadable: %+v %v, %v", table, on, err)
	}
}

// E47: the consent that is withdrawn reaches its own address, also from a tablet whose nurse's session has ended.
func TestMove_aConsentIsWithdrawn(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	b.on("POST /entries/"+string(placeID)+"/consent/withdraw", func(w http.ResponseWriter, _ *http.Request) { w.Write(golden(t, "entry")) })
	if _, err := c.Move(t.Context(), placeID, kontakt.MoveWithdraw, "", kontakt.NewSecret()); err != nil {
		t.Error(err)
	}
}
