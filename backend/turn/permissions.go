package turn

import (
	"net"
	"net/netip"
	"sync"

	pion "github.com/pion/turn/v5"
)

// maxPermissions is how many peers a client may have permission for at a time: three others in a call, each with some
// addresses, and as many again where the networks change. Pion keeps each for minutes and counts none.
const maxPermissions = 256

// permissions are the peers that each client has permission for, the client by its address and port.
type permissions struct {
	mu sync.Mutex
	of map[string]map[netip.Addr]bool
}

// room says whether a client may have permission for one more peer, or has it for this one.
func (p *permissions) room(client net.Addr, peer netip.Addr) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	peers := p.of[client.String()]
	return peers[peer] || len(peers) < maxPermissions
}

// events has pion tell what it keeps.
func (p *permissions) events() pion.EventHandler {
	return pion.EventHandler{
		OnPermissionCreated: func(client, _ net.Addr, _, _, _ string, _ net.Addr, peer net.IP) {
			p.mu.Lock()
			defer p.mu.Unlock()
			peers := p.of[client.String()]
			if peers == nil {
				peers = map[netip.Addr]bool{}
				p.of[client.String()] = peers
			}
			if a, ok := netip.AddrFromSlice(peer); ok {
				peers[a.Unmap()] = true
			}
		},
		OnPermissionDeleted: func(client, _ net.Addr, _, _, _ string, _ net.Addr, peer net.IP) {
			p.mu.Lock()
			defer p.mu.Unlock()
			peers := p.of[client.String()]
			if a, ok := netip.AddrFromSlice(peer); ok {
				delete(peers, a.Unmap())
			}
			if len(peers) == 0 {
				delete(p.of, client.String())
			}
		},
	}
}
