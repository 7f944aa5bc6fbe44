package history

import (
	"encoding/json"
	"io"
)

// Write keeps a history so that Read gives it back.
func Write(w io.Writer, h *History) error { return json.NewEncoder(w).Encode(h) }

// Read gives a history that Write kept.
func Read(r io.Reader) (*History, error) {
	h := &History{}
	return h, json.NewDecoder(r).Decode(h)
}
