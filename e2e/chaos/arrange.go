package main

import (
	"context"

	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// arrange does what a clinic does with its line besides calling: order, removal and its taking back, hand-over, words.
func (c *clinician) arrange(ctx context.Context) {
	if len(c.rows) == 0 {
		c.list(ctx)
		return
	}
	p, other := c.rows[c.rng.IntN(len(c.rows))].Entry, c.rows[c.rng.IntN(len(c.rows))].Entry
	switch n := c.rng.IntN(10); {
	case n < 2:
		if other != p {
			c.move(ctx, history.Reorder, p, "place", wire.PlaceRequest{Before: string(other), Reason: "prøve"})
		}
	case n < 4:
		c.move(ctx, history.Urgent, p, "urgent", wire.UrgentRequest{Urgent: c.chance(60), Reason: "prøve"})
	case n < 6:
		c.move(ctx, history.Remove, p, "remove", wire.RemoveRequest{Reason: "prøve"})
		c.removed = p
	case n < 7:
		if c.removed != "" {
			c.move(ctx, history.Restore, c.removed, "restore", nil)
		}
	case n < 9:
		if to := c.colleague(); to != "" {
			c.move(ctx, history.Transfer, p, "transfer", wire.TransferRequest{To: string(to)})
		}
	default:
		c.move(ctx, history.Message, p, "message", wire.MessageRequest{Text: "Det varer lidt endnu."})
	}
}

func (c *clinician) colleague() kontakt.EmployeeID {
	var all []kontakt.EmployeeID
	for _, s := range c.run.crowd.Staff {
		if s.Clinic == c.who.Clinic && s.ID != c.who.ID {
			all = append(all, s.ID)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return all[c.rng.IntN(len(all))]
}

// move asks for something that the protocol answers with the row.
func (c *clinician) move(ctx context.Context, kind history.Kind, id kontakt.EntryID, verb string, in any) {
	c.change(ctx, c.op(kind, id), func(ctx context.Context, key string) (history.Reply, error) {
		row, err := c.page.Move(ctx, id, verb, in, key)
		got := rowOf(row)
		return history.Reply{Got: &got}, err
	})
}
