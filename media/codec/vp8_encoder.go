package codec

/*
#cgo pkg-config: vpx
#include <stdlib.h>
#include <string.h>
#include <vpx/vpx_encoder.h>
#include <vpx/vp8cx.h>

typedef struct {
	vpx_codec_ctx_t codec;
	vpx_codec_enc_cfg_t cfg;
	const void *data; // of the last picture, until the next call
	size_t size;
	int key;
} kl_vp8_encoder;

static vpx_codec_err_t kl_vp8_encoder_open(kl_vp8_encoder *e, unsigned w, unsigned h, unsigned kbps, unsigned threads,
		int cpu_used, unsigned denoise) {
	memset(e, 0, sizeof *e);
	vpx_codec_err_t err = vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &e->cfg, 0);
	if (err) return err;
	e->cfg.g_w = w;
	e->cfg.g_h = h;
	e->cfg.g_threads = threads;
	e->cfg.g_timebase.num = 1;
	e->cfg.g_timebase.den = 90000;
	e->cfg.g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
	e->cfg.g_pass = VPX_RC_ONE_PASS;
	e->cfg.g_lag_in_frames = 0;
	e->cfg.rc_end_usage = VPX_CBR;
	e->cfg.rc_target_bitrate = kbps;
	e->cfg.rc_dropframe_thresh = 30;
	e->cfg.rc_resize_allowed = 0;
	e->cfg.rc_min_quantizer = 2;
	e->cfg.rc_max_quantizer = 56;
	e->cfg.rc_undershoot_pct = 100;
	e->cfg.rc_overshoot_pct = 15;
	e->cfg.rc_buf_sz = 600;
	e->cfg.rc_buf_initial_sz = 400;
	e->cfg.rc_buf_optimal_sz = 500;
	e->cfg.kf_mode = VPX_KF_DISABLED; // key frames come when the receiver asks
	err = vpx_codec_enc_init(&e->codec, vpx_codec_vp8_cx(), &e->cfg, 0);
	if (err) return err;
	vpx_codec_control(&e->codec, VP8E_SET_CPUUSED, cpu_used);
	vpx_codec_control(&e->codec, VP8E_SET_STATIC_THRESHOLD, 1);
	vpx_codec_control(&e->codec, VP8E_SET_NOISE_SENSITIVITY, denoise);
	vpx_codec_control(&e->codec, VP8E_SET_TOKEN_PARTITIONS, VP8_ONE_TOKENPARTITION);
	vpx_codec_control(&e->codec, VP8E_SET_MAX_INTRA_BITRATE_PCT, 300);
	return VPX_CODEC_OK;
}

static vpx_codec_err_t kl_vp8_encoder_rate(kl_vp8_encoder *e, unsigned kbps) {
	e->cfg.rc_target_bitrate = kbps;
	return vpx_codec_enc_config_set(&e->codec, &e->cfg);
}

static vpx_codec_err_t kl_vp8_encoder_encode(kl_vp8_encoder *e, unsigned char *y, unsigned char *u, unsigned char *v,
		long long pts, unsigned long duration, int key) {
	vpx_image_t img;
	vpx_img_wrap(&img, VPX_IMG_FMT_I420, e->cfg.g_w, e->cfg.g_h, 1, y);
	img.planes[VPX_PLANE_U] = u;
	img.planes[VPX_PLANE_V] = v;
	img.stride[VPX_PLANE_Y] = e->cfg.g_w;
	img.stride[VPX_PLANE_U] = img.stride[VPX_PLANE_V] = e->cfg.g_w / 2;
	e->size = 0;
	vpx_codec_err_t err = vpx_codec_encode(&e->codec, &img, pts, duration, key ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME);
	if (err) return err;
	vpx_codec_iter_t it = NULL;
	const vpx_codec_cx_pkt_t *pkt;
	while ((pkt = vpx_codec_get_cx_data(&e->codec, &it))) {
		if (pkt->kind != VPX_CODEC_CX_FRAME_PKT) continue;
		e->data = pkt->data.frame.buf;
		e->size = pkt->data.frame.sz;
		e->key = (pkt->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
	}
	return VPX_CODEC_OK;
}

static void kl_vp8_encoder_close(kl_vp8_encoder *e) { vpx_codec_destroy(&e->codec); }
*/
import "C"

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"

	"kontaktlaege/media"
)

// VP8Config says what to begin with. A picture of another size re-opens the stream.
type VP8Config struct {
	Width, Height int // of the pictures to come; warms the encoder up, and may be zero
	FPS           int // of the source; zero is 30
	Rate          int // bits a second
	Threads       int // zero: by size and cores
}

// Limits of a picture's size: what the encoder takes and what the decoder believes.
const (
	minSide = 16
	maxSide = 4096
)

// minRate is the least that SetRate goes to, in bits a second: below it libvpx shows no picture worth sending.
const minRate = 2_000

type vp8Encoder struct {
	*owner[*media.Frame, encoded]
	native  *C.kl_vp8_encoder
	fps     int
	threads int
	rate    atomic.Int64 // asked for, bits a second
	key     atomic.Bool  // asked for

	// The rest belongs to the owner.
	width, height int // zero: not open
	kbps          int
	pts           int64
	out           []byte
}

type encoded struct {
	au  media.AccessUnit
	err error
}

// NewVP8Encoder opens an encoder with settings for a conversation: it would rather drop a picture than be late.
func NewVP8Encoder(c VP8Config) (media.VideoEncoder, error) {
	if c.FPS <= 0 {
		c.FPS = 30
	}
	e := &vp8Encoder{fps: c.FPS, threads: c.Threads, pts: -1}
	e.SetRate(c.Rate)
	own, err := own(
		func() error {
			e.native = (*C.kl_vp8_encoder)(C.calloc(1, C.sizeof_kl_vp8_encoder))
			if c.Width == 0 && c.Height == 0 {
				return nil
			}
			err := e.open(c.Width, c.Height)
			if err != nil {
				C.free(unsafe.Pointer(e.native))
			}
			return err
		},
		e.encode,
		func() {
			e.shut()
			C.free(unsafe.Pointer(e.native))
		})
	if err != nil {
		return nil, err
	}
	e.owner = own
	return e, nil
}

func (e *vp8Encoder) Encode(ctx context.Context, f *media.Frame) (media.AccessUnit, error) {
	r, err := e.do(ctx, f)
	if err != nil {
		return media.AccessUnit{}, err
	}
	return r.au, r.err
}

func (e *vp8Encoder) SetRate(bps int) { e.rate.Store(int64(max(bps, minRate))) }

func (e *vp8Encoder) RequestKey() { e.key.Store(true) }

func (e *vp8Encoder) open(width, height int) error {
	if width < minSide || height < minSide || width > maxSide || height > maxSide {
		return fmt.Errorf("codec: no VP8 picture of %d×%d", width, height)
	}
	e.kbps = int(e.rate.Load() / 1000)
	threads := e.threads
	if threads <= 0 {
		threads = vp8Threads(width, height, runtime.NumCPU())
	}
	denoise := 0
	if runtime.NumCPU() > 4 {
		denoise = 1
	}
	rc := C.kl_vp8_encoder_open(e.native, C.uint(width), C.uint(height), C.uint(e.kbps), C.uint(threads),
		C.int(vp8Speed(width, height, runtime.NumCPU())), C.uint(denoise))
	if rc != 0 {
		return vpxError("open the VP8 encoder", rc)
	}
	e.width, e.height = width, height
	return nil
}

func (e *vp8Encoder) shut() {
	if e.width != 0 {
		C.kl_vp8_encoder_close(e.native)
		e.width, e.height = 0, 0
	}
}

func (e *vp8Encoder) encode(f *media.Frame) encoded {
	if f.Width != e.width || f.Height != e.height {
		e.shut()
		if err := e.open(f.Width, f.Height); err != nil {
			return encoded{err: err}
		}
		e.key.Store(true)
	}
	if kbps := int(e.rate.Load() / 1000); kbps != e.kbps {
		if rc := C.kl_vp8_encoder_rate(e.native, C.uint(kbps)); rc != 0 {
			return encoded{err: vpxError("set the VP8 rate", rc)}
		}
		e.kbps = kbps
	}
	key := e.key.Swap(false)
	// The rate control reads the rhythm of the pictures from their capture times, which therefore must rise.
	e.pts = max(e.pts+1, int64(f.Time*90_000/time.Second))
	var wantKey C.int
	if key {
		wantKey = 1
	}
	rc := C.kl_vp8_encoder_encode(e.native, (*C.uchar)(&f.Y[0]), (*C.uchar)(&f.U[0]), (*C.uchar)(&f.V[0]),
		C.longlong(e.pts), C.ulong(90_000/e.fps), wantKey)
	if rc != 0 {
		e.key.Store(true)
		return encoded{err: vpxError("encode a VP8 picture", rc)}
	}
	size := int(e.native.size)
	if size == 0 { // dropped: a key frame that was asked for is still owed
		if key {
			e.key.Store(true)
		}
		return encoded{au: media.AccessUnit{Width: f.Width, Height: f.Height, Time: f.Time}}
	}
	if cap(e.out) < size {
		e.out = make([]byte, 0, max(2*size, 64<<10))
	}
	e.out = append(e.out[:0], unsafe.Slice((*byte)(e.native.data), size)...)
	return encoded{au: media.AccessUnit{
		Data: e.out, Key: e.native.key != 0, Width: f.Width, Height: f.Height, Time: f.Time,
	}}
}

// vp8Threads follows libwebrtc: threads pay only for pictures that are large for the cores.
func vp8Threads(width, height, cores int) int {
	switch pixels := width * height; {
	case pixels >= 1920*1080 && cores > 8:
		return 8
	case pixels > 1280*960 && cores >= 6:
		return 3
	case pixels > 640*480 && cores >= 3:
		return 2
	default:
		return 1
	}
}

// vp8Speed is libvpx's cpu-used: the fewer cores and the more pixels, the less search.
func vp8Speed(width, height, cores int) int {
	switch pixels := width * height; {
	case pixels < 352*288:
		return -4
	case cores > 4 || pixels <= 640*360:
		return -6
	case cores > 2:
		return -8
	default:
		return -12
	}
}

func vpxError(what string, rc C.vpx_codec_err_t) error {
	return fmt.Errorf("codec: %s: %s", what, C.GoString(C.vpx_codec_err_to_string(rc)))
}
