// Package automation tells a test where things are on the tablet's screen. Invariants: it only tells, it never acts: a
// test taps by the pointer as a person does; it listens on a Unix socket that only the same user may open, and only when
// the program was started with the flag for it; what it tells names no person.
package automation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	"net"
	"os"
	"strings"
)

// Snapshot is what the socket tells, as one line of JSON for each connection.
type Snapshot struct {
	Targets map[string]image.Rectangle `json:"targets"` // pixels in the window, by the name of the tap
	// Sentences is where each sentence stands, by its fingerprint: a test can ask for one that it knows.
	Sentences map[string]image.Rectangle `json:"sentences,omitempty"`
	Call      any                        `json:"call,omitempty"`
}

// Fingerprint stands for a sentence without saying it. A space is a space, also where no line may break.
func Fingerprint(sentence string) string {
	sum := sha256.Sum256([]byte(strings.ReplaceAll(sentence, "\u00a0", " ")))
	return hex.EncodeToString(sum[:8])
}

// Fingerprints hides the words of sentences.
func Fingerprints(sentences map[string]image.Rectangle) map[string]image.Rectangle {
	hidden := make(map[string]image.Rectangle, len(sentences))
	for s, at := range sentences {
		hidden[Fingerprint(s)] = at
	}
	return hidden
}

// Listen serves snapshots on a Unix socket at path until ctx ends.
func Listen(ctx context.Context, path string, snapshot func() Snapshot) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return err
	}
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		// The reader has gone away if this fails; it asks again.
		_ = json.NewEncoder(conn).Encode(snapshot())
		conn.Close()
	}
}
