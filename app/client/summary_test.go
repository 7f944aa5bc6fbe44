package client

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// summaryOf is the contract's example.
func summaryOf(t *testing.T) wire.Summary {
	t.Helper()
	text, err := os.ReadFile("../../internal/wire/testdata/summary.json")
	if err != nil {
		t.Fatal(err)
	}
	var w wire.Summary
	if err := json.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestClient_summaries: only an employee reads and writes them; a change goes under its key with the version that was read.
func TestClient_summaries(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	w := summaryOf(t)
	id := kontakt.SummaryID(w.ID)
	if _, err := c.Summaries(t.Context()); kontakt.KindOf(err) != kontakt.Unauthenticated {
		t.Errorf("read by nobody: %v", err)
	}
	signIn(t, c)
	b.on("GET /summaries", func(rw http.ResponseWriter, _ *http.Request) {
		reply(rw, http.StatusOK, wire.Summaries{Summaries: []wire.Summary{w}})
	})
	if all, err := c.Summaries(t.Context()); err != nil || len(all) != 1 || all[0].ID != id || all[0].Clinician != "Lars Holm" || string(all[0].Entry) != w.Entry {
		t.Errorf("summaries %+v, %v", all, err)
	}
	b.on("GET /summaries/"+w.ID, func(rw http.ResponseWriter, _ *http.Request) { reply(rw, http.StatusOK, w) })
	s, err := c.Summary(t.Context(), id)
	if err != nil || s.Went != kontakt.WentWell || s.URL != w.URL || len(s.Orders) != 1 || s.Consent.Kind != kontakt.ConsentCannot {
		t.Errorf("summary %+v, %v", s, err)
	}
	var in wire.NoteRequest
	var key string
	b.on("PUT /summaries/"+w.ID, func(rw http.ResponseWriter, r *http.Request) {
		key = r.Header.Get(wire.IdempotencyHeader) + " by " + r.Header.Get("Authorization")
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		reply(rw, http.StatusOK, wire.NoteReply{Version: in.Version + 1})
	})
	v, err := c.WriteSummary(t.Context(), id, s.Version, kontakt.Note{Agreed: "ring ved feber", Went: kontakt.WentPartly}, "key-of-the-note")
	if err != nil || v != s.Version+1 || in.Version != s.Version || in.Agreed != "ring ved feber" || in.Went != "partly" || key != "key-of-the-note by Bearer nurse" {
		t.Errorf("version %d, %+v, %s, %v", v, in, key, err)
	}
	b.on("POST /summaries/"+w.ID+"/done", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNoContent) })
	if err := c.SummaryDone(t.Context(), id, kontakt.NewSecret()); err != nil {
		t.Error(err)
	}
}

// TestClient_summaryThatLeadsNowhere: what stands in a QR code is the address of a page, or nothing is shown.
func TestClient_summaryThatLeadsNowhere(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	w := summaryOf(t)
	w.URL = "javascript:alert(1)"
	b.on("GET /summaries/"+w.ID, func(rw http.ResponseWriter, _ *http.Request) { reply(rw, http.StatusOK, w) })
	if s, err := c.Summary(t.Context(), kontakt.SummaryID(w.ID)); err == nil || s.URL != "" {
		t.Errorf("summary %+v, %v", s, err)
	}
}
