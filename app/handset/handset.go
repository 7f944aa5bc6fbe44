// Package handset is the tablet's camera, microphone, loudspeaker and call as app wants them (app.Phone, app.Scanner and app.Ringer),
// on top of media/call and the real devices. Invariants: it decides nothing about the flow; a device that fails becomes
// a sentence, never an end; pictures go from the call to the screen's mailboxes and never through app.
package handset

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/call"
	"kontaktlaege/media/call/still"
	"kontaktlaege/media/capture"
	"kontaktlaege/media/codec"
	"kontaktlaege/media/playback"
)

// Config says which devices to use, by the specs of media/capture and media/playback, and where pictures go.
type Config struct {
	Camera, Microphone, Loudspeaker string
	Self                            func(*media.Frame) // takes over a reference, must not wait; so does Remote
	Remote                          func(participant string, f *media.Frame)
	Album                           Album              // for the stills of the call
	Scanned                         func(*media.Frame) // what is held before the camera to be scanned; as Self
	Card                            func(kontakt.CPR)  // the number of a health card that was; must not wait, as Code
	Code                            func(string)       // of a colleague's offer
	RelayOnly                       bool
	IncludeLoopback                 bool // both ends on one machine
	Log                             *slog.Logger
	Trace                           func(step string) // told how far the start of a call has come; nil: nobody asks
}

// Check says which of the device specs is none.
func (c Config) Check() error {
	return errors.Join(
		capture.CheckCameraSpec(c.Camera),
		capture.CheckMicrophoneSpec(c.Microphone),
		playback.CheckLoudspeakerSpec(c.Loudspeaker),
	)
}

// Handset is app.Phone and app.Scanner.
type Handset struct {
	phone   *call.Phone
	cameras func() int
	lens    *lens
	camera  atomic.Int64 // index of the one that the nurse has chosen
	album   Album
	stills  *stills
	mirror  mirror
	lamp    lamp
	scanned func(*media.Frame)
	card    func(kontakt.CPR)
	code    func(string)
	log     *slog.Logger
}

// New opens nothing yet.
func New(c Config) *Handset {
	cameras := func() []string { return capture.Cameras(c.Camera) }
	var frames media.FramePool
	lens := &lens{open: func(ctx context.Context, index int) (media.VideoSource, error) {
		spec := c.Camera
		if all := cameras(); len(all) > 0 {
			spec = all[index%len(all)]
		}
		return capture.OpenCamera(ctx, spec, capture.CameraOptions{})
	}}
	h := &Handset{cameras: func() int { return len(cameras()) }, lens: lens, album: c.Album, scanned: c.Scanned, card: c.Card, code: c.Code, log: c.Log}
	h.phone = call.New(call.Config{
		Log:        c.Log,
		Cameras:    h.cameras,
		OpenCamera: lens.camera,
		OpenMicrophone: func(ctx context.Context) (media.AudioSource, error) {
			return capture.OpenMicrophone(ctx, c.Microphone)
		},
		OpenLoudspeaker: func(ctx context.Context, fill func([]int16)) (media.AudioSink, error) {
			return playback.OpenLoudspeaker(ctx, c.Loudspeaker, fill)
		},
		NewVideoEncoder: func(rate int) (media.VideoEncoder, error) {
			return codec.NewVP8Encoder(codec.VP8Config{Width: 1280, Height: 720, FPS: 30, Rate: rate})
		},
		NewVideoDecoder: func() (media.VideoDecoder, error) { return codec.NewVP8Decoder(&frames) },
		NewAudioEncoder: func(rate int) (media.AudioEncoder, error) {
			return codec.NewOpusEncoder(codec.OpusConfig{Rate: rate})
		},
		NewAudioDecoder: codec.NewOpusDecoder,
		NewVoice:        newVoice(c.Microphone),
		Self:            h.mirror.watch(c.Self), Remote: c.Remote,
		RelayOnly: c.RelayOnly, IncludeLoopback: c.IncludeLoopback, Trace: c.Trace,
	})
	h.stills = newStills(c.Album, h.phone.DropStill)
	return h
}

// Warm implements app.Phone.
func (h *Handset) Warm(ctx context.Context, relay kontakt.Relay) error {
	return h.phone.Warm(ctx, relay)
}

// Call implements app.Phone.
func (h *Handset) Call(ctx context.Context, s app.CallSetup) error {
	h.Set(s.Controls)
	stop := h.stills.tell(s.Still)
	defer stop()
	return h.phone.Call(ctx, call.Setup{
		Relay: s.Relay, Renew: s.Renew, Send: s.Send, Incoming: s.Incoming, Answered: s.Answered, Others: s.Others,
		Report: func(st call.Status) { s.Report(h.status(st)) },
		Text:   s.Text,
		Still:  h.stills.event,
		Point:  func(from string, p still.Pointer) { s.Point(from, p.ID, p.X, p.Y, p.On) },
	})
}

func (h *Handset) status(st call.Status) app.CallStatus {
	out := app.CallStatus{
		Media: mediaStates[st.State], Rung: st.Rung, Level: st.Level, Silent: st.Silent,
		Blind: st.Camera != nil, Cameras: h.cameras(), Zooms: st.Zooms, Torches: st.Torches,
		Problem: worst(st.Microphone, st.Camera, st.Loudspeaker),
	}
	for _, r := range st.Remotes {
		out.Others = append(out.Others, app.OtherStatus{
			ID: r.ID, Media: mediaStates[r.State],
			Remote: app.RemoteState{Muted: r.Muted, CameraOff: r.CameraOff, Rung: r.Rung, Frozen: r.Frozen, Level: r.Level},
		})
	}
	return out
}

var mediaStates = map[call.State]app.MediaState{
	call.Connecting: app.MediaConnecting, call.Live: app.MediaLive, call.Lost: app.MediaLost,
}

// Set implements app.Phone.
func (h *Handset) Set(c app.Controls) {
	h.camera.Store(int64(c.Camera))
	h.phone.Set(call.Controls{
		Muted: c.Muted, CameraOff: c.CameraOff, Camera: c.Camera, Volume: c.Volume, Zoom: c.Zoom, Torch: c.Torch,
	})
}

// Type implements app.Phone.
func (h *Handset) Type(text string) error { return h.phone.Type(text) }

// DeclineStill implements app.Phone.
func (h *Handset) DeclineStill(to string) { h.phone.DeclineStill(to) }

// CloseStill implements app.Phone.
func (h *Handset) CloseStill(id string) { h.album.Drop(id) }

// DropStill implements app.Phone.
func (h *Handset) DropStill(id string) {
	h.album.Drop(id)
	h.phone.DropStill(id)
}

// Point implements app.Phone.
func (h *Handset) Point(id string, x, y float64, on bool) {
	if at, err := still.NewPointer(id, x, y, on); err == nil { // else it is no place on a picture
		h.phone.Point(at)
	}
}

// HangUp implements app.Phone.
func (h *Handset) HangUp() {
	h.phone.HangUp()
	h.phone.Cool()
	h.album.Clear()
}

// NetworkChanged has a running call look for another path at once.
func (h *Handset) NetworkChanged() { h.phone.NetworkChanged() }

// Close ends everything.
func (h *Handset) Close() error { return h.phone.Close() }
