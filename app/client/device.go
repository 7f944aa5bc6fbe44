package client

import (
	"context"
	"errors"
	"net/http"
	"time"

	"kontaktlaege/auth"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// deviceSession is the tablet's own session. It lives in memory: the key opens a new one.
type deviceSession struct {
	turn   chan struct{} // held while token is read or renewed
	token  string
	opened auth.DeviceSession
}

// deviceToken gives the session's secret and opens a session where there is none, or only the stale one. Whoever comes
// meanwhile waits and gets the same.
func (c *Client) deviceToken(ctx context.Context, stale string) (string, error) {
	select {
	case c.session.turn <- struct{}{}:
	case <-ctx.Done():
		return "", unreachable("client.deviceToken", ctx.Err())
	}
	defer func() { <-c.session.turn }()
	if c.session.token == "" || c.session.token == stale {
		if err := c.open(ctx); err != nil {
			return "", err
		}
	}
	return c.session.token, nil
}

// open proves the key. A backend that does not know it says so by refusing: that is another thing than an employee's
// session that has ended.
func (c *Client) open(ctx context.Context) error {
	c.session.token = ""
	s, err := c.identity.Open(ctx, prover{c})
	if kontakt.KindOf(err) == kontakt.Unauthenticated {
		s, err = c.identity.Open(ctx, prover{c}) // the challenge may have grown old on the way
	}
	if k := kontakt.KindOf(err); k == kontakt.Unauthenticated || k == kontakt.NotFound {
		return &kontakt.Error{Op: "client.open", Kind: kontakt.Forbidden, Msg: kontakt.MsgEnrolUnknown, Err: err}
	}
	if err != nil {
		return err
	}
	c.session.token, c.session.opened = s.Token, s
	c.setClock(s.ServerTime)
	return nil
}

// Enrolled implements app.Tablet.
func (c *Client) Enrolled(context.Context) (bool, error) {
	id, err := c.identity.Device()
	return id != "", err
}

// Enrol implements app.Tablet.
func (c *Client) Enrol(ctx context.Context, code string) error {
	err := c.retry(ctx, "client.Enrol", func(ctx context.Context) error { return c.identity.Enrol(ctx, prover{c}, code) })
	if err != nil {
		return err
	}
	c.session.turn <- struct{}{}
	c.session.token = "" // that of an older identity
	<-c.session.turn
	return nil
}

// Open implements app.Tablet: it proves the key anew and tries once.
func (c *Client) Open(ctx context.Context) (kontakt.Device, kontakt.Cursor, error) {
	select {
	case c.session.turn <- struct{}{}:
	case <-ctx.Done():
		return kontakt.Device{}, nil, unreachable("client.Open", ctx.Err())
	}
	defer func() { <-c.session.turn }()
	ctx, cancel := context.WithTimeout(ctx, c.limits.attempt)
	defer cancel()
	if err := c.open(ctx); err != nil {
		return kontakt.Device{}, nil, err
	}
	return c.session.opened.Device, c.session.opened.Rooms, nil
}

// Employee implements app.Tablet.
func (c *Client) Employee(ctx context.Context) (kontakt.Person, error) {
	var out wire.SessionReply
	if err := c.do(ctx, call{op: "client.Employee", as: asNurse, method: http.MethodGet, path: "me", out: &out}); err != nil {
		return kontakt.Person{}, err
	}
	return parsed(wire.ToPerson(out.Employee))
}

// BeginSignIn implements app.Signins.
func (c *Client) BeginSignIn(ctx context.Context) (kontakt.SigninID, string, time.Duration, error) {
	const op = "client.BeginSignIn"
	var out wire.SigninReply
	if err := c.do(ctx, call{op: op, as: asDevice, method: http.MethodPost, path: "signins", out: &out}); err != nil {
		return "", "", 0, err
	}
	id, err := kontakt.ParseSigninID(out.Signin)
	if err == nil {
		err = openable(out.URL)
	}
	if err != nil {
		return "", "", 0, unreadable(err)
	}
	return id, out.URL, time.Duration(out.ExpiresIn) * time.Second, nil
}

// CancelSignIn implements app.Signins.
func (c *Client) CancelSignIn(ctx context.Context, id kontakt.SigninID) error {
	return c.do(ctx, call{op: "client.CancelSignIn", as: asDevice, method: http.MethodDelete, path: "signins/" + string(id)})
}

// FinishSignIn implements app.Signins. The device's session comes first, and again where it has just run out: to open
// one takes a challenge of its own, and the backend may keep only the last.
func (c *Client) FinishSignIn(ctx context.Context, id kontakt.SigninID, code string) (who kontakt.Person, err error) {
	finish := func(ctx context.Context) error {
		if _, err := c.deviceToken(ctx, ""); err != nil {
			return err
		}
		who, err = c.identity.FinishSignIn(ctx, prover{c}, id, code)
		return err
	}
	err = c.retry(ctx, "client.FinishSignIn", finish)
	if kontakt.KindOf(err) == kontakt.Unauthenticated {
		err = c.retry(ctx, "client.FinishSignIn", finish)
	}
	return who, err
}

// SignOut implements app.Signins: the tablet forgets first, then the backend is told.
func (c *Client) SignOut(ctx context.Context) error {
	token := c.identity.Session()
	if token == "" {
		return nil
	}
	forgetErr := c.identity.Forget(token)
	r := call{op: "client.SignOut", method: http.MethodDelete, path: "sessions/current"}
	err := c.retry(ctx, r.op, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, c.limits.attempt)
		defer cancel()
		return c.attempt(ctx, r, token)
	})
	if kontakt.KindOf(err) == kontakt.Unauthenticated {
		err = nil // it had ended already
	}
	return errors.Join(forgetErr, err)
}

// prover is the client as auth needs it: each request tried once, since a proof is good once.
type prover struct{ c *Client }

var _ auth.Backend = prover{}

func (p prover) Register(ctx context.Context, code string, publicKey []byte) (kontakt.Device, error) {
	var out wire.EnrolReply
	in := wire.EnrolRequest{Code: code, PublicKey: publicKey, App: p.c.app}
	err := p.c.once(ctx, call{op: "client.Enrol", method: http.MethodPost, path: "devices", in: in, out: &out})
	if err != nil {
		return kontakt.Device{}, err
	}
	return parsed(wire.ToDevice(out.Device))
}

func (p prover) Challenge(ctx context.Context, id kontakt.DeviceID) ([]byte, error) {
	var out wire.ChallengeReply
	in := wire.ChallengeRequest{Device: string(id)}
	err := p.c.once(ctx, call{op: "client.Challenge", method: http.MethodPost, path: "device-challenges", in: in, out: &out})
	if err == nil && len(out.Challenge) != wire.ChallengeSize {
		err = unreadable(errors.New("a challenge of another size"))
	}
	return out.Challenge, err
}

func (p prover) OpenDevice(ctx context.Context, proof kontakt.DeviceProof) (auth.DeviceSession, error) {
	var out wire.DeviceSessionReply
	in := wire.DeviceSessionRequest{Proof: wire.FromProof(proof)}
	err := p.c.once(ctx, call{op: "client.OpenDevice", method: http.MethodPost, path: "device-sessions", in: in, out: &out})
	if err != nil {
		return auth.DeviceSession{}, err
	}
	device, err := wire.ToDevice(out.Device)
	if err != nil {
		return auth.DeviceSession{}, unreadable(err)
	}
	rooms, err := kontakt.ParseCursor(out.Cursor)
	if err != nil || out.Token == "" {
		return auth.DeviceSession{}, unreadable(errors.Join(err, errors.New("no session")))
	}
	return auth.DeviceSession{
		Token: out.Token, ExpiresIn: time.Duration(out.ExpiresIn) * time.Second, Device: device, Rooms: rooms, ServerTime: out.ServerTime,
	}, nil
}

func (p prover) Redeem(ctx context.Context, id kontakt.SigninID, code string, proof kontakt.DeviceProof) (string, kontakt.Person, error) {
	var out wire.SessionReply
	in := wire.SessionRequest{Signin: string(id), Code: code, Proof: wire.FromProof(proof)}
	err := p.c.once(ctx, call{op: "client.Redeem", as: asDevice, method: http.MethodPost, path: "sessions", in: in, out: &out})
	if err != nil {
		return "", kontakt.Person{}, err
	}
	who, err := wire.ToPerson(out.Employee)
	if err == nil && out.Token == "" {
		err = errors.New("no session")
	}
	who, err = parsed(who, err)
	return out.Token, who, err
}
