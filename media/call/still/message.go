package still

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
)

const (
	jpeg        = "image/jpeg"
	maxSize     = 20 << 20 // bytes
	maxSide     = 1 << 15  // pixels
	maxControl  = 1024     // bytes of a message that is not a piece
	maxPiece    = 16 << 10 // of a picture
	idSize      = 16
	pieceHeader = idSize + 4
)

// What is said.
const (
	sayAsk     = "ask"
	sayDecline = "decline"
	sayOffer   = "offer"
	sayFrom    = "from"
	sayHave    = "have"
	sayBad     = "bad"
	sayDrop    = "drop"
)

// message is what is said about still pictures.
type message struct {
	Kind   string `json:"kind"`
	ID     string `json:"id,omitempty"`
	Type   string `json:"type,omitempty"`
	Size   int    `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
	Offset int    `json:"offset,omitempty"`
}

// parseMessage reads one; false: it is none that may be said.
func parseMessage(data []byte) (message, bool) {
	var m message
	if len(data) > maxControl || json.Unmarshal(data, &m) != nil {
		return message{}, false
	}
	if m.Kind == sayAsk || m.Kind == sayDecline {
		return m, true
	}
	if m.Kind != sayFrom {
		m.Offset = 0
	}
	_, ok := parseID(m.ID)
	switch m.Kind {
	case sayOffer, sayHave, sayBad, sayDrop:
		return m, ok
	case sayFrom:
		return m, ok && m.Offset >= 0 && m.Offset <= maxSize
	}
	return message{}, false
}

// acceptable says whether what is offered may be taken.
func (m message) acceptable() bool {
	sum, err := hex.DecodeString(m.SHA256)
	return err == nil && len(sum) == sha256.Size && m.Type == jpeg && m.Size > 0 && m.Size <= maxSize &&
		m.Width > 0 && m.Width <= maxSide && m.Height > 0 && m.Height <= maxSide
}

func (m message) text() string {
	var v any = m
	if m.Kind == sayFrom { // says its offset also where that is 0
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

// parseID takes 32 hex digits in lower case, in which one picture has one name.
func parseID(s string) (id [idSize]byte, ok bool) {
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
