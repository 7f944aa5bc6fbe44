package app

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Citizen is who sits beside the tablet.
type Citizen struct {
	ID       kontakt.CitizenID
	Name     string
	Born     kontakt.Date
	Age      int
	Masked   string
	Warnings []Sentence
	Clinic   *kontakt.Clinic // own clinic; nil: none that we know
	Cover    *kontakt.Clinic // takes the own clinic's patients in today; nil: none
	// Unchecked: the register did not answer. Name may be empty, Clinic is what the nurse has chosen.
	Unchecked bool
}

// Admits gives the clinics that this citizen can be put into a queue at, the own one first. Where none of them is open it
// gives the own one, closed; none where no clinic is known.
func (c Citizen) Admits() []kontakt.Clinic {
	var open []kontakt.Clinic
	for _, k := range []*kontakt.Clinic{c.Clinic, c.Cover} {
		if k != nil && k.Open {
			open = append(open, *k)
		}
	}
	if len(open) == 0 && c.Clinic != nil {
		open = []kontakt.Clinic{*c.Clinic}
	}
	return open
}

// Place is the citizen's place in a clinic's waiting room, as the backend tells it.
type Place struct {
	ID       kontakt.EntryID
	Version  int
	State    kontakt.EntryState
	Mode     kontakt.Mode
	Number   int
	Before   int
	Wait     kontakt.Wait
	JoinedAt time.Time
	Notice   Sentence // what last happened to it: q.no_answer …
	Clinic   kontakt.Clinic
	Citizen  *Citizen // nil while nobody is signed in
	Call     *kontakt.EntryCall

	PlannedAt   time.Time // booked time; zero: none known
	DrawnBy     string    // who put the citizen into the queue; "" while nobody is signed in
	Messages    []Message // of the clinic, oldest first
	EmergencyAt time.Time // when its clinic heard that 112 was called; zero: it was not
	Elsewhere   bool      // another tablet that holds the place has the call

	rooms     kontakt.Cursor // its own, its clinic's line and its call's
	startedAt time.Time      // of the conversation, and its end; backend clock
	endedAt   time.Time
	endedBy   string
	endReason string
	endWords  string
}

// Message is what the clinic wrote.
type Message struct {
	ID     kontakt.MessageID
	Text   string // "" while nobody is signed in
	Sender string
	Title  string
	At     time.Time
	Read   bool // here or on another tablet that holds the place
}

// MayTakeOver says whether another nurse stands for the place, whoever is signed in now.
func (p Place) MayTakeOver(who Employee) bool {
	return who.SignedIn() && p.DrawnBy != "" && p.DrawnBy != who.Name && p.Citizen != nil && !p.Elsewhere
}

// Unread gives what nobody has pressed "Læst" on, oldest first.
func (p Place) Unread() []Message { return p.messages(false) }

// Seen gives what has been read, oldest first.
func (p Place) Seen() []Message { return p.messages(true) }

func (p Place) messages(read bool) []Message {
	var some []Message
	for _, m := range p.Messages {
		if m.Read == read {
			some = append(some, m)
		}
	}
	return some
}

// replacement says whether the number is one that no register knows.
func (c Citizen) replacement() bool {
	for _, w := range c.Warnings {
		if w.Key == kontakt.MsgCPRReplacement {
			return true
		}
	}
	return false
}

// placeOf gives the part of an entry that the screen shows.
func placeOf(e kontakt.Entry) Place {
	p := Place{
		ID: e.ID, Version: e.Version, State: e.State, Mode: e.Mode,
		Number: e.Number, Before: e.Before, Wait: e.Wait, JoinedAt: e.JoinedAt,
		Notice: noticeOf(e), Clinic: e.Clinic, Call: e.Call, PlannedAt: e.PlannedAt, DrawnBy: e.Helper.Name,
		EmergencyAt: e.EmergencyAt, rooms: e.Cursor, startedAt: e.StartedAt, endedAt: e.EndedAt, endedBy: e.EndedBy, endReason: e.EndReason, endWords: e.EndWords,
	}
	for _, m := range e.Messages {
		p.Messages = append(p.Messages, Message{
			ID: m.ID, Text: m.Text, Sender: m.Sender.Name, Title: m.Sender.Title, At: m.At, Read: !m.ReadAt.IsZero(),
		})
	}
	if e.State == kontakt.EntryInCall || e.State == kontakt.EntryInterrupted {
		p.Elsewhere = e.Call == nil || e.Notice == kontakt.MsgAnswered
	}
	if p.Elsewhere {
		p.rooms = maps.Clone(e.Cursor)
		maps.DeleteFunc(p.rooms, func(r kontakt.Room, _ kontakt.Seq) bool { kind, _ := r.Split(); return kind == "call" })
	}
	if e.Citizen.ID != "" {
		c := citizenOf(e.Citizen)
		p.Citizen = &c
	}
	return p
}

// noticeOf fills the sentence of what last happened to a place.
func noticeOf(e kontakt.Entry) Sentence {
	s := Sentence{Key: e.Notice}
	switch e.Notice {
	case kontakt.MsgHandedOver:
		if e.HandedTo == nil {
			return Sentence{}
		}
		s.Params = map[string]string{"navn": e.HandedTo.Name}
	case kontakt.MsgRemoved, kontakt.MsgClosedOnYou:
		s.Params = map[string]string{"klinik": e.Clinic.Name, "tlf": e.Clinic.Phone}
	}
	if e.Notice == "" && e.HandedTo != nil && e.State == kontakt.EntryWaiting {
		return Sentence{Key: kontakt.MsgHandedOver, Params: map[string]string{"navn": e.HandedTo.Name}}
	}
	return s
}

func citizenOf(c kontakt.Citizen) Citizen {
	out := Citizen{ID: c.ID, Name: c.Name, Born: c.Born, Age: c.Age, Masked: c.Masked, Clinic: c.Clinic, Cover: c.Cover, Unchecked: c.Unchecked}
	for _, w := range c.Warnings {
		s := Sentence{Key: w}
		if w == kontakt.MsgCPRAge {
			s.Params = number(c.Age)
		}
		out.Warnings = append(out.Warnings, s)
	}
	return out
}

// heldBy gives the place as it may be shown while nobody is signed in.
func heldBy(p *Place) *Place {
	if p == nil {
		return nil
	}
	held := *p
	held.Citizen, held.DrawnBy = nil, ""
	held.Messages = slices.Clone(p.Messages)
	for i := range held.Messages {
		held.Messages[i].Text = ""
	}
	return &held
}

// after keeps what is known of a place where an answer does not tell: the citizen, and what was read here a moment ago.
func (p Place) after(known Place) Place {
	if p.Citizen == nil {
		p.Citizen = known.Citizen
	}
	if p.DrawnBy == "" {
		p.DrawnBy = known.DrawnBy
	}
	for i, m := range p.Messages {
		p.Messages[i].Read = m.Read || slices.ContainsFunc(known.Messages, func(k Message) bool { return k.ID == m.ID && k.Read })
	}
	return p
}

func number(n int) map[string]string { return map[string]string{"n": strconv.Itoa(n)} }
