package app

import (
	"fmt"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

const (
	metteID = kontakt.GuestID("gst_a")
	aminaID = kontakt.GuestID("gst_b")
	stillID = "0123456789abcdef0123456789abcdef"
)

// mette is a relative whom the nurse has invited.
func mette(state kontakt.GuestState) kontakt.Guest {
	g := kontakt.Guest{ID: metteID, Entry: placeID, Name: "Mette Madsen", Kind: kontakt.GuestRelative, State: state, By: kontakt.ParticipantTablet}
	if state == kontakt.GuestAdmitted {
		g.AdmittedAt = t0.Add(2 * time.Minute)
	}
	return g
}

// amina is an interpreter whom the clinic has invited, and let in before anybody else.
func amina(state kontakt.GuestState) kontakt.Guest {
	return kontakt.Guest{
		ID: aminaID, Entry: placeID, Name: "Amina Yusuf", Kind: kontakt.GuestInterpreter, State: state, By: kontakt.ParticipantClinic,
		AdmittedAt: t0.Add(time.Minute),
	}
}

func with(c InCall, guests ...kontakt.Guest) InCall {
	c, _ = c.guestsFetched(guests)
	return c
}

// talkSituations are the states of a call that its own events are tried in.
func talkSituations(c InCall) map[string]State {
	lobby, admitted := with(c, mette(kontakt.GuestLobby)), with(c, mette(kontakt.GuestAdmitted))
	full := with(c, mette(kontakt.GuestInvited), amina(kontakt.GuestAdmitted))
	news := with(c)
	news, _ = news.guestsFetched([]kontakt.Guest{mette(kontakt.GuestAdmitted)})
	sheet, asking, link, failedSheet := c, c, with(c, mette(kontakt.GuestInvited)), c
	sheet.Inviting = &Invite{}
	asking.Inviting = &Invite{Kind: kontakt.GuestRelative, Name: "Mette Madsen", Busy: true, key: "key-5"}
	link.Inviting = &Invite{Kind: kontakt.GuestRelative, Link: "https://k.example/gaest/#x", guest: metteID, listed: true, key: "key-5"}
	failedSheet.Inviting = &Invite{Kind: kontakt.GuestRelative, Name: "Mette Madsen", Problem: failed.Say, key: "key-5"}
	typing := c
	typing.Typing = Typing{Open: true, Mine: "ja"}.hear(kontakt.ParticipantClinic, holm.Name, "Hvor gør")
	closed := c
	closed.Typing = typing.Typing
	closed.Typing.Open = false
	asked, takingIt, going, whole, coming, none := c, c, c, c, c, c
	asked.Still = &Still{Asked: true}
	takingIt.Still = &Still{From: kontakt.ParticipantTablet, Taking: true}
	going.Still = &Still{ID: stillID, From: kontakt.ParticipantTablet, Progress: 0.25, Width: 1280, Height: 720}
	whole.Still = &Still{
		ID: stillID, From: kontakt.ParticipantTablet, Progress: 1, Width: 1280, Height: 720,
		Pointers: []Pointer{{From: kontakt.ParticipantClinic, X: 0.5, Y: 0.5}},
	}
	coming.Still = &Still{ID: stillID, From: kontakt.ParticipantClinic, Progress: 0.25}
	none.Still = &Still{From: kontakt.ParticipantTablet, Problem: Sentence{Key: kontakt.MsgNoCamera}}
	lower, _ := c.climb(kontakt.RungLower)
	sound, _ := lower.climb(kontakt.RungSound)
	phone, _ := sound.climb(kontakt.RungPhone)
	lost := c
	lost.Media = MediaLost
	lost, _ = lost.away(MediaLost)
	able, choosing, complaining := c, c, c
	able.Controls.Zooms, able.Controls.Torches = true, true
	choosing.Mode = kontakt.ModeConference
	complaining, _ = complaining.complain(failed.Say)
	offline := on(c)
	offline.Net = Net{Offline: true, Since: t0}
	unsigned := c
	unsigned.Place = *heldBy(&c.Place)
	return map[string]State{
		"InCall(lobby)": on(lobby), "InCall(guest)": on(admitted), "InCall(full)": on(full), "InCall(news)": on(news),
		"InCall(inviting)": on(sheet), "InCall(asking)": on(asking), "InCall(link)": on(link), "InCall(invite failed)": on(failedSheet),
		"InCall(typing)": on(typing), "InCall(text closed)": on(closed),
		"InCall(still asked)": on(asked), "InCall(still taking)": on(takingIt), "InCall(still going)": on(going),
		"InCall(still)": on(whole), "InCall(still coming)": on(coming), "InCall(no still)": on(none),
		"InCall(lower)": on(lower), "InCall(sound only)": on(sound), "InCall(phone)": on(phone),
		"InCall(lost)": on(lost), "InCall(able)": on(able), "InCall(choosing)": on(choosing), "InCall(complaining)": on(complaining),
		"InCall(offline)":    offline,
		"InCall(signed out)": signedOut(on(unsigned)),
	}
}

// talkHappenings are the events of a call besides its media: at least one of each type.
func talkHappenings() map[string]Event {
	still := func(stage StillStage, from string) StillChanged {
		return StillChanged{Call: callID, Change: StillChange{Stage: stage, ID: stillID, From: from, Progress: 0.5, Width: 1280, Height: 720}}
	}
	rung := func(r kontakt.Rung) CallReported {
		return CallReported{Call: callID, Status: CallStatus{Media: MediaLive, Rung: r, Others: []OtherStatus{
			{ID: kontakt.ParticipantClinic, Media: MediaLive, Remote: RemoteState{Rung: kontakt.RungSound}},
			{ID: string(metteID), Media: MediaLost},
		}}}
	}
	clinicsOwn, tablets := kontakt.ParticipantClinic, kontakt.ParticipantTablet
	return map[string]Event{
		"Invited":                  Invited{Place: placeID, Key: "key-5", Guest: mette(kontakt.GuestInvited), Link: "https://k.example/gaest/#x", Sent: true},
		"Invited(another)":         Invited{Place: placeID, Key: "key-4", Guest: mette(kontakt.GuestInvited), Link: "https://k.example/gaest/#y"},
		"Invited(failed)":          Invited{Place: placeID, Key: "key-5", Failure: failed},
		"Invited(full)":            Invited{Place: placeID, Key: "key-5", Failure: Failure{Kind: kontakt.Conflict, Say: Sentence{Key: kontakt.MsgGuestFull}}},
		"GuestsFetched(none)":      GuestsFetched{Place: placeID},
		"GuestsFetched(lobby)":     GuestsFetched{Place: placeID, Guests: []kontakt.Guest{mette(kontakt.GuestLobby)}},
		"GuestsFetched(two)":       GuestsFetched{Place: placeID, Guests: []kontakt.Guest{mette(kontakt.GuestAdmitted), amina(kontakt.GuestAdmitted)}},
		"GuestsFetched(failed)":    GuestsFetched{Place: placeID, Failure: failed},
		"GuestsFetched(another)":   GuestsFetched{Place: "plads_b", Guests: []kontakt.Guest{mette(kontakt.GuestLobby)}},
		"GuestRemoved":             GuestRemoved{Place: placeID, Guest: metteID},
		"GuestRemoved(failed)":     GuestRemoved{Place: placeID, Guest: metteID, Failure: failed},
		"ModeSet":                  ModeSet{Place: placeID, Mode: kontakt.ModeConference},
		"ModeSet(failed)":          ModeSet{Place: placeID, Mode: kontakt.ModeConference, Failure: failed},
		"GuestChanged(lobby)":      GuestChanged{Place: placeID, Guest: metteID, State: kontakt.GuestLobby},
		"GuestChanged(removed)":    GuestChanged{Place: placeID, Guest: metteID, State: kontakt.GuestRemoved},
		"GuestChanged(another)":    GuestChanged{Place: "plads_b", Guest: metteID, State: kontakt.GuestLeft},
		"TextCame":                 TextCame{Call: callID, From: clinicsOwn, Text: " det ondt?\u2028"},
		"TextCame(stranger)":       TextCame{Call: callID, From: "gst_x", Text: "hej"},
		"TextCame(another)":        TextCame{Call: "opk_b", From: clinicsOwn, Text: "hej"},
		"StillChanged(asked)":      still(StillAsked, clinicsOwn),
		"StillChanged(a guest's)":  still(StillAsked, string(metteID)),
		"StillChanged(taken)":      still(StillTaken, tablets),
		"StillChanged(failed)":     StillChanged{Call: callID, Change: StillChange{Stage: StillFailed, Problem: Sentence{Key: kontakt.MsgNoCamera}}},
		"StillChanged(going)":      still(StillGoing, tablets),
		"StillChanged(coming)":     still(StillComing, clinicsOwn),
		"StillChanged(came)":       still(StillCame, clinicsOwn),
		"StillChanged(stranger's)": still(StillCame, "gst_x"),
		"StillChanged(delivered)":  still(StillDelivered, tablets),
		"StillChanged(dropped)":    still(StillDropped, clinicsOwn),
		"StillChanged(put away)":   still(StillDropped, string(metteID)),
		"StillChanged(another)":    StillChanged{Call: "opk_b", Change: StillChange{Stage: StillAsked, From: clinicsOwn}},
		"PointerMoved":             PointerMoved{Call: callID, ID: stillID, From: clinicsOwn, X: 0.1, Y: 7, On: true},
		"PointerMoved(off)":        PointerMoved{Call: callID, ID: stillID, From: clinicsOwn},
		"PointerMoved(another)":    PointerMoved{Call: callID, ID: "f", From: clinicsOwn, On: true},
		"NetSaid":                  NetSaid{Call: callID, Said: 1},
		"NetSaid(another)":         NetSaid{Call: "opk_b", Said: 1},
		"NetCalm":                  NetCalm{Call: callID},
		"NetCalm(another)":         NetCalm{Call: "opk_b"},
		"StillAway":                StillAway{Call: callID, Absent: 1},
		"StillAway(another)":       StillAway{Call: "opk_b", Absent: 1},
		"NewsRead":                 NewsRead{Call: callID, Told: 1},
		"NewsRead(older)":          NewsRead{Call: callID},
		"CallReported(full)":       rung(kontakt.RungFull),
		"CallReported(lower)":      rung(kontakt.RungLower),
		"CallReported(text)":       rung(kontakt.RungText),
		"CallReported(phone)":      rung(kontakt.RungPhone),
		"CallReported(able)":       CallReported{Call: callID, Status: CallStatus{Media: MediaLive, Zooms: true, Torches: true, Silent: true}},
		"SignalCame(another's)":    SignalCame{Call: callID, Signal: kontakt.Signal{From: clinicsOwn, To: string(metteID), Kind: kontakt.SignalOffer}},

		"TapZoom":                  TapZoom{2.5},
		"TapZoom(too far)":         TapZoom{99},
		"TapTorch":                 TapTorch{},
		"TapTyping":                TapTyping{},
		"TapTypingClose":           TapTypingClose{},
		"TapType":                  TapType{"hej\u2028"},
		"TapType(erase)":           TapType{"\b\b\b"},
		"TapType(nothing)":         TapType{},
		"TapStill":                 TapStill{},
		"TapStillClose":            TapStillClose{},
		"TapStillDrop":             TapStillDrop{},
		"TapPoint":                 TapPoint{X: 0.25, Y: -1, On: true},
		"TapPoint(off)":            TapPoint{},
		"TapInvite":                TapInvite{},
		"TapInviteClose":           TapInviteClose{},
		"TapInviteAgain":           TapInviteAgain{},
		"TapInviteKind":            TapInviteKind{Kind: kontakt.GuestRelative, Name: "Mette Madsen", Key: "key-6"},
		"TapInviteKind(sms)":       TapInviteKind{Kind: kontakt.GuestInterpreter, Phone: "20123456", Key: "key-7"},
		"TapInviteKind(bad)":       TapInviteKind{Kind: kontakt.GuestInterpreter, Phone: "12", Key: "key-7"},
		"TapInviteKind(none)":      TapInviteKind{Key: "key-8"},
		"TapRemoveGuest":           TapRemoveGuest{metteID},
		"TapRemoveGuest(not ours)": TapRemoveGuest{aminaID},
		"TapMode":                  TapMode{kontakt.ModeConference},
		"TapMode(as it is)":        TapMode{kontakt.ModeConsultation},
		"TapMode(unknown)":         TapMode{"party"},
	}
}

// mark is something that is so or not.
type mark struct {
	what string
	is   bool
}

func marks(all ...mark) []string {
	var set []string
	for _, f := range all {
		if f.is {
			set = append(set, f.what)
		}
	}
	return set
}

func controlNotes(c Controls) []string {
	notes := []string{fmt.Sprintf("camera %d of %d", c.Camera, c.Cameras), fmt.Sprintf("volume %v", c.Volume)}
	notes = append(notes, marks(mark{"muted", c.Muted}, mark{"camera off", c.CameraOff}, mark{"torch", c.Torch})...)
	if c.Zoom != 1 {
		notes = append(notes, fmt.Sprintf("zoom %v", c.Zoom))
	}
	if c.Zooms || c.Torches {
		notes = append(notes, "able")
	}
	return notes
}

// talkNotes tell the fields of a call.
var talkNotes = map[string]func(any) []string{
	"Writing": func(v any) []string { return cardNotes(v.(Writing)) },
	"Card":    func(v any) []string { return append([]string{"card"}, cardNotes(*v.(*Writing))...) },
	"Others": func(v any) []string {
		var all []string
		for _, p := range v.([]Participant) {
			note := p.ID + " " + []string{"connecting", "live", "lost"}[p.Media]
			if p.Remote.Rung != "" {
				note += " " + string(p.Remote.Rung)
			}
			all = append(all, note)
		}
		return []string{"with " + strings.Join(all, " and ")}
	},
	"Rung": func(v any) []string { return []string{string(v.(kontakt.Rung))} },
	"Guests": func(v any) []string {
		var all []string
		for _, g := range v.([]Guest) {
			note := string(g.ID) + " " + string(g.State)
			if g.Going {
				note += " going"
			}
			all = append(all, note)
		}
		return all
	},
	"Orders": orderNotes,
	"News": func(v any) []string {
		n := v.(GuestNews)
		return []string{"news: " + string(n.Guest) + " " + string(n.State)}
	},
	"Inviting": func(v any) []string {
		i := v.(*Invite)
		set := marks(mark{"busy", i.Busy}, mark{"full", i.Full}, mark{"link", i.Link != ""}, mark{"sent", i.Sent})
		return []string{strings.Join(append([]string{"invites", string(i.Kind), string(i.Problem.Key)}, set...), " ")}
	},
	"Typing": func(v any) []string {
		t := v.(Typing)
		note := fmt.Sprintf("text %q", t.Mine)
		for _, l := range t.Theirs {
			note += fmt.Sprintf(" %s: %q", l.From, l.Text)
		}
		for _, l := range t.Said {
			note += fmt.Sprintf(" said %s: %q", l.From, l.Text)
		}
		return append([]string{note}, marks(mark{"open", t.Open}, mark{"unread", t.Unread})...)
	},
	"Still": func(v any) []string {
		s := v.(*Still)
		note := fmt.Sprintf("still %.4s of %s %v", s.ID, s.From, s.Progress)
		for _, set := range marks(mark{"asked", s.Asked}, mark{"aiming", s.Aiming}, mark{"taking", s.Taking}, mark{string(s.Problem.Key), !s.Problem.None()}) {
			note += " " + set
		}
		if p := s.Pointer(); p != nil {
			note += fmt.Sprintf(" %s at %v %v", p.From, p.X, p.Y)
		}
		return []string{note}
	},
	"Mode": func(v any) []string { return []string{string(v.(kontakt.Mode))} },
}
