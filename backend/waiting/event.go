package waiting

import (
	"slices"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// The data of the events that this package writes; their JSON is that of internal/wire, which a test compares.
type (
	entryChanged struct {
		Entry     kontakt.EntryID    `json:"entry"`
		State     kontakt.EntryState `json:"state"`
		Version   int                `json:"version"`
		Call      kontakt.CallID     `json:"call,omitempty"`
		RingUntil *time.Time         `json:"ring_until,omitempty"`
		Reason    string             `json:"reason,omitempty"`
	}
	callEnded struct {
		Call   kontakt.CallID `json:"call"`
		Reason string         `json:"reason"`
	}
	entryMessage struct {
		Entry   kontakt.EntryID   `json:"entry"`
		Message kontakt.MessageID `json:"message"`
		Read    bool              `json:"read,omitempty"`
	}
	signal struct {
		From       string             `json:"from,omitempty"`
		To         string             `json:"to,omitempty"`
		Kind       kontakt.SignalKind `json:"kind"`
		Peer       string             `json:"peer,omitempty"`
		SDP        string             `json:"sdp,omitempty"`
		Candidates []candidate        `json:"candidates,omitempty"`
		Muted      *bool              `json:"muted,omitempty"`
		CameraOff  *bool              `json:"camera_off,omitempty"`
		Rung       kontakt.Rung       `json:"rung,omitempty"`
	}
	handedOver struct {
		Entry kontakt.EntryID `json:"entry"`
	}
	guestChanged struct {
		Guest kontakt.GuestID    `json:"guest"`
		Entry kontakt.EntryID    `json:"entry"`
		State kontakt.GuestState `json:"state"`
	}
	orderChanged struct {
		Order kontakt.OrderID    `json:"order"`
		Entry kontakt.EntryID    `json:"entry"`
		State kontakt.OrderState `json:"state"`
	}
	cardChanged struct {
		Entry   kontakt.EntryID `json:"entry"`
		Version int             `json:"version"`
	}
	candidate struct {
		Candidate     string  `json:"candidate"`
		SDPMid        *string `json:"sdp_mid"`
		SDPMLineIndex *uint16 `json:"sdp_mline_index"`
	}
)

// tell writes one event to each room that a change concerns.
func tell(tx *store.Tx, p place, c change) error {
	typ := kontakt.EventEntryChanged
	data := entryChanged{Entry: p.entry.ID, State: p.entry.State, Version: p.entry.Version}
	if p.entry.State == kontakt.EntryCalled {
		typ, data.Call, data.RingUntil = kontakt.EventEntryCalled, p.call.ID, &p.call.RingUntil
	} else if p.entry.State == kontakt.EntryInCall {
		data.Call = p.call.ID
	} else if p.entry.EndReason == kontakt.ReasonWithdrawn || isWrong(p.entry) {
		data.Reason = p.entry.EndReason
	}
	if err := tellRooms(tx, typ, data, kontakt.EntryRoom(p.entry.ID), kontakt.ClinicRoom(p.entry.Clinic)); err != nil {
		return err
	}
	if c.ended {
		if err := tellRooms(tx, kontakt.EventCallEnded, callEnded{p.call.ID, p.call.Reason}, kontakt.CallRoom(p.call.ID)); err != nil {
			return err
		}
	}
	for _, h := range c.over {
		rooms := slices.Compact([]kontakt.Room{kontakt.DeviceRoom(h.Device), kontakt.DeviceRoom(h.NextDevice)})
		if err := tellRooms(tx, kontakt.EventHandedOver, handedOver{p.entry.ID}, rooms...); err != nil {
			return err
		}
	}
	if c.line {
		return tellRooms(tx, kontakt.EventLineChanged, nil, kontakt.LineRoom(p.entry.Clinic))
	}
	return nil
}

// tellRooms writes the same event to each of some rooms.
func tellRooms(tx *store.Tx, typ kontakt.EventType, data any, rooms ...kontakt.Room) error {
	for _, room := range rooms {
		if _, err := tx.Append(room, typ, data); err != nil {
			return err
		}
	}
	return nil
}
