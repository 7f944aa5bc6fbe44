package call

import (
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
)

// State is how the media fare.
type State int

// The states.
const (
	Connecting State = iota
	Live
	Lost // being restored
)

// Path is how the media go.
type Path string

// The paths.
const (
	PathDirect Path = "direct"
	PathRelay  Path = "relay"
)

// Status is how a call stands.
type Status struct {
	State                           State              // of the connection with the clinic
	Path                            Path               // with the clinic; "" before Live
	Rung                            kontakt.Rung       // what leaves here
	Silent                          bool               // the microphone has given digital silence for ten seconds
	Level                           float64            // own microphone, 0–1
	Remotes                         []Remote           // the others, in their order
	Camera, Microphone, Loudspeaker *media.DeviceError // nil: it works, or is not wanted
	Zooms, Torches                  bool               // the camera can
	Stats                           Stats              // of the line to the clinic
}

// Remote is another participant.
type Remote struct {
	ID               string
	State            State
	Path             Path // "" before Live
	Muted, CameraOff bool
	Rung             kontakt.Rung // what we get of it
	Frozen           bool         // its picture should move and does not
	Level            float64      // of its sound, 0–1
	Width, Height    int          // of its picture
}

// Equal says whether nothing has changed.
func (s Status) Equal(other Status) bool {
	return slices.Equal(s.Remotes, other.Remotes) &&
		s.State == other.State && s.Path == other.Path && s.Rung == other.Rung && s.Silent == other.Silent && s.Level == other.Level &&
		s.Camera == other.Camera && s.Microphone == other.Microphone && s.Loudspeaker == other.Loudspeaker &&
		s.Zooms == other.Zooms && s.Torches == other.Torches && s.Stats == other.Stats
}

// Stats are figures of the running line. Rates are bits a second over the last second.
type Stats struct {
	SendRate, ReceiveRate int
	TargetRate            int // what the path is believed to carry, for the picture
	FPSSent, FPSReceived  float64
	RTT                   time.Duration
	LossSent              float64 // 0–1, of the sound, as the other side reports it
	LossReceived          float64 // 0–1, of the picture's packets
	FramesEncoded         uint64
	FramesDropped         uint64 // by rate, backlog or a slow encoder
	FramesDecoded         uint64
	FramesUndecoded       uint64 // received whole, and too late for this machine
	KeyRequests           uint64 // asked of the other side
	Played, Concealed     uint64 // pieces of sound; what the next packet repeats counts as played
	JitterDelay           time.Duration
	Width, Height         int // of the picture received
}

// meter turns counters into rates.
type meter struct {
	at                                              time.Time
	line                                            *line
	sent, received, encoded, decoded, lost, packets uint64
}

// measure reads all counters, and gives rates over the time since the last call.
func (m *meter) measure(st *station, l *line, before Stats) Stats {
	var s Stats
	p, a := &l.pictures.stats, &l.sounds.stats
	now := time.Now()
	next := meter{
		at: now, line: l,
		sent:     uint64(l.video.octets.Load()) + uint64(l.audio.octets.Load()),
		received: p.octets.Load() + a.octets.Load(),
		encoded:  st.pictures.stats.encoded.Load(), decoded: p.decoded.Load(),
		lost: p.lost.Load(), packets: p.packets.Load(),
	}
	s.FramesEncoded, s.FramesDropped = next.encoded, st.pictures.stats.dropped.Load()
	s.FramesDecoded, s.FramesUndecoded, s.KeyRequests = next.decoded, p.dropped.Load(), p.keyRequests.Load()
	s.Played, s.Concealed, s.JitterDelay = a.played.Load()+a.recovered.Load(), a.concealed.Load(), l.sounds.delay()
	s.Width, s.Height = int(p.size.Load()>>32), int(uint32(p.size.Load()))
	s.TargetRate = int(st.pictures.stats.target.Load())
	s.LossSent = float64(l.lossSent.Load()) / 256
	_, s.RTT = l.path()

	seconds := now.Sub(m.at).Seconds()
	switch {
	case m.line != l:
		*m = next
	case seconds < 0.5: // too short to tell a rate
		s.SendRate, s.ReceiveRate, s.FPSSent, s.FPSReceived = before.SendRate, before.ReceiveRate, before.FPSSent, before.FPSReceived
		s.LossReceived = before.LossReceived
	default:
		// The octets sent are counted modulo 2³², as sender reports have them.
		s.SendRate = int(float64(uint32(next.sent-m.sent)) * 8 / seconds)
		s.ReceiveRate = int(float64(next.received-m.received) * 8 / seconds)
		s.FPSSent = float64(next.encoded-m.encoded) / seconds
		s.FPSReceived = float64(next.decoded-m.decoded) / seconds
		if lost, all := next.lost-m.lost, next.packets-m.packets; lost+all > 0 {
			s.LossReceived = float64(lost) / float64(lost+all)
		}
		*m = next
	}
	return s
}
