package waiting_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/backend/waiting"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

const words = "Tag en urinprøve, mens I venter."

func (w *world) write(a kontakt.Actor, id kontakt.EntryID, text string) kontakt.Message {
	w.t.Helper()
	e, err := w.rooms.Write(w.as(a), id, text)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(e.Messages) == 0 || e.Messages[len(e.Messages)-1].Text != text {
		w.t.Fatalf("messages = %+v, want %q last", e.Messages, text)
	}
	return e.Messages[len(e.Messages)-1]
}

func (w *world) read(a kontakt.Actor, id kontakt.EntryID, messages ...kontakt.MessageID) (kontakt.Entry, error) {
	w.t.Helper()
	return w.rooms.Read(w.as(a), id, messages)
}

// A message waits for a tablet that nobody can reach, through a restart, and the clinic sees when it was read.
func TestMessage_isKeptForATabletOutOfReach(t *testing.T) {
	w := newWorld(t, 2)
	e := w.join(w.lone, 0)
	w.clock.Add(time.Hour)
	w.sweep()
	if got := w.entry(w.dorte, e.ID); got.Presence != kontakt.PresenceNoContact {
		t.Fatalf("presence = %s", got.Presence)
	}
	m := w.write(w.secr, e.ID, words)
	if m.Sender.Name != w.secr.Name || m.All || !m.At.Equal(w.clock.Now()) || !m.ReadAt.IsZero() {
		t.Errorf("message = %+v", m)
	}
	w.restart()
	w.clock.Add(time.Minute)
	held, err := w.rooms.Held(w.as(w.lone))
	if err != nil || len(held) != 1 || len(held[0].Messages) != 1 || held[0].Messages[0] != m {
		t.Fatalf("the tablet that is back sees %+v, %v", held, err)
	}
	if held[0].Version != e.Version+1 { // the sweeper's
		t.Errorf("version = %d: a message is no reason to refuse a start", held[0].Version)
	}
	got, err := w.read(w.lone, e.ID, m.ID)
	if err != nil || !got.Messages[0].ReadAt.Equal(w.clock.Now()) {
		t.Fatalf("read = %+v, %v", got.Messages, err)
	}
	readAt := w.clock.Now()
	w.clock.Add(time.Minute)
	if _, err := w.read(w.lone, e.ID, m.ID, m.ID); err != nil {
		t.Errorf("read again: %v", err)
	}
	if seen := w.entry(w.dorte, e.ID).Messages; !seen[0].ReadAt.Equal(readAt) {
		t.Errorf("the clinic sees %v, want the first time %v", seen[0].ReadAt, readAt)
	}
	for _, room := range []kontakt.Room{kontakt.EntryRoom(e.ID), kontakt.ClinicRoom(w.torvet)} {
		var told []wire.EntryMessage
		for _, event := range w.events(room) {
			if event.Type == kontakt.EventMessage {
				told = append(told, dataOf[wire.EntryMessage](t, event))
			}
		}
		want := []wire.EntryMessage{{Entry: string(e.ID), Message: string(m.ID)}, {Entry: string(e.ID), Message: string(m.ID), Read: true}}
		if !slices.Equal(told, want) {
			t.Errorf("%s = %+v, want %+v", room, told, want)
		}
	}
	audited := slices.DeleteFunc(w.audited(), func(row string) bool {
		return !strings.HasPrefix(row, "entry.message") && !strings.HasPrefix(row, "entry.read")
	})
	if !slices.Equal(audited, []string{"entry.message ok", "entry.read ok"}) {
		t.Errorf("audit = %v", audited)
	}
}

// What is written is in nobody's reach who reads the file: not in the rows, the events, the audit.
func TestMessage_isSealedAtRest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kontakt.db")
	w := newWorldOn(t, 1, func(_ testing.TB, keys store.Keys, now func() time.Time) func() (*store.DB, error) {
		return func() (*store.DB, error) { return sqlite.Open(context.Background(), file, keys, now) }
	})
	e := w.join(w.lone, 0)
	w.write(w.dorte, e.ID, words)
	w.db.Close() // all is in the file now
	found := false
	for _, path := range []string{file, file + "-wal"} {
		raw, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		found = found || bytes.Contains(raw, []byte("entry.message"))
		if bytes.Contains(raw, []byte("urinpr")) {
			t.Errorf("%s holds what was written", path)
		}
	}
	if !found {
		t.Error("the message is in no file: nothing was looked at")
	}
}

// A tablet in a hallway with nobody signed in shows that the clinic has written, not what.
func TestMessage_aTabletWithNobodySignedInSeesNoWordOfIt(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	m := w.write(w.dorte, e.ID, words)
	bare := w.entry(w.tablet, e.ID).Messages
	if len(bare) != 1 || bare[0].ID != m.ID || bare[0].Sender != m.Sender || !bare[0].At.Equal(m.At) || bare[0].Text != "" {
		t.Errorf("the bare tablet sees %+v", bare)
	}
	if _, err := w.rooms.WriteAll(w.as(w.dorte), words); err != nil {
		t.Fatal(err)
	}
	for _, seen := range w.entry(w.tablet, e.ID).Messages {
		if seen.Text != "" {
			t.Errorf("what went to all: the bare tablet sees %+v", seen)
		}
	}
	_, err := w.read(w.tablet, e.ID, m.ID)
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
	if seen := w.entry(w.dorte, e.ID).Messages[0]; !seen.ReadAt.IsZero() {
		t.Errorf("read at %v by nobody", seen.ReadAt)
	}
}

func TestMessage_whoMayWriteAndRead(t *testing.T) {
	w := newWorld(t, 2)
	e, other := w.join(w.lone, 0), w.join(w.mona, 1)
	m := w.write(w.secr, e.ID, words)
	others := w.write(w.palle, other.ID, "Vi ses snart.")
	for name, row := range map[string]struct {
		do   func() error
		kind kontakt.Kind
		msg  kontakt.MsgKey
	}{
		"another clinic's doctor writes": {func() error { _, err := w.rooms.Write(w.as(w.bo), e.ID, "x"); return err }, kontakt.Hidden, kontakt.MsgNotFound},
		"a nurse writes":                 {func() error { _, err := w.rooms.Write(w.as(w.lone), e.ID, "x"); return err }, kontakt.Forbidden, kontakt.MsgNotAllowed},
		"a nurse writes to all":          {func() error { _, err := w.rooms.WriteAll(w.as(w.lone), "x"); return err }, kontakt.Forbidden, kontakt.MsgNotAllowed},
		"a nurse says there is a delay":  {func() error { _, err := w.rooms.Delay(w.as(w.lone), time.Minute); return err }, kontakt.Forbidden, kontakt.MsgNotAllowed},
		"to a place that never was":      {func() error { _, err := w.rooms.Write(w.as(w.dorte), kontakt.NewEntryID(), "x"); return err }, kontakt.NotFound, kontakt.MsgNotFound},
		"nothing is written":             {func() error { _, err := w.rooms.Write(w.as(w.dorte), e.ID, ""); return err }, kontakt.Invalid, kontakt.MsgBadRequest},
		"too much is written": {func() error {
			_, err := w.rooms.WriteAll(w.as(w.dorte), strings.Repeat("å", kontakt.MaxMessage+1))
			return err
		}, kontakt.Invalid, kontakt.MsgBadRequest},
		"another tablet's nurse reads": {func() error { _, err := w.read(w.mona, e.ID, m.ID); return err }, kontakt.Hidden, kontakt.MsgNotFound},
		"the clinic reads its own":     {func() error { _, err := w.read(w.dorte, e.ID, m.ID); return err }, kontakt.Forbidden, kontakt.MsgNotAllowed},
		"a message that never was":     {func() error { _, err := w.read(w.lone, e.ID, m.ID, kontakt.NewMessageID()); return err }, kontakt.NotFound, kontakt.MsgNotFound},
		"another place's message":      {func() error { _, err := w.read(w.lone, e.ID, m.ID, others.ID); return err }, kontakt.NotFound, kontakt.MsgNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(w.events(kontakt.ClinicRoom(w.torvet)))
			wantError(t, row.do(), row.kind, row.msg)
			if after := len(w.events(kontakt.ClinicRoom(w.torvet))); after != before {
				t.Errorf("%d events of a refusal", after-before)
			}
		})
	}
	if seen := w.entry(w.lone, e.ID).Messages; len(seen) != 1 || !seen[0].ReadAt.IsZero() {
		t.Errorf("after the refusals: %+v", seen)
	}
}

// To one place in any open state, also in the middle of a call; to none that has ended.
func TestMessage_reachesAnOpenPlaceAndNoOther(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.write(w.dorte, e.ID, "venter")
	w.start(w.dorte, e.ID)
	w.write(w.secr, e.ID, "ringer")
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	w.write(w.secr, e.ID, "taler")
	w.move(w.lone, e.ID, kontakt.MoveLost, "")
	last := w.write(w.secr, e.ID, "afbrudt")
	w.move(w.dorte, e.ID, kontakt.MoveEnd, "done")
	_, err := w.rooms.Write(w.as(w.dorte), e.ID, "for sent")
	wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
	if got, err := w.read(w.lone, e.ID, last.ID); err != nil || len(got.Messages) != 4 || got.Messages[3].ReadAt.IsZero() {
		t.Errorf("what came before the end is still to be read: %+v, %v", got.Messages, err)
	}
}

func TestMessage_toAllWhoWaitAndNobodyElse(t *testing.T) {
	w := newWorld(t, 4)
	waits, rings, talks, gone := w.join(w.lone, 0), w.join(w.mona, 1), w.join(w.lone, 2), w.join(w.mona, 3)
	w.move(w.mona, gone.ID, kontakt.MoveLeave, "left")
	w.start(w.palle, talks.ID)
	w.move(w.lone, talks.ID, kontakt.MoveAnswer, "")
	w.start(w.dorte, rings.ID)
	if sent, err := w.rooms.WriteAll(w.as(w.bo), "Havnen hilser."); err != nil || sent != 0 {
		t.Errorf("a clinic where nobody waits: %d, %v", sent, err)
	}
	sent, err := w.rooms.WriteAll(w.as(w.secr), words)
	if err != nil || sent != 2 {
		t.Fatalf("sent = %d, %v, want to the two in the line", sent, err)
	}
	for _, row := range []struct {
		who  kontakt.Actor
		id   kontakt.EntryID
		want int
	}{{w.lone, waits.ID, 1}, {w.mona, rings.ID, 1}, {w.lone, talks.ID, 0}, {w.mona, gone.ID, 0}} {
		got := w.entry(row.who, row.id).Messages
		if len(got) != row.want || len(got) == 1 && (got[0].Text != words || !got[0].All) {
			t.Errorf("%s has %+v, want %d", row.id, got, row.want)
		}
	}
	m := w.entry(w.lone, waits.ID).Messages[0]
	if _, err := w.read(w.lone, waits.ID, m.ID); err != nil {
		t.Fatal(err)
	}
	if others := w.entry(w.mona, rings.ID).Messages[0]; !others.ReadAt.IsZero() {
		t.Error("one who reads reads for the others")
	}
}

func TestMessage_aClinicCannotFlood(t *testing.T) {
	w := newWorld(t, 2)
	e := w.join(w.lone, 0)
	w.join(w.mona, 1)
	for i := range 59 {
		w.clock.Add(time.Second)
		w.write(w.dorte, e.ID, fmt.Sprint("besked ", i))
	}
	if sent, err := w.rooms.WriteAll(w.as(w.secr), "til alle"); err != nil || sent != 2 {
		t.Fatalf("to all, which counts as one: %d, %v", sent, err)
	}
	_, err := w.rooms.Write(w.as(w.secr), e.ID, "en for meget")
	wantError(t, err, kontakt.TooMany, kontakt.MsgMessageMany)
	_, err = w.rooms.WriteAll(w.as(w.palle), "en for meget")
	wantError(t, err, kontakt.TooMany, kontakt.MsgMessageMany)
	if shown := w.entry(w.lone, e.ID).Messages; len(shown) != 50 || shown[49].Text != "til alle" || shown[48].Text != "besked 58" || shown[0].Text != "besked 10" {
		t.Errorf("%d are shown, from %q to %q", len(shown), shown[0].Text, shown[len(shown)-1].Text)
	}
	w.clock.Add(10 * time.Minute)
	w.write(w.secr, e.ID, "nu går det igen")
}

func (w *world) late() (clinic, onTablet, bare time.Duration) {
	w.t.Helper()
	c, err := w.rooms.Clinic(w.as(w.dorte))
	if err != nil {
		w.t.Fatal(err)
	}
	held, err := w.rooms.Held(w.as(w.lone))
	if err != nil || len(held) == 0 {
		w.t.Fatalf("held = %v, %v", held, err)
	}
	alone, err := w.rooms.Held(w.as(w.tablet))
	if err != nil || len(alone) == 0 {
		w.t.Fatalf("held by the tablet alone = %v, %v", alone, err)
	}
	return c.Delay, held[0].Clinic.Delay, alone[0].Clinic.Delay
}

func (w *world) wantLate(what string, want time.Duration) {
	w.t.Helper()
	if c, tablet, bare := w.late(); c != want || tablet != want || bare != want {
		w.t.Errorf("%s: the clinic sees %v, the nurse %v, the tablet alone %v; want %v", what, c, tablet, bare, want)
	}
}

func (w *world) say(late time.Duration) {
	w.t.Helper()
	c, err := w.rooms.Delay(w.as(w.secr), late)
	if err != nil || c.Delay != late {
		w.t.Fatalf("delay = %v, %v, want %v", c.Delay, err, late)
	}
}

func TestE45_ofTwoWordsOnTheDelayTheLatestCounts(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	before := len(w.types(kontakt.LineRoom(w.torvet)))
	w.say(15 * time.Minute)
	w.clock.Add(40 * time.Second)
	w.say(30 * time.Minute)
	w.wantLate("said twice within a minute", 30*time.Minute)
	if at := w.entry(w.lone, e.ID).Clinic.DelayAt; !at.Equal(w.clock.Now()) {
		t.Errorf("said at %v, want %v", at, w.clock.Now())
	}
	w.restart()
	w.wantLate("after a restart", 30*time.Minute)
	w.say(0)
	w.wantLate("on time again", 0)
	w.say(0) // no news
	if told := w.types(kontakt.LineRoom(w.torvet))[before:]; !slices.Equal(told, []kontakt.EventType{kontakt.EventLineChanged, kontakt.EventLineChanged, kontakt.EventLineChanged}) {
		t.Errorf("the line is told %v, want each word once", told)
	}
	var minutes []string
	if err := w.db.View(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Unsealed(100)
		for _, r := range rows {
			if r.Action == "clinic.delay" && r.Clinic == w.torvet && r.Employee == w.secr.Employee {
				minutes = append(minutes, r.Reason)
			}
		}
		return err
	}); err != nil || !slices.Equal(minutes, []string{"15", "30", "0"}) {
		t.Errorf("audit = %v, %v", minutes, err)
	}
	for name, late := range map[string]time.Duration{"before now": -time.Minute, "too long": 241 * time.Minute, "half a minute": 30 * time.Second} {
		_, err := w.rooms.Delay(w.as(w.secr), late)
		if kontakt.KindOf(err) != kontakt.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The word on a delay is over with the room's hours, with the Danish day, and with the clinic's own closing; and who
// waits is told.
func TestDelay_endsByItself(t *testing.T) {
	hours := kontakt.Opening{}
	for day := range hours.Hours {
		hours.Hours[day] = kontakt.Span{From: 8 * 60, To: 16 * 60}
	}
	at := func(hour, minute int) time.Time {
		return storetest.Noon.Add(time.Duration(hour-12)*time.Hour + time.Duration(minute)*time.Minute)
	}
	for name, row := range map[string]struct {
		opening kontakt.Opening
		said    time.Time
		last    time.Time // it still counts
		over    time.Time // a minute later it does not
	}{
		"said in the hours":       {hours, at(15, 0), at(15, 59), at(16, 0)},
		"said before the opening": {hours, at(7, 50), at(15, 59), at(16, 0)},
		"said after the closing":  {hours, at(20, 0), at(23, 59), at(24, 0)},
		"a room without hours":    {kontakt.Opening{}, at(20, 0), at(23, 59), at(24, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			w.goBy(waiting.Options{HoursGrace: 24 * time.Hour, StaffGrace: w.opt.StaffGrace})
			w.join(w.lone, 0)
			w.update(func(tx *store.Tx) error {
				c, err := tx.Clinic(w.torvet)
				if err != nil {
					return err
				}
				c.Opening = row.opening
				return tx.SaveClinic(c)
			})
			w.clock.Add(row.said.Sub(w.clock.Now()))
			w.say(20 * time.Minute)
			w.clock.Add(row.last.Sub(w.clock.Now()))
			w.sweepHours()
			w.wantLate("in the last minute", 20*time.Minute)
			before := len(w.types(kontakt.LineRoom(w.torvet)))
			w.clock.Add(row.over.Sub(w.clock.Now()))
			w.wantLate("when it is over", 0)
			w.sweepHours()
			if told := w.types(kontakt.LineRoom(w.torvet)); len(told) != before+1 {
				t.Errorf("the line was told %d times that it is over", len(told)-before)
			}
		})
	}
	t.Run("the clinic closes", func(t *testing.T) {
		w := newWorld(t, 1)
		w.join(w.lone, 0)
		w.say(20 * time.Minute)
		for _, open := range []bool{false, true} {
			if _, err := w.rooms.SetOpening(w.as(w.dorte), open, false, ""); err != nil {
				t.Fatal(err)
			}
			w.wantLate(fmt.Sprint("open ", open), 0)
		}
	})
}

// sweepHours sweeps with the tablets in contact.
func (w *world) sweepHours() {
	w.t.Helper()
	if err := w.rooms.Seen(context.Background(), []kontakt.DeviceID{w.lone.Device, w.mona.Device}); err != nil {
		w.t.Fatal(err)
	}
	w.sweep()
}
