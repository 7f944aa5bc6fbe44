package handset

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"image/jpeg"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media/capture"
	"kontaktlaege/media/render"
)

// page is a clinic's page, as far as the data channels go (docs/protocol.md), made of pion alone.
type page struct {
	t        *testing.T
	toTablet chan kontakt.Signal

	mu      sync.Mutex
	pc      *webrtc.PeerConnection
	all     [3]*webrtc.DataChannel // text, still, pointer
	changed chan struct{}          // closed at each change
	have    int                    // characters that the tablet wrote
	typed   string
	offer   stillSaid
	data    []byte
	points  []string
	own     []byte // is sent when it is asked for
}

type stillSaid struct {
	Kind   string `json:"kind"`
	ID     string `json:"id,omitempty"`
	Type   string `json:"type,omitempty"`
	Size   int    `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
	Offset int    `json:"offset"`
}

func newPage(t *testing.T) *page {
	p := &page{t: t, toTablet: make(chan kontakt.Signal, 100), changed: make(chan struct{})}
	t.Cleanup(func() {
		p.mu.Lock()
		pc := p.pc
		p.mu.Unlock()
		if pc != nil {
			pc.Close()
		}
	})
	return p
}

// take is the way from the tablet: the page answers the offer with all its candidates in it.
func (p *page) take(_ context.Context, signals []kontakt.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range signals {
		switch {
		case s.Kind == kontakt.SignalOffer && p.pc == nil:
			if err := p.answer(s); err != nil {
				p.t.Error(err)
			}
		case s.Kind == kontakt.SignalCandidates && p.pc != nil:
			for _, c := range s.Candidates {
				if err := p.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c.Candidate, SDPMid: c.SDPMid, SDPMLineIndex: c.SDPMLineIndex}); err != nil {
					p.t.Error(err)
				}
			}
		}
	}
	return nil
}

func (p *page) answer(s kontakt.Signal) error {
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	var codecs webrtc.MediaEngine
	if err := codecs.RegisterDefaultCodecs(); err != nil {
		return err
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(&codecs)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	p.pc = pc
	for i, label := range []string{"text", "still", "pointer"} {
		negotiated, id, ordered := true, uint16(i), i != 2
		if p.all[i], err = pc.CreateDataChannel(label, &webrtc.DataChannelInit{Negotiated: &negotiated, ID: &id, Ordered: &ordered}); err != nil {
			return err
		}
		p.all[i].OnMessage(func(m webrtc.DataChannelMessage) { p.message(i, m) })
	}
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: s.SDP}); err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	answer, err := pc.CreateAnswer(nil)
	if err == nil {
		err = pc.SetLocalDescription(answer)
	}
	if err != nil {
		return err
	}
	<-gathered
	p.toTablet <- kontakt.Signal{From: kontakt.ParticipantClinic, To: kontakt.ParticipantTablet, Kind: kontakt.SignalAnswer, Peer: s.Peer, SDP: pc.LocalDescription().SDP}
	return nil
}

func (p *page) message(channel int, m webrtc.DataChannelMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() {
		close(p.changed)
		p.changed = make(chan struct{})
	}()
	var said stillSaid
	switch {
	case channel == 0:
		p.hear(string(m.Data))
	case channel == 2:
		p.points = append(p.points, string(m.Data))
	case !m.IsString:
		if at := int(binary.BigEndian.Uint32(m.Data[16:20])); at != len(p.data) {
			p.t.Errorf("a piece from %d after %d bytes", at, len(p.data))
		}
		if p.data = append(p.data, m.Data[20:]...); len(p.data) == p.offer.Size {
			p.say(stillSaid{Kind: "have", ID: p.offer.ID})
		}
	case json.Unmarshal(m.Data, &said) != nil:
		p.t.Errorf("says %q", m.Data)
	case said.Kind == "offer":
		p.offer, p.data = said, nil
		p.say(stillSaid{Kind: "from", ID: said.ID})
	case said.Kind == "from":
		id, _ := hex.DecodeString(said.ID)
		for at := said.Offset; at < len(p.own); at += 16 << 10 {
			piece := binary.BigEndian.AppendUint32(slices.Clone(id), uint32(at))
			_ = p.all[1].Send(append(piece, p.own[at:min(at+16<<10, len(p.own))]...))
		}
	}
}

// hear takes what the tablet writes, and says that it has it (docs/protocol.md). p.mu is held.
func (p *page) hear(m string) {
	head, text, more := strings.Cut(m, ":")
	_, from, _ := strings.Cut(head, ",")
	if at, err := strconv.Atoi(from); !more || err != nil || at > p.have {
		return
	} else if fresh := []rune(text); at+len(fresh) > p.have {
		p.typed += strings.Trim(string(fresh[p.have-at:]), "\ufeff\u0003")
		p.have = at + len(fresh)
	}
	_ = p.all[0].SendText(strconv.Itoa(p.have))
}

func (p *page) say(s stillSaid) {
	text, _ := json.Marshal(s)
	_ = p.all[1].SendText(string(text))
}

// until waits for a change of the page; the guard ends a test that waits in vain.
func (p *page) until(is func() bool) {
	for {
		p.mu.Lock()
		good, changed := is(), p.changed
		p.mu.Unlock()
		if good {
			return
		}
		<-changed
	}
}

// do is for what the page does by itself.
func (p *page) do(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// next waits for a change of a stage.
func next(told <-chan app.StillChange, stage app.StillStage) app.StillChange {
	for {
		if c := <-told; c.Stage == stage {
			return c
		}
	}
}

// call has the handset call this page, with what the test wants to hear of, until end.
func (p *page) call(h *Handset, s app.CallSetup) (reported <-chan app.CallStatus, end func()) {
	others, reports, over := make(chan []string, 1), make(chan app.CallStatus, 10_000), make(chan error, 1)
	others <- []string{kontakt.ParticipantClinic}
	s.Controls, s.Send, s.Incoming, s.Others = app.Controls{Volume: 1, Zoom: 1}, p.take, p.toTablet, others
	s.Report = func(st app.CallStatus) {
		select {
		case reports <- st:
		default:
		}
	}
	ctx, cancel := context.WithCancel(p.t.Context())
	go func() { over <- h.Call(ctx, s) }()
	return reports, func() {
		cancel()
		if err := <-over; err != nil {
			p.t.Error(err)
		}
	}
}

// Text, stills and pointers go both ways through a real connection, and the report names who is there.
func TestCall_textStillsAndPointersBothWays(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	var album render.Album
	h, p := handsetWith(t, "timecode:640x480@30", &album), newPage(t)
	told, texts, points := make(chan app.StillChange, 1000), make(chan string, 100), make(chan app.Pointer, 100)
	reports, end := p.call(h, app.CallSetup{
		Text:  func(from, text string) { texts <- from + ": " + text },
		Still: func(c app.StillChange) { told <- c },
		Point: func(from, _ string, x, y float64, _ bool) { points <- app.Pointer{From: from, X: x, Y: y} },
	})
	for s := range reports {
		if len(s.Others) == 1 && s.Others[0].ID == kontakt.ParticipantClinic && s.Others[0].Media == app.MediaLive && s.Media == app.MediaLive {
			break
		}
	}
	if err := h.Type("Gør det ondt?"); err != nil {
		t.Fatal(err)
	}
	p.until(func() bool { return p.typed == "Gør det ondt?" })
	p.do(func() { _ = p.all[0].SendText(strconv.Itoa(p.have) + ",0:Ja\u2028") })
	if got := <-texts; got != "clinic: Ja\u2028" {
		t.Errorf("heard %q", got)
	}

	p.do(func() { p.say(stillSaid{Kind: "ask"}) })
	if c := next(told, app.StillAsked); c.From != kontakt.ParticipantClinic {
		t.Errorf("asked by %q", c.From)
	}
	h.TakeStill(t.Context())
	taken := next(told, app.StillTaken)
	if taken.Width != 640 || taken.Height != 480 || album.Get(taken.ID) == nil {
		t.Errorf("taken %+v; on the screen: %v", taken, album.Get(taken.ID) != nil)
	}
	if c := next(told, app.StillDelivered); c.ID != taken.ID || c.Progress != 1 {
		t.Errorf("delivered %+v", c)
	}
	p.mu.Lock()
	sum, data := sha256.Sum256(p.data), p.data
	if hex.EncodeToString(sum[:]) != p.offer.SHA256 || p.offer.ID != taken.ID || p.offer.Type != "image/jpeg" {
		t.Errorf("the page got %d bytes of %+v", len(data), p.offer)
	}
	p.mu.Unlock()
	if picture, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
		t.Error(err)
	} else if _, ok := capture.ReadTimecodeImage(picture); !ok {
		t.Error("the page got another picture")
	}
	h.Point(taken.ID, 0.25, 0.5, true)
	p.until(func() bool { return len(p.points) > 0 })
	p.do(func() { _ = p.all[2].SendText(`{"id":"` + taken.ID + `","x":0.5,"y":0.75}`) })
	if got, want := <-points, (app.Pointer{From: kontakt.ParticipantClinic, X: 0.5, Y: 0.75}); got != want {
		t.Errorf("points %+v, want %+v", got, want)
	}

	own := stillSaid{Kind: "offer", ID: strings.Repeat("ab", 16), Type: "image/jpeg", Size: len(data), SHA256: hex.EncodeToString(sum[:]), Width: 640, Height: 480}
	p.do(func() { p.own = data; p.say(own) })
	if c := next(told, app.StillCame); c.ID != own.ID || c.From != kontakt.ParticipantClinic || album.Get(own.ID) == nil {
		t.Errorf("came %+v", c)
	}
	end()
	h.HangUp()
	if album.Get(own.ID) != nil || album.Get(taken.ID) != nil {
		t.Error("pictures are kept after the call")
	}
}
