package ui

import "kontaktlaege/media"

// healthCard is a card with bars on it, on a table.
func healthCard(width, height int) *media.Frame {
	f := new(media.FramePool).Get(width, height)
	for i := range f.U {
		f.U[i], f.V[i] = 128, 128
	}
	high := height * 7 / 10
	wide := high * 856 / 540
	left, top := (width-wide)/2, (height-high)/2
	for y := range height {
		for x := range width {
			u, v, light := x-left, y-top, byte(90)
			if u >= 0 && u < wide && v >= 0 && v < high {
				light = 190
				if v > high*6/10 && v < high*8/10 && u > wide/10 && u < wide*8/10 && (u/4*7+u/16)%3 == 0 {
					light = 30
				}
			}
			f.Y[y*width+x] = light
		}
	}
	return f
}
