package testkit

import (
	"bytes"
	"encoding/binary"
	"math"
	"os/exec"
	"testing"
)

// Speech gives a sentence as espeak-ng says it in a voice of its own ("da", "da+f3"): 48 kHz, mono, −1…1.
func Speech(tb testing.TB, voice, text string) []float64 {
	tb.Helper()
	file, err := exec.Command("espeak-ng", "-v", voice, "--stdout", text).Output()
	at := bytes.Index(file, []byte("data"))
	if err != nil || at < 28 {
		tb.Fatalf("no speech to test with, install espeak-ng: %v", err)
	}
	body := file[at+8:]
	x := make([]float64, len(body)/2)
	for i := range x {
		x[i] = float64(int16(binary.LittleEndian.Uint16(body[2*i:]))) / (1 << 15)
	}
	return Resample(x, float64(binary.LittleEndian.Uint32(file[24:]))/48_000)
}

// Resample reads x in steps of so many samples, which may be a little more or less than one.
func Resample(x []float64, step float64) []float64 {
	const half = 16
	y := make([]float64, int(float64(len(x))/step))
	for i := range y {
		at := float64(i) * step
		for k := max(int(at)-half+1, 0); k <= min(int(at)+half, len(x)-1); k++ {
			d := at - float64(k)
			sinc := 1.0
			if d != 0 {
				sinc = math.Sin(math.Pi*d) / (math.Pi * d)
			}
			y[i] += x[k] * sinc * (0.5 + 0.5*math.Cos(math.Pi*d/half))
		}
	}
	return y
}
