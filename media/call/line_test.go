package call

import (
	"log/slog"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/codec"
)

func lineConfig() *Config {
	var pool media.FramePool
	cfg := Config{
		Log:             slog.New(slog.DiscardHandler),
		NewVideoDecoder: func() (media.VideoDecoder, error) { return codec.NewVP8Decoder(&pool) },
		NewAudioDecoder: codec.NewOpusDecoder,
		Self:            func(f *media.Frame) { f.Release() },
		Remote:          func(_ string, f *media.Frame) { f.Release() },
		IncludeLoopback: true,
	}.withDefaults()
	return &cfg
}

// answerOf gives a real answer to the line's offer.
func answerOf(tb testing.TB, l *line) string {
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		tb.Fatal(err)
	}
	defer pc.GracefulClose()
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: l.description()}); err != nil {
		tb.Fatal(err)
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return answer.SDP
}

// Where the decoder does not keep up, what waits goes, and the picture begins anew with a key frame.
func TestPictureIn_aSlowMachineBeginsAnew(t *testing.T) {
	p := &pictureIn{wake: make(chan struct{}, 1)}
	for i := range 6 {
		if !p.enqueue([]byte{1}, 0, false) {
			t.Fatalf("picture %d does not wait", i+1)
		}
	}
	if p.enqueue([]byte{1}, 0, false) {
		t.Error("a seventh waits")
	}
	if !p.enqueue([]byte{1}, 0, true) {
		t.Error("a key frame does not wait")
	}
	if u, ok := p.dequeue(); !ok || !u.key {
		t.Errorf("%+v comes first, want the key frame", u)
	}
}

func TestLine_closesWithoutEverConnecting(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	for _, upTo := range []string{"made", "offered", "answered"} {
		l, err := newLine(lineConfig(), kontakt.ParticipantClinic, kontakt.Relay{}, false, func() {})
		if err != nil {
			t.Fatal(err)
		}
		if upTo != "made" {
			if err := l.offer(); err != nil {
				t.Fatal(err)
			}
		}
		if upTo == "answered" {
			if err := l.answer(answerOf(t, l)); err != nil {
				t.Fatal(err)
			}
		}
		l.close()
		l.close()
	}
}

func TestLine_earlyCandidatesAreBounded(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	l, err := newLine(lineConfig(), kontakt.ParticipantClinic, kontakt.Relay{}, false, func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	if err := l.offer(); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if err := l.add(make([]kontakt.Candidate, 64)); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.early) != maxEarly {
		t.Errorf("%d candidates kept, want %d", len(l.early), maxEarly)
	}
}

// FuzzAnswer has a hostile page answer, and send candidates.
func FuzzAnswer(f *testing.F) {
	testkit.Seeds(f, "testdata/sdp/*.sdp")
	f.Fuzz(func(t *testing.T, sdp string) {
		l, err := newLine(lineConfig(), kontakt.ParticipantClinic, kontakt.Relay{}, false, func() {})
		if err != nil {
			t.Fatal(err)
		}
		defer l.close()
		if err := l.offer(); err != nil {
			t.Fatal(err)
		}
		_ = l.add([]kontakt.Candidate{{Candidate: sdp}})
		if l.answer(sdp) != nil && l.connected() {
			t.Error("connected by an answer that was refused")
		}
		_ = l.add([]kontakt.Candidate{{Candidate: sdp}})
	})
}
