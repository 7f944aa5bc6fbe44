package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/call"
	"kontaktlaege/media/capture"
	"kontaktlaege/media/codec"
	"kontaktlaege/media/playback"
)

// line is one line that the phone's process writes: that it is warm, a sample, or a character that was typed.
type line struct {
	Warm   bool    `json:",omitempty"`
	Sample *sample `json:",omitempty"`
	Typed  *typed  `json:",omitempty"`
}

// typed is a character on its way.
type typed struct {
	At   float64 // ms of Unix time
	Text string
}

// runPhone is the process in the tablet's namespace: the tablet's own phone without a window, with the timecode camera
// and a tone. It warms up, then does what it reads, a line at a time ("call", "network", "type LETTERS"), and ends with its input.
func runPhone(ctx context.Context, name string, others []string, log *slog.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &phone{room: newRoom(name, kontakt.ParticipantTablet), out: json.NewEncoder(os.Stdout), ctx: ctx, start: make(chan struct{}, 1)}
	var frames media.FramePool
	p.phone = call.New(call.Config{
		Log:     log,
		Cameras: func() int { return 1 },
		OpenCamera: func(ctx context.Context, _ int) (media.VideoSource, error) {
			return capture.OpenCamera(ctx, "timecode:1280x720@30", capture.CameraOptions{})
		},
		OpenMicrophone: func(ctx context.Context) (media.AudioSource, error) { return capture.OpenMicrophone(ctx, "tone:440") },
		OpenLoudspeaker: func(ctx context.Context, fill func([]int16)) (media.AudioSink, error) {
			return playback.OpenLoudspeaker(ctx, "none", fill)
		},
		NewVideoEncoder: func(rate int) (media.VideoEncoder, error) {
			return codec.NewVP8Encoder(codec.VP8Config{Width: 1280, Height: 720, FPS: 30, Rate: rate})
		},
		NewVideoDecoder: func() (media.VideoDecoder, error) { return codec.NewVP8Decoder(&frames) },
		NewAudioEncoder: func(rate int) (media.AudioEncoder, error) { return codec.NewOpusEncoder(codec.OpusConfig{Rate: rate}) },
		NewAudioDecoder: codec.NewOpusDecoder,
		Self:            func(f *media.Frame) { f.Release() },
		Remote:          p.see,
	})
	defer p.phone.Close()
	relay, err := p.room.relay(ctx)
	if err != nil {
		return err
	}
	if err := p.phone.Warm(ctx, relay); err != nil {
		return err
	}
	p.write(line{Warm: true})
	go func() {
		defer cancel()
		p.obey(os.Stdin)
	}()
	select {
	case <-p.start:
	case <-ctx.Done():
		return nil
	}
	in := make(chan kontakt.Signal, 256)
	go p.room.listen(ctx, in)
	go p.measure()
	return p.phone.Call(ctx, call.Setup{
		Relay: relay, Renew: p.room.relay, Send: p.room.send, Incoming: in, Report: p.report, Others: constant(others),
	})
}

// constant says who else is in the call, once.
func constant(others []string) <-chan []string {
	if len(others) == 0 {
		return nil
	}
	c := make(chan []string, 1)
	c <- append([]string{kontakt.ParticipantClinic}, others...)
	return c
}

type phone struct {
	phone *call.Phone
	room  *room
	ctx   context.Context
	start chan struct{}

	mu      sync.Mutex
	out     *json.Encoder
	status  call.Status
	seen    uint64
	height  int
	freezes freezes
}

// see counts the clinic's pictures.
func (p *phone) see(from string, f *media.Frame) {
	height := f.Height
	f.Release()
	if from != kontakt.ParticipantClinic {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen++
	p.height = height
	p.freezes.frame(time.Now())
}

func (p *phone) report(s call.Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = s
}

// measure writes a sample now and then until ctx ends.
func (p *phone) measure() {
	for pause(p.ctx, sampleEvery) {
		p.mu.Lock()
		s := p.status
		p.write(line{Sample: &sample{
			At: milliseconds(time.Now()), Frames: float64(p.seen), Height: p.height, Frozen: p.freezes.total.Seconds(),
			Concealed: float64(s.Stats.Concealed), Sound: float64(s.Stats.Played + s.Stats.Concealed),
			Path: string(s.Path), Rung: string(s.Rung), Rate: float64(s.Stats.SendRate), Target: float64(s.Stats.TargetRate),
		}})
		p.mu.Unlock()
	}
}

func (p *phone) write(l line) {
	if p.out.Encode(l) != nil { // who started us has gone
		os.Exit(1)
	}
}

// obey does what the lines say until they end.
func (p *phone) obey(r io.Reader) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		switch what, _, _ := strings.Cut(lines.Text(), " "); what {
		case "call":
			p.start <- struct{}{}
		case "network":
			p.room.reconnect()
			p.phone.NetworkChanged()
		case "type":
			go p.typeAll(strings.TrimPrefix(lines.Text(), "type "))
		}
	}
}

// typeEvery is a fast typist's pace.
const typeEvery = 100 * time.Millisecond

func (p *phone) typeAll(text string) {
	tick := time.NewTicker(typeEvery)
	defer tick.Stop()
	for len(text) > 0 {
		select {
		case <-p.ctx.Done():
			return
		case <-tick.C:
		}
		_, n := utf8.DecodeRuneInString(text)
		if err := p.phone.Type(text[:n]); err == nil {
			p.mu.Lock()
			p.write(line{Typed: &typed{At: milliseconds(time.Now()), Text: text[:n]}})
			p.mu.Unlock()
		}
		text = text[n:]
	}
}

// freezes counts as the webrtc-stats recommendation does (totalFreezesDuration): an interval between two pictures is a
// freeze when it is longer than thrice the mean of the last thirty, and than that mean and 150 ms.
type freezes struct {
	last      time.Time
	intervals [30]time.Duration
	n         int
	total     time.Duration
}

func (f *freezes) frame(now time.Time) {
	if f.last.IsZero() {
		f.last = now
		return
	}
	interval := now.Sub(f.last)
	f.last = now
	if f.n > 0 {
		var sum time.Duration
		known := min(f.n, len(f.intervals))
		for _, i := range f.intervals[:known] {
			sum += i
		}
		mean := sum / time.Duration(known)
		if interval >= max(3*mean, mean+150*time.Millisecond) {
			f.total += interval
		}
	}
	f.intervals[f.n%len(f.intervals)] = interval
	f.n++
}

// room is the way of signals over the network, as a participant sees it.
type room struct {
	call, me string
	over     atomic.Pointer[network]
}

// network is what requests go over until the tablet has another.
type network struct {
	http *http.Client
	left context.Context
	end  context.CancelFunc
}

func newRoom(call, me string) *room {
	r := &room{call: call, me: me}
	r.reconnect()
	return r
}

// reconnect has everything go over new connections, as the app's client does: those of another network are dead without
// a word, and who waits on one for an answer would wait long. By HTTP/1.1, where a request that fails takes its connection
// with it.
func (r *room) reconnect() {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, Protocols: &http.Protocols{}}
	t.Protocols.SetHTTP1(true)
	n := &network{http: &http.Client{Transport: t}}
	n.left, n.end = context.WithCancel(context.Background())
	if old := r.over.Swap(n); old != nil {
		old.end()
		old.http.CloseIdleConnections()
	}
}

const serverURL = "https://" + serverAddress

func (r *room) relay(ctx context.Context) (kontakt.Relay, error) {
	var relay kontakt.Relay
	err := r.ask(ctx, "GET", "/relay?as="+r.me, nil, &relay)
	return relay, err
}

// send posts each signal to whom it is for, or to the clinic.
func (r *room) send(ctx context.Context, said []kontakt.Signal) error {
	to := map[string][]kontakt.Signal{}
	for _, s := range said {
		s.From = r.me
		whom := s.To
		if whom == "" {
			whom = kontakt.ParticipantClinic
		}
		to[whom] = append(to[whom], s)
	}
	for whom, all := range to {
		body, err := json.Marshal(all)
		if err != nil {
			return err
		}
		if err := r.ask(ctx, "POST", "/calls/"+r.call+"/"+whom, body, nil); err != nil {
			return err
		}
	}
	return nil
}

// listen passes on what comes until ctx ends.
func (r *room) listen(ctx context.Context, in chan<- kontakt.Signal) {
	for after := 0; ctx.Err() == nil; {
		var said []kontakt.Signal
		if r.ask(ctx, "GET", fmt.Sprintf("/calls/%s/%s?after=%d", r.call, r.me, after), nil, &said) != nil {
			pause(ctx, 300*time.Millisecond)
			continue
		}
		after += len(said)
		for _, s := range said {
			select {
			case in <- s:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (r *room) ask(ctx context.Context, method, path string, body []byte, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, longPoll+3*time.Second)
	defer cancel()
	over := r.over.Load()
	defer context.AfterFunc(over.left, cancel)()
	req, err := http.NewRequestWithContext(ctx, method, serverURL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := over.http.Do(req)
	if err != nil {
		return &kontakt.Error{Op: "netlab", Kind: kontakt.Unavailable, Err: err}
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return &kontakt.Error{Op: "netlab", Kind: kontakt.Unavailable, Err: errors.New(resp.Status)}
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(answer)
}

// pause waits, and says whether it waited to the end.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
