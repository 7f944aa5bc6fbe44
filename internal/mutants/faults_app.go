package main

// What the tablet does.
var steps = []fault{
	{
		name: "step: an older answer overwrites a newer", hurt: "the tablet rings for a call that was answered",
		file: "app/show.go", old: `if p.Version < shown.Version {`, new: `if p.Version < 0 {`, by: tests("app"),
	},
	{
		name: "step: what was read comes back as unread", hurt: "the nurse reads the same message again and again",
		file: "app/place.go", old: `p.Messages[i].Read = m.Read || slices`, new: `p.Messages[i].Read = m.Read && slices`, by: tests("app"),
	},
	{
		name: "step: the message's words stay after the session", hurt: "a tablet in a hallway shows what the doctor wrote",
		file: "app/place.go", old: `held.Messages[i].Text = ""`, new: `held.Messages[i].Read = true`, by: tests("app"),
	},
	{
		name: "step: the citizen's name stays after the session", hurt: "a tablet in a hallway shows who waits",
		file: "app/place.go", old: `held.Citizen, held.DrawnBy = nil, ""`, new: `held.DrawnBy = ""`, by: tests("app"),
	},
	{
		name: "step: a ring's end in the backend's clock", hurt: "the countdown jumps with each answer",
		file: "app/show.go", old: `until.Sub(shownUntil).Abs() <= ringSlack`, new: `until.Equal(shownUntil)`, by: tests("app"),
	},
	{
		name: "step: a message during a call chimes", hurt: "the doctor is talked into by the tablet",
		file: "app/consequences.go", old: `case Called, InCall:
		return false
	}
	for _, p := range after.holds() {`, new: `case Called:
		return false
	}
	for _, p := range after.holds() {`, by: tests("app"),
	},
	{
		name: "step: a removed place that comes back overwrites another", hurt: "the nurse loses the citizen whom she looks up now",
		file: "app/step_place.go", old: `if s.place() != nil || joining(s) {
			next, effects := newsAside`, new: `if joining(s) {
			next, effects := newsAside`, by: tests("app"),
	},
	{
		name: "step: another tablet's call is heard here", hurt: "two tablets talk in one call and whistle",
		file: "app/place.go", old: `p.Elsewhere = e.Call == nil || e.Notice == kontakt.MsgAnswered`, new: `p.Elsewhere = e.Call == nil`, by: tests("app"),
	},
	{
		name: "step: a signal for somebody else is taken", hurt: "in a call of three the connections break each other",
		file: "app/step_incall.go", old: ` || to != "" && to != kontakt.ParticipantTablet {`, new: ` || to == "none" {`, by: tests("app"),
	},
	{
		name: "step: leave without being asked", hurt: "one slip of the finger and the citizen's number is gone",
		file: "app/step_waiting.go", old: `if !asked || screen.Busy {`, new: `if screen.Busy {`, by: tests("app"),
	},
	{
		name: "step: end without being asked", hurt: "one slip of the finger and the doctor is gone",
		file: "app/step_incall.go", old: `if screen.Ending {
			return end(s, screen, e.At, kontakt.MsgCallEnded`, new: `if !screen.over {
			return end(s, screen, e.At, kontakt.MsgCallEnded`, by: tests("app"),
	},
	{
		name: "step: the net's return fetches nothing", hurt: "the tablet shows how the place stood before the cut",
		file: "app/step.go", old: `if p != nil && !e.Offline {`, new: `if p != nil && e.Offline {`, by: tests("app"),
	},
	{
		name: "step: an ended session hangs up", hurt: "the shift's end throws the citizen out of the call",
		file: "app/step.go", old: `s.Screen = screen.in(*held).unsigned()`, new: `s.Screen = SignedOut{Problem: why, Held: held}`, by: tests("app"),
	},
	{
		name: "step: a ring goes on while it is being answered", hurt: "the tablet rings into the citizen's first words",
		file: "app/consequences.go", old: `return !screen.silent && !screen.Hushed && !screen.Busy`, new: `return !screen.silent && !screen.Hushed`, by: tests("app"),
	},
	{
		name: "step: an old sign-in's code is redeemed", hurt: "the nurse who gave up is signed in by the next one's tap",
		file: "app/step_signin.go", old: `if e.Signin != screen.Signin || screen.Busy {
			return s, nil
		}
		screen.Busy`, new: `if screen.Busy {
			return s, nil
		}
		screen.Busy`, by: tests("app"),
	},
	{
		name: "step: the same failed invitation makes another guest", hurt: "a bad network fills the call's places with ghosts",
		file: "app/step_invite.go", old: "next.key = was.key\n", new: "_ = was\n", by: tests("app"),
	},
	{
		name: "step: an older list takes the link away", hurt: "the QR code vanishes before the relative has read it",
		file: "app/step_invite.go", old: `if at < 0 && next.listed || `, new: `if at < 0 || `, by: tests("app"),
	},
	{
		name: "unsent: a join of an hour ago goes out", hurt: "a citizen who has gone home is put into the line after a restart",
		file: "app/unsent.go", old: `0 <= age && age < joinKept`, new: `0 <= age`, by: tests("app"),
	},
	{
		name: "unsent: another nurse's join goes out", hurt: "a citizen is put into the line by somebody who has never met him",
		file: "app/unsent.go", old: `if e.By == who && who != "" && `, new: `if who != "" && `, by: tests("app"),
	},
	{
		name: "unsent: the errand gets a new key", hurt: "after a restart the same citizen is asked for twice",
		file: "app/unsent.go", old: `Move(ctx, e.Entry, e.Move, e.Reason, e.Key)`, new: `Move(ctx, e.Entry, e.Move, e.Reason, kontakt.NewSecret())`, by: tests("app"),
	},
	{
		name: "unsent: forgotten when the app is ended", hurt: "the end of a call is never told to the clinic",
		file: "app/unsent.go", old: `if m.root.Err() == nil {`, new: `if m.root != nil {`, by: tests("app"),
	},
	{
		name: "machine: the answer to a left screen is shown", hurt: "the citizen of before comes up in front of the next one",
		file: "app/machine.go", old: `if l.from != nil && l.from.Err() != nil {`, new: `if l.from != nil && l.event == nil {`, by: tests("app"),
	},
	{
		name: "machine: the call's end is given up with its screen", hurt: "the clinic waits ten minutes in a call that is over",
		file: "app/course.go", old: `if e.insists() {
		return course{life: wholeRun}`, new: `if e.Move == kontakt.MoveLeave {
		return course{life: wholeRun}`, by: tests("app"),
	},
	{
		name: "machine: the state is shown without the lock", hurt: "the app dies on a tap",
		file: "app/machine.go", old: "m.mu.Lock()\n\tm.state = s\n\tm.mu.Unlock()", new: "m.state = s", by: raced("app", "TestMachine_isRead"),
	},
	{
		name: "t140: erasing goes over the line's beginning", hurt: "the two ends of the text show different words",
		file: "app/t140.go", old: `if w.line == "" {
				continue // not over`, new: `if w.line == "" && len(w.done) > 0 {
				continue
			}
			if w.line == "" { w.sent.WriteRune(r)
				continue // not over`, by: tests("app"),
	},
}
