package httpapi

import (
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// What a clinic does with its line besides calling: order, removal, hand-over, words to those who wait.

func (a *API) place(r *request) (reply, error) {
	in, err := decode[wire.PlaceRequest](r.body)
	if err != nil {
		return reply{}, err
	}
	var before kontakt.EntryID
	if in.Before != "" {
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

func (a *API) urgent(r *request) (reply, error) {
	in, err := decode[wire.UrgentRequest](r.body)
	if err != nil {
		return reply{}, err
	}
	reason, err := wire.ToReason(in.Reason)
	if err != nil {
		return reply{}, err
	}
	return a.clinicEntry(r, func(id kontakt.EntryID) (kontakt.Entry, error) {
		return a.Room.Urgent(r.Context(), id, in.Urgent, reason)
	})
}

func (a *API) remove(r *request) (reply, error) {
	in, err := decode[wire.RemoveRequest](r.body)
	if err != nil {
		return reply{}, err
	}
	reason, err := wire.ToReason(in.Reason)
	if err != nil {
		return reply{}, err
	}
	return a.clinicMove(r, kontakt.MoveRemove, reason)
}

func (a *API) restore(r *request) (reply, error) {
	if err := empty(r.body); err != nil {
		return reply{}, err
	}
	return a.clinicMove(r, kontakt.MoveRestore, "")
}

func (a *API) transfer(r *request) (reply, error) {
	in, err := decode[wire.TransferRequest](r.body)
	if err != nil {
		return reply{}, err
	}
	to, err := kontakt.ParseEmployeeID(in.To)
	if err != nil {
		return reply{}, err
	}
	return a.clinicEntry(r, func(id kontakt.EntryID) (kontakt.Entry, error) { return a.Room.Transfer(r.Context(), id, to) })
}

func (a *API) message(r *request) (reply, error) {
	text, err := textOf(r)
	if err != nil {
		return reply{}, err
	}
	return a.clinicEntry(r, func(id kontakt.EntryID) (kontakt.Entry, error) { return a.Messages.Write(r.Context(), id, text) })
}

func (a *API) messageAll(r *request) (reply, error) {
	text, err := textOf(r)
	if err != nil {
		return reply{}, err
	}
	sent, err := a.Messages.WriteAll(r.Context(), text)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.MessageReply{Sent: sent})
}

func textOf(r *request) (string, error) {
	in, err := decode[wire.MessageRequest](r.body)
	if err != nil {
		return "", err
	}
	return wire.ToText(in.Text)
}

func (a *API) delay(r *request) (reply, error) {
	in, err := decode[wire.DelayRequest](r.body)
	if err != nil {
		return reply{}, err
	}
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
	id, err := kontakt.ParseEntryID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	e, err := do(id)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromClinicEntry(e, a.now()))
}
