// Package turn is the way past a wall: a TURN relay inside the backend, or the credentials of one that runs elsewhere.
//
// A relay sends whatever a stranger asks for to wherever the stranger says, from an address inside our own network. So:
// an allocation needs a credential that this backend made for a session of its own and that runs out; no peer may be
// loopback, private, link-local (where cloud machines keep their metadata), multicast, a wrapping of such an address in
// another family, or in one of the machine's own networks, unless the configuration allows it by name. The one exception
// is that a peer may be another live allocation of this relay: then both ends of a call are behind walls. TURN grants
// permission by address and not by port, so the ports are checked on each packet, in both directions. Each user has a
// quota of allocations and of bits a second, and relaying over TCP to a peer (RFC 6062) is not offered.
//
// What a client can have the relay keep is bounded: allocations by its quota, permissions by a limit for each, connections
// over TCP by address and in all. Over TCP whoever has not shown a credential within half a minute is gone.
//
// The expiry of a credential is checked on Allocate only: what runs is never cut. A user cannot forge another's name,
// since the password is a MAC of it (the scheme is coturn's use-auth-secret, so that the same credentials work there),
// but may hold several credentials: the quota counts by the name behind the expiry.
package turn
