package app

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// endedHere gives the screen after a call that this tablet has ended, with its summary.
func endedHere(t *testing.T) State {
	t.Helper()
	over := entry(kontakt.EntryEnded, 4)
	over.StartedAt, over.EndedAt = t0, t0.Add(9*time.Minute)
	s, effects := play(on(InCall{Place: shown(kontakt.EntryInCall), Since: t0, Media: MediaLive}), TapEnd{}, TapEndYes{at})
	if len(asks[FetchSummary](effects)) != 0 {
		t.Error("a summary is asked for that there can't be yet")
	}
	s, effects = play(s, Moved{ID: placeID, Move: kontakt.MoveEnd, Entry: over, At: at})
	if got := asks[FetchSummary](effects); len(got) != 1 || got[0].Place != placeID {
		t.Errorf("asks for %v", effects)
	}
	s, _ = play(s, SummaryFetched{Place: placeID, Summary: talkedKaren()})
	return s
}

// M11, S16: with whom, who was there, and how the citizen agreed stand on the screen when a call has ended.
func TestM11_theSummaryHasTheClinicianAboveAll(t *testing.T) {
	got := screenOf[Ended](t, endedHere(t))
	if got.Summary.Clinician != holm.Name || got.Summary.Lasted != 9*time.Minute || got.Full.Consent != agreed || got.Full.URL == "" || !got.Notes() || got.Unsaved() {
		t.Errorf("shows %+v", got)
	}
}

// One tap is kept at once, and the next one while the first is on its way.
func TestM11_aTapIsKeptAtOnce(t *testing.T) {
	s, effects := play(endedHere(t), TapWent{kontakt.WentPartly})
	if got := asks[SaveNote](effects); len(got) != 1 || got[0].Note.Went != kontakt.WentPartly || got[0].Version != 1 || got[0].ID != "res_a" {
		t.Fatalf("asks for %v", effects)
	}
	s, effects = play(s, TapFollowUp{"Telefon"})
	if len(effects) != 0 || screenOf[Ended](t, s).Draft.FollowUp != "Telefon" {
		t.Errorf("asks for %v", effects)
	}
	first := kontakt.Note{Went: kontakt.WentPartly}
	_, effects = play(s, NoteSaved{ID: "res_a", Sent: first, Note: first, Version: 2})
	if got := asks[SaveNote](effects); len(got) != 1 || got[0].Note.FollowUp != "Telefon" || got[0].Version != 2 {
		t.Errorf("asks for %v", effects)
	}
}

// What was tapped before the network gave the summary is in it when it comes, beside what was written at the PC.
func TestM11_whatWasTappedBeforeTheSummaryCameIsKept(t *testing.T) {
	s, _ := play(on(InCall{Place: shown(kontakt.EntryInCall), Since: t0}), TapEnd{}, TapEndYes{at}, TapWent{kontakt.WentWell})
	theirs := talkedKaren()
	theirs.Agreed, theirs.Version = "Ring ved feber", 2
	s, _ = play(s, Moved{ID: placeID, Move: kontakt.MoveEnd, Failure: failed})
	s, effects := play(s, SummaryFetched{Place: placeID, Failure: failed}, SummaryFetched{Place: placeID, Summary: theirs})
	want := kontakt.Note{Agreed: "Ring ved feber", Went: kontakt.WentWell}
	if got := asks[SaveNote](effects); len(got) != 1 || got[0].Note != want || got[0].Version != 2 {
		t.Errorf("asks for %v", effects)
	}
	if got := screenOf[Ended](t, s); got.Draft != want {
		t.Errorf("shows %+v", got.Draft)
	}
}

// "Færdig" with something unsaved waits for it and then wipes; where the network is away she is told, and may leave it.
func TestM11_doneWaitsForWhatIsUnsaved(t *testing.T) {
	note := kontakt.Note{Went: kontakt.WentWell}
	s, _ := play(endedHere(t), TapWent{kontakt.WentWell}, TapDone{}, TapDone{})
	if got := screenOf[Ended](t, s); !got.Leaving {
		t.Fatal("it did not wait")
	}
	saved, _ := play(s, NoteSaved{ID: "res_a", Sent: note, Note: note, Version: 2})
	screenOf[FindCitizen](t, saved)
	if len(saved.later) != 0 {
		t.Errorf("later %+v", saved.later)
	}
	s, _ = play(s, NoteSaved{ID: "res_a", Sent: note, Failure: failed})
	if got := screenOf[Ended](t, s); got.Problem.Key != "sum.not_saved" || !got.Unsaved() {
		t.Errorf("says %+v", got.Problem)
	}
	s, _ = play(s, TapDone{})
	screenOf[FindCitizen](t, s)
}

// A call takes the screen from a summary that is being written: what stands there is saved all the same, and shown again.
func TestM11_aCallTakesTheScreenAndNothingIsLost(t *testing.T) {
	s := besides(endedHere(t))
	s.Aside[0] = placeOf(oles(kontakt.EntryWaiting, 3))
	s, effects := play(s, NoteWritten{Seq: 1, Agreed: "Ring ved feber"}, PlaceFetched{ID: "plads_o", Entry: oles(kontakt.EntryCalled, 4), At: at})
	screenOf[Called](t, s)
	if got := asks[SaveNote](effects); len(got) != 1 || got[0].Note.Agreed != "Ring ved feber" {
		t.Fatalf("asks for %v", effects)
	}
	note := kontakt.Note{Agreed: "Ring ved feber"}
	s, _ = play(s, NoteSaved{ID: "res_a", Sent: note, Note: note, Version: 2})
	if len(s.later) != 1 || s.later[0].Unsaved() || s.later[0].Full.Version != 2 {
		t.Errorf("later %+v", s.later)
	}
}

// E47, E57: nothing is asked of a conversation that was taken back, or that never was.
func TestM11_E47_E57_aQuietEndAsksNothing(t *testing.T) {
	left := entry(kontakt.EntryLeft, 4)
	left.EndReason, left.EndedBy = kontakt.ReasonNotRelevant, "tablet"
	waiting := on(Waiting{Place: shown(kontakt.EntryWaiting), Leaving: true, Busy: true})
	s, effects := play(waiting, Moved{ID: placeID, Move: kontakt.MoveLeave, Entry: left, At: at})
	if got := screenOf[Ended](t, s); !got.Quiet || got.Notes() || got.Summary.How.Key != "sum.not_relevant" || len(asks[FetchSummary](effects)) != 0 {
		t.Errorf("shows %+v", got)
	}
	s, _ = play(on(InCall{Place: shown(kontakt.EntryInCall), Since: t0}), TapEnd{}, TapWithdraw{at})
	withdrawn := talkedKaren()
	withdrawn.Withdrawn, withdrawn.EndReason = at, kontakt.ReasonWithdrawn
	s, effects = play(s, Moved{ID: placeID, Move: kontakt.MoveWithdraw}, SummaryFetched{Place: placeID, Summary: withdrawn}, TapWent{kontakt.WentWell})
	if got := screenOf[Ended](t, s); got.Notes() || got.Full.URL == "" || len(asks[SaveNote](effects)) != 0 {
		t.Errorf("shows %+v and asks for %v", got, effects)
	}
}

// The session ends with the summary on the screen: with whom she spoke stays, nothing that was said does, and after the next
// sign-in it stands in her list, from which it goes for good once it is in the journal.
func TestM11_theListOfTodayHasWhatWasLeft(t *testing.T) {
	s, _ := play(endedHere(t), NoteWritten{Seq: 1, Agreed: "Ring ved feber"}, SessionEnded{})
	if got := screenOf[Ended](t, s); got.Draft.Agreed != "" || got.Full.ID != "" || got.Summary.Clinician != holm.Name || got.Problem.Key != "sum.lost" {
		t.Errorf("still shows %+v", got)
	}
	s, effects := play(on(SigningIn{Signin: signin, Busy: true}), SignedInAs{Employee: sanne, At: at})
	if len(asks[FetchSummaries](effects)) != 1 {
		t.Errorf("asks for %v", effects)
	}
	s, _ = play(s, SummariesFetched{All: []kontakt.Summary{talkedKaren()}})
	if s.Today != 1 {
		t.Errorf("%d today", s.Today)
	}
	s, _ = play(s, TapJournal{}, SummariesFetched{All: []kontakt.Summary{talkedKaren()}})
	s, effects = play(s, TapSummary{"res_a"})
	if got := asks[FetchSummary](effects); len(got) != 1 || got[0].ID != "res_a" {
		t.Errorf("asks for %v", effects)
	}
	s, _ = play(s, SummaryFetched{Place: placeID, Summary: talkedKaren()})
	s, effects = play(s, TapWrittenYes{})
	if len(effects) != 0 {
		t.Errorf("deleted without the question: %v", effects)
	}
	s, effects = play(s, TapWritten{}, TapWrittenYes{})
	if got := asks[DropSummary](effects); len(got) != 1 || got[0].ID != "res_a" {
		t.Errorf("asks for %v", effects)
	}
	s, _ = play(s, SummaryDropped{ID: "res_a"})
	screenOf[Journal](t, s)
}

// The record is read as the clinic reads it, and set right by a line more; no line of it is ever changed here.
func TestM11_theRecordIsSetRightByALineMore(t *testing.T) {
	lines := []kontakt.RecordLine{{N: 1, What: kontakt.RecordConsent, Detail: "oral"}}
	s, effects := play(endedHere(t), TapRecord{})
	if len(asks[FetchRecord](effects)) != 1 {
		t.Fatalf("asks for %v", effects)
	}
	s, _ = play(s, RecordFetched{Place: placeID, Record: kontakt.Record{Lines: lines, Code: "K7QF-2M9X"}})
	s, effects = play(s, TapCorrection{"Det var datteren"}, TapLine{1}, TapCorrection{"  "})
	if got := screenOf[Ended](t, s).Record; len(effects) != 0 || got.Problem.None() || got.Record.Code != "K7QF-2M9X" {
		t.Errorf("shows %+v, asks for %v", got, effects)
	}
	s, effects = play(s, TapCorrection{"Det var datteren"})
	want := kontakt.Addition{What: kontakt.RecordCorrection, Words: "Det var datteren", Corrects: 1}
	if got := asks[AddToRecord](effects); len(got) != 1 || got[0].Line != want {
		t.Errorf("asks for %v", effects)
	}
	s, _ = play(s, TapBack{})
	if got := screenOf[Ended](t, s); got.Record != nil || got.Full.ID != "res_a" {
		t.Errorf("back on %+v", got)
	}
}

// A bad network: the note is sent again under the same key until it is heard, and where the PC was first, both stand there.
func TestM11_theNoteIsSentUntilItIsHeard(t *testing.T) {
	w := signedInWorld()
	theirs := talkedKaren()
	theirs.Version, theirs.Agreed = 2, "Skrevet ved computeren"
	w.summaries = []kontakt.Summary{theirs}
	var mu sync.Mutex
	var keys []string
	heard := make(chan kontakt.Note, 1)
	w.writeSummary = func(_ context.Context, version int, n kontakt.Note, key string) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		keys = append(keys, key)
		switch {
		case len(keys) == 1:
			return 0, &kontakt.Error{Op: "test", Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable}
		case version == 1:
			return 0, &kontakt.Error{Op: "test", Kind: kontakt.Conflict, Msg: kontakt.MsgVersion}
		}
		heard <- n
		return version + 1, nil
	}
	w.sleep = func(context.Context, time.Duration) error { return nil }
	m := run(t, w)
	until(t, m, any1[FindCitizen])
	e := SaveNote{Place: placeID, ID: "res_a", Version: 1, Note: kontakt.Note{Went: kontakt.WentWell}}
	go e.do(t.Context(), m)
	if got := <-heard; got.Agreed != theirs.Agreed || got.Went != kontakt.WentWell {
		t.Errorf("heard %+v", got)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(keys) != 3 || keys[0] != keys[1] || keys[1] == keys[2] {
		t.Errorf("keys %v", keys)
	}
}

// "Ryd tabletten": neither the state nor the tablet's memory nor its log has anything of the citizen any more.
func TestM11_clearingTheTabletLeavesNothing(t *testing.T) {
	w := signedInWorld()
	whole := talkedKaren()
	whole.Orders = []kontakt.Ordered{{OrderText: kontakt.OrderText{What: "Digoxin"}}}
	w.summaries = []kontakt.Summary{whole}
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryInCall, 3)}, nil
	}
	over := entry(kontakt.EntryEnded, 4)
	over.StartedAt, over.EndedAt = t0, t0.Add(9*time.Minute)
	w.move = func(context.Context, kontakt.EntryID, kontakt.Move, string, string) (kontakt.Entry, error) {
		return over, nil
	}
	w.writeSummary = func(_ context.Context, version int, _ kontakt.Note, _ string) (int, error) { return version + 1, nil }
	var log bytes.Buffer
	var mu sync.Mutex
	m := runLogged(t, w, slog.New(slog.NewTextHandler(locked{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug})))
	until(t, m, any1[InCall])
	m.Send(TapEnd{})
	m.Send(TapEndYes{})
	until(t, m, func(e Ended) bool { return e.Full.ID == whole.ID })
	m.Send(NoteWritten{Seq: 1, Agreed: "Ring ved feber"})
	m.Send(TapWent{kontakt.WentWell})
	m.Send(TapDone{})
	until(t, m, any1[FindCitizen])
	s := m.State()
	if s.place() != nil || len(s.Aside) != 0 || len(s.later) != 0 {
		t.Errorf("keeps %+v", s)
	}
	left := fmt.Sprintf("%#v", s)
	w.mu.Lock()
	for _, file := range w.files {
		left += string(file)
	}
	w.mu.Unlock()
	mu.Lock()
	left += log.String()
	mu.Unlock()
	for _, word := range []string{karen.Name, holm.Name, "Digoxin", "Ring ved feber", string(karen.ID), "res_a"} {
		if strings.Contains(left, word) {
			t.Errorf("%s is still on the tablet", word)
		}
	}
}

// locked is a log that is read while it may still be written.
type locked struct {
	mu *sync.Mutex
	to *bytes.Buffer
}

func (l locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

// M11: what is shared in a call is told to the record, each tool once.
func TestM11_theRecordHearsOfEachToolOnce(t *testing.T) {
	s := on(InCall{Place: shown(kontakt.EntryInCall), Since: t0, Media: MediaLive})
	s, effects := play(s, TapTyping{}, TapType{"H"}, TapType{"a"})
	if got := asks[NoteTool](effects); len(got) != 1 || got[0] != (NoteTool{placeID, kontakt.ToolText}) {
		t.Errorf("notes %v", got)
	}
	if _, effects = play(s, TapType{"r"}); len(asks[NoteTool](effects)) != 0 {
		t.Errorf("again %v", effects)
	}
}
