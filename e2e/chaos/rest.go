package main

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
)

// comeToRest asks everybody once more, has every place called and ended, and waits until every reader has everything.
func (r *run) comeToRest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.patience())
	defer cancel()
	r.resting.Store(true)
	var asked sync.WaitGroup
	for _, t := range r.tablets {
		asked.Go(func() {
			// The stream that lived through the faults goes on; only a tablet that was off is switched on.
			if !t.on && !t.boot(ctx) {
				r.history.NotAtRest(t.name + " could not be used any more")
				return
			}
			t.hold(ctx)
			t.reader.Whole = true
		})
	}
	asked.Wait()
	var drained sync.WaitGroup
	for _, clinic := range r.crowd.Clinics {
		drained.Go(func() { r.drain(ctx, clinic.ID) })
	}
	drained.Wait()
	r.history.Drained = true
	r.say("every place was called and ended, or could not be")
	catching, cancel := context.WithTimeout(r.life, r.patience())
	defer cancel()
	if err := r.reading(func(db *sql.DB) error { return r.caughtUp(catching, db) }); err != nil {
		return err
	}
	r.end()
	for _, t := range r.tablets {
		if t.dead != nil {
			<-t.dead
		}
	}
	for _, c := range r.clinicians {
		<-c.dead
	}
	return nil
}

// drain has every place of a clinic called by a clinician, answered and ended by its tablet.
func (r *run) drain(ctx context.Context, clinic kontakt.ClinicID) {
	var doctor *clinician
	for _, c := range r.clinicians {
		if c.who.Clinic == clinic {
			doctor = c
			break
		}
	}
	if doctor == nil {
		return // a clinic without clinicians takes nobody in: the crowd deals them out
	}
	for ctx.Err() == nil {
		doctor.list(ctx)
		open := 0
		for _, p := range doctor.rows {
			if !p.State.Open() {
				continue
			}
			open++
			if t := r.owner(p.Entry); t != nil {
				t.finish(ctx, doctor, p)
			}
		}
		if open == 0 {
			return
		}
		pause(ctx, 100*time.Millisecond)
	}
	r.history.NotAtRest(fmt.Sprintf("%s could not end all its places in time: %v", clinic, doctor.rows))
}

func (r *run) owner(id kontakt.EntryID) *tablet {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.owners[id]
}

// finish brings one place to its end.
func (t *tablet) finish(ctx context.Context, doctor *clinician, p history.Place) {
	t.turn.Lock()
	defer t.turn.Unlock()
	if p.State == kontakt.EntryInCall || p.State == kontakt.EntryInterrupted {
		doctor.end(ctx, p.Entry) // of several tablets that hold the place, only the one that answered may
		return
	}
	if p.State == kontakt.EntryWaiting {
		if doctor.start(ctx, p).Got == nil {
			return // the tablet or the citizen is in another call; later
		}
		p.State = kontakt.EntryCalled
	}
	if p.State == kontakt.EntryCalled && t.move(ctx, p, kontakt.MoveAnswer, "").Got == nil {
		return // it rang too long; later
	}
	t.move(ctx, p, kontakt.MoveEnd, "done")
}

// caughtUp waits until every reader that stands has all that the log has.
func (r *run) caughtUp(ctx context.Context, db *sql.DB) error {
	for {
		at, err := ends(ctx, db)
		if err != nil {
			return err
		}
		late := ""
		for _, t := range r.tablets {
			select {
			case <-t.lost: // a place was taken over from it while it could not be told
				t.powerCut()
				t.reader.Whole = false
				if t.boot(ctx) {
					t.reader.Whole = true
				}
			default:
			}
		}
		for _, reader := range r.history.Readers {
			if !reader.Whole {
				continue
			}
			for room, seq := range reader.At() {
				if kind, _ := room.Split(); kind != "call" && seq < at[room] {
					late = fmt.Sprintf("%s has %d of %d events of %s", reader.Name, seq, at[room], room)
				}
			}
		}
		if late == "" {
			return nil
		}
		if !pause(ctx, 200*time.Millisecond) {
			r.history.NotAtRest("long after the last fault, " + late)
			return nil
		}
	}
}
