// Package sms brings short messages to Danish mobile phones, as a sender of backend/outbox: through a gateway that speaks
// GatewayAPI's REST (POST /rest/mtsms), or, for a demo, into a file.
//
// Invariants: number and text leave the process in the body of one request, or in the demo's file, and stand in no
// address, log or error; the reference goes along as userref; what the gateway answers is read up to a limit and trusted
// no further than its status and that it names a message; an answer that was cut off, or that cannot be read, is no
// success and no refusal: it is tried again with the same reference; what is worth nothing any more is not sent.
//
// GatewayAPI documents userref as the customer's own reference, returned in delivery reports. It does not promise to send
// only once a userref: where a node dies between the gateway's answer and our note of it, the phone may get the message
// twice.
package sms

import (
	"context"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"

	"kontaktlaege/internal/kontakt"
)

// Kind is what the outbox calls a short message.
const Kind = "sms"

// MaxText is how long a text may be, in characters: six parts of one message.
const MaxText = 800

// Message is what is to be sent.
type Message struct {
	To    kontakt.Phone
	Text  string
	Until time.Time // after that it is worth nothing and is not sent; zero: no such time
}

// payload is the JSON of a Message in the outbox, where it is sealed.
type payload struct {
	To    string `json:"to"`
	Text  string `json:"text"`
	Until int64  `json:"until,omitempty"` // seconds since 1970
}

// Payload is the message as it is enqueued. An empty or endless text, or no number, is Invalid.
func (m Message) Payload() ([]byte, error) {
	if m.To == (kontakt.Phone{}) || m.Text == "" || !utf8.ValidString(m.Text) || utf8.RuneCountInString(m.Text) > MaxText {
		return nil, &kontakt.Error{Op: "sms.Payload", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	p := payload{To: m.To.E164(), Text: m.Text}
	if !m.Until.IsZero() {
		p.Until = m.Until.Unix()
	}
	return json.Marshal(p)
}

func parse(text []byte) (payload, error) {
	var p payload
	if err := json.Unmarshal(text, &p); err != nil {
		return payload{}, &kontakt.Error{Op: "sms.parse", Kind: kontakt.Invalid, Err: errors.New("not a payload of ours")}
	}
	to, err := kontakt.ParsePhone(p.To)
	if err != nil {
		return payload{}, err
	}
	if p.Until != 0 && time.Now().Unix() >= p.Until {
		return payload{}, &kontakt.Error{Op: "sms.parse", Kind: kontakt.Gone, Err: errors.New("too late to be worth sending")}
	}
	return payload{To: to.E164(), Text: p.Text}, nil
}

// Sender sends a payload now; it is what backend/outbox asks for.
type Sender interface {
	Send(ctx context.Context, reference string, payload []byte) error
}

// Config says how messages leave the house.
type Config struct {
	URL    string // address of the gateway, such as https://gatewayapi.eu
	Token  string // our secret there
	Sender string // whom phones show: 1 to 11 letters and digits, or up to 15 digits
	File   string // instead: append to this file
}

// ErrNone says that nothing is configured.
var ErrNone = errors.New("sms: neither a gateway nor a file is set")

// Open checks a configuration and gives its sender. Nothing is sent.
func Open(c Config) (Sender, error) {
	switch {
	case c.URL == "" && c.File == "":
		return nil, ErrNone
	case c.URL != "" && c.File != "":
		return nil, errors.New("sms: a gateway or a file, not both")
	case c.File != "":
		return openFile(c.File)
	}
	return openGateway(c)
}
