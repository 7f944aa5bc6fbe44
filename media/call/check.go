package call

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/call/relaydial"
)

const (
	levelInterval = 100 * time.Millisecond
	relayLimit    = 5 * time.Second // for one way to the relay
	relayRetry    = 5 * time.Second
)

// ErrRelayUnreachable is what the relay's line of a check says: no way to it, or it does not know our credentials.
var ErrRelayUnreachable = errors.New("call: relay is not reachable")

// CheckReport is how the device check stands. The network, the way to the backend, is the caller's to add.
type CheckReport struct {
	Camera, Microphone, Relay CheckItem
	Level                     float64 // of the microphone, 0–1
}

// CheckItem is one line of it. Err is a *media.DeviceError or wraps ErrRelayUnreachable.
type CheckItem struct {
	State CheckState
	Err   error
}

// CheckState is how far a check has come.
type CheckState int

// The check states.
const (
	CheckRunning CheckState = iota
	CheckGood
	CheckBad
)

// Check opens the devices and tries the relay for real, and reports on both until ctx ends; the devices then stay open
// for the call. What is bad is tried again, so that plugging a camera in cures it.
func (p *Phone) Check(ctx context.Context, relay kontakt.Relay, report func(CheckReport)) error {
	st, err := p.powered()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	defer wg.Wait()
	found := make(chan CheckItem, 1)
	wg.Go(func() { p.checkRelay(ctx, relay, found) })
	tick := time.NewTicker(levelInterval)
	defer tick.Stop()
	defer cancel()
	var r CheckReport
	for {
		r.Camera, r.Microphone = itemOf(st.camera), itemOf(st.microphone)
		r.Level = st.microphoneLevel()
		report(r)
		select {
		case <-ctx.Done():
			return nil
		case r.Relay = <-found:
		case <-tick.C:
		}
	}
}

func itemOf(d *device) CheckItem {
	tried, problem := d.state()
	switch {
	case problem != nil:
		return CheckItem{State: CheckBad, Err: problem}
	case tried:
		return CheckItem{State: CheckGood}
	default:
		return CheckItem{}
	}
}

// checkRelay tells when the relay has given an address, or that it does not, until it does or ctx ends.
func (p *Phone) checkRelay(ctx context.Context, relay kontakt.Relay, found chan<- CheckItem) {
	for {
		err := p.tryRelay(ctx, relay)
		item := CheckItem{State: CheckGood}
		if err != nil {
			item = CheckItem{State: CheckBad, Err: err}
		}
		select {
		case found <- item:
		case <-ctx.Done():
			return
		}
		if err == nil {
			return
		}
		select {
		case <-time.After(relayRetry):
		case <-ctx.Done():
			return
		}
	}
}

// tryRelay asks the relay for an address, over UDP first, then over TCP and TLS.
func (p *Phone) tryRelay(ctx context.Context, relay kontakt.Relay) error {
	var udp, tcp []kontakt.ICEServer
	for _, s := range relay.Servers {
		for _, u := range s.URLs {
			one := kontakt.ICEServer{URLs: []string{u}, Username: s.Username, Credential: s.Credential}
			switch {
			case strings.HasPrefix(u, "turns:") || strings.Contains(u, "transport=tcp"):
				tcp = append(tcp, one)
			case strings.HasPrefix(u, "turn:"):
				udp = append(udp, one)
			}
		}
	}
	errs := []error{ErrRelayUnreachable}
	for _, way := range []struct {
		name    string
		servers []kontakt.ICEServer
	}{{"udp", udp}, {"tcp", tcp}} {
		if len(way.servers) == 0 {
			continue
		}
		err := p.allocate(ctx, kontakt.Relay{Servers: way.servers})
		if err == nil {
			return nil
		}
		errs = append(errs, fmt.Errorf("over %s: %w", way.name, err))
	}
	return errors.Join(errs...)
}

var errNoAddress = errors.New("no address")

// allocate gathers a relay candidate on a connection made for that alone.
func (p *Phone) allocate(ctx context.Context, relay kontakt.Relay) error {
	ctx, cancel := context.WithTimeout(ctx, relayLimit)
	defer cancel()
	s := webrtc.SettingEngine{}
	dial := relaydial.New(p.cfg.Proxy, relay)
	s.SetICEProxyDialer(dial)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s)).NewPeerConnection(configuration(relay, true))
	if err != nil {
		dial.Close()
		return err
	}
	defer pc.GracefulClose()
	defer dial.Close()
	got := make(chan bool, 8)
	pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		select {
		case got <- c != nil && c.Typ == webrtc.ICECandidateTypeRelay:
		default:
		}
	})
	if _, err := pc.CreateDataChannel("check", nil); err != nil {
		return err
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		return err
	}
	select {
	case ok := <-got:
		if !ok {
			return errNoAddress
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
