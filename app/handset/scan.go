package handset

import (
	"context"
	"sync/atomic"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/scan"
)

// backCamera is the one that looks away from who holds the tablet: with which a call begins, too.
const backCamera = 1

// held is the part of a picture that is looked at for whether there is light enough: where the card's frame is on the screen.
var held = scan.Region{Left: 0.15, Top: 0.1, Right: 0.85, Bottom: 0.9}

// lamp is wanted on or off. Who reads the camera turns it.
type lamp struct{ on atomic.Bool }

// Light implements app.Scanner.
func (h *Handset) Light(on bool) { h.lamp.on.Store(on) }

// Scan implements app.Scanner. What it finds goes to Config.Card or Config.Code.
func (h *Handset) Scan(ctx context.Context, what app.ScanFor, report func(app.ScanReport)) {
	h.lamp.on.Store(false)
	camera, err := h.lens.open(ctx, backCamera)
	if err != nil {
		if ctx.Err() == nil {
			report(app.ScanReport{Problem: Sentence(err)})
		}
		return
	}
	defer camera.Close()
	v := &view{handset: h, report: report, others: make(chan struct{}, 1)}
	v.torch, v.said.Torches = torchOf(camera)
	report(v.said)
	s := h.scanner(what, func() {
		select {
		case v.others <- struct{}{}:
		default:
		}
	})
	defer s.Close()
	if err := s.Watch(ctx, camera, v.see); err != nil && ctx.Err() == nil {
		report(app.ScanReport{Problem: Sentence(err)})
	}
}

func (h *Handset) scanner(what app.ScanFor, other func()) *scan.Scanner {
	if what == app.ScanOffer {
		return scan.NewCode(scan.Region{}, func(words string) bool {
			code, ok := kontakt.ScannedHandoverCode(words)
			if ok {
				h.code(code)
			}
			return ok
		}, other)
	}
	return scan.New(scan.Region{}, kontakt.DateOf(time.Now()), h.card, other)
}

func torchOf(camera media.VideoSource) (media.Torch, bool) {
	t, ok := camera.(media.Torch)
	return t, ok
}

// view is what is seen while it is scanned. Only who reads the camera calls it.
type view struct {
	handset *Handset
	report  func(app.ScanReport)
	torch   media.Torch // nil: the camera has none
	lit     bool
	others  chan struct{} // has one when another code was seen

	said    app.ScanReport
	looked  time.Duration
	dark    int           // looks in a row
	otherAt time.Duration // when the last was seen; 0: none was
}

const (
	lookEach   = 250 * time.Millisecond
	darkLooks  = 4 // a hand that passes makes no darkness
	otherLasts = 2 * time.Second
)

func (v *view) see(f *media.Frame) {
	if on := v.handset.lamp.on.Load(); v.torch != nil && on != v.lit {
		v.lit = on
		if err := v.torch.SetTorch(on); err != nil {
			v.handset.log.Warn("the camera's lamp", "error", err)
		}
	}
	at := f.Time
	if v.looked == 0 || at-v.looked >= lookEach {
		v.looked = at
		if scan.Dark(f, held) {
			v.dark++
		} else {
			v.dark = 0
		}
	}
	v.handset.scanned(f)
	select {
	case <-v.others:
		v.otherAt = at
	default:
	}
	now := v.said
	now.Dark = v.dark >= darkLooks
	now.Other = v.otherAt > 0 && at-v.otherAt < otherLasts
	if now.Dark != v.said.Dark || now.Other != v.said.Other {
		v.said = now
		v.report(now)
	}
}
