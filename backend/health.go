package backend

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"kontaktlaege/backend/store"
)

// relayEvery is how often the relay is tried, and relayWithin how long one try may take.
const (
	relayEvery  = time.Minute
	relayWithin = 30 * time.Second
)

// relayState is what the last try of the relay said.
type relayState struct{ err error }

// watchRelay tries the relay at the start and then every minute, and says each change.
func (s *Server) watchRelay(ctx context.Context) error {
	tick := time.NewTicker(relayEvery)
	defer tick.Stop()
	for {
		within, cancel := context.WithTimeout(ctx, relayWithin)
		err := s.relay.Check(within)
		cancel()
		if ctx.Err() != nil {
			return nil
		}
		was := s.relayIs.Swap(&relayState{err})
		s.meter.relayUp(err == nil)
		switch {
		case err != nil:
			s.log.Error("relay: not reachable", "err", err)
		case was == nil || was.err != nil:
			s.log.Info("relay: reachable", "urls", s.relay.URLs())
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// health answers 200 while places can be kept, which takes a database that can be written. A relay that is down is told
// but is no reason to take us out of service: most calls find a direct way.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	said := struct {
		Status   string `json:"status"`
		Database string `json:"database"`
		Relay    string `json:"relay"`
	}{"ok", "ok", "ok"}
	status := http.StatusOK
	switch is := s.relayIs.Load(); {
	case is == nil:
		said.Relay = "not tried yet"
	case is.err != nil:
		said.Status, said.Relay = "degraded", "not reachable"
	}
	if err := s.writable.ask(r.Context(), s.db); err != nil {
		s.log.Error("healthz", "err", err)
		said.Status, said.Database = "down", "cannot be written"
		status = http.StatusServiceUnavailable
	}
	body, err := json.Marshal(said)
	if err != nil {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(body)
}

// writableFor is how long one answer of the database serves all who ask: anyone may ask, and each try is a write.
const writableFor = time.Second

// writable tries whether the database can be written.
type writable struct {
	mu   sync.Mutex
	at   time.Time
	last error
}

func (w *writable) ask(ctx context.Context, db *store.DB) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := db.Now(); w.at.IsZero() || now.Sub(w.at) >= writableFor || now.Before(w.at) {
		w.last = db.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			return tx.SetSetting("healthz", tx.Now().Format(time.RFC3339))
		})
		w.at = db.Now()
	}
	return w.last
}
