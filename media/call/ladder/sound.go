package ladder

import (
	"time"

	"kontaktlaege/media"
	"kontaktlaege/media/call/packet"
)

// Plan is how sound is sent, one of a few: the voice's own bits, and how many pieces of 20 ms go into a packet, since at low
// rates the headers cost more than the voice.
type Plan struct {
	from   int // bit/s that the path carries
	Rate   int
	Pieces int
}

var plans = [...]Plan{
	{150_000, 32_000, 1},
	{80_000, 24_000, 2},
	{50_000, 20_000, 2},
	{0, 18_000, 3}, // below that libopus puts no FEC in
}

// Wire is what it takes on the wire, in bit/s.
func (p *Plan) Wire() int {
	const header = 12 + packet.Overhead
	return p.Rate + header*8*media.SampleRate/media.SamplesPerPiece/p.Pieces
}

// soundAfter is how long a path must carry more before sound takes it.
const soundAfter = 5 * time.Second

// Sound follows what a path carries: down at once, up after a while.
type Sound struct {
	plan int
	good time.Duration
}

// Update gives the plan for what the path carries at the media time now.
func (c *Sound) Update(carries float64, now time.Duration) *Plan {
	to := 0
	for carries < float64(plans[to].from) {
		to++
	}
	switch {
	case to > c.plan:
		c.plan, c.good = to, 0
	case to == c.plan || carries < float64(plans[c.plan-1].from)*climbMargin/100:
		c.good = 0
	case c.good == 0:
		c.good = max(now, 1)
	case now-c.good >= soundAfter:
		c.plan, c.good = c.plan-1, 0
	}
	return &plans[c.plan]
}

// PictureRate gives what a path that carries so much has left for the bits of the picture when sound and headers have
// theirs, up to most.
func PictureRate(carries float64, sound *Plan, most int) int {
	const header = 12 + packet.DescriptorBytes + packet.Overhead
	left := carries - float64(sound.Wire())
	limit := PacketLimit(carries)
	return min(max(int(left*float64(limit)/float64(limit+header)), 0), most)
}

const (
	// At low rates packets are short, since sound waits behind each.
	packetSpan  = 40 * time.Millisecond
	packetLeast = 300
)

// PacketLimit is how long the packets of a picture may be on a path that carries so much.
func PacketLimit(carries float64) int {
	return min(max(int(carries/8*packetSpan.Seconds()), packetLeast), packet.Size)
}
