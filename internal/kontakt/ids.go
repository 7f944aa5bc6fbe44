package kontakt

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// Identifiers made by the backend: a prefix that says what they name, then 128 random bits in lower-case base32.
// They are opaque and unguessable, carry no personal data, and may stand in URLs, logs and events.
type (
	// ClinicID names a clinic. A ydernummer may change owner, so it is never the key.
	ClinicID string
	// MunicipalityID names a municipality (kommune), which is the data controller of its tablets.
	MunicipalityID string
	// DeviceID names an enrolled tablet.
	DeviceID string
	// EmployeeID names a person who works for a municipality or a clinic; its key is (issuer, subject).
	EmployeeID string
	// CitizenID names a citizen inside this backend, in place of the CPR number.
	CitizenID string
	// EntryID names one citizen's place in one clinic's waiting room.
	EntryID string
	// CallID names one call, from Start to its end.
	CallID string
	// SigninID names one attempt to sign in.
	SigninID string
	// SessionID names a session; the secret that opens it is another string.
	SessionID string
	// MessageID names a message of a clinic to one place.
	MessageID string
	// GuestID names somebody who joins a place's call by a link.
	GuestID string
	// OrderID names what a doctor has ordered in a call.
	OrderID string
	// SummaryID names the summary of one conversation.
	SummaryID string
	// VisitID names one citizen's visit on a round.
	VisitID string
	// HandoverID names an offer to hand a tablet's places and the rest of a round over; the code that takes it is another string.
	HandoverID string
	// OutboxID names something that is to be sent out of the house; the receiver knows it by the same name.
	OutboxID string
)

// Prefixes of the identifiers.
const (
	prefixClinic       = "kli_"
	prefixMunicipality = "kom_"
	prefixDevice       = "dev_"
	prefixEmployee     = "med_"
	prefixCitizen      = "bor_"
	prefixEntry        = "plads_"
	prefixCall         = "opk_"
	prefixSignin       = "log_"
	prefixSession      = "ses_"
	prefixMessage      = "bes_"
	prefixGuest        = "gst_"
	prefixOrder        = "ord_"
	prefixSummary      = "res_"
	prefixVisit        = "bsg_"
	prefixHandover     = "ovg_"
	prefixOutbox       = "ud_"
)

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// idBody is the length of 128 bits in base32.
const idBody = 26

// NewSecret gives 128 random bits in 26 characters, for one-time codes and session secrets.
func NewSecret() string {
	var b [16]byte
	rand.Read(b[:]) // never fails, as of Go 1.24
	return idEncoding.EncodeToString(b[:])
}

// NewClinicID, and its siblings, draw a fresh identifier.
func NewClinicID() ClinicID             { return ClinicID(prefixClinic + NewSecret()) }
func NewMunicipalityID() MunicipalityID { return MunicipalityID(prefixMunicipality + NewSecret()) }
func NewDeviceID() DeviceID             { return DeviceID(prefixDevice + NewSecret()) }
func NewEmployeeID() EmployeeID         { return EmployeeID(prefixEmployee + NewSecret()) }
func NewCitizenID() CitizenID           { return CitizenID(prefixCitizen + NewSecret()) }
func NewEntryID() EntryID               { return EntryID(prefixEntry + NewSecret()) }
func NewCallID() CallID                 { return CallID(prefixCall + NewSecret()) }
func NewSigninID() SigninID             { return SigninID(prefixSignin + NewSecret()) }
func NewSessionID() SessionID           { return SessionID(prefixSession + NewSecret()) }
func NewMessageID() MessageID           { return MessageID(prefixMessage + NewSecret()) }
func NewGuestID() GuestID               { return GuestID(prefixGuest + NewSecret()) }
func NewOrderID() OrderID               { return OrderID(prefixOrder + NewSecret()) }
func NewSummaryID() SummaryID           { return SummaryID(prefixSummary + NewSecret()) }
func NewVisitID() VisitID               { return VisitID(prefixVisit + NewSecret()) }
func NewHandoverID() HandoverID         { return HandoverID(prefixHandover + NewSecret()) }
func NewOutboxID() OutboxID             { return OutboxID(prefixOutbox + NewSecret()) }

// ParseClinicID, and its siblings, accept exactly what the New… functions make; anything else is Invalid. Of a municipality
// and of a session there is none: their ids never come from outside.
func ParseClinicID(s string) (ClinicID, error) { return parseID[ClinicID](s, prefixClinic) }

func ParseDeviceID(s string) (DeviceID, error)     { return parseID[DeviceID](s, prefixDevice) }
func ParseEmployeeID(s string) (EmployeeID, error) { return parseID[EmployeeID](s, prefixEmployee) }
func ParseCitizenID(s string) (CitizenID, error)   { return parseID[CitizenID](s, prefixCitizen) }
func ParseEntryID(s string) (EntryID, error)       { return parseID[EntryID](s, prefixEntry) }
func ParseCallID(s string) (CallID, error)         { return parseID[CallID](s, prefixCall) }
func ParseSigninID(s string) (SigninID, error)     { return parseID[SigninID](s, prefixSignin) }
func ParseMessageID(s string) (MessageID, error)   { return parseID[MessageID](s, prefixMessage) }
func ParseGuestID(s string) (GuestID, error)       { return parseID[GuestID](s, prefixGuest) }
func ParseOrderID(s string) (OrderID, error)       { return parseID[OrderID](s, prefixOrder) }
func ParseSummaryID(s string) (SummaryID, error)   { return parseID[SummaryID](s, prefixSummary) }
func ParseVisitID(s string) (VisitID, error)       { return parseID[VisitID](s, prefixVisit) }
func ParseHandoverID(s string) (HandoverID, error) { return parseID[HandoverID](s, prefixHandover) }
func ParseOutboxID(s string) (OutboxID, error)     { return parseID[OutboxID](s, prefixOutbox) }

func parseID[T ~string](s, prefix string) (T, error) {
	body, ok := strings.CutPrefix(s, prefix)
	if !ok || len(body) != idBody {
		return "", &Error{Op: "kontakt.ParseID", Kind: Invalid, Msg: MsgBadID}
	}
	raw, err := idEncoding.DecodeString(body)
	if err != nil || idEncoding.EncodeToString(raw) != body {
		return "", &Error{Op: "kontakt.ParseID", Kind: Invalid, Msg: MsgBadID}
	}
	return T(s), nil
}
