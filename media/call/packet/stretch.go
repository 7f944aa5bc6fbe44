package packet

import (
	"math"
)

const (
	// Periods of voices, in samples: 100–400 Hz.
	shortPeriod, longPeriod = 120, 480
	// alike is from which correlation on two periods can be laid over each other without being heard.
	alike = 0.5
	// hush is how faint sound is (−54 dBFS) of which any part may go or be repeated.
	hush = 65
)

// Of plays sound at this Pace, in place or in the room behind it.
func (p Pace) Of(pcm []int16) []int16 {
	switch p {
	case PaceFaster:
		return shorten(pcm)
	case PaceSlower:
		return lengthen(pcm)
	default:
		return pcm
	}
}

// shorten takes a period out of a piece of sound and gives what is left of it, in place: all of it where no period is
// like the next.
func shorten(pcm []int16) []int16 {
	n := period(pcm)
	if n == 0 {
		return pcm
	}
	fade(pcm[:n], pcm[:n], pcm[n:2*n])
	return pcm[:n+copy(pcm[n:], pcm[2*n:])]
}

// lengthen repeats a period of a piece of sound, in the room behind it, and gives the longer one.
func lengthen(pcm []int16) []int16 {
	n := period(pcm)
	if n == 0 || cap(pcm) < len(pcm)+n {
		return pcm
	}
	long := pcm[:len(pcm)+n]
	copy(long[2*n:], pcm[n:])
	fade(long[n:2*n], long[2*n:3*n], long[:n])
	return long
}

// fade goes from a to b.
func fade(to, a, b []int16) {
	n := int32(len(to))
	for i := range to {
		w := int32(i)
		to[i] = int16((int32(a[i])*(n-w) + int32(b[i])*w) / n)
	}
}

// period gives after how many samples the beginning of a piece is most like itself, or 0.
func period(pcm []int16) int {
	const width, coarse = longPeriod, 2 // each second sample is enough
	if len(pcm) < width+longPeriod {
		return 0
	}
	var own float64
	for i := 0; i < width; i += coarse {
		own += float64(pcm[i]) * float64(pcm[i])
	}
	if own < hush*hush*width/coarse {
		return longPeriod
	}
	best, at := alike, 0
	for n := shortPeriod; n <= longPeriod; n += coarse {
		var like, other float64
		for i := 0; i < width; i += coarse {
			a, b := float64(pcm[i]), float64(pcm[n+i])
			like += a * b
			other += b * b
		}
		if c := like / math.Sqrt(own*other+1); c > best {
			best, at = c, n
		}
	}
	return at
}
