package render

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// photograph is a JPEG that is red at the left and blue at the right.
func photograph(t testing.TB, width, height int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{R: 0xe0, A: 0xff}
			if x >= width/2 {
				c = color.RGBA{B: 0xe0, A: 0xff}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAlbum_showsWhatCameAndForgetsItWithTheCall(t *testing.T) {
	var a Album
	if err := a.Put("one", photograph(t, 400, 300)); err != nil {
		t.Fatal(err)
	}
	m := a.Get("one")
	if m == nil || m.Bounds().Dx() != 400 || m.Bounds().Dy() != 300 {
		t.Fatalf("the still is %v", m)
	}
	if r, _, b, _ := m.At(20, 150).RGBA(); r < b {
		t.Error("its left is not red")
	}
	if a.Get("two") != nil {
		t.Error("gives one that never came")
	}
	a.Clear()
	if a.Get("one") != nil {
		t.Error("a still outlived the call")
	}
}

func TestAlbum_aStillLargerThanATextureIsScaledDownWhole(t *testing.T) {
	var a Album
	if err := a.Put("large", photograph(t, 5000, 1000)); err != nil {
		t.Fatal(err)
	}
	m := a.Get("large")
	if got := m.Bounds().Size(); got != image.Pt(4096, 819) {
		t.Fatalf("it is %v", got)
	}
	if r, _, b, _ := m.At(4000, 400).RGBA(); b < r {
		t.Error("its right is not blue: it was cut")
	}
}

// The bytes are another device's: what is none, or says that it is huge, is refused before it is decoded.
func TestAlbum_refusesWhatIsNoPictureOrTooLarge(t *testing.T) {
	huge := photograph(t, 64, 64)
	at := bytes.Index(huge, []byte{0xff, 0xc0}) // SOF0: length, precision, height, width
	huge[at+5], huge[at+6], huge[at+7], huge[at+8] = 0xff, 0xff, 0xff, 0xff
	whole := photograph(t, 400, 300)
	for name, data := range map[string][]byte{
		"nothing": nil, "no picture": []byte("<svg/>"), "65535 by 65535": huge, "half": whole[:len(whole)/2], "21 MiB": make([]byte, 21<<20),
	} {
		var a Album
		if err := a.Put("x", data); !errors.Is(err, ErrStill) {
			t.Errorf("%s: %v", name, err)
		}
		if a.Get("x") != nil {
			t.Errorf("%s is shown", name)
		}
	}
}

func TestAlbum_holdsAFewAndTheSameIDOnce(t *testing.T) {
	var a Album
	for _, id := range []string{"1", "2", "2", "3", "4"} {
		if err := a.Put(id, photograph(t, 40, 30)); err != nil {
			t.Fatal(err)
		}
	}
	for id, want := range map[string]bool{"1": false, "2": true, "3": true, "4": true} {
		if (a.Get(id) != nil) != want {
			t.Errorf("still %s is held: %v", id, !want)
		}
	}
	a.Drop("2")
	if a.Get("2") != nil {
		t.Error("a dropped still is held")
	}
}

func FuzzAlbum(f *testing.F) {
	f.Add(photograph(f, 40, 30))
	f.Add([]byte{0xff, 0xd8, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		var a Album
		if err := a.Put("x", data); (err == nil) != (a.Get("x") != nil) {
			t.Errorf("said %v and shows %v", err, a.Get("x"))
		}
	})
}
