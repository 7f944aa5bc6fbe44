package waiting

import (
	"context"
	"slices"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Signal adds to a call's negotiation and gives the Seq of its room then. From is set here, whatever the sender says. It
// is not audited: what the call itself does is.
func (s *Service) Signal(ctx context.Context, id kontakt.CallID, signals []kontakt.Signal) (kontakt.Seq, error) {
	const op = "waiting.Signal"
	a, err := actor(ctx)
	if err != nil {
		return 0, err
	}
	if len(signals) == 0 || len(signals) > kontakt.MaxSignals {
		return 0, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	var seq kontakt.Seq
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		call, err := runningCall(tx, a, id, op)
		if err != nil {
			return err
		}
		all, err := tx.Guests(call.Entry)
		if err != nil {
			return err
		}
		fit, err := addressed(signals, participant(a), all)
		if err != nil {
			return err
		}
		if len(fit) == 0 {
			seq, err = tx.Seq(kontakt.CallRoom(id))
			return err
		}
		for _, one := range fit {
			if seq, err = tx.Append(kontakt.CallRoom(id), kontakt.EventSignal, signalData(one)); err != nil {
				return err
			}
		}
		return nil
	})
	return seq, err
}

// addressed gives those of a sender's signals that somebody is to read, each with who that is. Between tablet and clinic
// it needs not be said. One to a guest of the place who is not in the call is left out: who has just gone reads nothing
// any more, and who has sent it could not know. Any other that does not fit refuses them all.
func addressed(signals []kontakt.Signal, from string, guests []store.Guest) ([]kontakt.Signal, error) {
	in := participantsOf(guests)
	known := func(g store.Guest, s kontakt.Signal) bool {
		return string(g.ID) == s.To && g.State != kontakt.GuestAdmitted
	}
	var fit []kontakt.Signal
	for _, one := range signals {
		one.From = from
		if one.To == "" && one.Kind != kontakt.SignalState {
			one.To = map[string]string{kontakt.ParticipantTablet: kontakt.ParticipantClinic, kontakt.ParticipantClinic: kontakt.ParticipantTablet}[from]
		}
		switch {
		case len(one.Candidates) > kontakt.MaxCandidates:
			return nil, &kontakt.Error{Op: "waiting.Signal", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
		case slices.ContainsFunc(guests, func(g store.Guest) bool { return known(g, one) }):
			continue
		case !in.fits(one, from):
			return nil, &kontakt.Error{Op: "waiting.Signal", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
		}
		fit = append(fit, one)
	}
	return fit, nil
}

// runningCall gives a call to who may signal in it; Gone once it has ended.
func runningCall(tx *store.Tx, a kontakt.Actor, id kontakt.CallID, op string) (store.Call, error) {
	call, err := tx.Call(id)
	if err != nil {
		return store.Call{}, err
	}
	if err := maySignal(tx, a, call); err != nil {
		return store.Call{}, err
	}
	if !call.EndedAt.IsZero() {
		return store.Call{}, &kontakt.Error{Op: op, Kind: kontakt.Gone, Msg: kontakt.MsgWrongState}
	}
	return call, nil
}

// maySignal says whether the actor may read and write a call's negotiation: of the guests one who is let in, while the
// call lasts.
func maySignal(tx *store.Tx, a kontakt.Actor, c store.Call) error {
	var guest store.Guest
	if a.Guest != "" {
		var err error
		if guest, err = tx.Guest(a.Guest); err != nil {
			return err
		}
	}
	return rights.Check(a, rights.Signal, callOf(c, guest))
}

// callOf is what rights ask about a call, and about a guest where one asks.
func callOf(c store.Call, g store.Guest) rights.Target {
	t := rights.Target{Clinic: c.Clinic, Devices: []kontakt.DeviceID{c.Device}, Clinician: c.Clinician}
	if g.Entry == c.Entry && g.State == kontakt.GuestAdmitted && c.EndedAt.IsZero() {
		t.Guests = []kontakt.GuestID{g.ID}
	}
	return t
}

func signalData(s kontakt.Signal) signal {
	data := signal{From: s.From, To: s.To, Kind: s.Kind, Peer: s.Peer, SDP: s.SDP, Muted: s.Muted, CameraOff: s.CameraOff, Rung: s.Rung}
	for _, c := range s.Candidates {
		data.Candidates = append(data.Candidates, candidate(c))
	}
	return data
}

// CallEntry gives the entry whose call this is, to those who are in the call.
func (s *Service) CallEntry(ctx context.Context, id kontakt.CallID) (kontakt.Entry, error) {
	var found kontakt.Entry
	a, err := actor(ctx)
	if err != nil {
		return found, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		call, err := runningCall(tx, a, id, "waiting.CallEntry")
		if err != nil {
			return err
		}
		p, err := load(tx, call.Entry)
		if err != nil {
			return err
		}
		found, err = s.view(tx, p, a)
		return err
	})
	return found, err
}
