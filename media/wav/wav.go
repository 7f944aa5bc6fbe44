// Package wav reads and writes the one kind of WAVE file that is used here: PCM, 48 kHz, 16 bit, mono. Invariants: a
// file of another kind is an error and never played at a wrong speed; a file that is being written is whole after each
// Sync, so that a killed program leaves one that plays.
package wav

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"kontaktlaege/media"
)

// ErrFormat says that a file is no WAVE file of our kind.
var ErrFormat = errors.New("wav: not PCM of 48 kHz, 16 bit, mono or stereo")

const (
	headerSize = 44
	maxSize    = 256 << 20 // of a file that is read whole
	leastRate  = 8000
	mostRate   = 192000
)

// Read gives the samples of a file; of stereo, the mean of both sides.
func Read(r io.Reader) ([]int16, error) {
	pcm, rate, err := ReadAny(r)
	if err == nil && rate != media.SampleRate {
		return nil, fmt.Errorf("%w: %d Hz", ErrFormat, rate)
	}
	return pcm, err
}

// ReadAny is Read of a file of any rate, which it gives too; whoever plays it has to know.
func ReadAny(r io.Reader) (pcm []int16, rate int, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, 0, err
	}
	if len(data) > maxSize || len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return nil, 0, ErrFormat
	}
	channels := 0
	for rest := data[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), binary.LittleEndian.Uint32(rest[4:8])
		body := rest[8:]
		if uint64(size) > uint64(len(body)) {
			if id != "data" {
				return nil, 0, ErrFormat
			}
			size = uint32(len(body)) // a writer that was killed
		}
		body = body[:size]
		switch id {
		case "fmt ":
			if channels, rate, err = parseFormat(body); err != nil {
				return nil, 0, err
			}
		case "data":
			if channels == 0 {
				return nil, 0, ErrFormat
			}
			return mono(body, channels), rate, nil
		}
		rest = rest[8+size:]
		if size%2 == 1 && len(rest) > 0 {
			rest = rest[1:]
		}
	}
	return nil, 0, ErrFormat
}

func parseFormat(b []byte) (channels, rate int, err error) {
	if len(b) < 16 {
		return 0, 0, ErrFormat
	}
	format, n := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
	hz, bits := binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint16(b[14:])
	if format != 1 || n < 1 || n > 2 || hz < leastRate || hz > mostRate || bits != 16 {
		return 0, 0, fmt.Errorf("%w: format %d, %d channels, %d Hz, %d bit", ErrFormat, format, n, hz, bits)
	}
	return n, int(hz), nil
}

func mono(b []byte, channels int) []int16 {
	pcm := make([]int16, len(b)/2/channels)
	for i := range pcm {
		sum := 0
		for c := range channels {
			sum += int(int16(binary.LittleEndian.Uint16(b[2*(i*channels+c):])))
		}
		pcm[i] = int16(sum / channels)
	}
	return pcm
}

// Write writes a whole file.
func Write(w io.Writer, pcm []int16) error {
	if _, err := w.Write(header(len(pcm))); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, pcm)
}

func header(samples int) []byte {
	var b bytes.Buffer
	size := uint32(min(int64(samples)*2, 0xffff_ffff-headerSize))
	b.WriteString("RIFF")
	put := func(v any) { binary.Write(&b, binary.LittleEndian, v) } // a Buffer takes all
	put(size + headerSize - 8)
	b.WriteString("WAVEfmt ")
	put(uint32(16))
	put(uint16(1))
	put(uint16(1))
	put(uint32(media.SampleRate))
	put(uint32(media.SampleRate * 2))
	put(uint16(2))
	put(uint16(16))
	b.WriteString("data")
	put(size)
	return b.Bytes()
}

// Writer writes a file piece by piece.
type Writer struct {
	w       io.WriteSeeker
	samples int
	buf     []byte
}

// NewWriter begins a file.
func NewWriter(w io.WriteSeeker) (*Writer, error) {
	_, err := w.Write(header(0))
	return &Writer{w: w}, err
}

// Write appends samples.
func (w *Writer) Write(pcm []int16) error {
	w.buf = w.buf[:0]
	for _, v := range pcm {
		w.buf = binary.LittleEndian.AppendUint16(w.buf, uint16(v))
	}
	_, err := w.w.Write(w.buf)
	w.samples += len(pcm)
	return err
}

// Sync makes the header say what has been written.
func (w *Writer) Sync() error {
	if _, err := w.w.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := w.w.Write(header(w.samples)); err != nil {
		return err
	}
	_, err := w.w.Seek(0, io.SeekEnd)
	return err
}
