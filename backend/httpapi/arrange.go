package httpapi

import (
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// What a clinic does with its line besides calling: order, removal, hand-over, words to those who wait.

func (a *API) place(r *request, in wire.PlaceRequest) (reply, error) {
	var before kontakt.EntryID
	if in.Before != "" {
		var err error
		if before, err = kontakt.ParseEntryID(in.Before); err != nil {
			return reply{}, err
		}
	}
	reason, err := wire.ToReason(in.Reason)
	if err != nil {
		return reply{}, err
	}
	return a.clinicEntry(r, func(id kontakt.EntryID) (kontakt.Entry, error) { return a.Room.Place(r.Context(), id, before, reason) })
}

func (a *API) urgent(r *request, in wire.UrgentRequest) (reply, error) {
	reason, err := wire.ToReason(in.Reason)
	if err != nil {
		return reply{}, err
	}
	return a.clinicEntry(r, func(id kontakt.EntryID) (kontakt.Entry, error) {
		return a.Room.Urgent(r.Context(), id, in.Urgent, reason)
	})
}

func (a *API) remove(r *request, in wire.RemoveRequest) (reply, error) {
	reason, err := wire.ToReason(in.Reason)
	if err != nil {
		return reply{}, err
	}
	return a.clinicMove(r, kontakt.MoveRemove, reason)
}

func (a *API) restore(r *request) (reply, error) {
	return a.clinicMove(r, kontakt.MoveRestore, "")
}

func (a *API) transfer(r *request, in wire.TransferRequest) (reply, error) {
	to, err := kontakt.ParseEmployeeID(in.To)
	if err != nil {
		return reply{}, err
	}
	return a.clinicEntry(r, func(id kontakt.EntryID) (kontakt.Entry, error) { return a.Room.Transfer(r.Context(), id, to) })
}

func (a *API) message(r *request, in wire.MessageRequest) (reply, error) {
	text, err := wire.ToText(in.Text)
	if err != nil {
		return reply{}, err
	}
	return a.clinicEntry(r, func(id kontakt.EntryID) (kontakt.Entry, error) { return a.Messages.Write(r.Context(), id, text) })
}

func (a *API) messageAll(r *request, in wire.MessageRequest) (reply, error) {
	text, err := wire.ToText(in.Text)
	if err != nil {
		return reply{}, err
	}
	sent, err := a.Messages.WriteAll(r.Context(), text)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.MessageReply{Sent: sent})
}

func (a *API) delay(r *request, in wire.DelayRequest) (reply, error) {
	if in.Minutes < 0 || in.Minutes > wire.MaxDelay {
		return reply{}, badRequest("delay", nil)
	}
	c, err := a.Messages.Delay(r.Context(), time.Duration(in.Minutes)*time.Minute)
	if err != nil {
		return reply{}, err
	}
	return ok(viewOf(r.actor(), c))
}

func (a *API) staff(r *request) (reply, error) {
	all, err := a.Room.Staff(r.Context())
	if err != nil {
		return reply{}, err
	}
	out := wire.Staff{Staff: make([]wire.Employee, 0, len(all))}
	for _, p := range all {
		out.Staff = append(out.Staff, wire.FromPerson(p))
	}
	return ok(out)
}

// clinicEntry does something to the entry that the path names.
func (a *API) clinicEntry(r *request, do func(id kontakt.EntryID) (kontakt.Entry, error)) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	e, err := do(id)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromClinicEntry(e, a.now()))
}
