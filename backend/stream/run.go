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
	known := kontakt.Cursor{}
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
			known, err = h.poll(ctx, known)
		case <-h.missed:
			known, err = h.poll(ctx, known)
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
	for _, subs := range h.rooms {
		for _, s := range subs {
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
	for room := range h.rooms {
		switch kind, id := room.Split(); kind {
		case "call":
			calls = append(calls, kontakt.CallID(id))
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
func (h *Hub) poll(ctx context.Context, known kontakt.Cursor) (kontakt.Cursor, error) {
	h.mu.Lock()
	rooms := slices.Sorted(maps.Keys(h.rooms))
	h.mu.Unlock()
	now := kontakt.Cursor{}
	for some := range slices.Chunk(rooms, chunk) {
		var at kontakt.Cursor
		if err := h.db.View(ctx, func(tx *store.Tx) (err error) { at, err = tx.Cursor(some...); return err }); err != nil {
			return known, err
		}
		maps.Copy(now, at)
	}
	for room, seq := range now {
		if seq != known[room] {
			h.wake([]kontakt.Room{room})
		}
	}
	return now, nil
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
