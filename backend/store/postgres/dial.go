package postgres

import (
	"net"
	"time"
)

// keepAlive finds a connection dead that nothing is sent on.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3}
