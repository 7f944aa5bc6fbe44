package handset

import (
	"context"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/call"
)

// Check implements app.Phone. That the backend could be asked for the relay is the network's own check.
func (h *Handset) Check(ctx context.Context, relay kontakt.Relay, report func(app.CheckReport)) error {
	end := h.mirror.begin()
	defer end()
	return h.phone.Check(ctx, relay, func(r call.CheckReport) {
		report(app.CheckReport{
			Advice:     h.mirror.advice(),
			Camera:     item(r.Camera),
			Microphone: item(r.Microphone),
			Network:    app.CheckItem{State: app.CheckGood},
			Relay:      item(r.Relay),
			Level:      r.Level,
		})
	})
}

var checkStates = map[call.CheckState]app.CheckState{
	call.CheckRunning: app.CheckRunning, call.CheckGood: app.CheckGood, call.CheckBad: app.CheckBad,
}
