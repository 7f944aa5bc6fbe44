package sms

import (
	"context"
	"encoding/json"
	"os"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// file is the demo's sender: each message is a line of JSON. It is for people who try the program, never for real
// numbers.
type file struct {
	mu   sync.Mutex
	path string
}

type line struct {
	At        time.Time `json:"at"`
	Reference string    `json:"reference"`
	payload
}

func openFile(path string) (*file, error) {
	f := &file{path: path}
	return f, f.append(nil)
}

// Send appends a line.
func (f *file) Send(_ context.Context, reference string, text []byte) error {
	p, err := parse(text)
	if err != nil {
		return err
	}
	out, err := json.Marshal(line{time.Now().UTC(), reference, p})
	if err == nil {
		err = f.append(append(out, '\n'))
	}
	if err != nil {
		return &kontakt.Error{Op: "sms.file", Kind: kontakt.Unavailable, Err: err}
	}
	return nil
}

func (f *file) append(text []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	out, err := os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	if closed := out.Close(); err == nil {
		err = closed
	}
	return err
}
