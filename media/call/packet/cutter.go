package packet

const (
	// Size leaves room for SRTP, extensions, TURN and IP within 1,280 bytes.
	Size = 1100
	// DescriptorBytes is what a payload of VP8 begins with (RFC 7741 §4.2).
	DescriptorBytes = 4
	// Overhead is what a packet has on the wire beside RTP's own header and payload: extensions, SRTP, UDP and IP.
	Overhead = 12 + 10 + 8 + 20
	// MaxPadding is the most that RTP can pad a packet with (RFC 3550 §5.1).
	MaxPadding = 255
)

// Cutter cuts VP8 pictures into RTP payloads (RFC 7741), for one stream.
type Cutter struct {
	id  uint16 // of the picture, 15 bits
	buf [DescriptorBytes + Size]byte
}

// Cut hands the payloads of one picture to write, one after another, all of about the same length; each is good until
// write returns. It ends at the first error.
func (c *Cutter) Cut(data []byte, limit int, write func(payload []byte, last bool) error) error {
	c.id = (c.id + 1) & 0x7fff
	limit = min(limit, Size)
	count := (len(data) + limit - 1) / limit
	for i := range count {
		part := data[len(data)*i/count : len(data)*(i+1)/count]
		c.buf[0] = 0x80 // extended
		if i == 0 {
			c.buf[0] |= 0x10 // start of the partition
		}
		c.buf[1] = 0x80 // with a picture ID
		c.buf[2], c.buf[3] = 0x80|byte(c.id>>8), byte(c.id)
		n := copy(c.buf[DescriptorBytes:], part)
		if err := write(c.buf[:DescriptorBytes+n], i == count-1); err != nil {
			return err
		}
	}
	return nil
}
