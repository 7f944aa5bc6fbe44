package app

import (
	"context"

	"kontaktlaege/internal/kontakt"
)

// do asks for the summary until there is an answer that lasts.
func (e FetchSummary) do(ctx context.Context, m *Machine) {
	for {
		s, err := e.find(ctx, m)
		m.tell(ctx, SummaryFetched{Place: e.Place, Summary: s, Failure: m.failure(e, err)})
		if !kontakt.KindOf(err).Transient() || m.ports.Sleep(ctx, toldPause) != nil {
			return
		}
	}
}

// find looks for the newest of the place where its name is not known.
func (e FetchSummary) find(ctx context.Context, m *Machine) (kontakt.Summary, error) {
	id := e.ID
	if id == "" {
		all, err := m.ports.Summaries.Summaries(ctx)
		if err != nil {
			return kontakt.Summary{}, err
		}
		for _, s := range all {
			if s.Entry == e.Place {
				id = s.ID
				break
			}
		}
	}
	if id == "" {
		return kontakt.Summary{}, &kontakt.Error{Op: "app.FetchSummary", Kind: kontakt.NotFound, Msg: kontakt.MsgNotFound}
	}
	return m.ports.Summaries.Summary(ctx, id)
}

func (e FetchSummaries) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all, err := m.ports.Summaries.Summaries(limited)
	m.tell(ctx, SummariesFetched{All: all, Failure: m.failure(e, err)})
}

// do saves the note, for as long as the summary is on the tablet: again after a bad network, and together with what was
// written at a PC meanwhile.
func (e SaveNote) do(ctx context.Context, m *Machine) {
	base, note, version, key := e.Base, e.Note, e.Version, m.ports.NewKey()
	for {
		is, err := m.ports.Summaries.WriteSummary(ctx, e.ID, version, note, key)
		if msg, _ := kontakt.MsgOf(err); msg == kontakt.MsgVersion {
			var theirs kontakt.Summary
			if theirs, err = m.ports.Summaries.Summary(ctx, e.ID); err == nil {
				note, base, version, key = mergedNote(base, note, theirs.Note), theirs.Note, theirs.Version, m.ports.NewKey()
				continue
			}
		}
		m.tell(ctx, NoteSaved{ID: e.ID, Sent: e.Note, Version: is, Note: note, Failure: m.failure(e, err)})
		if !kontakt.KindOf(err).Transient() || m.ports.Sleep(ctx, toldPause) != nil {
			return
		}
	}
}

func (e DropSummary) do(ctx context.Context, m *Machine) {
	err := within(ctx, patience, func(ctx context.Context) error { return m.ports.Summaries.SummaryDone(ctx, e.ID, m.ports.NewKey()) })
	m.tell(ctx, SummaryDropped{ID: e.ID, Failure: m.failure(e, err)})
}

func (e FetchRecord) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := m.ports.Records.Record(limited, e.Place)
	m.tell(ctx, RecordFetched{Place: e.Place, Record: r, Failure: m.failure(e, err)})
}

func (e AddToRecord) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := m.ports.Records.AddToRecord(limited, e.Place, e.Line, m.ports.NewKey())
	m.tell(ctx, RecordFetched{Place: e.Place, Record: r, Failure: m.failure(e, err)})
}

// A summary lives while it is on the tablet, shown or to be shown.
func summaryLife(id kontakt.EntryID) string { return "summary/" + string(id) }

func summariesOf(s State) []Ended {
	all := s.later
	if screen, ok := s.Screen.(Ended); ok {
		all = append(all[:len(all):len(all)], screen)
	}
	return all
}

func (e FetchSummary) course(State) course {
	return course{life: summaryLife(e.Place), lane: "summary/" + string(e.Place), replaces: true}
}

func (e SaveNote) course(State) course {
	return course{life: summaryLife(e.Place), lane: "note/" + string(e.ID)}
}

func (FetchSummaries) course(s State) course {
	return course{life: screenLife(s), lane: "summaries", replaces: true}
}
func (DropSummary) course(s State) course { return course{life: screenLife(s)} }
func (FetchRecord) course(s State) course { return course{life: screenLife(s), lane: "record"} }
func (AddToRecord) course(s State) course { return course{life: screenLife(s), lane: "record"} }
