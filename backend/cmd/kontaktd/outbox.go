package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

type outboxes struct {
	List  outboxList  `cmd:"" help:"Say what waits to be sent, or was given up. Never shows numbers or texts."`
	Retry outboxRetry `cmd:"" help:"Let what was given up be tried again."`
	Drop  outboxDrop  `cmd:"" help:"Delete what waits or was given up, unsent."`
}

// outboxShown is how many rows are listed of each state.
const outboxShown = 1000

type outboxList struct {
	backend.Storage `embed:""`
	State           string `default:"dead" enum:"dead,due,done" help:"Which: dead (given up), due (waits) or done (sent in the last three days). Default: ${default}."`
}

// Run lists them, the oldest first.
func (o outboxList) Run(ctx context.Context, out io.Writer) error {
	var all []store.Outgoing
	err := on(ctx, o.Storage, func(db *store.DB) error {
		return db.View(ctx, func(tx *store.Tx) (err error) {
			all, err = tx.Outgoing(store.OutboxState(o.State), outboxShown)
			return err
		})
	})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		_, err := fmt.Fprintf(out, "nothing is %s\n", o.State)
		return err
	}
	local := func(t time.Time) string { return t.In(kontakt.Denmark).Format("2006-01-02 15:04:05") }
	return table(out, func(line func(...any)) {
		line("ID", "KIND", "SINCE", "ATTEMPTS", "FAILURE")
		for _, row := range all {
			line(row.ID, row.Kind, local(row.CreatedAt), row.Attempts, row.Error)
		}
	})
}

// settling is what both ways of settling are told.
type settling struct {
	backend.Storage `embed:""`
	ID              []string `arg:"" optional:"" name:"id" help:"Which, as kontaktd outbox list names them."`
	All             bool     `help:"All that were given up."`
}

type outboxRetry struct{ settling }

// Run makes them due again; a running server sends them within seconds.
func (o outboxRetry) Run(ctx context.Context, out io.Writer) error {
	return o.settle(ctx, out, "outbox.retry", "will be tried again", (*store.Tx).RetryOutgoing)
}

type outboxDrop struct{ settling }

// Run deletes them.
func (o outboxDrop) Run(ctx context.Context, out io.Writer) error {
	return o.settle(ctx, out, "outbox.drop", "deleted", (*store.Tx).DropOutgoing)
}

// named reads which are named: none where all are meant.
func (o settling) named() (ids []kontakt.OutboxID, err error) {
	if o.All == (len(o.ID) > 0) {
		return nil, errors.New("name some, as kontaktd outbox list does, or say --all")
	}
	for _, name := range o.ID {
		id, err := kontakt.ParseOutboxID(name)
		if err != nil {
			return nil, fmt.Errorf("%q is no id of kontaktd outbox list", name)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// settle does the same to each that is named, or to all that were given up; to all of them or, where one is not there, to
// none.
func (o settling) settle(ctx context.Context, out io.Writer, action, done string, do func(*store.Tx, kontakt.OutboxID) error) error {
	ids, err := o.named()
	if err != nil {
		return err
	}
	return on(ctx, o.Storage, func(db *store.DB) error {
		settled := ids
		err := db.Update(ctx, func(tx *store.Tx) error {
			if o.All {
				dead, err := tx.Outgoing(store.OutboxDead, outboxShown)
				if err != nil {
					return err
				}
				settled = nil
				for _, row := range dead {
					settled = append(settled, row.ID)
				}
			}
			for _, id := range settled {
				if err := settleOne(tx, id, action, do); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, id := range settled {
			if _, err := fmt.Fprintln(out, id, done); err != nil {
				return err
			}
		}
		if len(settled) == 0 {
			_, err = fmt.Fprintln(out, "nothing is dead")
		}
		return err
	})
}

func settleOne(tx *store.Tx, id kontakt.OutboxID, action string, do func(*store.Tx, kontakt.OutboxID) error) error {
	err := do(tx, id)
	if kontakt.KindOf(err) == kontakt.NotFound {
		return fmt.Errorf("%s is not there, or is not given up: kontaktd outbox list shows those that are", id)
	}
	if err != nil {
		return err
	}
	return tx.Audit(store.Audit{By: &kontakt.Actor{Role: kontakt.RoleIT}, Action: action, Reason: string(id)})
}
