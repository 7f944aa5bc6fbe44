package main

// What may happen to a place and to a guest, and who may do it.
var rules = []fault{
	{
		name: "start: the version is not looked at", hurt: "a doctor with an old list calls somebody in whom a colleague has just moved down",
		file: "backend/waiting/clinic.go", old: `case p.entry.Version != version:`, new: `case p.entry.Version < version:`, by: rooms,
	},
	{
		name: "start: a second doctor is given the first one's call", hurt: "two doctors in one call, and nobody told",
		file: "backend/waiting/clinic.go", old: `case p.call != nil && p.call.Clinician == a.Employee:`, new: `case p.call != nil && p.call.Clinician != "":`, by: rooms,
	},
	{
		name: "start: a busy tablet is rung at all the same", hurt: "the nurse's running call is interrupted by a ring for somebody else",
		file: "backend/waiting/clinic.go", old: `if busy {`, new: `if busy && p.entry.Number > 99 {`, by: rooms,
	},
	{
		name: "restore: forever", hurt: "a clinic brings back last week's removed citizen, whom nobody expects",
		file: "backend/waiting/clinic.go", old: `now.Sub(e.EndedAt) <= kontakt.RestoreWithin`, new: `now.Sub(e.EndedAt) >= 0`, by: rooms,
	},
	{
		name: "restore: beside a newer place", hurt: "the clinic reads that something is wrong, and not that the citizen has a new number",
		file: "backend/waiting/clinic.go", old: `err == nil && held.ID == e.ID {`, new: `err == nil && held.ID != "" {`, by: rooms,
	},
	{
		name: "wait: 'Vent 2 minutter' works again and again", hurt: "a tablet holds the doctor for as long as it likes",
		file: "backend/waiting/rules.go", old: `case a.move == kontakt.MoveWait && p.call.Prolonged:`, new: `case a.move == kontakt.MoveWait && p.call == nil:`, by: rooms,
	},
	{
		name: "grace: not to the front", hurt: "whose call broke off waits behind everybody again",
		file: "backend/waiting/rules.go", old: `e.FrontAt, e.StartedAt = a.now, time.Time{}`, new: `e.StartedAt = time.Time{}`, by: rooms,
	},
	{
		name: "answer: unanswered calls still count", hurt: "who has talked once and comes back stands below the line",
		file: "backend/waiting/rules.go", old: `e.StartedAt, e.Notice, e.PostponedTo, e.NoAnswers = a.now, "", time.Time{}, 0`,
		new: `e.StartedAt, e.Notice, e.PostponedTo = a.now, "", time.Time{}`, by: rooms,
	},
	{
		name: "answer: the hand-over stays", hurt: "the list says that a colleague is to take whom somebody has talked to already",
		file: "backend/waiting/rules.go", old: `e.HandedTo, e.HandedBy = "", ""`, new: ``, by: rooms,
	},
	{
		name: "take over: another municipality's tablets go on holding", hurt: "a tablet that nobody answers for any more shows the citizen's name and rings",
		file: "backend/waiting/holders.go", old: `if e.Municipality != a.municipality {`, new: `if e.Municipality == "" {`, by: rooms,
	},
	{
		name: "leave: whoever goes home ends the place", hurt: "the citizen with the other nurse loses the number",
		file: "backend/waiting/holders.go", old: `a.device != p.entry.Device && others`, new: `a.device == p.entry.Device && others`, by: rooms,
	},
	{
		name: "let go: the first tablet is said to stand by, not the last", hurt: "the doctor reads the wrong nurse's name beside the citizen",
		file: "backend/waiting/holders.go", old: `e.Device = rest[len(rest)-1].Device`, new: `e.Device = rest[0].Device`, by: rooms,
	},
	{
		name: "presence: the first away hides who is here", hurt: "the doctor waits with the call although a tablet is beside the citizen",
		file: "backend/waiting/holders.go", old: `best = kontakt.PresenceAway`, new: `return kontakt.PresenceAway`, by: rooms,
	},
	{
		name: "order: urgent comes last", hurt: "the urgent citizen waits for all the others",
		file: "backend/waiting/order.go", old: `cmp.Compare(bit(!a.Urgent), bit(!b.Urgent))`, new: `cmp.Compare(bit(a.Urgent), bit(b.Urgent))`, by: rooms,
	},
	{
		name: "order: one more unanswered call before below the line", hurt: "the clinic calls a tablet in vain once more than it was promised",
		file: "backend/waiting/order.go", old: `e.NoAnswers >= BelowLine`, new: `e.NoAnswers > BelowLine`, by: rooms,
	},
	{
		name: "order: who talks counts as before you", hurt: "the nurse reads a place in the line that is one too far back",
		file: "backend/waiting/order.go", old: `before += bit(inLine(e.State))`, new: `before++`, by: rooms,
	},
	{
		name: "arrange: into a gap that is none", hurt: "a citizen dragged between two lands behind both",
		file: "backend/waiting/order.go", old: `case at.Rank-line[i-1].Rank >= 2:`, new: `case at.Rank-line[i-1].Rank >= 1:`, by: rooms,
	},
	{
		name: "tell: the clinic's room hears nothing", hurt: "the clinic's list stands still until somebody reloads it",
		file: "backend/waiting/event.go", old: `tellRooms(tx, typ, data, kontakt.EntryRoom(p.entry.ID), kontakt.ClinicRoom(p.entry.Clinic))`, new: `tellRooms(tx, typ, data, kontakt.EntryRoom(p.entry.ID))`, by: rooms,
	},
	{
		name: "tell: a call given up ends in silence", hurt: "a guest and a page sit in a call that is over",
		file: "backend/waiting/event.go", old: `if c.ended {`, new: `if c.ended && p.call.Reason != "interrupted" {`, by: rooms,
	},
	{
		name: "audit: what the system does leaves no row", hurt: "nobody can say later why a place ended",
		file: "backend/waiting/apply.go", old: `if err := tx.Audit(row); err != nil {`, new: "if a.by == system {\n\t} else if err := tx.Audit(row); err != nil {", by: rooms,
	},
	{
		name: "audit: who tries another clinic's place leaves no row", hurt: "snooping is not seen",
		file: "backend/waiting/service.go", old: `case kontakt.Forbidden, kontakt.Hidden, kontakt.Conflict`, new: `case kontakt.Forbidden, kontakt.Conflict`, by: rooms,
	},
	{
		name: "join: the end of a booked time in seconds", hurt: "who is five minutes late for the booked time is put behind all who came without",
		file: "backend/waiting/join.go", old: `time.Duration(b.Minutes) * time.Minute`, new: `time.Duration(b.Minutes) * time.Second`, by: rooms,
	},
	{
		name: "join: a wrong citizen's place is kept for ever", hurt: "hours later a correction jumps the line",
		file: "backend/waiting/join.go", old: `tx.Now().Sub(p.entry.JoinedAt) > kontakt.CorrectWithin`, new: `tx.Now().Before(p.entry.JoinedAt)`, by: rooms,
	},
	{
		name: "join: taking over tells the wait anew", hurt: "the promise of the number moves, and nobody can be held to it",
		file: "backend/waiting/join.go", old: `!joined.Wait.Known || j.TakeOver != ""`, new: `!joined.Wait.Known`, by: rooms,
	},
	{
		name: "take over: a foreign nurse is let in, an own is not", hurt: "another municipality takes a citizen while his own nurse is there",
		file: "backend/waiting/join.go", old: `e.Municipality != "" && e.Municipality != a.Municipality`, new: `e.Municipality != "" && e.Municipality == a.Municipality`, by: rooms,
	},
	{
		name: "transfer: to a secretary", hurt: "a citizen is handed to somebody who can't call",
		file: "backend/waiting/arrange.go", old: ` || who.Role != kontakt.RoleClinician`, new: ``, by: rooms,
	},
	{
		name: "opening: places kept where the clinic may not", hurt: "citizens wait overnight for nobody",
		file: "backend/waiting/opening.go", old: `if keep && !c.MayKeep {`, new: `if keep && c.MayKeep && reason == "" {`, by: rooms,
	},
	{
		name: "opening: after a restart nobody is said to look", hurt: "all who wait read that the clinic is away, after each update",
		file: "backend/waiting/opening.go", old: `return !since.Before(s.born) && `, new: `return `, by: rooms,
	},
	{
		name: "closing: who did not answer a moment ago is thrown out at once", hurt: "a citizen in the bathroom loses the place",
		file: "backend/waiting/hours.go", old: `!e.NoAnswerAt.IsZero() && !over(e.NoAnswerAt, s.opt.CloseGrace)`, new: `false`, by: rooms,
	},
	{
		name: "closing: what has opened again meanwhile is not seen", hurt: "places end in the very moment in which the clinic opens again",
		file: "backend/waiting/hours.go", old: `if err != nil || !s.overdue(c, p.entry, now) {`, new: `if err != nil || c.ID == "" {`, by: rooms,
	},
	{
		name: "hours: the end of a delay is told to nobody", hurt: "the tablet goes on saying that the clinic is late",
		file: "backend/waiting/hours.go", old: `if hours || was.Delay != is.Delay || `, new: `if hours || `, by: rooms,
	},
	{
		name: "sweep: what has changed since it was found is swept all the same", hurt: "a citizen who answers in the last second is hung up on",
		file: "backend/waiting/sweep.go", old: `if err != nil || p.entry.Version != e.Version {`, new: `if err != nil {`, by: rooms,
	},
	{
		name: "sweep: after a restart all tablets are silent", hurt: "the clinic's list is red after each update, and nobody is called",
		file: "backend/waiting/sweep.go", old: "since := now.Add(-s.opt.ContactGrace)\n\tif since.Before(s.start) {", new: "since := now.Add(-s.opt.ContactGrace)\n\tif s.start.IsZero() {", by: rooms,
	},
	{
		name: "sweep: after a restart all calls are given up", hurt: "everybody who talks is hung up on by an update",
		file: "backend/waiting/sweep.go", old: "since := now.Add(-s.opt.CallGrace)\n\tif since.Before(s.start) {", new: "since := now.Add(-s.opt.CallGrace)\n\tif s.start.IsZero() {", by: rooms,
	},
	{
		name: "sweep: who gets the lease back forgets nothing", hurt: "a clinic that opened while another node swept is never told so",
		file: "backend/waiting/sweep.go", old: "s.hours.forget()\n", new: "\n", by: rooms,
	},
	{
		name: "guests: a link opens after its hour", hurt: "an old message lets a stranger into the lobby",
		file: "backend/waiting/guestrules.go", old: `late := g.State != kontakt.GuestInvited || !a.now.Before(g.ExpiresAt)`, new: `late := g.State != kontakt.GuestInvited`, by: rooms,
	},
	{
		name: "guests: a tablet shows out whom the clinic invited", hurt: "the nurse throws the interpreter out of the doctor's call by mistake",
		file: "backend/waiting/guestrules.go", old: `a.by == tablet && g.By != kontakt.ParticipantTablet`, new: `a.by == tablet && g.By == ""`, by: rooms,
	},
	{
		name: "guests: an answer may go either way", hurt: "two ends answer each other and neither picture comes",
		file: "backend/waiting/participants.go", old: `return j < i`, new: `return true`, by: rooms,
	},
	{
		name: "guests: whoever is let in somewhere reads this call", hurt: "a stranger hears another citizen's call",
		file: "backend/waiting/call.go", old: `if g.Entry == c.Entry && g.State`, new: `if g.State`, by: rooms,
	},
	{
		name: "guests: the call's room stays open after its end", hurt: "a guest reads what others negotiate later",
		file: "backend/waiting/call.go", old: `g.State == kontakt.GuestAdmitted && c.EndedAt.IsZero() {`, new: `g.State == kontakt.GuestAdmitted {`, by: rooms,
	},
	{
		name: "guests: a place that was left keeps its links", hurt: "a relative sits in the lobby of nobody",
		file: "backend/waiting/guests.go", old: `case !p.entry.State.Open():
		move, do`, new: `case p.entry.State == kontakt.EntryEnded:
		move, do`, by: rooms,
	},
	{
		name: "guests: two let in in the same nanosecond", hurt: "both guests wait for the other one's offer",
		file: "backend/waiting/guests.go", old: `move == guestAdmit && len(in) > 0 &&`, new: `move == guestAdmit && len(in) > 1 &&`, by: rooms,
	},
	{
		name: "guests: one invitation more than an hour allows", hurt: "nothing much, but the bound is not what it says",
		file: "backend/waiting/guests.go", old: `len(lately) >= maxInvites`, new: `len(lately) > maxInvites`, by: rooms,
	},
	{
		name: "guests: any guest reads any guest's room", hurt: "a stranger learns when another citizen's relative comes and goes",
		file: "backend/waiting/mayread.go", old: `[]kontakt.GuestID{kontakt.GuestID(id)}`, new: `[]kontakt.GuestID{a.Guest}`, by: rooms,
	},
	{
		name: "messages: the bound is in a moment that is over", hurt: "a page gone wild makes a tablet in a home chime without end",
		file: "backend/waiting/message.go", old: `tx.Now().Add(-messagesIn)`, new: `tx.Now().Add(messagesIn)`, by: rooms,
	},
	{
		name: "messages: what went to all is read in the hallway", hurt: "a tablet with nobody signed in shows what the clinic wrote",
		file: "backend/waiting/message.go", old: `if mayRead {`, new: `if mayRead || m.All() {`, by: rooms,
	},
	{
		name: "view: why a place was removed is read in the hallway", hurt: "a tablet with nobody signed in shows words about a citizen",
		file: "backend/waiting/view.go", old: `shown.Told, shown.EndWords = kontakt.Told{}, ""`, new: `shown.Told = kontakt.Told{}`, by: rooms,
	},
	{
		name: "wait: a delay counts twice once somebody was called", hurt: "the nurse promises an hour too much",
		file: "backend/waiting/wait.go", old: `if !called.After(c.DelayAt) {`, new: `if called.After(c.DelayAt) {`, by: rooms,
	},
	{
		name: "rights: any doctor of the clinic is in the call", hurt: "a colleague reads the negotiation of a call that is not his",
		file: "backend/rights/rights.go", old: `return clinic(a, on) && a.Employee != "" && a.Employee == on.Clinician`, new: `return clinic(a, on) && a.Employee != ""`, by: tests("backend/rights"),
	},
	{
		name: "rights: a tablet with nobody signed in says 'read'", hurt: "the doctor believes that the nurse has seen the message",
		file: "backend/rights/rights.go", old: `Read:            ofNurse`, new: `Read:            ofTablet`, by: tests("backend/rights"),
	},
	{
		name: "rights: an empty id is everybody's", hurt: "a session without a clinic sees places without one",
		file: "backend/rights/rights.go", old: `return a.Citizen != "" && a.Citizen == on.Citizen`, new: `return a.Citizen == on.Citizen`, by: tests("backend/rights"),
	},
}
