package stream

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// chunk is how many rooms or devices one transaction looks at.
const chunk = 500

// Run tells presence, makes good missed wake-ups and cuts slow readers, until ctx ends; then it closes all readers. A
// failure is logged and tried again.
func (h *Hub) Run(ctx context.Context) error {
	seen, poll := time.NewTicker(seenEvery), time.NewTicker(pollEvery)
	defer seen.Stop()
	defer poll.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			for _, s := range h.all() {
				s.Close()
			}
			return nil
		case <-seen.C:
			err = h.tellSeen(ctx)
		case <-poll.C:
			h.cutSlow(h.db.Now())
			err = h.poll(ctx)
		case <-h.missed:
			err = h.poll(ctx)
		}
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "stream: upkeep", "err", err)
		}
	}
}

func (h *Hub) all() []*Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := map[*Subscription]struct{}{}
	for _, a := range h.rooms {
		for _, s := range a.readers {
			all[s] = struct{}{}
		}
	}
	return slices.Collect(maps.Keys(all))
}

func (h *Hub) tellSeen(ctx context.Context) error {
	h.mu.Lock()
	devices := slices.Sorted(maps.Keys(h.devices))
	var calls []kontakt.CallID
	var clinics []kontakt.ClinicID
	for room, a := range h.rooms {
		switch kind, id := room.Split(); kind {
		case "call":
			if slices.ContainsFunc(a.readers, func(s *Subscription) bool { return s.guest == nil }) { // a guest alone is nobody's call
				calls = append(calls, kontakt.CallID(id))
			}
		case "clinic":
			clinics = append(clinics, kontakt.ClinicID(id))
		}
	}
	h.mu.Unlock()
	for some := range slices.Chunk(devices, chunk) {
		if err := h.presence.Seen(ctx, some); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(calls, chunk) {
		if err := h.presence.Attended(ctx, some); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(clinics, chunk) {
		if err := h.presence.Staffed(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// poll wakes the readers of rooms whose counter has moved since it was last looked at.
func (h *Hub) poll(ctx context.Context) error {
	h.mu.Lock()
	rooms := slices.Sorted(maps.Keys(h.rooms))
	h.mu.Unlock()
	for some := range slices.Chunk(rooms, chunk) {
		var at kontakt.Cursor
		if err := h.db.View(ctx, func(tx *store.Tx) (err error) { at, err = tx.Cursor(some...); return err }); err != nil {
			return err
		}
		h.wake(h.moved(at))
	}
	return nil
}

// moved gives the rooms whose counter is not what the last poll saw.
func (h *Hub) moved(at kontakt.Cursor) []kontakt.Room {
	moved := []kontakt.Room{} // wake takes nil for all of them
	h.mu.Lock()
	defer h.mu.Unlock()
	for room, seq := range at {
		if a, read := h.rooms[room]; read && a.polled != seq {
			a.polled = seq
			h.rooms[room] = a
			moved = append(moved, room)
		}
	}
	return moved
}

// cutSlow closes the readers that have left events lying for too long.
func (h *Hub) cutSlow(now time.Time) {
	for _, s := range h.all() {
		s.mu.Lock()
		slow := len(s.dirty) > 0 && now.Sub(s.since) > slowAfter
		s.mu.Unlock()
		if slow {
			s.Close()
		}
	}
}
