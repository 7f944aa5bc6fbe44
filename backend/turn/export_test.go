package turn

import "time"

// ProveWithin gives clients over TCP this long to show a credential.
func (r *Relay) ProveWithin(d time.Duration) {
	for _, l := range r.listeners {
		l.mu.Lock()
		l.within = d
		l.mu.Unlock()
	}
}

// MaxPermissions is how many peers a client may have permission for.
const MaxPermissions = maxPermissions

// MaxHelloAddress is how many of one address may be about to say whether they want a page or the relay.
const MaxHelloAddress = maxHelloAddress
