package codec

/*
#cgo pkg-config: opus
#include <opus.h>

static int kl_opus_last_duration(OpusDecoder *d) {
	opus_int32 n = 0;
	opus_decoder_ctl(d, OPUS_GET_LAST_PACKET_DURATION(&n));
	return n;
}
*/
import "C"

import (
	"context"
	"errors"
	"fmt"

	"kontaktlaege/media"
)

type opusDecoder struct {
	*owner[opusJob, samples]
	native *C.OpusDecoder
}

type opusJob struct {
	packet []byte // nil: conceal without help
	lost   bool   // conceal, from packet's FEC if there is a packet
	pcm    []int16
}

type samples struct {
	n   int
	err error
}

// NewOpusDecoder opens a decoder to 48 kHz mono.
func NewOpusDecoder() (media.AudioDecoder, error) {
	d := &opusDecoder{}
	own, err := own(
		func() error {
			var rc C.int
			d.native = C.opus_decoder_create(media.SampleRate, 1, &rc)
			if rc != 0 {
				return opusError("open the Opus decoder", rc)
			}
			return nil
		},
		d.decode,
		func() { C.opus_decoder_destroy(d.native) })
	if err != nil {
		return nil, err
	}
	d.owner = own
	return d, nil
}

var errOpusEmpty = errors.New("codec: an empty Opus packet")

func (d *opusDecoder) Decode(ctx context.Context, packet []byte, pcm []int16) (int, error) {
	if len(packet) == 0 { // libopus would take it for a lost one
		return 0, errOpusEmpty
	}
	return d.run(ctx, opusJob{packet: packet, pcm: pcm})
}

func (d *opusDecoder) Conceal(ctx context.Context, next []byte, pcm []int16) (int, error) {
	return d.run(ctx, opusJob{packet: next, lost: true, pcm: pcm})
}

func (d *opusDecoder) run(ctx context.Context, j opusJob) (int, error) {
	if len(j.pcm) < media.SamplesPerPiece {
		return 0, fmt.Errorf("codec: no room for sound in %d samples", len(j.pcm))
	}
	r, err := d.do(ctx, j)
	if err != nil {
		return 0, err
	}
	return r.n, r.err
}

func (d *opusDecoder) decode(j opusJob) samples {
	room, fec := len(j.pcm), 0
	var data *C.uchar
	if len(j.packet) > 0 {
		data = (*C.uchar)(&j.packet[0])
	}
	if j.lost {
		// What is missing is as long as what came last.
		if last := int(C.kl_opus_last_duration(d.native)); last > 0 {
			room = min(room, last)
		} else {
			room = media.SamplesPerPiece
		}
		if data != nil {
			fec = 1
		}
	}
	n := C.opus_decode(d.native, data, C.opus_int32(len(j.packet)), (*C.opus_int16)(&j.pcm[0]), C.int(room), C.int(fec))
	if n < 0 {
		return samples{err: opusError("decode sound", C.int(n))}
	}
	return samples{n: int(n)}
}
