package scan

import (
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common/reedsolomon"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
)

// FuzzRead takes any picture: the bytes are its first rows, and repeat themselves below. A row of bars is a barcode.
func FuzzRead(f *testing.F) {
	for _, format := range formats {
		k := code{format: format, text: "2902004100"}
		k.print(f)
		const quiet, module = 12, 2
		across := (k.across + 2*quiet) * module
		var rows []byte
		for y := range k.along * module { // a barcode is one row, a QR code all of them
			for x := range across {
				grey := byte(200)
				if at := x/module - quiet; uint(at) < uint(k.across) && k.matrix.Get(at, y/module) {
					grey = 30
				}
				rows = append(rows, grey)
			}
		}
		f.Add(uint16(across), rows)
	}
	f.Add(uint16(64), []byte{0})
	f.Add(uint16(0), []byte{1})
	f.Add(uint16(65535), []byte("short"))
	var r reader
	f.Fuzz(func(t *testing.T, width uint16, rows []byte) {
		const height = 72
		frame := &media.Frame{Width: int(width), Height: height, Y: rows}
		if width <= 640 && len(rows) > 0 {
			frame.Y = make([]byte, int(width)*height)
			for i := range frame.Y {
				frame.Y[i] = rows[i%len(rows)]
			}
		}
		if number, ok := r.read(frame, Region{}, today); ok == (number == kontakt.CPR{}) {
			t.Errorf("read %t, and the number is none: %t", ok, number == kontakt.CPR{})
		}
		if r.line != (line{}) || r.votes != (votes{}) {
			t.Error("something of the picture is left in the reader")
		}
	})
}

// FuzzRow gives any bars and gaps to the decoders of barcodes: each byte is how wide the next is.
func FuzzRow(f *testing.F) {
	for _, format := range formats[:3] {
		k := code{format: format, text: "2902004100"}
		k.print(f)
		widths, run, black := []byte{20}, byte(0), false
		for x := range k.across {
			if k.matrix.Get(x, 0) != black {
				widths, run, black = append(widths, run), 0, !black
			}
			run++
		}
		f.Add(append(widths[:1:1], append(widths[2:], run, 20)...))
	}
	f.Fuzz(func(t *testing.T, widths []byte) {
		n := 0
		for _, w := range widths {
			n += int(w)
		}
		if n == 0 || n > mostOnLine {
			return
		}
		row, at := gozxing.NewBitArray(n), 0
		for i, w := range widths {
			for range w {
				if i%2 == 1 {
					row.Set(at)
				}
				at++
			}
		}
		r := reader{today: today}
		r.readRow(row, newRowDecoders())
	})
}

// FuzzSquare gives QR codes that are whole, whatever they say: the decoder believes what has come through its checksum.
func FuzzSquare(f *testing.F) {
	f.Add(byte(0), []byte{0x10, 0x29, 0x22, 0x1c, 0x08})
	f.Add(byte(1), []byte("\x40\xa2902004100"))
	f.Add(byte(2), []byte{0x72, 0x60, 0x42, 0xff})
	f.Add(byte(3), []byte{0xd1, 0xff, 0x80, 0x22})
	f.Add(byte(4), []byte{0x50, 0x92, 0x05, 0x25, 0x25})
	f.Fuzz(func(t *testing.T, shape byte, says []byte) {
		frame := square(t, shape, says)
		var r reader
		r.today = today
		r.square(frame, Region{}.of(frame))
	})
}

// square draws a QR code of version 1 to 4, level L, whose data are says, cut or padded.
func square(t *testing.T, shape byte, says []byte) *media.Frame {
	t.Helper()
	version, err := decoder.Version_GetVersionForNumber(1 + int(shape%4))
	if err != nil {
		t.Fatal(err)
	}
	blocks := version.GetECBlocksForLevel(decoder.ErrorCorrectionLevel_L)
	words := make([]int, version.GetTotalCodewords())
	for i := range version.GetTotalCodewords() - blocks.GetTotalECCodewords() {
		if i < len(says) {
			words[i] = int(says[i])
		}
	}
	if err := reedsolomon.NewReedSolomonEncoder(reedsolomon.GenericGF_QR_CODE_FIELD_256).Encode(words, blocks.GetTotalECCodewords()); err != nil {
		t.Fatal(err)
	}
	bits := gozxing.NewEmptyBitArray()
	for _, w := range words {
		if err := bits.AppendBits(w, 8); err != nil {
			t.Fatal(err)
		}
	}
	dimension := version.GetDimensionForVersion()
	matrix := encoder.NewByteMatrix(dimension, dimension)
	if err := encoder.MatrixUtil_buildMatrix(bits, decoder.ErrorCorrectionLevel_L, version, int(shape/4%8), matrix); err != nil {
		t.Fatal(err)
	}
	const module, quiet = 4, 6
	side := (dimension + 2*quiet) * module
	side += side % 2
	frame := new(media.FramePool).Get(side, side)
	for y := range side {
		for x := range side {
			frame.Y[y*side+x] = 220
			if mx, my := x/module-quiet, y/module-quiet; uint(mx) < uint(dimension) && uint(my) < uint(dimension) && matrix.Get(mx, my) == 1 {
				frame.Y[y*side+x] = 20
			}
		}
	}
	return frame
}

// FuzzTenInARow finds ten digits, and no more, in what a code says.
func FuzzTenInARow(f *testing.F) {
	for _, text := range []string{"CPR2902004100", "290200-4100", "29020041002", "", "12345678901 2902004100"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := tenInARow(text)
		if !ok {
			if got != "" {
				t.Errorf("%q without a run", got)
			}
			return
		}
		for i := range len(got) {
			if got[i] < '0' || got[i] > '9' {
				t.Errorf("%q", got)
			}
		}
		if again, ok := tenInARow(got); len(got) != 10 || !ok || again != got {
			t.Errorf("%q is no run of ten", got)
		}
	})
}
