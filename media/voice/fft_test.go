package voice

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestFFT_isTheTransformAndBack(t *testing.T) {
	f := newFFT()
	r := rand.New(rand.NewPCG(1, 2))
	var x, back [size]float32
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	var s spectrum
	f.forward(&x, &s)
	for _, k := range []int{0, 1, 7, 255, 256, 257, 511, 512} {
		var re, im float64
		for i, v := range x {
			sin, cos := math.Sincos(-2 * math.Pi * float64(k*i%size) / size)
			re += float64(v) * cos
			im += float64(v) * sin
		}
		if math.Hypot(re-float64(real(s[k])), im-float64(imag(s[k]))) > 1e-3 {
			t.Errorf("bin %d = %v, want %.4f%+.4fi", k, s[k], re, im)
		}
	}
	f.inverse(&s, &back)
	for i, v := range x {
		if math.Abs(float64(v-back[i])) > 1e-5 {
			t.Fatalf("sample %d came back as %v, was %v", i, back[i], v)
		}
	}
}
