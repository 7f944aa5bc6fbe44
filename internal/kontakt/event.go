package kontakt

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Room names one append-only event log: "clinic:kli_…", "line:kli_…", "entry:plads_…", "call:opk_…", "device:dev_…",
// "guest:gst_…", "round:med_…".
type Room string

// The rooms: a clinic's staff, everyone who waits at a clinic, one entry, one call's signalling, one tablet, one guest, one
// nurse's round.
func ClinicRoom(id ClinicID) Room  { return Room("clinic:" + string(id)) }
func LineRoom(id ClinicID) Room    { return Room("line:" + string(id)) }
func EntryRoom(id EntryID) Room    { return Room("entry:" + string(id)) }
func CallRoom(id CallID) Room      { return Room("call:" + string(id)) }
func DeviceRoom(id DeviceID) Room  { return Room("device:" + string(id)) }
func GuestRoom(id GuestID) Room    { return Room("guest:" + string(id)) }
func RoundRoom(id EmployeeID) Room { return Room("round:" + string(id)) }

// ParseRoom accepts what the …Room functions make.
func ParseRoom(s string) (Room, error) {
	kind, id, _ := strings.Cut(s, ":")
	var err error
	switch kind {
	case "clinic", "line":
		_, err = ParseClinicID(id)
	case "entry":
		_, err = ParseEntryID(id)
	case "call":
		_, err = ParseCallID(id)
	case "device":
		_, err = ParseDeviceID(id)
	case "guest":
		_, err = ParseGuestID(id)
	case "round":
		_, err = ParseEmployeeID(id)
	default:
		err = &Error{Op: "kontakt.ParseRoom", Kind: Invalid, Msg: MsgBadID}
	}
	if err != nil {
		return "", err
	}
	return Room(s), nil
}

// Split gives the room's kind ("clinic", "line", "entry", "call", "device", "guest", "round") and the id behind it.
func (r Room) Split() (kind, id string) {
	kind, id, _ = strings.Cut(string(r), ":")
	return kind, id
}

// Seq counts a room's events from 1, without gaps, in commit order.
type Seq int64

// EventType says what happened. Append-only.
type EventType string

// The event types, with the rooms they are written to and the fields of their Data. Data holds ids and states only,
// never a name or a CPR number; EventSignal carries session descriptions and candidates and is deleted with its call.
const (
	// EventEntryChanged: entry, clinic. {"entry":id,"state":s,"version":n}, and "reason" where the consent was withdrawn
	EventEntryChanged EventType = "entry.changed"
	// EventEntryCalled: entry, clinic. {"entry":id,"state":"called","version":n,"call":id,"ring_until":time}
	EventEntryCalled EventType = "entry.called"
	// EventLineChanged: line. {} — places, opening or the delay changed: fetch your own entry again.
	EventLineChanged EventType = "line.changed"
	// EventClinicChanged: clinic. {} — opening or settings changed.
	EventClinicChanged EventType = "clinic.changed"
	// EventMessage: entry, clinic. {"entry":id,"message":id,"read":bool} — fetch the entry again.
	EventMessage EventType = "entry.message"
	// EventCardChanged: entry, clinic. {"entry":id,"version":n} — fetch the card again.
	EventCardChanged EventType = "card.changed"
	// EventSignal: call. wire.Signal
	EventSignal EventType = "call.signal"
	// EventCallEnded: call. {"call":id,"reason":"tablet"|"clinic"|"no_answer"|…}
	EventCallEnded EventType = "call.ended"
	// EventGuestChanged: entry, clinic, call, guest. {"guest":id,"entry":id,"state":s} — fetch the guests again.
	EventGuestChanged EventType = "guest.changed"
	// EventOrderChanged: entry, clinic. {"order":id,"entry":id,"state":s} — fetch the orders again.
	EventOrderChanged EventType = "order.changed"
	// EventSigninCompleted: device. {"signin":id,"code":one-time code, worth nothing without the device's key}
	EventSigninCompleted EventType = "signin.completed"
	// EventSigninFailed: device. {"signin":id,"msg":key}
	EventSigninFailed EventType = "signin.failed"
	// EventSessionEnded: device. {} — the employee's session was ended elsewhere.
	EventSessionEnded EventType = "session.ended"
	// EventRoundChanged: round. {} — fetch the round again.
	EventRoundChanged EventType = "round.changed"
	// EventVisitMissed: device, of the whole unit. {"visit":id} — the unit's list of missed visits has changed: fetch it again.
	EventVisitMissed EventType = "visit.missed"
	// EventHandoverAccepted: device, of the one that offered. {"handover":id} — fetch the hand-over and what this tablet holds.
	EventHandoverAccepted EventType = "handover.accepted"
	// EventHandedOver: device, of both. {"entry":id} — another tablet holds the place now: fetch what this one holds.
	EventHandedOver EventType = "entry.handed_over"
	// EventDeviceRevoked: device. {}
	EventDeviceRevoked EventType = "device.revoked"
)

// Event is one line of a room's log.
type Event struct {
	Room Room
	Seq  Seq
	Type EventType
	At   time.Time // of the commit, backend clock, UTC
	Data json.RawMessage
}

// Cursor says how far a reader has come in each of its rooms. Its text form, rooms sorted, is the SSE event id:
// "clinic:kli_…=57,entry:plads_…=3".
type Cursor map[Room]Seq

// MaxRooms is how many rooms one stream may carry.
const MaxRooms = 64

func (c Cursor) String() string {
	rooms := make([]string, 0, len(c))
	for r := range c {
		rooms = append(rooms, string(r))
	}
	sort.Strings(rooms)
	var b strings.Builder
	for i, r := range rooms {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%s=%d", r, c[Room(r)])
	}
	return b.String()
}

// ParseCursor reads what String writes. A room named twice, a negative Seq or more than MaxRooms rooms are Invalid.
func ParseCursor(s string) (Cursor, error) {
	c := Cursor{}
	if s == "" {
		return c, nil
	}
	parts := strings.Split(s, ",")
	if len(parts) > MaxRooms {
		return nil, &Error{Op: "kontakt.ParseCursor", Kind: Invalid, Msg: MsgBadRequest}
	}
	for _, part := range parts {
		name, num, ok := strings.Cut(part, "=")
		room, err := ParseRoom(name)
		n, convErr := strconv.ParseInt(num, 10, 64)
		_, twice := c[room]
		if !ok || err != nil || convErr != nil || n < 0 || twice || strconv.FormatInt(n, 10) != num {
			return nil, &Error{Op: "kontakt.ParseCursor", Kind: Invalid, Msg: MsgBadRequest}
		}
		c[room] = Seq(n)
	}
	return c, nil
}
