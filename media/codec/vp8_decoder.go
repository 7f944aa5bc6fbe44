package codec

/*
#cgo pkg-config: vpx
#include <stdlib.h>
#include <string.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vp8dx.h>

typedef struct {
	vpx_codec_ctx_t codec;
	vpx_image_t *img; // the last picture, until the next call
	int width, height, corrupted;
} kl_vp8_decoder;

static vpx_codec_err_t kl_vp8_decoder_open(kl_vp8_decoder *d, unsigned threads) {
	vpx_codec_dec_cfg_t cfg = {.threads = threads};
	return vpx_codec_dec_init(&d->codec, vpx_codec_vp8_dx(), &cfg, 0);
}

static vpx_codec_err_t kl_vp8_decoder_decode(kl_vp8_decoder *d, unsigned char *data, unsigned size) {
	d->img = NULL;
	d->corrupted = 0;
	vpx_codec_err_t err = vpx_codec_decode(&d->codec, data, size, NULL, 0);
	if (err) return err;
	vpx_codec_iter_t it = NULL;
	d->img = vpx_codec_get_frame(&d->codec, &it);
	if (!d->img) return VPX_CODEC_OK;
	d->width = d->img->d_w;
	d->height = d->img->d_h;
	return vpx_codec_control(&d->codec, VP8D_GET_FRAME_CORRUPTED, &d->corrupted);
}

static void kl_copy(unsigned char *dst, const unsigned char *src, int stride, int width, int height) {
	for (int y = 0; y < height; y++) memcpy(dst + (size_t)y * width, src + (size_t)y * stride, width);
}

// kl_vp8_decoder_copy takes the padding away; width and height are even and at most the picture's.
static void kl_vp8_decoder_copy(kl_vp8_decoder *d, unsigned char *y, unsigned char *u, unsigned char *v, int width, int height) {
	kl_copy(y, d->img->planes[VPX_PLANE_Y], d->img->stride[VPX_PLANE_Y], width, height);
	kl_copy(u, d->img->planes[VPX_PLANE_U], d->img->stride[VPX_PLANE_U], width / 2, height / 2);
	kl_copy(v, d->img->planes[VPX_PLANE_V], d->img->stride[VPX_PLANE_V], width / 2, height / 2);
}

static void kl_vp8_decoder_close(kl_vp8_decoder *d) { vpx_codec_destroy(&d->codec); }
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"kontaktlaege/media"
)

// errNeedKey says that pictures cannot be decoded until a key frame comes.
var errNeedKey = errors.New("codec: waits for a key frame")

type vp8Decoder struct {
	*owner[media.AccessUnit, decoded]
	native *C.kl_vp8_decoder
	pool   *media.FramePool

	// needKey belongs to the owner: what a broken picture left behind must not be shown.
	needKey bool
}

type decoded struct {
	frame *media.Frame
	err   error
}

// NewVP8Decoder opens a decoder whose pictures come from pool.
func NewVP8Decoder(pool *media.FramePool) (media.VideoDecoder, error) {
	d := &vp8Decoder{pool: pool, needKey: true}
	own, err := own(
		func() error {
			d.native = (*C.kl_vp8_decoder)(C.calloc(1, C.sizeof_kl_vp8_decoder))
			if rc := C.kl_vp8_decoder_open(d.native, C.uint(min(runtime.NumCPU(), 4))); rc != 0 {
				C.free(unsafe.Pointer(d.native))
				return vpxError("open the VP8 decoder", C.vpx_codec_err_t(rc))
			}
			return nil
		},
		d.decode,
		func() {
			C.kl_vp8_decoder_close(d.native)
			C.free(unsafe.Pointer(d.native))
		})
	if err != nil {
		return nil, err
	}
	d.owner = own
	return d, nil
}

func (d *vp8Decoder) Decode(ctx context.Context, au media.AccessUnit) (*media.Frame, error) {
	r, err := d.do(ctx, au)
	if err != nil {
		return nil, err
	}
	return r.frame, r.err
}

func (d *vp8Decoder) decode(au media.AccessUnit) decoded {
	h, err := parseVP8Header(au.Data)
	if err != nil {
		d.needKey = true
		return decoded{err: err}
	}
	if d.needKey && !h.key {
		return decoded{err: errNeedKey}
	}
	rc := C.kl_vp8_decoder_decode(d.native, (*C.uchar)(&au.Data[0]), C.uint(len(au.Data)))
	if rc != 0 {
		d.needKey = true
		return decoded{err: vpxError("decode a VP8 picture", rc)}
	}
	if d.native.corrupted != 0 {
		d.needKey = true
		return decoded{err: fmt.Errorf("codec: the VP8 picture is damaged: %w", errNeedKey)}
	}
	d.needKey = false
	if d.native.img == nil {
		return decoded{}
	}
	f := d.pool.Get(int(d.native.width), int(d.native.height))
	C.kl_vp8_decoder_copy(d.native, (*C.uchar)(&f.Y[0]), (*C.uchar)(&f.U[0]), (*C.uchar)(&f.V[0]),
		C.int(f.Width), C.int(f.Height))
	f.Time = au.Time
	return decoded{frame: f}
}

// vp8Header is what stands in the clear at the front of a picture (RFC 6386 §9.1).
type vp8Header struct {
	key           bool
	width, height int // of a key frame
}

var errVP8Header = errors.New("codec: not a VP8 picture")

// parseVP8Header refuses what libvpx would answer with a guess or with a huge allocation: an empty picture, a first
// partition longer than the data, a key frame without its start code or of a size that no camera has.
func parseVP8Header(data []byte) (vp8Header, error) {
	if len(data) < 4 {
		return vp8Header{}, errVP8Header
	}
	tag := int(data[0]) | int(data[1])<<8 | int(data[2])<<16
	h := vp8Header{key: tag&1 == 0}
	offset := 3
	if h.key {
		offset = 10
		if len(data) < offset || data[3] != 0x9d || data[4] != 0x01 || data[5] != 0x2a {
			return vp8Header{}, errVP8Header
		}
		h.width = (int(data[6]) | int(data[7])<<8) & 0x3fff
		h.height = (int(data[8]) | int(data[9])<<8) & 0x3fff
		if h.width < minSide || h.height < minSide || h.width > maxSide || h.height > maxSide {
			return vp8Header{}, fmt.Errorf("codec: a VP8 picture of %d×%d", h.width, h.height)
		}
	}
	if version, first := tag>>1&7, tag>>5; version > 3 || offset+first > len(data) {
		return vp8Header{}, errVP8Header
	}
	return h, nil
}
