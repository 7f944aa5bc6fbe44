package call_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media/call"
	"kontaktlaege/media/call/still"
)

// hostile is another participant who has been let in, and then sends whatever it likes: it has the keys of the connection,
// so that everything reaches our readers.
type hostile struct {
	toTablet chan kontakt.Signal

	mu       sync.Mutex
	pc       *webrtc.PeerConnection
	peer     string
	video    *rawTrack
	audio    *rawTrack
	channels []*webrtc.DataChannel
	next     *clinic // who answers from now on
}

// rawTrack sends packets as they are given.
type rawTrack struct {
	id    string
	kind  webrtc.RTPCodecType
	mu    sync.Mutex
	ssrc  webrtc.SSRC
	typ   webrtc.PayloadType
	write webrtc.TrackLocalWriter
}

func (r *rawTrack) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	codec := c.CodecParameters()[0]
	r.ssrc, r.typ, r.write = c.SSRC(), codec.PayloadType, c.WriteStream()
	return codec, nil
}
func (r *rawTrack) Unbind(webrtc.TrackLocalContext) error { return nil }
func (r *rawTrack) ID() string                            { return r.id }
func (r *rawTrack) RID() string                           { return "" }
func (r *rawTrack) StreamID() string                      { return "hostile" }
func (r *rawTrack) Kind() webrtc.RTPCodecType             { return r.kind }

// send writes a packet: of the track's own source and type when declared, else as its header says.
func (r *rawTrack) send(p *rtp.Packet, declared bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.write == nil {
		return
	}
	if declared {
		p.SSRC, p.PayloadType = uint32(r.ssrc), uint8(r.typ)
	}
	_, _ = r.write.WriteRTP(&p.Header, p.Payload)
}

func newHostile() *hostile { return &hostile{toTablet: make(chan kontakt.Signal, 10_000)} }

func (h *hostile) close() {
	h.mu.Lock()
	pc := h.pc
	h.mu.Unlock()
	if pc != nil {
		_ = pc.GracefulClose()
	}
}

// take answers whoever offers, so that a connection that was taken from it is attacked anew, until the next page is there.
func (h *hostile) take(ctx context.Context, signals []kontakt.Signal) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.next != nil {
		return h.next.take(ctx, signals)
	}
	for _, s := range signals {
		switch {
		case s.Kind == kontakt.SignalOffer && s.Peer != h.peer:
			if err := h.answer(s); err != nil {
				return err
			}
		case s.Kind == kontakt.SignalCandidates && s.Peer == h.peer:
			for _, c := range s.Candidates {
				_ = h.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c.Candidate, SDPMid: c.SDPMid, SDPMLineIndex: c.SDPMLineIndex})
			}
		}
	}
	return nil
}

// answer makes the connection that is offered. h.mu is held.
func (h *hostile) answer(offer kontakt.Signal) error {
	if h.pc != nil {
		_ = h.pc.Close()
	}
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		return err
	}
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	h.pc, h.peer, h.channels = pc, offer.Peer, nil
	h.video, h.audio = &rawTrack{id: "v", kind: webrtc.RTPCodecTypeVideo}, &rawTrack{id: "a", kind: webrtc.RTPCodecTypeAudio}
	for _, t := range []*rawTrack{h.audio, h.video} {
		if _, err := pc.AddTrack(t); err != nil {
			return err
		}
	}
	yes := true
	for id := range uint16(3) {
		c, err := pc.CreateDataChannel("", &webrtc.DataChannelInit{Negotiated: &yes, ID: &id})
		if err != nil {
			return err
		}
		h.channels = append(h.channels, c)
	}
	pc.OnICECandidate(func(i *webrtc.ICECandidate) {
		if i != nil {
			j := i.ToJSON()
			h.toTablet <- kontakt.Signal{From: kontakt.ParticipantClinic, Kind: kontakt.SignalCandidates, Peer: offer.Peer, Candidates: []kontakt.Candidate{{Candidate: j.Candidate, SDPMid: j.SDPMid, SDPMLineIndex: j.SDPMLineIndex}}}
		}
	})
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.SDP}); err != nil {
		return err
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return err
	}
	if err := pc.SetLocalDescription(answer); err != nil {
		return err
	}
	h.toTablet <- kontakt.Signal{From: kontakt.ParticipantClinic, Kind: kontakt.SignalAnswer, Peer: offer.Peer, SDP: answer.SDP}
	return nil
}

// record is one thing that it sends: a kind and bytes.
type record struct {
	kind byte
	data []byte
}

// The kinds of record.
const (
	recordVideo    = iota // an RTP packet of the picture, header included
	recordAudio           // ... of the sound
	recordStranger        // an RTP packet of whatever source and type its header says
	recordRTCP            // an RTCP packet, compound or not
	recordMessage         // a message on a data channel, text or bytes, by its first byte
	recordKinds
)

// records cuts fuzzed bytes up: kind, two bytes of length, data.
func records(s []byte) (all []record) {
	for len(s) >= 3 && len(all) < 64 {
		n := min(int(binary.BigEndian.Uint16(s[1:])), len(s)-3, 1200)
		all = append(all, record{s[0] % recordKinds, s[3 : 3+n]})
		s = s[3+n:]
	}
	return all
}

func (r record) String() string {
	return string(append([]byte{r.kind, byte(len(r.data) >> 8), byte(len(r.data))}, r.data...))
}

func (h *hostile) send(r record) {
	h.mu.Lock()
	pc, video, audio, channels := h.pc, h.video, h.audio, h.channels
	h.mu.Unlock()
	switch r.kind {
	case recordVideo, recordAudio, recordStranger:
		var p rtp.Packet
		if p.Unmarshal(append([]byte(nil), r.data...)) != nil {
			return // our readers never see it: SRTP parses the header first
		}
		track := video
		if r.kind == recordAudio {
			track = audio
		}
		track.send(&p, r.kind != recordStranger)
	case recordRTCP:
		raw := rtcp.RawPacket(r.data)
		_ = pc.WriteRTCP([]rtcp.Packet{&raw})
	case recordMessage:
		if len(r.data) == 0 || len(channels) == 0 { // none where its own answer failed
			return
		}
		c := channels[int(r.data[0]>>1)%len(channels)]
		if c.ReadyState() != webrtc.DataChannelStateOpen || c.BufferedAmount() > 1<<20 {
			return
		}
		if r.data[0]&1 == 0 {
			_ = c.SendText(string(r.data[1:]))
		} else {
			_ = c.Send(r.data[1:])
		}
	}
}

// callHostile has the tablet in a call with it.
func callHostile(t testing.TB) (*tablet, *hostile) {
	// Without the test's log, which is not to be written to while a fuzz target runs.
	tab, h := newTablet(t, func(c *call.Config) { c.Log = slog.New(slog.DiscardHandler) }), newHostile()
	t.Cleanup(h.close)
	ended := make(chan error, 1)
	go func() {
		ended <- tab.phone.Call(context.Background(), call.Setup{
			Send: h.take, Incoming: h.toTablet, Report: tab.report,
			Text: func(string, string) {}, Still: func(still.Event) {}, Point: func(string, still.Pointer) {},
		})
	}()
	t.Cleanup(func() {
		tab.phone.HangUp()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	until(t, "a call with somebody hostile", func() bool { return tab.last().State == call.Live })
	return tab, h
}

// hostileSeeds are what real senders send, and some of what nobody would.
func hostileSeeds() []record {
	header := func(h rtp.Header, payload ...byte) []byte {
		raw, _ := (&rtp.Packet{Header: h, Payload: payload}).Marshal()
		return raw
	}
	extended := rtp.Header{Version: 2, SequenceNumber: 7, Timestamp: 9000, Marker: true}
	_ = extended.SetExtension(1, []byte("0"))
	_ = extended.SetExtension(2, []byte{0xff, 0xff})
	_ = extended.SetExtension(3, []byte{0xff, 0xff, 0xff})
	all := []record{
		{recordVideo, header(rtp.Header{Version: 2, SequenceNumber: 1, Timestamp: 3000, Marker: true}, 0x10, 0x50, 1, 0, 0x9d, 1, 0x2a, 0xff, 0x3f, 0xff, 0x3f)},
		{recordVideo, header(extended, 0x90, 0xf0, 0xff, 0xff, 0xff, 0xff)},
		{recordVideo, header(rtp.Header{Version: 2, SequenceNumber: 65535, Timestamp: 1<<32 - 1})},
		{recordAudio, header(rtp.Header{Version: 2, SequenceNumber: 3, Timestamp: 960}, 0xfc, 0xff, 0xfe)},
		{recordAudio, header(rtp.Header{Version: 2, SequenceNumber: 30000, Timestamp: 1 << 31}, 0x03, 0x3f)},
		{recordStranger, header(rtp.Header{Version: 2, SSRC: 4711, PayloadType: 96}, 1, 2, 3)},
		{recordMessage, []byte("\x000,0:h\b\b\u2028\ufeff\u0003")},
		{recordMessage, []byte("\x002147483647,2147483647:far away")},
		{recordMessage, append([]byte{1}, 0xff, 0xfe)},
		{recordMessage, []byte("\x02{\"kind\":\"offer\",\"id\":\"00000000000000000000000000000000\",\"type\":\"image/jpeg\",\"size\":99999999999,\"sha256\":\"\",\"width\":-1,\"height\":1}")},
		{recordMessage, []byte("\x02{\"kind\":\"offer\",\"id\":\"0123456789abcdef0123456789abcdef\",\"type\":\"image/jpeg\",\"size\":20971520,\"sha256\":\"00\",\"width\":4000,\"height\":3000}")},
		{recordMessage, []byte("\x02{\"kind\":\"from\",\"id\":\"0123456789abcdef0123456789abcdef\",\"offset\":-5}")},
		{recordMessage, append([]byte("\x03\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef\xff\xff\xff\xff"), "data"...)},
		{recordMessage, []byte("\x04{\"id\":\"0123456789abcdef0123456789abcdef\",\"x\":1e309,\"y\":-1}")},
	}
	for _, p := range []rtcp.Packet{
		&rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: 1, FractionLost: 255, TotalLost: 1<<24 - 1, Jitter: 1<<32 - 1, Delay: 1<<32 - 1}}},
		&rtcp.SenderReport{NTPTime: 1<<64 - 1, RTPTime: 1<<32 - 1},
		&rtcp.PictureLossIndication{},
		&rtcp.FullIntraRequest{FIR: []rtcp.FIREntry{{SequenceNumber: 1}}},
		&rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: 0},
		&rtcp.TransportLayerNack{Nacks: []rtcp.NackPair{{PacketID: 65535, LostPackets: 65535}}},
		&rtcp.Goodbye{Sources: []uint32{1, 2}, Reason: "x"},
		&rtcp.TransportLayerCC{
			PacketStatusCount: 65535, ReferenceTime: 1<<24 - 1,
			PacketChunks: []rtcp.PacketStatusChunk{&rtcp.RunLengthChunk{Type: rtcp.TypeTCCRunLengthChunk, PacketStatusSymbol: 0, RunLength: 8191}},
		},
	} {
		if raw, err := p.Marshal(); err == nil {
			all = append(all, record{recordRTCP, raw})
		}
	}
	return all
}

// FuzzHostile sends into one call, over a real connection, what a participant can send. It looks for a crash; how much all
// of it may take is TestHostile_floodTakesNothingAndLeavesTheCall's.
func FuzzHostile(f *testing.F) {
	var together []byte
	for _, r := range hostileSeeds() {
		f.Add(r.String())
		together = append(together, r.String()...)
	}
	f.Add(string(together))
	tab, h := callHostile(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range records([]byte(s)) {
			h.send(r)
		}
		if tab.last().State == call.Connecting {
			t.Error("the call has begun anew")
		}
	})
}

// Whatever comes, and however much of it: memory and goroutines stay within bounds, and the call with the next page stands.
func TestHostile_floodTakesNothingAndLeavesTheCall(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, h := callHostile(t)
	seeds := hostileSeeds()
	chance := rand.New(rand.NewPCG(1, 4))
	flood := func(n int) {
		for i := range n {
			r := seeds[chance.IntN(len(seeds))]
			r.data = append([]byte(nil), r.data...)
			for range chance.IntN(4) {
				if r.kind == recordRTCP {
					break // whom it is about is all over it: what it says is FuzzHostile's
				}
				r.data[chance.IntN(len(r.data))] = byte(chance.Uint32())
			}
			if chance.IntN(8) == 0 {
				r.data = append(r.data, make([]byte, chance.IntN(1000))...)
			}
			if r.kind == recordStranger && len(r.data) >= 12 {
				binary.BigEndian.PutUint32(r.data[8:], uint32(chance.IntN(16))) // few sources; the next test is for many
			}
			h.send(r)
			if i%100 == 99 {
				time.Sleep(time.Millisecond) // about as fast as a socket takes it
			}
		}
	}
	flood(5000) // what is made once is made
	until(t, "what is sent to be read", func() bool {
		flood(100) // what was sent before the hostile end had its keys went nowhere
		s := tab.last().Stats
		return s.Played+s.Concealed > 0 && s.KeyRequests > 0
	})
	before, goroutines := heap(), runtime.NumGoroutine()
	flood(40_000)
	// A busy machine has some of it still on the way, and may have taken the connection for lost.
	until(t, fmt.Sprintf("the heap to be back at %d KiB", before>>10), func() bool { return heap() <= before+16<<20 })
	until(t, fmt.Sprintf("about %d goroutines", goroutines), func() bool { return runtime.NumGoroutine() <= goroutines+100 })
	until(t, "live", func() bool { return tab.last().State == call.Live })
	behaves(t, tab, h)
}

// Pion keeps something of every source for as long as a connection lives.
func TestHostile_inventedSourcesEndTheConnection(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, h := callHostile(t)
	before, next := heap(), uint32(0)
	until(t, "the connection to end", func() bool { // what was sent before it had its keys went nowhere
		for range 50 {
			next++
			raw, err := (&rtp.Packet{Header: rtp.Header{Version: 2, SSRC: next * 7919, PayloadType: 96}, Payload: []byte{1, 2, 3}}).Marshal()
			if err != nil {
				t.Fatal(err)
			}
			h.send(record{recordStranger, raw})
		}
		return tab.last().State == call.Lost
	})
	until(t, fmt.Sprintf("the heap to be back at %d KiB", before>>10), func() bool { return heap() <= before+16<<20 })
	behaves(t, tab, h)
}

// behaves has another page come that is as it should be.
func behaves(t *testing.T, tab *tablet, h *hostile) {
	t.Helper()
	page := newClinic(t) // the next page, which behaves
	page.toTablet = h.toTablet
	h.mu.Lock()
	h.next = page
	h.mu.Unlock()
	page.ready()
	flows(t, tab, page)
}

// Each "ready" means a new connection: whoever says it all the time gets one a second, and holds up nobody who hangs up.
func TestHostile_readyAllTheTime(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	before, began := c.offers.Load(), time.Now()
	for range 500 {
		c.ready()
	}
	until(t, "a new connection", func() bool { return c.offers.Load() > before })
	for range 150 { // and on
		c.ready()
		time.Sleep(10 * time.Millisecond)
	}
	flows(t, tab, c)
	if n, most := c.offers.Load()-before, int64(time.Since(began)/time.Second)+2; n > most {
		t.Errorf("%d new connections, want at most %d", n, most)
	}
	end()
}
