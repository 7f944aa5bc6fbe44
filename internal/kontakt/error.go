package kontakt

import (
	"errors"
	"strings"
)

// Kind says what sort of failure an error is. Both ends share the words: they travel in wire.Problem. Append-only.
type Kind string

// The kinds. Transient kinds are worth a retry with the same idempotency key; the rest are final.
const (
	Invalid         Kind = "invalid"         // the input itself is wrong
	Unauthenticated Kind = "unauthenticated" // no session, or one that has ended
	Forbidden       Kind = "forbidden"       // known, but may not do this
	NotFound        Kind = "not_found"       // no such thing, for this actor
	Hidden          Kind = "hidden"          // exists, but this actor may not know; answers exactly like NotFound
	Conflict        Kind = "conflict"        // another got there first, or the state does not allow it
	Gone            Kind = "gone"            // was there, is used or has run out
	Closed          Kind = "closed"          // the clinic does not take citizens now
	NotAttached     Kind = "not_attached"    // the citizen belongs to another clinic
	TooMany         Kind = "too_many"        // slow down; transient
	Unavailable     Kind = "unavailable"     // a part we lean on does not answer; transient
	Internal        Kind = "internal"        // our fault; transient
	DeviceFault     Kind = "device"          // camera, microphone or loudspeaker; tablet only
)

// Transient says whether the same request may succeed later.
func (k Kind) Transient() bool { return k == TooMany || k == Unavailable || k == Internal }

// MsgKey is the key of a sentence in assets/text/*.json. A test pairs every key with Danish and English.
type MsgKey string

// Error says what kind of failure it was, where, and which sentence a person may read. Err is for the log and never
// leaves the process; it holds no personal data.
type Error struct {
	Op     string            // package.Function, for the log
	Kind   Kind              //
	Msg    MsgKey            // the sentence
	Params map[string]string // fills {name} in the sentence; shown to the user, never logged
	Err    error             // the cause, for the log
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	b.WriteString(string(e.Kind))
	if e.Msg != "" {
		b.WriteString(" (" + string(e.Msg) + ")")
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of the outermost *Error in err's chain; Internal for any other error, "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// MsgOf gives the sentence of err: its own, else the general one of its kind.
func MsgOf(err error) (MsgKey, map[string]string) {
	if e, ok := errors.AsType[*Error](err); ok && e.Msg != "" {
		return e.Msg, e.Params
	}
	switch KindOf(err) {
	case Unauthenticated:
		return MsgSessionEnded, nil
	case Unavailable:
		return MsgServerUnreachable, nil
	default:
		return MsgUnknown, nil
	}
}
