package turn

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/pion/stun/v4"
	pion "github.com/pion/turn/v5"

	"kontaktlaege/internal/kontakt"
)

// checkUser is who the self-test allocates as.
const checkUser = "self-test"

// Check tries the relay as a client would, at each of the addresses that clients are told: allocate twice, and send a
// packet from one to the other. An error names the addresses that failed and where the test ran, since a relay is often
// reachable from one side of a firewall only.
func (r *Relay) Check(ctx context.Context) error {
	var failed []error
	for _, u := range r.urls {
		if err := r.checkURL(ctx, u); err != nil {
			failed = append(failed, fmt.Errorf("relay not reachable from this machine at %s: %w", u, err))
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return &kontakt.Error{Op: "turn.Check", Kind: kontakt.Unavailable, Msg: kontakt.MsgRelayUnreachable, Err: errors.Join(failed...)}
}

func (r *Relay) checkURL(ctx context.Context, address string) error {
	at, err := stun.ParseURI(address)
	if err != nil {
		return err
	}
	one, err := r.dial(ctx, at)
	if err != nil {
		return err
	}
	defer one.close()
	two, err := r.dial(ctx, at)
	if err != nil {
		return err
	}
	defer two.close()
	// Each writes first: a write makes the permission that lets the other's packet in.
	if _, err := two.relayed.WriteTo([]byte("open"), one.relayed.LocalAddr()); err != nil {
		return err
	}
	want := []byte("kontaktlaege " + strconv.FormatInt(time.Now().UnixNano(), 36))
	got := make([]byte, 128)
	for range 5 { // it is UDP inside
		if _, err := one.relayed.WriteTo(want, two.relayed.LocalAddr()); err != nil {
			return err
		}
		if err := two.relayed.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
			return err
		}
		n, _, err := two.relayed.ReadFrom(got)
		if err == nil && bytes.Equal(got[:n], want) {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errors.New("no packet came through")
}

// probe is one allocation of the self-test.
type probe struct {
	conn    net.PacketConn
	client  *pion.Client
	relayed net.PacketConn
}

func (r *Relay) dial(ctx context.Context, at *stun.URI) (*probe, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	to := net.JoinHostPort(at.Host, strconv.Itoa(at.Port))
	p := &probe{}
	var err error
	if p.conn, err = dialServer(ctx, at, to); err != nil {
		return nil, err
	}
	username, password := credential(r.cfg.Secret, checkUser, r.now().Add(time.Minute))
	family := pion.RequestedAddressFamilyIPv4
	if a, err := netip.ParseAddr(at.Host); err == nil && a.Is6() {
		family = pion.RequestedAddressFamilyIPv6
	}
	client, err := pion.NewClient(&pion.ClientConfig{
		TURNServerAddr: to, Username: username, Password: password, Realm: r.cfg.Realm,
		Conn: p.conn, LoggerFactory: logging{r.log}, RequestedAddressFamily: family,
	})
	if err != nil {
		p.conn.Close()
		return nil, err
	}
	p.client = client
	if err := client.Listen(); err != nil {
		p.close()
		return nil, err
	}
	if p.relayed, err = client.AllocateWithContext(ctx); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func dialServer(ctx context.Context, at *stun.URI, to string) (net.PacketConn, error) {
	dial := (&net.Dialer{}).DialContext
	switch {
	case at.Scheme == stun.SchemeTypeTURNS:
		dial = (&tls.Dialer{}).DialContext
	case at.Proto == stun.ProtoTypeUDP:
		return (&net.ListenConfig{}).ListenPacket(ctx, "udp", ":0")
	}
	c, err := dial(ctx, "tcp", to)
	if err != nil {
		return nil, err
	}
	return pion.NewSTUNConn(c), nil
}

func (p *probe) close() {
	if p.relayed != nil {
		p.relayed.Close()
	}
	p.client.Close()
	p.conn.Close()
}
