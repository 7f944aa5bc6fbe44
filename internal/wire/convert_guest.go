package wire

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// FromInvite is what the tablet sends.
func FromInvite(i kontakt.Invite) InviteRequest {
	return InviteRequest{Kind: string(i.Kind), Name: i.Name, Phone: i.Phone.E164()}
}

// ToInvite checks the kind and the number, and makes one plain line of the name.
func ToInvite(w InviteRequest) (kontakt.Invite, error) {
	i := kontakt.Invite{Kind: kontakt.GuestKind(w.Kind), Name: kontakt.PlainName(w.Name)}
	if !i.Kind.Valid() {
		return kontakt.Invite{}, invalid("ToInvite", nil)
	}
	if w.Phone == "" {
		return i, nil
	}
	var err error
	i.Phone, err = kontakt.ParsePhone(w.Phone)
	return i, err
}

// FromGuest is a guest as the others of the place see it.
func FromGuest(g kontakt.Guest) Guest {
	return Guest{
		ID: string(g.ID), Name: g.Name, Kind: string(g.Kind), State: string(g.State), By: g.By,
		InvitedAt: g.InvitedAt.UTC(), ExpiresAt: g.ExpiresAt.UTC(), AdmittedAt: moment(g.AdmittedAt),
	}
}

// ToGuest is its reverse. The place does not travel: the asker named it.
func ToGuest(w Guest) (kontakt.Guest, error) {
	id, err := kontakt.ParseGuestID(w.ID)
	if err != nil {
		return kontakt.Guest{}, err
	}
	g := kontakt.Guest{
		ID: id, Name: w.Name, Kind: kontakt.GuestKind(w.Kind), State: kontakt.GuestState(w.State), By: w.By,
		InvitedAt: w.InvitedAt, ExpiresAt: w.ExpiresAt, AdmittedAt: fromMoment(w.AdmittedAt),
	}
	if !g.Kind.Valid() || w.State == "" {
		return kontakt.Guest{}, invalid("ToGuest", nil)
	}
	return g, nil
}

// FromGuests are those of a place.
func FromGuests(all []kontakt.Guest) Guests {
	w := Guests{Guests: make([]Guest, 0, len(all))}
	for _, g := range all {
		w.Guests = append(w.Guests, FromGuest(g))
	}
	return w
}

// ToGuests is its reverse.
func ToGuests(w Guests) ([]kontakt.Guest, error) {
	all := make([]kontakt.Guest, 0, len(w.Guests))
	for _, one := range w.Guests {
		g, err := ToGuest(one)
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return all, nil
}

// FromVisit is what a guest sees.
func FromVisit(v kontakt.Visit, now time.Time) GuestView {
	w := GuestView{
		Guest: FromGuest(v.Guest), Clinic: v.Clinic, Phone: v.Phone, Mode: string(v.Mode), Call: string(v.Call),
		Participants: make([]Participant, 0, len(v.Participants)), Cursor: v.Cursor.String(), Now: now.UTC(),
	}
	for _, p := range v.Participants {
		w.Participants = append(w.Participants, Participant{ID: p.As, Name: p.Name, Title: p.Title, Kind: string(p.Kind), AdmittedAt: moment(p.AdmittedAt)})
	}
	return w
}

// ToMode accepts the two agreed modes.
func ToMode(w ModeRequest) (kontakt.Mode, error) {
	m := kontakt.Mode(w.Mode)
	if !m.Valid() {
		return "", invalid("ToMode", nil)
	}
	return m, nil
}
