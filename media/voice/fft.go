package voice

import "math"

// fft is the discrete Fourier transform of size real numbers, through a complex one of half the size.
type fft struct {
	turn  [size / 4]complex64 // e^(-2πik/(size/2))
	split [size/2 + 1]complex64
	swap  [size / 2]uint16
	work  [size / 2]complex64
}

func newFFT() *fft {
	f := &fft{}
	const n = size / 2
	unit := func(k, n int) complex64 {
		sin, cos := math.Sincos(-2 * math.Pi * float64(k) / float64(n))
		return complex(float32(cos), float32(sin))
	}
	for k := range f.turn {
		f.turn[k] = unit(k, n)
	}
	for k := range f.split {
		f.split[k] = unit(k, size)
	}
	for i, j := 1, 0; i < n; i++ {
		bit := n >> 1
		for ; j&bit != 0; bit >>= 1 {
			j ^= bit
		}
		j ^= bit
		f.swap[i] = uint16(j)
	}
	return f
}

// butterflies transforms work, whose order is already that of swap.
func (f *fft) butterflies() {
	w := &f.work
	for i := 0; i < len(w); i += 2 {
		a, b := w[i], w[i+1]
		w[i], w[i+1] = a+b, a-b
	}
	for length := 4; length <= len(w); length *= 2 {
		half, step := length/2, len(w)/length
		for i := 0; i < len(w); i += length {
			low, high := w[i:i+half], w[i+half:i+length]
			for k := range low {
				t, v := f.turn[k*step], high[k]
				re := real(v)*real(t) - imag(v)*imag(t)
				im := real(v)*imag(t) + imag(v)*real(t)
				u := low[k]
				low[k] = complex(real(u)+re, imag(u)+im)
				high[k] = complex(real(u)-re, imag(u)-im)
			}
		}
	}
}

// forward writes the size/2+1 bins of x.
func (f *fft) forward(x *[size]float32, to *spectrum) {
	const n = size / 2
	for i, j := range f.swap {
		f.work[j] = complex(x[2*i], x[2*i+1])
	}
	f.butterflies()
	for k := range to {
		a, b := f.work[k%n], f.work[(n-k)%n]
		b = complex(real(b), -imag(b))
		d := (a - b) * f.split[k]
		to[k] = complex((real(a)+real(b)+imag(d))/2, (imag(a)+imag(b)-real(d))/2)
	}
}

// inverse writes the size numbers whose bins are s.
func (f *fft) inverse(s *spectrum, to *[size]float32) {
	const n = size / 2
	for k := range n {
		a, b := s[k], s[n-k]
		b = complex(real(b), -imag(b))
		t := f.split[k]
		d := (a - b) * complex(real(t), -imag(t))
		// conjugated, so that the forward butterflies turn the other way
		f.work[f.swap[k]] = complex(real(a)+real(b)-imag(d), -(imag(a) + imag(b) + real(d)))
	}
	f.butterflies()
	const scale = 1.0 / size
	for i, v := range f.work {
		to[2*i], to[2*i+1] = real(v)*scale, -imag(v)*scale
	}
}
