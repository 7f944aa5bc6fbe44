package drill

import (
	"context"

	"kontaktlaege/internal/kontakt"
)

// msgNoHandover: what is not real is handed to nobody.
const msgNoHandover kontakt.MsgKey = "drill.no_handover"

// HandOver and its siblings are app.Handovers: a drill has one nurse.
func (h *house) HandOver(context.Context, string) (kontakt.Handover, string, error) {
	return kontakt.Handover{}, "", refused("HandOver", msgNoHandover)
}

func (h *house) Handover(context.Context, kontakt.HandoverID) (kontakt.Handover, error) {
	return kontakt.Handover{}, refused("Handover", msgNoHandover)
}

func (h *house) WithdrawHandover(context.Context, kontakt.HandoverID, string) error {
	return refused("WithdrawHandover", msgNoHandover)
}

func (h *house) AcceptHandover(context.Context, string, string) (kontakt.Accepted, error) {
	return kontakt.Accepted{}, refused("AcceptHandover", msgNoHandover)
}
