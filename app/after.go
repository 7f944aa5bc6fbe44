package app

import (
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

// What comes after a conversation: its summary for the care journal (domain.md §2.2 step 13), those of today, and the record
// of consent and presence (M11). The backend keeps them, for a day; on the tablet they are while they are shown.

// Ended: what has just been: a conversation, or a place that has ended without one. It is shown of an earlier conversation
// too, out of Journal.
type Ended struct {
	Summary Summary
	Off     *Off // nil: its clinic has not ended it without a conversation
	Quiet   bool // no conversation, and nothing to ask about: the consent was withdrawn, or it is not relevant any more

	Full     kontakt.Summary // as the backend keeps it, with what it has of Draft; without an ID: not here
	Draft    kontakt.Note    // as it was tapped and written here
	Seq      int             // of the last NoteWritten
	Loading  bool            // Full is on its way, or the end of the call is, which has to come first
	Saving   bool
	Leaving  bool // "Færdig" was tapped: it goes as soon as all is saved
	Listed   bool // out of Journal
	Asking   bool // the question whether it stands in the journal is shown
	Dropping bool // it does, and is being deleted
	Problem  Sentence
	Record   *RecordView // nil: not shown

	place kontakt.EntryID
	asked bool // Full
	due   bool // what is written leaves in a moment
}

// RecordView is the record of consent and presence as it is read, and set right by a line more.
type RecordView struct {
	Loading    bool
	Record     kontakt.Record
	Correcting int // number of the line; 0: none
	Busy       bool
	Problem    Sentence
}

// Journal: her conversations of the last day that do not stand in the care journal yet, the newest first.
type Journal struct {
	Loading bool
	All     []kontakt.Summary
	Problem Sentence
}

func (Ended) screen()   {}
func (Journal) screen() {}

// Withdrawn says whether the citizen has taken the consent back.
func (v Ended) Withdrawn() bool {
	return v.Summary.How.Key == kontakt.MsgWithdrawn || !v.Full.Withdrawn.IsZero()
}

// Notes says whether the nurse adds something of her own: there was a conversation, and it ended as they do.
func (v Ended) Notes() bool {
	return v.Off == nil && !v.Quiet && !v.Withdrawn() && (v.Loading || v.Full.ID != "")
}

// Ordered is an order as it stands in the end.
type Ordered struct {
	Text      kontakt.OrderText
	Confirmed bool
	At        time.Time // when; zero: not known here
}

// Orders gives those of the conversation that were neither corrected nor withdrawn: as the backend has them, until then as
// they stood when the call ended.
func (v Ended) Orders() []Ordered {
	var all []Ordered
	if v.Full.ID != "" && !v.Loading {
		for _, o := range v.Full.Orders {
			all = append(all, Ordered{Text: o.OrderText, Confirmed: !o.ConfirmedAt.IsZero(), At: o.ConfirmedAt})
		}
		return all
	}
	for _, l := range v.Summary.Orders {
		if confirmed := l.State == kontakt.OrderConfirmed; confirmed || l.Unconfirmed() {
			all = append(all, Ordered{Text: l.OrderText, Confirmed: confirmed})
		}
	}
	return all
}

// Unsaved says whether something is written here that the backend does not have.
func (v Ended) Unsaved() bool { return v.Draft != v.Full.Note }

// Waiting to be read, written or left.
type (
	// TapRoom says on Consent who is in the room besides the citizen and the nurse; again: not any more.
	TapRoom struct{ Who kontakt.RecordRole }
	// TapWent says how it went; TapFollowUp what comes next, in the words that the journal gets, "": nothing is said of it.
	TapWent     struct{ Went kontakt.Went }
	TapFollowUp struct{ Words string }
	// TapJournal shows the conversations of the last day, TapSummary one of them.
	TapJournal struct{}
	TapSummary struct{ ID kontakt.SummaryID }
	// TapWritten asks whether it stands in the care journal; TapWrittenYes deletes it, TapWrittenNo does not.
	TapWritten    struct{}
	TapWrittenYes struct{}
	TapWrittenNo  struct{}
	// TapRecord shows the record of consent and presence; TapLine chooses the line that is to be set right, and
	// TapCorrection sets it right.
	TapRecord     struct{}
	TapLine       struct{ N int }
	TapCorrection struct{ Words string }
)

type (
	// NoteWritten: what was agreed stands like this now, from the screen where it is written.
	NoteWritten struct {
		Seq    int // counts on with each; Ended has that of the last that it has taken in
		Agreed string
	}
	// NoteDue: her hands have rested for a moment.
	NoteDue struct{}
	// SummaryFetched answers FetchSummary. After a Failure that can pass it is asked for again.
	SummaryFetched struct {
		Place   kontakt.EntryID
		Summary kontakt.Summary
		Failure Failure
	}
	// SummariesFetched answers FetchSummaries.
	SummariesFetched struct {
		All     []kontakt.Summary
		Failure Failure
	}
	// NoteSaved answers SaveNote: Summary has the version and the note that stand there now, Sent is what was asked for.
	// After a Failure that can pass it is asked for again.
	NoteSaved struct {
		ID      kontakt.SummaryID
		Sent    kontakt.Note
		Version int
		Note    kontakt.Note
		Failure Failure
	}
	// SummaryDropped answers DropSummary.
	SummaryDropped struct {
		ID      kontakt.SummaryID
		Failure Failure
	}
	// RecordFetched answers FetchRecord and AddToRecord.
	RecordFetched struct {
		Place   kontakt.EntryID
		Record  kontakt.Record
		Failure Failure
	}
)

type (
	// FetchSummary asks for the summary of a place's last conversation, or the one with ID; FetchSummaries for all of today.
	FetchSummary struct {
		Place kontakt.EntryID
		ID    kontakt.SummaryID
	}
	FetchSummaries struct{}
	// SaveNote writes Note over Base, which the backend had in Version.
	SaveNote struct {
		Place      kontakt.EntryID
		ID         kontakt.SummaryID
		Version    int
		Base, Note kontakt.Note
	}
	// DropSummary deletes one, which stands in the journal.
	DropSummary struct{ ID kontakt.SummaryID }
	// FetchRecord asks for the record of a place, AddToRecord for a line more.
	FetchRecord struct{ Place kontakt.EntryID }
	AddToRecord struct {
		Place kontakt.EntryID
		Line  kontakt.Addition
	}
)

func (TapRoom) event()          {}
func (TapWent) event()          {}
func (TapFollowUp) event()      {}
func (TapJournal) event()       {}
func (TapSummary) event()       {}
func (TapWritten) event()       {}
func (TapWrittenYes) event()    {}
func (TapWrittenNo) event()     {}
func (TapRecord) event()        {}
func (TapLine) event()          {}
func (TapCorrection) event()    {}
func (NoteWritten) event()      {}
func (NoteDue) event()          {}
func (SummaryFetched) event()   {}
func (SummariesFetched) event() {}
func (NoteSaved) event()        {}
func (SummaryDropped) event()   {}
func (RecordFetched) event()    {}

// mergedNote is theirs with what mine has changed since base. Where both have written what was agreed, both stand there.
func mergedNote(base, mine, theirs kontakt.Note) kontakt.Note {
	out := theirs
	switch {
	case mine.Agreed == base.Agreed, mine.Agreed != "" && strings.Contains(theirs.Agreed, mine.Agreed):
	case theirs.Agreed == base.Agreed, strings.Contains(mine.Agreed, theirs.Agreed):
		out.Agreed = mine.Agreed
	case mine.Agreed != "":
		out.Agreed += "\n" + mine.Agreed
	}
	if mine.FollowUp != base.FollowUp || !mine.FollowUpAt.Equal(base.FollowUpAt) {
		out.FollowUp, out.FollowUpAt = mine.FollowUp, mine.FollowUpAt
	}
	if mine.Went != base.Went {
		out.Went = mine.Went
	}
	return out
}
