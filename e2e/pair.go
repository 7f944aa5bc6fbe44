package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"
)

//go:embed pair.html
var pairPage []byte

// Pair is two browsers that call one another: what our call is measured against.
type Pair struct {
	a, b       *pageMeter
	browsers   [2]*Browser
	server     *httptest.Server
	pidA, pidB int
}

// NewPair starts two browsers with the same looping picture and sound.
func NewPair(ctx context.Context, d *Driver, dir, video, audio string) (p *Pair, err error) {
	p = &Pair{server: httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write(pairPage)
	}))}
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	for i, m := range []**pageMeter{&p.a, &p.b} {
		if p.browsers[i], err = d.LaunchChromium(ctx, dir, BrowserOptions{FakeCamera: video, FakeMic: audio, Width: 1280, Height: 800}); err != nil {
			return nil, err
		}
		page, err := p.browsers[i].Open(ctx, p.server.URL, false, 1280, 800, timecodeScript+meterScript)
		if err != nil {
			return nil, err
		}
		*m = newPageMeter(page)
	}
	if p.pidA, err = p.browsers[0].Pid(ctx); err != nil {
		return nil, err
	}
	p.pidB, err = p.browsers[1].Pid(ctx)
	return p, err
}

// Open opens the devices ahead of a call; without a picture, b only listens and looks.
func (p *Pair) Open(ctx context.Context, bothPictures bool) error {
	return errors.Join(p.a.page.Eval(ctx, "pair.open(true)", nil), p.b.page.Eval(ctx, fmt.Sprintf("pair.open(%v)", bothPictures), nil))
}

// Call makes a connection and says when it was begun.
func (p *Pair) Call(ctx context.Context) (began time.Time, err error) {
	began = time.Now()
	var offer, answer string
	if err := p.a.page.Eval(ctx, "pair.offer()", &offer); err != nil {
		return began, err
	}
	if err := p.b.page.Eval(ctx, "pair.answer("+jsString(offer)+")", &answer); err != nil {
		return began, err
	}
	return began, p.a.page.Eval(ctx, "pair.accept("+jsString(answer)+")", nil)
}

// HangUp ends it.
func (p *Pair) HangUp(ctx context.Context) error {
	return errors.Join(p.a.page.Eval(ctx, "pair.close()", nil), p.b.page.Eval(ctx, "pair.close()", nil))
}

func jsString(s string) string {
	b, _ := json.Marshal(s) // of a string never fails
	return string(b)
}

// Close ends both browsers.
func (p *Pair) Close() {
	for _, b := range p.browsers {
		if b != nil {
			_ = b.Close() // the driver's end closes it anyway
		}
	}
	p.server.Close()
}
