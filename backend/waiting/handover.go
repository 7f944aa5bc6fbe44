package waiting

import (
	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// actionHandOver is the audit's word for a place that was handed over, or is to be when its call has ended.
const actionHandOver rights.Action = "entry.hand_over"

// HandOver gives all places that a tablet holds to another nurse and her tablet: those in a call when that has ended. It
// says how many that are. Who may is for the caller, in whose transaction it runs, to say.
func (s *Service) HandOver(tx *store.Tx, from kontakt.DeviceID, to kontakt.Actor) (now, later int, err error) {
	all, err := tx.DeviceEntries(from)
	if err != nil {
		return 0, 0, err
	}
	for _, e := range all {
		p, err := withCall(tx, e)
		if err == nil {
			p, err = s.handOver(tx, p, from, to)
		}
		switch {
		case err != nil:
			return 0, 0, err
		case p.entry.State == kontakt.EntryWaiting:
			now++
		default:
			later++
		}
	}
	return now, later, nil
}

// TakeIn gives a place that is open to a nurse and her tablet, from whatever tablets hold it.
func (s *Service) TakeIn(tx *store.Tx, id kontakt.EntryID, to kontakt.Actor) error {
	p, err := load(tx, id)
	if err != nil {
		return err
	}
	for _, h := range p.holders {
		if p, err = s.handOver(tx, p, h.Device, to); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) handOver(tx *store.Tx, p place, from kontakt.DeviceID, to kontakt.Actor) (place, error) {
	return s.apply(tx, p, act{move: moveHandOver, by: tablet, device: from, toDevice: to.Device, to: to.Employee}, actionHandOver)
}
