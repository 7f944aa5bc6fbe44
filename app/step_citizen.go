package app

import (
	"strconv"

	"kontaktlaege/internal/kontakt"
)

func stepFindCitizen(s State, screen FindCitizen, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapFind:
		if screen.Busy {
			return s, nil
		}
		if e.CPR == (kontakt.CPR{}) {
			s.Screen = FindCitizen{Problem: Sentence{Key: kontakt.MsgCPREmpty}}
			return s, nil
		}
		s.Screen = FindCitizen{Busy: true}
		return s, []Effect{Find{e.CPR}}
	case CitizenFound:
		if !screen.Busy {
			return s, nil
		}
		if e.Failure.Failed() {
			s.Screen = FindCitizen{Problem: e.Failure.Say}
			return s, nil
		}
		s.Screen = ReadBack{citizenOf(e.Citizen)}
		return s, nil
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		return foundHeld(s, e)
	}
	return s, nil
}

func stepReadBack(s State, screen ReadBack, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapConfirmCitizen:
		if why := refusal(screen.Citizen); !why.None() {
			s.Screen = refused(screen.Citizen, why)
			return s, nil
		}
		s.Screen = Check{Citizen: screen.Citizen}
		return s, []Effect{CheckDevices{}}
	case TapBack:
		return home(s, Sentence{}), nil
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		return foundHeld(s, e)
	}
	return s, nil
}

// refusal is the linked check, as far as the look-up's answer tells; the backend decides when a number is drawn.
func refusal(c Citizen) Sentence {
	switch {
	case c.Clinic == nil && c.replacement():
		return Sentence{Key: kontakt.MsgDoctorUnknown}
	case c.Clinic == nil:
		return Sentence{Key: kontakt.MsgNotAttached}
	case !c.Clinic.Open:
		return Sentence{Key: kontakt.MsgClinicClosed}
	}
	return Sentence{}
}

// replacement says whether the number is one that no register knows.
func (c Citizen) replacement() bool {
	for _, w := range c.Warnings {
		if w.Key == kontakt.MsgCPRReplacement {
			return true
		}
	}
	return false
}

// refused says what can be done instead, most useful first.
func refused(c Citizen, why Sentence) Refused {
	passant, sms := Sentence{Key: kontakt.MsgNextPassant}, Sentence{Key: kontakt.MsgNextSMS}
	phone := Sentence{Key: kontakt.MsgNextPhone}
	if c.Clinic != nil {
		phone = Sentence{Key: kontakt.MsgNextPhoneClinic, Params: map[string]string{"klinik": c.Clinic.Name, "tlf": c.Clinic.Phone}}
	}
	r := Refused{Citizen: c, Why: why}
	switch why.Key {
	case kontakt.MsgNotAttached, kontakt.MsgDoctorUnknown:
		r.Next = []Sentence{passant, sms, phone}
	case kontakt.MsgClinicClosed:
		r.Next = []Sentence{phone, sms, {Key: kontakt.MsgOutOfHours}}
	default:
		r.Next = []Sentence{phone}
	}
	return r
}

func stepRefused(s State, _ Refused, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapBack, TapDone:
		return home(s, Sentence{}), nil
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		return foundHeld(s, e)
	}
	return s, nil
}

func stepCheck(s State, screen Check, e Event) (State, []Effect) {
	switch e := e.(type) {
	case CheckReported:
		screen.Report = e.Report
		s.Screen = screen
		return s, nil
	case TapJoin:
		return join(s, screen, e)
	case Joined:
		if screen.Joining {
			return joined(s, screen, e)
		}
	case TapRetry:
		if !screen.Joining {
			screen.Report, screen.round = CheckReport{}, screen.round+1
			s.Screen = screen
			return s, []Effect{CheckDevices{}}
		}
	case TapBack:
		if !screen.Joining {
			s.Screen = ReadBack{screen.Citizen}
			return s, askHeld(screen)
		}
	case TapSignOut:
		if !screen.Joining {
			return signOut(s)
		}
	case HeldFetched:
		return foundHeld(s, e)
	}
	return s, nil
}

func join(s State, screen Check, e TapJoin) (State, []Effect) {
	if screen.Joining || screen.Citizen.Clinic == nil {
		return s, nil
	}
	if screen.key == "" {
		screen.key = e.Key
	}
	screen.Joining, screen.Problem = true, Sentence{}
	s.Screen = screen
	return s, []Effect{Join{
		Join: kontakt.Join{Citizen: screen.Citizen.ID, Clinic: screen.Citizen.Clinic.ID, Mode: kontakt.ModeConsultation},
		Key:  screen.key,
	}}
}

// joined: a place, or why there is none. Where it can't be known whether the backend drew a number, the key is kept.
func joined(s State, screen Check, e Joined) (State, []Effect) {
	switch {
	case !e.Failure.Failed():
		return showPlace(s, e.Entry, e.At)
	case e.Failure.Kind.Transient():
		screen.Joining, screen.Problem = false, e.Failure.Say
		s.Screen = screen
		return s, nil
	case e.Failure.Kind == kontakt.Conflict:
		s.Screen = refused(screen.Citizen, e.Failure.Say)
		return s, []Effect{FetchHeld{}}
	}
	s.Screen = refused(screen.Citizen, e.Failure.Say)
	return s, nil
}

// askHeld asks for the places where a join has been tried whose outcome is not known.
func askHeld(screen Check) []Effect {
	if screen.key == "" {
		return nil
	}
	return []Effect{FetchHeld{}}
}

func foundHeld(s State, e HeldFetched) (State, []Effect) {
	if e.Failure.Failed() || mostUrgent(e.Held) == nil {
		return s, nil
	}
	return showHeld(s, e.Held, e.At)
}

// signOut ends the session and keeps the place.
func signOut(s State) (State, []Effect) {
	held := heldBy(s.place())
	s.Employee = Employee{}
	s.Screen = SignedOut{Held: held}
	return s, []Effect{SignOut{}}
}

func number(n int) map[string]string { return map[string]string{"n": strconv.Itoa(n)} }
