package wire

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kontaktlaege/internal/kontakt"
)

// FromJoin is what the tablet sends.
func FromJoin(j kontakt.Join) JoinRequest {
	r := JoinRequest{
		Citizen: string(j.Citizen), Clinic: string(j.Clinic), Mode: string(j.Mode), Told: j.Told, TakeOver: j.TakeOver, Corrects: string(j.Corrects),
	}
	if j.Consent != (kontakt.Consent{}) {
		r.Consent = &Consent{Kind: string(j.Consent.Kind), Reason: j.Consent.Reason}
	}
	return r
}

// ToJoin checks ids, mode and the words' length and characters.
func ToJoin(r JoinRequest) (kontakt.Join, error) {
	citizen, err := kontakt.ParseCitizenID(r.Citizen)
	if err != nil {
		return kontakt.Join{}, err
	}
	clinic, err := kontakt.ParseClinicID(r.Clinic)
	if err != nil {
		return kontakt.Join{}, err
	}
	mode := kontakt.Mode(r.Mode)
	if !mode.Valid() {
		return kontakt.Join{}, invalid("ToJoin", nil)
	}
	j := kontakt.Join{Citizen: citizen, Clinic: clinic, Mode: mode}
	told, ok := r.Trimmed()
	if !ok {
		return kontakt.Join{}, invalid("ToJoin", nil)
	}
	j.Told = told
	if r.Consent != nil {
		if j.Consent, err = kontakt.ParseConsent(kontakt.Consent{Kind: kontakt.ConsentKind(r.Consent.Kind), Reason: r.Consent.Reason}); err != nil {
			return kontakt.Join{}, err
		}
	}
	if j.TakeOver, err = ToReason(r.TakeOver); err != nil {
		return kontakt.Join{}, err
	}
	if r.Corrects != "" {
		if j.Corrects, err = kontakt.ParseEntryID(r.Corrects); err != nil {
			return kontakt.Join{}, err
		}
	}
	return j, nil
}

// ToReason accepts one line of at most kontakt.MaxReason characters, without the space around it.
func ToReason(s string) (string, error) {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > kontakt.MaxReason || strings.ContainsFunc(s, unicode.IsControl) {
		return "", invalid("ToReason", nil)
	}
	return s, nil
}

// ToText accepts a message of at most kontakt.MaxMessage characters in any number of lines, not empty, without the space
// around it.
func ToText(s string) (string, error) {
	s = strings.TrimSpace(s)
	other := func(r rune) bool { return unicode.IsControl(r) && r != '\n' }
	if s == "" || utf8.RuneCountInString(s) > kontakt.MaxMessage || strings.ContainsFunc(s, other) {
		return "", invalid("ToText", nil)
	}
	return s, nil
}

func fromMessages(all []kontakt.Message) []Message {
	var w []Message
	for _, m := range all {
		w = append(w, Message{ID: string(m.ID), Text: m.Text, Sender: FromPerson(m.Sender), All: m.All, At: m.At.UTC(), ReadAt: moment(m.ReadAt)})
	}
	return w
}

func toMessages(all []Message) ([]kontakt.Message, error) {
	var k []kontakt.Message
	for _, m := range all {
		id, err := kontakt.ParseMessageID(m.ID)
		if err != nil {
			return nil, err
		}
		who, err := ToPerson(m.Sender)
		if err != nil {
			return nil, err
		}
		k = append(k, kontakt.Message{ID: id, Text: m.Text, Sender: who, All: m.All, At: m.At, ReadAt: fromMoment(m.ReadAt)})
	}
	return k, nil
}

// ToMessageIDs accepts at most MaxRead of them.
func ToMessageIDs(r ReadRequest) ([]kontakt.MessageID, error) {
	if len(r.Messages) == 0 || len(r.Messages) > MaxRead {
		return nil, invalid("ToMessageIDs", nil)
	}
	ids := make([]kontakt.MessageID, len(r.Messages))
	for i, m := range r.Messages {
		var err error
		if ids[i], err = kontakt.ParseMessageID(m); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// Bounds of what a request may ask for.
const (
	MaxRead  = 64
	MaxDelay = 240 // minutes
)

// FromWait gives nil for a wait that is not known; the range never gets narrower by rounding to minutes.
func FromWait(w kontakt.Wait) *Wait {
	if !w.Known {
		return nil
	}
	return &Wait{FromMin: int(w.From / time.Minute), ToMin: int((w.To + time.Minute - 1) / time.Minute)}
}

// ToWait is its reverse.
func ToWait(w *Wait) kontakt.Wait {
	if w == nil {
		return kontakt.Wait{}
	}
	return kontakt.Wait{Known: true, From: time.Duration(w.FromMin) * time.Minute, To: time.Duration(w.ToMin) * time.Minute}
}

func fromCall(c *kontakt.EntryCall, now time.Time) *EntryCall {
	if c == nil {
		return nil
	}
	w := EntryCall{ID: string(c.ID), Clinician: FromPerson(c.Clinician), RingUntil: moment(c.RingUntil)}
	if !c.RingUntil.IsZero() {
		w.RingFor = Seconds(c.RingUntil.Sub(now))
	}
	return &w
}

// FromEntry is an entry as its own tablet sees it, now by the backend's clock. The citizen goes along only where the
// entry names one, which it does for an employee and not for a bare device.
func FromEntry(e kontakt.Entry, now time.Time) Entry {
	w := Entry{
		ID: string(e.ID), Version: e.Version, State: string(e.State), Presence: string(e.Presence), Mode: string(e.Mode),
		Number: e.Number, Before: e.Before, Wait: FromWait(e.Wait), JoinedAt: e.JoinedAt.UTC(), Notice: string(e.Notice),
		Clinic: FromClinic(e.Clinic), Call: fromCall(e.Call, now), Cursor: e.Cursor.String(),
		EndedBy: e.EndedBy, StartedAt: moment(e.StartedAt), EndedAt: moment(e.EndedAt), EndReason: e.EndReason, EndWords: e.EndWords,
		Holders: e.Holders, PlannedAt: moment(e.PlannedAt), HandedTo: fromPerson(e.HandedTo), Messages: fromMessages(e.Messages),
		EmergencyAt: moment(e.EmergencyAt),
	}
	if e.Citizen.ID != "" {
		c := FromCitizen(e.Citizen, kontakt.DateOf(now))
		w.Citizen = &c
		w.Helper = fromHelper(e.Helper)
	}
	return w
}

func fromHelper(h kontakt.Helper) *Helper {
	if h == (kontakt.Helper{}) {
		return nil
	}
	return &Helper{Name: h.Name, Title: h.Title, Municipality: h.Municipality, Place: h.Place}
}

// ToEntry is its reverse. received is when the answer came, by the reader's own clock: since that clock may be wrong,
// RingUntil becomes received and what is left of the ring, so that it can be compared with that same clock.
func ToEntry(w Entry, received time.Time) (kontakt.Entry, error) {
	id, err := kontakt.ParseEntryID(w.ID)
	if err != nil {
		return kontakt.Entry{}, err
	}
	e := kontakt.Entry{
		ID: id, Version: w.Version, State: kontakt.EntryState(w.State), Presence: kontakt.Presence(w.Presence),
		Mode: kontakt.Mode(w.Mode), Number: w.Number, Before: w.Before, Wait: ToWait(w.Wait), JoinedAt: w.JoinedAt,
		Notice: kontakt.MsgKey(w.Notice), EndedBy: w.EndedBy, StartedAt: fromMoment(w.StartedAt), EndedAt: fromMoment(w.EndedAt),
		EndReason: w.EndReason, EndWords: w.EndWords, Holders: w.Holders, PlannedAt: fromMoment(w.PlannedAt),
		EmergencyAt: fromMoment(w.EmergencyAt),
	}
	if e.HandedTo, err = toPerson(w.HandedTo); err != nil {
		return kontakt.Entry{}, err
	}
	if e.Messages, err = toMessages(w.Messages); err != nil {
		return kontakt.Entry{}, err
	}
	if e.Clinic, err = ToClinic(w.Clinic); err != nil {
		return kontakt.Entry{}, err
	}
	if w.Citizen != nil {
		if e.Citizen, err = ToCitizen(*w.Citizen); err != nil {
			return kontakt.Entry{}, err
		}
	}
	if w.Helper != nil {
		e.Helper = kontakt.Helper{Name: w.Helper.Name, Title: w.Helper.Title, Municipality: w.Helper.Municipality, Place: w.Helper.Place}
	}
	if w.Call != nil {
		call, err := toCall(*w.Call, received)
		if err != nil {
			return kontakt.Entry{}, err
		}
		e.Call = &call
	}
	if e.Cursor, err = kontakt.ParseCursor(w.Cursor); err != nil {
		return kontakt.Entry{}, err
	}
	return e, nil
}

func toCall(w EntryCall, received time.Time) (kontakt.EntryCall, error) {
	id, err := kontakt.ParseCallID(w.ID)
	if err != nil {
		return kontakt.EntryCall{}, err
	}
	who, err := ToPerson(w.Clinician)
	if err != nil {
		return kontakt.EntryCall{}, err
	}
	c := kontakt.EntryCall{ID: id, Clinician: who}
	if w.RingUntil != nil {
		c.RingUntil = received.Add(time.Duration(w.RingFor) * time.Second)
	}
	return c, nil
}

// FromClinicEntry is an entry as its clinic sees it.
func FromClinicEntry(e kontakt.Entry, now time.Time) ClinicEntry {
	w := ClinicEntry{
		ID: string(e.ID), Version: e.Version, State: string(e.State), Presence: string(e.Presence), Mode: string(e.Mode),
		Source: string(e.Source), Number: e.Number, Name: e.Citizen.Name, Masked: e.Citizen.Masked, Told: e.Told,
		JoinedAt: e.JoinedAt.UTC(), Call: fromCall(e.Call, now), EmergencyAt: moment(e.EmergencyAt),
		NoAnswerAt: moment(e.NoAnswerAt), NoAnswers: e.NoAnswers, PostponedTo: moment(e.PostponedTo),
		Holders: e.Holders, Attachment: string(e.Attachment), PlannedAt: moment(e.PlannedAt), ToldUntil: moment(e.ToldUntil), NoBooking: e.NoBooking, Urgent: e.Urgent,
		HandedTo: fromPerson(e.HandedTo), HandedBy: fromPerson(e.HandedBy), Messages: fromMessages(e.Messages), Restorable: e.Restorable,
		Unconfirmed: e.Unconfirmed, ConfirmUntil: moment(e.ConfirmUntil),
		Card: fromMark(e.Card),
	}
	if e.Restorable {
		w.RestoreUntil = moment(e.EndedAt.Add(kontakt.RestoreWithin))
	}
	if e.Moved != nil {
		w.Moved = &Moved{By: FromPerson(e.Moved.By), Reason: e.Moved.Reason}
	}
	if e.Citizen.Born != (kontakt.Date{}) {
		w.Age = e.Citizen.Born.AgeOn(kontakt.DateOf(now))
	}
	w.Helper = fromHelper(e.Helper)
	return w
}
