package call_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"
)

// page is what the other end does on the data channels, as docs/protocol.md has it, in as few words as can be. It
// outlives connections, and is forgotten by a reload.
type page struct {
	mu       sync.Mutex
	channels [3]*webrtc.DataChannel
	written  string            // by the page
	out      []rune            // of that, what goes on this connection
	acked    int               // of out, by the tablet
	have     int               // characters of the tablet's on this connection
	whole    *string           // what came of all that the tablet wrote
	arrived  []time.Time       // each character of text
	read     string            // of what the tablet wrote: T.140 as it came, the whole in its place
	offers   map[string]said   // from the tablet
	pieces   map[string][]byte // of the tablet's pictures
	from     []int             // offsets that it asked for
	octets   int               // of pieces that came
	right    map[string]bool   // the tablet's that are whole and right
	own      map[string][]byte // pictures of the page
	heard    []said            // all that was said about pictures
	points   []string
	paused   bool // takes no more pieces
}

type said struct {
	Kind   string `json:"kind"`
	ID     string `json:"id,omitempty"`
	Type   string `json:"type,omitempty"`
	Size   int    `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
	Offset int    `json:"offset"`
}

func (p *page) attach(pc *webrtc.PeerConnection) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.offers == nil {
		p.offers, p.pieces, p.right, p.own = map[string]said{}, map[string][]byte{}, map[string]bool{}, map[string][]byte{}
	}
	p.out, p.acked, p.have, p.whole = nil, 0, 0, nil
	if p.written != "" {
		p.out = []rune("\uFEFF" + p.written + "\u0003")
	}
	for i, label := range []string{"text", "still", "pointer"} {
		negotiated, id, ordered := true, uint16(i), i == 1
		init := &webrtc.DataChannelInit{Negotiated: &negotiated, ID: &id, Ordered: &ordered}
		if !ordered {
			init.MaxRetransmits = new(uint16)
		}
		d, err := pc.CreateDataChannel(label, init)
		if err != nil {
			return err
		}
		p.channels[i] = d
		d.OnOpen(func() { p.opened(d, i) })
		d.OnMessage(func(m webrtc.DataChannelMessage) { p.message(d, i, m) })
	}
	return nil
}

func (p *page) opened(d *webrtc.DataChannel, channel int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch channel {
	case 0:
		p.repeat(d)
	case 1:
		for id, data := range p.own {
			p.offer(id, data)
		}
	}
}

// write types on the page.
func (p *page) write(t140 string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.written += t140
	p.out = append(p.out, []rune(t140)...)
	p.sayText()
}

// sayText says what came, and what the tablet has not said to have. p.mu is held.
func (p *page) sayText() {
	m := strconv.Itoa(p.have)
	if rest := p.out[p.acked:]; len(rest) > 0 {
		m += fmt.Sprintf(",%d:%s", p.acked, string(rest[:min(len(rest), 200)]))
	}
	_ = p.channels[0].SendText(m)
}

// repeat does so now and then while the connection stands. p.mu is held.
func (p *page) repeat(d *webrtc.DataChannel) {
	if p.channels[0] != d || d.ReadyState() != webrtc.DataChannelStateOpen {
		return
	}
	if p.acked < len(p.out) {
		p.sayText()
	}
	time.AfterFunc(100*time.Millisecond, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.repeat(d)
	})
}

// hearText takes a message of the text channel. p.mu is held.
func (p *page) hearText(d *webrtc.DataChannel, m string) {
	head, text, more := strings.Cut(m, ":")
	var have, from int
	if n, _ := fmt.Sscanf(head, "%d,%d", &have, &from); n == 0 || p.channels[0] != d {
		return
	}
	p.acked = max(p.acked, have)
	if !more {
		return
	}
	for _, r := range text {
		if from == p.have {
			p.have++
			p.hearRune(r)
		}
		from++
	}
	p.sayText()
}

func (p *page) hearRune(r rune) {
	switch {
	case r == '\uFEFF':
		p.whole = new(string)
	case r == '\u0003':
		p.read, p.whole = *p.whole, nil
	case p.whole != nil:
		*p.whole += string(r)
	default:
		p.read += string(r)
		p.arrived = append(p.arrived, time.Now())
	}
}

// show offers a picture. p.mu is held by offer's callers.
func (p *page) show(id string, data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.own[id] = data
	p.offer(id, data)
}

func (p *page) offer(id string, data []byte) {
	sum := sha256.Sum256(data)
	p.say(said{Kind: "offer", ID: id, Type: "image/jpeg", Size: len(data), SHA256: hex.EncodeToString(sum[:]), Width: 4, Height: 3})
}

func (p *page) say(s said) {
	text, _ := json.Marshal(s)
	_ = p.channels[1].SendText(string(text))
}

func (p *page) message(d *webrtc.DataChannel, channel int, m webrtc.DataChannelMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case channel == 0:
		p.hearText(d, string(m.Data))
	case channel == 2:
		p.points = append(p.points, string(m.Data))
	case m.IsString:
		var s said
		if json.Unmarshal(m.Data, &s) == nil {
			p.heard = append(p.heard, s)
			p.answer(d, s)
		}
	case !p.paused:
		p.piece(m.Data)
	}
}

func (p *page) answer(d *webrtc.DataChannel, s said) {
	switch s.Kind {
	case "offer":
		p.offers[s.ID] = s
		if p.right[s.ID] {
			p.say(said{Kind: "have", ID: s.ID})
			return
		}
		p.from = append(p.from, len(p.pieces[s.ID]))
		p.say(said{Kind: "from", ID: s.ID, Offset: len(p.pieces[s.ID])})
	case "from":
		data := p.own[s.ID]
		go func() { // as long as the channel takes it
			for at := s.Offset; at < len(data); at += 16 << 10 {
				if d.Send(pieceOf(s.ID, at, data[at:min(at+16<<10, len(data))])) != nil {
					return
				}
			}
		}()
	}
}

func pieceOf(id string, offset int, data []byte) []byte {
	name, _ := hex.DecodeString(id)
	return append(binary.BigEndian.AppendUint32(name, uint32(offset)), data...)
}

func (p *page) piece(data []byte) {
	id := hex.EncodeToString(data[:16])
	if int(binary.BigEndian.Uint32(data[16:])) != len(p.pieces[id]) {
		return
	}
	p.octets += len(data) - 20
	p.pieces[id] = append(p.pieces[id], data[20:]...)
	if o := p.offers[id]; len(p.pieces[id]) == o.Size {
		sum := sha256.Sum256(p.pieces[id])
		if hex.EncodeToString(sum[:]) == o.SHA256 {
			p.right[id] = true
			p.say(said{Kind: "have", ID: id})
		}
	}
}

// look reads something of the page.
func look[T any](p *page, f func() T) T {
	p.mu.Lock()
	defer p.mu.Unlock()
	return f()
}

// told says how often something was said.
func (p *page) told(kind, id string) int {
	return look(p, func() int {
		n := 0
		for _, s := range p.heard {
			if s.Kind == kind && s.ID == id {
				n++
			}
		}
		return n
	})
}
