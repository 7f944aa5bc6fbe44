package kontakt

import "time"

// GuestKind is why a third or fourth person takes part in a call.
type GuestKind string

// The kinds of guest.
const (
	GuestNurse       GuestKind = "nurse"       // a nurse elsewhere
	GuestRelative    GuestKind = "relative"    // pårørende
	GuestInterpreter GuestKind = "interpreter" // tolk
	GuestOther       GuestKind = "other"
)

// GuestState is where a guest stands.
type GuestState string

// The states of a guest: invited → lobby ⇄ admitted → left, removed or expired, which are the end. Who is in the lobby
// neither hears nor sees anything; only the clinic lets in. A call that ends puts those in it back into the lobby as long
// as the place is open.
const (
	GuestInvited  GuestState = "invited"  // the link has not been opened
	GuestLobby    GuestState = "lobby"    // stands outside
	GuestAdmitted GuestState = "admitted" // takes part in the call of the place
	GuestLeft     GuestState = "left"     // went, or the place has ended
	GuestRemoved  GuestState = "removed"  // was shown out, or the link was taken back
	GuestExpired  GuestState = "expired"  // the link was not opened in time
)

// MaxGuests is how many may be in a call besides the tablet and the clinic: each end sends to each other one.
const MaxGuests = 2

// Guest is somebody who joins a place's call by a one-time link. Its id is its name in signals (Signal.From, To).
type Guest struct {
	ID        GuestID
	Entry     EntryID
	Name      string // as the one who invited wrote it, or the guest; "" while neither has
	Kind      GuestKind
	State     GuestState
	By        string // participant who invited: ParticipantTablet or ParticipantClinic
	InvitedAt time.Time
	ExpiresAt time.Time // of the link
	// AdmittedAt orders the participants: between two guests the one let in first offers.
	AdmittedAt time.Time
}

// Valid says whether k is one of the kinds.
func (k GuestKind) Valid() bool {
	return k == GuestNurse || k == GuestRelative || k == GuestInterpreter || k == GuestOther
}

// Open says whether a guest in this state is in the call, stands outside or can still come.
func (s GuestState) Open() bool {
	return s == GuestInvited || s == GuestLobby || s == GuestAdmitted
}

// Invite asks for a link for somebody.
type Invite struct {
	Kind  GuestKind
	Name  string // "": the guest writes it
	Phone Phone  // zero: the link is shown, and sent to nobody
}

// Visit is what a guest sees of the place that it was invited to: nothing of the citizen, and of the call nothing before it
// was let in.
type Visit struct {
	Guest        Guest
	Clinic       string // its name
	Phone        string // the clinic's
	Mode         Mode
	Call         CallID        // the running one, for a guest who was let in
	Participants []Participant // the others in it, in the order of offering
	Cursor       Cursor        // of the rooms that the guest reads
}

// Participant is one of a call as the others see it.
type Participant struct {
	As         string // its name in signals: ParticipantTablet, ParticipantClinic, a guest's id
	Name       string // not of the tablet: no citizen's name is told
	Title      string
	Kind       GuestKind // of a guest
	AdmittedAt time.Time // of a guest
}
