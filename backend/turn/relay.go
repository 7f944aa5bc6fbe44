package turn

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/stun/v4"
	pion "github.com/pion/turn/v5"

	"kontaktlaege/internal/kontakt"
)

// Config says where the relay is. With URLs it runs elsewhere (coturn with use-auth-secret and the same Secret) and only
// credentials are made; otherwise it is opened here.
type Config struct {
	Secret string
	Realm  string
	TTL    time.Duration // how long a credential may start an allocation; 0: an hour

	URLs []string // of a relay elsewhere: "turn:relay.example.dk:3478?transport=udp"

	Listen   netip.AddrPort // UDP and TCP; port 0 takes a free one
	Secure   net.Listener   // gives decrypted connections: a port of TLS, or the share of one (Share); nil: none
	SecureAt string         // host and port by which clients reach it, the host as in its certificate; empty: Host and its own port
	Public   []netip.Addr   // what clients reach it by, at most one a family; empty: the address of Listen
	Host     string         // what stands in the URLs; empty: the first of Public
	MinPort  uint16         // range of relayed ports; 0: any
	MaxPort  uint16
	Allow    []netip.Prefix // peers that are allowed although they would be denied
	Quota    int            // allocations a user; 0: 36
	Rate     int            // bit/s of all of a user's allocations, both ways together; 0: 24 million

	Now func() time.Time // nil: time.Now
	Log *slog.Logger
}

// Relay is an open relay, or the credentials of one elsewhere.
type Relay struct {
	cfg         Config
	log         *slog.Logger
	now         func() time.Time
	urls        []string
	publics     []netip.Addr
	own         []netip.Prefix
	listen      netip.AddrPort
	server      *pion.Server
	sockets     sockets
	permissions permissions
	listeners   []*listener
	refused     atomic.Int64
	denied      atomic.Int64
	dropped     atomic.Int64
	close       func() error
}

// Open starts the relay. The configuration is checked; whether clients reach the relay is what Check says.
func Open(cfg Config) (*Relay, error) {
	if cfg.TTL == 0 {
		cfg.TTL = time.Hour
	}
	if cfg.Quota == 0 {
		cfg.Quota = 36 // three others, three ways to the relay (UDP, TCP, TLS), each once more while a path is looked for, and as much again
	}
	if cfg.Rate == 0 {
		cfg.Rate = 24_000_000 // three others in 720p take 15
	}
	if cfg.Realm == "" {
		cfg.Realm = "kontaktlaege"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if len(cfg.Secret) < 16 {
		return nil, errors.New("turn: the secret has fewer than 16 characters")
	}
	r := &Relay{
		cfg: cfg, log: cfg.Log, now: cfg.Now,
		sockets:     sockets{byPort: map[socketKey]*socket{}, users: map[string]*user{}},
		permissions: permissions{of: map[string]map[netip.Addr]bool{}},
	}
	if len(cfg.URLs) > 0 {
		for _, u := range cfg.URLs {
			if _, err := stun.ParseURI(u); err != nil {
				return nil, fmt.Errorf("turn: address %q: %w", u, err)
			}
		}
		r.urls = cfg.URLs
		return r, nil
	}
	r.close = sync.OnceValue(r.end)
	return r, r.open()
}

// open starts listening and serving.
func (r *Relay) open() error {
	if (r.cfg.MinPort == 0) != (r.cfg.MaxPort == 0) || r.cfg.MaxPort < r.cfg.MinPort {
		return fmt.Errorf("turn: range of ports %d to %d", r.cfg.MinPort, r.cfg.MaxPort)
	}
	if err := r.findPublics(); err != nil {
		return err
	}
	udp, tcp, err := listenBoth(r.cfg.Listen)
	if err != nil {
		return fmt.Errorf("turn: listen on %s: %w", r.cfg.Listen, err)
	}
	r.listen = unmapped(udp.LocalAddr().(*net.UDPAddr).AddrPort())
	r.tell(tcp)
	var over []pion.ListenerConfig
	for _, l := range r.listeners {
		over = append(over, pion.ListenerConfig{Listener: l, RelayAddressGenerator: r, PermissionHandler: r.permit})
	}
	r.server, err = pion.NewServer(pion.ServerConfig{
		Realm:             r.cfg.Realm,
		AuthHandler:       r.authKey,
		QuotaHandler:      r.mayAllocate,
		EventHandler:      r.permissions.events(),
		LoggerFactory:     logging{r.log},
		PacketConnConfigs: []pion.PacketConnConfig{{PacketConn: udp, RelayAddressGenerator: r, PermissionHandler: r.permit}},
		ListenerConfigs:   over,
	})
	if err != nil {
		udp.Close()
		for _, l := range r.listeners {
			l.Close()
		}
	}
	return err
}

// findPublics finds out what clients reach the relay by, and so what it must never reach itself.
func (r *Relay) findPublics() (err error) {
	for _, a := range r.cfg.Public {
		r.publics = append(r.publics, a.Unmap())
	}
	if len(r.publics) == 0 {
		if r.cfg.Listen.Addr().IsUnspecified() {
			return errors.New("turn: a relay that listens on every address needs to know its public one")
		}
		r.publics = []netip.Addr{r.cfg.Listen.Addr().Unmap()}
	}
	r.own, err = ownNetworks(r.publics)
	return err
}

// tell takes the listeners over TCP, and makes the addresses that clients are told.
func (r *Relay) tell(tcp net.Listener) {
	host := r.cfg.Host
	if host == "" {
		host = r.publics[0].String()
	}
	at := net.JoinHostPort(host, strconv.Itoa(int(r.listen.Port())))
	r.urls = []string{"turn:" + at + "?transport=udp", "turn:" + at + "?transport=tcp"}
	r.listeners = []*listener{newListener(tcp)}
	if l := r.cfg.Secure; l != nil {
		r.listeners = append(r.listeners, newListener(l))
		r.urls = append(r.urls, r.secureURL(host))
	}
}

// mayAllocate is asked once the credential has proved right.
func (r *Relay) mayAllocate(user, _ string, from net.Addr) bool {
	for _, l := range r.listeners {
		l.prove(from)
	}
	if r.sockets.used(user) < r.cfg.Quota {
		return true
	}
	r.log.Debug("relay: quota reached", "user", user, "from", from.String()) // which a client can cause at will
	return false
}

// secureURL is how clients reach the relay where nothing but TLS is let out.
func (r *Relay) secureURL(host string) string {
	at := r.cfg.SecureAt
	if at == "" {
		at = net.JoinHostPort(host, strconv.Itoa(r.cfg.Secure.Addr().(*net.TCPAddr).Port))
	}
	return "turns:" + at + "?transport=tcp"
}

// listenBoth opens UDP and TCP on one port, also when it is free to choose.
func listenBoth(at netip.AddrPort) (net.PacketConn, net.Listener, error) {
	var lc net.ListenConfig
	ctx := context.Background()
	for try := 0; ; try++ {
		tcp, err := lc.Listen(ctx, "tcp", at.String())
		if err != nil {
			return nil, nil, err
		}
		port := tcp.Addr().(*net.TCPAddr).AddrPort().Port()
		udp, err := lc.ListenPacket(ctx, "udp", netip.AddrPortFrom(at.Addr(), port).String())
		if err == nil {
			return udp, tcp, nil
		}
		tcp.Close()
		if at.Port() != 0 || try == 16 {
			return nil, nil, err
		}
	}
}

func (r *Relay) publicOf(is4 bool) (netip.Addr, bool) {
	for _, a := range r.publics {
		if a.Is4() == is4 {
			return a, true
		}
	}
	return netip.Addr{}, false
}

// bind gives the address to open relayed sockets on: the listening one where it is of the family, else every one.
func (r *Relay) bind(is4 bool) netip.Addr {
	if a := r.listen.Addr(); a.Is4() == is4 && !a.IsUnspecified() {
		return a
	}
	if is4 {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}

// Relay makes credentials for the actor: a tablet's count by device, a person's by session.
func (r *Relay) Relay(ctx context.Context) (kontakt.Relay, error) {
	a, _ := kontakt.ActorFrom(ctx)
	user := string(a.Device)
	if user == "" {
		user = string(a.Session)
	}
	if user == "" {
		return kontakt.Relay{}, &kontakt.Error{Op: "turn.Relay", Kind: kontakt.Unauthenticated}
	}
	return r.credentials(user), nil
}

func (r *Relay) credentials(user string) kontakt.Relay {
	username, password := credential(r.cfg.Secret, user, r.now().Add(r.cfg.TTL))
	return kontakt.Relay{
		Servers:   []kontakt.ICEServer{{URLs: r.urls, Username: username, Credential: password}},
		ExpiresIn: r.cfg.TTL,
	}
}

// URLs are the addresses that clients are told.
func (r *Relay) URLs() []string { return r.urls }

// Listen is where the relay listens; zero for one elsewhere.
func (r *Relay) Listen() netip.AddrPort { return r.listen }

// Allocations counts the live ones.
func (r *Relay) Allocations() int { return r.sockets.count() }

// Refused counts requests with a bad credential, Denied those for a forbidden peer, Dropped the packets to or from one.
func (r *Relay) Refused() int64 { return r.refused.Load() }
func (r *Relay) Denied() int64  { return r.denied.Load() }
func (r *Relay) Dropped() int64 { return r.dropped.Load() }

// Close ends every allocation. Calls that lean on them look for another way.
func (r *Relay) Close() error {
	if r.server == nil {
		return nil
	}
	return r.close()
}

func (r *Relay) end() error {
	err := r.server.Close()
	for _, c := range r.sockets.all() {
		c.Close()
	}
	return err
}
