package app

import (
	"strconv"

	"kontaktlaege/internal/kontakt"
)

// course is how an effect runs.
type course struct {
	life     string // what it ends with, one of livesOf; wholeRun: it is done whatever is shown next
	lane     string // those of one lane run one after another, as they were asked for; "": it waits for none
	replaces bool   // those that still wait in its lane are given up for it
}

// wholeRun is the life of what must be done whatever is shown next.
const wholeRun = "run"

// livesOf names what is alive in a state: its screen, its place, what is made ready for a call, the call.
func livesOf(s State) map[string]bool {
	alive := map[string]bool{screenLife(s): true, signinLife(s): true}
	for _, p := range s.watched() {
		alive[placeLife(p.ID)] = true
	}
	for _, v := range summariesOf(s) {
		alive[summaryLife(v.place)] = true
	}
	if id := warms(s); id != "" {
		alive[warmLife(id)] = true
	}
	if call := connects(s); call != "" {
		alive[callLife(call)] = true
	}
	if s.Employee.SignedIn() {
		alive[roundLife(s.Employee.ID)], alive[nudgeLife(s)] = true, true
	}
	return alive
}

// signinLife is that of a sign-in: one that unlocks lies over its screen and does not end with it.
func signinLife(s State) string {
	if s.Lock.SignIn != nil {
		return "unlocking"
	}
	return screenLife(s)
}

func placeLife(id kontakt.EntryID) string { return "place/" + string(id) }
func warmLife(id kontakt.EntryID) string  { return "warm/" + string(id) }
func callLife(id kontakt.CallID) string   { return "call/" + string(id) }

// roundLife is that of a nurse's session, nudgeLife that of the times of her round as they were read.
func roundLife(id kontakt.EmployeeID) string { return "round/" + string(id) }
func nudgeLife(s State) string               { return "nudge/" + strconv.Itoa(s.Plan.read) }

func screenLife(s State) string {
	switch screen := s.Screen.(type) {
	case Starting:
		return "starting"
	case Enrol:
		return "enrol"
	case SignedOut:
		return "signed out"
	case SigningIn:
		return "signing in"
	case Round:
		return "round"
	case FindCitizen:
		return "find"
	case ChooseClinic:
		return "choose clinic"
	case ReadBack:
		return "read back"
	case Refused:
		return "refused"
	case Check:
		return "check/" + strconv.Itoa(screen.round)
	case Waiting:
		return "waiting"
	case Tell:
		return "tell/" + string(screen.Place.ID)
	case Called:
		return "called"
	case InCall:
		return "in call"
	case Mistaken:
		return "mistaken"
	case Ended:
		return "ended/" + string(screen.place)
	case Scan:
		return "scan/" + strconv.Itoa(screen.round)
	case HandOver:
		return "hand over"
	case Journal:
		return "journal"
	case AboutVisit:
		return "about visit"
	case PlanVisit:
		return "plan visit"
	case MissedVisits:
		return "missed visits"
	case ImportFaults:
		return "import faults"
	}
	return "none"
}

// What a person waits for at the screen that asked ends with that screen.
func (Start) course(s State) course        { return course{life: screenLife(s)} }
func (Enroll) course(s State) course       { return course{life: screenLife(s)} }
func (BeginSignIn) course(s State) course  { return course{life: signinLife(s)} }
func (FinishSignIn) course(s State) course { return course{life: signinLife(s), lane: "session"} }
func (OpenBrowser) course(s State) course  { return course{life: signinLife(s)} }
func (Find) course(s State) course         { return course{life: screenLife(s)} }
func (FetchClinics) course(s State) course { return course{life: screenLife(s)} }
func (Join) course(s State) course         { return course{life: screenLife(s)} }
func (FetchHeld) course(s State) course    { return course{life: screenLife(s)} }
func (FetchCard) course(s State) course    { return course{life: screenLife(s)} }
func (CheckDevices) course(s State) course { return course{life: screenLife(s), lane: "phone"} }
func (InviteGuest) course(s State) course  { return course{life: screenLife(s)} }
func (DeclineStill) course(s State) course { return course{life: screenLife(s), lane: "still"} }

func (e FetchGuests) course(s State) course {
	return course{life: screenLife(s), lane: "guests/" + string(e.Place), replaces: true}
}

// What is asked of a place ends with it.
func (e FetchPlace) course(State) course {
	return course{life: placeLife(e.ID), lane: "fetch/" + string(e.ID), replaces: true}
}

func (e SaveCard) course(State) course {
	return course{life: placeLife(e.ID), lane: "card/" + string(e.ID)}
}
func (e RemoveGuest) course(State) course { return course{life: placeLife(e.Place)} }
func (e SetMode) course(State) course {
	return course{life: placeLife(e.Place), lane: "mode/" + string(e.Place), replaces: true}
}

func (e Move) course(State) course {
	if e.Move == kontakt.MoveAway || e.Move == kontakt.MoveHere {
		return course{life: wholeRun, lane: "presence/" + string(e.ID)} // out, and in again: in that order
	}
	if e.insists() {
		return course{life: wholeRun} // the call is over on the tablet: the clinic has to learn it
	}
	return course{life: placeLife(e.ID)}
}

// What makes a call ready, and what belongs to it.
func (e Warm) course(State) course     { return course{life: warmLife(e.Place), lane: "phone"} }
func (e Talk) course(State) course     { return course{life: callLife(e.Call), lane: "phone"} }
func (e Answered) course(State) course { return course{life: callLife(e.Call)} }
func (e SetOthers) course(State) course {
	return course{life: callLife(e.Call), lane: "others", replaces: true}
}

func (e Type) course(State) course {
	return course{life: callLife(e.Call), lane: "type/" + string(e.Call)}
}
func (e TakeStill) course(State) course { return course{life: callLife(e.Call), lane: "still"} }

// What is asked of a round ends with the session of its nurse; what changes it is done in the order of the taps.
func (e FetchRound) course(State) course {
	return course{life: roundLife(e.By), lane: "round", replaces: true}
}

func (e FetchMissed) course(State) course {
	return course{life: roundLife(e.By), lane: "missed", replaces: true}
}
func (e AddVisit) course(State) course    { return course{life: roundLife(e.By), lane: "visits"} }
func (e MoveVisit) course(State) course   { return course{life: roundLife(e.By), lane: "visits"} }
func (e EndVisit) course(State) course    { return course{life: roundLife(e.By), lane: "visits"} }
func (e ImportRound) course(State) course { return course{life: roundLife(e.By), lane: "visits"} }
func (e TakeVisit) course(State) course   { return course{life: roundLife(e.By), lane: "visits"} }

// What must be done whatever is shown next.
func (SignOut) course(State) course      { return course{life: wholeRun, lane: "session"} }
func (CancelSignIn) course(State) course { return course{life: wholeRun} }
func (e Read) course(State) course       { return course{life: wholeRun, lane: "read/" + string(e.ID)} }
func (HangUp) course(State) course       { return course{life: wholeRun, lane: "phone"} }
func (PassSignal) course(State) course   { return course{life: wholeRun, lane: "signals"} }
func (SetControls) course(State) course {
	return course{life: wholeRun, lane: "controls", replaces: true}
}

func (e TellMedia) course(State) course {
	return course{life: wholeRun, lane: "media/" + string(e.Call), replaces: true}
}
func (CloseStill) course(State) course { return course{life: wholeRun, lane: "still"} }
func (DropStill) course(State) course  { return course{life: wholeRun, lane: "still"} }
func (PointAt) course(State) course    { return course{life: wholeRun, lane: "point", replaces: true} }
func (Ring) course(State) course       { return course{life: wholeRun, lane: "ring"} }
func (Chime) course(State) course      { return course{life: wholeRun, lane: "ring"} }
func (SayLate) course(State) course    { return course{life: wholeRun, lane: "ring"} }
func (Follow) course(State) course     { return course{life: wholeRun, lane: "follow", replaces: true} }

func (SaveSettings) course(State) course {
	return course{life: wholeRun, lane: "settings", replaces: true}
}

// A timer lives as long as what it counts for.
func (e After) course(s State) course {
	switch then := e.Then.(type) {
	case RingAgain, RingOver, LateDue:
		return course{life: placeLife(s.place().ID)}
	case RemovalOver:
		return course{life: placeLife(then.ID)}
	case SigninFailed:
		return course{life: signinLife(s)}
	case NudgeDue:
		return course{life: nudgeLife(s)}
	}
	return course{life: screenLife(s)}
}
