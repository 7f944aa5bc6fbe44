package kontakt

import "net/netip"

// Loopback says whether a host is this very machine: only there secrets and numbers may go without TLS.
func Loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}
