package scan

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

var today = kontakt.Date{Year: 2026, Month: time.November, Day: 23}

// numbers are made up (domain.md §3.4): an ordinary one of each century's digit, and a replacement.
var numbers = []string{"2902004100", "1507990100", "3006014100", "6702703105", "1507360100"}

func cpr(t testing.TB, text string) kontakt.CPR {
	t.Helper()
	c, err := kontakt.ParseCPR(text, today)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// camera gives the same few pictures in turn, as fast as a camera would, until ctx ends.
type camera struct {
	frames []*media.Frame
	pool   media.FramePool
	given  int
	fails  error // after all of them were given once
}

func (c *camera) Read(ctx context.Context) (*media.Frame, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(20 * time.Millisecond):
	}
	if c.fails != nil && c.given >= len(c.frames) {
		return nil, c.fails
	}
	from := c.frames[c.given%len(c.frames)]
	c.given++
	f := c.pool.Get(from.Width, from.Height)
	copy(f.Y, from.Y)
	f.Time = time.Duration(c.given) * 150 * time.Millisecond
	return f, nil
}

func (c *camera) Close() error { return nil }

// scanned gives what counts on pictures that come twice around.
func scanned(t *testing.T, frames ...*media.Frame) (kontakt.CPR, bool) {
	t.Helper()
	var r reader
	var seen twice
	for range 2 {
		for _, f := range frames {
			if number, ok := r.read(f, Region{}, today); ok && seen.again(number) {
				return number, true
			}
		}
	}
	return kontakt.CPR{}, false
}

var formats = []gozxing.BarcodeFormat{
	gozxing.BarcodeFormat_CODE_39, gozxing.BarcodeFormat_CODE_128, gozxing.BarcodeFormat_ITF, gozxing.BarcodeFormat_QR_CODE,
}

// printed is a code where a card has it, with what some printers put before and behind the number.
func printed(t testing.TB, format gozxing.BarcodeFormat, number string, dressed bool) code {
	t.Helper()
	k := code{format: format, text: number, x: 8, y: 36, w: 58, h: 10}
	switch {
	case format == gozxing.BarcodeFormat_QR_CODE:
		k.x, k.y, k.w, k.h = 55, 26, 22, 22
		if dressed {
			k.text = "sundhedskort;CPR:" + number + ";1"
		}
	case dressed && format != gozxing.BarcodeFormat_ITF:
		k.text = "CPR" + number
	}
	k.print(t)
	return k
}

// held is a card as somebody holds it in ordinary light: any way round, up to 15° askew, leaning, a little out of focus.
func held(rng *rand.Rand, i int, codes ...code) card {
	between := func(lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }
	c := card{
		codes: codes, width: between(620, 1000), turn: float64(i/4%4)*90 + between(-15, 15),
		lean: between(-0.1, 0.1), leanDown: between(-0.1, 0.1), blur: 1 + rng.IntN(2), light: between(0.8, 1.2), slope: between(-0.3, 0.3),
		shine: i%5 == 0,
	}
	if i/4%2 == 1 { // upright there is less room
		c.width = between(540, 670)
	}
	return c
}

// TestScanner_twentyOfTwentyCardsInOrdinaryLight is what domain.md asks of a card scan.
func TestScanner_twentyOfTwentyCardsInOrdinaryLight(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	cards := 20
	if testing.Short() { // enough for the race detector
		cards = 2
	}
	for i := range cards {
		rng := rand.New(rand.NewPCG(6, uint64(i)))
		number := numbers[i%len(numbers)]
		c := held(rng, i, printed(t, formats[i%len(formats)], number, i%8 < 4))
		shot := c.shoot()
		cam := &camera{frames: []*media.Frame{shot.frame(rng, 4), shot.frame(rng, 4)}}
		look(t, fmt.Sprintf("card-%02d.png", i), cam.frames[0])
		var got []kontakt.CPR
		s := New(Region{}, today, func(n kontakt.CPR) { got = append(got, n) }, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		shown := 0
		err := s.Watch(ctx, cam, func(f *media.Frame) { shown++; f.Release() })
		cancel()
		s.Close()
		if err != nil || len(got) != 1 || got[0] != cpr(t, number) {
			t.Errorf("card %d (%v, turned %.0f°): %v, found %d, the right one: %t", i, c.codes[0].format, c.turn, err, len(got), len(got) == 1 && got[0] == cpr(t, number))
		}
		if shown < 2 {
			t.Errorf("card %d: %d pictures shown of two that were read at least", i, shown)
		}
	}
}

// TestReader_hardCards reads what can be, and never anything else: a wrong citizen is worse than none.
func TestReader_hardCards(t *testing.T) {
	if testing.Short() { // one goroutine: the race detector has nothing to see, and makes the drawing slow
		t.Skip("two dozen cards")
	}
	for i, hard := range []struct {
		name  string
		noise float64
		make  func(c *card)
		may   bool // be too hard
	}{
		{"a thumb over the lower half", 4, func(c *card) { c.thumb = true }, false},
		{"dark", 4, func(c *card) { c.light = 0.25 }, false},
		{"dark and noisy", 12, func(c *card) { c.light = 0.3 }, true},
		{"noisy", 14, func(*card) {}, false},
		{"out of focus", 4, func(c *card) { c.blur = 6 }, true},
		{"hardly to be made out", 20, func(c *card) { c.blur, c.light = 10, 0.2 }, true},
		{"far away", 4, func(c *card) { c.width = 330 }, true},
		{"a lamp's shine on it, and light from one side", 4, func(c *card) { c.shine, c.slope = true, 0.9 }, false},
	} {
		for j, format := range formats[:3] {
			rng := rand.New(rand.NewPCG(7, uint64(3*i+j)))
			c := held(rng, 0, printed(t, format, "2902004100", false))
			c.width = 900
			hard.make(&c)
			shot := c.shoot()
			number, ok := scanned(t, shot.frame(rng, hard.noise), shot.frame(rng, hard.noise))
			switch {
			case ok && number != cpr(t, "2902004100"):
				t.Errorf("%s, %v: another number", hard.name, format)
			case !ok && !hard.may:
				t.Errorf("%s, %v: not read", hard.name, format)
			case hard.may:
				t.Logf("%s, %v: read %t", hard.name, format, ok)
			}
		}
	}
}

func TestReader_onlyACPRNumberCounts(t *testing.T) {
	small := func(format gozxing.BarcodeFormat, text string, y float64) code {
		k := code{format: format, text: text, x: 8, y: y, w: 50, h: 7}
		k.print(t)
		return k
	}
	right := printed(t, gozxing.BarcodeFormat_CODE_128, "2902004100", false)
	wrong := []code{
		small(gozxing.BarcodeFormat_CODE_39, "AB-1234", 4),
		small(gozxing.BarcodeFormat_CODE_128, "1234567890", 14), // ten digits, and no such day
		small(gozxing.BarcodeFormat_ITF, "29020041002902", 24),  // a longer code that begins with one
	}
	another := printed(t, gozxing.BarcodeFormat_CODE_128, "1507990100", false)
	another.y = 12
	for _, test := range []struct {
		name  string
		codes []code
		want  bool
	}{
		{"wrong codes beside the right one", append([]code{right}, wrong...), true},
		{"wrong codes alone", wrong, false},
		{"two citizens' numbers", []code{right, another}, false},
	} {
		rng := rand.New(rand.NewPCG(8, 1))
		c := card{codes: test.codes, width: 950, turn: 3, blur: 1, light: 1}
		f := c.shoot().frame(rng, 4)
		look(t, "card-"+test.name+".png", f)
		number, ok := scanned(t, f)
		if ok != test.want || ok && number != cpr(t, "2902004100") {
			t.Errorf("%s: read %t", test.name, ok)
		}
	}
}

func TestReader_looksAtItsRegionAlone(t *testing.T) {
	c := card{codes: []code{printed(t, gozxing.BarcodeFormat_CODE_128, "2902004100", false)}, width: 700, blur: 1, light: 1}
	f := c.shoot().frame(rand.New(rand.NewPCG(9, 1)), 4) // the code is below the middle
	var r reader
	for _, test := range []struct {
		region Region
		want   bool
	}{
		{Region{}, true},
		{Region{0.1, 0.4, 0.9, 1}, true},
		{Region{0, 0, 1, 0.45}, false},
		{Region{0.9, 0.9, 0.1, 0.1}, false}, // turned inside out
		{Region{-5, -5, 7, 7}, true},
	} {
		if _, ok := r.read(f, test.region, today); ok != test.want {
			t.Errorf("%v: read %t", test.region, ok)
		}
	}
	if r.line != (line{}) || r.votes != (votes{}) {
		t.Error("something of the picture is left in the reader")
	}
}

// TestReader_aPictureFullOfCornersIsLeftAlone would not end if each three of them were tried.
func TestReader_aPictureFullOfCornersIsLeftAlone(t *testing.T) {
	testkit.Guard(t, time.Minute)
	f := new(media.FramePool).Get(width, height)
	for y := range height {
		for x := range width {
			u, v := max(x%27-10, 10-x%27), max(y%27-10, 10-y%27) // from the middle of a finder pattern of three pixels a module
			f.Y[y*width+x] = 220
			if d := max(u, v); d <= 4 || d >= 8 && d <= 10 {
				f.Y[y*width+x] = 20
			}
		}
	}
	var r reader
	if _, ok := r.read(f, Region{}, today); ok {
		t.Error("a number is read off it")
	}
}

func TestTwice_countsTwoInARow(t *testing.T) {
	a, b := cpr(t, numbers[0]), cpr(t, numbers[1])
	var seen twice
	for i, step := range []struct {
		number kontakt.CPR
		want   bool
	}{{a, false}, {b, false}, {a, false}, {a, true}} {
		if got := seen.again(step.number); got != step.want {
			t.Errorf("reading %d: %t", i, got)
		}
	}
}

func TestScanner_givesEveryPictureBackAndFindsNothingWhenClosed(t *testing.T) {
	testkit.Guard(t, time.Minute)
	var pool media.FramePool
	frames := map[*media.Frame]bool{}
	s := New(Region{}, today, func(kontakt.CPR) { t.Error("found something on nothing") }, nil)
	for i := range 10 {
		f := pool.Get(128, 96)
		clear(f.Y)
		f.Time = time.Duration(i) * time.Second
		frames[f] = true
		s.Put(f)
	}
	s.Close()
	s.Close()
	late := pool.Get(128, 96)
	frames[late] = true
	s.Put(late)
	free := map[*media.Frame]bool{}
	for range frames { // a pool gives what it was given back before it makes another
		free[pool.Get(128, 96)] = true
	}
	for f := range free {
		if !frames[f] {
			t.Fatal("a picture was not given back")
		}
	}
}

func TestScanner_tellsThatTheCameraFailed(t *testing.T) {
	testkit.Guard(t, time.Minute)
	gone := errors.New("unplugged")
	blank := new(media.FramePool).Get(128, 96)
	s := New(Region{}, today, func(kontakt.CPR) { t.Error("found something on nothing") }, nil)
	defer s.Close()
	if err := s.Watch(t.Context(), &camera{frames: []*media.Frame{blank}, fails: gone}, nil); !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
}

func TestTenInARow_isTheFirstRunOfExactlyTen(t *testing.T) {
	for text, want := range map[string]string{
		"2902004100":               "2902004100",
		"CPR2902004100":            "2902004100", // C63
		"CPR:2902004100;1":         "2902004100",
		"12345678901 2902004100":   "2902004100",
		"29020041001":              "",
		"290200410":                "",
		"290200-4100":              "",
		"":                         "",
		"1507990100 2902004100":    "1507990100",
		"æ2902004100ø":             "2902004100",
		"00029020041002902004100":  "",
		"dr. 70203040, 2902004100": "2902004100",
	} {
		got, ok := tenInARow(text)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// BenchmarkRead_untilTheNumber is from a card that lies askew and still before the camera to its number: two pictures and the
// pause between them, over all kinds of codes.
func BenchmarkRead_untilTheNumber(b *testing.B) {
	rng := rand.New(rand.NewPCG(6, 0))
	var frames []*media.Frame
	for _, format := range formats {
		c := held(rng, 0, printed(b, format, "2902004100", false))
		frames = append(frames, c.shoot().frame(rng, 4))
	}
	var r reader
	b.ResetTimer()
	for range b.N {
		for _, f := range frames {
			for range 2 {
				if _, ok := r.read(f, Region{}, today); !ok {
					b.Fatal("not read")
				}
			}
		}
	}
	b.ReportMetric(float64((b.Elapsed()/time.Duration(b.N*len(frames)) + pause).Milliseconds()), "ms-to-number")
}

// BenchmarkRead_nothing is a picture with no number on it, the dearest there is.
func BenchmarkRead_nothing(b *testing.B) {
	k := code{format: gozxing.BarcodeFormat_CODE_39, text: "ABC-1234", x: 8, y: 36, w: 58, h: 10}
	k.print(b)
	rng := rand.New(rand.NewPCG(6, 0))
	c := held(rng, 0, k)
	f := c.shoot().frame(rng, 4)
	var r reader
	b.ResetTimer()
	for range b.N {
		r.read(f, Region{}, today)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/picture")
}
