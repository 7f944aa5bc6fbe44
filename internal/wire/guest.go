package wire

import "time"

// InviteRequest makes a one-time link to a place's call: POST /api/v1/entries/{id}/guests and
// /api/v1/clinic/entries/{id}/guests (idempotency key).
type InviteRequest struct {
	Kind  string `json:"kind"`            // nurse, relative, interpreter, other
	Name  string `json:"name,omitempty"`  // how the others will see the guest; the guest may write it instead
	Phone string `json:"phone,omitempty"` // the link is sent there by SMS
}

// InviteReply answers it. URL is shown once and never again; the secret stands behind its #, which no server sees.
type InviteReply struct {
	Guest Guest  `json:"guest"`
	URL   string `json:"url"`
	Sent  bool   `json:"sent"` // by SMS
}

// Guest is somebody who joins a call by a link.
type Guest struct {
	ID         string     `json:"id"`
	Name       string     `json:"name,omitempty"`
	Kind       string     `json:"kind"`
	State      string     `json:"state"` // invited, lobby, admitted, left, removed, expired
	By         string     `json:"by"`    // tablet, clinic
	InvitedAt  time.Time  `json:"invited_at"`
	ExpiresAt  time.Time  `json:"expires_at"`            // of the link
	AdmittedAt *time.Time `json:"admitted_at,omitempty"` // orders who offers
}

// Guests answers GET /api/v1/entries/{id}/guests and /api/v1/clinic/entries/{id}/guests: those of the place that have not ended.
type Guests struct {
	Guests []Guest `json:"guests"` // in the order in which they were invited
}

// GuestSessionRequest opens the link: POST /api/v1/guest/sessions. It works once; the cookie that it gives stands for it from then on.
type GuestSessionRequest struct {
	Token string `json:"token"`
	Name  string `json:"name"`
}

// GuestView answers that, and GET /api/v1/guest.
type GuestView struct {
	Guest        Guest         `json:"guest"`
	Clinic       string        `json:"clinic"`         // its name
	Phone        string        `json:"phone"`          // of the clinic
	Mode         string        `json:"mode"`           // videokonsultation, videokonference
	Call         string        `json:"call,omitempty"` // the running call; only for a guest who was let in
	Participants []Participant `json:"participants"`   // the others in the call, in the order of offering; only for a guest who was let in
	Cursor       string        `json:"cursor"`         // rooms to follow: guest:…, and call:… for a guest who was let in
	Now          time.Time     `json:"now"`
}

// Participant is one of a call. The citizen and who helps are "tablet"; no citizen's name is told to a guest.
type Participant struct {
	ID    string `json:"id"` // tablet, clinic, a guest's id
	Name  string `json:"name,omitempty"`
	Title string `json:"title,omitempty"`
	Kind  string `json:"kind,omitempty"` // of a guest
	// AdmittedAt is a guest's: of two guests the one let in first offers, and each knows its own.
	AdmittedAt *time.Time `json:"admitted_at,omitempty"`
}

// ModeRequest chooses between the two agreed kinds of call: POST /api/v1/entries/{id}/mode and /api/v1/clinic/entries/{id}/mode.
type ModeRequest struct {
	Mode string `json:"mode"` // videokonsultation, videokonference
}

// GuestChanged is the Data of an EventGuestChanged.
type GuestChanged struct {
	Guest string `json:"guest"`
	Entry string `json:"entry"`
	State string `json:"state"`
}
