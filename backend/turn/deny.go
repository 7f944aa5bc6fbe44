package turn

import (
	"net"
	"net/netip"
)

// never are the addresses that a peer is not to have: those that mean the relay's own machine or network, and those of
// other families that wrap such an address.
var never = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4",
	"::/96",          // unspecified, loopback, IPv4-compatible
	"64:ff9b::/96",   // NAT64
	"64:ff9b:1::/48", // NAT64, local
	"100::/64",       // discard
	"2001::/23",      // Teredo and other protocol assignments
	"2001:db8::/32",  // documentation
	"2002::/16",      // 6to4
	"fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		all[i] = netip.MustParsePrefix(t)
	}
	return all
}

func in(all []netip.Prefix, a netip.Addr) bool {
	for _, p := range all {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// ownNetworks are the networks that the machine's interfaces stand in, and the relay's public addresses: a neighbour there
// trusts the relay more than the rest of the world does.
func ownNetworks(public []netip.Addr) ([]netip.Prefix, error) {
	var own []netip.Prefix
	for _, a := range public {
		own = append(own, netip.PrefixFrom(a, a.BitLen()))
	}
	found, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if p, err := netip.ParsePrefix(f.String()); err == nil && p.Bits() > 0 {
			own = append(own, p.Masked())
		}
	}
	return own, nil
}

// mayReach says whether a packet may go to peer or come from it.
func (r *Relay) mayReach(peer netip.AddrPort) bool {
	a := peer.Addr().Unmap().WithZone("")
	if in(r.cfg.Allow, a) {
		return true
	}
	if r.public(a) && r.sockets.live(peer.Port(), a.Is4()) {
		return true
	}
	return !in(r.own, a) && !in(never, a)
}

// permit answers a request for permission, which names an address without a port: our own public addresses pass here,
// since an allocation may live there, and mayReach looks at each packet.
func (r *Relay) permit(client net.Addr, peer net.IP) bool {
	a, ok := netip.AddrFromSlice(peer)
	if !ok {
		return false
	}
	a = a.Unmap()
	if (r.public(a) || r.mayReach(netip.AddrPortFrom(a, 0))) && r.permissions.room(client, a) {
		return true
	}
	r.denied.Add(1)
	r.log.Debug("relay: peer denied", "from", client.String(), "peer", a.String())
	return false
}

// public says whether a is an address that the relay gives out.
func (r *Relay) public(a netip.Addr) bool {
	for _, p := range r.publics {
		if p == a {
			return true
		}
	}
	return false
}
