package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// What was given up is listed without a word of it, tried again or deleted, and both are audited.
func TestOutbox_whatWasGivenUpIsLookedAtAndSettled(t *testing.T) {
	at := backend.Storage{Data: t.TempDir()}
	db, err := at.Open(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.Sends("sms")
	var ids []string
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		for range 3 {
			id, err := tx.Enqueue("sms", []byte(`{"to":"+4520123456","text":"hemmelig"}`))
			if err != nil {
				return err
			}
			ids = append(ids, string(id))
		}
		taken, err := tx.TakeOutgoing("sms", 3, time.Minute)
		for _, o := range taken {
			err = errors.Join(err, tx.FailedOutgoing(o, kontakt.Invalid, time.Time{}))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}

	command := func(code int, args ...string) string {
		t.Helper()
		got, out, errs := call(t, append([]string{"outbox", args[0], "--data", at.Data}, args[1:]...)...)
		if got != code {
			t.Fatalf("outbox %v: code %d, want %d: %s%s", args, got, code, out, errs)
		}
		return out + errs
	}
	listed := command(0, "list")
	for _, want := range append(ids, "sms", "invalid") {
		if !strings.Contains(listed, want) {
			t.Errorf("list lacks %s:\n%s", want, listed)
		}
	}
	for _, never := range []string{"20123456", "hemmelig"} {
		if strings.Contains(listed, never) {
			t.Errorf("list shows %s", never)
		}
	}
	command(0, "retry", ids[0])
	if out := command(1, "retry", ids[1], ids[0]); !strings.Contains(out, ids[0]+" is not there") {
		t.Errorf("one that waits already: %s", out)
	}
	command(0, "drop", ids[1])
	command(1, "retry", "no id")
	command(1, "retry")
	command(1, "drop", "--all", ids[2])
	if out := command(0, "retry", "--all"); !strings.Contains(out, ids[2]) || strings.Contains(out, ids[0]) {
		t.Errorf("retry --all: %s", out)
	}
	if out := command(0, "list"); !strings.Contains(out, "nothing is dead") {
		t.Errorf("list: %s", out)
	}
	if out := command(0, "list", "--state=due"); !strings.Contains(out, ids[0]) || !strings.Contains(out, ids[2]) || strings.Contains(out, ids[1]) {
		t.Errorf("list of what waits: %s", out)
	}
	var audited []string
	if err := db.View(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Unsealed(100)
		for _, r := range rows {
			audited = append(audited, string(r.Role)+" "+r.Action+" "+r.Reason)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(audited, ", "), "it outbox.retry "+ids[0]+", it outbox.drop "+ids[1]+", it outbox.retry "+ids[2]; got != want {
		t.Errorf("audit = %s, want %s", got, want)
	}
}
