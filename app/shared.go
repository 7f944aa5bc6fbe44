package app

import (
	"context"
	"slices"

	"kontaktlaege/internal/kontakt"
)

// NoteTool tells the record of a place what was shared in its call (M11), until it is heard.
type NoteTool struct {
	Place kontakt.EntryID
	Tool  string
}

// sharedIn gives what has been shared in a call: a picture that came through, words that were written.
func sharedIn(c InCall) []string {
	var tools []string
	if s := c.Still; s != nil && s.ID != "" && s.Progress == 1 {
		tools = append(tools, kontakt.ToolStill)
	}
	if t := c.Typing; t.Mine != "" || len(t.Theirs) > 0 || len(t.Said) > 0 {
		tools = append(tools, kontakt.ToolText)
	}
	return tools
}

// noteTools has the record told of each tool once a call.
func noteTools(before, s State) (State, []Effect) {
	screen, ok := s.Screen.(InCall)
	if !ok || screen.over || !s.Employee.SignedIn() {
		return s, nil
	}
	was, _ := before.Screen.(InCall)
	known := slices.Concat(screen.shared, sharedIn(was))
	var effects []Effect
	for _, tool := range sharedIn(screen) {
		if !slices.Contains(known, tool) {
			screen.shared = append(slices.Clone(screen.shared), tool)
			effects = append(effects, NoteTool{screen.Place.ID, tool})
		}
	}
	if len(effects) > 0 {
		s.Screen = screen
	}
	return s, effects
}

func (e NoteTool) do(ctx context.Context, m *Machine) {
	key := m.ports.NewKey()
	for {
		_, err := m.ports.Records.AddToRecord(ctx, e.Place, kontakt.Addition{What: kontakt.RecordTool, Detail: e.Tool}, key)
		m.failure(e, err)
		if !kontakt.KindOf(err).Transient() || m.ports.Sleep(ctx, toldPause) != nil {
			return
		}
	}
}

func (e NoteTool) course(State) course { return course{life: placeLife(e.Place)} }
