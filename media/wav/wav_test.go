package wav

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kontaktlaege/internal/testkit"
)

func TestWAV_whatIsWrittenIsRead(t *testing.T) {
	pcm := []int16{0, 1, -1, 32767, -32768, 12}
	var b bytes.Buffer
	if err := Write(&b, pcm); err != nil {
		t.Fatal(err)
	}
	got, err := Read(&b)
	if err != nil || !slices.Equal(got, pcm) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestWriter_leavesAWholeFileAfterEachSync(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.wav")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := NewWriter(file)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 3; n++ {
		if err := errors.Join(w.Write([]int16{int16(n), int16(-n)}), w.Sync()); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(bytes.NewReader(data))
		if err != nil || len(got) != 2*n || got[2*n-2] != int16(n) {
			t.Errorf("after %d pieces: %v, %v", n, got, err)
		}
	}
}

func TestRead_mixesStereoAndSkipsOtherParts(t *testing.T) {
	file := "RIFF\x00\x00\x00\x00WAVE" + "LIST\x03\x00\x00\x00abc\x00" +
		"fmt \x10\x00\x00\x00\x01\x00\x02\x00\x80\xbb\x00\x00\x00\xee\x02\x00\x04\x00\x10\x00" +
		"data\x08\x00\x00\x00\x00\x7f\x00\x7f\x02\x00\xfe\xff"
	got, err := Read(strings.NewReader(file))
	if err != nil || !slices.Equal(got, []int16{0x7f00, 0}) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestRead_refusesWhatWouldSoundWrong(t *testing.T) {
	var good bytes.Buffer
	if err := Write(&good, make([]int16, 4)); err != nil {
		t.Fatal(err)
	}
	change := func(at int, v byte) []byte {
		b := slices.Clone(good.Bytes())
		b[at] = v
		return b
	}
	for name, file := range map[string][]byte{
		"empty": nil, "text": []byte("hello, this is no sound"), "float": change(20, 3), "five channels": change(22, 5), "another rate": change(24, 1),
		"24 bit": change(34, 24), "cut in its header": good.Bytes()[:30], "no data": good.Bytes()[:36], "a part that ends behind the file": change(18, 255),
	} {
		if pcm, err := Read(bytes.NewReader(file)); !errors.Is(err, ErrFormat) || pcm != nil {
			t.Errorf("%s: %v, %v", name, pcm, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	testkit.Seeds(f, "testdata/*.wav")
	f.Fuzz(func(t *testing.T, file string) {
		pcm, err := Read(strings.NewReader(file))
		if err != nil {
			if pcm != nil {
				t.Fatal("sound with an error")
			}
			return
		}
		var b bytes.Buffer
		if err := Write(&b, pcm); err != nil {
			t.Fatal(err)
		}
		again, err := Read(&b)
		if err != nil || !slices.Equal(again, pcm) {
			t.Fatalf("not the same again: %v", err)
		}
	})
}
