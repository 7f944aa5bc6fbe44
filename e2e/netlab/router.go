package main

import (
	"encoding/binary"
	"net/netip"
	"sync"
)

// The networks. The tablet has a second one to move to.
const (
	tabletAddress = "10.77.1.2"
	tabletMoved   = "10.77.3.2"
	clinicAddress = "10.77.2.2"
	serverAddress = "10.77.9.2"
	proxyAddress  = "10.77.9.3"
)

// router is the internet between the namespaces. The tablet's access is the only stretch that is ever bad: up is what
// leaves it, down is what comes to it.
type router struct {
	ends     map[netip.Prefix]*namespace
	tablet   *namespace
	up, down *way
	wg       sync.WaitGroup
}

func newRouter(tablet, clinic, server *namespace) *router {
	r := &router{tablet: tablet, ends: map[netip.Prefix]*namespace{
		netip.MustParsePrefix("10.77.1.0/24"): tablet, netip.MustParsePrefix("10.77.3.0/24"): tablet,
		netip.MustParsePrefix("10.77.2.0/24"): clinic, netip.MustParsePrefix("10.77.9.0/24"): server,
	}}
	r.up = newWay(1, r.deliver)
	r.down = newWay(2, func(p []byte) { tablet.tun.Write(p) }) // a full queue there is a lost packet
	for _, n := range []*namespace{tablet, clinic, server} {
		r.wg.Go(func() { r.read(n) })
	}
	return r
}

// set changes the tablet's access, both ways.
func (r *router) set(c conditions) {
	r.up.set(c)
	r.down.set(c)
}

func (r *router) read(n *namespace) {
	buf := make([]byte, mtu)
	for {
		size, err := n.tun.Read(buf)
		if err != nil {
			return
		}
		packet := append([]byte(nil), buf[:size]...)
		if n == r.tablet {
			r.up.put(packet)
		} else {
			r.deliver(packet)
		}
	}
}

// deliver passes a packet on to where it is addressed.
func (r *router) deliver(packet []byte) {
	h, ok := parseHeader(packet)
	if !ok {
		return
	}
	for network, n := range r.ends {
		switch {
		case !network.Contains(h.to):
		case n == r.tablet:
			r.down.put(packet)
		default:
			n.tun.Write(packet)
		}
	}
}

// close ends it; the namespaces' devices are closed first, which ends the readers.
func (r *router) close() {
	r.wg.Wait()
	r.up.close()
	r.down.close()
}

// header is what a firewall looks at.
type header struct {
	from, to         netip.Addr
	protocol         byte
	fromPort, toPort uint16
}

const (
	protocolTCP = 6
	protocolUDP = 17
)

// parseHeader reads an IPv4 packet.
func parseHeader(p []byte) (header, bool) {
	if len(p) < 20 || p[0]>>4 != 4 {
		return header{}, false
	}
	h := header{from: netip.AddrFrom4([4]byte(p[12:16])), to: netip.AddrFrom4([4]byte(p[16:20])), protocol: p[9]}
	if at := int(p[0]&15) * 4; (h.protocol == protocolTCP || h.protocol == protocolUDP) && len(p) >= at+4 {
		h.fromPort, h.toPort = binary.BigEndian.Uint16(p[at:]), binary.BigEndian.Uint16(p[at+2:])
	}
	return h, true
}

// filter says whether a firewall lets a packet through.
type filter func(packet []byte) bool

// onlyTCP lets TCP between the tablet and these ports of one address through, and nothing else.
func onlyTCP(address string, ports ...uint16) filter {
	to := netip.MustParseAddr(address)
	return func(p []byte) bool {
		h, ok := parseHeader(p)
		if !ok || h.protocol != protocolTCP {
			return false
		}
		for _, port := range ports {
			if h.to == to && h.toPort == port || h.from == to && h.fromPort == port {
				return true
			}
		}
		return false
	}
}
