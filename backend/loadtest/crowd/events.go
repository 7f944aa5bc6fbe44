package crowd

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// silence is how long a page hears nothing before it reconnects (docs/protocol.md).
const silence = 38 * time.Second

// Events delivers what the stream brings from a cursor on, over any number of connections, until ctx ends. Unlike a
// tablet's stream it passes on whatever comes, so that a repeat or a gap is seen. state is told nil when a connection
// stands and why when it has ended; both are called from Events' own goroutine.
func (p *Page) Events(ctx context.Context, at kontakt.Cursor, deliver func(kontakt.Event), state func(error)) {
	pause := 250 * time.Millisecond
	for ctx.Err() == nil {
		stood := false
		err := p.listen(ctx, at, deliver, func() {
			stood = true
			state(nil)
		})
		if ctx.Err() != nil {
			return
		}
		state(err)
		if stood {
			pause = 250 * time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, 5*time.Second)
	}
}

// listen reads one connection and moves at.
func (p *Page) listen(ctx context.Context, at kontakt.Cursor, deliver func(kontakt.Event), stands func()) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watchdog := time.AfterFunc(p.Attempt, cancel)
	defer watchdog.Stop()
	req, err := p.request(ctx, http.MethodGet, "stream?at="+url.QueryEscape(at.String()), nil)
	if err != nil {
		return err
	}
	resp, err := p.http.Do(req)
	if err != nil {
		return unreachable(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return unreachable(errors.New(resp.Status))
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	named := false // an event with a name is a heartbeat
	for lines.Scan() {
		watchdog.Reset(silence)
		if stands != nil {
			stands()
			stands = nil
		}
		line := lines.Text()
		if line == "" {
			named = false
		}
		if strings.HasPrefix(line, "event:") {
			named = true
		}
		data, is := strings.CutPrefix(line, "data: ")
		if !is || named {
			continue
		}
		var w wire.Event
		if err := json.Unmarshal([]byte(data), &w); err != nil {
			return unreachable(err)
		}
		e, err := wire.ToEvent(w)
		if err != nil {
			return unreachable(err)
		}
		at[e.Room] = e.Seq
		deliver(e)
	}
	return unreachable(errors.Join(lines.Err(), errors.New("the stream ended")))
}
