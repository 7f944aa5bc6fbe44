package waiting

import (
	"context"
	"slices"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// sends says which kinds of signal a side may send: the tablet always offers.
var sends = map[side][]kontakt.SignalKind{
	tablet: {kontakt.SignalOffer, kontakt.SignalCandidates, kontakt.SignalState},
	clinic: {kontakt.SignalAnswer, kontakt.SignalCandidates, kontakt.SignalState, kontakt.SignalReady},
}

// Signal adds to a call's negotiation and gives the Seq of the last. From is set here, whatever the sender says. It is
// not audited: what the call itself does is.
func (s *Service) Signal(ctx context.Context, id kontakt.CallID, signals []kontakt.Signal) (kontakt.Seq, error) {
	const op = "waiting.Signal"
	a, err := actor(ctx)
	if err != nil {
		return 0, err
	}
	by, from := sideOf(a), kontakt.ParticipantTablet
	if by == clinic {
		from = kontakt.ParticipantClinic
	}
	if len(signals) == 0 || len(signals) > kontakt.MaxSignals {
		return 0, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	for _, one := range signals {
		if !slices.Contains(sends[by], one.Kind) || len(one.Candidates) > kontakt.MaxCandidates {
			return 0, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
		}
	}
	var seq kontakt.Seq
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		if _, err := runningCall(tx, a, id, op); err != nil {
			return err
		}
		for _, one := range signals {
			if seq, err = tx.Append(kontakt.CallRoom(id), kontakt.EventSignal, signalData(one, from)); err != nil {
				return err
			}
		}
		return nil
	})
	return seq, err
}

// runningCall gives a call to who may signal in it; Gone once it has ended.
func runningCall(tx *store.Tx, a kontakt.Actor, id kontakt.CallID, op string) (store.Call, error) {
	call, err := tx.Call(id)
	if err != nil {
		return store.Call{}, err
	}
	if err := rights.Check(a, rights.Signal, ofCall(call)); err != nil {
		return store.Call{}, err
	}
	if !call.EndedAt.IsZero() {
		return store.Call{}, &kontakt.Error{Op: op, Kind: kontakt.Gone, Msg: kontakt.MsgWrongState}
	}
	return call, nil
}

func ofCall(c store.Call) rights.Target {
	return rights.Target{Clinic: c.Clinic, Devices: []kontakt.DeviceID{c.Device}, Clinician: c.Clinician}
}

func signalData(s kontakt.Signal, from string) signal {
	data := signal{From: from, To: s.To, Kind: s.Kind, Peer: s.Peer, SDP: s.SDP, Muted: s.Muted, CameraOff: s.CameraOff}
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
