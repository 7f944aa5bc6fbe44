// Package summary lets a nurse read and write what is to stand in the care journal of her conversations. backend/waiting
// makes a summary in the transaction that ends the conversation, and deletes it when its day is over.
//
// Invariants: a summary is read and written by the employee alone who stood beside the citizen, signed in for the
// municipality for which she did, at a tablet or at a PC; for anybody else it does not exist. It is gone a day after the
// conversation, or at once when she says that it stands in the journal, for good. Reading one leaves an audit row with the
// citizen, as each change does; what is written leaves none of its words anywhere but sealed in its row.
package summary

import (
	"context"
	"errors"
	"slices"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Service is the summaries of all nurses.
type Service struct {
	db   *store.DB
	page string
}

// New makes the service. page is the address at which a summary opens, up to its id.
func New(db *store.DB, page string) *Service { return &Service{db, page} }

// Summaries gives the actor's own, the newest first.
func (s *Service) Summaries(ctx context.Context) ([]kontakt.Summary, error) {
	a, err := actor(ctx)
	if err != nil {
		return nil, err
	}
	if err := rights.Check(a, rights.ListSummaries, rights.Target{}); err != nil {
		return nil, err
	}
	var own []kontakt.Summary
	err = s.db.View(ctx, func(tx *store.Tx) error {
		own = []kontakt.Summary{}
		all, err := tx.Summaries(a.Employee)
		if err != nil {
			return err
		}
		for _, one := range all {
			if rights.Check(a, rights.ReadSummary, target(one)) != nil {
				continue // of another municipality, where she works too
			}
			shown, err := s.view(tx, one)
			if err != nil {
				return err
			}
			own = append(own, shown)
		}
		return nil
	})
	return own, err
}

// Summary gives one.
func (s *Service) Summary(ctx context.Context, id kontakt.SummaryID) (kontakt.Summary, error) {
	var shown kontakt.Summary
	err := s.with(ctx, id, rights.ReadSummary, func(tx *store.Tx, one store.Summary) (err error) {
		shown, err = s.view(tx, one)
		return err
	})
	return shown, err
}

// WriteSummary changes what the nurse adds to one and gives its new version, unless it has changed since it was of version.
func (s *Service) WriteSummary(ctx context.Context, id kontakt.SummaryID, version int, n kontakt.Note) (int, error) {
	err := s.with(ctx, id, rights.WriteSummary, func(tx *store.Tx, _ store.Summary) error { return tx.SaveNote(id, version, n) })
	return version + 1, err
}

// SummaryDone deletes one: it stands in the journal.
func (s *Service) SummaryDone(ctx context.Context, id kontakt.SummaryID) error {
	return s.with(ctx, id, rights.DropSummary, func(tx *store.Tx, _ store.Summary) error { return tx.DropSummary(id) })
}

// with does something to a summary of the actor's and writes the audit row, of a refusal too.
func (s *Service) with(ctx context.Context, id kontakt.SummaryID, do rights.Action, fn func(*store.Tx, store.Summary) error) error {
	a, err := actor(ctx)
	if err != nil {
		return err
	}
	row := store.Audit{Action: string(do)}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		one, err := tx.Summary(id)
		if err != nil {
			return err
		}
		row.Entry, row.Call = one.Entry, one.Call
		if err := rights.Check(a, do, target(one)); err != nil {
			return err
		}
		if err := fn(tx, one); err != nil {
			return err
		}
		done := row
		done.Citizen, done.Mode = one.Citizen, one.Mode
		return tx.Audit(done)
	})
	switch kontakt.KindOf(err) {
	case kontakt.Hidden, kontakt.Forbidden, kontakt.Conflict:
		msg, _ := kontakt.MsgOf(err)
		row.Outcome, row.Reason = store.OutcomeRefused, string(msg)
		if auditErr := s.db.Refused(ctx, row); auditErr != nil {
			err = errors.Join(auditErr, err)
		}
	}
	return err
}

func actor(ctx context.Context) (kontakt.Actor, error) {
	a, ok := kontakt.ActorFrom(ctx)
	if !ok {
		return a, &kontakt.Error{Op: "summary", Kind: kontakt.Unauthenticated, Msg: kontakt.MsgSessionEnded}
	}
	return a, nil
}

func target(s store.Summary) rights.Target {
	return rights.Target{Helper: rights.Helper{Employee: s.Employee, Municipality: s.Municipality}}
}

func (s *Service) view(tx *store.Tx, one store.Summary) (kontakt.Summary, error) {
	citizen, err := tx.Citizen(one.Citizen)
	if err != nil {
		return kontakt.Summary{}, err
	}
	orders, err := ordered(tx, one)
	if err != nil {
		return kontakt.Summary{}, err
	}
	record, err := tx.Record(one.Entry)
	if err != nil {
		return kontakt.Summary{}, err
	}
	consent, withdrawn := consentOf(record)
	return kontakt.Summary{
		Orders: orders, Consent: consent, Withdrawn: withdrawn, Tools: toolsOf(record, one.Conversation), Code: record.Code, ID: one.ID, Version: one.Version, Entry: one.Entry, Citizen: citizen.On(kontakt.DateOf(tx.Now())),
		Conversation: one.Conversation, Note: one.Note, URL: s.page + string(one.ID), ExpiresAt: one.ExpiresAt,
	}, nil
}

// ordered gives the orders of a conversation as they stand now, since one can be confirmed after it: those written from its
// beginning on, and before the place's next conversation, which may be another doctor's.
func ordered(tx *store.Tx, s store.Summary) ([]kontakt.Ordered, error) {
	next, err := tx.NextTalk(s.Entry, s.From)
	if err != nil {
		return nil, err
	}
	all, err := tx.Orders(s.Entry)
	if err != nil {
		return nil, err
	}
	var given []kontakt.Ordered
	for _, o := range all {
		counts := o.State == kontakt.OrderConfirmed || o.State.Unconfirmed()
		if counts && !o.WrittenAt.Before(s.From) && (next.IsZero() || o.WrittenAt.Before(next)) {
			given = append(given, kontakt.Ordered{OrderText: o.OrderText, ConfirmedAt: o.ConfirmedAt})
		}
	}
	return given, nil
}

// consentOf gives how the citizen agreed, as it was stated last, and when that was withdrawn.
func consentOf(r kontakt.Record) (c kontakt.Consent, withdrawn time.Time) {
	for _, line := range r.Lines {
		switch line.What {
		case kontakt.RecordConsent:
			c, withdrawn = kontakt.Consent{Kind: kontakt.ConsentKind(line.Detail), Reason: line.Words}, time.Time{}
		case kontakt.RecordWithdrawn:
			withdrawn = line.At
		}
	}
	return c, withdrawn
}

// toolsOf gives what was shared in a conversation, each once, in that order.
func toolsOf(r kontakt.Record, talk kontakt.Conversation) []string {
	var tools []string
	for _, line := range r.Lines {
		during := !line.At.Before(talk.From) && !line.At.After(talk.To)
		if line.What == kontakt.RecordTool && during && !slices.Contains(tools, line.Detail) {
			tools = append(tools, line.Detail)
		}
	}
	return tools
}
