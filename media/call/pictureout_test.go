package call

import (
	"context"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/call/congestion"
	"kontaktlaege/media/codec"
)

// notedEncoder makes pictures of the size that was asked for, and notes what it was asked.
type notedEncoder struct {
	rate     int
	key      bool
	keys     []time.Duration
	pictures int
	height   int
	closed   bool
	data     [4000]byte
}

func (e *notedEncoder) Encode(_ context.Context, f *media.Frame) (media.AccessUnit, error) {
	u := media.AccessUnit{Data: e.data[:max(e.rate/8/30, 100)%4000], Key: e.key || e.pictures == 0 || f.Height != e.height, Time: f.Time}
	if u.Key {
		e.keys = append(e.keys, f.Time)
	}
	e.key, e.height = false, f.Height
	e.pictures++
	return u, nil
}
func (e *notedEncoder) SetRate(bps int) { e.rate = bps }
func (e *notedEncoder) RequestKey()     { e.key = true }
func (e *notedEncoder) Close() error    { e.closed = true; return nil }

// gallery is a pictureOut whose lines carry what the test says.
type gallery struct {
	*pictureOut
	t        testing.TB
	pool     media.FramePool
	smallOne *notedEncoder
	largeOne *notedEncoder
	made     int
	now      time.Duration
}

func newGallery(t testing.TB, lines int) *gallery {
	g := &gallery{t: t, largeOne: &notedEncoder{rate: 1_200_000}, now: time.Second}
	cfg := lineConfig()
	cfg.NewVideoEncoder = func(rate int) (media.VideoEncoder, error) {
		g.made++
		g.smallOne = &notedEncoder{rate: rate}
		return g.smallOne, nil
	}
	g.pictureOut = newPictureOut(cfg, g.largeOne, func() []*line { return nil })
	g.source = 720
	for range lines {
		l, err := newLine(cfg, kontakt.ParticipantClinic, kontakt.Relay{}, false, func() {})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(l.close)
		o := newOutlet(l)
		o.up = true
		g.outlets = append(g.outlets, o)
	}
	return g
}

// show shows pictures for so long while the lines carry these rates.
func (g *gallery) show(long time.Duration, rates ...float64) {
	for end := g.now + long; g.now < end; g.now += time.Second / 30 {
		for i, o := range g.outlets {
			o.path = congestion.Reading{Carries: rates[i], Target: rates[i], Proven: true}
			o.adapt(g.source, g.cfg.VideoMaxRate, g.now)
		}
		f := g.pool.Get(1280, 720)
		f.Time = g.now
		g.use(g.t.Context(), f, g.now)
		g.rest(g.now)
		f.Release()
	}
}

// sent gives how many packets a line got since the last time.
func (g *gallery) sent(line int) int {
	p := &g.outlets[line].line.video.packets
	return int(p.Swap(0))
}

func TestPictureOut_eachLineGetsWhatItCarries(t *testing.T) {
	g := newGallery(t, 3)
	g.show(3*time.Second, 2_000_000, 1_900_000, 300_000)
	if g.largeOne.height != 720 || g.largeOne.rate < 1_500_000 {
		t.Errorf("the large picture: %d lines, %d bit/s; want it not to suffer from the worst line", g.largeOne.height, g.largeOne.rate)
	}
	if g.smallOne == nil || g.smallOne.height > 360 || g.smallOne.rate > 300_000 {
		t.Fatalf("the small picture: %+v", g.smallOne)
	}
	if g.outlets[0].small || g.outlets[1].small || !g.outlets[2].small {
		t.Error("who gets which is wrong")
	}
	for i := range 3 {
		if g.sent(i) == 0 {
			t.Errorf("line %d got nothing", i)
		}
	}
	for i, want := range []kontakt.Rung{kontakt.RungFull, kontakt.RungFull, kontakt.RungLower} {
		if r := g.outlets[i].line.rung(); r != want {
			t.Errorf("line %d: rung %s, want %s", i, r, want)
		}
	}
}

func TestPictureOut_oneLineNeedsOneEncoder(t *testing.T) {
	g := newGallery(t, 1)
	g.show(time.Second, 2_000_000)
	g.show(smallKept+2*time.Second, 250_000)
	if g.small != nil || (g.smallOne != nil && !g.smallOne.closed) {
		t.Error("a second encoder is kept for nobody")
	}
	if g.largeOne.height != 360 {
		t.Errorf("%d lines at 250 kbit/s, want 360", g.largeOne.height)
	}
}

func TestPictureOut_keyFramesAreForWhoAsks(t *testing.T) {
	g := newGallery(t, 2)
	g.show(5*time.Second, 2_000_000, 200_000)
	large, small := len(g.largeOne.keys), len(g.smallOne.keys)
	g.outlets[1].needKey = true
	g.show(time.Second, 2_000_000, 200_000)
	if n := len(g.largeOne.keys) - large; n != 0 {
		t.Errorf("%d key frames for a line that asked for none", n)
	}
	if n := len(g.smallOne.keys) - small; n != 1 {
		t.Errorf("%d key frames for the line that asked once", n)
	}
}

func TestPictureOut_whoAsksAllTheTimeGetsFewKeyFrames(t *testing.T) {
	g := newGallery(t, 1)
	g.show(time.Second, 2_000_000)
	before := len(g.largeOne.keys)
	for range 90 {
		g.outlets[0].needKey = true
		g.show(time.Second/30, 2_000_000)
	}
	if n := len(g.largeOne.keys) - before; n < 2 || n > 11 {
		t.Errorf("%d key frames in three seconds, want at most one each %v", n, keyPause)
	}
}

func TestPictureOut_stillsEveryTwoSeconds(t *testing.T) {
	g := newGallery(t, 2)
	g.show(10*time.Second, 2_000_000, 60_000)
	if r := g.outlets[1].line.rung(); r != kontakt.RungStill {
		t.Fatalf("rung %s at 60 kbit/s, want %s", r, kontakt.RungStill)
	}
	g.sent(1)
	keys, pictures := len(g.smallOne.keys), g.smallOne.pictures
	g.show(20*time.Second, 2_000_000, 60_000)
	if n := len(g.smallOne.keys) - keys; n < 9 || n > 11 || n != g.smallOne.pictures-pictures {
		t.Errorf("%d stills in 20 s, and %d pictures", n, g.smallOne.pictures-pictures)
	}
	if g.sent(1) == 0 {
		t.Error("they were not sent")
	}
	if g.largeOne.height != 720 {
		t.Errorf("the other line has %d lines", g.largeOne.height)
	}
}

// A line that carries a still now and then takes nothing off the size and rate of those that move.
func TestPictureOut_stillsDoNotPullTheOthersDown(t *testing.T) {
	g := newGallery(t, 3)
	g.show(40*time.Second, 2_000_000, 500_000, 60_000)
	if !g.outlets[1].moves() || g.outlets[2].moves() || !g.outlets[1].small {
		t.Fatalf("the second moves: %v, the third: %v", g.outlets[1].moves(), g.outlets[2].moves())
	}
	g.sent(2)
	for range 10 * 30 {
		g.show(time.Second/30, 2_000_000, 500_000, 60_000)
		if g.smallOne.height < 360 || g.smallOne.rate < 200_000 {
			t.Fatalf("the small picture is %d lines at %d bit/s for one that could have 360", g.smallOne.height, g.smallOne.rate)
		}
	}
	if g.sent(2) == 0 {
		t.Error("no still came")
	}
}

func TestPictureOut_soundOnlySendsNoPicture(t *testing.T) {
	g := newGallery(t, 1)
	g.show(5*time.Second, 33_000)
	g.sent(0)
	g.show(20*time.Second, 33_000)
	if n := g.sent(0); n > 0 || g.outlets[0].line.rung() != kontakt.RungSound {
		t.Errorf("%d packets of pictures on rung %s", n, g.outlets[0].line.rung())
	}
}

func TestPictureOut_blockedLineHoldsNobodyUp(t *testing.T) {
	g := newGallery(t, 2)
	g.show(2*time.Second, 2_000_000, 2_000_000)
	g.sent(0)
	for range 30 {
		for _, o := range g.outlets {
			o.path = congestion.Reading{Carries: 2_000_000, Target: 2_000_000, Proven: true}
			o.adapt(720, g.cfg.VideoMaxRate, g.now)
		}
		g.outlets[1].path.Full = true
		f := g.pool.Get(1280, 720)
		f.Time = g.now
		g.use(t.Context(), f, g.now)
		f.Release()
		g.now += time.Second / 30
	}
	if n := g.sent(0); n < 30 {
		t.Errorf("%d packets to the line that is not blocked", n)
	}
	if !g.outlets[1].needKey {
		t.Error("the line that missed pictures goes on without a key frame")
	}
}

// BenchmarkPictureOut is a picture from the camera to the pacers of one line, with the real encoder.
func BenchmarkPictureOut(b *testing.B) {
	g := newGallery(b, 1)
	e, err := codec.NewVP8Encoder(codec.VP8Config{Width: 1280, Height: 720, Rate: 1_200_000})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	g.large = &encoding{encoder: e, rate: 1_200_000}
	f := g.pool.Get(1280, 720)
	g.show(time.Second, 2_000_000)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		g.now += time.Second / 30
		f.Time = g.now
		g.use(b.Context(), f, g.now)
	}
}
