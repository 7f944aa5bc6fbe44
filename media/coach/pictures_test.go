package coach

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"kontaktlaege/media"
)

// made is a picture of the set, and what is to be said of it.
type made struct {
	name  string
	tone  int
	right Hint
	frame *media.Frame
}

// situations are what each skin tone is pictured in: ten pictures for each of six tones. Where there are two hints they take
// turns from tone to tone and from seed to seed, so that a set has both.
var situations = []struct {
	name  string
	right [2]Hint
	shoot func(s *scene, p person, second bool) *media.Frame
}{
	{"good, plain room", [2]Hint{Good, Good}, func(s *scene, p person, _ bool) *media.Frame {
		s.room(0.2)
		s.sit(p)
		return s.camera(3)
	}},
	{"good, full room", [2]Hint{Good, Good}, func(s *scene, p person, _ bool) *media.Frame {
		s.room(1)
		s.sit(p)
		return s.camera(3)
	}},
	{"good, lamp or window at the side", [2]Hint{Good, Good}, func(s *scene, p person, second bool) *media.Frame {
		s.room(0.6)
		s.side = float32(s.between(-1, 1))
		if second {
			s.lamp(pick(s, s.between(0.1, 0.3), s.between(1.45, 1.65)), s.between(0.2, 0.4), 3)
		} else {
			x := pick(s, s.between(-0.1, 0.05), s.between(1.4, 1.5))
			s.window(x, 0.05, x+0.35, 0.6, float32(s.between(2, 3.5)))
		}
		s.sit(p)
		return s.camera(3)
	}},
	{"dark", [2]Hint{Dark, Dark}, func(s *scene, p person, second bool) *media.Frame {
		s.ambient = float32(s.between(0.012, 0.03))
		s.room(0.7)
		if second {
			s.lamp(s.between(0.1, 0.4), 0.3, 0.3)
		}
		s.sit(p)
		return s.camera(3)
	}},
	{"against the light", [2]Hint{Backlight, Backlight}, func(s *scene, p person, _ bool) *media.Frame {
		s.room(0.5)
		x, w := p.x+s.between(-0.15, 0.15), s.between(0.35, 0.7)
		s.window(x-w, s.between(-0.1, 0.08), x+w, s.between(0.6, 0.9), float32(s.between(12, 30)))
		s.sit(p)
		return s.camera(3)
	}},
	{"covered", [2]Hint{Covered, Covered}, func(s *scene, p person, second bool) *media.Frame {
		s.room(1)
		s.sit(p)
		if second { // a finger lets some red through
			s.lid(hex(0xc04030).scaled(float32(s.between(0.02, 0.2))), float32(s.between(0, 0.5)))
		} else {
			s.lid(hex(0x404040).scaled(float32(s.between(0.0005, 0.01))), float32(s.between(0, 1)))
		}
		return s.camera(3)
	}},
	{"at the side", [2]Hint{Left, Right}, func(s *scene, p person, second bool) *media.Frame {
		p.x = s.between(0.03, 0.18) * s.wide()
		if second {
			p.x = s.wide() - p.x
		}
		s.room(0.6)
		s.sit(p)
		return s.camera(3)
	}},
	{"high", [2]Hint{High, High}, func(s *scene, p person, _ bool) *media.Frame {
		p.y = s.between(-0.02, 0.1)
		s.room(0.6)
		s.sit(p)
		return s.camera(3)
	}},
	{"low", [2]Hint{Low, Low}, func(s *scene, p person, _ bool) *media.Frame {
		p.y = s.between(0.8, 0.92)
		s.room(0.6)
		s.sit(p)
		return s.camera(3)
	}},
	{"far", [2]Hint{TooFar, TooFar}, func(s *scene, p person, _ bool) *media.Frame {
		p.size, p.y = s.between(0.09, 0.13), s.between(0.35, 0.55)
		s.room(0.7)
		s.sit(p)
		return s.camera(3)
	}},
}

// pictures makes n of the set, the same for the same seed.
func pictures(seed uint64, n int) []made {
	var all []made
	for i := range n {
		tone, which := i%len(tones), (7*(i/len(tones))+i%len(tones))%len(situations) // each pair once in sixty, and all of each in twenty
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		s := newScene(rng, 640, 360)
		p := person{x: s.wide() * s.between(0.43, 0.57), y: s.between(0.34, 0.46), size: s.between(0.3, 0.46), skin: hex(tones[tone])}
		switch age := rng.Float64(); {
		case age < 0.15:
			p.child = true
		case age > 0.55:
			p.old = true
		}
		situation, second := situations[which], (uint64(tone)+seed)%2 == 1
		hint := situation.right[0]
		if second {
			hint = situation.right[1]
		}
		all = append(all, made{fmt.Sprintf("%s, tone %d", situation.name, tone+1), tone, hint, situation.shoot(s, p, second)})
	}
	return all
}

var sheets = flag.Bool("sheet", false, "write the pictures on a sheet each to out/, for a person to look at")

// writeSheet puts the pictures on one sheet, six to a row, with a red mark on each that was judged wrong.
func writeSheet(t *testing.T, name string, all []made, wrong map[int]bool) {
	t.Helper()
	if !*sheets {
		return
	}
	const width, height, across = 320, 180, 6
	sheet := image.NewRGBA(image.Rect(0, 0, width*across, height*((len(all)+across-1)/across)))
	for i, m := range all {
		at := image.Pt(i%across*width, i/across*height)
		for y := range height {
			for x := range width {
				sheet.Set(at.X+x, at.Y+y, m.frame.At(x*m.frame.Width/width, y*m.frame.Height/height))
			}
		}
		if wrong[i] {
			draw.Draw(sheet, image.Rect(at.X, at.Y, at.X+20, at.Y+20), image.NewUniform(color.RGBA{255, 0, 0, 255}), image.Point{}, draw.Src)
		}
	}
	dir := filepath.Join("..", "..", "out")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, sheet); err != nil {
		t.Fatal(err)
	}
}

// sameButFor pictures one of several people in a room, with that skin and nothing else changed.
func sameButFor(variant uint64, tone int) *media.Frame {
	s := newScene(rand.New(rand.NewPCG(4, variant)), 640, 360)
	s.room(0.5)
	s.sit(person{x: s.wide() / 2, y: 0.4, size: 0.38, skin: hex(tones[tone])})
	return s.camera(3)
}

// upright pictures somebody with a tablet that stands on its short side, or with another camera.
func upright(variant uint64, width, height int, near float64) *media.Frame {
	s := newScene(rand.New(rand.NewPCG(5, variant)), width, height)
	s.room(0.5)
	s.sit(person{x: s.wide() / 2, y: 0.36, size: near * min(s.wide(), 1), skin: hex(tones[variant%uint64(len(tones))])})
	return s.camera(3)
}
