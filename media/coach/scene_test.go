package coach

import (
	"math"
	"math/rand/v2"

	"kontaktlaege/media"
)

// A scene is what stands before the camera, in linear light: a room, and a person in it. It knows nothing of what the
// coach measures; the camera's own exposure, clipping, blur and noise make the picture of it.
type scene struct {
	rng           *rand.Rand
	width, height int
	light         []rgb // by pixel

	ambient float32 // in the room, 1: a lit one
	side    float32 // of the light on a face, −1 from the left to 1
}

type rgb [3]float32

func (c rgb) scaled(k float32) rgb { return rgb{c[0] * k, c[1] * k, c[2] * k} }

// hex is a colour of a screen, in linear light.
func hex(v uint32) rgb {
	var c rgb
	for i := range c {
		c[i] = float32(math.Pow(float64(v>>(16-8*i)&0xff)/255, 2.2))
	}
	return c
}

func newScene(rng *rand.Rand, width, height int) *scene {
	s := &scene{rng: rng, width: width, height: height, ambient: 1}
	s.light = make([]rgb, s.width*s.height)
	return s
}

// between gives a number of that range.
func (s *scene) between(lo, hi float64) float64 { return lo + (hi-lo)*s.rng.Float64() }

func pick[T any](s *scene, of ...T) T { return of[s.rng.IntN(len(of))] }

// paint lays colour over what is there wherever cover, 0–1, says. Coordinates are in heights of the picture, with x from
// its left edge.
func (s *scene) paint(x0, y0, x1, y1 float64, cover func(x, y float64) float64, colour func(x, y float64) rgb) {
	h := float64(s.height)
	for py := max(int(y0*h), 0); py < min(int(y1*h)+1, s.height); py++ {
		for px := max(int(x0*h), 0); px < min(int(x1*h)+1, s.width); px++ {
			x, y := (float64(px)+0.5)/h, (float64(py)+0.5)/h
			a := float32(min(max(cover(x, y), 0), 1))
			if a == 0 {
				continue
			}
			c := colour(x, y)
			at := &s.light[py*s.width+px]
			for i := range at {
				at[i] += (c[i] - at[i]) * a
			}
		}
	}
}

// soft turns a distance, in heights of the picture and negative inside, into cover.
func (s *scene) soft(d float64) float64 { return 0.5 - d*float64(s.height) }

func (s *scene) ellipse(cx, cy, rx, ry, tilt float64, colour func(x, y float64) rgb) {
	sin, cos := math.Sincos(tilt)
	r := max(rx, ry)
	s.paint(cx-r, cy-r, cx+r, cy+r, func(x, y float64) float64 {
		dx, dy := x-cx, y-cy
		u, v := (dx*cos+dy*sin)/rx, (dy*cos-dx*sin)/ry
		return s.soft((math.Hypot(u, v) - 1) * min(rx, ry))
	}, colour)
}

func (s *scene) box(x0, y0, x1, y1 float64, c rgb) {
	s.paint(x0, y0, x1, y1, func(x, y float64) float64 {
		return s.soft(max(x0-x, x-x1, y0-y, y-y1))
	}, plain(c))
}

func plain(c rgb) func(x, y float64) rgb { return func(float64, float64) rgb { return c } }

// wide is the picture's width in heights.
func (s *scene) wide() float64 { return float64(s.width) / float64(s.height) }

// room paints a wall and what stands before it; busy, 0–1, is how much does. It leaves the walls' light uneven, as lamps do.
func (s *scene) room(busy float64) {
	wall := pick(s, hex(0xe8e2d4), hex(0xd8dde0), hex(0xc9d3c0), hex(0xb9a58c), hex(0x8fa3ad), hex(0xf2efe9), hex(0xa7b08f), hex(0x7d6f66)).scaled(0.8)
	lean, fall := s.between(-0.25, 0.25), s.between(-0.1, 0.3)
	pattern, pitch := s.rng.Float64() < 0.2*busy, s.between(0.05, 0.12)
	s.paint(0, 0, s.wide(), 1, func(_, _ float64) float64 { return 1 }, func(x, y float64) rgb {
		k := 1 + lean*(x/s.wide()-0.5) + fall*(0.5-y)
		if pattern && math.Mod(x, pitch) < pitch/2 {
			k *= 0.88
		}
		return wall.scaled(float32(k) * s.ambient)
	})
	things := []func(){s.bookcase, s.frames, s.door, s.curtain, s.plant, s.clock, s.cupboard, s.frames}
	s.rng.Shuffle(len(things), func(i, j int) { things[i], things[j] = things[j], things[i] })
	for _, thing := range things {
		if s.rng.Float64() < 0.7*busy {
			thing()
		}
	}
}

func (s *scene) bookcase() {
	x0, w := s.between(-0.2, 1.5), s.between(0.3, 0.6)
	wood := pick(s, hex(0x8a6a48), hex(0xe6e0d8), hex(0x4e3b2c)).scaled(0.8 * s.ambient)
	s.box(x0, 0.02, x0+w, 1, wood.scaled(0.5))
	for y := s.between(0.1, 0.25); y < 1; y += 0.24 {
		for x := x0 + 0.015; x < x0+w-0.03; {
			bw, bh := s.between(0.012, 0.035), s.between(0.12, 0.19)
			s.box(x, y-bh, x+bw, y, pick(s, hex(0x9c3b2e), hex(0x2f4d6b), hex(0xd8c9a3), hex(0x3d5a40), hex(0x6b6b6b), hex(0xc99a3a)).scaled(0.75*s.ambient))
			x += bw + 0.002
			if s.rng.Float64() < 0.08 {
				x += 0.05
			}
		}
		s.box(x0, y, x0+w, y+0.015, wood)
	}
}

func (s *scene) frames() {
	for range 1 + s.rng.IntN(3) {
		x, y, w, h := s.between(0, 1.6), s.between(0.03, 0.4), s.between(0.1, 0.3), s.between(0.1, 0.25)
		s.box(x, y, x+w, y+h, pick(s, hex(0x2b2622), hex(0xb08d57), hex(0xf0f0f0)).scaled(0.8*s.ambient))
		s.box(x+0.012, y+0.012, x+w-0.012, y+h-0.012, pick(s, hex(0x6f8fae), hex(0xcbb99a), hex(0x7a8f6a), hex(0xefe9dc)).scaled(0.7*s.ambient))
		if s.rng.Float64() < 0.4 { // of somebody
			s.ellipse(x+w/2, y+h*0.45, w*0.16, h*0.2, 0, plain(hex(0xd7bd96).scaled(0.6*s.ambient)))
			s.ellipse(x+w/2, y+h*0.85, w*0.3, h*0.18, 0, plain(hex(0x3b4a5a).scaled(0.6*s.ambient)))
		}
	}
}

func (s *scene) door() {
	x := s.between(0, 1.5)
	c := pick(s, hex(0xf4f1ea), hex(0xa9825a), hex(0xdfe3e6)).scaled(0.75 * s.ambient)
	s.box(x-0.02, 0.05, x+0.42, 1, c.scaled(0.8))
	s.box(x, 0.07, x+0.4, 1, c)
	s.ellipse(x+0.36, 0.62, 0.012, 0.012, 0, plain(hex(0x404040).scaled(s.ambient)))
}

func (s *scene) curtain() {
	x0, w, pitch := pick(s, s.between(-0.1, 0.1), s.between(1.4, 1.6)), s.between(0.25, 0.4), s.between(0.03, 0.06)
	c := pick(s, hex(0xb5533c), hex(0xd9d2c5), hex(0x556b7d), hex(0x8d8a5b)).scaled(0.8 * s.ambient)
	s.paint(x0, 0, x0+w, 1, func(x, _ float64) float64 { return s.soft(max(x0-x, x-x0-w)) }, func(x, _ float64) rgb {
		return c.scaled(float32(0.8 + 0.25*math.Sin(x/pitch*2*math.Pi)))
	})
}

func (s *scene) plant() {
	x, y := pick(s, s.between(0.02, 0.35), s.between(1.4, 1.75)), s.between(0.55, 0.8)
	s.box(x-0.05, y, x+0.05, y+0.13, hex(0xa85a3c).scaled(0.8*s.ambient))
	for range 14 {
		s.ellipse(x+s.between(-0.12, 0.12), y-s.between(0, 0.25), 0.02, 0.06, s.between(-1, 1), plain(hex(0x3f6b35).scaled(float32(s.between(0.5, 0.9))*s.ambient)))
	}
}

func (s *scene) clock() {
	x, y, r := s.between(0.1, 1.65), s.between(0.1, 0.25), s.between(0.05, 0.09)
	s.ellipse(x, y, r, r, 0, plain(hex(0x303030).scaled(s.ambient)))
	s.ellipse(x, y, r*0.88, r*0.88, 0, plain(hex(0xf5f5f0).scaled(0.8*s.ambient)))
	s.box(x-0.004, y-r*0.7, x+0.004, y, hex(0x202020))
	s.box(x, y-0.004, x+r*0.5, y+0.004, hex(0x202020))
}

func (s *scene) cupboard() {
	x, y, w := s.between(-0.1, 1.4), s.between(0.5, 0.7), s.between(0.3, 0.7)
	c := pick(s, hex(0x9b7653), hex(0xe9e6e0), hex(0x5b4636)).scaled(0.75 * s.ambient)
	s.box(x, y, x+w, 1, c)
	s.box(x, y, x+w, y+0.02, c.scaled(1.2))
	s.box(x+w/2-0.003, y+0.03, x+w/2+0.003, 1, c.scaled(0.5))
	s.box(x+s.between(0.05, 0.2), y-0.12, x+0.25, y, pick(s, hex(0x26343f), hex(0xe0c36a), hex(0xffffff)).scaled(0.6*s.ambient))
}

// window paints one that is so many times brighter than the room.
func (s *scene) window(x0, y0, x1, y1 float64, times float32) {
	s.box(x0-0.03, y0-0.03, x1+0.03, y1+0.04, hex(0xf2f2f0).scaled(0.8*s.ambient))
	sky, trees := hex(0xdfeaf5), s.between(0.5, 1.2)
	s.paint(x0, y0, x1, y1, func(x, y float64) float64 { return s.soft(max(x0-x, x-x1, y0-y, y-y1)) }, func(x, y float64) rgb {
		if edge := y0 + (y1-y0)*trees + 0.02*math.Sin(x*37) + 0.01*math.Sin(x*91); y > edge {
			return hex(0x7d9a62).scaled(times * 0.6)
		}
		return sky.scaled(times)
	})
	mid := (x0 + x1) / 2
	s.box(mid-0.012, y0, mid+0.012, y1, hex(0xf2f2f0).scaled(0.8*s.ambient))
}

// lamp paints one that shines, and its light on the wall.
func (s *scene) lamp(x, y float64, times float32) {
	s.paint(x-0.6, y-0.6, x+0.6, y+0.6, func(_, _ float64) float64 { return 1 }, func(px, py float64) rgb {
		at := s.light[min(int(py*float64(s.height)), s.height-1)*s.width+min(int(px*float64(s.height)), s.width-1)]
		return at.scaled(1 + times*float32(0.08*math.Exp(-12*math.Hypot(px-x, py-y))))
	})
	s.box(x-0.008, y, x+0.008, 1, hex(0x50483e).scaled(0.8*s.ambient))
	s.paint(x-0.12, y-0.1, x+0.12, y+0.05, func(px, py float64) float64 {
		return s.soft(max(y-0.1-py, py-y-0.05, math.Abs(px-x)-0.06-(py-y+0.1)*0.35))
	}, plain(hex(0xffe9c0).scaled(times)))
}

// person is who sits before the camera. Lengths are in heights of the picture.
type person struct {
	x, y, size float64 // middle and height of the head, chin to crown
	skin       rgb
	child, old bool
}

// tones are skins from the lightest to the darkest, after the Monk scale.
var tones = []uint32{0xf3e7db, 0xeadaba, 0xd7bd96, 0xa07e56, 0x604134, 0x3a312a}

// sit paints a person. Hair, headgear, glasses, beard and clothes fall as they may.
func (s *scene) sit(p person) {
	tilt, hh := s.between(-0.1, 0.1), p.size/2
	hw := hh * s.between(0.7, 0.8)
	lit := func(c rgb) func(x, y float64) rgb { // rounder and lit from a side
		return func(x, y float64) rgb {
			u, v := (x-p.x)/hw, (y-p.y)/hh
			k := 1 + 0.3*s.side*float32(min(max(u, -1.5), 1.5)) - 0.12*float32(min(u*u, 2)) - 0.08*float32(min(max(v, -1), 2))
			return c.scaled(0.85 * k * s.ambient)
		}
	}
	skin := p.skin.scaled(0.85)
	cover := pick(s, "none", "none", "none", "none", "scarf", "hat")
	long := cover == "none" && s.rng.Float64() < 0.35
	hair := pick(s, hex(0x1c1512), hex(0x3b2a1d), hex(0x6e4b2a), hex(0xb08a55), hex(0x7a3b1e))
	if p.old {
		hair = pick(s, hex(0xd9d6d0), hex(0x9c9994), hex(0xbdb9b2))
	}
	cloth := pick(s, hex(0x1e2a3a), hex(0x6b1f2a), hex(0xe9e6df), hex(0x3c5d50), hex(0xc7b299), hex(0x222222), hex(0x7f8fa6), hex(0xb86f52), hex(0x5a4a78))
	fabric := pick(s, hex(0x2b3f63), hex(0xb23a48), hex(0x111111), hex(0xe8dcc8), hex(0x4c7a6f))

	if long {
		s.ellipse(p.x, p.y+0.35*hh, hw*1.3, hh*1.35, 0, lit(hair))
	}
	s.torso(p, hw, hh, lit, skin, cloth)
	if cover == "scarf" {
		s.ellipse(p.x, p.y+0.1*hh, hw*1.22, hh*1.2, tilt, lit(fabric))
		s.ellipse(p.x, p.y+1.2*hh, hw*1.35, hh*0.5, 0, lit(fabric.scaled(0.85)))
	} else {
		for _, side := range []float64{-1, 1} {
			s.ellipse(p.x+side*hw*0.98, p.y+0.05*hh, hw*0.12, hh*0.2, 0, lit(skin.scaled(0.85)))
		}
	}
	s.hair(p, hw, hh, tilt, cover, lit, hair, fabric)
	s.ellipse(p.x, p.y+0.08*hh, hw*pick(s, 0.9, 0.94), hh*0.92, tilt, lit(skin))
	if cover == "none" && !(p.old && s.rng.Float64() < 0.3) { // a fringe or a high forehead
		s.ellipse(p.x+s.between(-0.1, 0.1)*hw, p.y-0.78*hh, hw*s.between(0.6, 0.8), hh*s.between(0.2, 0.32), tilt, lit(hair))
	}
	s.face(p, hw, hh, lit, skin, hair)
}

func (s *scene) torso(p person, hw, hh float64, lit func(rgb) func(x, y float64) rgb, skin, cloth rgb) {
	broad := s.between(2, 2.5)
	if p.child {
		broad = s.between(1.5, 1.8)
	}
	neck, top := p.y+0.7*hh, p.y+s.between(1.35, 1.5)*hh
	s.paint(p.x-hw, neck, p.x+hw, top+0.4*hh, func(x, _ float64) float64 { return s.soft(math.Abs(x-p.x) - 0.5*hw) }, lit(skin.scaled(0.75)))
	stripes, pitch := s.rng.Float64() < 0.3, s.between(0.15, 0.3)*hh
	drop := s.between(0.35, 0.6)
	s.paint(p.x-3*hw, top-0.3*hh, p.x+3*hw, 1.1, func(x, y float64) float64 {
		u := math.Abs(x-p.x) / hw
		edge := top - 0.12*hh
		if u > 0.55 {
			edge += (u - 0.55) * drop * hw
		}
		if over := u - broad + 0.35; over > 0 {
			edge += over * over * 3 * hh
		}
		return s.soft(max(edge-y, (u-broad)*hw))
	}, func(x, y float64) rgb {
		k := float32(1)
		if stripes && math.Mod(y+1, pitch) < pitch/2 {
			k = 0.6
		}
		return lit(cloth.scaled(0.85))(p.x+(x-p.x)*0.4, p.y+0.6*hh).scaled(k * float32(1-0.15*math.Sin(x*23)*math.Sin(y*17)))
	})
	s.ellipse(p.x, top-0.1*hh, hw*0.6, hh*0.22, 0, lit(skin.scaled(0.8)))
}

func (s *scene) hair(p person, hw, hh, tilt float64, cover string, lit func(rgb) func(x, y float64) rgb, hair, fabric rgb) {
	switch {
	case cover == "scarf":
	case cover == "hat":
		s.ellipse(p.x, p.y-0.45*hh, hw*1.08, hh*0.65, tilt, lit(fabric))
	case p.old && s.rng.Float64() < 0.35: // bald
		s.ellipse(p.x, p.y-0.1*hh, hw*0.98, hh*0.9, tilt, lit(p.skin.scaled(0.9)))
	case s.rng.Float64() < 0.3: // curls
		for range 30 {
			a := s.between(math.Pi, 2*math.Pi)
			s.ellipse(p.x+math.Cos(a)*hw*0.95, p.y-0.1*hh+math.Sin(a)*hh*0.88, hw*0.25, hh*0.2, 0, lit(hair.scaled(float32(s.between(0.8, 1.2)))))
		}
		s.ellipse(p.x, p.y-0.3*hh, hw, hh*0.72, tilt, lit(hair))
	default:
		s.ellipse(p.x, p.y-0.18*hh, hw*1.06, hh*0.88, tilt, lit(hair))
	}
}

func (s *scene) face(p person, hw, hh float64, lit func(rgb) func(x, y float64) rgb, skin, hair rgb) {
	glasses, beard := s.rng.Float64() < 0.35, !p.child && s.rng.Float64() < 0.2
	if beard {
		s.paint(p.x-hw, p.y+0.3*hh, p.x+hw, p.y+hh, func(x, y float64) float64 {
			u, v := (x-p.x)/(hw*0.85), (y-p.y-0.1*hh)/(hh*0.9)
			return min(s.soft((math.Hypot(u, v)-1)*hw), (y-p.y-0.35*hh)*12/hh)
		}, lit(hair.scaled(0.9)))
	}
	for _, side := range []float64{-1, 1} {
		x, y := p.x+side*0.38*hw, p.y-0.02*hh
		s.ellipse(x, y, hw*0.2, hh*0.1, 0, lit(skin.scaled(0.7)))
		s.ellipse(x, y, hw*0.15, hh*0.055, 0, lit(hex(0xe8e4de)))
		s.ellipse(x, y, hw*0.065, hh*0.055, 0, lit(hex(0x241a14)))
		s.ellipse(x, y-0.17*hh, hw*0.2, hh*0.03, side*0.1, lit(hair.scaled(0.8)))
		s.ellipse(x, p.y+0.35*hh, hw*0.22, hh*0.12, 0, lit(skin.scaled(1.06)))
		if glasses {
			s.ring(x, y, hw*0.3, hh*0.2, 0.02, hex(0x1a1a1a).scaled(s.ambient))
		}
		if p.old {
			for i := range 3 {
				s.ellipse(x+side*0.12*hw, y+(0.13+0.07*float64(i))*hh, hw*0.16, hh*0.012, side*0.3, lit(skin.scaled(0.75)))
			}
		}
	}
	s.ellipse(p.x+0.03*hw, p.y+0.22*hh, hw*0.07, hh*0.2, 0, lit(skin.scaled(1.12)))
	s.ellipse(p.x, p.y+0.4*hh, hw*0.15, hh*0.045, 0, lit(skin.scaled(0.65)))
	s.ellipse(p.x, p.y+0.6*hh, hw*s.between(0.25, 0.36), hh*s.between(0.045, 0.08), 0, lit(rgb{skin[0] * 0.75, skin[1] * 0.5, skin[2] * 0.5}))
}

// ring paints an outline; thick is in heights of the picture.
func (s *scene) ring(cx, cy, rx, ry, thick float64, c rgb) {
	thick *= rx
	s.paint(cx-rx-thick, cy-ry-thick, cx+rx+thick, cy+ry+thick, func(x, y float64) float64 {
		d := (math.Hypot((x-cx)/rx, (y-cy)/ry) - 1) * min(rx, ry)
		return s.soft(math.Abs(d) - max(thick, 0.002))
	}, plain(c))
}

// lid lays something over the lens that lets so much light through, at one edge a little more.
func (s *scene) lid(c rgb, leak float32) {
	edge := s.between(0, 2*math.Pi)
	s.paint(0, 0, s.wide(), 1, func(_, _ float64) float64 { return 1 }, func(x, y float64) rgb {
		d := ((x-s.wide()/2)*math.Cos(edge) + (y-0.5)*math.Sin(edge)) / s.wide()
		return c.scaled(1 + leak*float32(math.Exp(6*(d-0.5))))
	})
}

// camera takes the picture: exposure by the middle-weighted mean within what the sensor can gain, clipping, a lens that is
// not quite sharp, noise that grows with the gain, BT.601 limited range.
func (s *scene) camera(most float32) *media.Frame {
	gain := min(0.24/max(s.mean(), 1e-6), most)
	noise := 0.004 + 0.0035*float64(gain)
	f := new(media.FramePool).Get(s.width, s.height)
	plane := make([]rgb, len(s.light))
	for y := range s.height {
		for x := range s.width {
			plane[y*s.width+x] = s.exposed(x, y, gain, noise)
		}
	}
	for y := range s.height {
		for x := range s.width {
			c := plane[y*s.width+x]
			f.Y[y*s.width+x] = level(16 + 219*(0.299*c[0]+0.587*c[1]+0.114*c[2]))
			if x%2 == 0 && y%2 == 0 {
				luma := 0.299*c[0] + 0.587*c[1] + 0.114*c[2]
				f.U[y/2*(s.width/2)+x/2] = level(128 + 224*0.564*(c[2]-luma))
				f.V[y/2*(s.width/2)+x/2] = level(128 + 224*0.713*(c[0]-luma))
			}
		}
	}
	return f
}

func level(v float32) byte { return byte(min(max(v+0.5, 0), 255)) }

// exposed gives one pixel as the sensor has it, 0–1 with a screen's gamma.
func (s *scene) exposed(x, y int, gain float32, noise float64) rgb {
	var c rgb
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			at := s.light[min(max(y+dy, 0), s.height-1)*s.width+min(max(x+dx, 0), s.width-1)]
			k := float32((2 - dx*dx) * (2 - dy*dy))
			for i := range c {
				c[i] += at[i] * k / 16
			}
		}
	}
	for i := range c {
		v := min(c[i]*gain, 1)
		v += float32(s.rng.NormFloat64() * noise * (0.3 + math.Sqrt(float64(v))))
		c[i] = gamma[int(min(max(v, 0), 1)*float32(len(gamma)-1))]
	}
	return c
}

// gamma is a screen's, of linear light in steps.
var gamma = func() (steps [4096]float32) {
	for i := range steps {
		steps[i] = float32(math.Pow(float64(i)/float64(len(steps)-1), 1/2.2))
	}
	return steps
}()

// mean weighs the middle three times, as cameras do.
func (s *scene) mean() float32 {
	var sum, weight float32
	for y := range s.height {
		for x := range s.width {
			c, w := s.light[y*s.width+x], float32(1)
			if abs(2*x-s.width) < s.width/2 && abs(2*y-s.height) < s.height/2 {
				w = 3
			}
			sum += w * min(0.2126*c[0]+0.7152*c[1]+0.0722*c[2], 4)
			weight += w
		}
	}
	return sum / weight
}
