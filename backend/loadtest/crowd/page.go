package crowd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// clinicCookie holds a clinic's session (docs/protocol.md).
const clinicCookie = "__Host-klinik"

// Page speaks for a clinician as the clinic's page does: with a cookie, and a change that was not answered is sent again
// under its key. It is safe for use from everywhere at once.
type Page struct {
	base  string
	staff Staff
	http  *http.Client

	Attempt  time.Duration // for one request: 10 s
	Patience time.Duration // for all attempts at one: 2 min
}

// NewPage makes a page that reaches the backend at base by h; nil: a client of its own.
func NewPage(base string, staff Staff, h *http.Client) *Page {
	if h == nil {
		h = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	}
	return &Page{base: base, staff: staff, http: h, Attempt: 10 * time.Second, Patience: 2 * time.Minute}
}

// Close lets idle connections go.
func (p *Page) Close() { p.http.CloseIdleConnections() }

// List gives the clinic's places and where the clinic's room is read on from.
func (p *Page) List(ctx context.Context) ([]wire.ClinicEntry, kontakt.Cursor, error) {
	var out wire.ClinicEntries
	if err := p.do(ctx, http.MethodGet, "clinic/entries", "", nil, &out); err != nil {
		return nil, nil, err
	}
	at, err := kontakt.ParseCursor(out.Cursor)
	return out.Entries, at, err
}

// Start calls a citizen in, as seen at a version.
func (p *Page) Start(ctx context.Context, id kontakt.EntryID, version int, key string) (wire.StartReply, error) {
	var out wire.StartReply
	err := p.do(ctx, http.MethodPost, "clinic/entries/"+string(id)+"/start", key, wire.StartRequest{Version: version}, &out)
	return out, err
}

// NoAnswer gives up a ring.
func (p *Page) NoAnswer(ctx context.Context, id kontakt.EntryID, key string) (wire.ClinicEntry, error) {
	return p.Move(ctx, id, "no-answer", nil, key)
}

// End ends a call.
func (p *Page) End(ctx context.Context, id kontakt.EntryID, reason, key string) (wire.ClinicEntry, error) {
	return p.Move(ctx, id, "end", wire.EndRequest{Reason: reason}, key)
}

// Signal adds to a call's negotiation.
func (p *Page) Signal(ctx context.Context, id kontakt.CallID, all []wire.Signal, key string) error {
	return p.do(ctx, http.MethodPost, "calls/"+string(id)+"/signals", key, wire.SignalsRequest{Signals: all}, &wire.SignalsReply{})
}

// MessageAll writes to everybody who waits, and says how many that are.
func (p *Page) MessageAll(ctx context.Context, text, key string) (int, error) {
	var out wire.MessageReply
	err := p.do(ctx, http.MethodPost, "clinic/message", key, wire.MessageRequest{Text: text}, &out)
	return out.Sent, err
}

// Move sends what the protocol answers with the row: POST /clinic/entries/{id}/{verb}.
func (p *Page) Move(ctx context.Context, id kontakt.EntryID, verb string, in any, key string) (wire.ClinicEntry, error) {
	var out wire.ClinicEntry
	err := p.do(ctx, http.MethodPost, "clinic/entries/"+string(id)+"/"+verb, key, in, &out)
	return out, err
}

// SetOpening opens or closes the clinic's room.
func (p *Page) SetOpening(ctx context.Context, in wire.OpeningRequest, key string) (wire.ClinicView, error) {
	var out wire.ClinicView
	err := p.do(ctx, http.MethodPost, "clinic/opening", key, in, &out)
	return out, err
}

// do sends a request until it is answered for good, ctx ends or patience does.
func (p *Page) do(ctx context.Context, method, path, key string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, p.Patience)
	defer cancel()
	pause := 250 * time.Millisecond
	for {
		err := p.once(ctx, method, path, key, in, out)
		if !kontakt.KindOf(err).Transient() || err == nil || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, 5*time.Second)
	}
}

func (p *Page) once(ctx context.Context, method, path, key string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, p.Attempt)
	defer cancel()
	req, err := p.request(ctx, method, path, in)
	if err != nil {
		return err
	}
	if key != "" {
		req.Header.Set(wire.IdempotencyHeader, key)
	}
	resp, err := p.http.Do(req)
	if err != nil {
		return unreachable(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if err != nil {
		return unreachable(err)
	}
	if resp.StatusCode >= 300 {
		return problem(resp.StatusCode, body)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return unreachable(errors.New("the answer is not JSON"))
	}
	return nil
}

func (p *Page) request(ctx context.Context, method, path string, in any) (*http.Request, error) {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.base+"/api/v1/"+path, body)
	if err != nil {
		return nil, err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set(wire.VersionHeader, strconv.Itoa(wire.Version))
	req.AddCookie(&http.Cookie{Name: clinicCookie, Value: p.staff.session})
	return req, nil
}

func unreachable(err error) error {
	return &kontakt.Error{Op: "crowd.Page", Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable, Err: err}
}

func problem(status int, body []byte) error {
	var p wire.Problem
	if json.Unmarshal(body, &p) != nil || p.Kind == "" {
		return unreachable(fmt.Errorf("status %d without a problem", status))
	}
	return wire.ToError(p, "crowd.Page")
}
