package client

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// M11: the nurse reads the lines and the code as the contract's example has them, and sets a line right by another, under a
// key.
func TestClient_record(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	text, err := os.ReadFile("../../internal/wire/testdata/place_record.json")
	if err != nil {
		t.Fatal(err)
	}
	var w wire.PlaceRecord
	if err := json.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	b.on("GET /entries/plads_a/record", func(rw http.ResponseWriter, _ *http.Request) { reply(rw, http.StatusOK, w) })
	r, err := c.Record(t.Context(), "plads_a")
	if err != nil || r.Code != w.Code || len(r.Lines) == 0 || len(r.Lines) != len(w.Lines) || r.Lines[0].N != 1 || !r.Lines[0].At.Equal(w.Lines[0].At) {
		t.Errorf("record %+v, %v", r, err)
	}
	var in wire.AdditionRequest
	var key string
	b.on("POST /entries/plads_a/record", func(rw http.ResponseWriter, q *http.Request) {
		key = q.Header.Get(wire.IdempotencyHeader)
		if err := json.NewDecoder(q.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		reply(rw, http.StatusOK, w)
	})
	line := kontakt.Addition{What: kontakt.RecordCorrection, Words: "Hun var der først fra kl. 10", Corrects: 2}
	if _, err := c.AddToRecord(t.Context(), "plads_a", line, "key-of-the-line"); err != nil || in.Corrects != 2 || in.Words != line.Words || key != "key-of-the-line" {
		t.Errorf("sent %+v under %s, %v", in, key, err)
	}
}
