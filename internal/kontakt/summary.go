package kontakt

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// SummaryKept is how long a summary can be read after its conversation. It is no journal: what is to last is written there.
const SummaryKept = 24 * time.Hour

// Summary is one conversation as it is to be written into the care journal: what is known of it by itself, and what the
// nurse who was there adds. Nobody but she reads it.
type Summary struct {
	Conversation
	Note
	ID        SummaryID
	Version   int // counts every change; one who writes names the one that was read
	Entry     EntryID
	Citizen   Citizen
	Orders    []Ordered // of that conversation, but those that were corrected or withdrawn
	Consent   Consent   // as it was stated; zero: none was, as with a place that was taken over
	Withdrawn time.Time // when the citizen withdrew it; zero: not
	Tools     []string  // what was shared in it: ToolStill, ToolText, ToolCard, each once
	Code      string    // of the place's Record
	URL       string    // opens it at a PC; a reference and no secret
	ExpiresAt time.Time
}

// Conversation is who talked with whom, how, and from when to when. The names are those of that day. The citizen's is not
// among them.
type Conversation struct {
	Clinician      string      `json:"clinician"` // name: a record without it has been found wanting (S16)
	ClinicianTitle string      `json:"clinician_title,omitempty"`
	Clinic         string      `json:"clinic"`
	Helper         string      `json:"helper"`
	HelperTitle    string      `json:"helper_title,omitempty"`
	Municipality   string      `json:"municipality"`
	Others         []GuestKind `json:"others,omitempty"` // who else was there: in the room, and then those let in by a link, in that order
	Mode           Mode        `json:"mode"`
	From           time.Time   `json:"from"`
	To             time.Time   `json:"to"`
	EndedBy        string      `json:"ended_by"`   // "tablet", "clinic", "system"
	EndReason      string      `json:"end_reason"` // a word from a list: done, no_contact, transfer, interrupted …
}

// Ordered is an order as the journal gets it.
type Ordered struct {
	OrderText
	ConfirmedAt time.Time // zero: the doctor has not said that it is right
}

// Went is how a conversation went, in one tap.
type Went string

// How it went; "" while nobody has said so.
const (
	WentWell   Went = "good"
	WentPartly Went = "partly"
	WentBadly  Went = "bad"
)

// Note is what the nurse adds.
type Note struct {
	Agreed     string    `json:"agreed,omitempty"`      // at most MaxAgreed characters, in any number of lines
	FollowUp   string    `json:"follow_up,omitempty"`   // at most MaxFollowUp
	FollowUpAt time.Time `json:"follow_up_at,omitzero"` // zero: no time was agreed
	Went       Went      `json:"went,omitempty"`
}

// Lengths of a note, in characters.
const (
	MaxAgreed   = 2000
	MaxFollowUp = 300
)

// Trimmed is without the space around its texts; ok says whether they are short enough and hold nothing but letters, lines
// and tabs, and whether how it went is one of the words.
func (n Note) Trimmed() (trimmed Note, ok bool) {
	n.Agreed, n.FollowUp = strings.TrimSpace(n.Agreed), strings.TrimSpace(n.FollowUp)
	steers := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	switch n.Went {
	case "", WentWell, WentPartly, WentBadly:
	default:
		return Note{}, false
	}
	if utf8.RuneCountInString(n.Agreed) > MaxAgreed || utf8.RuneCountInString(n.FollowUp) > MaxFollowUp ||
		strings.ContainsFunc(n.Agreed+n.FollowUp, steers) {
		return Note{}, false
	}
	return n, true
}
