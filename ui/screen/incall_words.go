package screen

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
)

// phrases joins what is known with dots.
func phrases(parts ...string) string {
	var known []string
	for _, p := range parts {
		if p != "" {
			known = append(known, p)
		}
	}
	return strings.Join(known, " · ")
}

func percent(fraction float64) string { return strconv.Itoa(int(fraction*100)) + "\u00a0%" }

// times writes how much a camera enlarges.
func times(factor float64) string { return strconv.FormatFloat(factor, 'f', -1, 64) + "×" }

// kindNames are what the guests are.
var kindNames = map[kontakt.GuestKind]kontakt.MsgKey{
	kontakt.GuestRelative: "guest.relative", kontakt.GuestInterpreter: "guest.interpreter", kontakt.GuestNurse: "guest.nurse",
}

// kindWord is what a guest is, within a line; "" where it has no name.
func kindWord(tr i18n.Lookup, k kontakt.GuestKind) string {
	if key := kindNames[k]; key != "" {
		return strings.ToLower(tr.Say(key))
	}
	return ""
}

// guestName is what a guest is called, also while nobody has told the name.
func guestName(tr i18n.Lookup, name string, k kontakt.GuestKind) string {
	if name != "" {
		return name
	}
	if key := kindNames[k]; key != "" {
		return tr.Say(key)
	}
	return tr.Say("guest.unnamed")
}

func participantName(tr i18n.Lookup, p app.Participant) string {
	if p.ID == kontakt.ParticipantClinic && p.Name == "" {
		return tr.Say("call.doctor")
	}
	return guestName(tr, p.Name, p.Kind)
}

// nameOf finds a participant by its id.
func nameOf(tr i18n.Lookup, v app.InCall, id string) string {
	for _, p := range others(v) {
		if p.ID == id {
			return participantName(tr, p)
		}
	}
	return tr.Say("guest.unnamed")
}

func mutedWord(tr i18n.Lookup, p app.Participant) string {
	if p.Remote.Muted {
		return tr.Say("call.their_muted")
	}
	return ""
}

func modeName(tr i18n.Lookup, m kontakt.Mode) string {
	switch m {
	case kontakt.ModeConsultation:
		return tr.Say("call.mode_consultation")
	case kontakt.ModeConference:
		return tr.Say("call.mode_conference")
	}
	return ""
}

// signal says in bars and a word how the call with the clinic gets through, by the worse of its two ways.
func signal(tr i18n.Lookup, v app.InCall) (bars int, word string) {
	switch v.Media {
	case app.MediaConnecting:
		return 0, ""
	case app.MediaLost:
		return 0, tr.Say("net.is_lost")
	}
	step := kontakt.Ladder[max(v.Rung.Depth(), others(v)[0].Remote.Rung.Depth())]
	return step.Bars, tr.Say(step.Word)
}

// noticed gives the one thing that matters most now.
func noticed(tr i18n.Lookup, state app.State, v app.InCall) string {
	switch {
	case v.Rung == kontakt.RungPhone && !v.Net.None(): // it has been away for long: the telephone is what is left
		return say(tr, v.Net)
	case v.Media == app.MediaLost:
		return tr.Say("call.reconnecting")
	case !v.Problem.None():
		return say(tr, v.Problem)
	case !v.Notice.None():
		return say(tr, v.Notice)
	case !v.Net.None():
		return say(tr, v.Net)
	case v.Controls.Muted:
		return tr.Say("call.you_are_muted")
	case v.Silent:
		return tr.Say("call.mic_silent")
	case v.Remote.Muted:
		return tr.Say("call.remote_muted")
	case v.Controls.CameraOff:
		return tr.Say("call.your_camera_off")
	case state.Net.Offline:
		return tr.Say("net.offline_hint")
	}
	return ""
}

// goingOn says, on a face without pictures, how the conversation fares behind it.
func goingOn(tr i18n.Lookup, state app.State, v app.InCall) (text string, warn bool) {
	if wrong := noticed(tr, state, v); wrong != "" {
		return wrong, true
	}
	if v.Still != nil && v.Still.Asked {
		return tr.Say("photo.asked"), true
	}
	if news := newest(tr, v); news != "" {
		return news, false
	}
	return tr.Say("call.goes_on"), false
}

// newest is what has just happened that the face with the pictures would tell: somebody wrote, a guest came or went.
func newest(tr i18n.Lookup, v app.InCall) string {
	if v.Typing.Unread {
		return written(tr, v)
	}
	return guestNews(tr, v.News)
}

// previewed is how much of a line is told beside who writes it.
const previewed = 60

// written tells what was written while the large text was not open, or that writing is what is left.
func written(tr i18n.Lookup, v app.InCall) string {
	if v.Typing.Unread {
		if last, ok := lastHeard(v.Typing); ok {
			return tr.Say("text.new", "navn", last.Name, "tekst", tail(last.Text, previewed))
		}
	}
	if v.Rung == kontakt.RungText || others(v)[0].Remote.Rung == kontakt.RungText {
		return tr.Say("text.instead")
	}
	return ""
}

// lastHeard is the newest line of another.
func lastHeard(t app.Typing) (line app.TextLine, ok bool) {
	for _, l := range append(append([]app.TextLine{}, t.Said...), t.Theirs...) {
		if !l.Mine() {
			line, ok = l, true
		}
	}
	return line, ok
}

// tail gives the end of a line, whole characters only.
func tail(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	runes := []rune(s)
	return "… " + string(runes[len(runes)-most:])
}

// guestNews announces a guest.
func guestNews(tr i18n.Lookup, n app.GuestNews) string {
	key, known := map[kontakt.GuestState]kontakt.MsgKey{
		kontakt.GuestLobby: "guest.is_lobby", kontakt.GuestAdmitted: "guest.is_admitted",
		kontakt.GuestLeft: "guest.is_left", kontakt.GuestRemoved: "guest.is_removed",
	}[n.State]
	if !known {
		return ""
	}
	return tr.Say(key, "navn", guestName(tr, n.Name, n.Kind))
}

// unseen says of a picture that is hidden here alone who sees it.
func unseen(tr i18n.Lookup, v app.InCall) string {
	if !v.Hidden || v.Controls.CameraOff || v.Blind {
		return ""
	}
	return tr.Say("call.still_seen")
}

// orElse gives the first that says something.
func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
