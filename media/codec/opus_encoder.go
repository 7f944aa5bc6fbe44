package codec

/*
#cgo pkg-config: opus
#include <opus.h>

static int kl_opus_encoder_setup(OpusEncoder *e) {
	int rc = opus_encoder_ctl(e, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
	if (!rc) rc = opus_encoder_ctl(e, OPUS_SET_INBAND_FEC(1));
	if (!rc) rc = opus_encoder_ctl(e, OPUS_SET_DTX(0)); // silence would look like a lost line
	if (!rc) rc = opus_encoder_ctl(e, OPUS_SET_VBR(1));
	if (!rc) rc = opus_encoder_ctl(e, OPUS_SET_VBR_CONSTRAINT(1));
	if (!rc) rc = opus_encoder_ctl(e, OPUS_SET_COMPLEXITY(5));
	return rc;
}

static int kl_opus_encoder_network(OpusEncoder *e, int bps, int loss, int lower) {
	int rc = 0;
	if (lower) rc = opus_encoder_ctl(e, OPUS_RESET_STATE);
	if (!rc) rc = opus_encoder_ctl(e, OPUS_SET_BITRATE(bps));
	if (!rc) rc = opus_encoder_ctl(e, OPUS_SET_PACKET_LOSS_PERC(loss));
	return rc;
}
*/
import "C"

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"

	"kontaktlaege/media"
)

// Rates of speech, bits a second.
const (
	minOpusRate     = 12_000
	defaultOpusRate = 24_000
	maxOpusRate     = 32_000
)

const (
	// leastLoss is from which loss on packets repeat the ones before them, and leastFEC the loss in per cent that libopus
	// is told at least: below, it believes that repeating is not worth it at our rates, and puts nothing in.
	leastLoss = 0.01
	leastFEC  = 10
)

// maxOpusPacket is the longest packet of one frame (RFC 6716 §3.2.1 and §3.4).
const maxOpusPacket = 1275

// OpusConfig says what to begin with.
type OpusConfig struct {
	Rate int     // bits a second; zero is 24 000
	Loss float64 // expected, 0–1
}

type opusEncoder struct {
	*owner[[]int16, packet]
	native  *C.OpusEncoder
	network atomic.Uint64 // rate << 32 | loss in per cent

	// The rest belongs to the owner.
	applied uint64
	out     [maxOpusPacket]byte
}

type packet struct {
	data []byte
	err  error
}

// NewOpusEncoder opens an encoder for speech with in-band FEC.
func NewOpusEncoder(c OpusConfig) (media.AudioEncoder, error) {
	if c.Rate == 0 {
		c.Rate = defaultOpusRate
	}
	e := &opusEncoder{}
	e.SetNetwork(c.Rate, c.Loss)
	own, err := own(
		func() error {
			var rc C.int
			e.native = C.opus_encoder_create(media.SampleRate, 1, C.OPUS_APPLICATION_VOIP, &rc)
			if rc != 0 {
				return opusError("open the Opus encoder", rc)
			}
			rc = C.kl_opus_encoder_setup(e.native)
			if rc != 0 {
				C.opus_encoder_destroy(e.native)
				return opusError("set up the Opus encoder", rc)
			}
			return nil
		},
		e.encode,
		func() { C.opus_encoder_destroy(e.native) })
	if err != nil {
		return nil, err
	}
	e.owner = own
	return e, nil
}

func (e *opusEncoder) Encode(ctx context.Context, pcm []int16) ([]byte, error) {
	switch len(pcm) {
	case media.SamplesPerPiece, 2 * media.SamplesPerPiece, 3 * media.SamplesPerPiece:
	default:
		return nil, fmt.Errorf("codec: no Opus packet of %d samples", len(pcm))
	}
	r, err := e.do(ctx, pcm)
	if err != nil {
		return nil, err
	}
	return r.data, r.err
}

func (e *opusEncoder) SetNetwork(bps int, loss float64) {
	bps = min(max(bps, minOpusRate), maxOpusRate)
	percent := 0.0
	if loss >= leastLoss { // not NaN either
		percent = max(math.Ceil(min(loss, 1)*100), leastFEC)
	}
	e.network.Store(uint64(bps)<<32 | uint64(percent))
}

func (e *opusEncoder) encode(pcm []int16) packet {
	if n := e.network.Load(); n != e.applied {
		// A running encoder leaves a bandwidth for a narrower one in a pause of speech only. Where there is none, as in an
		// alarm that sounds on, it sends 30 kbit/s for up to nine seconds when 18 are asked for; a fresh one does not.
		var lower C.int
		if e.applied != 0 && n>>32 < e.applied>>32 {
			lower = 1
		}
		if rc := C.kl_opus_encoder_network(e.native, C.int(n>>32), C.int(n&0xff), lower); rc != 0 {
			return packet{err: opusError("set the Opus rate", rc)}
		}
		e.applied = n
	}
	n := C.opus_encode(e.native, (*C.opus_int16)(&pcm[0]), C.int(len(pcm)), (*C.uchar)(&e.out[0]), maxOpusPacket)
	if n < 0 {
		return packet{err: opusError("encode sound", C.int(n))}
	}
	return packet{data: e.out[:n]}
}

func opusError(what string, rc C.int) error {
	return fmt.Errorf("codec: %s: %s", what, C.GoString(C.opus_strerror(rc)))
}
