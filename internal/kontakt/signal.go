package kontakt

import "time"

// SignalKind says which step of a call's negotiation a Signal is. Of two participants the first of tablet, clinic, guests
// in the order in which they were let in, offers.
type SignalKind string

// The kinds of signal.
const (
	SignalOffer      SignalKind = "offer"      // first → second of a pair
	SignalAnswer     SignalKind = "answer"     // second → first
	SignalCandidates SignalKind = "candidates" // either way
	SignalReady      SignalKind = "ready"      // second → first: a page stands ready (again) and wants an offer with a fresh Peer
	SignalState      SignalKind = "state"      // to all: microphone, camera and what the network leaves of the picture
)

// Participants of a call; a guest's is its GuestID.
const (
	ParticipantTablet = "tablet"
	ParticipantClinic = "clinic"
)

// MaxSignals is how many signals one request may carry, and MaxCandidates how many candidates one of them: far above
// what a browser or pion makes.
const (
	MaxSignals    = 64
	MaxCandidates = 64
)

// Signal is one step of a call's negotiation (JSEP, RFC 9429). Each life of a peer connection has its own Peer id, made
// by who offers: an offer with the same Peer renegotiates or restarts ICE, one with another replaces the connection.
type Signal struct {
	From, To   string
	Kind       SignalKind
	Peer       string
	SDP        string
	Candidates []Candidate
	Muted      *bool
	CameraOff  *bool
	Rung       Rung // state: "" where it is not told
}

// Candidate is an RTCIceCandidateInit.
type Candidate struct {
	Candidate     string
	SDPMid        *string
	SDPMLineIndex *uint16
}

// Relay is how a peer reaches the other side when there is no direct way: ICE servers with credentials that expire.
type Relay struct {
	Servers   []ICEServer
	ExpiresIn time.Duration
}

// ICEServer is an RTCIceServer.
type ICEServer struct {
	URLs       []string
	Username   string
	Credential string
}
