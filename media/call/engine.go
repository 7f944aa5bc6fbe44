package call

import (
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/call/congestion"
	"kontaktlaege/media/call/relaydial"
)

const (
	videoClock = 90_000
	audioClock = 48_000

	twccInterval = 50 * time.Millisecond

	// A path counts as lost after iceSilence; traffic of any kind, or a check each iceCheck, keeps it. It is checked on for
	// iceFailed: the network may come back as it was.
	iceSilence = 2 * time.Second
	iceFailed  = 30 * time.Second
	iceCheck   = 500 * time.Millisecond
	// A path found over an address that the other side did not tell is as direct as any; one over the relay is taken where
	// no direct one stands by then. pion's own 1 s and 2 s would be added to each restart, too.
	prflxWait = 100 * time.Millisecond
	srflxWait = 200 * time.Millisecond
	relayWait = 500 * time.Millisecond
	// iceTries is how many checks (five a second) a pair of candidates gets: enough to outlast a cut until the session
	// tries something else.
	iceTries = 60
	// sctpPatience is the most that the data channels wait before they send again what was not acknowledged. pion's own is
	// 1 s, and doubles. At 64 kbit/s with every fifth packet lost each way 95 of 100 characters came within 2.1 to 2.7 s
	// with 500 ms, 1.2 to 1.4 s with 300 ms, 1.0 to 1.2 s with 200 ms (e2e/netlab, two runs each). Shorter than
	// the way there and back it sends everything twice: with one of 300 ms a picture of 600 kB took 70 s with 200 ms.
	sctpPatience = 300 * time.Millisecond
	// sctpWindow, in bytes, may be on its way on the data channels whatever was lost; stills hold themselves back by what the
	// path carries (stillAhead). That picture took 17 s without it, and 11 s with it.
	sctpWindow = 9600
)

var (
	videoCodec = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeVP8, ClockRate: videoClock,
		// Chromium's own words: it starts there instead of at 300 kbit/s, which holds it at 180p for ten seconds.
		SDPFmtpLine: "x-google-start-bitrate=1000",
		RTCPFeedback: []webrtc.RTCPFeedback{
			{Type: "transport-cc"}, {Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"},
		},
	}
	// RFC 7587 wants 48 kHz and two channels in the description whatever is sent.
	audioCodec = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: audioClock, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
		RTCPFeedback: []webrtc.RTCPFeedback{{Type: "transport-cc"}},
	}
)

// newAPI gives the WebRTC stack of one line, whose packets leave through c, and which reaches the relay through dial. Lost
// packets are asked for again on their own SSRC, without RTX: pion hands an RTX packet on only when the next ordinary one
// comes, up to a picture later.
func newAPI(cfg *Config, c *congestion.Controller, dial *relaydial.Dialer, from *sources) (*webrtc.API, error) {
	m := &webrtc.MediaEngine{}
	// The numbers are what we propose; the answer decides.
	if err := m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: videoCodec, PayloadType: 96}, webrtc.RTPCodecTypeVideo); err != nil {
		return nil, err
	}
	if err := m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: audioCodec, PayloadType: 111}, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	for _, x := range []struct {
		uri  string
		kind webrtc.RTPCodecType
	}{
		{sdp.SDESMidURI, webrtc.RTPCodecTypeVideo},
		{sdp.SDESMidURI, webrtc.RTPCodecTypeAudio},
		{sdp.TransportCCURI, webrtc.RTPCodecTypeVideo},
		{sdp.TransportCCURI, webrtc.RTPCodecTypeAudio},
		{congestion.PlayoutDelayURI, webrtc.RTPCodecTypeVideo},
	} {
		if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: x.uri}, x.kind); err != nil {
			return nil, err
		}
	}

	r := &interceptor.Registry{}
	if err := c.Register(r); err != nil {
		return nil, err
	}
	receiver, err := report.NewReceiverInterceptor()
	if err != nil {
		return nil, err
	}
	r.Add(receiver)
	feedback, err := twcc.NewSenderInterceptor(twcc.SendInterval(twccInterval))
	if err != nil {
		return nil, err
	}
	r.Add(feedback)

	// What the other side can cause at will, packet by packet, fills no log. PION_LOG_ERROR=all shows it.
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel = logging.LogLevelDisabled
	s := webrtc.SettingEngine{LoggerFactory: quiet, BufferFactory: from.buffer}
	s.SetICETimeouts(iceSilence, iceFailed, iceCheck)
	s.SetICEMaxBindingRequests(iceTries)
	s.SetPrflxAcceptanceMinWait(prflxWait)
	s.SetSrflxAcceptanceMinWait(srflxWait)
	s.SetRelayAcceptanceMinWait(relayWait)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetIncludeLoopbackCandidate(cfg.IncludeLoopback)
	s.DisableActiveTCP(true)
	s.SetSCTPMaxMessageSize(maxMessage)
	s.SetSCTPRTOMax(sctpPatience)
	s.SetSCTPMinCwnd(sctpWindow)
	s.SetICEProxyDialer(dial)
	s.SetFireOnTrackBeforeFirstRTP(true)
	return webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(r), webrtc.WithSettingEngine(s)), nil
}

func configuration(relay kontakt.Relay, relayOnly bool) webrtc.Configuration {
	c := webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle, RTCPMuxPolicy: webrtc.RTCPMuxPolicyRequire}
	if relayOnly {
		c.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	for _, s := range relay.Servers {
		c.ICEServers = append(c.ICEServers, webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return c
}
