package call

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"

	"kontaktlaege/internal/kontakt"
)

// Still is a still picture to be sent.
type Still struct {
	ID            string // 32 hex digits
	Type          string // "image/jpeg"
	Width, Height int
	Data          []byte // not to be written to any more
}

// StillKind says what became of a still picture.
type StillKind int

// The kinds of StillEvent.
const (
	StillAsked     StillKind = iota // From wants one
	StillComing                     // From sends one: Progress
	StillCame                       // it is whole: Data
	StillGoing                      // our own is on its way to From: Progress
	StillDelivered                  // From has it
	StillDropped                    // From forgot it, or it came to nothing
	StillDeclined                   // From was asked for one: not now
)

// StillEvent says what became of a still picture.
type StillEvent struct {
	Kind          StillKind
	From          string // the other participant
	ID            string
	Type          string
	Width, Height int
	Progress      float64 // 0–1
	Data          []byte  // when it came whole; the receiver's to keep
}

const (
	stillType    = "image/jpeg"
	maxStill     = 20 << 20
	maxStillSide = 1 << 15
	maxControl   = 1024     // bytes of a message that is not a piece
	maxPiece     = 16 << 10 // of a picture
	idSize       = 16
	pieceHeader  = idSize + 4
)

// The kinds of stillMessage.
const (
	stillAsk     = "ask"
	stillDecline = "decline"
	stillOffer   = "offer"
	stillFrom    = "from"
	stillHave    = "have"
	stillBad     = "bad"
	stillDrop    = "drop"
)

// stillMessage is what is said about still pictures.
type stillMessage struct {
	Kind   string `json:"kind"`
	ID     string `json:"id,omitempty"`
	Type   string `json:"type,omitempty"`
	Size   int    `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
	Offset int    `json:"offset,omitempty"`
}

// parseStillMessage reads one; false: it is none that may be said.
func parseStillMessage(data []byte) (stillMessage, bool) {
	var m stillMessage
	if len(data) > maxControl || json.Unmarshal(data, &m) != nil {
		return stillMessage{}, false
	}
	if m.Kind == stillAsk || m.Kind == stillDecline {
		return m, true
	}
	if m.Kind != stillFrom {
		m.Offset = 0
	}
	_, ok := parseStillID(m.ID)
	switch m.Kind {
	case stillOffer, stillHave, stillBad, stillDrop:
		return m, ok
	case stillFrom:
		return m, ok && m.Offset >= 0 && m.Offset <= maxStill
	}
	return stillMessage{}, false
}

// acceptable says whether what is offered may be taken.
func (m stillMessage) acceptable() bool {
	sum, err := hex.DecodeString(m.SHA256)
	return err == nil && len(sum) == sha256.Size && m.Type == stillType && m.Size > 0 && m.Size <= maxStill &&
		m.Width > 0 && m.Width <= maxStillSide && m.Height > 0 && m.Height <= maxStillSide
}

func (m stillMessage) text() string {
	var v any = m
	if m.Kind == stillFrom { // says its offset also where that is 0
		v = struct {
			Kind   string `json:"kind"`
			ID     string `json:"id"`
			Offset int    `json:"offset"`
		}{m.Kind, m.ID, m.Offset}
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers
	}
	return string(text)
}

// parseStillID takes 32 hex digits in lower case, in which one picture has one name.
func parseStillID(s string) (id [idSize]byte, ok bool) {
	if len(s) != 2*idSize {
		return id, false
	}
	_, err := hex.Decode(id[:], []byte(s))
	return id, err == nil && hex.EncodeToString(id[:]) == s
}

// parsePiece reads a piece of a picture.
func parsePiece(data []byte) (id string, offset int, piece []byte, ok bool) {
	if len(data) <= pieceHeader || len(data) > pieceHeader+maxPiece {
		return "", 0, nil, false
	}
	return hex.EncodeToString(data[:idSize]), int(binary.BigEndian.Uint32(data[idSize:])), data[pieceHeader:], true
}

// appendPiece writes one.
func appendPiece(to []byte, id [idSize]byte, offset int, piece []byte) []byte {
	to = binary.BigEndian.AppendUint32(append(to, id[:]...), uint32(offset))
	return append(to, piece...)
}

// check says whether a picture may be sent.
func (s Still) check() error {
	_, ok := parseStillID(s.ID)
	if !ok || !s.offer().acceptable() {
		return &kontakt.Error{Op: "call.SendStill", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return nil
}

// offer is made once: it reads the whole picture.
func (s Still) offer() stillMessage {
	sum := sha256.Sum256(s.Data)
	return stillMessage{
		Kind: stillOffer, ID: s.ID, Type: s.Type, Size: len(s.Data), SHA256: hex.EncodeToString(sum[:]), Width: s.Width, Height: s.Height,
	}
}
