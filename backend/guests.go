package backend

import (
	"strings"

	"kontaktlaege/backend/sms"
	"kontaktlaege/backend/waiting"
	"kontaktlaege/internal/kontakt"
)

// guestPage is where the link of a guest opens, below the base address; the token stands behind the #, which no server
// and no proxy gets to see.
const guestPage = "/gaest/#"

// guestCookie holds a guest's session.
const guestCookie = "__Host-gaest"

// invitations makes the text message with a guest's link. It is in Danish, whoever the guest is, and tells no more than
// who invites: no citizen's name, and nothing about anybody's health.
func invitations(text sentences) func(waiting.Letter) (string, []byte, error) {
	return func(l waiting.Letter) (string, []byte, error) {
		fill := strings.NewReplacer("{klinik}", l.Clinic, "{link}", l.Link)
		payload, err := sms.Message{To: l.To, Text: fill.Replace(text("da", kontakt.MsgGuestSMS)), Until: l.Until}.Payload()
		return sms.Kind, payload, err
	}
}
