package app

import (
	"slices"

	"kontaktlaege/internal/kontakt"
)

// notSaved is said of a note that the backend does not have yet, and for which it is asked again.
var notSaved = Sentence{Key: "sum.not_saved"}

func stepEnded(s State, screen Ended, e Event) (State, []Effect) {
	if screen.Record != nil {
		return stepRecord(s, screen, e)
	}
	switch e := e.(type) {
	case TapDone:
		return doneEnded(s, screen)
	case TapBack:
		if screen.Listed {
			return doneEnded(s, screen)
		}
	case TapSignOut:
		return signOut(s)
	case OrderDone:
		return orderedEnded(s, screen, e), nil
	case Moved:
		return movedEnded(s, screen, e), nil
	case TapWent, TapFollowUp, NoteWritten, NoteDue:
		return writeEnded(s, screen, e)
	case StillTrying:
		switch {
		case screen.Leaving && screen.Problem.None():
			screen.Problem = notSaved
		case screen.Dropping && screen.Problem.None():
			screen.Problem = stillTrying
		}
		s.Screen = screen
	case TapRecord:
		if s.Employee.SignedIn() && screen.place != "" {
			screen.Record = &RecordView{Loading: true}
			s.Screen = screen
			return s, []Effect{FetchRecord{screen.place}}
		}
	case TapWritten:
		screen.Asking = screen.Full.ID != "" && !screen.Leaving && !screen.Dropping
		s.Screen = screen
	case TapWrittenNo:
		screen.Asking = false
		s.Screen = screen
	case TapWrittenYes:
		if screen.Asking {
			screen.Asking, screen.Dropping, screen.Problem = false, true, Sentence{}
			s.Screen = screen
			return s, []Effect{DropSummary{screen.Full.ID}, saySoon}
		}
	case SummaryDropped:
		return droppedEnded(s, screen, e)
	}
	return s, nil
}

// doneEnded leaves the summary. What is not saved yet is waited for; where that takes long, a second tap leaves it.
func doneEnded(s State, screen Ended) (State, []Effect) {
	if screen.Leaving && screen.Problem.None() {
		return s, nil
	}
	if !screen.Unsaved() || screen.Leaving {
		return leaveEnded(s, screen)
	}
	screen.Leaving, screen.Asking, screen.Problem = true, false, Sentence{}
	return saveEnded(s, screen, saySoon)
}

// leaveEnded wipes it off the tablet.
func leaveEnded(s State, screen Ended) (State, []Effect) {
	if screen.Listed && s.Employee.SignedIn() {
		return showJournal(s)
	}
	return home(s, Sentence{}), nil
}

// orderedEnded takes in what became of an order that was on its way when the call ended.
func orderedEnded(s State, screen Ended, e OrderDone) State {
	if e.Asked.Place == screen.place {
		screen.Summary, _ = screen.Summary.orderDone(e) // what it asks for would be shown nowhere
		s.Screen = screen
	}
	return s
}

// movedEnded takes in how the call ended: from now on there is a summary.
func movedEnded(s State, screen Ended, e Moved) State {
	if e.ID != screen.place || screen.Listed {
		return s
	}
	if p := placeOf(e.Entry); !e.Failure.Failed() && !p.startedAt.IsZero() && p.endedAt.After(p.startedAt) {
		screen.Summary.Started, screen.Summary.Lasted = p.startedAt, p.endedAt.Sub(p.startedAt)
	}
	screen.asked = screen.Loading
	s.Screen = screen
	return s
}

// writeEnded takes in what the nurse adds. A tap is saved at once, letters as soon as her hands rest.
func writeEnded(s State, screen Ended, e Event) (State, []Effect) {
	if !screen.Notes() || !s.Employee.SignedIn() || screen.Dropping {
		return s, nil
	}
	switch e := e.(type) {
	case TapWent:
		screen.Draft.Went = e.Went
	case TapFollowUp:
		screen.Draft.FollowUp, screen.Draft.FollowUpAt = e.Words, kontakt.Note{}.FollowUpAt
	case NoteWritten:
		screen.Seq, screen.Draft.Agreed = e.Seq, e.Agreed
		pause := !screen.due
		screen.due = true
		s.Screen = screen
		if !pause {
			return s, nil
		}
		return s, []Effect{After{writtenPause, NoteDue{}}}
	case NoteDue:
		screen.due = false
	}
	return saveEnded(s, screen)
}

// saveEnded shows the screen and has what is unsaved on its way, together with other effects.
func saveEnded(s State, screen Ended, others ...Effect) (State, []Effect) {
	if screen.Unsaved() && !screen.Saving && !screen.Loading && screen.Full.ID != "" {
		screen.Saving = true
		others = append(others, screen.save())
	}
	s.Screen = screen
	return s, others
}

func (v Ended) save() Effect {
	return SaveNote{Place: v.place, ID: v.Full.ID, Version: v.Full.Version, Base: v.Full.Note, Note: v.Draft}
}

// droppedEnded goes back to the list; one that is gone already stands in the journal too.
func droppedEnded(s State, screen Ended, e SummaryDropped) (State, []Effect) {
	if e.ID != screen.Full.ID || !screen.Dropping {
		return s, nil
	}
	if e.Failure.Failed() && !gone(e.Failure) {
		screen.Dropping, screen.Problem = false, e.Failure.Say
		s.Screen = screen
		return s, nil
	}
	return leaveEnded(s, screen)
}

// stepSummaries takes in the answers about summaries, also of one that a call has pushed off the screen.
func stepSummaries(s State, e Event) (State, []Effect, bool) {
	switch e := e.(type) {
	case SummariesFetched:
		if _, ok := s.Screen.(Journal); !ok && !looksFor(s) {
			return s, nil, true
		}
		if e.Failure.Failed() {
			if screen, ok := s.Screen.(Journal); ok {
				screen.Loading, screen.Problem = false, e.Failure.Say
				s.Screen = screen
			}
			return s, nil, true
		}
		s.Today = len(e.All)
		if _, ok := s.Screen.(Journal); ok {
			s.Screen = Journal{All: e.All}
		}
		return s, nil, true
	case SummaryFetched:
		next, effects := s.eachEnded(func(v Ended) (Ended, Effect) { return v.fetched(e) })
		return next, effects, true
	case NoteSaved:
		next, effects := s.eachEnded(func(v Ended) (Ended, Effect) { return v.saved(e) })
		if screen, ok := next.Screen.(Ended); ok && screen.Leaving && !screen.Unsaved() && screen.Full.ID == e.ID {
			next, effects = leaveEnded(next, screen)
		}
		return next, effects, true
	}
	return s, nil, false
}

// eachEnded changes the summary that is shown and those that are shown later.
func (s State) eachEnded(change func(Ended) (Ended, Effect)) (State, []Effect) {
	var effects []Effect
	do := func(v Ended) Ended {
		v, effect := change(v)
		if effect != nil {
			effects = append(effects, effect)
		}
		return v
	}
	if screen, ok := s.Screen.(Ended); ok {
		s.Screen = do(screen)
	}
	s.later = slices.Clone(s.later)
	for i := range s.later {
		s.later[i] = do(s.later[i])
	}
	return s, effects
}

// fetched takes in the summary, with what was tapped before it was here.
func (v Ended) fetched(e SummaryFetched) (Ended, Effect) {
	switch {
	case e.Place != v.place || !v.Loading:
		return v, nil
	case e.Failure.Kind.Transient():
		v.Problem = e.Failure.Say
		return v, nil
	case e.Failure.Failed(): // there is none: what the tablet knows stands there
		v.Loading, v.Problem, v.Draft, v.Full = false, Sentence{}, kontakt.Note{}, kontakt.Summary{}
		if v.Listed {
			v.Problem = e.Failure.Say
		}
		return v, nil
	}
	v.Draft = mergedNote(kontakt.Note{}, v.Draft, e.Summary.Note)
	v.Summary, v.Full, v.Loading, v.Problem = v.Summary.of(e.Summary), e.Summary, false, Sentence{}
	if !v.Unsaved() || v.due {
		return v, nil
	}
	v.Saving = true
	return v, v.save()
}

// saved takes in the note as the backend has it now, with what has been written since it was sent.
func (v Ended) saved(e NoteSaved) (Ended, Effect) {
	if v.Full.ID != e.ID || v.Loading {
		return v, nil
	}
	v.Problem = Sentence{}
	switch {
	case e.Failure.Kind.Transient():
		v.Problem = notSaved
		return v, nil
	case e.Failure.Failed():
		v.Saving, v.Problem = false, e.Failure.Say
		return v, nil
	}
	v.Saving = false
	v.Draft = mergedNote(e.Sent, v.Draft, e.Note)
	v.Full.Version, v.Full.Note = e.Version, e.Note
	if !v.Unsaved() || v.due {
		return v, nil
	}
	v.Saving = true
	return v, v.save()
}

// unsigned is what may stand there with nobody signed in: with whom and when, and nothing that was said.
func (v Ended) unsigned() Ended {
	out := Ended{Summary: v.Summary, Off: v.Off, Quiet: v.Quiet, place: v.place}
	out.Summary.Orders = nil
	if v.Unsaved() {
		out.Problem = Sentence{Key: "sum.lost"}
	}
	return out
}

// of is the summary as the backend tells it: the clinician's name above all, whatever the tablet knew of it.
func (v Summary) of(s kontakt.Summary) Summary {
	v.Citizen, v.Clinic, v.Clinician, v.Title = s.Citizen.Name, s.Conversation.Clinic, s.Clinician, s.ClinicianTitle
	v.Started, v.Lasted = s.From, s.To.Sub(s.From)
	return v
}

// showJournal shows her conversations of today.
func showJournal(s State) (State, []Effect) {
	s.Screen = Journal{Loading: true}
	return s, []Effect{FetchSummaries{}}
}

func stepJournal(s State, screen Journal, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapSummary:
		for _, one := range screen.All {
			if one.ID == e.ID {
				s.Screen = listed(one)
			}
		}
	case TapRetry:
		if !screen.Loading {
			return showJournal(s)
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

// listed is one of the list: of the list it has who and when, and the rest is on its way.
func listed(one kontakt.Summary) Ended {
	how := kontakt.MsgCallEnded
	if one.EndReason == kontakt.ReasonWithdrawn {
		how = kontakt.MsgWithdrawn
	}
	v := Ended{Listed: true, Loading: true, asked: true, place: one.Entry}
	v.Summary, v.Full.ID = Summary{How: Sentence{Key: how}}.of(one), one.ID
	return v
}

// stepRecord is the record over the summary.
func stepRecord(s State, screen Ended, e Event) (State, []Effect) {
	view := *screen.Record
	var effects []Effect
	switch e := e.(type) {
	case TapBack, TapDone:
		screen.Record = nil
		s.Screen = screen
		return s, nil
	case TapRetry:
		if view.Loading || view.Problem.None() {
			return s, nil
		}
		view, effects = RecordView{Loading: true, Record: view.Record}, []Effect{FetchRecord{screen.place}}
	case TapLine:
		if view.Busy || e.N < 1 || e.N > len(view.Record.Lines) {
			return s, nil
		}
		view.Correcting, view.Problem = e.N, Sentence{}
	case TapCorrection:
		line, err := kontakt.ParseAddition(kontakt.Addition{What: kontakt.RecordCorrection, Words: e.Words, Corrects: view.Correcting})
		switch {
		case view.Busy || view.Correcting == 0:
			return s, nil
		case err != nil:
			view.Problem = Sentence{Key: "rec.correct_missing"}
		default:
			view.Busy, view.Problem = true, Sentence{}
			effects = []Effect{AddToRecord{screen.place, line}}
		}
	case RecordFetched:
		if e.Place != screen.place {
			return s, nil
		}
		view.Loading, view.Busy, view.Problem = false, false, e.Failure.Say
		if !e.Failure.Failed() {
			view = RecordView{Record: e.Record}
		}
	case OrderDone:
		return orderedEnded(s, screen, e), nil
	case Moved:
		return movedEnded(s, screen, e), nil
	case NoteDue:
		return writeEnded(s, screen, e)
	default:
		return s, nil
	}
	screen.Record = &view
	s.Screen = screen
	return s, effects
}

// afterwards are what follows of summaries, however a state came to be shown: one that can be had is fetched, what is written
// is saved whatever takes the screen, and where a citizen is looked for the nurse sees how many wait for her journal.
func afterwards(before, after State) []Effect {
	var effects []Effect
	was, _ := before.Screen.(Ended)
	is, shows := after.Screen.(Ended)
	if shows && is.asked && is.Loading && !(was.asked && was.place == is.place && was.Full.ID == is.Full.ID) {
		effects = append(effects, FetchSummary{Place: is.place, ID: is.Full.ID})
	}
	if len(after.later) > len(before.later) {
		pushed := after.later[len(after.later)-1]
		if pushed.Unsaved() && !pushed.Saving && !pushed.Loading {
			effects = append(effects, pushed.save())
		}
	}
	if looksFor(after) && !looksFor(before) && !looksUp(before) {
		effects = append(effects, FetchSummaries{})
	}
	return effects
}

// looksFor says whether the list of today's conversations is offered.
func looksFor(s State) bool {
	switch s.Screen.(type) {
	case Round, FindCitizen:
		return s.Employee.SignedIn()
	}
	return false
}

// looksUp says whether a citizen is being looked up: nothing of today's has changed when that comes back to its beginning.
func looksUp(s State) bool {
	switch s.Screen.(type) {
	case ChooseClinic, ReadBack, Consent, Refused, Check:
		return true
	}
	return false
}
