package call

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"kontaktlaege/media"
	"kontaktlaege/media/call/packet"
)

// maxDecoded is the longest Opus packet, 120 ms (RFC 6716 §2.1.4), in samples.
const maxDecoded = media.SampleRate * 120 / 1000

// soundIn takes the other side's sound from RTP to the loudspeaker: one goroutine reads, one decodes just ahead of
// what the loudspeaker takes, since that takes on a thread which must not wait.
type soundIn struct {
	decoder media.AudioDecoder
	stats   soundStats

	mu     sync.Mutex
	jitter *packet.Jitter
	ready  []int16 // decoded and not yet played
	ahead  int     // samples to keep ready: what the loudspeaker takes at once

	wake   chan struct{}
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

type soundStats struct {
	octets, packets              atomic.Uint64
	played, recovered, concealed atomic.Uint64 // pieces: whole, by what the next packet repeats, made up
	target                       atomic.Int64
}

func newSoundIn(cfg *Config) (*soundIn, error) {
	d, err := cfg.NewAudioDecoder()
	if err != nil {
		return nil, err
	}
	s := &soundIn{
		decoder: d, jitter: packet.NewJitter(), ahead: media.SamplesPerPiece,
		ready: make([]int16, 0, 3*maxDecoded), wake: make(chan struct{}, 1),
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.wg.Go(func() { s.decode(ctx) })
	return s, nil
}

// receive reads the track until it ends.
func (s *soundIn) receive(t *webrtc.TrackRemote) {
	buf := make([]byte, 2048)
	var in rtp.Packet
	for {
		n, _, err := t.Read(buf)
		if err != nil {
			return
		}
		if in.Unmarshal(buf[:n]) != nil || len(in.Payload) == 0 {
			continue
		}
		s.stats.octets.Add(uint64(n))
		s.stats.packets.Add(1)
		s.mu.Lock()
		s.jitter.Push(in.SequenceNumber, in.Timestamp, in.Payload, media.Now())
		s.stats.target.Store(int64(s.jitter.Target()))
		s.mu.Unlock()
	}
}

// fill is the loudspeaker's: it takes what is ready and leaves silence where nothing is.
func (s *soundIn) fill(pcm []int16) {
	s.mu.Lock()
	n := copy(pcm, s.ready)
	s.ready = s.ready[:copy(s.ready, s.ready[n:])]
	s.ahead = min(max(len(pcm), media.SamplesPerPiece), maxDecoded)
	s.mu.Unlock()
	clear(pcm[n:])
	signal(s.wake)
}

func (s *soundIn) decode(ctx context.Context) {
	pcm := make([]int16, 2*maxDecoded)
	payload := make([]byte, 0, 1500)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		for {
			s.mu.Lock()
			if len(s.ready) >= s.ahead {
				s.mu.Unlock()
				break
			}
			what, next, speed := s.jitter.Pop(media.Now())
			payload = append(payload[:0], next...)
			s.mu.Unlock()

			n := s.sound(ctx, what, payload, pcm[:maxDecoded])
			if ctx.Err() != nil {
				return
			}
			played := speed.Of(pcm[:n])
			s.mu.Lock()
			s.jitter.Stretched(time.Duration(len(played)-n) * time.Second / media.SampleRate)
			s.ready = append(s.ready, played...)
			s.mu.Unlock()
		}
	}
}

// sound makes what is to be heard, and counts it in pieces.
func (s *soundIn) sound(ctx context.Context, what packet.Turn, payload []byte, pcm []int16) (samples int) {
	var err error
	count := &s.stats.played
	switch what {
	case packet.TurnSilence:
		clear(pcm[:media.SamplesPerPiece])
		return media.SamplesPerPiece
	case packet.TurnPacket:
		samples, err = s.decoder.Decode(ctx, payload, pcm)
	case packet.TurnRecover:
		count = &s.stats.recovered
		samples, err = s.decoder.Conceal(ctx, payload, pcm)
	case packet.TurnConceal:
		count = &s.stats.concealed
		samples, err = s.decoder.Conceal(ctx, nil, pcm)
	}
	if err != nil || samples <= 0 || samples > len(pcm) {
		samples = media.SamplesPerPiece // a packet that is no Opus sounds like nothing
		clear(pcm[:samples])
	}
	count.Add(uint64(max(samples/media.SamplesPerPiece, 1)))
	return samples
}

// delay is how long sound lies here before it is played.
func (s *soundIn) delay() time.Duration { return time.Duration(s.stats.target.Load()) }

func (s *soundIn) close() {
	s.cancel()
	s.wg.Wait()
	_ = s.decoder.Close()
}
