package app

import (
	"encoding/json"
	"log/slog"
)

// notes are the small things that the tablet keeps over a restart. One that can't be read or kept is told to the log and is
// not worth stopping for.
type notes struct {
	memory Memory
	log    *slog.Logger
}

// read fills v, and says whether there was something to fill it with. Where it says no, v may hold a part.
func (n notes) read(name string, v any) bool {
	data, err := n.memory.Load(name)
	if err == nil && data != nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		n.log.Warn("what was kept can't be read", "name", name, "err", err)
	}
	return err == nil && data != nil
}

func (n notes) write(name string, v any) {
	data, err := json.Marshal(v)
	if err == nil {
		err = n.memory.Save(name, data)
	}
	if err != nil {
		n.log.Warn("not kept", "name", name, "err", err)
	}
}
