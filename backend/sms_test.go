package backend_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/sms"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

func TestSMS_wrongSettingsNameTheirFlag(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("demo-token\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		set  backend.SMS
		says string
	}{
		"no token":           {backend.SMS{URL: "https://gatewayapi.example", Sender: "Kontakt"}, "--sms-token-file"},
		"a token in no file": {backend.SMS{URL: "https://gatewayapi.example", TokenFile: token + "x", Sender: "Kontakt"}, "--sms-token-file"},
		"a token alone":      {backend.SMS{TokenFile: token, Sender: "Kontakt"}, "--sms-url"},
		"in the open":        {backend.SMS{URL: "http://gatewayapi.example", TokenFile: token, Sender: "Kontakt"}, "--sms-url"},
		"a long name":        {backend.SMS{URL: "https://gatewayapi.example", TokenFile: token, Sender: "Lægerne på Torvet"}, "--sms-url"},
		"a file in no place": {backend.SMS{File: "/nowhere/sms"}, "--sms-file"},
	} {
		if s, err := row.set.Open(); err == nil || !strings.Contains(err.Error(), row.says) || s != nil {
			t.Errorf("%s: %v, want %s named", name, err, row.says)
		}
	}
	for name, set := range map[string]backend.SMS{"nothing": {Sender: "Kontakt"}, "a gateway": {URL: "https://gatewayapi.example", TokenFile: token, Sender: "Kontakt"}} {
		if s, err := set.Open(); err != nil || (s == nil) != (name == "nothing") {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
}

// What a change enqueues leaves a running server, and its figures say so; a server that is not set up for it says so to
// whoever asks.
func TestServer_sendsWhatIsInItsOutbox(t *testing.T) {
	testkit.Guard(t, time.Minute)
	to, err := kontakt.ParsePhone("20 12 34 56")
	if err != nil {
		t.Fatal(err)
	}
	payload, err := sms.Message{To: to, Text: "Lægen er klar"}.Payload()
	if err != nil {
		t.Fatal(err)
	}
	enqueue := func(ctx context.Context, db *store.DB) error {
		return db.Update(ctx, func(tx *store.Tx) error { _, err := tx.Enqueue(sms.Kind, payload); return err })
	}
	file := filepath.Join(t.TempDir(), "sms.jsonl")
	var db *store.DB
	s := openStage(t, func(_ context.Context, opened *store.DB) error { db = opened; return nil }, func(c *backend.Config) { c.SMS.File = file })
	if err := enqueue(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	for {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var line struct{ To, Text string }
		if json.Unmarshal(text, &line) == nil && line.To == "+4520123456" && line.Text == "Lægen er klar" {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	for {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.srv.MetricsURL(), nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := s.http.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), `kontakt_outbox_sent_total{kind="sms"} 1`) {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if strings.Contains(s.log.String(), "20123456") {
		t.Error("the number is in the log")
	}

	var bare *store.DB
	openStage(t, func(_ context.Context, opened *store.DB) error { bare = opened; return nil })
	err = enqueue(t.Context(), bare)
	if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Conflict || msg != kontakt.MsgNoSender {
		t.Errorf("a server that cannot send: %v", err)
	}
}
