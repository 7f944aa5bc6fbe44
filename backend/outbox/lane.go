package outbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// lane is the worker of one kind: a receiver that does not answer keeps no other kind waiting.
type lane struct {
	w    *Worker
	kind Kind
	wake chan struct{}

	attempts, sent, givenUp atomic.Uint64

	mu    sync.Mutex
	until time.Time // the receiver wants to be left alone
}

// nudge lets the lane look again.
func (l *lane) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// run takes and sends until ctx ends, and returns when the attempts under way have ended.
func (l *lane) run(ctx, attempts context.Context) {
	slots := make(chan struct{}, l.kind.AtOnce)
	var running sync.WaitGroup
	defer running.Wait()
	for {
		taken, wait, err := l.take(ctx, cap(slots)-len(slots))
		if err != nil && ctx.Err() == nil {
			l.w.log.WarnContext(ctx, "outbox: nothing can be taken", "kind", l.kind.Name, "err", err)
		}
		for _, t := range taken {
			slots <- struct{}{} // there is room: only this goroutine fills it
			running.Go(func() {
				defer func() { <-slots; l.nudge() }()
				l.attempt(attempts, t)
			})
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-l.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// task is something taken, with the moment, by this machine's steady clock, at which the lease ends.
type task struct {
	store.Outgoing
	lease time.Time
}

// take takes at most limit that are due, and says after what time to look again.
func (l *lane) take(ctx context.Context, limit int) (taken []task, wait time.Duration, err error) {
	wait = l.w.opt.Poll
	now := l.w.db.Now()
	if limit == 0 || now.Before(l.left()) {
		return nil, min(wait, max(l.left().Sub(now), time.Millisecond)), nil
	}
	var next time.Time
	if err := l.w.db.View(ctx, func(tx *store.Tx) (err error) { next, err = tx.NextOutgoing(l.kind.Name); return err }); err != nil || next.IsZero() {
		return nil, wait, err
	}
	if next.After(now) {
		return nil, min(wait, next.Sub(now)), nil
	}
	lease := time.Now().Add(l.w.lease())
	var rows []store.Outgoing
	err = l.w.db.Stamp(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.TakeOutgoing(l.kind.Name, limit, l.w.lease())
		return err
	})
	if err != nil {
		return nil, wait, err
	}
	for _, o := range rows {
		taken = append(taken, task{o, lease})
	}
	return taken, time.Millisecond, nil
}

func (l *lane) left() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until
}

// attempt sends one and notes how it went, unless the lease ends before.
func (l *lane) attempt(ctx context.Context, t task) {
	ctx, cancel := context.WithDeadline(ctx, t.lease)
	defer cancel()
	if why, over := l.hopeless(t.Outgoing); over {
		l.giveUp(ctx, t, why)
		return
	}
	l.attempts.Add(1)
	within, stop := context.WithTimeout(ctx, l.w.opt.Within)
	err := l.send(within, t.Outgoing)
	stop()
	if err == nil {
		l.sent.Add(1)
		l.note(ctx, t, func(tx *store.Tx) error { return tx.SentOutgoing(t.ID) })
		return
	}
	kind := kontakt.KindOf(err)
	now := l.w.db.Now()
	next := now.Add(l.pause(t.Attempts, err))
	l.logged(t.Outgoing, err)
	if !kind.Transient() || t.Attempts >= l.w.opt.Attempts || next.After(t.CreatedAt.Add(l.w.opt.Expire)) {
		l.giveUp(ctx, t, kind)
		return
	}
	l.note(ctx, t, func(tx *store.Tx) error { return tx.FailedOutgoing(t.Outgoing, kind, next) })
}

// hopeless says which are given up without an attempt: those that do not open, those that are too old, and those whose
// last attempt never came to an end.
func (l *lane) hopeless(o store.Outgoing) (kontakt.Kind, bool) {
	switch {
	case o.Damaged:
		return kontakt.Internal, true
	case o.Attempts > l.w.opt.Attempts, l.w.db.Now().After(o.CreatedAt.Add(l.w.opt.Expire)):
		if o.Error == "" {
			return kontakt.Unavailable, true
		}
		return o.Error, true
	}
	return "", false
}

// send makes the attempt. A sender that panics is one that failed.
func (l *lane) send(ctx context.Context, o store.Outgoing) (err error) {
	defer func() {
		if v := recover(); v != nil {
			l.w.log.ErrorContext(ctx, "outbox: panic", "kind", l.kind.Name, "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			err = &kontakt.Error{Op: "outbox.send", Kind: kontakt.Internal}
		}
	}()
	if err := ctx.Err(); err != nil {
		return &kontakt.Error{Op: "outbox.send", Kind: kontakt.Unavailable, Err: err}
	}
	return l.kind.Sender.Send(ctx, string(o.ID), o.Payload)
}

// longestWish is how long a receiver is left alone at most, whatever it asks for.
const longestWish = time.Hour

// pause is the time until the next attempt: twice as long after each, with half of it by chance so that what failed
// together does not come back together. What the receiver asks for goes for all of the kind.
func (l *lane) pause(attempts int, err error) time.Duration {
	d := l.w.opt.Longest
	if doubled := l.w.opt.First << min(attempts-1, 30); doubled > 0 {
		d = min(d, doubled)
	}
	d = d/2 + rand.N(d/2+1)
	asked, ok := errors.AsType[interface {
		error
		RetryAfter() time.Duration
	}](err)
	if !ok {
		return d
	}
	wish := min(asked.RetryAfter(), longestWish)
	l.mu.Lock()
	if until := l.w.db.Now().Add(wish); until.After(l.until) {
		l.until = until
	}
	l.mu.Unlock()
	return max(d, wish)
}

func (l *lane) giveUp(ctx context.Context, t task, why kontakt.Kind) {
	l.givenUp.Add(1)
	l.w.log.ErrorContext(ctx, "outbox: given up; kontaktd outbox list shows it", "kind", l.kind.Name, "id", t.ID, "attempts", t.Attempts, "failure", why)
	l.note(ctx, t, func(tx *store.Tx) error { return tx.FailedOutgoing(t.Outgoing, why, time.Time{}) })
}

// logged says what went wrong; the words of an error that is not ours may be of the receiver's choosing and stay out.
func (l *lane) logged(o store.Outgoing, err error) {
	attributes := []any{"kind", l.kind.Name, "id", o.ID, "attempts", o.Attempts, "failure", kontakt.KindOf(err)}
	if ours, ok := errors.AsType[*kontakt.Error](err); ok {
		attributes = append(attributes, "err", ours)
	}
	l.w.log.Warn("outbox: attempt failed", attributes...)
}

// note writes how an attempt went, again and again while the lease lasts: a database that is away for a moment is no
// reason to send twice. When the worker's time to stop is over too, one try is left.
func (l *lane) note(ctx context.Context, t task, fn func(tx *store.Tx) error) {
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.w.opt.Within)
	defer cancel()
	for {
		err := l.w.db.Stamp(within, fn)
		if err == nil {
			return
		}
		select {
		case <-time.After(noteAgain):
			continue
		case <-ctx.Done():
		case <-within.Done():
		}
		l.w.log.Error("outbox: how an attempt went is not noted; it will be repeated", "kind", l.kind.Name, "id", t.ID, "err", err)
		return
	}
}

// noteAgain is the pause between two tries to note how an attempt went.
const noteAgain = 250 * time.Millisecond
