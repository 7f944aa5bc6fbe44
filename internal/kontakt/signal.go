package kontakt

import "time"

// SignalKind says which step of a call's negotiation a Signal is; the tablet always offers.
type SignalKind string

// The kinds of signal.
const (
	SignalOffer      SignalKind = "offer"      // tablet → clinic
	SignalAnswer     SignalKind = "answer"     // clinic → tablet
	SignalCandidates SignalKind = "candidates" // either way
	SignalReady      SignalKind = "ready"      // clinic → tablet: a page stands ready (again) and wants an offer with a fresh Peer
	SignalState      SignalKind = "state"      // either way: microphone and camera
)

// Participants of a call.
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
// by the tablet: an offer with the same Peer renegotiates or restarts ICE, one with another replaces the connection.
type Signal struct {
	From, To   string
	Kind       SignalKind
	Peer       string
	SDP        string
	Candidates []Candidate
	Muted      *bool
	CameraOff  *bool
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
