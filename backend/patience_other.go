//go:build !linux

package backend

import "net"

// impatient leaves a connection as it is: only Linux, where backends run, knows the option.
func impatient(net.Conn) error { return nil }
