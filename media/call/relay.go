package call

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
)

// renewPause lies between tries to get credentials that are missing.
const renewPause = 30 * time.Second

// keepRelay keeps the credentials for the relay fresh: a path that is lost after hours of talk is looked for with ones
// that the relay still takes.
func (s *session) keepRelay(ctx context.Context) {
	lasts := s.setup.Relay.ExpiresIn
	for {
		pause := lasts - relayMargin
		if pause <= 0 {
			pause = renewPause
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
		relay, err := s.setup.Renew(ctx)
		if err != nil {
			lasts = 0
			continue
		}
		lasts = relay.ExpiresIn
		s.use(relay)
	}
}

// use has the next search for a path use other credentials.
func (l *leg) use(relay kontakt.Relay) {
	l.relay = relay
	if l.line == nil {
		return
	}
	if err := l.line.use(relay); err != nil {
		l.log.Warn("call: new relay credentials not taken", "err", err)
	}
}
