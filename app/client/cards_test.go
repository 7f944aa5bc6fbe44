package client

import (
	"net/http"
	"reflect"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// TestClient_cards: only an employee reads and writes a card, under a key; where another tablet was first, she gets the
// card that stands there with the refusal (M4).
func TestClient_cards(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	stands := goldenAs[wire.Card](t, "card")
	want, err := wire.ToCard(stands)
	if err != nil {
		t.Fatal(err)
	}
	path := "/entries/" + string(placeID)
	if _, err := c.Card(t.Context(), placeID); kontakt.KindOf(err) != kontakt.Unauthenticated {
		t.Errorf("read by nobody: %v", err)
	}
	signIn(t, c)
	b.on("GET "+path+"/card", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, stands) })
	if got, err := c.Card(t.Context(), placeID); err != nil || !reflect.DeepEqual(got, want) || *got.TOBS.Result.Parts[1].Points != 1 {
		t.Errorf("read %+v, %v", got, err)
	}
	for what, save := range map[string]func() (kontakt.Card, error){
		"/card": func() (kontakt.Card, error) {
			return c.SaveCard(t.Context(), placeID, kontakt.Card{Version: 1, ISBAR: want.ISBAR}, "key-of-a-card")
		},
		"/told": func() (kontakt.Card, error) {
			return c.SaveTold(t.Context(), placeID, 1, want.Told, "key-of-a-card")
		},
	} {
		asked := ""
		b.on("PUT "+path+what, func(w http.ResponseWriter, r *http.Request) {
			asked = r.Header.Get(wire.IdempotencyHeader) + " by " + r.Header.Get("Authorization")
			reply(w, http.StatusOK, stands)
		})
		if got, err := save(); err != nil || !reflect.DeepEqual(got, want) || asked != "key-of-a-card by Bearer nurse" {
			t.Errorf("%s: %q, %+v, %v", what, asked, got, err)
		}
		b.on("PUT "+path+what, func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusConflict, kontakt.Conflict, kontakt.MsgCardChanged)
		})
		got, err := save()
		if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Conflict || msg != kontakt.MsgCardChanged || !reflect.DeepEqual(got, want) {
			t.Errorf("%s, another was first: %+v, %v", what, got, err)
		}
		b.on("PUT "+path+what, func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusConflict, kontakt.Conflict, kontakt.MsgWrongState)
		})
		if got, err := save(); kontakt.KindOf(err) != kontakt.Conflict || !reflect.DeepEqual(got, kontakt.Card{}) {
			t.Errorf("%s, over: %+v, %v", what, got, err)
		}
	}
}
