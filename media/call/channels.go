package call

import (
	"sync/atomic"

	"github.com/pion/webrtc/v4"
)

// The data channels of a line (docs/protocol.md): each end makes them before the first offer, so that nothing is said
// about them on the way.
const (
	textChannel    = 0
	stillChannel   = 1
	pointerChannel = 2
)

const (
	// maxMessage is the largest message that is taken; a piece of a picture is a quarter of it.
	maxMessage = 64 << 10
	// maxUnread is how many messages wait for their reader before the sender is held up.
	maxUnread = 16
	// maxForeign is how many channels the other side may open that nobody asked for; each is closed again.
	maxForeign = 8
)

// message is what came in on a data channel.
type message struct {
	channel int
	text    bool
	data    []byte
}

// channels are what goes beside sound and picture on one line.
type channels struct {
	text, still, pointer channel
	unread               chan message
}

// newChannels makes them. pion's goroutines hand over what comes and wait where it isn't read, until stop: it is the
// sender who is held up then, and not our memory that grows.
func newChannels(pc *webrtc.PeerConnection, stop <-chan struct{}, nudge func()) (*channels, error) {
	c := &channels{unread: make(chan message, maxUnread)}
	for id, kind := range [...]struct {
		at              *channel
		label, protocol string
		reliable        bool
	}{
		textChannel:    {&c.text, "text", "kontakt.text.1", false},
		stillChannel:   {&c.still, "still", "kontakt.still.1", true},
		pointerChannel: {&c.pointer, "pointer", "kontakt.pointer.1", false},
	} {
		negotiated, number := true, uint16(id)
		init := &webrtc.DataChannelInit{Negotiated: &negotiated, ID: &number, Protocol: &kind.protocol, Ordered: &kind.reliable}
		if !kind.reliable {
			init.MaxRetransmits = new(uint16)
		}
		d, err := pc.CreateDataChannel(kind.label, init)
		if err != nil {
			return nil, err
		}
		d.OnOpen(nudge)
		d.OnMessage(func(m webrtc.DataChannelMessage) {
			select {
			case c.unread <- message{channel: id, text: m.IsString, data: m.Data}:
			case <-stop:
			}
		})
		kind.at.dc = d
	}
	var foreign atomic.Int32
	pc.OnDataChannel(func(d *webrtc.DataChannel) {
		if foreign.Add(1) > maxForeign {
			_ = pc.Close() // who goes on opening channels wants no call
			return
		}
		_ = d.Close()
	})
	return c, nil
}

// channel is one of them. It is the line's for as long as that lives.
type channel struct{ dc *webrtc.DataChannel }

func (c *channel) Open() bool { return c.dc.ReadyState() == webrtc.DataChannelStateOpen }

// Waiting is how many bytes the other side has not said to have, in any of the channels.
func (c *channel) Waiting() int { return int(c.dc.BufferedAmount()) }

// Say sends text. A channel that is gone is its line's to notice: what was said on it is said again on the next one.
func (c *channel) Say(text string) { _ = c.dc.SendText(text) }

func (c *channel) Send(data []byte) { _ = c.dc.Send(data) }
