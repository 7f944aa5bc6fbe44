package client

import (
	"time"
)

// Now is the backend's clock, as far as it is known here: what a screen shows of times goes by it, whatever the tablet's
// own clock says (E41).
func (c *Client) Now() time.Time {
	c.clock.Lock()
	defer c.clock.Unlock()
	return c.wall().Add(c.clock.ahead).UTC()
}

// clockSlack is how far the backend's word may lie from what is believed before it counts: it travels.
const clockSlack = 3 * time.Second

// setClock believes the backend where the tablet's clock has been moved since it last told the time.
func (c *Client) setClock(now time.Time) {
	c.clock.Lock()
	defer c.clock.Unlock()
	if ahead := now.Sub(c.wall()); (ahead - c.clock.ahead).Abs() > clockSlack {
		c.clock.ahead = ahead
	}
}
