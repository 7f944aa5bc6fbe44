package waiting

import (
	"slices"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// guestMove is what may happen to a guest.
type guestMove string

const (
	guestOpens    guestMove = "opens"
	guestAdmit    guestMove = "admit"
	guestRemove   guestMove = "remove"
	guestGoes     guestMove = "goes"
	guestLate     guestMove = "late"
	guestCallOver guestMove = "call_over"
	guestOver     guestMove = "place_over"
)

type guestRule struct {
	from []kontakt.GuestState
	to   kontakt.GuestState
	by   []side
}

var (
	outside   = []kontakt.GuestState{kontakt.GuestInvited}
	inLobby   = []kontakt.GuestState{kontakt.GuestLobby}
	inCall    = []kontakt.GuestState{kontakt.GuestAdmitted}
	there     = []kontakt.GuestState{kontakt.GuestLobby, kontakt.GuestAdmitted}
	openGuest = []kontakt.GuestState{kontakt.GuestInvited, kontakt.GuestLobby, kontakt.GuestAdmitted}
)

// guestRules is the whole of what may happen to a guest of a call, besides being invited, by tablet or clinic, to a place
// that is open. A test compares this with the code:
//
//	opens:      invited -> lobby                     by guest
//	admit:      lobby -> admitted                    by clinic
//	remove:     invited, lobby, admitted -> removed  by tablet, clinic
//	goes:       lobby, admitted -> left              by guest
//	late:       invited -> expired                   by system
//	call_over:  admitted -> lobby                    by system
//	place_over: invited, lobby, admitted -> left     by system
//
// A link opens once, within the hour. Only the clinician of the running call lets in, who sees the name before. A tablet
// shows out whom a tablet invited, the clinic anybody. call_over and place_over follow from what happens to the place.
// Left, removed and expired are the end: who is to come again is invited again. Asked for twice, admit, remove and goes
// change nothing the second time.
var guestRules = map[guestMove]guestRule{
	guestOpens:    {outside, kontakt.GuestLobby, []side{guest}},
	guestAdmit:    {inLobby, kontakt.GuestAdmitted, []side{clinic}},
	guestRemove:   {openGuest, kontakt.GuestRemoved, []side{tablet, clinic}},
	guestGoes:     {there, kontakt.GuestLeft, []side{guest}},
	guestLate:     {outside, kontakt.GuestExpired, []side{system}},
	guestCallOver: {inCall, kontakt.GuestLobby, []side{system}},
	guestOver:     {openGuest, kontakt.GuestLeft, []side{system}},
}

// guestAct is what somebody does to a guest.
type guestAct struct {
	move    guestMove
	by      side
	now     time.Time
	who     kontakt.EmployeeID
	name    string // that the guest writes when it opens the link
	running bool   // the place's call is answered and has not ended
}

// moveGuest gives the guest after a move, and whether it changed anything. It touches neither clock nor database.
func moveGuest(g store.Guest, a guestAct) (store.Guest, bool, error) {
	r, known := guestRules[a.move]
	if !known || !slices.Contains(r.by, a.by) {
		return g, false, guestError(kontakt.Invalid, kontakt.MsgBadRequest)
	}
	if kind, msg := guestRefused(g, a, r); kind != "" {
		return g, false, guestError(kind, msg)
	}
	if g.State == r.to {
		return g, false, nil
	}
	g.State = r.to
	switch a.move {
	case guestOpens:
		g.OpenedAt, g.Name = a.now, a.name
	case guestAdmit:
		g.AdmittedAt, g.AdmittedBy = a.now, a.who
	case guestCallOver:
		g.AdmittedAt, g.AdmittedBy = time.Time{}, ""
	default:
		g.EndedAt = a.now
	}
	return g, true, nil
}

// guestRefused says why a move can't be; "" where it can.
func guestRefused(g store.Guest, a guestAct, r guestRule) (kontakt.Kind, kontakt.MsgKey) {
	again := g.State == r.to && slices.Contains([]guestMove{guestAdmit, guestRemove, guestGoes}, a.move)
	late := g.State != kontakt.GuestInvited || !a.now.Before(g.ExpiresAt)
	switch {
	case a.move == guestOpens && !g.OpenedAt.IsZero():
		return kontakt.Gone, kontakt.MsgGuestLinkUsed
	case a.move == guestOpens && late:
		return kontakt.Gone, kontakt.MsgGuestLinkExpired
	case a.move == guestOpens && a.name == "":
		return kontakt.Invalid, kontakt.MsgGuestName
	case a.move == guestRemove && a.by == tablet && g.By != kontakt.ParticipantTablet:
		return kontakt.Forbidden, kontakt.MsgNotAllowed
	case again:
		return "", ""
	case a.move == guestAdmit && g.State == kontakt.GuestLobby && !a.running:
		return kontakt.Conflict, kontakt.MsgGuestNoCall
	case !slices.Contains(r.from, g.State):
		return kontakt.Conflict, kontakt.MsgWrongState
	}
	return "", ""
}

func guestError(kind kontakt.Kind, msg kontakt.MsgKey) error {
	return &kontakt.Error{Op: "waiting.moveGuest", Kind: kind, Msg: msg}
}
