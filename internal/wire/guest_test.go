package wire_test

import (
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func TestToInvite_aKindAPlainNameAndADanishNumberOrNone(t *testing.T) {
	got, err := wire.ToInvite(wire.InviteRequest{Kind: "relative", Name: "  Mette\n\u202eMadsen ", Phone: "20 12 34 56"})
	if err != nil || got.Kind != kontakt.GuestRelative || got.Name != "Mette Madsen" || got.Phone.E164() != "+4520123456" {
		t.Errorf("invite = %+v, %v", got, err)
	}
	if again := wire.FromInvite(got); again != (wire.InviteRequest{Kind: "relative", Name: "Mette Madsen", Phone: "+4520123456"}) {
		t.Errorf("back: %+v", again)
	}
	if got, err := wire.ToInvite(wire.InviteRequest{Kind: "interpreter"}); err != nil || got.Phone != (kontakt.Phone{}) {
		t.Errorf("without a number: %+v, %v", got, err)
	}
	for bad, msg := range map[wire.InviteRequest]kontakt.MsgKey{
		{}:                                    kontakt.MsgBadRequest,
		{Kind: "doctor"}:                      kontakt.MsgBadRequest,
		{Kind: "relative", Phone: "123"}:      kontakt.MsgPhoneLength,
		{Kind: "relative", Phone: "70123456"}: kontakt.MsgPhoneNoSMS,
	} {
		_, err := wire.ToInvite(bad)
		if got, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Invalid || got != msg {
			t.Errorf("%+v: %v, want %s", bad, err, msg)
		}
	}
}

func TestGuest_thereAndBack(t *testing.T) {
	at := time.Date(2026, 11, 23, 11, 0, 0, 1, time.UTC)
	all := []kontakt.Guest{{
		ID: kontakt.NewGuestID(), Name: "Mette Madsen", Kind: kontakt.GuestRelative, State: kontakt.GuestAdmitted, By: kontakt.ParticipantTablet,
		InvitedAt: at, ExpiresAt: at.Add(time.Hour), AdmittedAt: at.Add(time.Minute),
	}}
	back, err := wire.ToGuests(wire.FromGuests(all))
	if err != nil || len(back) != 1 || back[0] != all[0] {
		t.Errorf("%+v became %+v, %v", all, back, err)
	}
	for _, bad := range []wire.Guest{{}, {ID: string(all[0].ID)}, {ID: "gst_1", Kind: "other", State: "lobby"}, {ID: string(all[0].ID), Kind: "other"}} {
		if _, err := wire.ToGuest(bad); kontakt.KindOf(err) != kontakt.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestToMode_theTwoAgreedOnes(t *testing.T) {
	for _, m := range []kontakt.Mode{kontakt.ModeConsultation, kontakt.ModeConference} {
		if got, err := wire.ToMode(wire.ModeRequest{Mode: string(m)}); err != nil || got != m {
			t.Errorf("%s: %s, %v", m, got, err)
		}
	}
	if _, err := wire.ToMode(wire.ModeRequest{Mode: "conference"}); kontakt.KindOf(err) != kontakt.Invalid {
		t.Errorf("another word: %v", err)
	}
}
