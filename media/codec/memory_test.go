package codec

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"

	"kontaktlaege/media"
)

// resident gives the process' memory in bytes.
func resident(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("this system does not tell what memory a process has:", err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// A tablet runs for weeks, call after call: what the codecs of one had goes back to the system when it ends, on whichever
// threads they were.
func TestVP8_aCallsMemoryGoesBackWhenItEnds(t *testing.T) {
	var pool media.FramePool
	frame := pool.Get(1280, 720)
	call := func() {
		var codecs []interface{ Close() error }
		for range 3 {
			e, err := NewVP8Encoder(VP8Config{Width: 1280, Height: 720, Rate: 1_000_000})
			if err != nil {
				t.Fatal(err)
			}
			codecs = append(codecs, e)
			d, err := NewVP8Decoder(&pool)
			if err != nil {
				t.Fatal(err)
			}
			codecs = append(codecs, d)
			unit, err := e.Encode(context.Background(), frame)
			if err != nil {
				t.Fatal(err)
			}
			picture, err := d.Decode(context.Background(), unit)
			if err != nil {
				t.Fatal(err)
			}
			picture.Release()
			o, err := NewOpusEncoder(OpusConfig{Rate: 32_000})
			if err != nil {
				t.Fatal(err)
			}
			codecs = append(codecs, o)
		}
		for _, c := range codecs {
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	call()
	before := resident(t)
	for range 5 {
		call()
		t.Logf("%d kB", resident(t)>>10)
	}
	if grown := resident(t) - before; grown > 8<<20 {
		t.Errorf("five calls left %d MB", grown>>20)
	}
}
