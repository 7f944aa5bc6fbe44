package call

import "time"

const (
	// packetSize leaves room for SRTP, extensions, TURN and IP within 1,280 bytes.
	packetSize = 1100
	// At low rates packets are short, since sound waits behind each.
	packetSpan      = 40 * time.Millisecond
	packetLeast     = 300
	descriptorBytes = 4
)

// packetLimit is how long the packets of a picture may be on a path that carries rate.
func packetLimit(rate float64) int {
	return min(max(int(rate/8*packetSpan.Seconds()), packetLeast), packetSize)
}

// packetizer cuts VP8 pictures into RTP payloads (RFC 7741), for one stream.
type packetizer struct {
	id  uint16 // of the picture, 15 bits
	buf [descriptorBytes + packetSize]byte
}

// cut hands the payloads of one picture to write, one after another, all of about the same length; each is good until
// write returns. It ends at the first error.
func (p *packetizer) cut(data []byte, limit int, write func(payload []byte, last bool) error) error {
	p.id = (p.id + 1) & 0x7fff
	limit = min(limit, packetSize)
	count := (len(data) + limit - 1) / limit
	for i := range count {
		part := data[len(data)*i/count : len(data)*(i+1)/count]
		p.buf[0] = 0x80 // extended
		if i == 0 {
			p.buf[0] |= 0x10 // start of the partition
		}
		p.buf[1] = 0x80 // with a picture ID
		p.buf[2], p.buf[3] = 0x80|byte(p.id>>8), byte(p.id)
		n := copy(p.buf[descriptorBytes:], part)
		if err := write(p.buf[:descriptorBytes+n], i == count-1); err != nil {
			return err
		}
	}
	return nil
}
