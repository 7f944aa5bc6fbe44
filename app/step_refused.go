package app

import (
	"kontaktlaege/internal/kontakt"
)

// refused says what can be done instead, most useful first.
func refused(c Citizen, clinic *kontakt.Clinic, why Sentence) Refused {
	passant, sms := Sentence{Key: kontakt.MsgNextPassant}, Sentence{Key: kontakt.MsgNextSMS}
	phone := Sentence{Key: kontakt.MsgNextPhone}
	if clinic != nil && clinic.Phone != "" {
		phone = Sentence{Key: kontakt.MsgNextPhoneClinic, Params: map[string]string{"klinik": clinic.Name, "tlf": clinic.Phone}}
	}
	r := Refused{Citizen: c, Clinic: clinic, Why: why}
	switch why.Key {
	case kontakt.MsgAlreadyWaiting:
		r.TakeOver = true
	case kontakt.MsgNotAttached, kontakt.MsgDoctorUnknown:
		r.Next = []Sentence{passant, sms, phone}
	case kontakt.MsgClinicClosed:
		r.Next = []Sentence{phone, sms, {Key: kontakt.MsgOutOfHours}}
	default:
		r.Next = []Sentence{phone}
	}
	return r
}

func stepRefused(s State, screen Refused, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapTakeOver:
		if screen.TakeOver && !screen.Busy {
			return takeOver(s, screen, e)
		}
	case Joined:
		if screen.Busy {
			return tookOver(s, screen, e)
		}
	case StillTrying:
		if screen.Busy && screen.Problem.None() {
			screen.Problem = stillTrying
			s.Screen = screen
		}
	case TapBack, TapDone:
		if !screen.Busy {
			return home(s, Sentence{}), nil
		}
	case TapSignOut:
		if !screen.Busy {
			return signOut(s)
		}
	case HeldFetched:
		if !screen.Busy {
			return foundHeld(s, e)
		}
	}
	return s, nil
}

// takeOver joins the place of another tablet. Asked for again with the same reason it is the same join.
func takeOver(s State, screen Refused, e TapTakeOver) (State, []Effect) {
	if screen.key == "" || screen.join.TakeOver != e.Reason {
		screen.key, screen.join.TakeOver = e.Key, e.Reason
	}
	screen.Busy, screen.Problem = true, Sentence{}
	s.Screen = screen
	return s, []Effect{Join{Join: screen.join, Key: screen.key}, saySoon}
}

func tookOver(s State, screen Refused, e Joined) (State, []Effect) {
	screen.Busy = false
	switch {
	case !e.Failure.Failed():
		return showPlace(s, e.Entry, e.At)
	case e.Failure.Kind.Transient():
		screen.Problem = e.Failure.Say
		s.Screen = screen
	default:
		s.Screen = refused(screen.Citizen, screen.Clinic, e.Failure.Say)
	}
	return s, nil
}
