// Package still sends still pictures to one other participant and takes those that it sends, over a data channel in order
// (docs/protocol.md), with a pointer on them on a channel that loses.
//
// Invariants: a picture is whole, with the SHA-256 that it was offered with, or it is none. It goes on where it stood when
// the connection is another one. Of what the other side sends only so much is kept as the protocol allows, and no room is
// made for what is only claimed. What is sent never fills the path: sound does not wait behind a picture. The time is handed
// in; one goroutine uses an Exchange.
package still

import (
	"crypto/sha256"
	"encoding/hex"

	"kontaktlaege/internal/kontakt"
)

// Picture is a still picture to be sent.
type Picture struct {
	ID            string // 32 hex digits
	Type          string // "image/jpeg"
	Width, Height int
	Data          []byte // not to be written to any more
}

// Offer is a picture that may be sent, with its hash.
type Offer struct {
	message message
	id      [idSize]byte
	data    []byte
}

// NewOffer says whether a picture may be sent. It reads the whole of it.
func NewOffer(p Picture) (Offer, error) {
	sum := sha256.Sum256(p.Data)
	m := message{
		Kind: sayOffer, ID: p.ID, Type: p.Type, Size: len(p.Data), SHA256: hex.EncodeToString(sum[:]), Width: p.Width, Height: p.Height,
	}
	id, ok := parseID(p.ID)
	if !ok || !m.acceptable() {
		return Offer{}, &kontakt.Error{Op: "still.NewOffer", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return Offer{message: m, id: id, data: p.Data}, nil
}

// Kind says what became of a still picture.
type Kind int

// The kinds of Event.
const (
	Asked     Kind = iota // From wants one
	Coming                // From sends one: Progress
	Came                  // it is whole: Data
	Going                 // our own is on its way to From: Progress
	Delivered             // From has it
	Dropped               // From forgot it, or it came to nothing
)

// Event says what became of a still picture.
type Event struct {
	Kind          Kind
	From          string // the other participant
	ID            string
	Type          string
	Width, Height int
	Progress      float64 // 0–1
	Data          []byte  // when it came whole; the receiver's to keep
}
