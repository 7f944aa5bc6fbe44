package wire

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// EnrolRequest makes a tablet known: POST /api/v1/devices.
type EnrolRequest struct {
	Code      string `json:"code"`       // "ABCD-EFGH", case and hyphen do not matter
	PublicKey []byte `json:"public_key"` // Ed25519, 32 bytes, base64
	App       string `json:"app"`        // version of the app
}

// EnrolReply answers it.
type EnrolReply struct {
	Device Device `json:"device"`
}

// Device is a tablet as it may know itself.
type Device struct {
	ID           string `json:"id"`
	Name         string `json:"name"`         // "Tablet 7"
	Place        string `json:"place"`        // "Aftenlandet"
	Municipality string `json:"municipality"` // "Eksempel Kommune"
}

// ChallengeRequest asks for 32 random bytes to sign: POST /api/v1/device-challenges.
type ChallengeRequest struct {
	Device string `json:"device"`
}

// ChallengeReply answers it; good once and for a minute.
type ChallengeReply struct {
	Challenge []byte `json:"challenge"`
}

// Proof shows that the sender holds the device's key: an Ed25519 signature over ProofText.
type Proof struct {
	Device    string `json:"device"`
	Challenge []byte `json:"challenge"`
	Signature []byte `json:"signature"`
}

// ProofText is what a device signs: kontakt.ProofText.
func ProofText(purpose string, challenge []byte) []byte { return kontakt.ProofText(purpose, challenge) }

// Purposes of a proof.
const (
	PurposeDeviceSession = kontakt.PurposeDeviceSession
	PurposeSession       = kontakt.PurposeSession
)

// DeviceSessionRequest opens the tablet's own session: POST /api/v1/device-sessions.
type DeviceSessionRequest struct {
	Proof Proof `json:"proof"` // purpose device-session
}

// DeviceSessionReply answers it. The token is a bearer for what a tablet may do with nobody signed in.
type DeviceSessionReply struct {
	Token      string    `json:"token"`
	ExpiresIn  int       `json:"expires_in"` // seconds
	Device     Device    `json:"device"`
	ServerTime time.Time `json:"server_time"`
	Cursor     string    `json:"cursor"` // of the device's room, where the stream starts
}

// SigninReply answers POST /api/v1/signins (device token, empty body): a one-time address for the system browser.
type SigninReply struct {
	Signin    string `json:"signin"`
	URL       string `json:"url"`
	ExpiresIn int    `json:"expires_in"`
}

// SessionRequest exchanges the code of a completed sign-in for a session: POST /api/v1/sessions (device token).
type SessionRequest struct {
	Signin string `json:"signin"`
	Code   string `json:"code"`
	Proof  Proof  `json:"proof"` // purpose session
}

// SessionReply answers it.
type SessionReply struct {
	Token     string   `json:"token"`
	ExpiresIn int      `json:"expires_in"`
	Employee  Employee `json:"employee"`
}

// Employee is a signed-in person.
type Employee struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"`
}

// LookupRequest finds a citizen: POST /api/v1/citizens/lookup (session).
type LookupRequest struct {
	CPR string `json:"cpr"`
	// Clinic is the own clinic as the citizen says, after the registry could not be asked (cit.registry_down).
	Clinic string `json:"clinic,omitempty"`
}

// Citizen answers it.
type Citizen struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Born     string   `json:"born"` // "2000-02-29"
	Age      int      `json:"age"`
	Masked   string   `json:"masked"` // "290200-••••"
	Warnings []string `json:"warnings,omitempty"`
	Clinic   *Clinic  `json:"clinic,omitempty"` // own clinic; absent: attached to none that we serve
	Cover    *Clinic  `json:"cover,omitempty"`  // the clinic that takes the own clinic's patients in today
	// Unchecked: the registry could not be asked; name may be empty, clinic is what the employee said.
	Unchecked bool `json:"unchecked,omitempty"`
}

// Clinics answers GET /api/v1/clinics: those that a nurse may choose from when the registry can't be asked.
type Clinics struct {
	Clinics []Clinic `json:"clinics"`
}

// Clinic is a clinic as a tablet may know it.
type Clinic struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Town       string     `json:"town"`
	Ydernummer string     `json:"ydernummer"`
	Phone      string     `json:"phone"`
	Open       bool       `json:"open"`
	Closed     string     `json:"closed,omitempty"`   // the clinic's reason in its own words
	OpensAt    *time.Time `json:"opens_at,omitempty"` // when it is known
	ClosesAt   *time.Time `json:"closes_at,omitempty"`
	DelayMin   int        `json:"delay_min,omitempty"` // minutes that the clinic says it is late
	DelayAt    *time.Time `json:"delay_at,omitempty"`  // when it said so
	Unstaffed  bool       `json:"unstaffed,omitempty"` // open, and nobody has been there for ten minutes
}

// JoinRequest draws a number: POST /api/v1/entries (session, idempotency key).
type JoinRequest struct {
	Citizen string `json:"citizen"`
	Clinic  string `json:"clinic"`
	Mode    string `json:"mode"` // kontakt.Mode
	kontakt.Told
	Consent *Consent `json:"consent,omitempty"` // absent: of a take-over
	// TakeOver: hold the place that the citizen has there already from this tablet too; says why, at most 120 characters.
	TakeOver string `json:"take_over,omitempty"`
	Corrects string `json:"corrects,omitempty"` // this tablet's entry that was drawn for the wrong citizen
}

// Consent is how the citizen has agreed, as the nurse states it.
type Consent struct {
	Kind   string `json:"kind"`             // oral, tacit, guardian, cannot
	Reason string `json:"reason,omitempty"` // of cannot: at most 120 characters
}

// Entry is a place in the waiting room as its own tablet sees it.
type Entry struct {
	ID        string     `json:"id"`
	Version   int        `json:"version"`
	State     string     `json:"state"`
	Presence  string     `json:"presence"`
	Mode      string     `json:"mode"`
	Number    int        `json:"number"`           // the number drawn
	Before    int        `json:"before"`           // people who stand before this one
	Wait      *Wait      `json:"wait,omitempty"`   // absent: not known yet
	JoinedAt  time.Time  `json:"joined_at"`        //
	Notice    string     `json:"notice,omitempty"` // message key of what last happened to the place, such as q.no_answer
	Clinic    Clinic     `json:"clinic"`
	Citizen   *Citizen   `json:"citizen,omitempty"` // only with an employee's session
	Helper    *Helper    `json:"helper,omitempty"`  // who put the citizen into the queue; only with an employee's session
	Call      *EntryCall `json:"call,omitempty"`    // while called, in call or interrupted
	Cursor    string     `json:"cursor"`            // of the entry's and its clinic's line rooms, and the call's if any, as of this answer
	EndedBy   string     `json:"ended_by,omitempty"`
	StartedAt *time.Time `json:"started_at,omitempty"` // of the conversation
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	EndReason string     `json:"end_reason,omitempty"` // left, not_relevant, removed, closed, done …
	EndWords  string     `json:"end_words,omitempty"`  // the clinic's words on a removal
	// EmergencyAt is when 112 was called and the clinic told so.
	EmergencyAt *time.Time `json:"emergency_at,omitempty"`
	Holders     int        `json:"holders"`              // tablets that hold the place
	PlannedAt   *time.Time `json:"planned_at,omitempty"` // booked time
	HandedTo    *Employee  `json:"handed_to,omitempty"`  // the clinician who is to go on
	Messages    []Message  `json:"messages,omitempty"`   // of the clinic, oldest first
}

// Message is what a clinic wrote to a place.
type Message struct {
	ID     string     `json:"id"`
	Text   string     `json:"text"`
	Sender Employee   `json:"sender"`
	All    bool       `json:"all,omitempty"` // went to everybody who waited
	At     time.Time  `json:"at"`
	ReadAt *time.Time `json:"read_at,omitempty"`
}

// ReadRequest marks messages as read: POST /api/v1/entries/{id}/read.
type ReadRequest struct {
	Messages []string `json:"messages"` // ids, at most 64
}

// Wait is an honest range.
type Wait struct {
	FromMin int `json:"from_min"`
	ToMin   int `json:"to_min"`
}

// EntryCall is the call of an entry.
type EntryCall struct {
	ID        string     `json:"id"`
	Clinician Employee   `json:"clinician"`
	RingUntil *time.Time `json:"ring_until,omitempty"` // while called
	RingFor   int        `json:"ring_for,omitempty"`   // seconds left of it by the backend's clock
}

// Entries answers GET /api/v1/device/entries: the open entries of this tablet.
type Entries struct {
	Entries []Entry `json:"entries"`
}

// LeaveRequest gives the place up: POST /api/v1/entries/{id}/leave.
type LeaveRequest struct {
	Reason string `json:"reason"` // "left" or "not_relevant"
}

// PresenceRequest: POST /api/v1/entries/{id}/presence.
type PresenceRequest struct {
	Presence string `json:"presence"` // here or away
}

// MediaRequest tells how the media of a call fare, from either end: POST /api/v1/calls/{id}/media.
type MediaRequest struct {
	Media string `json:"media"` // "live" or "lost"
}

// EndRequest ends a call from the tablet: POST /api/v1/entries/{id}/end. The clinic's is ClinicEndRequest.
type EndRequest struct {
	Reason string `json:"reason"` // done, no_contact, phone, rebook, wrong_patient
}

// WrongRequest says why a patient was taken for another: POST /api/v1/entries/{id}/wrong-patient and the clinic's
// /api/v1/clinic/entries/{id}/wrong-patient.
type WrongRequest struct {
	Why string `json:"why"` // number, person, journal, other
}

// Relay answers GET /api/v1/relay: ICE servers with credentials that expire.
type Relay struct {
	Servers   []ICEServer `json:"servers"`
	ExpiresIn int         `json:"expires_in"`
}

// ICEServer is an RTCIceServer.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// SignalsRequest adds to a call's log: POST /api/v1/calls/{id}/signals (idempotency key).
type SignalsRequest struct {
	Signals []Signal `json:"signals"` // at most 64
}

// SignalsReply answers it.
type SignalsReply struct {
	Seq int64 `json:"seq"` // of the last one in the call's room
}

// Signal is one step of a call's negotiation, and the Data of an EventSignal.
//
// Each life of a peer connection has an id of its own (Peer), made by who offers with each fresh connection: an offer
// with the same Peer renegotiates or restarts ICE; one with another Peer replaces the connection on both sides.
type Signal struct {
	From       string      `json:"from,omitempty"` // participant: "tablet", "clinic" or a guest's id; the backend sets it
	To         string      `json:"to,omitempty"`   // empty: everyone else
	Kind       string      `json:"kind"`           // offer, answer, candidates, ready, state
	Peer       string      `json:"peer,omitempty"`
	SDP        string      `json:"sdp,omitempty"`        // offer and answer
	Candidates []Candidate `json:"candidates,omitempty"` // candidates, coalesced over 100 ms
	Muted      *bool       `json:"muted,omitempty"`      // state: what the sender does with its microphone
	CameraOff  *bool       `json:"camera_off,omitempty"` // state
	Rung       string      `json:"rung,omitempty"`       // state: full, lower, still, sound, text, phone
}

// Kinds of signal, as kontakt.SignalKind says who sends them.
const (
	SignalOffer      = string(kontakt.SignalOffer)
	SignalAnswer     = string(kontakt.SignalAnswer)
	SignalCandidates = string(kontakt.SignalCandidates)
	SignalReady      = string(kontakt.SignalReady)
	SignalState      = string(kontakt.SignalState)
)

// Candidate is an RTCIceCandidateInit.
type Candidate struct {
	Candidate     string  `json:"candidate"`
	SDPMid        *string `json:"sdp_mid"`
	SDPMLineIndex *uint16 `json:"sdp_mline_index"`
}
