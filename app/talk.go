package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Participant is another one in the call.
type Participant struct {
	ID     string // kontakt.ParticipantClinic or a guest's id
	Name   string // "" where nobody has told it
	Title  string // of the clinician
	Kind   kontakt.GuestKind
	Media  MediaState // of the connection with this one
	Remote RemoteState
}

// RemoteState is what another participant says of itself, and what is heard and seen of it.
type RemoteState struct {
	Muted, CameraOff bool
	Rung             kontakt.Rung // of what comes from there; "" while that is not known
	Frozen           bool         // its picture should move and does not
	Level            float64      // of its sound, 0–1
}

// Guest is somebody who was invited to the call by a link and has not gone yet.
type Guest struct {
	ID    kontakt.GuestID
	Name  string // "" while nobody has told it
	Kind  kontakt.GuestKind
	State kontakt.GuestState // invited, lobby or admitted
	Ours  bool               // was invited from this tablet, which may show it out
	Going bool               // its removal is on its way

	admittedAt time.Time
}

// GuestNews is what has just happened with a guest: State is lobby (and stays while somebody stands there), admitted,
// left or removed. The zero GuestNews is none.
type GuestNews struct {
	Guest kontakt.GuestID
	Name  string // "" while nobody has told it
	Kind  kontakt.GuestKind
	State kontakt.GuestState
}

// None says whether there is nothing to announce.
func (n GuestNews) None() bool { return n.State == "" }

// Invite is the sheet "Inviter": first it asks who, then it shows the link.
type Invite struct {
	Kind        kontakt.GuestKind // what was asked for last; "" before
	Name, Phone string
	Busy        bool
	Problem     Sentence
	Full        bool   // kontakt.MaxGuests are invited or inside: one of them has to go first
	Link        string // "" until it is made; shown as a QR code, once
	Sent        bool   // the link went to Phone by SMS too

	guest  kontakt.GuestID // whose link it is
	listed bool            // is among the guests
	key    string          // of the request, so that the same one again makes the same guest
}

// Typing is the real-time text of a call (RFC 4103's behaviour). It is kept nowhere and forgotten when the call ends.
type Typing struct {
	Open   bool
	Unread bool       // something was written while it was not open
	Mine   string     // the own line, as far as it is written
	Theirs []TextLine // the lines that others are writing, in the order in which they began
	Said   []TextLine // finished lines, oldest first, the own ones among them
}

// TextLine is one line of real-time text.
type TextLine struct {
	From string // a participant; kontakt.ParticipantTablet: written here
	Name string // of who wrote it
	Text string
}

// Mine says whether the line was written here.
func (l TextLine) Mine() bool { return l.From == kontakt.ParticipantTablet }

// Still is a still picture: asked for, being taken, on its way, or there. Its bytes go from the camera and the call to
// the screen's album, never through app; ID is its name there.
type Still struct {
	ID            string    // "" while it is only asked for, aimed at or being taken
	From          string    // whose it is: kontakt.ParticipantTablet or another participant; "" while only asked for
	Asked         bool      // the clinic asks for one, and has neither got it nor heard that there is none now
	Aiming        bool      // the nurse wants to take one: she is told what belongs in it, and sees what the camera sees
	Taking        bool      // the camera takes it
	Progress      float64   // 0–1 of its way; 1: whole where it goes
	Width, Height int       // in pixels of the picture; 0 while not known
	Pointers      []Pointer // of all who point, each one's place once; the one that moved last is last
	Problem       Sentence  // why there is none
}

// Pointer is the one to show: that which moved last; nil: nobody points. Those before it come up again when it is gone.
func (s Still) Pointer() *Pointer {
	if len(s.Pointers) == 0 {
		return nil
	}
	return &s.Pointers[len(s.Pointers)-1]
}

// Pointer is where somebody points at a still picture, from its upper left corner, 0–1.
type Pointer struct {
	From string // participant
	X, Y float64
}
