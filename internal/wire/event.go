package wire

import (
	"encoding/json"
	"time"
)

// Event is one message of the stream; its SSE id is the reader's new cursor (kontakt.Cursor) over all its rooms.
type Event struct {
	Room string          `json:"room"`
	Seq  int64           `json:"seq"`
	Type string          `json:"type"`
	At   time.Time       `json:"at"`
	Data json.RawMessage `json:"data"`
}

// Events answers the long poll: GET /api/v1/stream?wait=25.
type Events struct {
	Events []Event `json:"events"`
	Cursor string  `json:"cursor"`
}

// HeartbeatEvent is the SSE event name of a heartbeat: data {"at":time}, no id, every HeartbeatEvery.
const (
	HeartbeatEvent = "heartbeat"
	HeartbeatEvery = 15 * time.Second
)

// EntryChanged is the Data of EventEntryChanged and EventEntryCalled.
type EntryChanged struct {
	Entry     string     `json:"entry"`
	State     string     `json:"state"`
	Version   int        `json:"version"`
	Call      string     `json:"call,omitempty"`
	RingUntil *time.Time `json:"ring_until,omitempty"`
	Reason    string     `json:"reason,omitempty"` // consent_withdrawn, where that has ended it
}

// EntryMessage is the Data of EventMessage.
type EntryMessage struct {
	Entry   string `json:"entry"`
	Message string `json:"message"`
	Read    bool   `json:"read,omitempty"`
}

// CallEnded is the Data of EventCallEnded.
type CallEnded struct {
	Call   string `json:"call"`
	Reason string `json:"reason"`
}

// SigninCompleted is the Data of EventSigninCompleted.
type SigninCompleted struct {
	Signin string `json:"signin"`
	Code   string `json:"code"`
}

// SigninFailed is the Data of EventSigninFailed.
type SigninFailed struct {
	Signin string `json:"signin"`
	Msg    string `json:"msg"`
}
