//go:build !linux

package postgres

import "net"

// dialer makes connections whose end is noticed where the network swallows everything.
func dialer() *net.Dialer { return &net.Dialer{KeepAliveConfig: keepAlive} }
