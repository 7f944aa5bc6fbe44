package waiting

import (
	"context"
	"errors"
	"strconv"
	"time"
	"unicode/utf8"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

const (
	// messagesShown is how many of the newest messages a place is seen with.
	messagesShown = 50
	// A clinic may write messagesWithin times in messagesIn, to one or to all: enough to write to each of a full room,
	// too few to make a tablet in a citizen's home chime without end.
	messagesWithin = 60
	messagesIn     = 10 * time.Minute
	// maxDelay is how late a clinic may say that it is; beyond that it closes.
	maxDelay = 4 * time.Hour
)

// Write sends the clinic's words to one place, wherever its tablet is: they are there when it comes back. A place that
// has ended takes none.
func (s *Service) Write(ctx context.Context, id kontakt.EntryID, text string) (kontakt.Entry, error) {
	if err := checkText("waiting.Write", text); err != nil {
		return kontakt.Entry{}, err
	}
	return s.changeEntry(ctx, id, rights.Write, func(tx *store.Tx, p place, a kontakt.Actor) (place, error) {
		if !p.entry.State.Open() {
			return p, &kontakt.Error{Op: "waiting.Write", Kind: kontakt.Conflict, Msg: kontakt.MsgWrongState}
		}
		if err := mayWrite(tx, a.Clinic); err != nil {
			return p, err
		}
		m := kontakt.NewMessageID()
		return p, send(tx, p, a, rights.Write, store.Message{ID: m, Batch: m, Text: text})
	})
}

// WriteAll sends the same words to everybody who stands in the line now, and gives how many they are. A conversation
// is not disturbed.
func (s *Service) WriteAll(ctx context.Context, text string) (int, error) {
	var sent int
	if err := checkText("waiting.WriteAll", text); err != nil {
		return sent, err
	}
	err := s.change(ctx, rights.WriteAll, store.Audit{}, func(tx *store.Tx, a kontakt.Actor) error {
		sent = 0
		if err := rights.Check(a, rights.WriteAll, rights.Target{Clinic: a.Clinic}); err != nil {
			return err
		}
		if err := mayWrite(tx, a.Clinic); err != nil {
			return err
		}
		all, err := tx.OpenEntries(a.Clinic)
		if err != nil {
			return err
		}
		batch := kontakt.NewMessageID()
		for _, e := range all {
			if !inLine(e.State) {
				continue
			}
			if err := send(tx, place{entry: e}, a, rights.WriteAll, store.Message{ID: kontakt.NewMessageID(), Batch: batch, Text: text}); err != nil {
				return err
			}
			sent++
		}
		return nil
	})
	return sent, err
}

func checkText(op, text string) error {
	if text == "" || utf8.RuneCountInString(text) > kontakt.MaxMessage {
		return &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return nil
}

func mayWrite(tx *store.Tx, clinic kontakt.ClinicID) error {
	n, err := tx.Batches(clinic, tx.Now().Add(-messagesIn))
	if err == nil && n >= messagesWithin {
		return &kontakt.Error{Op: "waiting.mayWrite", Kind: kontakt.TooMany, Msg: kontakt.MsgMessageMany}
	}
	return err
}

// send keeps a message to a place. Rooms and audit are told that there is one, never what it says.
func send(tx *store.Tx, p place, a kontakt.Actor, do rights.Action, m store.Message) error {
	m.Clinic, m.Entry, m.Sender, m.At = p.entry.Clinic, p.entry.ID, a.Employee, tx.Now()
	if err := tx.AddMessage(m); err != nil {
		return err
	}
	if err := tellMessage(tx, p, m.ID, false); err != nil {
		return err
	}
	return tx.Audit(audit(do, p))
}

func tellMessage(tx *store.Tx, p place, id kontakt.MessageID, read bool) error {
	return tellRooms(tx, kontakt.EventMessage, entryMessage{Entry: p.entry.ID, Message: id, Read: read},
		kontakt.EntryRoom(p.entry.ID), kontakt.ClinicRoom(p.entry.Clinic))
}

// Read marks messages of a place as read by the nurse who holds it; the clinic sees when. What is read already stays as
// it is. One message that is not the place's refuses them all.
//
// A tablet with nobody signed in does not see what is written (viewer.messages), so it can't say that anybody read it.
func (s *Service) Read(ctx context.Context, id kontakt.EntryID, messages []kontakt.MessageID) (kontakt.Entry, error) {
	return s.changeEntry(ctx, id, rights.Read, func(tx *store.Tx, p place, _ kontakt.Actor) (place, error) {
		news := false
		for _, m := range messages {
			first, err := tx.ReadMessage(id, m)
			if err == nil && first {
				news, err = true, tellMessage(tx, p, m, true)
			}
			if err != nil {
				return p, err
			}
		}
		if !news {
			return p, nil
		}
		return p, tx.Audit(audit(rights.Read, p))
	})
}

// Delay says how late the actor's clinic is, in whole minutes; 0: no longer. The last word counts, and ends by itself
// when the room closes or the Danish day is over. All who wait are told.
func (s *Service) Delay(ctx context.Context, late time.Duration) (kontakt.Clinic, error) {
	if late < 0 || late > maxDelay || late%time.Minute != 0 {
		return kontakt.Clinic{}, &kontakt.Error{Op: "waiting.Delay", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return s.changeClinic(ctx, rights.Delay, func(tx *store.Tx, c store.Clinic) (store.Clinic, error) {
		if late == 0 && c.At(tx.Now()).Delay == 0 {
			return c, nil
		}
		c.Delay, c.DelayAt = late, time.Time{}
		if late > 0 {
			c.DelayAt = tx.Now()
		}
		row := store.Audit{Action: string(rights.Delay), Clinic: c.ID, Reason: strconv.Itoa(int(late / time.Minute))}
		return c, errors.Join(tx.SaveClinic(c), tellOpening(tx, c.ID), tx.Audit(row))
	})
}

// messages shows what the clinic wrote. What it says is free text about a citizen, so it is for whoever may see the
// citizen: a tablet that lies in a hallway with nobody signed in shows that there is a message, from whom and when, and
// no word of it (domain.md §5.1: duty of confidentiality; Sundhedsloven § 40). The delay, which names nobody, is shown
// there.
func (v *viewer) messages(p place, shown *kontakt.Entry) error {
	all, err := once(v.letters, p.entry.ID, func(id kontakt.EntryID) ([]store.Message, error) { return v.tx.Messages(id, messagesShown) })
	if err != nil {
		return err
	}
	mayRead := rights.Check(v.a, rights.SeeCitizen, target(p)) == nil
	for _, m := range all {
		sender, err := v.person(m.Sender)
		if err != nil {
			return err
		}
		one := kontakt.Message{ID: m.ID, Sender: *sender, All: m.All(), At: m.At, ReadAt: m.ReadAt}
		if mayRead {
			one.Text = m.Text
		}
		shown.Messages = append(shown.Messages, one)
	}
	return nil
}
