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
		return s, []Effect{Find{CPR: e.CPR}, saySoon}
	case CitizenFound:
		if !screen.Busy {
			return s, nil
		}
		if e.Failure.Failed() {
			s.Screen = FindCitizen{Problem: e.Failure.Say, Down: e.Failure.Say.Key == kontakt.MsgRegistryDown}
			return s, nil
		}
		s.Screen = ReadBack{citizenOf(e.Citizen)}
		return s, nil
	case StillTrying:
		if screen.Busy {
			s.Screen = FindCitizen{Busy: true, Problem: stillTrying}
		}
		return s, nil
	case TapChooseClinic:
		if screen.Down && !screen.Busy {
			s.Screen = ChooseClinic{Loading: true}
			return s, []Effect{FetchClinics{}}
		}
	case TapBack:
		if s.Correcting != nil {
			s.Screen = Waiting{Place: *s.Correcting}
			s.Correcting = nil
		}
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
		return confirm(s, screen.Citizen, 0)
	case TapConfirmCover:
		if len(screen.Citizen.Admits()) > 1 {
			return confirm(s, screen.Citizen, 1)
		}
	case TapBack:
		return home(s, Sentence{}), nil
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		return foundHeld(s, e)
	}
	return s, nil
}

// confirm goes on with a citizen to one of the clinics that admit them. Where that is the very place that was to be
// corrected, nothing was wrong with it.
func confirm(s State, c Citizen, which int) (State, []Effect) {
	admits := c.Admits()
	switch {
	case len(admits) == 0 && c.replacement():
		s.Screen = refused(c, nil, Sentence{Key: kontakt.MsgDoctorUnknown})
		return s, nil
	case len(admits) == 0:
		s.Screen = refused(c, nil, Sentence{Key: kontakt.MsgNotAttached})
		return s, nil
	}
	to := admits[which]
	if was := s.Correcting; was != nil && was.Citizen != nil && was.Citizen.ID == c.ID && was.Clinic.ID == to.ID {
		s.Screen, s.Correcting = Waiting{Place: *was}, nil
		return s, nil
	}
	if !to.Open {
		s.Screen = refused(c, &to, Sentence{Key: kontakt.MsgClinicClosed})
		return s, nil
	}
	s.Screen = Check{Citizen: c, Clinic: to}
	return s, []Effect{CheckDevices{}}
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

func stepChooseClinic(s State, screen ChooseClinic, e Event) (State, []Effect) {
	switch e := e.(type) {
	case ClinicsFetched:
		if !screen.Loading {
			return s, nil
		}
		screen = ChooseClinic{Clinics: e.Clinics, Problem: e.Failure.Say}
	case TapRetry:
		if screen.Loading || screen.Busy {
			return s, nil
		}
		s.Screen = ChooseClinic{Loading: true}
		return s, []Effect{FetchClinics{}}
	case TapClinic:
		if screen.Busy || e.CPR == (kontakt.CPR{}) || e.Clinic == "" {
			return s, nil
		}
		screen.Busy, screen.Problem = true, Sentence{}
		s.Screen = screen
		return s, []Effect{Find(e), saySoon}
	case CitizenFound:
		if !screen.Busy {
			return s, nil
		}
		if !e.Failure.Failed() {
			s.Screen = ReadBack{citizenOf(e.Citizen)}
			return s, nil
		}
		screen.Busy, screen.Problem = false, e.Failure.Say
	case StillTrying:
		if screen.Busy {
			screen.Problem = stillTrying
		}
	case TapBack:
		return home(s, Sentence{}), nil
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		return foundHeld(s, e)
	default:
		return s, nil
	}
	s.Screen = screen
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
		switch {
		case screen.Joining && screen.Problem.None():
			return s, nil // it is a matter of seconds
		case screen.Citizen.Masked == "":
			return home(s, Sentence{}), askHeld(screen) // a join from before a restart: nobody to read back
		}
		s.Screen = ReadBack{screen.Citizen}
		return s, askHeld(screen)
	case StillTrying:
		if screen.Joining && screen.Problem.None() {
			screen.Problem = stillTrying
			s.Screen = screen
		}
	case TapSignOut:
		if !screen.Joining {
			return signOut(s)
		}
	case HeldFetched:
		if !screen.Joining {
			return foundHeld(s, e)
		}
	}
	return s, nil
}

func join(s State, screen Check, e TapJoin) (State, []Effect) {
	if screen.Joining || screen.Clinic.ID == "" {
		return s, nil
	}
	if screen.key == "" {
		screen.key = e.Key
	}
	screen.Joining, screen.Problem = true, Sentence{}
	s.Screen = screen
	return s, []Effect{Join{Join: joinOf(s, screen), Key: screen.key}, saySoon}
}

func joinOf(s State, screen Check) kontakt.Join {
	j := kontakt.Join{Citizen: screen.Citizen.ID, Clinic: screen.Clinic.ID, Mode: kontakt.ModeConsultation}
	if s.Correcting != nil {
		j.Corrects = s.Correcting.ID
	}
	return j
}

// joinAgain goes on with a join that a restart has cut off: the same one, under its key.
func joinAgain(s State, j Join) (State, []Effect) {
	s.Screen = Check{
		Citizen: Citizen{ID: j.Join.Citizen}, Clinic: kontakt.Clinic{ID: j.Join.Clinic}, Joining: true, Problem: stillTrying, key: j.Key,
	}
	return s, []Effect{CheckDevices{}, j}
}

// joined: a place, or why there is none. Where it can't be known whether the backend drew a number, the key is kept.
func joined(s State, screen Check, e Joined) (State, []Effect) {
	switch {
	case !e.Failure.Failed():
		return showPlace(s, e.Entry, e.At)
	case e.Failure.Kind.Transient():
		screen.Joining, screen.Problem = false, e.Failure.Say
		s.Screen = screen
		return s, askCorrecting(s)
	}
	clinic := screen.Clinic
	r := refused(screen.Citizen, &clinic, e.Failure.Say)
	r.join = joinOf(s, screen)
	s.Screen = r
	if e.Failure.Kind == kontakt.Conflict {
		return s, append(askCorrecting(s), FetchHeld{}) // it may be this very tablet that holds the place
	}
	return s, askCorrecting(s)
}

// askCorrecting asks how the place stands whose news were not heeded while a number was being drawn.
func askCorrecting(s State) []Effect {
	if s.Correcting == nil {
		return nil
	}
	return []Effect{FetchPlace{s.Correcting.ID}}
}

// askHeld asks for the places where a join has been tried whose outcome is not known.
func askHeld(screen Check) []Effect {
	if screen.key == "" {
		return nil
	}
	return []Effect{FetchHeld{}}
}

// foundHeld shows a place that this tablet holds: not one that another tablet talks for, nor the one that is being
// corrected.
func foundHeld(s State, e HeldFetched) (State, []Effect) {
	var held []kontakt.Entry
	for _, h := range e.Held {
		if !placeOf(h).Elsewhere && (s.Correcting == nil || h.ID != s.Correcting.ID) {
			held = append(held, h)
		}
	}
	if e.Failure.Failed() || mostUrgent(held) == nil {
		return s, nil
	}
	return showHeld(s, held, e.At)
}

// signOut ends the session and keeps the place.
func signOut(s State) (State, []Effect) {
	held := heldBy(s.place())
	s.Employee, s.Correcting = Employee{}, nil
	s.Screen = SignedOut{Held: held}
	return s, []Effect{SignOut{}}
}

func number(n int) map[string]string { return map[string]string{"n": strconv.Itoa(n)} }
