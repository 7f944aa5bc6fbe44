// Package handset is the tablet's camera, microphone, loudspeaker and call as app wants them (app.Phone and app.Ringer),
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
	Album                           Album // for the stills of the call
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

// Handset is app.Phone.
type Handset struct {
	phone   *call.Phone
	cameras func() int
	lens    *lens
	camera  atomic.Int64 // index of the one that the nurse has chosen
	album   Album
	stills  *stills
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
	h := &Handset{
		cameras: func() int { return len(cameras()) }, lens: lens, album: c.Album, log: c.Log,
		phone: call.New(call.Config{
			Log:        c.Log,
			Cameras:    func() int { return len(cameras()) },
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
			Self:            c.Self, Remote: c.Remote,
			RelayOnly: c.RelayOnly, IncludeLoopback: c.IncludeLoopback, Trace: c.Trace,
		}),
	}
	h.stills = newStills(c.Album, h.phone.DropStill)
	return h
}

// Check implements app.Phone. That the backend could be asked for the relay is the network's own check.
func (h *Handset) Check(ctx context.Context, relay kontakt.Relay, report func(app.CheckReport)) error {
	return h.phone.Check(ctx, relay, func(r call.CheckReport) {
		report(app.CheckReport{
			Camera:     item(r.Camera),
			Microphone: item(r.Microphone),
			Network:    app.CheckItem{State: app.CheckGood},
			Relay:      item(r.Relay),
			Level:      r.Level,
		})
	})
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

var checkStates = map[call.CheckState]app.CheckState{
	call.CheckRunning: app.CheckRunning, call.CheckGood: app.CheckGood, call.CheckBad: app.CheckBad,
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

func item(i call.CheckItem) app.CheckItem {
	return app.CheckItem{State: checkStates[i.State], Problem: Sentence(i.Err)}
}

// worst gives the sentence of the first device that fails: without sound there is no conversation, so sound goes first.
func worst(problems ...*media.DeviceError) app.Sentence {
	for _, p := range problems {
		if p != nil {
			return Sentence(p)
		}
	}
	return app.Sentence{}
}

// sentences says what a person can do about a device.
var sentences = map[string]map[media.DeviceProblem]kontakt.MsgKey{
	"camera": {
		media.DeviceNone: kontakt.MsgNoCamera, media.DeviceBusy: kontakt.MsgCameraBusy, media.DeviceRefused: kontakt.MsgCameraRefused,
		media.DeviceLost: kontakt.MsgCameraLost, media.DeviceSlow: kontakt.MsgCameraBusy,
	},
	"microphone": {
		media.DeviceNone: kontakt.MsgNoMicrophone, media.DeviceBusy: kontakt.MsgNoMicrophone, media.DeviceRefused: kontakt.MsgMicrophoneRefused,
		media.DeviceLost: kontakt.MsgNoMicrophone, media.DeviceSlow: kontakt.MsgNoMicrophone,
	},
	"loudspeaker": {
		media.DeviceNone: kontakt.MsgNoLoudspeaker, media.DeviceBusy: kontakt.MsgNoLoudspeaker, media.DeviceRefused: kontakt.MsgNoLoudspeaker,
		media.DeviceLost: kontakt.MsgNoLoudspeaker, media.DeviceSlow: kontakt.MsgNoLoudspeaker,
	},
}

// Sentence gives what to say of an error of a device or the relay; none for nil.
func Sentence(err error) app.Sentence {
	if err == nil {
		return app.Sentence{}
	}
	if errors.Is(err, call.ErrRelayUnreachable) {
		return app.Sentence{Key: kontakt.MsgRelayUnreachable}
	}
	if device, ok := errors.AsType[*media.DeviceError](err); ok {
		if key, ok := sentences[device.Device][device.Problem]; ok {
			return app.Sentence{Key: key}
		}
	}
	return app.Sentence{Key: kontakt.MsgUnknown, Params: map[string]string{"kode": "device"}}
}

// Ringer is app.Ringer on the loudspeaker.
type Ringer struct {
	ringer *playback.Ringer
	log    *slog.Logger
}

// NewRinger opens nothing yet.
func NewRinger(loudspeaker string, log *slog.Logger) *Ringer {
	return &Ringer{ringer: playback.NewRinger(loudspeaker), log: log}
}

// Ring implements app.Ringer: two rising tones, repeated and growing.
func (r *Ringer) Ring(on bool) {
	if !on {
		r.ringer.Stop()
		return
	}
	err := r.ringer.Play(context.Background(), playback.RingTone(), playback.Options{Loop: true, Growing: true})
	if err != nil {
		r.log.Warn("the ring is not heard", "error", err) // the screen shows the call all the same
	}
}

// Chime implements app.Ringer.
func (r *Ringer) Chime() {
	if err := r.ringer.Play(context.Background(), playback.Notice(), playback.Options{}); err != nil {
		r.log.Warn("the chime is not heard", "error", err) // the screen shows the message all the same
	}
}

// Close ends it.
func (r *Ringer) Close() error { return r.ringer.Close() }
